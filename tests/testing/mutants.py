"""Planted bugs: each changes one function or table of the readers and writers, as a slip would."""

from __future__ import annotations

import re
import unicodedata
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

import convtool.formats.json.reader
import convtool.formats.json.syntax
import convtool.formats.json.writer
import convtool.formats.lane
import convtool.formats.leaf
import convtool.formats.markup
import convtool.formats.xml.reader
import convtool.formats.xml.syntax
import convtool.formats.xml.writer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["MUTANTS", "Mutant"]

formats = convtool.formats
UNSET = msgspec.UNSET


@dataclass(frozen=True)
class Mutant:
    """A bug: what it is, where it is planted, and the format of the payloads that show it."""

    name: str
    format: str
    place: Any
    attribute: str
    change: Callable[[Any], Any]

    @contextmanager
    def planted(self) -> Iterator[None]:
        """Plant the bug for the block, in which the careful lane reads and writes alone: it is where the bugs are."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(formats.lane.Lane, "engine", lambda _: None)
            patch.setattr(self.place, self.attribute, self.change(getattr(self.place, self.attribute)))
            yield


def result(change: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Change what a function gives."""
    return lambda original: lambda *arguments, **options: change(original(*arguments, **options))


def if_text(change: Callable[[str], str]) -> Callable[[Any], Any]:
    return result(lambda value: change(value) if isinstance(value, str) else value)


def swap_first_two(values: Any) -> Any:
    return [values[1], values[0], *values[2:]] if isinstance(values, list) and len(values) > 1 else values


def normalised(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def lf_for_cr(text: str) -> str:
    return text.replace("\r", "\n")


def without_cr(escapes: dict[int, str]) -> dict[int, str]:
    return {code: text for code, text in escapes.items() if code != 13}


def absent_is_null(value: Any) -> Any:
    if not isinstance(value, msgspec.Struct):
        return value
    return type(value)(*[None if one is UNSET else one for one in msgspec.structs.astuple(value)])


def nothing_for_nil(original: Any) -> Any:
    return lambda self, member, value, *rest: None if value is None else original(self, member, value, *rest)


def overflow(value: Any) -> Any:
    return -(2**31) if value == 2**31 - 1 else value


def drop_references(original: Any) -> Any:
    return lambda self, name, parameter: None if name.startswith("_") else original(self, name, parameter)


def six_digits(text: str) -> str:
    return re.sub(r"(\.[0-9]{6})[0-9]+", r"\1", text)


MUTANTS = [
    Mutant("members swapped", "xml", formats.xml.reader.Reader, "members", result(swap_first_two)),
    Mutant("nil lost by the writer", "xml", formats.xml.writer._Content, "member", nothing_for_nil),
    Mutant("nil read as absent", "xml", formats.xml.reader.Reader, "_nil", result(lambda _: UNSET)),
    Mutant("white space trimmed", "xml", formats.xml.reader.Reader, "_text", if_text(str.strip)),
    Mutant("six digits of a second", "xml", formats.leaf, "date_value", if_text(six_digits)),
    Mutant("&#xD; read as LF", "xml", formats.xml.reader.Reader, "_text", if_text(lf_for_cr)),
    Mutant("CR written as it is", "xml", formats.markup, "_ESCAPES", without_cr),
    Mutant("control characters dropped", "xml", formats.xml.syntax.Parser, "_skipped", drop_references),
    Mutant("an empty list read as null", "xml", formats.xml.reader.Reader, "_array",
           result(lambda items: items or None)),
    Mutant("texts normalised", "json", formats.json.syntax.Parser, "_string", if_text(normalised)),
    Mutant("the largest integer overflows", "json", formats.json.reader.Reader, "_from_text", result(overflow)),
    Mutant("absent read as null", "json", formats.json.reader.Reader, "_record", result(absent_is_null)),
    Mutant("halves of a pair not joined", "json", formats.json.syntax, "_SURROGATES", lambda _: re.compile("(?!)")),
    Mutant("line separators not escaped", "json", formats.json.writer, "_SEPARATORS", lambda _: ()),
]  # fmt: skip
