"""Comments and processing instructions: reported, since neither format's wire form can hold them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from convtool.findings import Findings
    from convtool.formats.xml.syntax import Parser

__all__ = ["outside", "report"]

_NOTES = {
    "loss.comment": ("A comment is dropped.", len("<!--")),
    "loss.processing-instruction": ("A processing instruction is dropped, and .NET refuses it.", len("<?")),
}


def report(notes: list[tuple[str, int]], path: str, findings: Findings) -> None:
    """Report an element's comments and instructions, given as (code, offset)."""
    for code, at in notes:
        message, width = _NOTES[code]
        findings.add(code, message, (at, at + width), path)


def outside(parser: Parser, findings: Findings) -> None:
    """Report those seen so far before or after the root."""
    report(parser.outside, "/", findings)
    parser.outside.clear()
