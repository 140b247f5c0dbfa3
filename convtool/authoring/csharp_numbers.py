"""Constant expressions of C# → whole numbers: what enumerations count with, ``1 << 4``, ``Red | Other.Blue``, ``'a'``.

Source: ECMA-334, Integer literals, Numeric promotions, Shift operators, The checked and unchecked operators, Constant
expressions, Enum members. Names are those of the enumeration, of other enumerations, of constants, and ``MaxValue`` and
``MinValue`` of .NET's own types. The work is bounded: numbers never leave 64 bits, each name is looked at once, and
what is nested too deeply, or leads back to itself, is not understood.
"""

from __future__ import annotations

import operator
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from convtool.authoring.csharp_tokens import unquoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from convtool.authoring.csharp import Declaration

__all__ = ["Numbers"]

_RANGES = {
    "sbyte": (-(1 << 7), (1 << 7) - 1), "byte": (0, (1 << 8) - 1), "short": (-(1 << 15), (1 << 15) - 1),
    "ushort": (0, (1 << 16) - 1), "char": (0, (1 << 16) - 1), "int": (-(1 << 31), (1 << 31) - 1),
    "uint": (0, (1 << 32) - 1), "long": (-(1 << 63), (1 << 63) - 1), "ulong": (0, (1 << 64) - 1),
}  # fmt: skip
_ALIASES = {
    "SByte": "sbyte", "Byte": "byte", "Int16": "short", "UInt16": "ushort", "Char": "char", "Int32": "int",
    "UInt32": "uint", "Int64": "long", "UInt64": "ulong",
}  # fmt: skip
_WIDE = {"int": "", "uint": "u", "long": "l", "ulong": "ul"}  # what operators work in, with the suffixes of literals
_LEVELS = {"|": 1, "^": 2, "&": 3, "<<": 4, ">>": 4, ">>>": 4, "+": 5, "-": 5, "*": 6, "/": 6, "%": 6}
_LITERAL = re.compile(r"(0x[0-9a-f_]{1,40}|0b[01_]{1,140}|[0-9][0-9_]{0,40})(u|l|ul|lu)?", re.IGNORECASE)
_CODE = re.compile(r"'\\[ux]([0-9A-Fa-f]{1,4})'")
_MOST_NESTED = 50  # parentheses and signs within each other, and names that stand for others
_OPERATORS: dict[str, Callable[[int, int], int]] = {
    "|": operator.or_, "^": operator.xor, "&": operator.and_, "+": operator.add, "-": operator.sub, "*": operator.mul,
    "/": lambda a, b: abs(a) // abs(b) * (-1 if (a < 0) != (b < 0) else 1),  # towards zero, as % is
    "%": lambda a, b: abs(a) % abs(b) * (-1 if a < 0 else 1),
}  # fmt: skip


class _NotUnderstood(Exception):
    """An expression that is more than whole numbers, or does not compile."""


@dataclass(frozen=True, slots=True)
class _Number:
    """A whole number and C#'s word for its type; of an enumeration the type beneath."""

    value: int
    kind: str


