"""The two halves of a contract held together: the XSD's model takes the JSON Schema's order; disagreement is an error.

Both files are walked side by side from the root. A ContractError names both places. What the JSON Schema says beyond
the model (a shorter pattern, an if/then) is noted in ``extra``, and the reference library checks it on each record.

A member has two names where a property has ``"xml": {"name": …}``, as OpenAPI writes it. A property that is ``false``
is a member that JSON never has; one that is ``readOnly`` and no element, a member that XML never has. Where the XSD
lets a member be nil, and the property neither is null nor required, JSON leaves null out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from convtool.errors import ContractError
from convtool.model.codings import CODINGS
from convtool.model.contract import (
    Anything,
    Array,
    Contract,
    Dictionary,
    Enumeration,
    Member,
    Record,
    Scalar,
    split_key,
)
from convtool.model.json_only import type_of
from convtool.model.json_schema import NOT_NULL, Document, Node, definition_names, scalar_schema
from convtool.model.made import KEYWORD, can_be_made

if TYPE_CHECKING:
    from convtool.model.contract import Type

__all__ = ["join"]

_META = ("$id", "$ref", "$type")  # Json.NET's own members
_RECORD_WORDS = {"type", "properties", "additionalProperties", "required"}


def join(contract: Contract, document: Document, xsd_file: str) -> Contract:
    """Give the contract with its JSON half: order, enumerations as names or numbers, and what jsonschema must check."""
    walk = _Walk(contract, document, xsd_file)
    walk.visit(contract.root, contract.nillable, document.root(), contract.name)
    walk.visit_derived()
    extra = tuple(sorted({*contract.extra, *walk.extra}))
    return msgspec.structs.replace(contract, types=walk.types, extra=extra)


def _xml_name(name: str, schema: Any) -> str:
    """Give the name in XML of a property: OpenAPI's ``xml`` says where it is another."""
    said = schema.get("xml") if isinstance(schema, dict) else None
    called = said.get("name") if isinstance(said, dict) else None
    return called if isinstance(called, str) else name


