"""A journal that is damaged: a damaged line costs its file, which is done again; nothing is an internal error."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from convtool.cli import app
from tests.batch.tree import GOOD_XML
from tests.support import outcomes

if TYPE_CHECKING:
    from pathlib import Path

BAD_XML = GOOD_XML.replace(b">7<", b">x<")
NAMES = ("a", "b", "c")


Change = Callable[[list[bytes]], list[bytes]]


def each(of: int, change: Callable[[dict[str, Any]], dict[str, Any]]) -> Change:
    """Change one file's entry; a field that is None then is taken away."""

    def line(data: bytes) -> bytes:
        entry = json.loads(data)
        if entry.get("number") != of:
            return data
        return json.dumps({name: value for name, value in change(entry).items() if value is not None}).encode() + b"\n"

    return lambda lines: [*map(line, lines)]


def changed(of: int, **more: Any) -> Change:
    return each(of, lambda entry: {**entry, **more})


def found(of: int, **more: Any) -> Change:
    """Change the first finding."""

    def change(entry: dict[str, Any]) -> dict[str, Any]:
        first = {name: value for name, value in {**entry["diagnostics"][0], **more}.items() if value is not None}
        return {**entry, "diagnostics": [first]}

    return each(of, change)


def replaced(of: int, text: bytes) -> Change:
    """Put something else in the place of one file's line."""
    return lambda lines: [text if json.loads(line).get("number") == of else line for line in lines]


# What was done to a journal of three files (c is invalid), and how many of its outcomes still hold.
DAMAGE: dict[str, tuple[Change, int]] = {
    "a status that there is not": (changed(0, status="bogus"), 2),
    "a number that is a text": (changed(1, number="1"), 2),
    "a size below nothing": (changed(0, bytes_out=-1), 2),
    "no status": (changed(0, status=None), 2),
    "a source that is a number": (changed(0, source=5), 2),
    "findings that are no list": (changed(2, diagnostics=7), 2),
    "a finding without its severity": (found(2, severity=None), 2),
    "a finding of a severity that there is not": (found(2, severity="fatal"), 2),
    "a finding of a code that there is not": (found(2, code="no.such"), 2),
    "a finding whose message is a list": (found(2, message=[1]), 2),
    "a finding with half a place": (found(2, column=None), 2),
    "what is within an outcome is none": (changed(0, judged=[{"number": 0}]), 2),
    "outputs that are a number": (lambda lines: [*lines, b'{"began":5}\n'], 3),
    "outputs that are no texts": (lambda lines: [*lines, b'{"began":[1,{}]}\n'], 3),
    "a whole that is a text": (lambda lines: [*lines, b'{"assembled":"x"}\n'], 3),
    "arrays in arrays": (lambda lines: [*lines, b'{"x":' + b"[" * 100_000 + b"]" * 100_000 + b"}\n"], 3),
    "no JSON in the middle": (replaced(0, b"\xff\0 not JSON\n"), 2),
    "an array in the middle": (replaced(1, b"[1]\n"), 2),
    "a blank line": (replaced(1, b"\n"), 2),
    "half a character": (changed(0, reason="\udcff"), 2),
    "a torn line": (lambda lines: [*lines[:-1], lines[-1][:30]], 2),
}


@pytest.mark.parametrize("out", ["out/", "out.zip"])
@pytest.mark.parametrize("kind", DAMAGE)
@pytest.mark.short(6)
def test_a_damaged_line_costs_its_file(kind: str, out: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "source"
    source.mkdir()
    for name in NAMES:
        (source / f"{name}.xml").write_bytes(BAD_XML if name == "c" else GOOD_XML)
    command = ["convert", str(source), "-o", f"{tmp_path}/{out}", "--jobs", "1", "-q"]
    assert app.run(command) == 1
    target = tmp_path / out
    before = {p.name: p.read_bytes() for p in target.iterdir()} if target.is_dir() else target.read_bytes()
    journal = tmp_path / f"{out.rstrip('/')}.journal.ndjson"
    damage, held = DAMAGE[kind]
    journal.write_bytes(b"".join(damage(journal.read_bytes().splitlines(keepends=True))))
    capsys.readouterr()
    assert app.run([*command, "--resume", "--report", f"{tmp_path}/report.json"]) == 1
    said = capsys.readouterr().err
    assert (said, "Traceback" in said) == ("", False)
    assert (before if target.is_file() else {p.name: p.read_bytes() for p in target.iterdir()}) == before
    document = (tmp_path / "report.json").read_bytes()
    assert [one["status"] for one in outcomes(document)] == ["converted", "converted", "invalid"]
    if out == "out/":
        assert json.loads(document)["summary"]["reused"] == held


def test_damage_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "a.xml").write_bytes(GOOD_XML)
    command = ["convert", f"{tmp_path}/a", "-o", f"{tmp_path}/out/", "--jobs", "1"]
    assert app.run(command) == 0
    with (tmp_path / "out.journal.ndjson").open("ab") as journal:
        journal.write(b"[]\n")
    capsys.readouterr()
    assert app.run([*command, "--resume"]) == 0
    assert "1 of the journal's lines are damaged: their files are done again\n" in capsys.readouterr().err


@pytest.mark.parametrize(
    "first", [b"{}", b"[]", b'{"journal":2}', b'{"journal":2,"convtool":5,"settings":[1],"sources":3}', b"notes", b""]
)
@pytest.mark.short(3)
def test_a_damaged_first_line_is_told_and_nothing_is_lost(
    first: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "a.xml").write_bytes(GOOD_XML)
    command = ["convert", str(source), "-o", f"{tmp_path}/out/", "--jobs", "1", "-q"]
    assert app.run(command) == 0
    journal = tmp_path / "out.journal.ndjson"
    damaged = first + b"\n" + b"".join(journal.read_bytes().splitlines(keepends=True)[1:])
    journal.write_bytes(damaged)
    assert app.run([*command, "--resume"]) == 2
    said = capsys.readouterr().err
    assert (said.count("convtool: "), "internal error" in said) == (1, False)
    assert journal.read_bytes() == damaged
