"""What the page tells of a payload is what the commands say of it, and its marks are where the findings are."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from convtool.captures import is_capture
from convtool.catalog import default_catalog
from convtool.choice import Choice
from convtool.codes import PROFILES
from convtool.job import Job
from convtool.limits import TrialLimits
from convtool.trial import look
from convtool.trial.exchanges import body, capture
from convtool.trial.look import bounded, judged
from tests.support import LIST, PARAM, SAMPLES, outcomes, param
from tests.test_roads import KINDS, run

if TYPE_CHECKING:
    from pathlib import Path

    from convtool.trial import Look
    from convtool.trial.marked import Shown

CATALOG = default_catalog()
FOLDERS = ("valid", "invalid", "captures", "captures/broken")
FILES = [path for folder in FOLDERS for path in sorted((SAMPLES / folder).iterdir()) if path.is_file()]
CAPTURES = [path for path in FILES if "captures" in path.parts and is_capture(path)]


def everything() -> dict[str, bytes]:
    """Give the samples, and a file of each kind that the roads are tried with: names with a folder, and bytes."""
    found = {
        f"{path.parent.name}/{path.name}": path.read_bytes() for path in FILES if path.suffix not in (".txt", ".md")
    }
    for at, kind in enumerate(KINDS.values()):
        found[f"{at}/{kind.name}"] = kind.data if isinstance(kind.data, bytes) else kind.data()
    return found


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> dict[Path, bytes]:
    """All of these as files: by path their bytes."""
    folder = tmp_path_factory.mktemp("there")
    files = {folder / name: data for name, data in everything().items()}
    for path, data in files.items():
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
    return files


def plain(told: Any) -> dict[str, Any]:
    """Give an outcome without what only files have."""
    entry = json.loads(json.dumps(msgspec.to_builtins(told)))
    return {key: value for key, value in entry.items() if key not in ("stamp", "number", "judged")}


@pytest.mark.long
def test_its_verdicts_are_those_of_validate(there: dict[Path, bytes], tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    run("validate", *map(str, there), "--profile", "both", "-q", "--report", str(report))
    said = {entry["source"]: entry for entry in outcomes(report.read_bytes())}
    assert len(said) == len(there) > 200
    for path, data in there.items():
        entry = said[str(path)]
        job = bounded(Job(), TrialLimits())
        outcome = judged(CATALOG, data, str(path), job)
        assert plain(outcome) == plain(entry), path
        assert [plain(one) for one in outcome.judged] == [plain(one) for one in entry.get("judged", ())], path


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.short(1)
def test_the_other_format_is_what_convert_writes(there: dict[Path, bytes], tmp_path: Path, profile: str) -> None:
    report, out = tmp_path / "report.json", tmp_path / "out"
    some = {path: data for path, data in there.items() if path.parent.name != "captures"}
    folder = next(iter(some)).parents[1]
    run("convert", str(folder), "-o", str(out), "--profile", profile, "-q", "--report", str(report))
    targets = {
        entry["member"] if entry.get("member") else entry["source"]: entry for entry in outcomes(report.read_bytes())
    }
    written = 0
    for path, data in some.items():
        entry = targets[str(path)]
        told = look(CATALOG, data, str(path), job=Job(pretty=False))
        assert [one.status for one in told.verdicts] == [told.outcomes[one].status for one in PROFILES]
        made = told.data.get(profile)
        expected = (out / entry["target"]).read_bytes() if entry.get("target") else None
        assert made == expected, path
        written += made is not None
    assert written > 40


def text_of(shown: Shown) -> str:
    return "\n".join("".join(piece.text for piece in line) for line in shown.lines)


def marked(shown: Shown, number: int) -> str:
    return "".join(piece.text for line in shown.lines for piece in line if number in piece.marks)


def test_marks_are_where_the_findings_are(there: dict[Path, bytes]) -> None:
    seen = 0
    for path, data in there.items():
        told = look(CATALOG, data, str(path))
        for number, one in enumerate(told.found):
            if not one.marked:
                assert not one.place or told.text.cut, path
                continue
            span = one.entry["excerpt"]["span"] if "excerpt" in one.entry else ""
            if span.isprintable() and span.strip():  # what is not is shown as an escape, or as a place
                assert marked(told.text, number).removeprefix("\ufeff") == span, (path, one)
                seen += 1
    assert seen > 150


def test_the_text_is_the_payload() -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        text = '{"Nom": "é\u202e",\r\n\t"x": "\U0001f600"}'
        shown = look(CATALOG, text.encode(encoding), "a.json").text
        assert text_of(shown) == text.replace("\u202e", "\\u202e").replace("\r", "")
        assert [piece.text for line in shown.lines for piece in line if piece.unseen] == ["\\u202e"]


def test_what_is_found_behind_the_last_line_is_marked_there() -> None:
    told = look(CATALOG, b'{"ProduitId": 7,\n', "a.json")
    assert [(one.place, one.marked) for one in told.found] == [("2:1", True)]
    assert len(told.text.lines) == 2
    assert len(look(CATALOG, b'{"ProduitId": 7}\n', "a.json").text.lines) == 1


def both(told: Look) -> tuple[str, str]:
    strict, dotnet = (one.status for one in told.verdicts)
    return strict, dotnet


def test_what_dotnet_reads_is_shown_beside_what_the_schemas_say() -> None:
    data = param("<Fin>2026-03-31T00:00:00</Fin><Debut>2026-03-22T00:00:00</Debut><ProduitId>7</ProduitId>")
    told = look(CATALOG, data, "a.xml")
    assert both(told) == ("invalid", "valid")
    [one] = told.found
    assert (one.code, one.strict, one.dotnet, one.marked) == ("member.order", "error", "warning", True)
    assert told.written["strict"].text is None
    assert told.written["dotnet"].text is not None
    assert json.loads(told.data["dotnet"])["Debut"] == "0001-01-01T00:00:00"  # .NET has skipped it


def test_a_contract_and_a_format_are_those_that_are_named() -> None:
    data = b"Debut=2026-03-22&Fin=2026-03-31&ProduitId=1"
    told = look(CATALOG, data, "pasted", job=Job(contract=PARAM, given="form"))
    assert both(told) == ("valid", "valid")
    assert look(CATALOG, b'{"ProduitId": 1}', "a.json", job=Job(contract=LIST)).verdicts[0].contract == LIST


def test_what_is_packed_is_shown_unpacked() -> None:
    data = param("<ProduitId>x</ProduitId>")
    told = look(CATALOG, gzip.compress(data), "a.xml.gz")
    assert text_of(told.text) == data.decode()
    assert told.text.size == len(data)
    assert told.found[0].marked


def test_what_is_not_to_be_shown_is_counted() -> None:
    data = b'{"Debut": "2026-03-22T00:33:32+02:00", "ProduitId": "x"}'
    told = look(CATALOG, data, "a.json", job=Job(choice=Choice(ignore=("value",))))
    assert both(told) == ("invalid", "invalid")
    assert {one.code for one in told.found}.isdisjoint({"value.lexical"})
    assert told.verdicts[0].left_out == "left out: 1 error (value.lexical)"


# --- large ones -----------------------------------------------------------------------------------------------------

SMALL = TrialLimits(lines=10, text=500, findings=3)


def test_of_a_large_payload_the_beginning_is_shown_and_the_first_findings() -> None:
    records = [{"ProduitId": "x" if at % 2 else at} for at in range(100)]
    told = look(CATALOG, json.dumps(records, indent=1).encode(), "a.json", limits=SMALL)
    assert told.text.cut
    assert len(told.text.lines) == 10
    assert [one.marked for one in told.found] == [True, False, False]
    assert told.found[1].excerpt[1] == '"x"'
    assert told.more == 51  # one of them about what is absent
    assert told.told()["found"][0]["place"] == "6:16"


def test_errors_come_before_warnings_where_not_all_are_shown() -> None:
    dates = [
        {"ProduitId": 1, "ConsommationsDetails": [{"DateDossier": "x" if at == 9 else "2026-03-22"}]}
        for at in range(10)
    ]
    told = look(CATALOG, json.dumps(dates).encode(), "a.json", limits=TrialLimits(findings=1))
    assert [one.strict for one in told.found] == ["error"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_long_line_is_cut_between_characters(encoding: str) -> None:
    shown = look(CATALOG, ('{"a": "' + "é" * 1000 + '"}').encode(encoding), "a.json", limits=SMALL).text
    assert text_of(shown) == '{"a": "' + "é" * 493
    assert shown.cut


def test_what_unpacks_to_too_much_is_refused() -> None:
    told = look(CATALOG, gzip.compress(bytes(1 << 20)), "a.xml.gz", limits=TrialLimits(unpacked=1000))
    assert told.verdicts[0].status == "refused"


# --- captures ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", CAPTURES, ids=lambda path: path.name)
@pytest.mark.short(10)
def test_bodies_of_captures_are_judged_as_in_the_capture(path: Path) -> None:
    data, name = path.read_bytes(), path.name
    outcome = judged(CATALOG, data, name, bounded(Job(), TrialLimits()))
    told = capture(CATALOG, data, outcome, job=Job())
    assert told.told == outcome.heading
    said = {(one.source, one.profile): plain(one) for one in outcome.judged}
    looked = 0
    for exchange in told.exchanges:
        for side in (one for one in exchange.bodies if one.there):
            of = body(CATALOG, data, name, exchange.number, side.side, job=Job())
            assert [one.status for one in of.verdicts] == [side.strict, side.dotnet] or side.strict == "not judged"
            for profile in PROFILES:
                entry = said.get((of.outcomes[profile].source, profile))
                if entry is not None:
                    about = {key: value for key, value in entry.items() if key not in ("heading", "exchange")}
                    assert plain(of.outcomes[profile]) == about
                    looked += 1
    assert looked == len([one for one in outcome.judged if one.status != "skipped" and one.exchange])
