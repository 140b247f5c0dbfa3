"""XSD → model: the half of a contract that says structure, XML order, nillability and facets.

Schemas are read through xmlschema: from one folder only, without network, with entities refused. What .NET's exporter
writes becomes the model; what says more (facets, for instance) is noted in ``extra`` for the reference library to
check; what the data contract family does not have (attributes, choices, mixed content) is a ContractError that names
its place.
"""

from __future__ import annotations

import hashlib
import re
import warnings
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from convtool.errors import ContractError
from convtool.model.contract import (
    SERIALIZATION,
    XSD,
    Anything,
    Array,
    Contract,
    Dictionary,
    Enumeration,
    Member,
    Record,
    Scalar,
    Type,
)
from convtool.model.datatypes import BY_KEY, Datatype, record_of
from convtool.model.files import content_of, in_utf8
from convtool.model.opener import opener
from convtool.model.schema_set import complete, let_lax

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["compile_xsd", "load_schema", "root_elements"]

_SCHEMA = f"{{{XSD}}}schema"
_VALUES = range(-(2**63), 2**64)  # an enumeration of .NET is at most a long or an ulong


def root_elements(path: Path) -> tuple[str, dict[str, bool]]:
    """Give the target namespace of an XSD file and the names of its global elements: whether each has a named type.

    An element without one is an operation's wrapper.
    """
    from xml.etree import ElementTree

    try:
        namespace, names = _root_elements(content_of(path))
    except (ElementTree.ParseError, LookupError, OSError, ValueError) as error:
        raise ContractError(f"{path}: not a readable XSD: {error}") from None
    if names is None:
        raise ContractError(f"{path}: the root element is {namespace}, not xs:schema")
    return namespace, dict(names)


@lru_cache(maxsize=512)
def _root_elements(content: bytes) -> tuple[str, tuple[tuple[str, bool], ...] | None]:
    """Give the namespace and the names, or what the root element is instead, and None; once for each content."""
    from xml.etree import ElementTree

    root = ElementTree.fromstring(in_utf8(content))
    if root.tag != f"{{{XSD}}}schema":
        return root.tag, None
    names = ((child.get("name", ""), "type" in child.attrib) for child in root if child.tag == f"{{{XSD}}}element")
    return root.get("targetNamespace", ""), tuple(names)


def load_schema(path: Path) -> Any:
    """Give xmlschema's schema of an XSD file; imports without a location are resolved within its folder.

    It is built once for the same content of the folder's files, and shared: nobody may change it.
    """
    whole = path.absolute()  # xmlschema resolves against base_url, the path included
    try:
        files = {file: content_of(file) for file in {*sorted(whole.parent.glob("*.xsd")), whole}}
    except OSError as error:
        raise ContractError(f"{path}: not a readable XSD: {error}") from None
    digests = tuple(sorted((str(file), hashlib.sha256(content).digest()) for file, content in files.items()))
    return _among_all(path, digests) or _loaded(path, whole, digests)


def _among_all(path: Path, files: tuple[tuple[str, bytes], ...]) -> Any:
    """Give the schema of a file as one of its folder's, which are built together; None where that does not go.

    It goes where each file has a namespace of its own, as .NET's exporter writes them.
    """
    own, _ = root_elements(path)
    first = Path(files[0][0])
    try:
        namespaces = [root_elements(Path(file))[0] for file, _ in files]
        if len(set(namespaces)) < len(namespaces):
            return None
        together = _loaded(first, first, files).maps.namespaces.get(own)
    except ContractError:
        return None  # its own schema tells what is wrong
    return together[0] if together and len(together) == 1 else None


def _loaded(path: Path, whole: Path, files: tuple[tuple[str, bytes], ...]) -> Any:
    """Give a schema; ``files`` are all that it could see, with the digests of their content."""
    schema, why = _built(whole, files)
    if schema is None:
        raise ContractError(f"{path}: xmlschema refuses the schema: {why}")
    return schema