class Numbers:
    """The numbers of enumerations, which may name each other and the constants of any type that is declared."""

    def __init__(self, declared: Iterable[Declaration]) -> None:
        self._types: dict[str, Declaration] = {}
        for one in declared:
            self._types.setdefault(one.full_name, one)
        self._known: dict[tuple[str, int, str], _Number | None] = {}  # by type and name; None: not understood
        self._open: set[tuple[str, int, str]] = set()  # what is being looked at
        self._counted: dict[tuple[str, int], dict[str, tuple[str, Sequence[str], int]]] = {}  # by type, see _places

    def of(self, one: Declaration, name: str) -> int | None:
        """Give the number of a name of an enumeration; None where it is not understood."""
        try:
            return self._value(one, name).value
        except _NotUnderstood:
            return None

    # --- names ---

    def member(self, one: Declaration, name: str) -> _Number | None:
        """Give what a type has of a name: one of an enumeration, or a constant, a base's, too; None for none."""
        if one.kind == "enum":
            return self._value(one, name) if name in self._places(one) else None
        waiting, seen = [one], {one.full_name}
        while waiting:
            current = waiting.pop()
            if name in current.constants:
                written, expression = current.constants[name]
                return self._once(current, name, expression, self._kind(list(written), current))
            for base in current.bases:
                found = self.find(base.name.split("."), current)
                if found is not None and found.full_name not in seen:
                    seen.add(found.full_name)
                    waiting.append(found)
        return None

    def find(self, parts: Sequence[str], scope: Declaration) -> Declaration | None:
        """Find a declared type as C# resolves names: outwards from a type, then through ``using``."""
        name = _unaliased(parts, scope)
        for place in [*_around(scope.full_name), "", *(one for one in scope.usings if "=" not in one)]:
            found = self._types.get(f"{place}.{name}" if place else name)
            if found is not None:
                return found
        return None

    def named(self, parts: Sequence[str], scope: Declaration) -> _Number:
        """Give the number that a name stands for, as it is written within a type."""
        *qualifier, name = parts
        if qualifier:
            places = [self.find(qualifier, scope)]
        else:
            static = [one.removeprefix("static") for one in scope.usings if one.startswith("static")]
            places = [self._types.get(one) for one in [*_around(scope.full_name), *static]]
        for place in places:
            found = self.member(place, name) if place is not None else None
            if found is not None:
                return found
        kind = _built_in(qualifier)
        if kind is None or name not in ("MinValue", "MaxValue"):
            raise _NotUnderstood
        return _Number(_RANGES[kind][name == "MaxValue"], kind)

    def kind(self, parts: Sequence[str], scope: Declaration) -> str | None:
        """Give the type of numbers that a name is, or that is beneath the enumeration of that name; None for others."""
        found = self.find(parts, scope)
        if found is None:
            return _built_in(_unaliased(parts, scope).split("."))
        return _beneath(found) if found.kind == "enum" else None

    def _kind(self, written: list[str], scope: Declaration) -> str:
        found = self.kind([one for one in written if one not in (".", "::", "global")], scope) if written else None
        if found is None:
            raise _NotUnderstood
        return found

    # --- values ---

    def _places(self, one: Declaration) -> dict[str, tuple[str, Sequence[str], int]]:
        """Give for each name the name that it is counted from, the expression of that, and how far behind it stands."""
        key = one.full_name, one.parameters
        if key not in self._counted:
            places: dict[str, tuple[str, Sequence[str], int]] = {}
            first, expression, offset = "", ["0"], 0
            for value in one.values:
                if value.expression:
                    first, expression, offset = value.name, list(value.expression), 0
                places[value.name] = first, expression, offset
                offset += 1
            self._counted[key] = places
        return self._counted[key]

    def _value(self, one: Declaration, name: str) -> _Number:
        first, expression, offset = self._places(one)[name]
        kind = _beneath(one)
        return _within(self._once(one, first, expression, kind).value + offset, kind)

    def _once(self, one: Declaration, name: str, expression: Sequence[str], kind: str) -> _Number:
        """Give what an expression is, looked at once; what is open already leads back to itself."""
        key = one.full_name, one.parameters, name
        if key not in self._known:
            if key in self._open or len(self._open) >= _MOST_NESTED:
                raise _NotUnderstood
            self._open.add(key)
            try:
                self._known[key] = _within(_Expression(expression, one, self).whole().value, kind)
            except _NotUnderstood:
                self._known[key] = None
            finally:
                self._open.discard(key)
        found = self._known[key]
        if found is None:
            raise _NotUnderstood
        return found


