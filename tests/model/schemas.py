"""A small pair of schema files, to be changed by tests: one thing at a time."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["JSON", "XSD", "XSD_HEAD", "write", "xsd"]

XSD_HEAD = (
    '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:t" targetNamespace="urn:t"'
    ' elementFormDefault="qualified">'
)
XSD = """
<xs:element name="Order" nillable="true" type="t:Order"/>
<xs:complexType name="Order"><xs:sequence>
  <xs:element minOccurs="0" name="Amount" type="xs:int"/>
  <xs:element minOccurs="0" name="Lines" nillable="true" type="t:ArrayOfLine"/>
  <xs:element minOccurs="0" name="State" type="t:State"/>
  <xs:element name="Title" nillable="true" type="xs:string"/>
</xs:sequence></xs:complexType>
<xs:complexType name="ArrayOfLine"><xs:sequence>
  <xs:element minOccurs="0" maxOccurs="unbounded" name="Line" nillable="true" type="t:Line"/>
</xs:sequence></xs:complexType>
<xs:complexType name="Line"><xs:sequence>
  <xs:element minOccurs="0" name="Day" type="xs:dateTime"/>
</xs:sequence></xs:complexType>
<xs:simpleType name="State"><xs:restriction base="xs:string">
  <xs:enumeration value="Open"/><xs:enumeration value="Shut"/>
</xs:restriction></xs:simpleType>
"""
_DAY = (
    "^(?!0000)[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]+)?"
    "(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))?$(?!\\n)"
)
JSON: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$id": "urn:t:Order",
    "anyOf": [{"$ref": "#/$defs/Order"}, {"type": "null"}],
    "$defs": {
        "Order": {
            "type": "object",
            "properties": {
                "Title": {"type": ["string", "null"]},
                "Amount": {"type": "integer", "minimum": -(2**31), "maximum": 2**31 - 1},
                "State": {"enum": ["Open", "Shut"]},
                "Lines": {"type": ["array", "null"], "items": {"anyOf": [{"$ref": "#/$defs/Line"}, {"type": "null"}]}},
            },
            "additionalProperties": False,
            "required": ["Title"],
        },
        "Line": {
            "type": "object",
            "properties": {"Day": {"type": "string", "pattern": _DAY}},
            "additionalProperties": False,
        },
    },
}


def xsd(content: str = XSD) -> str:
    """Give an XSD file's text."""
    return f"{XSD_HEAD}{content}</xs:schema>"


def write(folder: Path, *, content: str = XSD, schema: Any = JSON, name: str = "Order") -> Path:
    """Write the two files of a contract and give their folder."""
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.xsd").write_text(xsd(content), encoding="utf-8")
    (folder / f"{name}.schema.json").write_text(json.dumps(schema), encoding="utf-8")
    return folder