@lru_cache(maxsize=32)
def _built(whole: Path, files: tuple[tuple[str, bytes], ...]) -> tuple[Any, str]:
    """Build a schema, or say why there is none: once, since each contract of a folder asks for it."""
    import xmlschema
    from xmlschema.exceptions import XMLSchemaWarning

    own, _ = root_elements(whole)
    failures = []
    namespaces = _namespaces(Path(file) for file, _ in files)
    locations = [(namespace, str(file)) for file, namespace in namespaces.items() if namespace != own]
    for version in (xmlschema.XMLSchema10, xmlschema.XMLSchema11):  # 1.1 for assertions, which 1.0 does not know
        try:
            with warnings.catch_warnings():
                # An import may be missing: what is used of it is an error of its own, and so is a model too deep.
                warnings.simplefilter("ignore", XMLSchemaWarning)
                schema = version(
                    str(whole), locations=locations, base_url=str(whole.parent), allow="sandbox", defuse="always",
                    opener=opener(), build=False,
                )  # fmt: skip
                complete(schema, [content_of(file) for file in namespaces])
                schema.build()
                let_lax(schema)
                return schema, ""
        except (RecursionError, MemoryError):
            raise
        except (xmlschema.XMLSchemaException, OSError, ValueError) as error:
            failures.append(str(error).strip().partition("\n\n")[0].rstrip(":"))  # the rest repeats it
        except Exception as error:  # a schema may be wrong in ways that the library has no word for
            failures.append(f"it is not understood ({type(error).__name__}: {error})")
    return None, failures[0]


def _namespaces(files: Iterable[Path]) -> dict[Path, str]:
    """Give the namespaces of XSDs; one that cannot be read is left out, which only matters to those that import it."""
    found: dict[Path, str] = {}
    for file in files:
        try:
            found[file], _ = root_elements(file)
        except ContractError:
            continue
    return found


def compile_xsd(path: Path, name: str, element_name: str = "") -> Contract:
    """Give the contract ``name`` of a global element of an XSD file, without the JSON half's order.

    ``element_name`` is the element's name where it is not the contract's.
    """
    schema, tag = load_schema(path), element_name or name
    try:
        element = schema.elements[tag]
    except KeyError:
        raise ContractError(f"{path}: there is no global element {tag!r}") from None
    compiler = _Compiler(path.name)
    root = compiler.type_of(element, tag)
    compiler.add_derived(schema)
    types = dict(compiler.types)
    return Contract(
        name=name,
        namespace=element.target_namespace,
        root=root,
        types=types,
        nillable=element.nillable,
        description=_documentation(element),
        derived={key: tuple(names) for key, names in sorted(compiler.derived.items())},
        extra=tuple(sorted(set(compiler.extra))),
        known=compiler.known(schema) if f"{{{XSD}}}anyType" in types else {},
        element=tag if tag != name else "",
    )


