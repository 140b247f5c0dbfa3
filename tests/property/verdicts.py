"""convtool's verdicts against those of the reference libraries, on the same schema files.

Never valid where they say invalid; and where they say valid and convtool does not, the reason is one of a short list.
"""

from __future__ import annotations

import io
import json
import re
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import xmlschema
from jsonschema import Draft202012Validator

from convtool.model.contract import Enumeration
from convtool.model.folder import Folder
from convtool.model.xsd import load_schema

if TYPE_CHECKING:
    from pathlib import Path

    from convtool.convert import Codec
    from convtool.findings import Diagnostic

__all__ = ["References", "assert_json_verdict", "assert_xml_verdict"]

# Why convtool refuses XML that xmlschema takes.
XML_REASONS = {
    "date.refused": "24:00:00, years before 1 and after 9999: .NET's DateTime does not hold them",
    "input.encoding": "the XML declaration contradicts the bytes",
    "limit.depth": "more levels than the limit",
    "xml.character": "a namespace's name has a reference to a control character",
    "xml.doctype": "there is a DOCTYPE",
    "xml.syntax": "XML 1.1, which .NET refuses too; a namespace name with a space in it, which is none",
    "attribute.unknown": "xmlschema takes xsi:type and the like on every element, data contracts on records only",
    "type.unknown": "xmlschema takes every type derived from the declared one, by restriction too",
    "graph.cycle": "an xs:IDREF may be of an object that comes later, or holds it",
    "value.range": "xs:decimal and xs:duration are unbounded, System.Decimal and TimeSpan are not",
    "value.schema": "the JSON Schema refuses what the value is in JSON: no flags, which have no name for 0",
    "value.key": "XSD cannot say that a dictionary's keys are different",
    "nil.forbidden": "XSD lets a dictionary's key be null, .NET does not",
    "value.lexical": "xmlschema takes digits and white space of all of Unicode: see unicode() below",
    "value.unknown": "a qualified name with a prefix: see prefixed() below",
    "member.text": "the same",
}
# Why convtool refuses JSON that jsonschema takes (through Python's json).
JSON_REASONS = {
    "member.duplicate": "Python's json keeps the last of two",
    "value.surrogate": "Python's texts can hold half a character",
    "date.refused": "a day that the pattern takes and .NET's DateTime does not",
    "value.lexical": "3.0 for an int, which .NET refuses; days that no calendar has, base64, keys: _lexical() below",
    "value.range": "JSON numbers are unbounded, System.Decimal and TimeSpan are not",
    "value.unknown": "a qualified name with a prefix",
    "date.relaxed": "a dictionary's key, of whose type JSON Schema says nothing",
    "json.relaxed": "NaN and Infinity, which Python's json takes",
    "limit.depth": "more levels than the limit",
    "value.coerced": "the number of flags by name in a text, or an empty one, of which JSON Schema knows a text alone",
    "value.enumeration": "flags by name, of which JSON Schema knows a text alone",
    "value.schema": "a simple value for a member of any shape: JSON Schema takes all, the XSD does not",
    "nil.forbidden": "an empty text for flags by name, of which JSON Schema knows a text alone: to Json.NET it is null",
    "member.unknown": "members of a derived type that no $type names, which .NET skips; a $type that is not first",
}
_CONTROL_REFERENCE = re.compile(
    rb"&#(?:0*(?:[0-8]|1[1-2]|1[4-9]|2[0-9]|3[01])|x0*(?:[0-8bcefBCEF]|1[0-9a-fA-F])|x0*[fF]{3}[eEfF]|0*6553[45]);"
)


class References:
    """The schema files of a contract as the reference libraries read them."""

    def __init__(self, folder: Path, name: str) -> None:
        self.name = name
        self.xsd: Any = load_schema(Folder(folder).xsd(name))
        text = (folder / f"{name}.schema.json").read_text(encoding="utf-8")
        self.json = Draft202012Validator(json.loads(text))


_BRACE = re.compile(rb"""(\sxmlns(?::[^\s=<>]*)?\s*=\s*(?:"[^"<}]*|'[^'<}]*))}""")


def _xmlschema_says(schema: Any, name: str, data: bytes) -> bool:
    # What .NET writes and XML 1.0 has not is replaced: every place for it is a text without facets, or wrong anyway.
    data = _CONTROL_REFERENCE.sub(b"?", data)
    data = _BRACE.sub(rb"\1]", data)  # expat, as ElementTree has it, takes a brace for the end of a namespace
    try:
        root = ElementTree.fromstring(data)
        return root.tag.rpartition("}")[2] == name and bool(schema.is_valid(io.BytesIO(data)))
    except (ElementTree.ParseError, xmlschema.XMLSchemaException, ValueError, LookupError):
        return False