class _Expression:
    """Reads an expression from left to right; ``checked``: a number out of its type's range is an error."""

    def __init__(self, tokens: Sequence[str], scope: Declaration, numbers: Numbers) -> None:
        self.tokens = tokens
        self.scope = scope
        self.numbers = numbers
        self.at = 0
        self.depth = 0
        self.checked = True

    def whole(self) -> _Number:
        """Give the number, of all tokens."""
        found = self._binary(1)
        if self.at < len(self.tokens):
            raise _NotUnderstood
        return found

    def _peek(self, further: int = 0) -> str:
        at = self.at + further
        return self.tokens[at] if at < len(self.tokens) else ""

    def _take(self, token: str) -> None:
        if self._peek() != token:
            raise _NotUnderstood
        self.at += 1

    def _operator(self) -> str:
        """Give the operator that comes next; tokens are of one character each."""
        sign = self._peek()
        while sign and sign[0] in "<>" and len(sign) < 3 and self._peek(len(sign)) == sign[0]:
            sign += sign[0]
        return sign

    def _binary(self, level: int) -> _Number:
        """Read operands with operators between them, those that bind at least as tightly as a level."""
        left = self._unary()
        while _LEVELS.get(sign := self._operator(), 0) >= level:
            self.at += len(sign)
            left = self._applied(sign, left, self._binary(_LEVELS[sign] + 1))
        return left

    def _unary(self) -> _Number:
        self.depth += 1
        if self.depth > _MOST_NESTED:
            raise _NotUnderstood
        found = self._signed()
        self.depth -= 1
        return found

    def _signed(self) -> _Number:
        sign = self._peek()
        if sign in ("-", "+", "~"):
            self.at += 1
            return self._turned(sign, self._unary())
        kind = self._cast() if sign == "(" else None
        if kind is not None:
            return self._fit(self._unary().value, kind)
        if sign in ("checked", "unchecked"):
            self.at += 1
            around, self.checked = self.checked, sign == "checked"
            found = self._grouped()
            self.checked = around
            return found
        return self._grouped() if sign == "(" else self._operand()

    def _grouped(self) -> _Number:
        self._take("(")
        found = self._binary(1)
        self._take(")")
        return found

    def _cast(self) -> str | None:
        """Read ``(int)`` where it is before an operand; None where it is no cast, and then nothing is read.

        Source: ECMA-334, Cast expressions: before a sign only what is a keyword is one.
        """
        start = self.at
        self.at += 1
        parts = self._name() if _is_word(self._peek()) else []
        kind = self.numbers.kind(parts, self.scope) if parts and self._peek() == ")" else None
        after = self._peek(1)
        operand = after[:1] in ("'", "(", "~") or after[:1].isdigit() or _is_word(after)
        if kind is None or not (operand or (after in ("-", "+") and parts[0] in _RANGES)):
            self.at = start
            return None
        self.at += 1
        return kind

    def _name(self) -> list[str]:
        """Read a name with its dots; an alias before ``::`` counts for nothing."""
        parts = [self._peek().lstrip("@")]
        self.at += 1
        while self._peek() in (".", "::") and _is_word(self._peek(1)):
            parts = [*(parts if self._peek() == "." else ()), self._peek(1).lstrip("@")]
            self.at += 2
        return parts

    def _operand(self) -> _Number:
        token = self._peek()
        if _is_word(token):
            return self.numbers.named(self._name(), self.scope)
        self.at += 1
        return _character(token) if token.startswith("'") else _literal(token)

    def _turned(self, sign: str, of: _Number) -> _Number:
        """Give what a sign makes of a number; the least numbers are the negatives of what a literal cannot be."""
        kind = of.kind if of.kind in _WIDE else "int"
        if sign == "~":
            return _Number(~of.value if kind in ("int", "long") else _RANGES[kind][1] - of.value, kind)
        if sign == "+":
            return _Number(of.value, kind)
        if kind == "uint":
            kind = "int" if of.value == 1 << 31 else "long"
        return self._fit(-of.value, "long" if kind == "ulong" else kind)

    def _applied(self, sign: str, left: _Number, right: _Number) -> _Number:
        if sign in ("<<", ">>", ">>>"):
            return _shifted(sign, left, right.value)
        if sign in ("/", "%") and not right.value:
            raise _NotUnderstood
        return self._fit(_OPERATORS[sign](left.value, right.value), _promoted(left, right))

    def _fit(self, value: int, kind: str) -> _Number:
        return _within(value, kind) if self.checked else _wrapped(value, kind)


