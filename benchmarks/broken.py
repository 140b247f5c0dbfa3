"""Plants one error of each kind into a good document: at the first, a middle and the last record, in both formats.

Every path that is timed must first refuse all of them: a path that is faster than parsing allows has skipped something.
The plants are found by patterns in the text of one record, so they work on the wire form and on indented documents.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lxml import etree

from benchmarks.data import text
from benchmarks.documents import Document
from benchmarks.shape import CONTRACT, RECORD, SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["PLACES", "Plant", "plants", "unbroken"]

PLACES = ("first", "middle", "last")

#: Takes the text and the bounds of a record; gives the broken text, or None if this record has no place for the error.
Edit = Callable[[str, int, int], str | None]


@dataclass(frozen=True, slots=True)
class Plant:
    """A broken document: what is wrong, where, in which format and layout."""

    form: str
    layout: str
    kind: str
    place: str
    data: bytes

    def __str__(self) -> str:
        return f"{self.form}, {self.layout}: {self.kind} at the {self.place} record"


def _swap(pattern: str, replacement: str) -> Edit:
    """Break a record by replacing the first match of a pattern in it."""
    compiled = re.compile(pattern)

    def edit(text: str, start: int, end: int) -> str | None:
        record, found = compiled.subn(replacement, text[start:end], count=1)
        return text[:start] + record + text[end:] if found else None

    return edit


def _cut(text: str, start: int, end: int) -> str:
    """End the document in the middle of the record."""
    return text[: (start + end) // 2]


def _append(extra: str) -> Edit:
    """Add something after the document's end."""

    def edit(text: str, _start: int, _end: int) -> str:
        return text + extra

    return edit


_X_INT = r"<ProduitId>\d+</ProduitId>"
_X_NAME = r"<NomProduit>[^<]+</NomProduit>"
_X_DATE = r"<DateDossier>[^<]+</DateDossier>"
_X_DEEP = r"<Quantite>-?\d+</Quantite>"
_XML: dict[str, Edit] = {
    "wrong integer": _swap(_X_INT, "<ProduitId>12x</ProduitId>"),
    "wrong integer deep down": _swap(_X_DEEP, "<Quantite>douze</Quantite>"),
    "integer with underscore": _swap(_X_INT, "<ProduitId>1_0</ProduitId>"),
    "underscore deep down": _swap(_X_DEEP, "<Quantite>1_0</Quantite>"),
    "integer overflow": _swap(_X_INT, "<ProduitId>2147483648</ProduitId>"),
    "overflow deep down": _swap(_X_DEEP, "<Quantite>-2147483649</Quantite>"),
    "fraction": _swap(_X_INT, "<ProduitId>3.0</ProduitId>"),
    "exponent": _swap(_X_INT, "<ProduitId>1e2</ProduitId>"),
    "digits of another script": _swap(_X_INT, "<ProduitId>١٢</ProduitId>"),
    "empty integer": _swap(_X_INT, "<ProduitId></ProduitId>"),
    "nil integer": _swap(_X_INT, '<ProduitId i:nil="true" />'),
    "nil with content": _swap(_X_NAME, '<NomProduit i:nil="true">x</NomProduit>'),
    "nil with a space": _swap(_X_NAME, '<NomProduit i:nil="true"> </NomProduit>'),
    "nil spelt wrong": _swap(_X_NAME, '<NomProduit i:nil="True" />'),
    "unknown member": _swap(_X_INT, r"\g<0><Inconnu>1</Inconnu>"),
    "unknown member in front": _swap(f"<{RECORD}>", r"\g<0><Inconnu>1</Inconnu>"),
    "unknown member deep down": _swap(_X_DEEP, r"\g<0><Inconnu>1</Inconnu>"),
    "unknown record": _swap(f"<{RECORD}>", r"<Inconnu />\g<0>"),
    "unknown attribute": _swap("<ProduitId>", '<ProduitId unite="1">'),
    "wrong case": _swap(_X_INT, "<produitId>1</produitId>"),
    "other namespace": _swap(_X_INT, '<ProduitId xmlns="urn:autre">1</ProduitId>'),
    "no namespace": _swap(_X_NAME, '<NomProduit xmlns="">x</NomProduit>'),
    "order": _swap(rf"({_X_NAME})(\s*)({_X_INT})", r"\3\2\1"),
    "order deep down": _swap(r"(<Quantite>-?\d+</Quantite>)(\s*)(<Sequence>\d+</Sequence>)", r"\3\2\1"),
    "member twice": _swap(_X_INT, r"\g<0>\g<0>"),
    "bad date": _swap(_X_DATE, "<DateDossier>2026-02-30T00:00:00</DateDossier>"),
    "bad hour": _swap(_X_DATE, "<DateDossier>2026-02-03T25:00:00</DateDossier>"),
    "date without time": _swap(_X_DATE, "<DateDossier>2026-03-22</DateDossier>"),
    "bad offset": _swap(_X_DATE, "<DateDossier>2026-03-22T00:00:00+0100</DateDossier>"),
    "text between members": _swap(_X_INT, r"\g<0>texte"),
    "element in a value": _swap(_X_NAME, "<NomProduit>a<b />c</NomProduit>"),
    "item of the wrong kind": _swap(r"<CompteurModel>", r"<ConsoV2Model />\g<0>"),
    "bare ampersand": _swap(_X_NAME, "<NomProduit>a & b</NomProduit>"),
    "unknown entity": _swap(_X_NAME, "<NomProduit>&eacute;</NomProduit>"),
    "wrong end tag": _swap("</ProduitId>", "</Produit>"),
    "raw control character": _swap(_X_NAME, "<NomProduit>\x01</NomProduit>"),
    "invalid UTF-8": _swap(_X_NAME, "<NomProduit>\udcff</NomProduit>"),
    "truncated": _cut,
    "trailing text": _append("fin"),
    "trailing element": _append(f"<{CONTRACT} />"),
}