class _Walk:
    """One pass over both halves; ``types`` is the model as it becomes complete."""

    def __init__(self, contract: Contract, document: Document, xsd_file: str) -> None:
        self.contract = contract
        self.document = document
        self.xsd_file = xsd_file
        self.types: dict[str, Type] = dict(contract.types)
        self.extra: list[str] = []
        self.names = definition_names(contract)
        self.seen: dict[str, str] = {}  # record key → the JSON place that gave its order
        self.walked: set[tuple[str, str]] = set()  # lists and dictionaries, which may be within themselves

    def disagree(self, where: str, xsd: str, node: Node, json: str) -> ContractError:
        return ContractError(
            f"{self.contract.name}: the halves disagree: {self.xsd_file}: {where}: {xsd}; {node.place}: {json}"
        )

    def visit(self, key: str, nillable: bool, node: Node, where: str) -> None:
        """Hold a use of a type (with or without null) against a place of the JSON Schema."""
        kind = self.types[key]
        if node.nullable != nillable and not (isinstance(kind, Anything) and not node.constraints):
            says = ("nillable", "not nillable")
            raise self.disagree(
                where, says[not nillable], node, "null is allowed" if node.nullable else "null is not allowed"
            )
        match kind:
            case Record():
                self._choices(key, node, where)
            case Array(item=item):
                self._container(key, node, "array", "items", item, where)
            case Dictionary(value_member=value):
                self._container(key, node, "object", "additionalProperties", value, where)
            case Enumeration():
                self._enumeration(kind, node, where)
            case Scalar():
                self._leaf(key, node, where)
            case Anything():
                self._note(node, {} if node.constraints == NOT_NULL and not nillable else node.constraints)

    def _choices(self, key: str, node: Node, where: str) -> None:
        """A record, or a choice of the record and the types derived from it."""
        for alternative in node.alternatives():
            name = alternative.pointer.removeprefix("/$defs/")
            chosen = next((k for k in (key, *self.contract.derived.get(key, ())) if self.names.get(k) == name), key)
            self._record(chosen, alternative, where)

    def _record(self, key: str, node: Node, where: str) -> None:
        record = self.types[key]
        assert isinstance(record, Record)
        if self.seen.get(key) == node.pointer:
            return
        properties = node.constraints.get("properties")
        if node.constraints.get("type") != "object" or not isinstance(properties, dict):
            raise self.disagree(where, f"a record ({key})", node, "no object with properties")
        placed = self._members(key, node, where)
        members = tuple(member for member, _ in placed)
        order = tuple(sorted(range(len(members)), key=lambda index: placed[index][1]))
        meta = properties.get("$type")
        told = meta.get("const") if isinstance(meta, dict) else None
        type_name = told if isinstance(told, str) else ""
        joined = msgspec.structs.replace(record, members=members, json_order=order, type_name=type_name)
        if key in self.seen and joined != record:
            raise self.disagree(
                where, f"{key} is used twice", node, f"its order differs from {self.seen[key]}, or its names do"
            )
        self.seen[key] = node.pointer
        self.types[key] = joined
        self._note(node, {w: v for w, v in node.constraints.items() if w not in _RECORD_WORDS})
        for member in members:
            if member.in_json:
                child, null = node.child("properties", member.json_name), member.nillable and not member.omits_null
                self.visit(member.type, null, child, f"{key.rpartition('}')[2]}/{member.name}")

    def _members(self, key: str, node: Node, where: str) -> list[tuple[Member, int]]:
        """Give the members of both halves, the XSD's first, each with its place in JSON's order."""
        properties, listed = node.constraints["properties"], set(node.constraints.get("required", ()))
        record = self.contract.types[key]
        assert isinstance(record, Record)
        elements = {member.name: index for index, member in enumerate(record.members)}
        named = {_xml_name(name, schema) for name, schema in properties.items()}
        if "" in properties:
            raise self.disagree(where, "members have names", node, "the object has a property without one")
        absent = next((name for name in elements if name not in named), None)
        if absent is not None:
            raise self.disagree(
                where, f"the record has member {absent!r}", node, f"the object has no property {absent!r}"
            )
        found: dict[int, tuple[Member, int]] = {}
        own: list[tuple[Member, int]] = []
        for place, (name, schema) in enumerate(properties.items()):
            called = _xml_name(name, schema)
            index = elements.get(called, -1)
            if index in found:
                raise self.disagree(where, f"the record has one member {called!r}", node, "two properties are for it")
            if index >= 0:
                member = self._in_both(record.members[index], name, node, listed)
                found[index] = member, place if member.in_json else place + len(properties)
            elif isinstance(schema, dict) and schema.get("readOnly") is True:
                own.append((self._in_json(record, name, node, where, schema.get(KEYWORD)), place))
            elif name not in _META:
                raise self.disagree(
                    where, f"the record has no member {called!r}", node, f"the object has property {name!r}"
                )
        members = [*(found[index] for index in range(len(found))), *own]
        wanted = {member.json_name for member, _ in members if member.required and not member.is_unsaid}
        if wanted != listed:
            raise self.disagree(where, f"required: {sorted(wanted)}", node, f"required: {sorted(listed)}")
        return members

    def _in_both(self, member: Member, name: str, node: Node, listed: set[str]) -> Member:
        """Give a member of the XSD with what its property says."""
        if node.constraints["properties"][name] is not False:
            omits = member.nillable and name not in listed and not node.child("properties", name).nullable
            return msgspec.structs.replace(member, json_name=name, omits_null=omits)
        kind = self.types[member.type]
        if member.is_needed and not (isinstance(kind, (Scalar, Enumeration)) or getattr(kind, "value_type", False)):
            raise self.disagree(f"{node.pointer}/{name}", f"{name!r} is required", node, "JSON never has it")
        return msgspec.structs.replace(member, in_json=False)

    def _in_json(self, record: Record, name: str, node: Node, where: str, made: Any) -> Member:
        """Give a member that JSON alone has; ``made``: what it is made of, as its property says it."""
        child, namespace = node.child("properties", name), split_key(record.key)[0]
        if any(member.name == name for member in record.members):
            raise self.disagree(where, f"the record has member {name!r}", node, f"{name!r} is another, and readOnly")
        records = {f"/$defs/{called}": key for key, called in self.names.items()}
        key = type_of(child, f"{record.key}#{name}", namespace, self.types, records)
        kind = self.types[key]
        text = isinstance(kind, Scalar) and kind.datatype == "string"
        if made is not None and not (text and can_be_made(made, record, self.contract)):
            wanted = "texts and names in turn, each name that of a text or a whole number in XML"
            raise self.disagree(where, f"{wanted}, make a text", node, f"{name!r} has {KEYWORD}: {made!r}")
        return Member(name, namespace, key, child.nullable, in_xml=False, made=tuple(made or ()))

    def _container(self, key: str, node: Node, kind: str, word: str, item: Member, where: str) -> None:
        if (key, node.pointer) in self.walked:
            return
        self.walked.add((key, node.pointer))
        if node.constraints.get("type") != kind or not isinstance(node.constraints.get(word), dict):
            raise self.disagree(where, f"a list or dictionary of {item.type}", node, f"no {kind} with {word}")
        self._note(node, {w: v for w, v in node.constraints.items() if w not in ("type", word)})
        self.visit(item.type, item.nillable, node.child(word), f"{where}/{item.name}")

    def _enumeration(self, kind: Enumeration, node: Node, where: str) -> None:
        names, numbers = zip(*kind.values, strict=True)
        values, of = node.constraints.get("enum"), node.constraints.get("type")
        if values is not None:
            plain = all(isinstance(value, (str, int, float)) and not isinstance(value, bool) for value in values)
            said = set(values) if plain else set()
            rows = (row for row in CODINGS.values() if said == set(row.values(kind)) and row.tells(kind))
            found = next((row.name for row in rows), "")
            if not found:
                raise self.disagree(where, f"an enumeration of {list(names)} = {list(numbers)}", node, f"enum {values}")
        elif of not in ("string", "integer"):
            raise self.disagree(where, f"an enumeration of {list(names)}", node, "neither names nor integers")
        else:
            found = next(
                (row.name for row in CODINGS.values() if row.schema(kind) == node.constraints and row.tells(kind)), ""
            )
            found = found or ("names" if of == "string" else "numbers")
        self.types[kind.key] = msgspec.structs.replace(kind, coding=found)

    def _leaf(self, key: str, node: Node, where: str) -> None:
        kind = self.types[key]
        assert isinstance(kind, Scalar)
        expected = scalar_schema(kind.datatype)
        if node.constraints == expected:
            return
        found = node.constraints
        if found.get("type", expected.get("type")) != expected.get("type") or (not found and expected):
            raise self.disagree(
                where, f"a value of {key}", node, f"type {found.get('type')!r}, not {expected.get('type')!r}"
            )
        for word, wider in (("minimum", -1), ("maximum", 1)):
            if word in expected and word in found and (found[word] - expected[word]) * wider > 0:
                raise self.disagree(where, f"{word} {expected[word]} of {key}", node, f"{word} {found[word]}")
        self._note(node, {w: v for w, v in found.items() if w != "type" and expected.get(w) != v})

    def _note(self, node: Node, constraints: dict[str, Any]) -> None:
        self.extra.extend(f"{node.place}: {word}" for word in constraints)

    def visit_derived(self) -> None:
        """Take the JSON order of derived types, which only i:type and $type reach, from their definitions."""
        definitions = self.document.content.get("$defs", {})
        for key in sorted({k for keys in self.contract.derived.values() for k in keys} - set(self.seen)):
            name = self.names[key]
            if name not in definitions:
                raise ContractError(
                    f"{self.contract.name}: {self.document.file}#/$defs has no {name!r}, a known derived type"
                )
            self._record(key, self.document.node(definitions[name], f"/$defs/{name}"), name)
