"""The regular expressions of the package: within a possessive group nothing may be given back.

Python before 3.11.5, which Debian 12 has, goes wrong there (CPython's issue 106052), in silence.
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


def gives_back(tree: Any, *, within: bool = False) -> bool:
    """Tell whether a part of a possessive repeat may match in more than one length."""
    for code, argument in tree:
        name = str(code)
        if within and name in ("MAX_REPEAT", "MIN_REPEAT") and argument[0] != argument[1]:
            return True
        if any(gives_back(part, within=within or name == "POSSESSIVE_REPEAT") for part in _parts(argument)):
            return True
    return False


def _parts(argument: Any) -> Iterator[Any]:
    if isinstance(argument, _parser.SubPattern):
        yield argument
    elif isinstance(argument, (tuple, list)):
        for one in argument:
            yield from _parts(one)


@pytest.mark.parametrize("name", MODULES)
def test_no_possessive_group_gives_anything_back(name: str) -> None:
    try:
        module = importlib.import_module(name)
    except ImportError as error:
        pytest.skip(f"needs an extra: {error.name}")
    found = patterns(module)
    assert [called for called, text, flags in found if gives_back(_parser.parse(text, flags & ~re.UNICODE))] == []


@pytest.mark.parametrize(
    ("text", "wrong"), [("(?:a|b.*?c)*+", True), ("(?:a++|b[^c]*+c)*+", False), ("(?:a{2}b)++", False)]
)
def test_what_gives_something_back(text: str, wrong: bool) -> None:
    assert gives_back(_parser.parse(text)) is wrong
