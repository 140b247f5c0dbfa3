"""``convert`` of one payload of any size, record by record: into lines, or with the bad records put aside."""

from __future__ import annotations

import json
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, BinaryIO, cast

import click

from convtool.cli.failures import INVALID
from convtool.cli.inputs import STDIN
from convtool.cli.output import result_stream, say, show_findings

if TYPE_CHECKING:
    from convtool.catalog import Catalog
    from convtool.codes import Profile
    from convtool.convert import Codec
    from convtool.diagnostics import Report
    from convtool.formats.units import Bad

__all__ = ["convert_stream"]

_ASIDE = ".bad.ndjson"


def convert_stream(
    source: str | None, output: str | None, catalog: Catalog, *, to: str | None, lines: bool, contract: str | None,
    pretty: bool, profile: Profile, lossless: bool, skip: bool, aside: str | None,
) -> int:  # fmt: skip
    """Convert one payload as a stream, and give the exit code: 1 where records had to be put aside."""
    if output == "-":
        output = None
    if skip and aside is None:
        if output is None:
            raise click.UsageError(
                "Name a file for the bad records with --bad-records: the good ones go to standard output."
            )
        aside = output + _ASIDE
    from convtool.sinks import atomic_writer

    with ExitStack() as stack:
        codec, payload, form, other = _opened(stack, source, catalog, contract)
        shown = "ndjson" if lines else to or other
        bad = _Aside(stack, aside)
        sink = stack.enter_context(atomic_writer(output)) if output else stack.enter_context(result_stream()).buffer
        result = codec.convert_stream(
            payload, cast("BinaryIO", sink), shown, format=form, pretty=pretty, profile=profile, lossless=lossless,
            on_error="skip" if skip else "stop", on_bad=bad,
        )  # fmt: skip
        if pretty and shown != "ndjson":
            sink.write(b"\n")
    if not result.skipped:
        show_findings(result.report)
        return 0
    say(f"{result.records} records converted, {result.skipped} with errors put aside in {aside}")
    return INVALID


def _opened(
    stack: ExitStack, source: str | None, catalog: Catalog, contract: str | None
) -> tuple[Codec, Any, str | None, str]:
    """Give the codec of a payload, the payload, its format where its name tells it, and the format it is not in."""
    from convtool.archives import LIMITS, open_found
    from convtool.archives.listing import listing
    from convtool.batch.perform import IN_MEMORY, Rest, first_line, is_lines, to_of
    from convtool.batch.recognise import NotOne, Recogniser
    from convtool.errors import SourceError

    raw: Any
    if source in (None, "-"):
        if sys.stdin is None or sys.stdin.isatty():
            raise click.UsageError("Name a SOURCE, or pipe a payload into the command.")
        raw, name = sys.stdin.buffer, STDIN
    else:
        name = str(source)
        found = next(listing(name, name, LIMITS))
        if found.verdict == "failed":
            raise SourceError(f"{name}: {found.reason}")
        # A pipe or a device that a user names is read; only among other files it would be in the way.
        raw = stack.enter_context(Path(name).open("rb") if found.verdict else open_found(found, LIMITS))  # noqa: SIM115
    head = b""
    while len(head) < IN_MEMORY and (piece := raw.read(1 << 16)):
        head += piece
    lines = is_lines(name) or (head[:1] == b"{" and b"}\n{" in head)
    rest = Rest(name, head, raw, lambda data: data)
    start = first_line(head) if lines else head
    try:
        known = Recogniser(catalog, contract or "").contract(start, whole=lines or len(head) < IN_MEMORY)
    except NotOne:
        known = ""  # what it is, the detection says better
    chosen = known or contract or catalog.detect(rest.all())[0]
    other = "xml" if lines or not head.lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n").startswith(b"<") else to_of("xml")
    return catalog.contract(chosen), rest, "ndjson" if lines else None, other


class _Aside:
    """Takes bad records: each a line of JSON with its index, its text as it came, and what was found."""

    def __init__(self, stack: ExitStack, path: str | None) -> None:
        self._stack = stack
        self._path = path
        self._file: IO[bytes] | None = None

    def __call__(self, bad: Bad, report: Report) -> None:
        """Write a bad record."""
        from convtool.sinks import atomic_writer

        if self._file is None:
            self._file = self._stack.enter_context(atomic_writer(str(self._path)))
        entry = {"record": bad.record, "text": bad.text, "diagnostics": [found.to_dict() for found in report]}
        # Half characters, which a bad text may have, become escapes that JSON has as well.
        self._file.write(json.dumps(entry, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n")