_J_INT = r'("ProduitId":\s*)\d+'
_J_NAME = r'("NomProduit":\s*)"[^"\\]*"'
_J_DATE = r'("DateDossier":\s*)"[^"]*"'
_J_DEEP = r'("Quantite":\s*)-?\d+'
_JSON: dict[str, Edit] = {
    "wrong integer": _swap(_J_INT, r'\1"12x"'),
    "wrong integer deep down": _swap(_J_DEEP, r'\1"douze"'),
    "integer in quotes": _swap(_J_INT, r'\1"5"'),
    "integer with underscore": _swap(_J_INT, r"\g<1>1_0"),
    "underscore deep down": _swap(_J_DEEP, r"\g<1>1_0"),
    "integer overflow": _swap(_J_INT, r"\g<1>2147483648"),
    "overflow deep down": _swap(_J_DEEP, r"\g<1>-2147483649"),
    "overflow beyond 64 bits": _swap(_J_INT, r"\g<1>18446744073709551617"),
    "fraction": _swap(_J_INT, r"\g<1>3.5"),
    "fraction of nothing": _swap(_J_INT, r"\g<1>3.0"),
    "leading zero": _swap(_J_INT, r"\g<1>007"),
    "plus sign": _swap(_J_INT, r"\g<1>+7"),
    "not a number": _swap(_J_INT, r"\1NaN"),
    "null integer": _swap(_J_INT, r"\1null"),
    "boolean integer": _swap(_J_INT, r"\1true"),
    "number for a string": _swap(_J_NAME, r"\g<1>7"),
    "object for a list": _swap(r'("ConsommationsSomme":\s*)\[', r'\1{"a":1},"x":['),
    "unknown member": _swap(_J_INT, r'"Inconnu":1,\g<0>'),
    "unknown member deep down": _swap(_J_DEEP, r'"Inconnu":1,\g<0>'),
    "wrong case": _swap('"ProduitId"', '"produitId"'),
    "member twice": _swap(_J_INT, r"\g<0>,\g<0>"),
    "member twice deep down": _swap(_J_DEEP, r"\g<0>,\g<0>"),
    "bad date": _swap(_J_DATE, r'\1"2026-02-30T00:00:00"'),
    "bad hour": _swap(_J_DATE, r'\1"2026-02-03T25:00:00"'),
    "date without time": _swap(_J_DATE, r'\1"2026-03-22"'),
    "bad offset": _swap(_J_DATE, r'\1"2026-03-22T00:00:00+0100"'),
    "missing comma": _swap(rf"{_J_INT},", r"\g<1>1"),
    "trailing comma": _swap(rf"({_J_DEEP})(\s*)}}", r"\1,\3}"),
    "comment": _swap(_J_INT, r"\g<0>/* un */"),
    "single quotes": _swap(_J_NAME, r"\1'x'"),
    "bad escape": _swap(_J_NAME, r'\1"\\x41"'),
    "lone surrogate": _swap(_J_NAME, r'\1"\\ud800"'),
    "raw control character": _swap(_J_NAME, '\\1"\x01"'),
    "invalid UTF-8": _swap(_J_NAME, '\\1"\udcff"'),
    "truncated": _cut,
    "trailing text": _append("x"),
    "trailing value": _append("[]"),
}

