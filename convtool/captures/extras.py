"""Packages that only some captures need: imported when they are, and named where they are not installed."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from convtool._version import install
from convtool.errors import SourceError

__all__ = ["load_extra", "missing"]


def load_extra(module: str, extra: str) -> Any:
    """Give a module; SourceError, which says how to install it, where it is missing."""
    try:
        return import_module(module)
    except ImportError as error:
        raise missing(error, extra) from None


def missing(error: ImportError, extra: str) -> SourceError:
    """Give the error that says which package is missing, and how to install it."""
    return SourceError(f"this needs the package {error.name!r}, which is not installed", hint=install(extra))