def _around(name: str) -> Iterator[str]:
    """Yield a name with dots, and what is before each dot, the longest first."""
    while name:
        yield name
        name = name.rpartition(".")[0]


def _unaliased(parts: Sequence[str], scope: Declaration) -> str:
    """Give a name with what ``using A = B`` says of its first word in its place."""
    aliases = dict(one.split("=", 1) for one in scope.usings if "=" in one)
    name = ".".join([aliases.get(parts[0], parts[0]).removeprefix("global::"), *parts[1:]])
    return name.removeprefix("global.")


def _is_word(token: str) -> bool:
    return token[:1].isalpha() or token[:1] in ("_", "@")


def _built_in(parts: Sequence[str]) -> str | None:
    """Give C#'s word for a type of .NET's: ``int``, ``Int32``, ``System.Int32``."""
    name = parts[-1] if parts and list(parts[:-1]) in ([], ["System"]) else ""
    return name if name in _RANGES and len(parts) == 1 else _ALIASES.get(name)


def _beneath(one: Declaration) -> str:
    """Give the type beneath an enumeration."""
    return next(filter(None, (_built_in(base.name.removeprefix("global.").split(".")) for base in one.bases)), "int")


def _within(value: int, kind: str) -> _Number:
    least, most = _RANGES[kind]
    if not least <= value <= most:
        raise _NotUnderstood
    return _Number(value, kind)


def _wrapped(value: int, kind: str) -> _Number:
    least, most = _RANGES[kind]
    return _Number((value - least) % (most - least + 1) + least, kind)


def _promoted(left: _Number, right: _Number) -> str:
    """Give the type that an operator works in: a constant that is not negative goes with one that has no sign."""
    kinds = {left.kind, right.kind}
    signed = any(one.value < 0 for one in (left, right))
    if "ulong" in kinds:
        if signed:
            raise _NotUnderstood
        return "ulong"
    if "long" in kinds or ("uint" in kinds and signed):
        return "long"
    return "uint" if "uint" in kinds else "int"


def _shifted(sign: str, left: _Number, count: int) -> _Number:
    """Shift, by as many of the count's low bits as the type has: what goes over the top is lost, and no error."""
    kind = left.kind if left.kind in _WIDE else "int"
    bits = 64 if kind in ("long", "ulong") else 32
    count &= bits - 1
    if sign == ">>":
        return _Number(left.value >> count, kind)
    return _wrapped(left.value << count if sign == "<<" else left.value % (1 << bits) >> count, kind)


def _character(token: str) -> _Number:
    """Give the number of a character, which may be half of one."""
    code = _CODE.fullmatch(token)
    text = chr(int(code[1], 16)) if code else unquoted(f'"{token[1:-1]}"')
    if len(text) != 1:
        raise _NotUnderstood
    return _within(ord(text), "char")


def _literal(token: str) -> _Number:
    """Give the number of a literal, of the first type that has it and what its suffix says."""
    found = _LITERAL.fullmatch(token)
    if found is None:
        raise _NotUnderstood
    digits, suffix = found[1].lower().replace("_", ""), (found[2] or "").lower()
    base = {"0x": 16, "0b": 2}.get(digits[:2], 10)
    try:
        value = int(digits[2:] if base != 10 else digits, base)
    except ValueError:  # underscores alone
        raise _NotUnderstood from None
    fitting = (one for one, own in _WIDE.items() if set(suffix) <= set(own) and value <= _RANGES[one][1])
    kind = next(fitting, None)
    if kind is None:
        raise _NotUnderstood
    return _Number(value, kind)
