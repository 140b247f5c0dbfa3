"""What is made when it is first used: what a command does not need costs its start nothing."""

from __future__ import annotations

import re
from importlib import import_module
from typing import TYPE_CHECKING, Any, AnyStr, cast

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["lazily", "pattern"]


def lazily(package: str, names: dict[str, str]) -> Callable[[str], Any]:
    """Give the ``__getattr__`` of a package: ``names`` has the submodule of each public name, or its whole path.

    No name may be that of a submodule, which takes its place in the package as soon as it is loaded.
    """
    where = {name: module for module, listed in names.items() for name in listed.split()}

    def load(name: str) -> Any:
        if name in where:
            module = where[name] if "." in where[name] else f"{package}.{where[name]}"
            return getattr(import_module(module), name)
        raise AttributeError(f"module {package!r} has no attribute {name!r}")

    return load


def pattern(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Give a regular expression that is compiled when it is first used, which most of a program's never are."""
    return cast("re.Pattern[AnyStr]", _Pattern(text, flags))


class _Pattern:
    """Stands for a compiled pattern, whose methods are its own from their first use on."""

    def __init__(self, text: str | bytes, flags: int) -> None:
        self.pattern = text
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        found = getattr(re.compile(self.pattern, self._flags), name)
        setattr(self, name, found)
        return found
