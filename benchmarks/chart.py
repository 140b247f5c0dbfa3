"""Draws how time and memory grow with the document: two panels with logarithmic axes, as one SVG written by hand."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, log10
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["draw"]

Points = dict[str, tuple[float, float]]

_WIDTH, _HEIGHT = 400, 300  # of a panel's plot
_LEFT, _TOP, _GAP = 70, 50, 90
# Colours that stay apart for colour-blind readers (Okabe and Ito), one for each job; a way has its own dashes.
_COLOURS = {
    "parse": "#000000",
    "xml-json": "#0072b2",
    "json-xml": "#d55e00",
    "validate-xml": "#009e73",
    "validate-json": "#cc79a7",
}
_DASHES = {"convtool-stream": "", "convtool-file": "", "convtool": "6 3", "file": "", "bytes": "6 3"}
_PEER_DASH = "1 3"


@dataclass(frozen=True, slots=True)
class _Panel:
    """One plot: which of a point's numbers it shows, in which unit."""

    title: str
    index: int
    factor: float
    label: Callable[[float], str]


_PANELS = (
    _Panel("CPU time", 0, 1.0, lambda value: f"{value:g} s" if value >= 1 else f"{value * 1e3:g} ms"),
    _Panel("Peak memory of the process", 1, 1e-6, lambda value: f"{value:g} MB"),
)


def draw(grown: dict[str, Points], sizes: list[str]) -> str:
    """Give the SVG for case → size → (seconds, bytes); an empty text if there is nothing to draw."""
    if not grown:
        return ""
    width = 2 * (_LEFT + _WIDTH) + _GAP
    rows = ceil(len(grown) / 3)
    height = _TOP + _HEIGHT + 60 + 18 * rows
    font = 'font-family="sans-serif" font-size="12"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" {font}>',
        "<title>Time and memory by the size of the document</title>",
        f'<rect width="{width}" height="{height}" fill="#ffffff" />',
    ]
    for number, panel in enumerate(_PANELS):
        parts += _panel(panel, _LEFT + number * (_WIDTH + _GAP + 20), grown, sizes)
    parts += _legend(list(grown), _TOP + _HEIGHT + 60, width)
    return "\n".join([*parts, "</svg>", ""])


def _panel(panel: _Panel, left: int, grown: dict[str, Points], sizes: list[str]) -> list[str]:
    values = [point[panel.index] * panel.factor for points in grown.values() for point in points.values()]
    low, high = floor(log10(min(values))), ceil(log10(max(values)))
    high = max(high, low + 1)

    def x(size: str) -> float:
        return left + _WIDTH * sizes.index(size) / (len(sizes) - 1)  # the sizes are powers of ten apart

    def y(value: float) -> float:
        return _TOP + _HEIGHT * (1 - (log10(value) - low) / (high - low))

    parts = [f'<text x="{left}" y="{_TOP - 20}" font-size="14" font-weight="bold">{panel.title}</text>']
    for exponent in range(low, high + 1):
        at = y(10.0**exponent)
        parts.append(f'<path d="M{left} {at:.1f}h{_WIDTH}" stroke="#dddddd" />')
        label = panel.label(10.0**exponent)
        parts.append(f'<text x="{left - 8}" y="{at + 4:.1f}" text-anchor="end" fill="#555555">{label}</text>')
    below = f'y="{_TOP + _HEIGHT + 20}" text-anchor="middle" fill="#555555"'
    parts += [f'<text x="{x(size):.1f}" {below}>{size}</text>' for size in sizes]
    for name, points in grown.items():
        line = [(x(size), y(points[size][panel.index] * panel.factor)) for size in sizes if size in points]
        parts += _line(name, line)
    return parts


def _line(name: str, points: list[tuple[float, float]]) -> list[str]:
    path = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    dots = [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{_colour(name)}" />' for x, y in points]
    return [f'<path d="M{path}" {_stroke(name)}><title>{escape(name)}</title></path>', *dots]


def _colour(name: str) -> str:
    return _COLOURS.get(name.partition("/")[0], "#888888")


def _stroke(name: str) -> str:
    dash = _DASHES.get(name.partition("/")[2], _PEER_DASH)
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return f'fill="none" stroke="{_colour(name)}" stroke-width="2"{dashes}'


def _legend(names: list[str], top: int, width: int) -> list[str]:
    """Give the names in three columns, each with a piece of its line."""
    parts = []
    rows = ceil(len(names) / 3)
    for number, name in enumerate(names):
        left = _LEFT + (number // rows) * (width - _LEFT) // 3
        at = top + 18 * (number % rows)
        parts.append(f'<path d="M{left} {at}h30" {_stroke(name)} />')
        parts.append(f'<text x="{left + 38}" y="{at + 4}">{escape(name)}</text>')
    return parts
