"""Nothing judged is not green: exit 1, and one line that says what was seen and what to do."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import pytest

from tests.cli.payloads import XML
from tests.support import outcomes

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run

HAR = b'{"log": {"version": "1.2", "entries": [%s]}}' % b",".join(
    b'{"request": {"method": "GET", "url": "https://me:word@other.example/x/%d?key=secret#part", "headers": []}, '
    b'"response": {"status": 200, "headers": [], "content": {"text": "[]"}}}' % number
    for number in range(5)
)


def zipped(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


KINDS: dict[str, tuple[dict[str, bytes], tuple[str, ...]]] = {
    "no file": ({}, ("there is no file", "look at the names")),
    "prose": (
        {"README.md": b"# Read me", "NOTES.md": b"# Notes", ".DS_Store": b"\0\0\0\1Bud1"},
        ("is neither XML nor JSON: ", "(1 more like it)"),
    ),
    "a capture of other URLs": (
        {"a.har": HAR, "b.har": HAR}, ("is a capture (HAR)", "GET https://other.example/x/0, ", "operations.toml"),
    ),
    "a journal": ({"a.ndjson": b'{"journal":2,"convtool":"1","settings":{"verb":"convert"}}\n'}, ("is a journal",)),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("road", ["folder", "zip", "report"])
@pytest.mark.short(3)
def test_a_run_that_has_judged_nothing_says_so(run: Run, kind: str, road: str, tmp_path: Path) -> None:
    files, says = KINDS[kind]
    source = tmp_path / "source"
    if road == "zip":
        source = tmp_path / "source.zip"
        source.write_bytes(zipped(files))
    else:
        source.mkdir()
        for name, data in files.items():
            (source / name).write_bytes(data)
    result = run("validate", source, *(["--output-format", "json"] if road == "report" else []), "-q")
    assert result.exit_code == 1
    [line] = result.stderr.splitlines()
    assert line.startswith("convtool: nothing was judged")
    assert all(part in line for part in says)
    assert not any(word in result.output for word in ("secret", "me:word", "part"))
    if road == "report":
        assert {one["status"] for one in outcomes(result.stdout)} <= {"skipped"}


def test_one_payload_among_much_else_is_enough(run: Run, tmp_path: Path) -> None:
    for name, data in {"README.md": b"# Read me", "a.har": HAR, "a.xml": XML}.items():
        (tmp_path / name).write_bytes(data)
    result = run("validate", tmp_path, "--jobs", "1")
    assert (result.exit_code, "nothing was judged" in result.stderr) == (0, False)
    assert "3 files: 1 valid, 2 skipped" in result.stderr


def test_a_capture_alone_says_it_once(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.har").write_bytes(HAR)
    result = run("validate", tmp_path / "a.har")
    assert (result.exit_code, len(result.output.splitlines())) == (1, 1)
    assert "GET https://other.example/x/0, GET https://other.example/x/1, " in result.output
    assert "operations.toml beside the schema files says which operations there are" in result.output
    assert "secret" not in result.output
