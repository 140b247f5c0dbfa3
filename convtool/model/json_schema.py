"""JSON Schema ↔ model: what a contract's JSON half says, and the JSON Schema that a model amounts to.

``emit`` writes a schema (draft 2020-12) for a compiled contract; ``node`` reads one place of a schema: references
resolved within the file, ``null`` split off, annotations and constraints told apart. Nothing is ever fetched.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from convtool.errors import ContractError
from convtool.model.codings import coding_of
from convtool.model.contract import (
    Anything,
    Array,
    Contract,
    Dictionary,
    Enumeration,
    Member,
    Record,
    Scalar,
    Type,
    split_key,
)
from convtool.model.datatypes import DATATYPES
from convtool.model.files import content_of
from convtool.model.made import KEYWORD

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = [
    "DIALECT",
    "NOT_NULL",
    "Document",
    "Node",
    "definition_names",
    "emit",
    "is_within_itself",
    "load_document",
    "scalar_schema",
    "type_schema",
]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_ANNOTATIONS = {"$schema", "$id", "$defs", "$comment", "title", "description", "examples", "default", "deprecated",
                "format", "readOnly", "writeOnly", "contentEncoding", "x-order", KEYWORD, "xml"}  # fmt: skip
#: What a member of any shape is where JSON leaves null out: an empty schema allows null as well.
NOT_NULL = {"type": ["string", "number", "boolean", "object", "array"]}
# --- model → schema -------------------------------------------------------------------------------------------------


def emit(contract: Contract, *, identifier: str = "", comment: str = "") -> dict[str, Any]:
    """Give the JSON Schema of a contract: definitions by type name, properties in the contract's JSON order.

    Where the root element is not called as the contract is, ``xml`` names it, in OpenAPI's words.
    """
    names = definition_names(contract)
    head: dict[str, Any] = {
        "$schema": DIALECT,
        "$id": identifier or f"urn:datacontract:{contract.name}",
        "title": contract.name,
    }
    if contract.element:
        head["xml"] = {"name": contract.element, "namespace": contract.namespace}
    if contract.description:
        head["description"] = contract.description
    if comment:
        head["$comment"] = comment
    root = type_schema(contract, contract.root, names, contract.nillable)
    return {**head, **root, "$defs": {name: _definition(contract, key, names) for key, name in names.items()}}


def definition_names(contract: Contract) -> dict[str, str]:
    """Give the name under $defs of each record, and of each list or dictionary that is within itself.

    It is the local name; where several share it, with the last part of the namespace before it; and where that too is
    another's, with a number behind it.
    """
    keys = [key for key, kind in contract.types.items() if isinstance(kind, Record)]
    keys += [key for key in contract.types if is_within_itself(contract, key)]
    local = Counter(split_key(key)[1] for key in keys)
    names: dict[str, str] = {}
    taken = {name for name, times in local.items() if times == 1}
    for key in sorted(keys):
        namespace, name = split_key(key)
        if local[name] > 1:
            whole = f"{namespace.rstrip('/').rpartition('/')[2]}.{name}"
            numbered = (f"{whole}:{number}" for number in range(2, len(keys) + 2))
            name = next(one for one in (whole, *numbered) if one not in taken)
            taken.add(name)
        names[key] = name
    return names


def is_within_itself(contract: Contract, key: str) -> bool:
    """Tell whether a list or dictionary holds itself without a record between."""
    inside = key
    for _ in contract.types:
        match contract.types[inside]:
            case Array(item=member) | Dictionary(value_member=member):
                inside = member.type
            case _:
                return False
        if inside == key:
            return True
    return False


def _definition(contract: Contract, key: str, names: dict[str, str]) -> dict[str, Any]:
    kind = contract.types[key]
    return _record(contract, key, names) if isinstance(kind, Record) else _container(contract, kind, names)


def _record(contract: Contract, key: str, names: dict[str, str]) -> dict[str, Any]:
    record = contract.types[key]
    assert isinstance(record, Record)
    order = record.order
    properties: dict[str, Any] = {"$id": {"type": "string"}, "$ref": {"type": "string"}} if record.is_reference else {}
    if record.type_name:
        properties["$type"] = {"const": record.type_name}
    for member in (record.members[index] for index in order):
        properties[member.json_name] = _property(contract, member, names)
    body: dict[str, Any] = {"type": "object"}
    if record.description:
        body["description"] = record.description
    body |= {"properties": properties, "additionalProperties": False}
    required = [member.json_name for index in order if (member := record.members[index]).required
                and not member.is_unsaid]  # fmt: skip
    return {**body, "required": required} if required else body


def _property(contract: Contract, member: Member, names: dict[str, str]) -> Any:
    """Give the schema of a member: ``false`` where JSON never has it; ``xml`` as OpenAPI names a property in XML."""
    if not member.in_json:
        return False
    schema = type_schema(contract, member.type, names, member.nillable and not member.omits_null)
    head: dict[str, Any] = {}
    if member.in_xml and member.json_name != member.name:
        head["xml"] = {"name": member.name}
    if not member.in_xml:
        head["readOnly"] = True
    if member.made:
        head[KEYWORD] = [*member.made]
    if member.description:
        head["description"] = member.description
    return {**head, **(schema or (NOT_NULL if member.omits_null else {}))}


def type_schema(contract: Contract, key: str, names: dict[str, str], nillable: bool) -> dict[str, Any]:
    """Give the schema of a type where it is used; ``nillable`` adds null."""
    schema = _plain(contract, key, names)
    if not nillable or not schema:
        return schema
    if "enum" in schema:
        return {**schema, "enum": [*schema["enum"], None]}
    if isinstance(schema.get("type"), str):
        return {**schema, "type": [schema["type"], "null"]}
    return {"anyOf": [*schema.get("anyOf", [schema]), {"type": "null"}]}


def _plain(contract: Contract, key: str, names: dict[str, str]) -> dict[str, Any]:
    match contract.types[key]:
        case Scalar(datatype=name):
            return scalar_schema(name)
        case Enumeration() as enumeration:
            return coding_of(enumeration).schema(enumeration)
        case Record():
            choices = [{"$ref": f"#/$defs/{names[k]}"} for k in (key, *contract.derived.get(key, ()))]
            return choices[0] if len(choices) == 1 else {"anyOf": choices}
        case Array() | Dictionary() as kind:
            return {"$ref": f"#/$defs/{names[key]}"} if key in names else _container(contract, kind, names)
        case Anything():
            return {}


def _container(contract: Contract, kind: Type, names: dict[str, str]) -> dict[str, Any]:
    if isinstance(kind, Array):
        return {"type": "array", "items": _use(contract, kind.item, names)}
    assert isinstance(kind, Dictionary)
    return {"type": "object", "additionalProperties": _use(contract, kind.value_member, names)}


def _use(contract: Contract, member: Member, names: dict[str, str]) -> dict[str, Any]:
    return type_schema(contract, member.type, names, member.nillable)


def scalar_schema(name: str) -> dict[str, Any]:
    """Give the schema of a datatype."""
    kind = DATATYPES[name]
    if kind.bounds is not None:
        return {"type": "integer", "minimum": kind.bounds[0], "maximum": kind.bounds[1]}
    if kind.json_words:
        return {"anyOf": [{"type": kind.json_kind}, {"enum": list(kind.json_words)}]}
    return {"type": kind.json_kind, **kind.json_schema}


# --- schema → nodes -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Document:
    """A JSON Schema file: its name for messages, its content, and a resolver that knows this file only."""

    file: str
    content: dict[str, Any]
    lookup: Callable[[str], Any]

    def root(self) -> Node:
        """Give the file's root as a node."""
        return self.node(self.content, "")

    def node(self, schema: Any, pointer: str, seen: tuple[str, ...] = ()) -> Node:
        """Read one place: follow $ref, split null off, and tell constraints from annotations.

        ``seen``: the references that have led here.
        """
        while isinstance(schema, dict) and "$ref" in schema and not set(schema) - _ANNOTATIONS - {"$ref"}:
            reference = str(schema["$ref"])
            if reference in seen:
                raise ContractError(f"{self.file}#{pointer}: $ref {reference} leads back to itself")
            seen = (*seen, reference)
            schema, pointer = self.lookup(reference), reference.removeprefix("#")
        if schema is True:
            schema = {}
        if not isinstance(schema, dict):
            raise ContractError(f"{self.file}#{pointer}: a schema is an object, not {schema!r}")
        constraints = {word: value for word, value in schema.items() if word not in _ANNOTATIONS}
        return self._without_null(constraints, pointer, seen)

    def _without_null(self, constraints: dict[str, Any], pointer: str, seen: tuple[str, ...]) -> Node:
        for word in ("anyOf", "oneOf"):
            parts = constraints.get(word)
            if isinstance(parts, list) and {"type": "null"} in parts and len(constraints) == 1:
                rest = [part for part in parts if part != {"type": "null"}]
                if len(rest) == 1:
                    inner = self.node(rest[0], f"{pointer}/{word}/{parts.index(rest[0])}", seen)
                    return Node(self, inner.constraints, True, inner.pointer)
                return Node(self, {"anyOf": rest}, True, pointer)
        kinds = constraints.get("type")
        if isinstance(kinds, list) and "null" in kinds:
            rest = [kind for kind in kinds if kind != "null"]
            return Node(self, {**constraints, "type": rest[0] if len(rest) == 1 else rest}, True, pointer)
        values = constraints.get("enum")
        if isinstance(values, list) and None in values:
            return Node(self, {**constraints, "enum": [v for v in values if v is not None]}, True, pointer)
        # An empty schema allows everything, null too.
        return Node(self, constraints, not constraints, pointer)


