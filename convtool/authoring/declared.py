"""C# declarations → what they tell of a contract's JSON: the order of members, their names, and which are in it.

Json.NET goes by its own attributes and by those of data contracts; ``csharp`` reads them, and here they are held
against the records of a contract, which an XSD gives.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from convtool.authoring.clr_names import clr_namespace
from convtool.authoring.csharp import Declaration, ancestry
from convtool.authoring.shown import Shown
from convtool.model.codings import coding_of
from convtool.model.contract import Contract, Enumeration, Record, split_key
from convtool.model.datatypes import DATATYPES
from convtool.model.json_schema import definition_names, scalar_schema
from convtool.model.made import KEYWORD

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from convtool.authoring.csharp import MemberDeclaration

__all__ = ["from_declarations"]

# Types of C# by their names, as the table of datatypes calls them, and those that can be null.
_SIMPLE = {
    "string": "string", "int": "int", "long": "long", "short": "short", "byte": "unsignedByte", "sbyte": "byte",
    "uint": "unsignedInt", "ulong": "unsignedLong", "ushort": "unsignedShort", "bool": "boolean", "decimal": "decimal",
    "double": "double", "float": "float", "DateTime": "dateTime", "Guid": "guid", "Uri": "anyURI",
    "TimeSpan": "duration", "String": "string", "Int32": "int", "Int64": "long", "Boolean": "boolean",
    "Decimal": "decimal", "Double": "double",
}  # fmt: skip
_CLASSES = {"string", "anyURI"}
#: What a getter may join, and whether it is a number.
_JOINED = {name: row != "string" for name, row in _SIMPLE.items() if row == "string" or DATATYPES[row].python is int}
_LISTS = {
    "List",
    "IList",
    "IEnumerable",
    "ICollection",
    "IReadOnlyList",
    "IReadOnlyCollection",
    "Collection",
    "HashSet",
}


@dataclass(frozen=True)
class _Declared:
    """A member as a class has it: whether ``[DataContract]`` rules it, and ``[JsonObject]``'s way."""

    member: MemberDeclaration
    opts_in: bool
    json_opts_in: bool

    @property
    def name(self) -> str:
        """The name in XML; in JSON alone that of JSON."""
        if self.member.is_in_xml(self.opts_in):
            return self.member.contract_name(self.opts_in)
        return self.json_name

    @property
    def json_name(self) -> str:
        return self.member.json_name(self.opts_in)

    @property
    def is_in_json(self) -> bool:
        return self.member.is_in_json(self.json_opts_in)

    @property
    def is_in_json_alone(self) -> bool:
        return self.is_in_json and not self.member.is_in_xml(self.opts_in)


def from_declarations(contract: Contract, declarations: list[Declaration], source: str) -> Shown:
    """Give what C# source declares of a contract's records, and a note where it declares none of them."""
    found = _by_key(declarations)
    spaces = {split_key(key)[0] for key in contract.types}
    shown = Shown(sources=[source])
    for key, kind in contract.types.items():
        if isinstance(kind, Record):
            known = {member.name for member in kind.members}
            candidates = found.get(key) or _generic(key, found)
            orders = [(_in_order(one, declarations), clr_namespace(one.namespace) in spaces) for one in candidates]
            # Two CLR namespaces may share a contract's name: the nearer one counts, of those that have the members.
            best = max(orders, key=lambda pair: (known <= {one.name for one in pair[0]}, pair[1]), default=None)
            if best is not None:
                _show(contract, key, known, best[0], shown)
        elif isinstance(kind, Enumeration) and key in found and found[key][0].coding:
            shown.codings.setdefault(key, found[key][0].coding)
    if not shown.sequences:
        declared = ", ".join(sorted(one.name for one in declarations)) or "nothing"
        return Shown(
            notes=[f"{source} declares {declared}, and nothing that is in {contract.name}, for which namespaces count"]
        )
    return shown


def _show(contract: Contract, key: str, known: set[str], declared: list[_Declared], shown: Shown) -> None:
    """Note what a class shows of a record, whose members in XML are ``known``."""
    here = {one.name: one for one in declared if one.name in known or one.is_in_json_alone}
    record = contract.types[key]
    assert isinstance(record, Record)
    for name, one in here.items():
        if name not in known:
            made = _made(one, declared)
            said = {KEYWORD: made} if made else {}
            shown.json_only.setdefault(key, {})[name] = {**_schema(contract, one.member.type), **said}
        elif not one.is_in_json:
            shown.xml_only.setdefault(key, set()).add(name)
        elif one.json_name != name:
            shown.names.setdefault(key, {})[name] = one.json_name
        omits = one.member.omits_null()
        if omits is not None:
            shown.omits[key, name] = omits
        if one.member.coding():
            of = next((member.type for member in record.members if member.name == name), "")
            if isinstance(contract.types.get(of), Enumeration):
                shown.codings.setdefault(of, one.member.coding())
    shown.add(key, here)


