"""The picture of an error in the README: what the program says of a sample, drawn as a terminal shows it."""

from __future__ import annotations

import os
import re
from pathlib import Path
from xml.sax.saxutils import escape

from click.testing import CliRunner

from convtool.cli.app import app

__all__ = ["PATH", "svg"]

HERE = Path(__file__).parent
PATH = HERE / "error.svg"
COMMAND = "convtool validate samples/invalid/ParamModel-member.order.xml"
_COLUMNS = 92
_WIDE, _HIGH, _MARGIN = 8.4, 20, 16  # of a character, a line, the edge
_STYLES = {"error": "#ff7b72", "carets": "#ff7b72", "prompt": "#7ee787", "plain": "#e6edf3"}
_MARKED = re.compile(r"(?P<error>(?<=: )error(?=: ))|(?P<carets>^ *\^+$)|(?P<prompt>^\$)")


def svg() -> str:
    """Give the picture."""
    before = Path.cwd()
    try:
        os.chdir(HERE.parent)
        told = CliRunner().invoke(app, COMMAND.split()[1:]).output
    finally:
        os.chdir(before)
    lines = [part for line in [f"$ {COMMAND}", *told.splitlines()] for part in _cut(line)]
    width, height = round(_COLUMNS * _WIDE + 2 * _MARGIN), len(lines) * _HIGH + 2 * _MARGIN
    rows = "\n".join(_row(line, _MARGIN + at * _HIGH + 15) for at, line in enumerate(lines))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" aria-label="convtool shows an error with its place, a caret and a hint">\n'
        f'<rect width="100%" height="100%" rx="8" fill="#0d1117"/>\n'
        f'<g font-family="ui-monospace, Menlo, Consolas, monospace" font-size="14" xml:space="preserve">\n{rows}\n'
        f"</g>\n</svg>\n"
    )


def _cut(line: str) -> list[str]:
    """Give the lines that a long one takes, which ends at a space."""
    if len(line) <= _COLUMNS:
        return [line]
    at = line.rfind(" ", 0, _COLUMNS)
    return [line[:at], *_cut(line[at + 1 :])]


def _row(line: str, y: int) -> str:
    """Give a line: each of its parts in a colour, at its column, so that any monospaced font will do."""
    parts, end = [], 0
    for match in _MARKED.finditer(line):
        parts += [(end, line[end : match.start()], "plain"), (match.start(), match[0], match.lastgroup or "plain")]
        end = match.end()
    parts.append((end, line[end:], "plain"))
    return "".join(
        f'<text x="{_MARGIN + (at + len(text) - len(text.lstrip())) * _WIDE:g}" y="{y}" fill="{_STYLES[style]}" '
        f'textLength="{len(text.strip()) * _WIDE:g}">{escape(text.strip())}</text>'
        for at, text, style in parts
        if text.strip()
    )