@dataclass(frozen=True)
class Node:
    """One place of a schema: its constraints without null, whether null is allowed, and its JSON Pointer."""

    document: Document
    constraints: dict[str, Any]
    nullable: bool
    pointer: str

    @property
    def place(self) -> str:
        """How a message names the place: file#pointer."""
        return f"{self.document.file}#{self.pointer}"

    def child(self, *steps: str) -> Node:
        """Give the node below: ``child("properties", "Start")``."""
        schema: Any = self.constraints
        for step in steps:
            schema = schema[step]
        escaped = (step.replace("~", "~0").replace("/", "~1") for step in steps)
        return self.document.node(schema, "/".join([self.pointer, *escaped]))

    def alternatives(self) -> list[Node]:
        """Give the nodes under anyOf, or the node itself."""
        parts = self.constraints.get("anyOf")
        if not isinstance(parts, list):
            return [self]
        return [self.document.node(part, f"{self.pointer}/anyOf/{index}") for index, part in enumerate(parts)]


def load_document(path: Path) -> Document:
    """Read a JSON Schema file and check it against its dialect's meta-schema; references stay within the file."""
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import SchemaError
    from referencing import Registry, Resource
    from referencing.exceptions import Unresolvable
    from referencing.jsonschema import DRAFT202012

    try:
        content = msgspec.json.decode(content_of(path))
    except OSError as error:
        raise ContractError(f"{path}: {error.strerror}") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ContractError(f"{path}: not JSON: {error}") from None
    if not isinstance(content, dict):
        raise ContractError(f"{path}: a JSON Schema file holds an object")
    try:
        Draft202012Validator.check_schema(content)
    except SchemaError as error:
        raise ContractError(f"{path}#{error.json_path}: {error.message}") from None
    resource: Resource[Any] = DRAFT202012.create_resource(content)
    base = str(content.get("$id", ""))
    # A registry without a retrieval function: a reference out of the file is an error, not a request.
    resolver = Registry().with_resource(base, resource).resolver(base)

    def lookup(reference: str) -> Any:
        try:
            return resolver.lookup(reference).contents
        except Unresolvable:
            raise ContractError(f"{path}: $ref {reference!r} is not in the file, and nothing is fetched") from None

    return Document(path.name, content, lookup)
