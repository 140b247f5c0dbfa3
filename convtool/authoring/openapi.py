"""OpenAPI documents → contracts: what Swashbuckle, NSwag and people write of data contracts.

A schema's vocabulary counts first (``xml``, ``nullable``, ``x-enumNames``, ``x-dictionaryKey``, ``discriminator``);
what it does not say is what DataContractSerializer would do, and is a guess, which is told. Sources: the OpenAPI
specifications 2.0, 3.0 and 3.1; the documents that Swashbuckle.AspNetCore and NSwag generate.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from convtool.authoring.clr_names import CLR, clr_namespace, encoded
from convtool.authoring.help_page.guesses import Guesses
from convtool.authoring.openapi_document import NULL, Body, Document, Place
from convtool.authoring.schema_files import Made
from convtool.authoring.type_set import TypeSet, Use, used_by
from convtool.errors import ContractError
from convtool.model.contract import Array, Dictionary, Enumeration, Member, Record, split_key
from convtool.model.spelling import pascal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["FromOpenAPI", "from_openapi"]

_SIMPLE = {  # type and format → datatype; without a format the first of a type counts
    ("integer", ""): "int", ("integer", "int32"): "int", ("integer", "int64"): "long", ("integer", "int16"): "short",
    ("integer", "int8"): "byte", ("integer", "byte"): "unsignedByte", ("integer", "uint8"): "unsignedByte",
    ("integer", "uint16"): "unsignedShort", ("integer", "uint32"): "unsignedInt", ("integer", "uint64"): "unsignedLong",
    ("number", ""): "double", ("number", "double"): "double", ("number", "float"): "float",
    ("number", "decimal"): "decimal", ("boolean", ""): "boolean",
    ("string", ""): "string", ("string", "date-time"): "dateTime", ("string", "date"): "dateOrDateTime",
    ("string", "uuid"): "guid", ("string", "guid"): "guid", ("string", "byte"): "base64Binary",
    ("string", "uri"): "anyURI", ("string", "duration"): "duration", ("string", "time-span"): "duration",
    ("string", "timespan"): "duration", ("string", "date-span"): "duration", ("string", "decimal"): "decimal",
}  # fmt: skip
_GUESSED = {  # what a document says of several types of .NET by one word
    ("integer", ""): "an integer without a format is taken for an int",
    ("number", ""): "a number without a format is taken for a double",
    ("number", "double"): "a number of the format double is taken for a double: generators write it for decimals, too",
    ("string", "date"): "a date may have a time behind it, as a DateTime of .NET has",
}
_LIMITS = {
    "maxLength", "minLength", "pattern", "maximum", "minimum", "maxItems", "minItems", "multipleOf", "uniqueItems",
}  # fmt: skip
_ENUM_NAMES = ("x-enumNames", "x-enum-varnames", "x-enumVarNames")
_FULL_NAME = re.compile(r"([^\W\d]\w*(?:\.[^\W\d]\w*)*)\.([^\W\d]\w*)")


@dataclass
class FromOpenAPI:
    """What a document gave: contracts by name, operations by ``METHOD path``, notes, and what is left out and why."""

    made: dict[str, Made] = field(default_factory=dict)
    operations: dict[str, dict[str, str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    @property
    def guesses(self) -> list[str]:
        """What had to be guessed, a line each, headed by the contract's name."""
        return [f"{name}: {guess}" for name, made in self.made.items() for guess in made.guesses]


def from_openapi(path: Path, *, namespace: str = "") -> FromOpenAPI:
    """Give the contracts of an OpenAPI document: those of its operations, and of schemas that nothing else uses.

    ``namespace``: the XML namespace of schemas that say none. SourceError where the file is no OpenAPI document,
    ContractError where it leads to nothing that is a contract.
    """
    document = Document(path)
    builder = _Builder(document, namespace)
    result = FromOpenAPI()
    for component in document.components:
        try:
            builder.component(component)
        except ContractError as error:
            result.left_out.append(str(error))
    builder.settle()
    result.left_out.extend(builder.failed.values())
    for name, description, bodies in document.operations():
        operation = result.operations.setdefault(name, {"description": description} if description else {})
        for body in bodies:
            _body(builder, body, operation, result)
    reached = {key for name in result.made for key in result.made[name].contract.types}
    for key in builder.unused(reached):
        _take(builder, key, result)
    if not result.made:
        raise ContractError(
            "; ".join(result.left_out) or f"{path}: describes no object of which a contract could be made"
        )
    return result