#: Format → how to find its records, and the errors.
_FORMS = {"xml": (re.compile(f"<{RECORD}>"), _XML), "json": (re.compile(r'\{\s*"ProduitId"'), _JSON)}


def plants(form: str, size: str, layouts: tuple[str, ...] = ("wire", "pretty")) -> Iterator[Plant]:
    """Give the broken versions of a typical document of the size given."""
    spans, edits = _FORMS[form]
    for layout in layouts:
        good = getattr(text(Document("typical", layout, size)), form)
        starts = [match.start() for match in spans.finditer(good)]
        ends = [*starts[1:], len(good)]
        bounds = list(zip(starts, ends, strict=True))
        for kind, edit in edits.items():
            for place in PLACES:
                broken = next(filter(None, (edit(good, *bound) for bound in _from(bounds, place))))
                yield Plant(form, layout, kind, place, broken.encode("utf-8", "surrogateescape"))


def _from(bounds: list[tuple[int, int]], place: str) -> list[tuple[int, int]]:
    """Order the records so that those nearest to the place come first: not every record has every member."""
    return {"first": bounds, "middle": bounds[len(bounds) // 2 :], "last": bounds[::-1]}[place]


#: What JSON Schema takes although .NET's integers and JSON's readers do not agree on it; convtool must refuse it still.
_TOO_FINE_FOR_JSON_SCHEMA = {"fraction of nothing", "lone surrogate", "bad date"}


def unbroken(form: str, size: str) -> list[str]:
    """Name the plants that libxml2's XSD validation, or json and jsonschema, would take: plants that are none."""
    refuses = {"xml": _xsd_refuses, "json": _json_schema_refuses}[form]()
    fine = _TOO_FINE_FOR_JSON_SCHEMA if form == "json" else set()
    return [str(plant) for plant in plants(form, size) if plant.kind not in fine and not refuses(plant.data)]


def _xsd_refuses() -> Callable[[bytes], bool]:
    schema = etree.XMLSchema(etree.parse(SCHEMAS / f"{CONTRACT}.xsd"))

    def refuses(data: bytes) -> bool:
        try:
            return not schema.validate(etree.fromstring(data))
        except etree.XMLSyntaxError:
            return True

    return refuses


def _json_schema_refuses() -> Callable[[bytes], bool]:
    from jsonschema import Draft202012Validator

    validator = Draft202012Validator(json.loads((SCHEMAS / f"{CONTRACT}.schema.json").read_bytes()))

    def refuses(data: bytes) -> bool:
        try:
            return not validator.is_valid(json.loads(data, object_pairs_hook=_once, parse_constant=_refuse))
        except ValueError:
            return True

    return refuses


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a member occurs twice")
    return value


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is not JSON")
