"""The table of diagnostic codes: code × profile → severity, with the words that explain each code.

Readers always detect; this table alone says what a finding means in a profile (``None``: not reported).
``loss`` marks findings after which converting back cannot give the same document: ``lossless`` makes them errors.
``per_member`` marks hazards that legitimate payloads are full of: they are reported once per member, with a count.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, get_args

__all__ = ["CODES", "PROFILES", "Code", "Profile", "Severity", "severity"]

Profile = Literal["strict", "dotnet"]
PROFILES: tuple[Profile, ...] = get_args(Profile)


class Severity(StrEnum):
    """How much a finding matters: an error makes the payload invalid, a warning and a notice do not."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"


E, W, N = Severity.ERROR, Severity.WARNING, Severity.NOTICE


@dataclass(frozen=True, slots=True)
class Code:
    """One row of the table; ``meaning`` says what was seen, ``remedy`` what to do, ``example`` shows it."""

    name: str
    strict: Severity | None
    dotnet: Severity | None
    title: str
    meaning: str
    remedy: str
    example: str
    loss: bool = False
    per_member: bool = False


_ROWS = (
    Code(
        "input.empty",
        E,
        E,
        "The payload is empty.",
        "There is not a single character other than white space.",
        "Check what wrote the file: an interrupted download and a failed request leave such files.",
        "(0 bytes)",
    ),
    Code(
        "input.format",
        E,
        E,
        "The payload is neither XML nor JSON.",
        "An XML payload starts with '<', a JSON payload with '[', '{', a quote, a number, or null.",
        "Look at the first bytes shown: compressed, binary and HTML files are common mistakes.",
        "%PDF-1.7",
    ),
    Code(
        "input.encoding",
        E,
        E,
        "The bytes are not in an encoding that is taken, or contradict what they say.",
        "Payloads are UTF-8, or UTF-16 with a byte order mark. An XML declaration must agree with the bytes.",
        "Convert the file to UTF-8, or save the response's bytes as they came.",
        '<?xml version="1.0" encoding="latin1"?>',
    ),
    Code(
        "limit.depth",
        E,
        E,
        "Elements or containers are nested deeper than the limit.",
        "Each level costs memory and stack; no contract of this family needs more than the limit (64 by default).",
        "Raise the depth limit if the contract is recursive and the payload is meant.",
        "[[[[…]]]]",
    ),
    Code(
        "xml.syntax",
        E,
        E,
        "The XML is not well-formed.",
        "The XML parser cannot go on at this place; a truncated payload is reported at its end.",
        "Get the payload again, or repair the place shown.",
        "<Debut>2026-03-22</Fin>",
    ),
    Code(
        "xml.doctype",
        E,
        E,
        "The payload has a document type declaration.",
        "DOCTYPEs can define entities and name files. .NET refuses them, and so does convtool.",
        "Remove the DOCTYPE.",
        '<!DOCTYPE r [<!ENTITY e "x">]>',
    ),
    Code(
        "xml.character",
        E,
        E,
        "A character reference names no character.",
        "References to surrogates (&#xD800;) and beyond U+10FFFF, and undefined entities (&nbsp;), stand for nothing.",
        "Write the character itself, or its own code.",
        "<Libelle>&#xD800;</Libelle>",
    ),
    Code(
        "json.syntax",
        E,
        E,
        "The JSON cannot be parsed.",
        "Neither JSON (RFC 8259) nor what Json.NET takes beyond it allows this.",
        "Get the payload again, or repair the place shown.",
        '{"ProduitId": }',
    ),
    Code(
        "json.relaxed",
        E,
        N,
        "The payload is not JSON, though Json.NET reads it.",
        "Single quotes, bare names, a trailing comma, a raw control character in a string and similar liberties.",
        "Write strict JSON: other readers refuse this.",
        "{'ProduitId': 1,}",
    ),
    Code(
        "json.trailing",
        E,
        W,
        "Something follows the payload's value.",
        "Json.NET stops reading after the first value and never sees the rest.",
        "Remove what follows, or split the file.",
        '{"ProduitId": 1} junk',
        loss=True,
    ),
    Code(
        "root.name",
        E,
        E,
        "The root is not the contract's.",
        "The root element's name and namespace say which contract a payload is of; this one is of another, or of none.",
        "Name the right contract, or leave the contract to be detected.",
        "<Autre xmlns=…>",
    ),
    Code(
        "member.unknown",
        E,
        W,
        "The contract has no such member.",
        ".NET skips members it does not know, without a word: the value never reaches the server.",
        "Correct the name, or remove the member.",
        "<Inconnu>1</Inconnu>",
        loss=True,
    ),
    Code(
        "member.namespace",
        E,
        W,
        "A member is in another namespace than the contract's.",
        "For .NET an element of another namespace is an unknown member: it is skipped.",
        "Declare the contract's namespace on the element, as the root does.",
        '<Fin xmlns="">2026-03-22</Fin>',
        loss=True,
    ),
    Code(
        "member.case",
        E,
        N,
        "A member's name is written in another case.",
        "Json.NET matches names without regard to case; JSON Schema and other readers do not.",
        "Write the name as the contract does.",
        '{"produitid": 1}',
        loss=True,
    ),
    Code(
        "member.order",
        E,
        W,
        "A member comes after one that it should precede.",
        "DataContractSerializer reads members in order and only forward: one that comes late is skipped.",
        "Write the members in the contract's order: by their names, unless the contract says otherwise.",
        "<Fin>…</Fin><Debut>…</Debut>",
        loss=True,
    ),
    Code(
        "member.duplicate",
        E,
        W,
        "A member is given twice.",
        "In XML .NET keeps the first, in JSON the last; other readers differ.",
        "Keep one of them.",
        '{"ProduitId": 1, "ProduitId": 2}',
        loss=True,
    ),
    Code(
        "member.required",
        E,
        E,
        "A required member is absent.",
        "The contract marks the member IsRequired: .NET refuses a payload without it.",
        "Add the member.",
        "<Arbre></Arbre>",
    ),
    Code(
        "member.defaulted",
        W,
        W,
        "An absent member that cannot be null gets its type's default.",
        ".NET fills in 0, false or 0001-01-01T00:00:00 for it, which reads like a real value.",
        "Write the member if its value matters.",
        "<ParamModel><Fin>…</Fin></ParamModel>",
        per_member=True,
    ),
    Code(
        "member.nulled",
        None,
        N,
        "An absent member that can be null is null for .NET.",
        "Absent and null are the same for .NET, and it writes null; the contract and convtool keep them apart.",
        "Nothing, unless the difference matters to a reader.",
        "<ParamModel></ParamModel>",
        per_member=True,
    ),
    Code(
        "member.text",
        E,
        E,
        "There is text between members.",
        "Only white space and comments may stand between the elements of a record or a list; .NET refuses the rest.",
        "Remove the text, or put it into the member it belongs to.",
        "<ParamModel>texte<Debut>…",
    ),
    Code(
        "member.child",
        E,
        E,
        "There is an element inside a value.",
        "A number, a date or a string holds text only; .NET refuses elements in it.",
        "Escape the markup (&lt;) if it is meant as text.",
        "<Libelle>a<b/></Libelle>",
    ),
    Code(
        "nil.forbidden",
        E,
        E,
        "A member is null though its type cannot be.",
        "Numbers and dates that are not nullable must have a value; .NET refuses null for them.",
        "Write a value, or leave the member out if its default is meant.",
        '<Fin i:nil="true" />',
    ),
    Code(
        "nil.content",
        E,
        W,
        "An element is nil and has content.",
        ".NET reads the element as null and ignores what is in it.",
        "Remove i:nil, or the content.",
        '<Libelle i:nil="true">x</Libelle>',
        loss=True,
    ),
    Code(
        "nil.lexical",
        E,
        E,
        "The value of i:nil is not a boolean.",
        "It may be true, false, 1 or 0, in lower case.",
        'Write i:nil="true".',
        '<Libelle i:nil="TRUE" />',
    ),
    Code(
        "attribute.unknown",
        E,
        None,
        "An attribute that the contract does not know.",
        "Data contracts have no attributes but i:nil and i:type. .NET ignores the others.",
        "Remove the attribute.",
        '<Debut foo="1">',
    ),
    Code(
        "value.lexical",
        E,
        E,
        "A text that is not a value of the member's type.",
        "Integers are ASCII digits with an optional sign, dates are written as 2026-03-22T00:33:32.",
        "Correct the value.",
        "<Quantite>3.0</Quantite>",
    ),
    Code(
        "value.range",
        E,
        E,
        "A number outside the range of its type.",
        "A 32-bit integer goes from -2147483648 to 2147483647; .NET refuses others.",
        "Correct the value, or widen the type in the contract.",
        "<Quantite>2147483648</Quantite>",
    ),
    Code(
        "value.kind",
        E,
        E,
        "A JSON value of the wrong kind.",
        "An object where a text is wanted, an array where an object is wanted, and so on; Json.NET refuses it.",
        "Correct the value.",
        '{"Debut": {}}',
    ),
    Code(
        "value.coerced",
        E,
        W,
        "A JSON value of the wrong kind, which Json.NET turns into the right one.",
        'A number in quotes is read as a number, a number where a text is wanted as its text, "" as null.',
        "Write the value in its own kind.",
        '{"ProduitId": "5"}',
        loss=True,
    ),
    Code(
        "value.surrogate",
        E,
        E,
        "Half of a surrogate pair.",
        "It is no character: neither XML nor UTF-8 can hold it, and .NET replaces or refuses it.",
        "Correct the text; it was probably cut in the middle of a character.",
        '"\\ud800"',
    ),
    Code(
        "type.unknown",
        E,
        E,
        "A type that the contract does not know.",
        "i:type and $type may name the declared type, or a known type derived from it; nothing else is read.",
        "Correct the name, or add the type to the contract's schemas.",
        '<Arbre i:type="a:Chene">',
    ),
    Code(
        "graph.reference",
        N,
        N,
        "An object that is given by reference.",
        "z:Ref and $ref point to an object given before; it is read as a copy, and written in full.",
        "Nothing, unless it matters that both are one object.",
        '<Voisin z:Ref="i1" />',
        loss=True,
    ),
    Code(
        "graph.cycle",
        E,
        E,
        "A reference that cannot be resolved.",
        "It leads to an object that holds it, or to none that was given before: such graphs are no trees.",
        "Break the circle, or give the object before it is referred to.",
        '<Noeud z:Id="i1"><Voisin z:Ref="i1" /></Noeud>',
    ),
    Code(
        "value.enumeration",
        E,
        E,
        "A value that the enumeration does not have.",
        "XML uses the names of the enumeration, JSON its numbers or its names, as the contract says.",
        "Use one of the values that the message lists.",
        "<Statut>Perdue</Statut>",
    ),
    Code(
        "value.key",
        E,
        E,
        "A key of a dictionary that is given twice.",
        "A dictionary has each key once; .NET refuses the second in XML, and keeps the last in JSON.",
        "Keep one of them.",
        "<Key>a</Key>…<Key>a</Key>",
    ),
    Code(
        "value.schema",
        E,
        E,
        "The schema says more than the types, and the payload breaks it.",
        "Patterns, lengths, assertions and the like are checked by the reference libraries, xmlschema and jsonschema.",
        "See the message of the library, which names the rule.",
        '{"maxLength": 3}',
    ),
    Code(
        "date.relaxed",
        E,
        W,
        "A date in a form that only .NET takes.",
        "XML Schema wants 2026-03-22T00:33:32; .NET also takes a year, a month, a date, z for Z and wide offsets.",
        "Write the full form.",
        "<DateDossier>2026-03</DateDossier>",
    ),
    Code(
        "date.refused",
        E,
        E,
        "A date that XML Schema allows and .NET refuses.",
        "24:00:00, years beyond 9999 and years before 1 do not fit .NET's DateTime.",
        "Correct the date; 24:00:00 is 00:00:00 of the next day.",
        "<Fin>2026-03-22T24:00:00</Fin>",
    ),
    Code(
        "date.fraction",
        W,
        W,
        "A second's fraction with more than seven digits.",
        ".NET keeps ticks of 100 ns: it rounds what is beyond.",
        "Write at most seven digits.",
        "2026-03-22T00:33:32.12345678",
        per_member=True,
    ),
    Code(
        "date.offset",
        W,
        N,
        "Instants with an offset, which .NET re-expresses in the server's time zone.",
        "The instant stays, the text may not: +02:00 comes back as the server's own offset. convtool keeps the text.",
        "Nothing, if the instant is what counts; otherwise write UTC (Z) or local time (no offset).",
        "2026-03-22T00:33:32+01:00",
        per_member=True,
    ),
    Code(
        "date.rewritten",
        N,
        None,
        "A date that .NET writes back in another form.",
        "Trailing zeros of the fraction, and dates without a time, come back in the full form.",
        "Nothing, unless the text is compared as text.",
        "2026-03-22T00:33:32.1000000",
        per_member=True,
    ),
    Code(
        "loss.lexical",
        N,
        N,
        "A value written in another form than it came in.",
        "The value is the same, the text is not: +7, 007 and 7 are one number, and 7 is its wire form.",
        "Write the wire form.",
        "<Quantite>+7</Quantite>",
        loss=True,
    ),
    Code(
        "loss.comment",
        N,
        N,
        "A comment, which the other format or the wire form cannot hold.",
        "Conversion drops comments.",
        "Keep the original if the comment matters.",
        "<!-- … -->",
        loss=True,
    ),
    Code(
        "loss.processing-instruction",
        N,
        E,
        "A processing instruction.",
        "Conversion drops it, and .NET refuses a payload that has one.",
        "Remove it.",
        "<?php x?>",
        loss=True,
    ),
    Code(
        "loss.attribute",
        None,
        N,
        "An attribute that .NET ignores.",
        "Conversion drops it, as .NET does.",
        "Remove it.",
        '<Debut foo="1">',
        loss=True,
    ),
    Code(
        "loss.date",
        None,
        N,
        "A date whose text .NET rewrites.",
        "The dotnet profile writes what .NET would write back: the full form, seven digits at most, no trailing zeros.",
        "Nothing, unless the text is compared as text.",
        "2026-03-22T00:33:32.1000000",
        loss=True,
        per_member=True,
    ),
    Code(
        "loss.type",
        N,
        N,
        "A derived type that JSON does not tell.",
        "i:type names a derived type, and the contract's JSON has no $type: converting to JSON and back forgets it.",
        "Give the record a $type in the JSON Schema, if the server writes one.",
        '<Arbre i:type="a:Chene">',
        loss=True,
    ),
    Code(
        "loss.absent",
        None,
        N,
        "An absent member that .NET writes back with its default.",
        "For .NET a member is never absent: 0, 0001-01-01T00:00:00 or null stands for it.",
        "Nothing, unless absent and null differ for a reader.",
        "<ParamModel></ParamModel>",
        loss=True,
        per_member=True,
    ),
    Code(
        "loss.newline",
        None,
        N,
        "A carriage return in a text.",
        "The server's XML writer replaces CR and CRLF by LF. Strict conversion writes &#xD;, which every reader keeps.",
        "Nothing, unless the CR matters.",
        '"a\\r\\nb"',
        loss=True,
    ),
    Code(
        "verify.mismatch",
        E,
        E,
        "Converting back did not give the same document.",
        "convert --verify reads its own output and compares it with the source.",
        "Please report it, with the payload if you may: a conversion is lossless or says what it lost.",
        "(any)",
    ),
)

CODES: dict[str, Code] = {row.name: row for row in _ROWS}


def severity(code: str, profile: Profile, *, lossless: bool = False) -> Severity | None:
    """Give what ``code`` means in ``profile``; ``lossless`` makes an error of every reported loss."""
    row = CODES[code]
    level = row.strict if profile == "strict" else row.dotnet
    return E if lossless and row.loss and level is not None else level
