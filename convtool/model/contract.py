"""The frozen type tree of a contract: Contract, Record, Member, Array, Dictionary, Enumeration, Scalar, Anything.

A type is named by a *key*, ``{namespace}name`` as XSD writes it; a Contract holds every type that its root can reach,
by key, so recursion costs nothing. All of it is plain data: it is cached on disk, hashed and compared.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import msgspec

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "SERIALIZATION",
    "XSD",
    "XSI",
    "Anything",
    "Array",
    "Contract",
    "Dictionary",
    "Enumeration",
    "Member",
    "Record",
    "Scalar",
    "Type",
    "split_key",
]  # fmt: skip

XSD = "http://www.w3.org/2001/XMLSchema"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
SERIALIZATION = "http://schemas.microsoft.com/2003/10/Serialization/"  # ser:guid, ser:char, ser:duration, z:Id, z:Ref


class Scalar(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="scalar"):
    """A simple type: ``datatype`` names its entry in ``datatypes``."""

    key: str
    datatype: str


class Enumeration(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="enumeration"):
    """An enumeration: names in XML, and in JSON what ``coding`` names, a row of ``codings``: numbers, or names.

    ``flags``: the value is a set of names (a list in XML, in JSON the sum of the numbers, or one text).
    """

    key: str
    values: tuple[tuple[str, int], ...]
    flags: bool = False
    coding: str = "numbers"


class Member(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A member of a record: an element in XML, a property in JSON.

    ``name`` is its name in XML and of the typed value, ``json_name`` the one in JSON (default: the same).
    ``type`` is a key into Contract.types. ``nillable``: may be null. ``required``: must be there.
    ``emit_default`` is False where .NET leaves out a member that has its type's default.
    ``in_xml``, ``in_json``: False where the format never has it. ``omits_null``: JSON leaves it out where it is null.
    ``made``: what .NET makes it of when it writes (``model.made``).
    """

    name: str
    namespace: str
    type: str
    nillable: bool
    required: bool = False
    emit_default: bool = True
    description: str = ""
    json_name: str = ""
    in_xml: bool = True
    in_json: bool = True
    omits_null: bool = False
    made: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.json_name:
            msgspec.structs.force_setattr(self, "json_name", self.name)

    def called(self, format: str) -> str:
        """Give the name that a format has for it."""
        return self.json_name if format == "json" else self.name

    def is_in(self, format: str) -> bool:
        """Tell whether a format has it at all."""
        return self.in_json if format == "json" else self.in_xml

    @property
    def is_unsaid(self) -> bool:
        """Whether JSON says a value of it by leaving it out: null, or .NET's default where it never has it."""
        return self.omits_null or not self.in_json

    @property
    def is_needed(self) -> bool:
        """Whether there is no record without a value of it: it can be neither absent nor null."""
        return self.required and not self.nillable


class Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="record"):
    """A class of members: ``members`` in XML order (base class first), ``json_order`` their indexes in JSON order.

    What XML never has stands behind its members, and what JSON never has at the end of its order.
    """

    key: str
    members: tuple[Member, ...]
    json_order: tuple[int, ...] = ()
    base: str = ""
    description: str = ""
    value_type: bool = False  # a struct of .NET: cannot be null
    is_reference: bool = False  # IsReference: objects carry z:Id in XML and $id in JSON
    type_name: str = ""  # what $type calls the type in JSON; empty where $type is off

    @property
    def order(self) -> Sequence[int]:
        """The members' indexes in JSON order; where the JSON half has not been seen, that of XML."""
        return self.json_order or range(len(self.members))


class Array(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="array"):
    """A list: ``item`` is the element's name, namespace, type and nillability."""

    key: str
    item: Member


class Dictionary(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="dictionary"):
    """A dictionary: in XML a list of ``entry`` elements of a key and a value, in JSON an object."""

    key: str
    entry: str
    namespace: str
    key_member: Member
    value_member: Member


class Anything(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="anything"):
    """xs:anyType: content of any shape, kept verbatim."""

    key: str


Type: TypeAlias = Scalar | Enumeration | Record | Array | Dictionary | Anything


class Contract(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A data contract: its name, the root element's namespace and type, and every type that it can reach.

    ``element`` is the root element's name where it is not the contract's: roots of one name in several namespaces have
    other names as contracts. ``extra`` names what the schema files say beyond the model; where it is not empty, the
    reference libraries check each record as well. ``derived`` maps a record's key to the keys of the known types
    derived from it.
    """

    name: str
    namespace: str
    root: str
    types: dict[str, Type]
    nillable: bool = True
    description: str = ""
    derived: dict[str, tuple[str, ...]] = {}
    known: dict[str, Type] = {}
    extra: tuple[str, ...] = ()
    element: str = ""

    @property
    def tag(self) -> str:
        """The root element's local name."""
        return self.element or self.name

    @property
    def top(self) -> Member:
        """The root element as a member is one."""
        return Member(self.tag, self.namespace, self.root, self.nillable, description=self.description)

    @property
    def root_type(self) -> Type:
        """The type of the root element."""
        return self.types[self.root]

    @property
    def item(self) -> Member | None:
        """The item of a list contract, whose records stream; None for other contracts."""
        root = self.root_type
        return root.item if isinstance(root, Array) else None

    @property
    def has_references(self) -> bool:
        """Whether objects carry identities, which hold for the whole document: then records do not stream."""
        return any(isinstance(kind, Record) and kind.is_reference for kind in self.types.values())


def split_key(key: str) -> tuple[str, str]:
    """Split a type's key into namespace and name."""
    namespace, _, name = key.removeprefix("{").rpartition("}")
    return namespace, name
