"""Paths, journals, reports, outputs and words of commands that would destroy something, or say something of their own."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

from tests.batch.tree import GOOD_XML
from tests.security.attacks import Attack, validate

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["ATTACKS"]

_NOTES = "my notes\n"


def _source(folder: Path, *names: str) -> Path:
    source = folder / "in"
    source.mkdir()
    for name in names or ("a.xml", "b.xml"):
        (source / name).write_bytes(GOOD_XML)
    return source


def _words(
    *words: str, names: tuple[str, ...] = (), before: Callable[[Path], None] | None = None
) -> Callable[[Path], list[str]]:
    """Give words in which {} is the folder, with two payloads below in/ and a file of notes beside it."""

    def make(folder: Path) -> list[str]:
        _source(folder, *names)
        (folder / "notes.txt").write_text(_NOTES)
        if before is not None:
            before(folder)
        return [word.replace("{}", str(folder)) for word in words]

    return make


def _kept(folder: Path) -> bool:
    """Tell whether payloads and notes are as they were."""
    payloads = [path.read_bytes() for path in (folder / "in").glob("*.xml")]
    return (folder / "notes.txt").read_text() == _NOTES and set(payloads) == {GOOD_XML}


def _after_a_run(change: Callable[[Path], None]) -> Callable[[Path], None]:
    """Give what converts in/ into out/, and then changes something."""

    def before(folder: Path) -> None:
        from convtool.batch import Job, run

        with run([str(folder / "in")], folder / "out", job=Job(to="json")) as going:
            list(going)
        change(folder)

    return before


def _journal(change: Callable[[list[str]], list[str]]) -> Callable[[Path], None]:
    def inner(folder: Path) -> None:
        path = folder / "out.journal.ndjson"
        path.write_text("".join(change(path.read_text().splitlines(keepends=True))))

    return _after_a_run(inner)


def _field(**more: object) -> Callable[[Path], None]:
    def change(lines: list[str]) -> list[str]:
        return [json.dumps({**json.loads(line), **more}) + "\n" if '"source":' in line else line for line in lines]

    return _journal(change)


def _converted(folder: Path) -> bool:
    found = {path.name: path.read_bytes() for path in (folder / "out").iterdir()}
    return (
        _kept(folder)
        and set(found) == {"a.json", "b.json"}
        and all(data.startswith(b'{"Debut"') for data in found.values())
    )


def _appended(folder: Path) -> None:
    with (folder / "out.journal.ndjson").open("ab") as file:
        file.write(b"\xff\xfe\0\n")


_RESUME = ("convert", "{}/in", "-o", "{}/out/", "--to", "json", "--jobs", "1", "--resume")
_DAMAGE: dict[str, Callable[[Path], None]] = {
    "a status that there is not": _field(status="bogus"),
    "a size of 10^400": _field(bytes_out=10**400),
    "a size below nothing": _field(bytes_out=-1),
    "a hash that is another": _field(sha256_out="0" * 64),
    "a hash that is a list": _field(sha256_out=[1]),
    "an output of another folder": _field(target="../../notes.txt"),
    "a source of another folder": _field(source="/etc/passwd"),
    "findings that are none": _field(diagnostics=[1, None]),
    "100,000 brackets": _journal(lambda lines: [*lines, '{"x":' + "[" * 100_000 + "\n"]),
    "bytes that are no text": _after_a_run(_appended),
    "its last line torn": _journal(lambda lines: [*lines[:-1], lines[-1][:20]]),
    "its lines twice": _journal(lambda lines: [*lines, *lines[1:]]),
    "an output of NULs": _after_a_run(lambda folder: (folder / "out" / "a.json").write_bytes(bytes((folder / "out" / "a.json").stat().st_size)) and None),
    "an output that is gone": _after_a_run(lambda folder: (folder / "out" / "a.json").unlink()),
    "an output cut off": _after_a_run(lambda folder: os.truncate(folder / "out" / "a.json", 5)),
}  # fmt: skip


def _link(name: str, to: str) -> Callable[[Path], None]:
    def make(folder: Path) -> None:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).symlink_to(folder / to)

    return make


def _hard(folder: Path) -> None:
    os.link(folder / "in" / "a.xml", folder / "other.json")


_HOSTILE = "a\n::error file=x::forged\x1b[2J\u202e.xml"
ATTACKS = [
    *(Attack("journals", f"resume with {name}", _words(*_RESUME, before=damage), 0, "2 converted", after=_converted)
      for name, damage in _DAMAGE.items()),
    *(Attack("outputs", name, _words("convert", "{}/in", *words, "--jobs", "1", before=before), code, says, after=_kept)
      for name, words, before, code, says in (
        ("a journal that is somebody's notes", ("-o", "{}/out/", "--journal", "{}/notes.txt"), None, 2, "is no journal"),
        ("the same, to be resumed", ("-o", "{}/out/", "--journal", "{}/notes.txt", "--resume"), None, 2, "is no journal"),
        ("the same, to be replaced", ("-o", "{}/out/", "--journal", "{}/notes.txt", "--overwrite"), None, 2, "is no journal"),
        ("a journal that is a source", ("-o", "{}/out/", "--journal", "{}/in/a.xml", "--overwrite"), None, 2, "is no journal"),
        ("a report over a source", ("-o", "{}/out/", "--report", "{}/in/b.xml"), None, 2, "is a source itself"),
        ("a report over a source by a link", ("-o", "{}/out/", "--report", "{}/r.json", "--overwrite"), _link("r.json", "in/a.xml"), 2, "is a source itself"),
        ("a report over a source by a hard link", ("-o", "{}/out/", "--report", "{}/other.json", "--overwrite"), _hard, 2, "is a source itself"),
        ("a report that is a folder", ("-o", "{}/out/", "--report", "{}/in.json"), lambda folder: (folder / "in.json").mkdir(), 2, "is a directory"),
        ("the output is the source", ("-o", "{}/in/"), None, 2, "is the source itself"),
        ("the output is the source by a link", ("-o", "{}/out/"), _link("out", "in"), 2, "is the source itself"),
        ("a zip over notes", ("-o", "{}/notes.txt.zip"), lambda folder: (folder / "notes.txt.zip").write_text("x") and None, 2, "is there already"),
        ("an output that is a link to notes", ("-o", "{}/out/", "--to", "json"), _link("out/a.json", "notes.txt"), 2, "are there already"),
        ("the same, to be replaced: the link goes", ("-o", "{}/out/", "--to", "json", "--overwrite"), _link("out/a.json", "notes.txt"), 0, "2 converted"),
        ("an output for which a folder stands", ("-o", "{}/out/", "--to", "json", "--overwrite"), lambda folder: (folder / "out" / "a.json").mkdir(parents=True), 2, "are there already"),
        ("an output below a file", ("-o", "{}/notes.txt/out/"), None, 2, "notes.txt"),
        ("a report in the place of an output", ("-o", "{}/out/", "--to", "json", "--report", "{}/out/a.json"), lambda folder: (folder / "out").mkdir(), 2, "output's place"),
      )),
    *(Attack("words", name, _words(*words, names=names), code, says, after=lambda folder: (folder / "notes.txt").read_text() == _NOTES)
      for name, words, names, code, says in (
        ("a name that is a line and a command", ("validate", "{}/in"), (_HOSTILE, "a.xml"), 0, "2 valid"),
        ("a name that is an option", ("validate", "{}/in"), ("--overwrite", "-o"), 0, "2 valid"),
        ("a name that is bytes", ("validate", "{}/in"), ("caf\udce9.xml", "a.xml"), 0, "2 valid"),
        ("a name that is a pattern", ("validate", "{}/in/[a].xml"), ("[a].xml",), 0, "valid"),
        ("a name that is a URL", ("validate", "{}/in"), ("a.xml", "b:c@d.xml"), 0, "2 valid"),
        ("a contract with a line of its own", ("validate", "{}/in", "--contract", "x\n::error::y\x1b[31m"), (), 2, r"\x1b[31m"),
        ("a file that is not there, with a colour", ("validate", "{}/\x1b[31m\n::error::x"), (), 2, r"\x1b[31m"),
        ("an option with a colour", ("validate", "--\x1b[31mx"), (), 2, ""),
        ("a URL with a password", ("validate", "https://user:secret@127.0.0.1:9/a.xml"), (), 2, "has a name or a password in it"),
        ("a scheme that there is not", ("validate", "gopher://x/a"), (), 2, "is no place that is known"),
        ("a depth of a million", ("validate", "{}/in", "--depth", "1000000"), (), 2, "--depth"),
        ("a size that is none", ("validate", "{}/in", "--max-total-size", "9" * 5000 + "X"), (), 2, "is no size"),
        ("a format that is a path", ("validate", "{}/in", "--output-format", "../../x"), (), 2, ""),
        ("schemas that are devices", ("validate", "{}/in", "--schemas", "/dev"), (), 2, "there is no contract in it"),
        ("a pattern that matches nothing", ("validate", "{}/**/*.\x1b[31m"), (), 2, "matches no file"),
      )),
    Attack("words", "an empty name", validate("a.xml", GOOD_XML, ""), 2, ""),
]  # fmt: skip
