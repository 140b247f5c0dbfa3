"""Which findings are shown, by options and by the settings of a project; the verdict stays what it is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from convtool.choice import Choice, checked
from convtool.codes import CODES
from convtool.errors import UsageError
from convtool.job import Rule
from convtool.settings import KEYS, load
from tests.support import SAMPLES, schema_of

if TYPE_CHECKING:
    from tests.cli.conftest import Run

WARNED = SAMPLES / "valid" / "ParamModel.xml"  # two warnings of date.offset
CUT = WARNED.read_bytes().replace(b"<Debut>2", b"<Debut>x")  # an error beside them
LISTED = (SAMPLES / "valid" / "ArrayOfReponseV2Model.xml").read_bytes()


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("good.xml").write_bytes(WARNED.read_bytes())
    Path("bad.xml").write_bytes(CUT)
    return tmp_path


# --- which ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("choice", "shown"),
    [
        (Choice(), True),
        (Choice(ignore=("date",)), False),
        (Choice(ignore=("dat",)), True),
        (Choice(ignore=("date.offset",)), False),
        (Choice(select=("date",)), True),
        (Choice(select=("value",)), False),
        (Choice(select=("date",), ignore=("date.offset",)), False),
        (Choice(select=("date.offset",), ignore=("date",)), True),
        (Choice(select=("date",), ignore=("date",)), False),
        (Choice(least="warning"), True),
        (Choice(least="error"), False),
        (Choice(select=("date.offset",), least="error"), False),
    ],
)
def test_the_longer_selector_counts_and_ignore_where_both_are_the_same(choice: Choice, shown: bool) -> None:
    assert choice.shows("date.offset", "warning") == shown


def test_selectors_are_codes_or_their_first_parts() -> None:
    assert checked(["date, value.range", "date"]) == ("date", "value.range")
    assert checked(CODES) == tuple(CODES)
    with pytest.raises(UsageError, match=r"no code 'dat'.*did you mean date"):
        checked(["dat"])


# --- the verdict ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "listed", "left_out"),
    [
        (["--ignore", "value"], {"date.offset"}, {"value.lexical"}),
        (["--select", "date"], {"date.offset"}, {"value.lexical"}),
        (["--min-severity", "error"], {"value.lexical"}, {"date.offset"}),
        (["--ignore", "value,date"], set(), {"value.lexical", "date.offset"}),
    ],
)
def test_an_invalid_payload_stays_invalid_whatever_is_shown(
    run: Run, place: Path, options: list[str], listed: set[str], left_out: set[str]
) -> None:
    told = run("validate", "bad.xml", *options)
    assert told.exit_code == 1
    last = told.stdout.splitlines()[-1]
    assert last.startswith("bad.xml: invalid (")
    assert all(code in last for code in left_out)
    document = json.loads(run("validate", "bad.xml", *options, "--output-format", "json").stdout)
    schema_of("run").validate(document)
    [outcome] = document["outcomes"]
    assert {one["code"] for one in outcome.get("diagnostics", ())} == listed
    assert outcome["left_out"].keys() == document["summary"]["left_out"].keys() == left_out
    assert outcome["status"] == "invalid"


@pytest.mark.parametrize("form", ["text", "json", "ndjson", "github", "sarif", "junit", "html"])
def test_no_report_of_an_error_that_is_left_out_looks_green(run: Run, place: Path, form: str) -> None:
    told = run("validate", "bad.xml", "--ignore", "value", "--output-format", form)
    assert told.exit_code == 1
    assert "value.lexical" in told.stdout


def test_a_capture_that_is_bad_is_not_silent(run: Run) -> None:
    told = run("validate", SAMPLES / "captures" / "chromium.har", "--select", "form", "--output-format", "github")
    assert told.exit_code == 1
    assert "title=invalid::left out: " in told.stdout


def test_a_conversion_says_what_it_leaves_out_and_refuses_what_it_refused(run: Run, place: Path) -> None:
    told = run("convert", "good.xml", "--ignore", "date")
    assert told.exit_code == 0
    assert told.stderr == "good.xml: valid (ParamModel xml; left out: 2 warnings (date.offset))\n"
    assert told.stdout.startswith('{"Debut"')
    refused = run("convert", "bad.xml", "--ignore", "value")
    assert (refused.exit_code, refused.stdout) == (1, "")


def test_a_folder_counts_what_is_left_out(run: Run, place: Path) -> None:
    told = run("validate", ".", "--ignore", "value", "--jobs", "1")
    assert told.exit_code == 1
    assert told.stderr.splitlines()[-1] == "left out: value.lexical once"


# --- one of a kind ----------------------------------------------------------------------------------------------------


def test_errors_of_one_kind_are_folded_with_a_count(run: Run, place: Path) -> None:
    Path("many.xml").write_bytes(LISTED.replace(b"<Quantite>3", b"<Quantite>x"))
    count = LISTED.count(b"<Quantite>3")
    folded = run("validate", "many.xml")
    everything = run("validate", "many.xml", "--all")
    assert everything.stdout.count("[value.lexical]") == count
    kinds = folded.stdout.count("[value.lexical]")
    assert 1 <= kinds < count
    assert "times; this is the first)" in folded.stdout
    assert folded.stdout.splitlines()[-1] == everything.stdout.splitlines()[-1]
    assert f"{count} errors" in folded.stdout.splitlines()[-1]
    data = json.loads(run("validate", "many.xml", "--output-format", "json").stdout)
    assert sum(one["code"] == "value.lexical" for one in data["outcomes"][0]["diagnostics"]) == count


def test_members_that_a_message_alone_names_are_told_apart(run: Run, place: Path) -> None:
    needed = "".join(f"[DataMember(IsRequired = true)] public int {name};" for name in ("Id", "Nom", "Prix"))
    Path("Order.cs").write_text(f"[DataContract] public class Order {{ {needed} }}")
    assert run("contracts", "derive", "Order.cs", "--root", "ArrayOfOrder", "-o", "mine").exit_code == 0
    for more in ((), ("--all",), ("--profile", "both"), ("--profile", "both", "--all")):
        told = run("validate", "--schemas", "mine", *more, "-", stdin=b'[{"Id":1},{"Nom":1,"Id":2},{"Prix":1}]').stdout
        assert [name for name in ("Id", "Nom", "Prix") if f"`{name}` is absent." not in told] == []
        assert ("times; this is the first" in told) == ("--all" not in more)


def test_what_a_server_said_of_each_member_is_told(run: Run) -> None:
    state = {"param.Fin": ["Too late.", "Wrong."], "param.Debut": ["Missing."], "param.Lignes[3]": ["No."]}
    state |= {"param.Lignes[4]": ["No."]}
    said = json.dumps({"Message": "The request is invalid.", "ModelState": state}).encode()
    told = run("validate", "-", stdin=said).stdout
    assert all(one in told for one in ("Too late.", "Wrong.", "Missing."))
    assert "No. (key 'param.Lignes[3]') (2 times; this is the first)" in told


# --- settings --------------------------------------------------------------------------------------------------------

SETTINGS = 'profile = "dotnet"\nignore = ["date"]\nmin-severity = "warning"\njobs = 1\n'
RULES = '[[{}paths]]\npattern = "archive/**"\nprofile = "strict"\n'


@pytest.mark.parametrize(("name", "before"), [("convtool.toml", ""), ("pyproject.toml", "tool.convtool.")])
def test_the_nearest_file_upwards_counts(place: Path, monkeypatch: pytest.MonkeyPatch, name: str, before: str) -> None:
    table = f"[{before[:-1]}]\n" if before else ""
    Path(name).write_text(table + SETTINGS + RULES.format(before))
    inner = place / "a" / "b"
    inner.mkdir(parents=True)
    (place / "a" / "pyproject.toml").write_text("[project]\nname = 'without a table of ours'\n")
    found = load(str(inner))
    assert found.file == str(place / name)
    assert found.values == {"profile": "dotnet", "ignore": ["date"], "min-severity": "warning", "jobs": 1}
    assert found.rules == (Rule(pattern="archive/**", root=str(place), profile="strict"),)
    (inner / "convtool.toml").write_text("")
    assert load(str(inner)).values == {}
    monkeypatch.setenv("CONVTOOL_CONFIG", "")
    assert load(str(place)).file == ""


def test_settings_are_defaults_of_options(run: Run, place: Path) -> None:
    assert "2 warnings)" in run("validate", "good.xml").stdout
    Path("convtool.toml").write_text(SETTINGS)
    told = json.loads(run("validate", "good.xml", "--output-format", "ndjson").stdout)
    assert (told["profile"], set(told["left_out"])) == ("dotnet", {"date.offset"})
    said = json.loads(run("validate", "good.xml", "--profile", "strict", "--output-format", "ndjson").stdout)
    assert said["profile"] == "strict"
    assert '"contract": "ParamModel"' in run("compare", "good.xml", "good.xml", "--output-format", "json").stdout


def test_a_pattern_settles_profile_contract_and_schemas(run: Run, place: Path) -> None:
    Path("archive/old").mkdir(parents=True)
    for name in ("a.xml", "archive/b.xml", "archive/old/c.xml"):
        Path(name).write_bytes(WARNED.read_bytes())
    Path("convtool.toml").write_text(
        'profile = "dotnet"\n' + RULES.format("") + '[[paths]]\npattern = "c.xml"\ncontract = "ArrayOfReponseV2Model"\n'
    )
    for jobs in ("1", "2"):
        document = json.loads(run("validate", ".", "--output-format", "json", "--jobs", jobs).stdout)
        told = {one["source"]: one for one in document["outcomes"]}
        assert told["./a.xml"]["profile"] == "dotnet"
        assert (told["./archive/b.xml"]["profile"], told["./archive/b.xml"]["status"]) == ("strict", "valid")
        assert told["./archive/old/c.xml"]["status"] == "invalid"
        assert told["./archive/old/c.xml"]["profile"] == "strict"
    of_archive = json.loads(run("validate", "archive", "--output-format", "json", "--profile", "dotnet").stdout)
    assert {one["profile"] for one in of_archive["outcomes"]} == {"dotnet"}
    Path("Order.cs").write_text("public class Order { public int Id; }")
    assert run("contracts", "derive", "Order.cs", "-o", "mine").exit_code == 0
    tables = ('pattern = "archive/**"\nschemas = "mine"\n', 'pattern = "b.xml"\ncontract = "Order"\n')
    Path("convtool.toml").write_text("".join(f"[[paths]]\n{table}" for table in tables))
    document = json.loads(run("validate", "archive", "--output-format", "json").stdout)
    assert {one["contract"] for one in document["outcomes"] if one["source"] == "archive/b.xml"} == {"Order"}
    Path("convtool.toml").write_text('[[paths]]\npattern = "a.xml"\ncontract = "None"\n')
    assert "there is no contract 'None'" in run("validate", "a.xml").stderr
    Path("convtool.toml").write_text('[[paths]]\npattern = "a.xml"\nschemas = "none"\n')
    assert "none: the schema folder does not exist" in run("validate", "a.xml").stderr


@pytest.mark.parametrize(
    ("pattern", "name", "fits"),
    [
        ("*.xml", "a/b/c.xml", True),
        ("a/*.xml", "a/b/c.xml", False),
        ("a/**/*.xml", "a/c.xml", True),
        ("a/**/*.xml", "a/b/d/c.xml", True),
        ("a/", "a/b/c.xml", True),
        ("a/?.xml", "a/c.xml", True),
        ("a/c.xml", "b/a/c.xml", False),
        ("./a/c.xml", "a/c.xml", True),
        ("old.zip/**", "old.zip/in/c.xml", True),
    ],
)
def test_patterns(pattern: str, name: str, fits: bool) -> None:
    assert Rule(pattern=pattern, root="/top").fits(f"/top/{name}") == fits
    assert not Rule(pattern=pattern, root="/other").fits(f"/top/{name}")


@pytest.mark.parametrize(
    ("text", "says", "hint"),
    [
        ("profle = 'strict'", "there is no setting `profle`", "Did you mean profile?"),
        ("profile = 'loose'", "`profile` is 'loose'", "It has to be strict or dotnet"),
        ("jobs = 0", "`jobs` is 0", "It has to be a number from 1"),
        ("jobs = true", "`jobs` is True", "It has to be a number from 1"),
        ("ignore = 'date'", "`ignore` is 'date'", "It has to be a list of codes"),
        ("ignore = ['dat']", "there is no code 'dat'", "Did you mean date"),
        ("paths = 3", "`paths` is no list of tables", "Begin each with [[paths]]"),
        ("[[paths]]\nprofile = 'strict'", "has no `pattern`", "Such as pattern"),
        ("[[paths]]\npattern = 'a'\njobs = 1", "there is no setting `jobs`", "There are: pattern, schemas"),
        ("=", "cannot be read", ""),
    ],
)
def test_a_setting_that_means_nothing_is_a_sentence(run: Run, place: Path, text: str, says: str, hint: str) -> None:
    Path("convtool.toml").write_text(text)
    told = run("validate", "good.xml")
    assert told.exit_code == 2
    assert says in told.stderr
    assert hint in told.stderr
    assert told.stderr.startswith("convtool: error: ")


def test_patterns_of_a_file_that_is_named_relatively_count(
    run: Run, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("mine.toml").write_text(RULES.format("").replace("archive/**", "*.xml"))
    monkeypatch.setenv("CONVTOOL_CONFIG", "mine.toml")
    of_one = json.loads(run("config", "good.xml", "--output-format", "json").stdout)["settings"]["profile"]
    assert of_one["whence"] == f"{place / 'mine.toml'}, *.xml"


def test_config_says_what_is_in_force_and_whence(run: Run, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("config").stdout.startswith("settings: no file has any\n")
    Path("convtool.toml").write_text(SETTINGS + RULES.format(""))
    monkeypatch.setenv("CONVTOOL_SCHEMAS", "somewhere")
    document = json.loads(run("config", "--output-format", "json").stdout)
    assert document["settings"].keys() == KEYS.keys()
    whence = {name: row["whence"] for name, row in document["settings"].items()}
    assert whence["profile"] == str(place / "convtool.toml")
    assert (whence["schemas"], whence["contract"]) == ("CONVTOOL_SCHEMAS", "default")
    of_one = json.loads(run("config", "archive/x.xml", "--output-format", "json").stdout)["settings"]["profile"]
    assert of_one == {"value": "strict", "whence": f"{place / 'convtool.toml'}, archive/**"}
    assert "of archive/**: profile strict" in run("config").stdout
