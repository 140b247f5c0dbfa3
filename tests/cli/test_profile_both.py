from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.cli.payloads import AMBIGUOUS, DOTNET_JSON, JSON, XML
from tests.support import outcomes

FIN = b"<Fin>2026-03-23T00:00:00Z</Fin>"
LATE = XML.replace(FIN, b"").replace(b"<Debut>", FIN + b"<Debut>")


def rows(text: str) -> list[list[str]]:
    """Give the table's cells, without the messages below each row."""
    return [line.split() for line in text.splitlines() if line.startswith("  ") and not line.startswith("   ")]


def test_two_verdicts_side_by_side(run: Run) -> None:
    result = run("validate", "--profile", "both", stdin=LATE)
    assert (result.exit_code, result.stderr) == (1, "")
    assert result.stdout.startswith("<stdin>:\n")
    assert rows(result.stdout) == [
        ["strict", "dotnet", "code", "place", "path"],
        ["error", "warning", "member.order", "1:167", "/ParamModel/Debut"],
    ]
    assert "will skip it, so the server sees 0001-01-01T00:00:00.\n" in result.stdout
    assert "      hint: Put `Debut` before `Fin`" in result.stdout
    assert result.stdout.splitlines()[-2:] == [
        "<stdin>: strict: invalid (ParamModel xml; 1 error)",
        "<stdin>: dotnet: valid (ParamModel xml; 1 warning)",
    ]


def test_what_one_profile_does_not_report_is_a_dash(run: Run) -> None:
    result = run("validate", "--profile", "both", stdin=b'{"Debut":"2026-03-22","Fin":"2026-03-22"}')
    assert result.exit_code == 0
    levels = {row[2]: row[:2] for row in rows(result.stdout)[1:]}
    assert levels == {"member.nulled": ["-", "notice"], "date.rewritten": ["notice", "-"]}


def test_a_payload_with_nothing_to_say_has_two_lines(run: Run) -> None:
    result = run("validate", "--profile", "both", stdin=JSON)
    assert result.exit_code == 0
    assert result.stdout == "<stdin>: strict: valid (ParamModel json)\n<stdin>: dotnet: valid (ParamModel json)\n"


@pytest.mark.parametrize("payload", [DOTNET_JSON, AMBIGUOUS, b"", b"%PDF-1.7", LATE])
def test_the_json_form_has_both_reports(run: Run, payload: bytes) -> None:
    result = run("validate", "--profile", "both", "--output-format", "json", stdin=payload)
    [one] = outcomes(result.stdout)
    assert (one["profile"], [each["profile"] for each in one["judged"]]) == ("both", ["strict", "dotnet"])
    assert result.exit_code == (0 if all(each["status"] == "valid" for each in one["judged"]) else 1)
    for each in one["judged"]:
        form = ("validate", "--profile", each["profile"], "--output-format", "json")
        [alone] = outcomes(run(*form, stdin=payload).stdout)
        assert {**each, "source": "<stdin>"} == {
            name: alone[name] for name in each.keys() | {"diagnostics"} & alone.keys()
        }


def test_several_sources(run: Run, tmp_path: Path) -> None:
    for name, content in {"a.xml": XML, "b.json": DOTNET_JSON}.items():
        (tmp_path / name).write_bytes(content)
    result = run("validate", "--profile", "both", tmp_path / "a.xml", tmp_path / "b.json", tmp_path / "missing")
    assert result.exit_code == 2
    assert result.stderr.endswith("3 files: 1 valid, 1 invalid, 1 failed\n")
    assert f"{tmp_path / 'b.json'}: dotnet: valid" in result.stdout
