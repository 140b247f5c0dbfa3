"""``convtool sample``: a payload to start from, or as much of test data as is wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from convtool.cli.grammar import PAYLOAD, Command
from convtool.cli.options import FORMATS, named_contract, open_catalog, option, options
from convtool.cli.output import result_stream, write_all, write_bytes
from convtool.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path
    from typing import TextIO

    from convtool.convert import Format

__all__ = ["command"]


@click.command(
    "sample",
    cls=Command,
    short_help="Print a sample payload of a contract.",
    examples="""
  convtool sample Order
  convtool sample Order -o order.xml
  convtool sample Order --wire --moment 2026-01-31T08:00:00Z
  convtool sample ArrayOfReceipt --seed 1 --count 200000 --wire > large.json
""",
)
@named_contract
@option(PAYLOAD, "--moment", metavar="DATETIME", help="The instant of all dates  [default: a fixed one]")
@option(PAYLOAD, "--seed", type=int, metavar="N", help="Realistic, varied values instead; the same ones for the same N")
@option(
    PAYLOAD, "--count", type=click.IntRange(min=0), metavar="K",
    help="Records of a list contract, or else documents, one a line in the wire form; implies --seed 0",
)  # fmt: skip
@options(
    "to", "pretty", "schemas", "output", "overwrite",
    to={"type": FORMATS, "help": "Format to write  [default: as FILE is called, else json]"},
    pretty={"default": True, "help": "Indent by two spaces, or write the wire form  [default: pretty]"},
)  # fmt: skip
def command(
    name: str,
    *,
    to: Format | None,
    pretty: bool,
    moment: str | None,
    seed: int | None,
    count: int | None,
    schemas: Path | None,
) -> None:
    """Print a sample payload of contract NAME, as the API's help page shows it; with --seed, one as in real use."""
    to = _format(to)
    codec = open_catalog(schemas).contract(name)
    if seed is not None or count is not None:
        if moment is not None:
            raise UsageError("--moment is of the help page's sample", hint="dates are varied with --seed or --count")
        from convtool.testing.generate import write as write_generated  # only this needs it

        with result_stream() as stream:
            write_generated(codec, _Sink(stream), to, seed=seed or 0, count=count, pretty=pretty)
        return
    from convtool.sample import MOMENT, sample  # the library is loaded when it is needed

    value = sample(codec.model, codec.instances, moment=moment or MOMENT)
    write = codec.write_json if to == "json" else codec.write_xml
    data = write(value, pretty=pretty)
    write_bytes(data + b"\n" if pretty else data)


def _format(to: Format | None) -> Format:
    """Give the format to write: the one asked for, or what the file of -o is called; UsageError where these differ."""
    path = click.get_current_context().meta.get("convtool.output")
    if path in (None, "-"):
        return to or "json"
    from convtool.batch.choose import destination  # the library is loaded when it is needed

    said = destination(path, one=True).format
    wanted: Format = to or ("xml" if said == "xml" else "json")
    if said not in ("", wanted) and not (said == "ndjson" and wanted == "json"):
        raise UsageError(f"{path}: its suffix says {said}, and {wanted} is asked for", hint="name it otherwise")
    return wanted


class _Sink:
    """Standard output as a binary file that takes all it is given."""

    name = "standard output"

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    def write(self, data: bytes) -> int:
        """Write bytes to the end."""
        write_all(self.stream, data)
        return len(data)
