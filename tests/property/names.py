"""Names for types, members and values of enumerations: plain ones first, then whatever has ever been taken for another.

All are names of XML 1.0 in its fourth edition, which is .NET's: no others can be members of a data contract.
"""

from __future__ import annotations

from hypothesis import strategies as st

__all__ = ["NAMES", "members", "names"]

_PLAIN = ("A", "B", "C", "D", "Id", "Name", "Key", "Value", "Items", "Montant", "Debut", "Ligne")
_CASES = ("a", "b", "id", "ID", "iD", "NAME", "name", "Straße", "STRASSE", "\u0130d", "\u0131d", "\u212aey")
_ACCENTS = (
    "Élément", "\u00e9t\u00e9", "e\u0301te\u0301",  # the same to the eye, composed or not
    "ή", "\u1f75",  # both are ή; so are the next two Å, and the two under a dot, to Python's identifiers
    "Å", "\u212b", "\u1e61", "\u1e9b",
    "名前", "Имя", "ñ", "Ω", "\u2126",
)  # fmt: skip
_PUNCTUATED = (
    "a-b", "a_b", "a.b", "a\u00b7b", "a_-b", "_", "__", "_1", "_x0031_", "A.B.C", "x-", "x.", "x_",
    "\u00c0\u00b7",
)  # fmt: skip
_PYTHON = (
    "class", "def", "None", "True", "self", "cls", "print", "match", "type", "int", "str", "lambda", "async",
    "__init__", "__slots__", "__class__", "__dict__", "__eq__", "__doc__", "__name__", "__module__", "__reduce__",
    "__hash__", "__new__", "__del__", "__getattr__", "__annotations__", "__match_args__", "__post_init__",
    "__struct_fields__", "__struct_config__", "__rich_repr__", "__copy__", "__debug__", "__call__", "__len__",
)  # fmt: skip
_GENERATED = (
    "value", "counts", "m0_1", "m0_0", "m1_0", "item0", "item", "UNSET", "Miss", "text", "at", "form3", "form4", "walk",
    "read", "write", "data", "match", "out", "found", "scope", "append", "field0", "field_0", "f0", "_0", "_f0", "get",
    "i", "z", "xmlns", "nil", "d2p1", "q1", "tns", "xs", "json", "types", "keys", "values", "OffsetMinutes",
)  # fmt: skip
NAMES = tuple(dict.fromkeys((*_PLAIN, *_CASES, *_ACCENTS, *_PUNCTUATED, *_PYTHON, *_GENERATED)))


def names() -> st.SearchStrategy[str]:
    """Give names, each kind as often as the others; they shrink to a single letter."""
    return st.one_of(*map(st.sampled_from, (_PLAIN, _CASES, _ACCENTS, _PUNCTUATED, _PYTHON, _GENERATED)))


# Names that are told apart by people, by .NET or by XML, and not by everybody else.
_KIN = (
    ("ή", "\u1f75"), ("Å", "\u212b"), ("\u1e61", "\u1e9b"), ("Ω", "\u2126"), ("\u00e9t\u00e9", "e\u0301te\u0301"),
    ("a-b", "a_b"), ("a.b", "a_b"), ("a\u00b7b", "a.b"), ("x-", "x_"), ("id", "ID", "iD"), ("Straße", "STRASSE"),
    ("class", "class_"), ("A", "_0"), ("_1", "_0"), ("m0_0", "m0_1", "value"),
)  # fmt: skip


def members() -> st.SearchStrategy[list[str]]:
    """Give the names of a record's members, no two of which are the same text."""
    free = st.integers(0, 4).flatmap(lambda least: st.lists(names(), min_size=least, max_size=5, unique=True))
    return st.one_of(free, free, st.builds(_with, st.sampled_from(_KIN), free))


def _with(close: tuple[str, ...], more: list[str]) -> list[str]:
    return [*dict.fromkeys([*close, *more[:3]])]
