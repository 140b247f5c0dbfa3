"""Samples that tests hold payloads against: files in the folder ``samples`` beside the test, reviewed like any source.

They are in the pretty form (or in the wire form) of the payload's own value: white space, encoding and the order of
JSON's members do not show, so their diffs are about content alone. ``--convtool-update`` writes them.
"""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from convtool.compare import check_options
from convtool.errors import PayloadError, SinkError, SourceError, UsageError
from convtool.places import atomic_writer
from convtool.shown import line
from convtool.sources import read_path
from convtool.testing.asserts import Subject, subject
from convtool.testing.received import several
from convtool.testing.session import FOLDER, session
from convtool.testing.telling import tell_differences

if TYPE_CHECKING:
    from collections.abc import Iterable

    from convtool.compare import Dates
    from convtool.convert import Codec
    from convtool.sniff import Format

__all__ = ["assert_matches_sample"]

_LONGEST = 255  # bytes of a file's name
UPDATE = "run pytest with --convtool-update to write it"


def assert_matches_sample(
    payload: Any, name: str, *, form: Literal["pretty", "wire"] = "pretty", contract: str | Codec | None = None,
    ignore: Iterable[str] = (), dates: Dates = "text",
) -> None:  # fmt: skip
    """Assert that a payload or response is the sample ``name``: ``samples/NAME.json`` (or .xml) beside the test's file.

    ``form``: how the file is written, "pretty" or "wire". ``ignore`` and ``dates`` as in ``assert_same``. With
    ``--convtool-update`` the file is written where it is missing or differs. AssertionError lists the differences.
    """
    __tracebackhide__ = True
    if form not in ("pretty", "wire"):
        raise UsageError(f"form={form!r}: there are pretty and wire")
    one, ignore = subject(payload, contract), several("ignore", ignore)
    check_options(one.codec.model, ignore, dates)  # whether they are needed this time or not
    value = one.read()
    format_ = _format(one)
    data = one.codec.formats[format_].write(value, pretty=form == "pretty") + (b"\n" if form == "pretty" else b"")
    path = _path(name, format_)
    session.used.add(path)
    message = (
        _compare(one.codec, data, path, ignore, dates) if path.exists() else f"there is no sample {path}; {UPDATE}"
    )
    if message and not session.update:
        raise AssertionError(message)
    if message and path in session.settled:
        raise AssertionError(f"two payloads of this run want the sample {path}: name them apart\n{message}")
    if message:
        _write(path, data)
    if session.update:
        session.settled[path] = hashlib.sha256(read_path(path)).hexdigest()


def _format(one: Subject) -> Format:
    if one.format is not None:
        return "json" if one.format == "form" else one.format
    text = one.content if isinstance(one.content, str) else one.content.decode("utf-8", "ignore")
    return "xml" if text.lstrip("\ufeff\x00 \t\r\n").startswith("<") else "json"


def _path(name: str, format_: Format) -> Path:
    """Give the file of a sample; UsageError where the name is of none, or leads out of the folder."""
    steps = f"{name}.{format_}".split("/")
    wrong = "\\" in name or line(name) != name or any(one in ("", ".", "..") for one in name.split("/"))
    if wrong or any(len(os.fsencode(one)) > _LONGEST for one in steps):
        hint = f"a name such as 'orders/empty' stays in the folder {FOLDER}, and can be read"
        raise UsageError(f"{line(repr(name), _LONGEST)} is no name of a sample", hint=hint)
    folder = (session.test or _caller()).parent / FOLDER
    path = folder.joinpath(*steps)
    try:
        in_the_way = path if path.is_dir() else next((one for one in path.parents if one.is_file()), None)
    except OSError as error:
        raise SourceError(f"{path}: {error.strerror or error}") from None
    if in_the_way is not None:
        raise UsageError(f"{name!r} is no name of a sample", hint=f"{in_the_way} is there already")
    return path


def _caller() -> Path:
    """Give the file of the code that called convtool.testing, where no pytest runs."""
    frame = sys._getframe(1)  # noqa: SLF001 - the documented way to the caller's file without its source
    while frame.f_back is not None and frame.f_globals.get("__name__", "").startswith("convtool."):
        frame = frame.f_back
    return Path(frame.f_globals.get("__file__") or Path.cwd() / "test")


def _compare(codec: Codec, data: bytes, path: Path, ignore: Iterable[str], dates: Dates) -> str:
    """Say how a payload differs from its sample; nothing where it does not."""
    sample = read_path(path)
    if sample == data:
        return ""
    try:
        found = codec.compare(data, sample, ignore=ignore, dates=dates)
    except PayloadError as error:
        return f"the sample is not valid; {UPDATE} anew\n{error.report.named(str(path)).text()}"
    if not found:
        return ""
    return f"{tell_differences(found, 'payload', 'sample')}\nsample: {path}; where the payload is right, {UPDATE} anew"


def _write(path: Path, data: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with atomic_writer(path) as file:
            file.write(data)
    except OSError as error:
        raise SinkError(f"{path}: cannot be written: {error.strerror or error}") from None
    session.written.append(path)