def _body(builder: _Builder, body: Body, operation: dict[str, str], result: FromOpenAPI) -> None:
    try:
        key = builder.root(body.schema, _title(body.title))
    except ContractError as error:
        result.left_out.append(f"{body.operation}: the {body.role}: {error}")
        return
    if not isinstance(builder.types[key], (Record, Array, Dictionary)):
        result.notes.append(f"{body.operation}: the {body.role} is a plain value, of which there is no contract")
        return
    name = _take(builder, key, result)
    if name:
        operation[body.role] = name


def _take(builder: _Builder, key: str, result: FromOpenAPI) -> str:
    """Take a contract, once, and give its name; "" where another has the name already."""
    contract = builder.contract(key)
    known = result.made.get(contract.name)
    if known is None:
        result.made[contract.name] = Made(contract, builder.document.path.name, builder.guesses_of(contract.types))
    elif known.contract.root != key:
        rival = f"there is one of {known.contract.namespace} already"
        result.left_out.append(f"{contract.name} of {contract.namespace}: {rival}")
        return ""
    return contract.name


def _title(text: str) -> str:
    """Give a type's name for a body that has none: ``POST api/orders request`` is ``PostApiOrdersRequest``."""
    return "".join(word[:1].upper() + word[1:] for word in re.findall(r"\w+", text))


