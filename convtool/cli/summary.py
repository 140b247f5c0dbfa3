"""The table at the end of a batch: by status, by contract, by code with the first places."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from convtool.shown import counted, line

if TYPE_CHECKING:
    from convtool.batch import Summary

__all__ = ["size_text", "table"]

_GOOD = ("converted", "valid")
_STEPS = ("bytes", "KB", "MB", "GB", "TB")
_LONGEST = 60  # characters of a place; more is seen in a report


def table(summary: Summary, verb: str, *, colour: bool = False) -> list[str]:
    """Give the lines of the table."""

    def styled(text: str, status: str) -> str:
        shade = "green" if status in _GOOD else "yellow" if status == "skipped" else "red"
        return click.style(text, fg=shade) if colour else text

    told = ", ".join(styled(f"{count} {name}", name) for name, count in summary.statuses.items() if count)
    again = f" ({summary.reused} of an earlier run)" if summary.reused else ""
    lines = [f"{counted(summary.files, 'file')}{again}: {told or 'nothing to do'}"]
    if summary.contracts:
        rows = [("CONTRACT", "GOOD", "BAD", "RECORDS", "READ", *(["WRITTEN"] if verb == "convert" else []))]
        for name, of in sorted(summary.contracts.items()):
            written = [size_text(of.bytes_out)] if verb == "convert" else []
            rows.append((line(name), str(of.good), str(of.bad), str(of.records), size_text(of.bytes_in), *written))
        lines += ["", *_aligned(rows)]
    found = {**summary.codes, **{f"({name})": row for name, row in summary.reasons.items()}}
    if found:
        rows = [("CODE", "FILES", "TIMES", "FIRST IN")]
        for name, row in sorted(found.items(), key=lambda pair: (-pair[1].files, pair[0])):
            places = [_short(place) for _, place in row.first] or [""]
            rows.append((name, str(row.files), str(row.count), places[0]))
            rows += [("", "", "", place) for place in places[1:]]
        lines += ["", *_aligned(rows, left=(0, 3))]
    if summary.left_out:
        told = ", ".join(f"{name} {_times(row.count)}" for name, row in sorted(summary.left_out.items()))
        lines += ["", f"left out: {told}"]
    return lines


def size_text(size: float) -> str:
    """Give a size as people read it."""
    step = 0
    while size >= 1000 and step < len(_STEPS) - 1:
        size, step = size / 1000, step + 1
    return f"{size:.0f} {_STEPS[step]}" if step == 0 or size >= 100 else f"{size:.1f} {_STEPS[step]}"


def _aligned(rows: list[tuple[str, ...]], left: tuple[int, ...] = (0,)) -> list[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        "  ".join(
            cell.ljust(width) if column in left else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def _short(place: str) -> str:
    printable = line(place)
    return printable if len(printable) <= _LONGEST else f"…{printable[-_LONGEST + 1 :]}"


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
