"""Packages that only some captures need: imported when they are, and named where they are not installed."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from convtool.errors import SourceError

__all__ = ["load_extra"]


def load_extra(module: str, extra: str) -> Any:
    """Give a module; SourceError, which says how to install it, where it is missing."""
    try:
        return import_module(module)
    except ImportError as error:
        missing = error.name or module
        message = f"this needs the package {missing!r}, which is not installed: pip install 'convtool[{extra}]'"
        raise SourceError(message) from None