@dataclass
class _Compiler:
    """Walks xmlschema's components from the root; ``types`` fills as it goes, which ends recursion."""

    file: str
    types: dict[str, Type] = field(default_factory=dict)
    derived: dict[str, list[str]] = field(default_factory=dict)
    extra: list[str] = field(default_factory=list)
    _open: set[str] = field(default_factory=set)

    def fail(self, where: str, why: str) -> ContractError:
        return ContractError(f"{self.file}: {where}: {why}")

    def type_of(self, element: Any, where: str) -> str:
        """Compile an element's type and give its key."""
        xsd_type = element.type
        key: str = xsd_type.name or f"{{{element.target_namespace}}}{where}"
        if key in self.types or key in self._open:
            return key
        self._open.add(key)
        if xsd_type.is_simple() or xsd_type.has_simple_content():
            self.types[key] = self._simple(key, xsd_type, where)
        else:
            self.types[key] = self._complex(key, xsd_type, where)
        self._open.discard(key)
        return key

    def _simple(self, key: str, xsd_type: Any, where: str) -> Type:
        if xsd_type.is_complex():
            raise self.fail(where, "a value with attributes is not a data contract")
        if xsd_type.is_list():
            return Enumeration(key, self._enumeration(xsd_type.item_type, where, flags=True), flags=True)
        if xsd_type.is_union():
            names = sorted(member.name or "" for member in xsd_type.member_types)
            if names != [f"{{{XSD}}}date", f"{{{XSD}}}dateTime"]:
                raise self.fail(where, f"a union of {', '.join(names)}: only xs:date with xs:dateTime is known")
            return Scalar(key, "dateOrDateTime")
        if _simple_row(key) is not None:
            return Scalar(key, BY_KEY[key].name)
        if xsd_type.enumeration is not None and xsd_type.root_type.name == f"{{{XSD}}}string":
            return Enumeration(key, self._enumeration(xsd_type, where))
        return self._restricted(key, xsd_type, where)

    def _restricted(self, key: str, xsd_type: Any, where: str) -> Type:
        """A restriction of a known type: the base counts, its facets are for the reference library."""
        base = xsd_type
        while base is not None and _simple_row(base.name) is None:
            base = base.base_type
        if base is None:
            raise self.fail(where, f"the type {key} is none that data contracts have")
        facets = sorted(str(facet).rpartition("}")[2] for facet in xsd_type.facets if facet is not None)
        self.extra.append(f"{self.file}: {where}: facets of {key}: {', '.join(facets) or 'restriction'}")
        return Scalar(key, BY_KEY[base.name].name)

    def _enumeration(self, xsd_type: Any, where: str, *, flags: bool = False) -> tuple[tuple[str, int], ...]:
        """Give names and numbers: .NET's exporter writes a number where it is not the position."""
        values: list[tuple[str, int]] = []
        for index, facet in enumerate(xsd_type.elem.iter(f"{{{XSD}}}enumeration")):
            number = facet.find(f"{{{XSD}}}annotation/{{{XSD}}}appinfo/{{{SERIALIZATION}}}EnumerationValue")
            text = str(1 << index if flags else index) if number is None else (number.text or "").strip()
            if not re.fullmatch(r"-?[0-9]{1,20}", text) or int(text) not in _VALUES:
                raise self.fail(where, f"the number of {facet.get('value')!r} is {text!r}")
            values.append((facet.get("value", ""), int(text)))
        if not values:
            raise self.fail(where, "a list of values, or an enumeration, without names: no data contract has one")
        return tuple(values)

    def _complex(self, key: str, xsd_type: Any, where: str) -> Type:
        if self._is_opaque(xsd_type, where):
            return self._anything(key, where)
        if xsd_type.mixed:
            raise self.fail(where, f"{key} has mixed content, which no data contract has")
        unknown = [name for name in xsd_type.attributes if name and not name.startswith(f"{{{SERIALIZATION}}}")]
        if unknown:
            raise self.fail(where, f"{key} has the attribute {unknown[0]}: data contracts have none")
        if getattr(xsd_type, "assertions", None):
            self.extra.append(f"{self.file}: {where}: assertions of {key}")
        kind = self._content(key, xsd_type, where)
        return self._of_parts(kind, where) if key in BY_KEY else kind

    def _of_parts(self, kind: Type, where: str) -> Type:
        """Give the type of values of several parts, whose members are always the same."""
        row = BY_KEY[kind.key]
        scalar = Scalar(kind.key, row.name)
        wanted = record_of(scalar)
        if wanted is None:
            return kind
        members = kind.members if isinstance(kind, Record) else ()
        if tuple(msgspec.structs.replace(member, description="") for member in members) != wanted.members:
            said = ", ".join(f"{name} (xs:{of})" for name, of in row.parts)
            raise self.fail(where, f"{kind.key} has other members than .NET's, which are {said}, all required")
        return scalar

    def _anything(self, key: str, where: str) -> Anything:
        """Content of any shape: what of it the schema refuses is for the reference library to say."""
        self.extra.append(f"{self.file}: {where}: content of any shape")
        return Anything(key)

    def _is_opaque(self, xsd_type: Any, where: str) -> bool:
        """Tell whether a type writes its own XML, of which the schema says that it is anything, or a DataSet's.

        So .NET's exporter writes ISerializable, IXmlSerializable, XElement and XmlElement, DataTable and DataSet
        (Data Contract Schema Reference: IXmlSerializable types mapping; DataSet is xs:schema and a diffgram).
        """
        particles = _particles(xsd_type)
        members = [one for one in particles if one.name not in (None, _SCHEMA)]
        if len(members) == len(particles):
            return False
        if members:
            called, name = xsd_type.local_name or where, members[0].local_name
            raise self.fail(where, f"{called} has xs:any beside the member {name}: no data contract of .NET has both")
        return True

    def _content(self, key: str, xsd_type: Any, where: str) -> Type:
        particles = _particles(xsd_type)
        if any(group.model != "sequence" for group in _groups(xsd_type.content)):
            raise self.fail(where, f"{key} is not a sequence of members")
        many = [particle for particle in particles if particle.max_occurs != 1]
        if not many:
            return self._record(key, xsd_type, particles)
        if len(particles) != 1 or many[0].max_occurs is not None:
            raise self.fail(
                where, f"{key} repeats {many[0].local_name}: a list has one unbounded item and nothing else"
            )
        if _flag(xsd_type, "IsDictionary"):
            return self._dictionary(key, many[0], where)
        return Array(key, self._member(many[0], f"{where}/{many[0].local_name}"))

    def _record(self, key: str, xsd_type: Any, particles: list[Any]) -> Record:
        name = key.rpartition("}")[2]
        base = xsd_type.base_type.name if xsd_type.is_extension() and xsd_type.base_type is not None else ""
        members = tuple(self._member(particle, f"{name}/{particle.local_name}") for particle in particles)
        return Record(
            key,
            members,
            base="" if base == f"{{{XSD}}}anyType" else base,
            description=_documentation(xsd_type),
            value_type=_flag(xsd_type, "IsValueType"),
            is_reference=f"{{{SERIALIZATION}}}Id" in xsd_type.attributes,
        )

    def _dictionary(self, key: str, entry: Any, where: str) -> Dictionary:
        parts = list(entry.type.content.iter_elements())
        if len(parts) != 2:
            raise self.fail(where, f"an entry of the dictionary {key} has {len(parts)} members, not a key and a value")
        first, second = (self._member(part, f"{where}/{entry.local_name}/{part.local_name}") for part in parts)
        return Dictionary(key, entry.local_name, entry.target_namespace, first, second)

    def _member(self, element: Any, where: str) -> Member:
        default = element.elem.find(f"{{{XSD}}}annotation/{{{XSD}}}appinfo/{{{SERIALIZATION}}}DefaultValue")
        if element.fixed is not None or element.default is not None:
            self.extra.append(f"{self.file}: {where}: a default or fixed value")
        return Member(
            name=element.local_name,
            namespace=element.name.rpartition("}")[0].removeprefix("{"),
            type=self.type_of(element, where),
            nillable=element.nillable,
            required=element.min_occurs > 0 and element.max_occurs == 1,
            emit_default=default is None or default.get("EmitDefaultValue") != "false",
            description=_documentation(element),
        )

    def known(self, schema: Any) -> dict[str, Type]:
        """Give the other types that the folder declares, which a member of anyType may hold, and what they reach."""
        own, extra = dict(self.types), [*self.extra]
        for xsd_type in schema.maps.types.values():
            name = xsd_type.name or ""
            if name.startswith((f"{{{XSD}}}", f"{{{SERIALIZATION}}}")) or name in self.types:
                continue
            before = dict(self.types)
            try:
                make = self._complex if xsd_type.is_complex() else self._simple
                self.types[name] = make(name, xsd_type, xsd_type.local_name)
            except (ContractError, AttributeError):
                self.types = before  # what cannot be had is content as it stands
        self.extra = extra
        return {key: kind for key, kind in self.types.items() if key not in own}

    def add_derived(self, schema: Any) -> None:
        """Add the types that the folder derives from the records found, and what those can reach, until none is new."""
        everything = [t for t in schema.maps.types.values() if hasattr(t, "is_complex") and t.is_complex() and t.name]
        grown = True
        while grown:
            grown = False
            for xsd_type in everything:
                ancestor = xsd_type.base_type if xsd_type.is_extension() else None
                while ancestor is not None and ancestor.name:
                    # What writes its own XML says its type itself, whatever derives from it.
                    is_record = isinstance(self.types.get(ancestor.name), Record)
                    known = self.derived.setdefault(ancestor.name, []) if is_record else None
                    if known is not None and xsd_type.name not in known:
                        known.append(xsd_type.name)
                        grown = True
                        if xsd_type.name not in self.types:
                            self.types[xsd_type.name] = self._complex(xsd_type.name, xsd_type, xsd_type.local_name)
                        if not isinstance(self.types[xsd_type.name], Record):
                            raise ContractError(f"{xsd_type.name}: a list extends a record, which .NET has no type for")
                    ancestor = ancestor.base_type if ancestor.is_extension() else None
        self.derived = {key: sorted(names) for key, names in self.derived.items() if names}


def _simple_row(key: str | None) -> Datatype | None:
    row = BY_KEY.get(key or "")
    return None if row is None or row.parts else row


def _particles(xsd_type: Any) -> list[Any]:
    """Give the elements and wildcards of a complex type's content; xs:any has no name."""
    return list(xsd_type.content.iter_elements()) if len(xsd_type.content) else []


def _groups(group: Any) -> list[Any]:
    found = [group]
    for part in group:
        if hasattr(part, "model"):
            found.extend(_groups(part))
    return found


def _flag(xsd_type: Any, name: str) -> bool:
    mark = xsd_type.elem.find(f"{{{XSD}}}annotation/{{{XSD}}}appinfo/{{{SERIALIZATION}}}{name}")
    return mark is not None and (mark.text or "").strip() == "true"


def _documentation(component: Any) -> str:
    texts = component.elem.findall(f"{{{XSD}}}annotation/{{{XSD}}}documentation")
    return "\n".join("".join(text.itertext()).strip() for text in texts)
