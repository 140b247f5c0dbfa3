"""The two halves of a contract held together: the XSD's model takes the JSON Schema's order; disagreement is an error.

Both files are walked side by side from the root. A ContractError names both places. What the JSON Schema says beyond
the model (a shorter pattern, an if/then) is noted in ``extra``, and the reference library checks it on each record.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from convtool.errors import ContractError
from convtool.model.codings import CODINGS
from convtool.model.contract import Anything, Array, Contract, Dictionary, Enumeration, Member, Record, Scalar
from convtool.model.json_schema import Document, Node, definition_names, type_schema

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
                self._note(node, node.constraints)

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
        here = {member.name: index for index, member in enumerate(record.members)}
        for name in [*here, *(p for p in properties if p not in _META)]:
            if (name in here) != (name in properties):
                xsd, json = ("has", "has no") if name in here else ("has no", "has")
                raise self.disagree(
                    where, f"the record {xsd} member {name!r}", node, f"the object {json} property {name!r}"
                )
        order = tuple(here[name] for name in properties if name in here)
        if record.json_order and record.json_order != order:
            raise self.disagree(where, f"{key} is used twice", node, f"its order differs from {self.seen[key]}")
        wanted, listed = {m.name for m in record.members if m.required}, set(node.constraints.get("required", ()))
        if wanted != listed:
            raise self.disagree(where, f"required: {sorted(wanted)}", node, f"required: {sorted(listed)}")
        self.seen[key] = node.pointer
        type_name = properties.get("$type", {}).get("const", "")
        self.types[key] = msgspec.structs.replace(record, json_order=order, type_name=type_name)
        self._note(node, {w: v for w, v in node.constraints.items() if w not in _RECORD_WORDS})
        for member in record.members:
            child = node.child("properties", member.name)
            self.visit(member.type, member.nillable, child, f"{key.rpartition('}')[2]}/{member.name}")

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
            found = next((row.name for row in CODINGS.values() if set(values) == set(row.values(kind))), "")
            if not found:
                raise self.disagree(where, f"an enumeration of {list(names)} = {list(numbers)}", node, f"enum {values}")
        elif of not in ("string", "integer"):
            raise self.disagree(where, f"an enumeration of {list(names)}", node, "neither names nor integers")
        else:
            found = next((row.name for row in CODINGS.values() if row.schema(kind) == node.constraints), "")
            found = found or ("names" if of == "string" else "numbers")
        self.types[kind.key] = msgspec.structs.replace(kind, coding=found)

    def _leaf(self, key: str, node: Node, where: str) -> None:
        expected = type_schema(self.contract, key, self.names, nillable=False)
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
