"""``convtool compare``: whether two payloads, in any formats, are the same value."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from convtool.cli.defaults import rules
from convtool.cli.failures import FAILED
from convtool.cli.grammar import PAYLOAD, Command
from convtool.cli.options import FORMATS, SOURCE, open_catalog, option, options
from convtool.cli.output import note, show, show_report, write_bytes
from convtool.cli.sources import open_payload
from convtool.errors import PayloadError, UsageError
from convtool.shown import json_text, line

if TYPE_CHECKING:
    from convtool.codes import Profile
    from convtool.compare import Dates, Difference
    from convtool.convert import Format

__all__ = ["command"]

DIFFERENT = 1
COMPARISON_VERSION = 1  # of the JSON form; raised when a reader of the old form would misunderstand the new one


@click.command(
    "compare",
    cls=Command,
    short_help="Say whether two payloads are the same value.",
    examples="""
  convtool compare archived.xml answer.json
  convtool compare old.json new.json --without /Fin --dates instant
  convtool compare a.xml b.xml --without '/*/Details'
""",
    epilog="""\b
Exit codes:
  0  the same value
  1  different values
  2  an invalid payload, a wrong call, or a file or schema that cannot be read
""",
)
@click.argument("a", type=SOURCE)
@click.argument("b", type=SOURCE)
@option(
    PAYLOAD, "--without", "ignored", metavar="PATH", multiple=True, old=("--ignore",),
    help="Leave out what is at this JSON Pointer and below; * is any one step. May be given again",
)  # fmt: skip
@option(
    PAYLOAD, "--dates", type=click.Choice(["text", "instant"]), default="text", show_default=True,
    help="Compare dates as texts, or as instants: 01:00+01:00 is 00:00Z",
)  # fmt: skip
@options(
    "from", "contract", "profile", "depth", "schemas", "output", "overwrite", "output-format",
    from_={"type": FORMATS, "help": "Format of both  [default: seen from the first character of each]"},
)  # fmt: skip
@click.pass_context
def command(
    ctx: click.Context,
    *,
    a: str,
    b: str,
    ignored: tuple[str, ...],
    dates: Dates,
    output_format: str,
    given: Format | None,
    depth: int,
    contract: str | None,
    profile: Profile,
    schemas: Path | None,
) -> None:
    """Say whether payloads A and B, each in either format, are the same value; list where they differ.

    White space, prefixes and the order of JSON's members do not count; absent, null and empty are three things. "-" is
    standard input.
    """
    if a == b == "-":
        raise UsageError("standard input can be read once", hint="give - once")
    from convtool.job import Job  # the library is loaded when it is needed
    from convtool.pair import differences

    sources = open_payload(a), open_payload(b)
    settled = Job(
        schemas=str(schemas or ""), contract=contract or "", profile=profile, rules=rules(), here=str(Path.cwd())
    ).of_both(*(source.name for source in sources))
    try:
        of, found = differences(
            open_catalog(Path(settled.schemas) if settled.schemas else None), *sources, contract=settled.contract,
            ignore=ignored, dates=dates, profile=settled.profile, format=given, depth=depth,
        )  # fmt: skip
    except PayloadError as error:  # what is invalid has no value to compare
        show_report(error.report, err=True)
        ctx.exit(FAILED)
    names = tuple("<stdin>" if name == "-" else name for name in (a, b))
    if output_format == "json":
        write_bytes(_document(names, of, settled.profile, found))
    else:
        _show(names, of, found)
    ctx.exit(DIFFERENT if found else 0)


def _show(names: tuple[str, ...], contract: str, found: list[Difference]) -> None:
    both = f"{line(names[0])}, {line(names[1])}"
    if not found:
        show(f"{both}: the same value ({line(contract)})")
        return
    show("\n".join(difference.text(*names) for difference in found))
    note(f"{both}: {len(found)} difference{'s' * (len(found) != 1)} ({line(contract)})")


def _document(names: tuple[str, ...], contract: str, profile: str, found: list[Difference]) -> bytes:
    import json  # help and the text form do without

    document = {
        "version": COMPARISON_VERSION,
        "left": names[0],
        "right": names[1],
        "contract": contract,
        "profile": profile,
        "same": not found,
        "differences": [difference.to_dict() for difference in found],
    }
    # A file name may hold bytes that are no text; what replaces them is an escape of JSON as well.
    return json_text(json.dumps(document, ensure_ascii=False, indent=2)).encode() + b"\n"
