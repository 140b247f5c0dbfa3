"""The options that batches have, whatever is done with the files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from convtool.cli.options import overwrite_option

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Sizes", "batch_options"]

_UNITS = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40}


class Sizes(click.ParamType):  # type: ignore[type-arg,unused-ignore]  # generic in click 8.5 only
    """Bytes, with K, M, G or T for the powers of 1024."""

    name = "size"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Give the bytes."""
        text = str(value).strip().lower().removesuffix("b").removesuffix("i")
        unit = text[-1:] if text[-1:] in _UNITS else ""
        number = text[: len(text) - len(unit)]
        if not number.isdecimal() or not int(number):
            self.fail(f"{value!r} is no size: write 500M or 2G", param, ctx)
        return int(number) * _UNITS[unit]


_SIZE = Sizes()
_COMMON: tuple[Callable[[Any], Any], ...] = (
    click.option(
        "--files-from",
        metavar="LIST",
        type=click.Path(allow_dash=True),
        help="Read names of sources from LIST (- is standard input), one a line or ended by NUL",
    ),
    click.option(
        "--jobs",
        type=click.IntRange(min=1),
        metavar="N",
        help="Work in N processes beside this one  [default: the number of cores]",
    ),
    click.option(
        "--cluster",
        metavar="ADDRESS",
        help="Work on a Dask cluster: its scheduler's address (tcp://host:8786), or local to start one here",
    ),
    click.option(
        "--resume", is_flag=True, help="Take up a run that was stopped; what is done and unchanged is not done again"
    ),
    click.option(
        "--journal",
        metavar="FILE",
        type=click.Path(dir_okay=False),
        help="Note outcomes here  [default: OUT.journal.ndjson]",
    ),
    click.option(
        "--report",
        "reports",
        metavar="FILE",
        multiple=True,
        type=click.Path(dir_okay=False),
        help="Write a report: .json, .ndjson, .sarif, .xml (JUnit), .html; may be given again",
    ),
    overwrite_option("Replace outputs and reports that are there already"),
    click.option(
        "--zip-encoding",
        metavar="NAME",
        default="",
        help="Encoding of names in zips that do not say theirs, such as cp932  [default: UTF-8, else cp437]",
    ),
    click.option("--quiet", "-q", is_flag=True, help="No progress and no summary"),
    click.option(
        "--limit-seconds",
        type=click.FloatRange(min=0, min_open=True),
        metavar="S",
        help="A file may take so long  [default: any time]",
    ),
    click.option(
        "--limit-memory", type=_SIZE, metavar="SIZE", help="A file may take so much memory, such as 2G  [default: any]"
    ),
    click.option(
        "--max-ratio",
        type=click.IntRange(min=1),
        metavar="N",
        help="Refuse what unpacks to more than N times its size  [default: 300]",
    ),
    click.option(
        "--max-members",
        type=click.IntRange(min=1),
        metavar="N",
        help="Refuse archives of more members  [default: 10 million]",
    ),
    click.option("--max-member-size", type=_SIZE, metavar="SIZE", help="Refuse larger members  [default: 2G]"),
    click.option(
        "--max-total-size",
        type=_SIZE,
        metavar="SIZE",
        help="Refuse what is beyond so much of one archive  [default: 1T]",
    ),
)


def batch_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of batches to a command; it gets them as keywords."""
    for option in reversed(_COMMON):
        command = option(command)
    return command