def _made(one: _Declared, declared: list[_Declared]) -> list[str]:
    """Give what a member's getter joins, by the names in XML; nothing where it is not all texts and whole numbers.

    The first two may not both be numbers, which C# would add.
    """
    by_name = {other.member.name: other for other in declared if other.member.is_in_xml(other.opts_in)}
    parts = [*one.member.joined]
    found = [by_name.get(name) for name in parts[1::2]]
    types = ["" if other is None else "".join(other.member.type) for other in found]
    if one.member.type not in (("string",), ("String",)) or not all(name in _JOINED for name in types):
        return []
    if len(types) > 1 and not (parts[0] or parts[2]) and all(_JOINED[name] for name in types[:2]):
        return []
    parts[1::2] = [other.name for other in found if other is not None]
    return parts


def _schema(contract: Contract, written: Sequence[str]) -> dict[str, Any]:
    """Give the JSON Schema of a type of C#; an empty one, which allows everything, for what is not understood."""
    words = list(written)
    nullable = words[-1:] == ["?"]
    words = words[:-1] if nullable else words
    if words[-2:] == ["[", "]"]:
        return {"type": ["array", "null"], "items": _schema(contract, words[:-2])}
    if words[:2] == ["Nullable", "<"]:
        return _schema(contract, [*words[2:-1], "?"])
    if len(words) > 2 and words[0] in _LISTS and words[1] == "<" and words[-1] == ">":
        return {"type": ["array", "null"], "items": _schema(contract, words[2:-1])}
    if len(words) != 1:
        return {}
    if words[0] in _SIMPLE:
        name = _SIMPLE[words[0]]
        schema = scalar_schema(name)
        null = (nullable or name in _CLASSES) and isinstance(schema.get("type"), str)
        return {**schema, "type": [schema["type"], "null"]} if null else schema
    return _known(contract, words[0], nullable=nullable)


def _known(contract: Contract, name: str, *, nullable: bool) -> dict[str, Any]:
    """Give the schema of a type that the contract has."""
    names = definition_names(contract)
    keys = [key for key in contract.types if split_key(key)[1] == name]
    kind = contract.types[keys[0]] if len(keys) == 1 else None
    if isinstance(kind, Record):
        reference = {"$ref": f"#/$defs/{names[kind.key]}"}
        return reference if kind.value_type and not nullable else {"anyOf": [reference, {"type": "null"}]}
    if isinstance(kind, Enumeration) and not kind.flags:
        return {"enum": [*coding_of(kind).values(kind), *([None] if nullable else [])]}
    return {}


def _by_key(declarations: Iterable[Declaration]) -> dict[str, list[Declaration]]:
    found: dict[str, list[Declaration]] = {}
    for one in declarations:
        namespace = clr_namespace(one.namespace) if one.contract_namespace is None else one.contract_namespace
        found.setdefault(f"{{{namespace}}}{one.local_name}", []).append(one)
    return found


def _generic(key: str, found: dict[str, list[Declaration]]) -> list[Declaration]:
    """Give the generic types that a key may be of: its name has those of its arguments, as in ``PaireOfstringint``."""
    candidates = []
    for pattern, declarations in found.items():
        if declarations[0].parameters:
            text = re.sub(r"\\\{\d+\\\}", ".+", re.escape(pattern)).replace(r"\{\#\}", ".*")
            if re.fullmatch(text, key):
                candidates.append((len(pattern), declarations))
    return max(candidates, key=lambda pair: pair[0], default=(0, []))[1]


def _in_order(declaration: Declaration, declarations: list[Declaration]) -> list[_Declared]:
    """Give members in Json.NET's order: fields before properties, a class's own before its base's, then by ``Order``.

    Source: Newtonsoft.Json, DefaultContractResolver: GetSerializableMembers (reflection's order) and CreateProperties
    (``OrderBy(p => p.Order ?? -1)``, which keeps the order of equals); JsonTypeReflector.GetDataContractAttribute (a
    base class's counts, too) and GetObjectMemberSerialization; recordings: ``contracts/Arbre``, ``contracts/random``.
    """
    chain = list(ancestry(declaration, declarations))
    opts_in = [any(one.opts_in for one in chain[at:]) for at in range(len(chain))]
    said = next((one.json_opts_in for one in chain if one.json_opts_in is not None), None)
    json_opts_in = opts_in[0] if said is None else said
    members = [
        _Declared(member, opted, json_opts_in)
        for fields in (True, False)
        for opted, one in zip(opts_in, chain, strict=True)
        for member in one.members
        if member.is_field == fields and member.counts(opted, json_opts_in)
    ]
    found: dict[str, _Declared] = {}
    for one in sorted(members, key=lambda one: one.member.json_order(one.opts_in)):
        found.setdefault(one.name, one)
    return list(found.values())
