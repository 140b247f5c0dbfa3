"""Why a command does not have a word that others have: the table of docs/options.md has these beside its gaps.

A word that a command neither has nor explains here fails the tests, and so does a command that is not listed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["GAPS", "WORDS", "commands", "has", "why"]

# The words that mean the same everywhere, in the order of the table.
WORDS = (
    "-o", "--overwrite", "--from", "--to", "--profile", "--contract", "--depth", "--output-format", "--pretty", "-q",
    "-v", "--schemas", "--report", "--jobs",
)  # fmt: skip

_NO_PAYLOAD = "it reads no payload"
_WRITES_NONE = "it writes no payload"
_MAKES = "it makes contracts, out of what is named"
_ONE = "its work is one piece"
_SERVES = "it answers requests until it is ended"
_NO_FILE = "it writes no file"

# What commands have nothing to do with that are about contracts, codes or words, not about payloads.
_ABOUT = {
    "--from": _NO_PAYLOAD,
    "--to": _WRITES_NONE,
    "--profile": _NO_PAYLOAD,
    "--contract": "it is about all contracts, or none",
    "--depth": _NO_PAYLOAD,
    "--pretty": _WRITES_NONE,
    "--report": "no payload is judged: its result is all there is to tell",
    "--jobs": _ONE,
}
_NAMED = {word: reason for word, reason in _ABOUT.items() if word != "--contract"}
_MAKING = {**_ABOUT, "--output-format": "its result is files, whose names it prints", "--schemas": _MAKES}

# By command, the words that it has not, and why. Every command has a line: a new one says here what it leaves out.
GAPS: dict[str, dict[str, str]] = {
    "convert": {"--output-format": "its result is the payload; --report writes what came of each"},
    "validate": {"--to": _WRITES_NONE, "--pretty": _WRITES_NONE},
    "compare": {
        "--to": _WRITES_NONE,
        "--pretty": _WRITES_NONE,
        "--report": "its result tells the differences, and --output-format json tells them as data",
        "--jobs": _ONE,
    },
    "extract": {
        "--from": "bodies say themselves what they are",
        "--report": "`convtool validate CAPTURE --report FILE` judges the same bodies",
        "--jobs": "a capture is read in one piece",
    },
    "contracts": {**_ABOUT, "--contract": "`convtool contracts NAME` names it"},
    "contracts derive": _MAKING,
    "contracts check": _ABOUT,
    "contracts from-help": _MAKING,
    "contracts from-openapi": _MAKING,
    "contracts from-samples": {
        **{word: reason for word, reason in _MAKING.items() if word != "--contract"},
        "--from": "samples say themselves what they are",
        "--profile": "samples are what there is: no schema is there to judge them by",
        "--depth": "samples may have the 64 levels that payloads may have",
    },
    "contracts diff": {
        **{word: reason for word, reason in _ABOUT.items() if word != "--report"},
        "--schemas": "OLD and NEW name the folders",
    },
    "contracts operations": {
        **_ABOUT,
        "--output-format": "its result is TOML",
        "--from": "bodies say themselves what they are",
        "--contract": "contracts are recognised",
    },
    "contracts stubs": {**_NAMED, "--output-format": "its result is Python"},
    "sample": {
        **{word: reason for word, reason in _NAMED.items() if word not in ("--to", "--pretty")},
        "--profile": "a sample is what .NET writes, and the same in both",
        "--output-format": "its result is the payload, in the format of --to",
    },
    "open": {
        "-o": _SERVES,
        "--overwrite": _NO_FILE,
        "--to": "it shows the other format",
        "--profile": "it shows what both profiles say",
        "--output-format": "its result is a page",
        "--pretty": "the page has a switch for it",
        "--report": "`convtool validate FILE --report REPORT` writes what the page shows",
        "--jobs": "the page looks at one payload at a time",
    },
    "serve": {
        "-o": _SERVES,
        "--overwrite": _NO_FILE,
        "--from": "a request's Content-Type says it",
        "--to": "a request's Accept says it",
        "--contract": "`operations.toml` says it for each operation",
        "--depth": "requests may have the 64 levels that payloads may have",
        "--output-format": "it answers as the API does",
        "--pretty": "it answers in the wire form, as the API does",
        "--report": "what was requested is at `/_convtool/requests`",
        "--jobs": "it answers several requests at a time, in one process",
    },
    "explain": {**_ABOUT, "--schemas": "codes are the same for all contracts"},
    "config": {**_ABOUT, "--schemas": "it says which folder of schema files is in force"},
    "completion": {
        **_ABOUT,
        "--output-format": "its result is a shell's script",
        "--schemas": "the script asks for the contracts that are in force",
    },
    "help": {**_ABOUT, "--output-format": "its result is text", "--schemas": "commands are the same for all contracts"},
}


def commands(group: click.Group, before: str = "") -> Iterator[tuple[str, click.Command]]:
    """Yield each command that is shown, with its words; a group that is a command, too, comes before its own."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is None or command.hidden:
            continue
        words = f"{before}{name}"
        if not isinstance(command, click.Group) or command.invoke_without_command:
            yield words, command
        if isinstance(command, click.Group):
            yield from commands(command, f"{words} ")


def has(command: click.Command, word: str) -> bool:
    """Tell whether a command has a word."""
    return any(word in option.opts for option in command.params)


def why(command: str, word: str) -> str:
    """Give why a command does not have a word; nothing where nobody has said it."""
    return GAPS.get(command, {}).get(word, "")
