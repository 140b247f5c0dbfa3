"""The documents' names and files.

A document is named by its content, layout and size (``typical-wire-20M``); the files' names say seed and version too,
so that a changed generator makes new files. Sizes are those of the XML in the wire form. Beside each document stand
the wire forms that a conversion of it must give, byte for byte.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

__all__ = ["FOLDER", "FORMATS", "SEED", "Document"]

VERSION = 1  # of what is made; raise it with every change to records, layouts or framing
SEED = 20260322
FOLDER = Path(__file__).parent / "data"
FORMATS = ("xml", "json")
_UNITS = {"K": 1000, "M": 1000_000}


@dataclass(frozen=True, slots=True)
class Document:
    """One document in both formats; ``size`` reads like ``20M``."""

    content: str
    layout: str
    size: str

    @classmethod
    def named(cls, name: str) -> Document:
        """Give the document of a name like ``typical-wire-20M``."""
        content, layout, size = name.split("-")
        return cls(content, layout, size)

    @property
    def name(self) -> str:
        """Content, layout and size in one word."""
        return f"{self.content}-{self.layout}-{self.size}"

    @property
    def target(self) -> int:
        """The size asked for, in bytes; the files come out a little larger."""
        return int(self.size[:-1]) * _UNITS[self.size[-1]]

    def path(self, form: str) -> Path:
        """Give the file of one format, in this layout."""
        return FOLDER / f"{self.name}-s{SEED}-v{VERSION}.{form}"

    def expected(self, form: str) -> Path:
        """Give the file that converting to the format must reproduce."""
        return Document(self.content, "wire", self.size).path(form)
