"""The regular expressions of the package: no round of a possessive group may fail behind what it has taken.

Python before 3.11.5, which Debian 12 has, stands behind that then, and not where the round began (CPython's issue
106052): ``(?:a(?!c))*+`` takes the ``a`` of ``ac``. An atomic group, ``(?>(?:…)*)``, is right everywhere.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from typing import TYPE_CHECKING, Any

import pytest

import convtool
from convtool._lazy import pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

MODULES = [
    found.name
    for found in pkgutil.walk_packages(convtool.__path__, "convtool.")
    if not found.name.endswith(("__main__", ".engine.engine"))  # a command; the library in C
]
_parser: Any = importlib.import_module("re._parser")
_LAZY = type(pattern(""))


def patterns(module: Any) -> Iterator[tuple[str, Any, int]]:
    """Yield the patterns that a module holds by name, compiled or not yet: their text and flags."""
    for name, value in vars(module).items():
        for one in _each(value):
            if isinstance(one, re.Pattern):
                yield name, one.pattern, one.flags
            elif isinstance(one, _LAZY):
                yield name, one.pattern, vars(one)["_flags"]


def _each(value: Any) -> Iterator[Any]:
    if isinstance(value, (tuple, list)):
        yield from value
    elif isinstance(value, dict):
        yield from value.values()
    else:
        yield value


def fails_late(tree: Any, *, within: bool = False) -> bool:
    """Tell whether a round of a possessive group may fail behind what it has taken with a repeat, or before a look."""
    taken = False
    for at, (code, argument) in enumerate(tree):
        name = str(code)
        repeat = name.endswith("_REPEAT")
        look = name.startswith("ASSERT") or name == "AT"
        may_fail = not (repeat and argument[0] == 0)
        if within and ((at and look) or (taken and may_fail) or (at and repeat and may_fail)):
            return True
        taken = taken or repeat
        group = name == "POSSESSIVE_REPEAT" and not _is_one(argument[2])
        if any(fails_late(part, within=within or group) for part in _parts(argument)):
            return True
    return False


def _is_one(tree: Any) -> bool:
    """Tell whether what is repeated is a single character, of which the engine takes care in another way."""
    return len(tree) == 1 and str(tree[0][0]) in ("LITERAL", "NOT_LITERAL", "ANY", "IN")


def _parts(argument: Any) -> Iterator[Any]:
    if isinstance(argument, _parser.SubPattern):
        yield argument
    elif isinstance(argument, (tuple, list)):
        for one in argument:
            yield from _parts(one)


@pytest.mark.parametrize("name", MODULES)
def test_no_round_of_a_possessive_group_fails_late(name: str) -> None:
    try:
        module = importlib.import_module(name)
    except ImportError as error:
        pytest.skip(f"needs an extra: {error.name}")
    found = patterns(module)
    assert [called for called, text, flags in found if fails_late(_parser.parse(text, flags & ~re.UNICODE))] == []


@pytest.mark.parametrize(
    ("text", "wrong"),
    [("(?:a|b.*?c)*+", True), ("(?:a(?!c))*+", True), ('(?:"[^"]*+"|x)*+', True), ("(?:a|b[x]++)*+", True),
     ("(?>(?:a|b.*?c)*)", False), (r'"(?:[^"\\]|\\.)*+"', False), ("(?:a{2})*+", False), ("[^*]*+(?=a)", False)],
)  # fmt: skip
def test_what_fails_late(text: str, wrong: bool) -> None:
    assert fails_late(_parser.parse(text)) is wrong
