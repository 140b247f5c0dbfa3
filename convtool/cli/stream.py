"""``convert`` of one payload of any size, record by record: into lines, or with the bad records put aside."""

from __future__ import annotations

import json
from contextlib import ExitStack
from typing import IO, TYPE_CHECKING, BinaryIO, cast

import click

from convtool.cli.failures import INVALID
from convtool.cli.output import result_stream, say, show_findings
from convtool.shown import line

if TYPE_CHECKING:
    from convtool.cli.inputs import Source
    from convtool.codes import Profile
    from convtool.convert import Codec
    from convtool.diagnostics import Report
    from convtool.formats.units import Bad

__all__ = ["convert_stream"]

_ASIDE = ".bad.ndjson"


def convert_stream(
    payload: Source, output: str | None, codec: Codec, *, to: str, given: str | None, pretty: bool, profile: Profile,
    lossless: bool, depth: int, skip: bool, aside: str | None,
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
    from convtool.places import atomic_writer

    with ExitStack() as stack:
        bad = _Aside(stack, aside)
        sink = stack.enter_context(atomic_writer(output)) if output else stack.enter_context(result_stream()).buffer
        result = codec.convert_stream(
            payload, cast("BinaryIO", sink), to, format=given, pretty=pretty, profile=profile, lossless=lossless,
            depth=depth, on_error="skip" if skip else "stop", on_bad=bad,
        )  # fmt: skip
        if pretty and to != "ndjson":
            sink.write(b"\n")
    if not result.skipped:
        show_findings(result.report)
        return 0
    say(f"{result.records} records converted, {result.skipped} with errors put aside in {line(str(aside))}")
    return INVALID


class _Aside:
    """Takes bad records: each a line of JSON with its index, its text as it came, and what was found."""

    def __init__(self, stack: ExitStack, path: str | None) -> None:
        self._stack = stack
        self._path = path
        self._file: IO[bytes] | None = None

    def __call__(self, bad: Bad, report: Report) -> None:
        """Write a bad record."""
        from convtool.places import atomic_writer

        if self._file is None:
            self._file = self._stack.enter_context(atomic_writer(str(self._path)))
        entry = {"record": bad.record, "text": bad.text, "diagnostics": [found.to_dict() for found in report]}
        # Half characters, which a bad text may have, become escapes that JSON has as well.
        self._file.write(json.dumps(entry, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n")
