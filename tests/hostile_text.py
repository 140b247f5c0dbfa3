"""Text that comes from outside and would like to be more than text; and what text that is shown may have."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from convtool import shown

# Kinds of text by what they would do, all with a mark in front and behind that shows where it went.
KINDS = {
    "cursor": "\x1b[2J\x1b[31m",
    "title": "\x1b]0;pwned\x07",
    "link": "\x1b]8;;http://evil.example\x1b\\",
    "C1": "\x9b31m\x9d0;t\x9c\x90",
    "return": "\rconvtool: all is well",
    "newline": "\n::error file=x::forged",
    "newline and return": "\r\n::set-output name=x::y",
    "lines of Unicode": "\u2028::error::x\u2029::error::y\x85::error::z",
    "vertical": "\x0b::error::x\x0c::error::y\x1c::error::z",
    "backspace": "bad\b\b\bgood",
    "nul and delete": "\0\x7f",
    "shift": "\x0e\x0f",
    "bidi": "\u202egnp.\u202c\u2066\u2069\u200f\u061c",
    "zero width": "\u200b\u200d\u2060\ufeff\u00ad",
    "fillers": "\u3164\u115f\uffa0\u2800\u034f\ufe0f\U000e0101",
    "tags": "\U000e0041\U000e007f",
    "half characters": "\udfff\ud800",
    "noncharacters": "\ufffe\uffff\U0001ffff",
    "private": "\ue000\U0010fffd",
    "spaces": "\xa0\u2003\u3000",
    "command": "::error file=x::forged",
    "indented command": "  ::add-mask::x",
    "older command": "##[error]forged",
    "Azure's": "##vso[task.setvariable variable=x]y",
    "long": "y" * 300_000,
}
HOSTILE = pytest.mark.parametrize("text", KINDS.values(), ids=KINDS)
COMMANDS = re.compile(r"(?m)^\s*::|##[A-Za-z0-9_.-]*\[")


def check_text(written: str | bytes, begins: tuple[str, ...] = ()) -> None:
    """Assert that a text for people has only what is seen, is bounded, and that all of its lines are ours."""
    text = written if isinstance(written, str) else written.decode("utf-8", "strict")
    check_seen(text)
    for one in text.split("\n"):
        assert not begins or one.startswith(begins) or not one, one[:300]
    assert not COMMANDS.search(text), text[:300]
    assert len(text) < 60_000
    text.encode("utf-8")


def check_json(written: bytes | str) -> Any:
    """Assert that a JSON document shows nothing that is not seen; give what it says."""
    text = written if isinstance(written, str) else written.decode("utf-8", "strict")
    check_seen(text)
    return json.loads(text)


def check_seen(text: str) -> None:
    """Assert that a text has nothing in it that is not seen."""
    for one in text.split("\n"):
        assert one.isprintable(), ascii(one)[:300]
        assert not shown._UNSEEN.search(one), ascii(one)[:300]
