"""Types as C# source writes them: ``Dictionary<string, int?>[]`` → a tree of names; and the numbers of enumerations.

Both are read from tokens, which ``csharp`` makes.
"""

from __future__ import annotations

import ast
import operator
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["ARRAY", "NULLABLE", "Reference", "number_of", "read_reference", "without_modifiers"]

ARRAY = "[]"  # what a reference to an array is named, whose argument is the element's type
NULLABLE = "?"
_MODIFIERS = frozenset({
    "public", "private", "protected", "internal", "static", "readonly", "const", "volatile", "virtual", "override",
    "abstract", "sealed", "new", "required", "unsafe", "extern", "partial", "ref", "event",
})  # fmt: skip
_OPERATORS: dict[type[ast.operator], Callable[[int, int], int]] = {
    ast.BitOr: operator.or_, ast.BitAnd: operator.and_, ast.BitXor: operator.xor, ast.LShift: operator.lshift,
    ast.RShift: operator.rshift, ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul,
}  # fmt: skip
_UNARY: dict[type[ast.unaryop], Callable[[int], int]] = {
    ast.USub: operator.neg, ast.UAdd: operator.pos, ast.Invert: operator.invert,
}  # fmt: skip
_MOST_BITS = 64


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


def number_of(expression: Sequence[str], known: dict[str, int]) -> int | None:
    """Give the number that an expression of an enumeration stands for (``Read | 1 << 4``), by the names before it.

    None where it is more than numbers, names and operators of bits.
    """
    text = " ".join(_plain(token) for token in expression)
    try:
        with warnings.catch_warnings(action="ignore"):  # Python's, of ``1or``
            return _value(ast.parse(text, mode="eval").body, known)
    except (SyntaxError, ValueError, KeyError, TypeError, RecursionError, MemoryError):
        return None


def _plain(token: str) -> str:
    """Give a token as Python has it: a number without its suffix."""
    if not token[:1].isdigit():
        return token.lstrip("@")
    return token.lower().rstrip("ul")


def _value(node: Any, known: dict[str, int]) -> int:
    match node:
        case ast.Constant(value=int() as value):
            return value
        case ast.Name(id=name):
            return known[name]
        case ast.Attribute(attr=name):  # with the enumeration's own name before it
            return known[name]
        case ast.UnaryOp(op=sign, operand=inner):
            return _UNARY[type(sign)](_value(inner, known))
        case ast.BinOp(left=left, op=sign, right=right):
            first, second = _value(left, known), _value(right, known)
            if isinstance(sign, (ast.LShift, ast.RShift)) and not 0 <= second < _MOST_BITS:
                raise ValueError("no shift of a number of 64 bits")
            return _OPERATORS[type(sign)](first, second)
    raise ValueError("more than a number")
