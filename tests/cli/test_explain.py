import pytest

from convtool.codes import CODES
from tests.cli.conftest import Run


@pytest.mark.parametrize("code", CODES)
def test_every_code_is_explained(run: Run, code: str) -> None:
    result = run("explain", code)
    row = CODES[code]
    assert (result.exit_code, result.stderr) == (0, "")
    text = " ".join(result.stdout.split())
    assert f"{code}: {row.title}" in text
    assert f"strict {row.strict or 'not reported'} dotnet {row.dotnet or 'not reported'}" in text
    for part in (row.meaning, row.remedy, row.example):
        assert " ".join(part.split()) in text
    assert ("--lossless" in text) == row.loss


def test_without_a_code_all_are_listed(run: Run) -> None:
    lines = run("explain").stdout.splitlines()
    assert lines[0].split() == ["CODE", "STRICT", "DOTNET", "MEANING"]
    assert [line.split()[0] for line in lines[1:]] == list(CODES)


@pytest.mark.parametrize(
    ("wrong", "hint"),
    [
        ("member.ordre", "Did you mean member.order"),
        ("order", "Did you mean member.order or change.order?"),
        ("MEMBER.ORDER", "Did you mean member.order?"),
        ("qqqq", "`convtool explain` lists them"),
    ],
)
def test_an_unknown_code_suggests_near_ones(run: Run, wrong: str, hint: str) -> None:
    result = run("explain", wrong)
    assert (result.exit_code, result.stdout) == (2, "")
    assert hint in result.stderr
