"""Packages whose names load when they are used: what a command does not need costs its start nothing."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["lazily"]


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