class _Builder(TypeSet):
    """Makes types of schemas; each named schema once."""

    def __init__(self, document: Document, namespace: str) -> None:
        super().__init__()
        self.document = document
        self.namespace = namespace
        self._known: dict[tuple[Path, str], Use] = {}
        self.failed: dict[str, str] = {}  # the reason, by the key of a type that cannot be had
        self._open: set[tuple[Path, str]] = set()
        self._waiting: dict[str, Place] = {}  # records that are met, and not yet made
        self._guesses: list[tuple[str, str, str]] = []  # the type's key, the reason, the member
        self._marked, self._wrapped, self._tells_decimals = document.vocabulary

    def root(self, place: Place, hint: str) -> str:
        """Give the key of a body's type; ContractError where it cannot be had."""
        key = self.use(place, hint).key
        self.settle()
        if key not in self.types:
            raise ContractError(self.failed[key])
        return key

    def unused(self, reached: set[str]) -> Iterator[str]:
        """Yield the named records that no contract reaches and no other type uses."""
        records = dict.fromkeys(use.key for use in self._known.values() if isinstance(self.types.get(use.key), Record))
        reach = {key: self.contract(key).types for key in records}
        inside = {key for key in records for other in records if key in reach[other] and other not in reach[key]}
        yield from (key for key in records if key not in reached | inside)

    def guess(self, key: str, reason: str, member: str = "") -> None:
        """Note what the document does not say about a type, or a member of it."""
        self._guesses.append((key, reason, member))

    def guesses_of(self, types: Any) -> list[str]:
        """Give what was guessed of some types, a line for each reason."""
        found = Guesses()
        for key, reason, member in self._guesses:
            if key in types:
                found.add(reason, f"{split_key(key)[1]}/{member}" if member else split_key(key)[1])
        return found.texts()

    # --- schemas ---

    def use(self, place: Place, hint: str) -> Use:
        """Give what a schema is where it is used; ``hint`` names it where nothing else does."""
        value = place.value
        nullable = value.get("nullable") is True or value.get("x-nullable") is True
        if "$ref" in value:
            found = self.component(self.document.target(place, str(value["$ref"])))
            return _as_nullable(found, nullable or found.nullable)
        kinds = value.get("type")
        kinds = kinds if isinstance(kinds, list) else [kinds] if kinds else []
        nullable |= "null" in kinds or None in place.listed("enum")
        for word in ("oneOf", "anyOf"):
            choices = [at for at, one in enumerate(place.listed(word)) if one != NULL]
            if choices:
                nullable |= len(choices) < len(value[word])
                return _as_nullable(self._choice(place, word, choices, hint), nullable)
        if len(place.listed("allOf")) == 1 and not place.mapped("properties"):
            found = self.use(place.at("allOf", 0), hint)
            return _as_nullable(found, nullable or found.nullable)
        kinds = [kind for kind in kinds if kind != "null"]
        return _as_nullable(self._plain(place, str(kinds[0]) if len(kinds) == 1 else "", hint), nullable)

    def component(self, place: Place) -> Use:
        """Give a named schema, which is made once."""
        known = (place.file.absolute(), place.pointer)
        if known not in self._known:
            name = place.name or place.file.name.partition(".")[0]
            if _is_record(place.value):
                self._known[known] = self._record_of(place, name)
            else:
                self._known[known] = self._other(known, place, name)
        return self._known[known]

    def _other(self, known: tuple[Path, str], place: Place, name: str) -> Use:
        if known in self._open:
            raise ContractError(f"{place}: leads back to itself without an object between")
        self._open.add(known)
        try:
            return self.use(place, name)
        finally:
            self._open.discard(known)

    def _record_of(self, place: Place, name: str) -> Use:
        """Give a record, which is made later: what leads back to it needs its key only."""
        key = self._key(place, name)
        if key in self.types or key in self._waiting or key in self.failed:
            raise ContractError(f"{place}: the document has another schema that is {key} in XML")
        self._waiting[key] = place
        return Use(key)

    def settle(self) -> None:
        """Make the records that have been met; those that use what cannot be had fail as well."""
        while self._waiting:
            self._make(next(iter(self._waiting)))
        grown = True
        while grown:
            grown = False
            for key in list(self.types):
                missing = next((one for one in used_by(self.types[key]) if one not in self.types), None)
                if missing is not None:
                    self.failed[key] = f"{split_key(key)[1]} uses {split_key(missing)[1]}, which is left out"
                    del self.types[key]
                    grown = True

    def _make(self, key: str) -> None:
        """Make a record that waits; a failure is kept."""
        place = self._waiting.pop(key, None)
        if place is None:
            return
        try:
            self.types[key] = self._record(key, place)
        except ContractError as error:
            self.failed[key] = str(error)

    def _key(self, place: Place, name: str) -> str:
        """Give a type's key: as ``xml`` says, or by a name with a CLR namespace before it, or else guessed."""
        said = place.mapped("xml")
        full = _FULL_NAME.fullmatch(name)
        local = encoded(str(said.get("name") or (full[2] if full else name)))
        namespace = said.get("namespace") or self.namespace or (clr_namespace(full[1]) if full else "")
        key = f"{{{namespace or CLR}}}{local}"
        if not namespace:
            self.guess(key, f"the document says no XML namespace: taken to be {CLR}, unless --namespace gives another")
        return key

    def _choice(self, place: Place, word: str, choices: list[int], hint: str) -> Use:
        """Give what is one of several: their common base, where they have one among them; else anything."""
        uses = [self.use(place.at(word, at), hint) for at in choices]
        for key in list(self._waiting):
            self._make(key)
        keys = {use.key for use in uses}
        derived = self.derived()
        for use in uses:
            if keys <= {use.key, *derived.get(use.key, ())}:
                return use
        bases = [base for base, known in derived.items() if keys <= set(known)]
        if bases:
            return Use(min(bases, key=lambda base: len(derived[base])))
        found = self.anything()
        self.guess(found.key, f"one of several types ({word}) is taken for content of any shape", hint)
        return found

    def _plain(self, place: Place, kind: str, hint: str) -> Use:
        value = place.value
        if place.listed("enum"):
            return self._enumeration(place, kind, hint)
        if kind == "array" or (not kind and "items" in value):
            return self._list(place, hint)
        if place.mapped("properties") or len(place.listed("allOf")) > 1:
            key = self._key(place, hint)
            if key not in self.types and key not in self._waiting:
                self.guess(key, "a schema without a name is named after where it is used")
                self._waiting[key] = place
            return Use(key)
        if kind == "object":
            return self._dictionary(place, hint)
        format_ = str(value.get("format") or "")
        name = _SIMPLE.get((kind, format_)) or _SIMPLE.get((kind, ""))
        if name is None:
            if kind:
                raise ContractError(f"{place}: the type {kind!r} is none that data contracts have")
            return self.anything()
        return self.simple(name, self.namespace or CLR)

    def _list(self, place: Place, hint: str) -> Use:
        items = place.at("items") if "items" in place.value else Place(place.file, place.pointer, {})
        item = self.use(items, hint.removesuffix("s") or hint)
        said, of = place.mapped("xml"), items.mapped("xml")
        key = ""
        if said.get("name") and _is_named(place):
            key = self._key(place, str(said["name"]))
        return self.list_of(item, key, encoded(str(of.get("name") or "")))

    def _dictionary(self, place: Place, hint: str) -> Use:
        values = place.value.get("additionalProperties")
        if values is None or values is False:
            return self.anything()
        of = self.simple("string")
        if isinstance(place.value.get("x-dictionaryKey"), dict):
            of = self.use(place.at("x-dictionaryKey"), f"{hint}Key")
        value = self.anything() if values is True or not values else self.use(place.at("additionalProperties"), hint)
        return self.dictionary_of(of, value)

    def _enumeration(self, place: Place, kind: str, hint: str) -> Use:
        value = place.value
        values = [one for one in value["enum"] if one is not None]
        names = next((value[word] for word in _ENUM_NAMES if isinstance(value.get(word), list)), None)
        flags = value.get("x-enumFlags") is True
        if all(isinstance(one, int) for one in values):
            if not names or len(names) < len(values):
                found = self.simple(_SIMPLE.get((kind, str(value.get("format") or "")), "int"))
                self.guess(found.key, "an enumeration without names is taken for its numbers; XML has names", hint)
                return found
            pairs = tuple(zip(map(str, names), values, strict=False))
            coding = "numbers"
        else:
            pairs = tuple((str(one), 1 << at if flags else at) for at, one in enumerate(values))
            coding = "names"
        key = self._key(place, hint)
        if coding == "names":
            self.guess(key, "the numbers of its names are taken to be their places")
        self.types.setdefault(key, Enumeration(key, pairs, flags=flags, coding=coding))
        return Use(key, is_value=True)

    # --- records ---

    def _record(self, key: str, place: Place) -> Record:
        """Make a record: the base's members first, then its own in ordinal order; JSON has them as they are listed."""
        base, parts = self._parts(place)
        inherited = self.types[base].members if base else ()  # type: ignore[union-attr]
        own: list[Member] = []
        for part in parts:
            required = part.listed("required")
            for name in part.mapped("properties"):
                if not str(name).startswith("$") and all(name != member.json_name for member in (*own, *inherited)):
                    own.append(self._member(key, part.at("properties", name), str(name), name in required))
        ordered = sorted(own, key=lambda member: member.name.encode("utf-16-be"))
        members = (*inherited, *ordered)
        if len(own) > 1:
            self.guess(key, "the order of XML is taken to be that of the names, as DataContractSerializer has it")
        places = {member.name: at for at, member in enumerate(members)}
        of_base = self.types[base].order if base else ()  # type: ignore[union-attr]
        return Record(
            key,
            members,
            json_order=(*(places[member.name] for member in own), *of_base),
            base=base,
            description=str(place.value.get("description") or ""),
            type_name=self._type_name(place),
        )

    def _parts(self, place: Place) -> tuple[str, list[Place]]:
        """Give the key of the base, and the schemas whose properties are the record's own."""
        base = ""
        parts = []
        for at, _ in enumerate(place.listed("allOf")):
            part = place.at("allOf", at)
            if "$ref" in part.value:
                found = self.component(self.document.target(part, str(part.value["$ref"])))
                self._make(found.key)
                if found.key in self.failed:
                    raise ContractError(self.failed[found.key])
                if not isinstance(self.types.get(found.key), Record):
                    raise ContractError(f"{part}: the base {split_key(found.key)[1]} is no object, or leads back here")
                if not base:
                    base = found.key
                    continue
                part = self.document.resolve(part)
            parts.append(part)
        return base, [*parts, place]

    def _type_name(self, place: Place) -> str:
        """Give what ``$type`` calls a type, where its base says that ``$type`` tells them apart."""
        for at, _ in enumerate(place.listed("allOf")):
            part = place.at("allOf", at)
            if "$ref" not in part.value:
                continue
            base = self.document.target(part, str(part.value["$ref"]))
            said = base.value.get("discriminator")  # a text in 2.0
            if isinstance(said, dict) and said.get("propertyName") == "$type":
                mapping = base.at("discriminator").mapped("mapping")
                return next((str(word) for word, to in mapping.items() if _leads(to, place)), place.name)
            found = self._type_name(base)
            if found:
                return place.name
        return ""

    def _member(self, key: str, place: Place, name: str, required: bool) -> Member:
        if not name:
            raise ContractError(f"{place}: is a property without a name")
        said = place.mapped("xml")
        if said.get("attribute") is True:
            raise ContractError(f"{place}: is an attribute in XML, which no data contract has")
        use = self.use(place, f"{split_key(key)[1]}{name[:1].upper()}{name[1:]}")
        called = str(said.get("name") or pascal(name))
        if called != name and not said.get("name"):
            self.guess(key, "names in camel case are taken to be those of XML with a capital letter", name)
        self._note(key, place, name)
        return Member(
            encoded(called),
            str(said.get("namespace") or split_key(key)[0]),
            use.key,
            json_name=name,
            nillable=self._nillable(key, place, use),
            required=required,
            description=str(place.value.get("description") or ""),
        )

    def _nillable(self, key: str, place: Place, use: Use) -> bool:
        """Tell whether a member can be null: as the document says, where it says it of such members."""
        if "$ref" not in place.value or self._wrapped:
            return use.nullable if self._marked else use.nillable
        if self._marked and use.is_value:
            self.guess(key, "the document does not mark references as nullable: they are taken to be", place.name)
        return use.nillable or self._marked

    def _note(self, key: str, place: Place, name: str) -> None:
        value = place.value
        kinds = value.get("type")
        kind = next((one for one in kinds if one != "null"), "") if isinstance(kinds, list) else str(kinds or "")
        reason = _GUESSED.get((kind, str(value.get("format") or ""))) if not value.get("enum") else None
        if reason and not (self._tells_decimals and value.get("format") == "double"):
            self.guess(key, reason, name)
        if value.get("readOnly") is True:
            self.guess(key, "what is read only is taken to be in XML, too, as a property with a setter is", name)
        if _LIMITS & value.keys():
            self.guess(key, "limits such as maxLength are not taken over", name)
        if not self._marked:
            self.guess(key, "the document marks nothing as nullable: classes of .NET can be null, numbers cannot")


def _as_nullable(use: Use, nullable: bool) -> Use:
    """Give a use that can be null, or cannot."""
    return Use(use.key, use.is_value, nullable)


def _is_record(value: dict[str, Any]) -> bool:
    """Tell whether a named schema is an object of members, a base's included."""
    if value.get("properties") or value.get("allOf"):
        return True
    kinds = value.get("type")
    is_object = kinds == "object" or (isinstance(kinds, list) and "object" in kinds)
    return is_object and value.get("additionalProperties") in (None, False) and not value.get("enum")


def _is_named(place: Place) -> bool:
    return place.pointer.rpartition("/")[0] in ("/definitions", "/components/schemas")


def _leads(reference: Any, place: Place) -> bool:
    return str(reference).rpartition("/")[2] == place.name
