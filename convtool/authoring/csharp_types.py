"""Types as C# source writes them: ``Dictionary<string, int?>[]`` → a tree of names, read from tokens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["ARRAY", "NULLABLE", "Reference", "read_reference", "without_modifiers"]

ARRAY = "[]"  # what a reference to an array is named, whose argument is the element's type
NULLABLE = "?"
_MODIFIERS = frozenset({
    "public", "private", "protected", "internal", "static", "readonly", "const", "volatile", "virtual", "override",
    "abstract", "sealed", "new", "required", "unsafe", "extern", "partial", "ref", "event",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reference:
    """A type as it is written: its name, dots included, and its arguments, those of the types around it first.

    ``T[]`` and ``T?`` are named ``ARRAY`` and ``NULLABLE``, with T as the one argument.
    """

    name: str
    arguments: tuple[Reference, ...] = ()


def without_modifiers(tokens: Sequence[str]) -> list[str]:
    """Give the tokens of a declaration's head behind the modifiers: the type, then the name."""
    at = 0
    while at < len(tokens) and tokens[at] in _MODIFIERS:
        at += 1
    return list(tokens[at:])


def read_reference(tokens: Sequence[str], at: int = 0) -> tuple[Reference | None, int]:
    """Read a type that begins at a place; give it and the place behind it. None where none begins there."""
    if at >= len(tokens) or not _is_word(tokens[at]):
        return None, at
    name, arguments = tokens[at].lstrip("@"), []
    at += 1
    while at < len(tokens):
        if tokens[at] in (".", "::") and at + 1 < len(tokens):
            after = tokens[at + 1].lstrip("@")
            name = after if tokens[at] == "::" else f"{name}.{after}"
            at += 2
        elif tokens[at] == "<":
            more, at = _arguments(tokens, at + 1)
            arguments.extend(more)
        else:
            break
    found = Reference(name, tuple(arguments))
    while at < len(tokens) and tokens[at] in ("?", "["):
        suffix = NULLABLE
        if tokens[at] == "[":
            end = at + 1
            while end < len(tokens) and tokens[end] == ",":
                end += 1
            suffix = "[" + "," * (end - at - 1) + "]"
            at = end
        found = Reference(suffix, (found,))
        at += 1
    return found, at


def _arguments(tokens: Sequence[str], at: int) -> tuple[list[Reference], int]:
    """Read the types between ``<`` and ``>``; an unnamed one, as in ``typeof(List<>)``, is left out."""
    found: list[Reference] = []
    while at < len(tokens) and tokens[at] != ">":
        one, after = read_reference(tokens, at)
        if one is not None:
            found.append(one)
        at = max(after, at + 1) if one is None else after
    return found, at + 1


def _is_word(token: str) -> bool:
    return token[:1].isalpha() or token[:1] in ("_", "@") or token[:1] > "\x7f"
