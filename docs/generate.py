"""Writes what the documents take from the program: ``python docs/generate.py``.

``diagnostics.md`` from the table of codes, which a test holds together; and for the site, whenever it is built, a page
for each code.
"""

from __future__ import annotations

from pathlib import Path

from convtool.codes import CODES, PROFILES, Code, severity

PATH = Path(__file__).with_name("diagnostics.md")
HEAD = """\
# Diagnostic codes

Every finding has a code, which means something in each profile: **strict** is what the schemas say, **dotnet** what
.NET's readers make of the payload. An *error* makes the payload invalid; a *warning* or a *notice* does not; where
there is a dash, the finding is not reported. `convtool explain CODE` says more about one of them, with an example.

A code with ↺ is a loss: after a conversion that reports it, converting back does not give the same document.
`--lossless` turns these into errors. Without any, it does: white space between elements, prefixes, the encoding and the
XML declaration are no content, and neither is the order of JSON's members.

This file is written by `python docs/generate.py` from `convtool/codes.py`.
"""
GROUPS = {
    "input": "The payload as a whole",
    "limit": "Limits",
    "xml": "XML",
    "json": "JSON",
    "form": "Forms",
    "root": "Which contract",
    "soap": "SOAP envelopes",
    "member": "Members",
    "nil": "Null",
    "attribute": "Attributes",
    "value": "Values",
    "type": "Types",
    "date": "Dates",
    "graph": "References",
    "capture": "Captures",
    "http": "Error responses",
    "loss": "What a conversion cannot keep",
    "verify": "Proof",
}


def text() -> str:
    """Give the document: a table for each group of codes."""
    parts = [HEAD]
    names = dict.fromkeys([*GROUPS, *(name.partition(".")[0] for name in CODES)])
    for group in names:
        rows = [row for name, row in CODES.items() if name.partition(".")[0] == group]
        if rows:
            parts.append(f"## {GROUPS.get(group, group.capitalize())}\n\n{_table(rows)}")
    return "\n".join(parts)


def _table(rows: list[Code]) -> str:
    lines = ["| code | strict | dotnet | what it is | what to do |", "| --- | --- | --- | --- | --- |"]
    for row in rows:
        cells = (f"`{row.name}`{' ↺' if row.loss else ''}", row.strict or "–", row.dotnet or "–", row.title, row.remedy)
        lines.append(f"| {' | '.join(_escaped(cell) for cell in cells)} |")
    return "\n".join(lines) + "\n"


def _escaped(text: str) -> str:
    """Keep Markdown from reading markup, or a cell's end, into a text."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("*", "\\*").replace("|", "\\|")


def page(row: Code) -> str:
    """Give the page of one code."""
    means = [f"| {profile} | {severity(row.name, profile) or 'not reported'} |" for profile in PROFILES]
    notes = []
    if row.loss:
        notes.append("A **loss**: converting back does not give the same document. With `--lossless` it is an error.")
    if row.per_member:
        notes.append("Reported once for each member, with a count.")
    prose = (row.title, row.meaning, *notes, f"**What to do.** {row.remedy}")
    return "\n\n".join(
        [
            f"# {row.name}",
            *(note if note in notes else _prose(note) for note in prose),
            "\n".join(["| profile | severity |", "| --- | --- |", *means]),
            f"An example:\n\n````text\n{row.example}\n````\n",
        ]
    )


def _prose(text: str) -> str:
    """Keep Markdown from reading markup into a sentence; what the table marks as bold stays so."""
    lead = "**What to do.** "
    marked = text.removeprefix(lead)
    return (lead if marked != text else "") + "".join(f"\\{c}" if c in "\\`*_{}[]<>#|$~" else c for c in marked)


def write_site(folder: Path) -> None:
    """Write the pages of codes into ``folder``/codes, and the list of them; pages of codes that went are removed."""
    pages = {f"{name}.md": page(row) for name, row in CODES.items()}
    listed = "\n".join(CODES)
    pages["index.md"] = (
        "# Codes, one by one\n\nThe table of all is in [diagnostic codes](../diagnostics.md).\n\n"
        f"```{{toctree}}\n:maxdepth: 1\n\n{listed}\n```\n"
    )
    target = folder / "codes"
    target.mkdir(exist_ok=True)
    for old in target.glob("*.md"):
        if old.name not in pages:
            old.unlink()
    for name, content in pages.items():
        path = target / name
        if not path.exists() or path.read_text(encoding="utf-8") != content:
            path.write_text(content, encoding="utf-8")


if __name__ == "__main__":
    PATH.write_text(text(), encoding="utf-8")
