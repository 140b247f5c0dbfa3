"""The plugin as a project meets it: what a failure shows, options, fixtures; and what it costs where it is not used."""

from __future__ import annotations

import re
import subprocess
import sys
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

import convtool
from convtool.codes import CODES, severity
from convtool.testing import defaults
from convtool.testing.session import session
from tests.support import BESIDE, LIST, PARAM, SAMPLES
from tests.test_samples import FILES, codec_of, small_limits

if TYPE_CHECKING:
    from pathlib import Path

# A test that runs pytest within this process forgets the modules that were loaded meanwhile. httpx loads this one late,
# and would be left with another copy of it than its errors are of.
pytest.importorskip("httpcore")

pytest_plugins = ["pytester"]

JSON = '{"Debut":"2026-03-22T00:33:32","Fin":"2026-03-23T00:00:00Z","ProduitId":7}'
# What payloads alone do not show: losses (below), captures and forms, and what would be a bug of convtool.
ELSEWHERE = ("loss.", "capture.", "change.", "form.", "http.", "verify.")


@pytest.fixture
def pytester(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A project whose tests are run without other plugins that are installed."""
    monkeypatch.setenv("PYTEST_ADDOPTS", " ".join(BESIDE))
    return pytester


def shown(result: pytest.RunResult, test: str = "") -> str:
    """Give what pytest shows of a failure (of several: that of ``test``): the lines of its message, without marks."""
    lines, found = [], not test
    for line in result.outlines:
        if re.fullmatch(r"_+ .+ _+", line):
            found = not test or line.strip("_ ") == test
        if found and re.match("E  ", line):
            lines.append(line[1:])
    indent = len(lines[0]) - len(lines[0].lstrip())
    return "\n".join(line[indent:] for line in lines).removeprefix("AssertionError: ")


def failure(pytester: pytest.Pytester, body: str, *arguments: str) -> str:
    """Give what pytest shows of a test that consists of some lines, and fails."""
    lines = "\n    ".join(body.strip().splitlines())
    pytester.makepyfile(f"from convtool.testing import *\n\ndef test_it():\n    {lines}\n")
    result = pytester.runpytest_inprocess(*arguments)
    result.assert_outcomes(failed=1)
    assert not any("convtool/testing" in line for line in result.outlines)  # no line of convtool's own in the traceback
    return shown(result)


# --- failures: findings ---------------------------------------------------------------------------------------------


def errors_of(path: Path) -> list[convtool.Diagnostic]:
    with small_limits(path):
        return [one for one in codec_of(path).validate(path.read_bytes()).named(str(path)) if one.severity == "error"]


def test_every_kind_of_finding_is_shown_with_its_place_and_caret(pytester: pytest.Pytester) -> None:
    """One failing test for each invalid sample; together the samples have every error that a payload can have."""
    found = {path: errors for path in FILES if path.parent.name != "error" and (errors := errors_of(path))}
    wanted = {code for code in CODES if severity(code, "strict") == "error" and not code.startswith(ELSEWHERE)}
    assert {one.code for errors in found.values() for one in errors} >= wanted
    pytester.makepyfile(
        f"""
        from pathlib import Path
        import pytest
        from convtool.testing import assert_valid
        from tests.test_samples import codec_of, small_limits

        @pytest.mark.parametrize("path", {[str(path) for path in found]}, ids=lambda one: one[{len(str(SAMPLES)) + 1}:])
        def test_it(path):
            with small_limits(Path(path)):
                assert_valid(Path(path), codec_of(Path(path)))
        """
    )
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider", "--tb=short")
    result.assert_outcomes(failed=len(found))
    for path, errors in found.items():
        message = shown(result, f"test_it[{path.parent.name}/{path.name}]")
        counted = f"{len(errors)} error{'' if len(errors) == 1 else 's'}"
        assert message.startswith(f"{path} is not a valid {codec_of(path).name}: {counted}\n")
        for one in errors[:20]:  # no more are shown
            place = f":{one.location.line}:{one.location.column}" if one.location else ""
            assert f"{path}{place}: error: {one.message} [{one.code}]" in message
            if one.excerpt is not None:
                source, carets = one.excerpt.text("    ").split("\n")
                assert f"{source}\n{carets}" in message
                assert carets.strip(" ") == "^" * carets.count("^") != ""


def test_how_a_failure_reads(pytester: pytest.Pytester) -> None:
    payload = JSON.replace(":7}", ':"x","Autre":1}')
    message = failure(pytester, f"assert_valid('{payload}', 'ParamModel')")
    assert message == (
        "the payload is not a valid ParamModel: 2 errors\n"
        "payload:1:73: error: 'x' is not an integer of 32 bits. [value.lexical]\n"
        "  at /ProduitId (byte 72)\n"
        '    Fin":"2026-03-23T00:00:00Z","ProduitId":"x","Autre":1}\n'
        "                                            ^^^\n"
        "  hint: Correct the value.\n"
        "payload:1:77: error: `Autre` is not a member here: .NET skips it, so the server never sees its value. "
        "[member.unknown]\n"
        "  at /Autre (byte 76)\n"
        '    :"2026-03-23T00:00:00Z","ProduitId":"x","Autre":1}\n'
        "                                            ^^^^^^^\n"
        "  hint: Known here: Debut, Fin, ProduitId."
    )


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("<Fin>", "<!-- until --><Fin>"), "loss.comment"),
        (("<Fin>", "<?go on?><Fin>"), "loss.processing-instruction"),
        (("ProduitId>7", "ProduitId>+7"), "loss.lexical"),
    ],
)
def test_a_loss_is_shown_with_its_place_and_caret(
    pytester: pytest.Pytester, change: tuple[str, str], code: str
) -> None:
    xml = convtool.contract(PARAM).to_xml(JSON).decode().replace(*change)
    message = failure(pytester, f"assert_converts('''{xml}''')")
    assert message.startswith("the payload: it does not convert into json without loss: 1 error\npayload:1:")
    assert f"[{code}]" in message
    assert re.search(r"\n    …?.*<.*\n +\^+(\n|$)", message)


def test_a_broken_response_shows_what_it_is(pytester: pytest.Pytester) -> None:
    answer = (
        "httpx.Response({}, content={!r}, headers={{'Content-Type': {!r}}}, request=httpx.Request('GET', 'http://x/a'))"
    )
    bodies = {
        (200, b"<html>Oops</html>", "text/html"): (
            "http://x/a is not a valid ParamModel\nits media type is text/html, which is neither XML nor JSON:\n"
            "    <html>Oops</html>"
        ),
        (200, JSON.encode()[:-3], "application/json"): "http://x/a is not a valid ParamModel: 1 error\nhttp://x/a:1:",
        (400, b'{"Message":"No.","ModelState":{"param.Fin":["Too late."]}}', "application/json"): (
            "http://x/a has status 400\n"
        ),
    }
    for (status, body, kind), expected in bodies.items():
        call = answer.format(status, body, kind)
        message = failure(pytester, f"import httpx\nassert_valid({call}, 'ParamModel')")
        assert message.startswith(expected)
    assert "The server answered 400 and said: No." in message
    assert "Too late." in message


# --- failures: differences ------------------------------------------------------------------------------------------

DIFFERENCES = (
    "/Fin: the values differ\n"
    '  {left}:1:38: "2026-03-23T00:00:00Z"\n'
    '  {right}:1:38: "2026-03-24T00:00:00Z"\n'
    "/ProduitId: one is null\n"
    "  {left}:1:73: 7\n"
    "  {right}:1:73: null"
)
OTHER = JSON.replace("23T00", "24T00").replace(":7", ":null")


def test_assert_same_shows_the_differences_by_path(pytester: pytest.Pytester) -> None:
    message = failure(pytester, f"assert_same('{JSON}', '{OTHER}')")
    assert message == "the payloads differ: 2 differences\n" + DIFFERENCES.format(left="left", right="right")


@pytest.mark.parametrize("turned", [False, True])
def test_approx_payload_shows_the_differences_by_path(pytester: pytest.Pytester, turned: bool) -> None:
    sides = [f"'{JSON}'", f"approx_payload('{OTHER}')"]
    message = failure(pytester, f"assert {' == '.join(reversed(sides) if turned else sides)}")
    first, _, rest = message.partition("\n")
    assert first.startswith("assert ")
    assert "approx_payload(<ParamModel>)" in first
    differences = DIFFERENCES.format(left="payload", right="expected")
    assert dedent(rest) == f"the payloads differ: 2 differences\n{differences}"


def test_approx_payload_shows_what_is_invalid(pytester: pytest.Pytester) -> None:
    message = failure(pytester, f"assert '{JSON[:-2]}x' == approx_payload('{OTHER}')")
    assert "the payload is not a valid ParamModel: 1 error" in message
    assert "[json.syntax]" in message
    assert "^" in message
    message = failure(pytester, f"assert '{JSON}' != approx_payload('<')")
    assert "UsageError: approx_payload(…): what is expected cannot be" in message
    assert "[xml.syntax]" in message


def test_every_kind_of_difference_is_shown(pytester: pytest.Pytester) -> None:
    left = '[{"ProduitId":1,"NomProduit":null,"Identifiant":"a","ConsommationsSomme":[{"Sequence":1}]},null]'
    right = '[{"ProduitId":2,"NomProduit":"","ConsommationsSomme":[]}]'
    message = failure(pytester, f"assert_same('{left}', '{right}', contract='{LIST}')")
    found = convtool.contract(LIST).compare(left, right)
    assert {one.kind for one in found} >= {"value", "null", "absent", "length"}
    assert message.startswith(f"the payloads differ: {len(found)} differences\n")
    for one in found:
        assert one.text() in message


def test_other_comparisons_are_pytests_own(pytester: pytest.Pytester) -> None:
    message = failure(pytester, f"approx_payload('{JSON}')\nassert [1, 2] == [1, 3]")
    assert "At index 1 diff: 2 != 3" in message


# --- samples --------------------------------------------------------------------------------------------------------


def test_samples_are_written_on_demand_and_then_hold(pytester: pytest.Pytester) -> None:
    call = f"assert_matches_sample('{JSON}', 'orders/one')"
    assert "run pytest with --convtool-update to write it" in failure(pytester, call)
    result = pytester.runpytest_inprocess("--convtool-update")
    result.assert_outcomes(passed=1)
    sample = pytester.path / "samples" / "orders" / "one.json"
    result.stdout.fnmatch_lines(["*convtool: samples written*", str(sample)])
    assert sample.read_text().startswith('{\n  "Debut": "2026-03-22T00:33:32",\n')
    again = pytester.runpytest_inprocess()
    again.assert_outcomes(passed=1)
    again.stdout.no_fnmatch_line("*samples written*")
    message = failure(pytester, call.replace(":7", ":8"))
    assert message.startswith("the payloads differ: 1 difference\n/ProduitId: the values differ\n  payload:4:16: 8\n")
    assert (
        f"sample: {sample}; where the payload is right, run pytest with --convtool-update to write it anew" in message
    )


# --- options and fixtures -------------------------------------------------------------------------------------------

LISTS = """
def test_it(contracts):
    assert contracts.contracts() == {names}
    assert type(contracts).__name__ == "Catalog"
"""
OWN = ["Arbre", "ArrayOfMesure", "Facture"]


def test_the_bundled_contracts_without_a_word(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(LISTS.format(names=[LIST, PARAM]))
    pytester.runpytest_inprocess().assert_outcomes(passed=1)


@pytest.mark.parametrize("way", ["option", "ini file", "pyproject"])
def test_a_folder_of_ones_own(pytester: pytest.Pytester, second_folder: Path, way: str) -> None:
    """The option is relative to where pytest runs; the ini file's is to the ini file, wherever that is."""
    pytester.makepyfile(LISTS.format(names=OWN))
    folder = pytester.mkdir("schemas")
    for path in second_folder.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    if way == "ini file":
        pytester.makeini("[pytest]\nconvtool_schemas = schemas\n")
    elif way == "pyproject":
        pytester.makepyprojecttoml('[tool.pytest.ini_options]\nconvtool_schemas = "schemas"\n')
    pytester.runpytest_inprocess(*(["--convtool-schemas", "schemas"] if way == "option" else [])).assert_outcomes(
        passed=1
    )
    if way == "ini file":
        pytester.makepyfile(LISTS.format(names=[LIST, PARAM]))
        bundled = str(convtool.Catalog().folder.path)
        pytester.runpytest_inprocess("--convtool-schemas", bundled).assert_outcomes(passed=1)  # the option counts more


def test_a_run_within_a_test_leaves_the_outer_one_as_it_was(pytester: pytest.Pytester, second_folder: Path) -> None:
    before = defaults.catalog(), session.update, session.written, session.test
    pytester.makepyfile(LISTS.format(names=OWN))
    pytester.runpytest_inprocess("--convtool-schemas", str(second_folder), "--convtool-update").assert_outcomes(
        passed=1
    )
    assert (defaults.catalog(), session.update, session.written, session.test) == before


def test_a_folder_that_is_not_there_is_named(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(LISTS.format(names=[]))
    result = pytester.runpytest_inprocess("--convtool-schemas", "nowhere")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([f"E*ContractError: *{pytester.path}/nowhere*"])


def test_an_empty_text_is_no_folder(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(LISTS.format(names=[]))
    result = pytester.runpytest_inprocess("--convtool-schemas", "")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: --convtool-schemas: an empty text is no folder*"])


def test_the_server_answers_and_is_fresh_for_each_test(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import httpx
        import pytest
        from convtool.testing import assert_valid

        URLS = set()

        @pytest.mark.parametrize("number", [1, 2])
        def test_it(contract_server, contracts, number):
            URLS.add(contract_server.url)
            assert contract_server.requests == []
            answer = httpx.post(contract_server.url_for("api/ConsommationV2"), json={"ProduitId": number})
            assert assert_valid(answer, contracts.contract("ArrayOfReponseV2Model"))
            contract_server.respond(status=500)
            contract_server.assert_requested(payload=b'{"ProduitId":%d}' % number)

        def test_the_port_is_the_same():
            assert len(URLS) == 1
        """
    )
    pytester.runpytest_inprocess().assert_outcomes(passed=3)


def test_without_werkzeug_it_says_what_to_install(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [one for one in sys.modules if one.startswith("convtool.testing.stub")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "werkzeug", None)
    pytester.makepyfile("def test_it(contract_server): pass")
    result = pytester.runpytest_inprocess()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        ["E*UsageError: the stub of the API needs Werkzeug; pip install 'convtool-datacontract[[]stub]'"]
    )


def test_options_and_fixtures_are_described(pytester: pytest.Pytester) -> None:
    lines = pytester.runpytest_inprocess("--help").stdout
    lines.fnmatch_lines(["payloads of .NET data contracts:", "*--convtool-schemas=DIR", "*--convtool-update*"])
    lines.fnmatch_lines(["  convtool_schemas (string):", "*Folder of schema files, relative to the ini file"])
    fixtures = pytester.runpytest_inprocess("--fixtures").stdout
    fixtures.fnmatch_lines(["contract_server -- *", "*A stub of the API on a port of its own*"])


@pytest.mark.long
def test_all_of_it_works_for_a_second_api(pytester: pytest.Pytester, second_folder: Path) -> None:
    """Plugin, assertions, samples, strategies and stub, on a folder of one's own that the ini file names."""
    pytester.makeini(f"[pytest]\nconvtool_schemas = {second_folder}\nfilterwarnings = error\n")
    pytester.makepyfile(
        """
        import httpx
        import pytest
        from hypothesis import given, settings
        from convtool.testing import *

        NAMES = ["Arbre", "ArrayOfMesure", "Facture"]
        FORMATS = ["json", "xml"]

        @pytest.mark.parametrize("format", FORMATS)
        def test_the_stub_and_the_assertions(contracts, contract_server, format):
            accept = {"Accept": f"application/{format}"}
            answer = httpx.get(contract_server.url_for("v1/factures/7"), headers=accept)
            assert answer.headers["Content-Type"].startswith(f"application/{format}")
            facture = assert_valid(answer, "Facture")
            to = {"json": "xml", "xml": "json"}[format]
            other = contracts.contract("Facture").convert(answer.content, to).data
            assert_same(answer, other)
            assert answer == approx_payload(other)
            assert_matches_sample(answer, "facture")
            assert assert_converts('{"Nom":"a","Espece":"b","Enfants":[]}', "Arbre").startswith(b"<Arbre ")
            sent = httpx.put(
                contract_server.url_for("v1/factures/7"), content=answer.content, headers={
                    "Content-Type": answer.headers["Content-Type"]
                }
            )
            assert sent.status_code == 204
            contract_server.assert_requested("PUT v1/factures/{numero}", payload=other)
            contract_server.respond("GET v1/factures/{numero}", broken="invalid")
            with pytest.raises(AssertionError, match="is not a valid Facture"):
                assert_valid(httpx.get(contract_server.url_for("v1/factures/7"), headers=accept), "Facture")

        @pytest.mark.parametrize("format", FORMATS)
        @pytest.mark.parametrize("name", NAMES)
        def test_the_strategies(contracts, name, format):
            @settings(max_examples=15, deadline=None, database=None)
            @given(payloads(name, format=format), invalid_payloads(name, format=format))
            def check(payload, broken):
                assert_valid(payload, name)
                with pytest.raises(AssertionError, match=broken.code):
                    assert_valid(broken.payload, name)

            check()
        """
    )
    pytester.runpytest_inprocess("--convtool-update").assert_outcomes(passed=8)
    assert {path.name for path in (pytester.path / "samples").iterdir()} == {"facture.json", "facture.xml"}
    pytester.runpytest_inprocess("-k", "stub").assert_outcomes(passed=2, deselected=6)


# --- what it costs --------------------------------------------------------------------------------------------------

WITHOUT = [*BESIDE, "-p", "no:hypothesispytest"]  # Hypothesis's own plugin, which imports it at the end of every run
COLLECT = """
import sys
import pytest

code = pytest.main(["--collect-only", "-q", *sys.argv[1:]])
heavy = {"lxml", "hypothesis", "xmlschema", "msgspec", "jsonschema", "werkzeug", "click", "rich", "yaml"}
print("code", int(code), "plugin", "convtool.testing.plugin" in sys.modules, "heavy", sorted(heavy & set(sys.modules)))
print(sorted(name.removeprefix("convtool.") for name in sys.modules if name.startswith("convtool.")))
"""


def test_collecting_an_empty_project_imports_nothing_heavy(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", COLLECT, *WITHOUT], cwd=tmp_path, capture_output=True, text=True, check=True, timeout=60
    )
    *_, cost, rooms = done.stdout.splitlines()
    assert cost == "code 5 plugin True heavy []"  # 5: there are no tests
    assert eval(rooms) == [
        "_lazy", "_version", "codes", "errors", "shown", "testing", "testing.defaults",
        "testing.plugin", "testing.session", "testing.unused",
    ]  # fmt: skip


def test_a_project_without_payloads_imports_nothing_heavy_either(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text("def test_it(): assert {'a': 1} == {'a': 1}\n")
    run = COLLECT.replace('"--collect-only", ', "")
    done = subprocess.run(
        [sys.executable, "-c", run, *WITHOUT], cwd=tmp_path, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.splitlines()[-2] == "code 0 plugin True heavy []"


def test_a_server_that_a_test_has_stopped_is_there_for_the_next(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("""
        import urllib.request

        def test_down(contract_server):
            contract_server.stop()

        def test_up(contract_server):
            assert urllib.request.urlopen(contract_server.url + "/Help").status == 200

        def test_closed(contract_server):
            with contract_server:
                pass

        def test_again(contract_server):
            assert urllib.request.urlopen(contract_server.url + "/Help").status == 200
    """)
    pytester.runpytest_inprocess().assert_outcomes(passed=4)
