"""Writes what the documents take from the program: ``python docs/generate.py``.

``diagnostics.md`` from the table of codes, ``options.md`` and the manual page from the commands, schemas for editors
from the tables of the readers: tests hold them together. For the site, whenever it is built, a page for each code.
"""

from __future__ import annotations

from pathlib import Path

import editors
import manual
import picture

from convtool.cli.app import app
from convtool.cli.gaps import WORDS, commands, has, why
from convtool.cli.grammar import Option
from convtool.cli.options import OPTIONS
from convtool.codes import CODES, PROFILES, Code, severity

PATH = Path(__file__).with_name("diagnostics.md")
OPTIONS_PATH = Path(__file__).with_name("options.md")
HEAD = """\
# Diagnostic codes

Every finding has a code, which means something in each profile: **strict** is what the schemas say, **dotnet** what
.NET's readers make of the payload. An *error* makes the payload invalid; a *warning* or a *notice* does not; where
there is a dash, the finding is not reported. `convtool explain CODE` says more about one of them, with an example.

A code with ↺ is a loss: after a conversion that reports it, converting back does not give the same document.
`--lossless` turns these into errors. A conversion that reports none can be undone: white space between elements,
prefixes, the encoding and the XML declaration are no content, and neither is the order of JSON's members.

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
    "change": "Versions of a contract",
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
        first, *others = map(_escaped, cells)
        anchor = f'<a id="{row.name}"></a>'  # that SARIF's rules lead to
        lines.append(f"| {' | '.join([f'{first} {anchor}', *others])} |")
    return "\n".join(lines) + "\n"


def _escaped(text: str) -> str:
    """Keep Markdown from reading markup, or a cell's end, into a text."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("*", "\\*").replace("|", "\\|")


def page(row: Code) -> str:
    """Give the page of one code."""
    means = [f"| {profile} | {severity(row.name, profile) or 'not reported'} |" for profile in PROFILES]
    prose = [_prose(text) for text in (row.title, row.meaning, *row.notes)]
    return "\n\n".join(
        [
            f"# {row.name}",
            *prose,
            f"**What to do.** {_prose(row.remedy)}",
            "\n".join(["| profile | severity |", "| --- | --- |", *means]),
            f"An example:\n\n````text\n{row.example}\n````\n",
        ]
    )


def _prose(text: str) -> str:
    """Keep Markdown from reading markup into a sentence."""
    return "".join(f"\\{c}" if c in "\\`*_{}[]<>#|$~" else c for c in text)


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


# --- options ---------------------------------------------------------------------------------------------------------

OPTIONS_HEAD = """\
# Options that commands share

The same word means the same thing on every command. The table says which command has which of these words; where one
has not, the number is that of the reason below. `convtool COMMAND --help` explains them, `convtool COMMAND -h` is its
short form.

This file is written by `python docs/generate.py` from the commands themselves.
"""


def options_text() -> str:
    """Give the document: the table of common words, why there are gaps, and each command."""
    found = list(commands(app))
    reasons: dict[str, int] = {}
    rows = []
    for name, command in found:
        cells = []
        for word in WORDS:
            reason = "" if has(command, word) else why(name, word)
            number = reasons.setdefault(reason, len(reasons) + 1) if reason else 0
            cells.append("✓" if has(command, word) else str(number) if number else "?")
        rows.append(f"| `{name}` | {' | '.join(cells)} |")
    head = f"| | {' | '.join(f'`{word}`' for word in WORDS)} |\n|---|{':-:|' * len(WORDS)}"
    why_not = "\n".join(f"{number}. {reason[0].upper()}{reason[1:]}." for reason, number in reasons.items())
    parts = [OPTIONS_HEAD, f"{head}\n" + "\n".join(rows) + "\n", f"## Why not\n\n{why_not}\n", _old_words()]
    return "\n".join(parts)


def _old_words() -> str:
    rows = [f"`{old}` is `{row.names[0]}`" for row in OPTIONS.values() for old in row.old]
    rows += [
        f"`{name}` of `{command}` is `{option.shown[0]}`"
        for command, made in commands(app)
        for option in made.params
        if isinstance(option, Option)
        for name in option.opts
        if name not in option.shown and name not in [old for row in OPTIONS.values() for old in row.old]
    ]
    return f"Words of earlier versions still work, and are not shown: {', '.join(rows)}.\n"


if __name__ == "__main__":
    for path, content in editors.documents().items():
        path.write_text(content, encoding="utf-8")
    picture.PATH.write_text(picture.svg(), encoding="utf-8")
    manual.PATH.write_text(manual.text(), encoding="utf-8")
    OPTIONS_PATH.write_text(options_text(), encoding="utf-8")
    PATH.write_text(text(), encoding="utf-8")