def _jsonschema_says(validator: Any, data: bytes) -> bool:
    try:
        text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
        return bool(validator.is_valid(json.loads(text, parse_constant=int)))  # int: a ValueError
    except (ValueError, RecursionError):
        return False


def _has_twice(data: bytes) -> bool:
    """Tell whether an object has a member twice, of which Python's json keeps the last."""
    found = False

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal found
        found = found or len(dict(pairs)) < len(pairs)
        return dict(pairs)

    text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    json.loads(text, object_pairs_hook=members)
    return found


def _has_named_flags(of: Codec) -> bool:
    kinds = of.model.types.values()
    return any(isinstance(kind, Enumeration) and kind.flags and kind.coding != "numbers" for kind in kinds)


def _lexical(found: Diagnostic) -> bool:
    """Tell whether a text is one of those that JSON Schema takes and a contract does not."""
    assert found.excerpt is not None
    if "base64" in found.message:
        return True  # contentEncoding is an annotation
    if "a qualified name" in found.message:
        return True  # JSON Schema has it as a text
    if found.excerpt.after.lstrip().startswith(":"):
        return True  # a dictionary's key, of whose type JSON Schema says nothing
    seen = found.excerpt.span
    return (
        re.fullmatch(r'-?[0-9]+(\.0+)?([eE][+-]?[0-9]+)?|-?[0-9.]+[eE][+-]?[0-9]+|"[0-9]{4}-[0-9]{2}-[0-9]{2}.*"', seen)
        is not None
    )


def _unicode(found: Diagnostic) -> bool:
    """Tell whether a text is one that Python takes for digits or white space, and XML Schema does not."""
    assert found.excerpt is not None
    return not found.excerpt.span.isascii()


def _prefixed(found: Diagnostic) -> bool:
    """Tell whether a text is a name with a prefix, which XML Schema allows where it is declared."""
    assert found.excerpt is not None
    return re.fullmatch(r"[^:]+:[^:]+", found.excerpt.span) is not None


def assert_xml_verdict(of: Codec, references: References, payload: bytes) -> None:
    """Hold the verdict on XML against xmlschema's."""
    report = of.validate(payload, format="xml")
    found = [one for one in report if one.severity == "error"]
    if not _xmlschema_says(references.xsd, references.name, payload):
        assert found
        return
    assert {one.code for one in found} <= set(XML_REASONS), report.text()
    assert all(_unicode(one) for one in found if one.code in ("value.lexical", "member.text")), report.text()
    assert all(_prefixed(one) for one in found if one.code == "value.unknown"), report.text()
    if any(one.code == "xml.character" for one in found):
        assert re.search(rb"xmlns[^<>]*&#", payload)
    if any(one.code == "xml.syntax" for one in found):
        assert re.search(rb"""version=.1\.1|xmlns[^<>]*["'][^<>"']*[ \t\r\n]""", payload)


def assert_json_verdict(of: Codec, references: References, payload: bytes, *, told: bool = True) -> None:
    """Hold the verdict on JSON against jsonschema's; ``told``: every derived type has a name for $type."""
    report = of.validate(payload, format="json")
    found = [one for one in report if one.severity == "error"]
    if not _jsonschema_says(references.json, payload):
        assert found
    elif not _has_twice(payload):  # what the first of two held is not seen by the others
        codes = {one.code for one in found}
        assert codes <= set(JSON_REASONS), report.text()
        assert all(_lexical(one) for one in found if one.code in ("value.lexical", "value.relaxed")), report.text()
        assert all(one.excerpt and one.excerpt.span == '""' for one in found if one.code == "nil.forbidden")
        coerced = [one.excerpt.span if one.excerpt else "" for one in found if one.code == "value.coerced"]
        assert all(re.fullmatch(r'"\s*([+-]?[0-9]+\s*)?"', span) for span in coerced), report.text()
        assert all(_prefixed(one) for one in found if one.code == "value.unknown"), report.text()
        assert not coerced or _has_named_flags(of)
        keys = [one.excerpt.after if one.excerpt else "" for one in found if one.code == "date.relaxed"]
        assert all(after.lstrip().startswith(":") for after in keys), report.text()
        assert "value.schema" not in codes or of.model.extra
        unknown = [one for one in found if one.code == "member.unknown"]
        typed = [one for one in unknown if one.excerpt and "$type" in one.excerpt.span]
        # Members of the type that a $type names, which is not in front: Json.NET reads it nowhere else.
        behind = {one.path.removesuffix("/$type") for one in typed if one.path.endswith("/$type")}
        rest = [one for one in unknown if one not in typed and one.path.rpartition("/")[0] not in behind]
        assert not told or not rest, report.text()
