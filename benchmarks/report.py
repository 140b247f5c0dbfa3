"""Says what was measured: a table for the terminal, the results section of README.md, and the raw numbers.

Times are CPU seconds of one run; a ratio is to the case's baseline in the same round. Memory is the peak of the whole
process, and by how much it grew over what the process held before the first run.
"""

from __future__ import annotations

import json
import platform
import sys
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.cases import JOBS
from benchmarks.chart import draw
from benchmarks.documents import Document
from benchmarks.measure import HEAVY
from benchmarks.peers import LIBRARIES
from benchmarks.plans import TARGETS

if TYPE_CHECKING:
    from benchmarks.measure import Row
    from benchmarks.plans import Plan

__all__ = ["table", "write"]

_BEGIN, _END = "<!-- results: begin -->", "<!-- results: end -->"
_HEADINGS = ("case", "time", "ratio", "min", "max", "peak MB", "+ MB", "target")
_GROWTH = {"2M": "2 MB", "20M": "20 MB", "200M": "200 MB"}


def table(rows: list[Row]) -> str:
    """Give the rows as aligned text, a block for each document."""
    lines = []
    for document in dict.fromkeys(row.document for row in rows):
        cells = [_HEADINGS, *(_cells(row) for row in rows if row.document == document)]
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        lines += ["", document]
        for name, *rest in cells:
            numbers = [cell.rjust(width) for cell, width in zip(rest, widths[1:], strict=True)]
            lines.append("  ".join([f"  {name.ljust(widths[0])}", *numbers]).rstrip())
    return "\n".join(lines)


def _cells(row: Row) -> tuple[str, ...]:
    """Give one line's texts: medians, and the extremes of the ratio."""
    shows_memory = Document.named(row.document).target >= HEAVY or row.case.job.startswith(("start", "program"))
    memory = [f"{median(values) / 1e6:.1f}" if shows_memory else "" for values in (row.peak, row.increment)]
    ratios = [f"{value:.2f}" for value in (median(row.ratio), min(row.ratio), max(row.ratio))]
    return (row.case.name, _seconds(median(row.cpu)), *ratios, *memory, _verdict(row))


def _seconds(value: float) -> str:
    return f"{value:.2f} s" if value >= 1 else f"{value * 1e3:.3g} ms" if value >= 1e-3 else f"{value * 1e6:.3g} µs"


def _verdict(row: Row) -> str:
    """Give the target, and whether it was met."""
    target = TARGETS.get((row.document, row.case.name))
    if target is None:
        return ""
    wanted = f"≤ {target.ratio}" + (f", ≤ {target.megabytes:g} MB" if target.megabytes else "")
    small = target.megabytes is None or median(row.peak) <= target.megabytes * 1e6
    return f"{wanted}: {'met' if small and median(row.ratio) <= target.ratio else 'MISSED'}"


def write(folder: Path, rows: list[Row], plan: Plan, *, raw: bool) -> None:
    """Renew the results in the folder's README.md and its chart; ``raw`` adds every number as results.json."""
    folder.mkdir(parents=True, exist_ok=True)
    chart = draw(_charted(rows), list(_GROWTH.values()))
    if chart:
        (folder / "growth.svg").write_text(chart, encoding="utf-8")
    readme = folder / "README.md"
    text = readme.read_text(encoding="utf-8") if readme.exists() else f"# Results\n\n{_BEGIN}\n{_END}\n"
    before, after = text.split(_BEGIN)[0], text.split(_END)[-1]
    readme.write_text(f"{before}{_BEGIN}\n{_results(rows, plan)}\n{_END}{after}", encoding="utf-8")
    if raw:
        numbers = [
            {name: getattr(row, name) for name in ("document", "cpu", "wall", "ratio", "peak", "increment")}
            | {"case": row.case.name}
            for row in rows
        ]
        (folder / "results.json").write_text(json.dumps(numbers, indent=1) + "\n", encoding="utf-8")


def _results(rows: list[Row], plan: Plan) -> str:
    parts = [_circumstances(plan)]
    grown = _growth(rows)
    if grown:
        parts += ["### Growth, 2 to 200 MB", "![Time and memory by size](growth.svg)", _growth_table(grown)]
    for document in dict.fromkeys(row.document for row in rows):
        parts += [f"### {document}", _markdown(_HEADINGS, [_cells(row) for row in rows if row.document == document])]
    return "\n\n".join(parts)


def _circumstances(plan: Plan) -> str:
    """Give date, versions and processor: what a result means nothing without."""
    python = f"{platform.python_implementation()} {platform.python_version()} on {platform.system()}"
    libraries = ("convtool", "lxml", "msgspec", "click", *LIBRARIES)
    versions = ", ".join(f"{name} {found}" for name in libraries if (found := _version(name)))
    rounds = ", ".join(f"{count} at {size}" for size, count in plan.rounds.items())
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {python}, {_processor()}, one core. {versions}.\n"
        f"Rounds: {rounds}; peers at most {plan.peer_rounds}. Times and ratios are medians."
    )


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _processor() -> str:
    """Give the processor's model."""
    info = Path("/proc/cpuinfo")
    if sys.platform == "linux" and info.exists():
        for line in info.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.machine()


def _growth(rows: list[Row]) -> dict[str, dict[str, tuple[float, float]]]:
    """Give case → size → (seconds, bytes), for the cases that ran on more than one of the sizes."""
    grown: dict[str, dict[str, tuple[float, float]]] = {}
    for row in rows:
        document = Document.named(row.document)
        if (document.content, document.layout) == ("typical", "wire") and document.size in _GROWTH:
            point = (median(row.cpu), median(row.peak))
            grown.setdefault(row.case.name, {})[_GROWTH[document.size]] = point
    return {name: points for name, points in grown.items() if len(points) > 1}


def _charted(rows: list[Row]) -> dict[str, dict[str, tuple[float, float]]]:
    """Give what the chart shows of the growth: the baseline, convtool, and of the peers the quickest at each job."""
    grown = _growth(rows)
    shown = {row.case.name for row in rows if row.case.ours} | {"parse/file"}
    quickest: dict[str, str] = {}
    for name in sorted(grown, key=lambda name: grown[name]["2 MB"][0] if "2 MB" in grown[name] else 0.0):
        job = name.partition("/")[0]
        if name not in shown and job != "parse":
            quickest.setdefault(job, name)
    return {name: points for name, points in grown.items() if name in shown or name in quickest.values()}


def _growth_table(grown: dict[str, dict[str, tuple[float, float]]]) -> str:
    sizes = list(_GROWTH.values())
    lines = []
    for name, points in grown.items():
        found = [points.get(size) for size in sizes]
        lines.append((_title(name), *(f"{_seconds(one[0])}, {one[1] / 1e6:.0f} MB" if one else "" for one in found)))
    return _markdown(("case", *sizes), lines)


def _title(name: str) -> str:
    job, way = name.split("/")
    return f"{JOBS[job].title}: {way}"


def _markdown(headings: tuple[str, ...], lines: list[tuple[str, ...]]) -> str:
    rule = ("---", *("---:" for _ in headings[1:]))
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (headings, rule, *lines))
