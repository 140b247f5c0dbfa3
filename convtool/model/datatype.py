"""One simple type of data contracts: everything that varies with it is a column of its row.

A datatype's *value* is what a reader gives: int, bool, float, Decimal, bytes, or str. Types whose text would lose
something in a Python type (a DateTime has seven digits of a second, ``datetime`` holds six) have their XML text as
value. The rows are in ``datatypes``; a row without one of the columns that have no default cannot be made.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Mapping
    from random import Random

__all__ = ["Datatype", "same"]


def same(text: str) -> str:
    """Give a text as it is: the ``format`` of types whose value is their text in XML."""
    return text


class Datatype(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the table."""

    name: str
    key: str  # the type's name in XSD: {namespace}name; "" where it has none
    python: type
    what: str  # how a message speaks of a value of the type
    shown: str = ""  # how the tree of a contract calls the type; "": by its name
    default: Any  # default(T); None where T is a class
    bounds: tuple[int, int] | None = None
    # XML has the value as a record of these members, all required: their names and datatypes. ``python`` is then a
    # class of ``parts``; ``parse`` and ``format`` are about its one text, which JSON and forms have, and what they make
    # of each other is what .NET makes of the parts.
    parts: tuple[tuple[str, str], ...] = ()

    # --- XML ---
    parse: Callable[[str], Any]  # any text that XML Schema allows, its white space collapsed; raises LexicalError
    format: Callable[[Any], str]  # the wire form of a value
    # The wire form as a regular expression, up to ``bounds``: what matches is valid. Fast lanes are built from it. "":
    # any text is the value.
    pattern: str
    exact: bool = False  # what matches ``pattern`` is the value itself, and need not be parsed
    collapses: bool = True  # XML white space around the value is not part of it
    escaped: bool = True  # the wire form may hold what has to be escaped in XML
    kept: bool = True  # XML has the default although EmitDefaultValue=false: XmlFormatGeneratorStatics knows few types
    bare: bool = False  # a value without text is an element without content

    # The number by which the engine knows the rules, of a datatype or, where there are parts, of a kind of type, as
    # engine.c has them; None: it leaves the type alone.
    engine: int | None = None

    # --- JSON ---
    json_kind: str  # "integer", "number", "string" or "boolean"
    from_json: Callable[[str], Any] | None = None  # a lexeme (a number's token, a string's text); None: as ``parse``
    to_json: Callable[[Any], str] | None = None  # None: as ``format``
    json_words: tuple[str, ...] = ()  # texts in quotes that are the wire form of a number
    json_schema: Mapping[str, Any] = {}  # what JSON Schema says beside the kind and bounds
    json_default: bool = False  # Json.NET writes the default whatever EmitDefaultValue says
    from_key: Callable[[str], Any] | None = None  # a dictionary's key; None: as JSON's text
    to_key: Callable[[Any], str] | None = None

    # --- forms (application/x-www-form-urlencoded) ---
    from_form: Callable[[str], Any] | None = None  # None: as ``parse``
    to_form: Callable[[Any], str] | None = None  # None: as ``format``

    # --- what .NET does with other forms ---
    # What it reads where ``parse`` refuses: of XML's text, and of a JSON lexeme by the kind of JSON value it is.
    lenient_xml: Callable[[str], Any] | None = None
    lenient_json: Mapping[str, Callable[[str], Any]] = {}
    nullable_json: Callable[[str], None] | None = None  # raises where Json.NET has no nullable value of a number
    relaxed: str = "value.relaxed"  # the code of what .NET alone reads
    empty_is_null: bool = False  # to Json.NET, though the form in JSON is a text
    instant: Callable[[Any], Any] | None = None  # what values are compared by, where dates are compared as instants
    settle: Callable[[Any], Any] | None = None  # what it writes of the value after reading it; None: the same
    settle_xml: Callable[[Any], Any] | None = None  # the same, where it differs in XML alone
    # What it writes to XML of a value that came from JSON (or, False, from XML); LexicalError where it refuses what
    # XML Schema allows.
    written: Callable[[str, bool], str] | None = None
    decoded: bool = True  # msgspec makes the value of the text that the engine writes for it
    is_date: bool = False  # DateTime: many forms, rewritten in the server's zone
    may_be_day: bool = False  # a date alone is one of the forms
    silent: bool = False  # another text of the same value in JSON is not reported as a loss
    loses_scale: bool = False  # JSON adds .0 to a whole number
    loses_key: bool = False  # a dictionary's key has fewer digits than the value
    loses_white: bool = False  # XML Schema collapses white space that JSON keeps

    # --- samples, help pages, tests ---
    sample: Callable[[int, str], str]  # XML text of the help page's sample: by its number and the moment of all dates
    counted: bool = True  # the sample takes a number
    word: str  # what ASP.NET's help page calls the type
    read_word: bool = False  # the word, on a help page, is read as this type
    sample_form: re.Pattern[str] | None = None  # what the page's sample looks like, where it gives the type away
    realistic: tuple[Callable[[Random], Any], ...]  # styles, of which a member has one
    plain: tuple[Any, ...]  # values that nothing is special about
    corners: tuple[Any, ...]  # values at the ends of what there is
    wrong: tuple[str, ...]  # texts that are none of the type in any format

    @property
    def json_node(self) -> str:
        """The kind of JSON value that the wire form is: "number", "string" or "boolean"."""
        return "number" if self.json_kind == "integer" else self.json_kind

    @property
    def is_text(self) -> bool:
        """Whether any text is a value, as it stands."""
        return self.python is str and not self.pattern and not self.collapses

    @property
    def is_kept(self) -> bool:
        """Whether a value is its own text in XML."""
        return self.python is str and self.format is same

    def make_default(self) -> Any:
        """Give default(T), a value of its own where it can be changed."""
        return copy.copy(self.default)

    @property
    def is_class(self) -> bool:
        """Whether the type can be null in .NET without being Nullable<T>."""
        return self.default is None

    def read_json(self, lexeme: str) -> Any:
        """Give the value of a JSON lexeme of the type's own kind; LexicalError where it has none."""
        return (self.from_json or self.parse)(lexeme)

    def write_json(self, value: Any) -> str:
        """Give the JSON lexeme of a value (for strings the text, not yet quoted)."""
        return (self.to_json or self.format)(value)

    def read_key(self, text: str) -> Any:
        """Give the value of a dictionary's key in JSON; LexicalError where it has none."""
        return (self.from_key or self.from_json or self.parse)(text)

    def write_key(self, value: Any) -> str:
        """Give the text of a dictionary's key in JSON."""
        return (self.to_key or self.to_json or self.format)(value)

    def read_form(self, text: str) -> Any:
        """Give the value of a form's text; LexicalError where it has none."""
        return (self.from_form or self.parse)(text)

    def write_form(self, value: Any) -> str:
        """Give a value as it stands in a form."""
        return (self.to_form or self.format)(value)
