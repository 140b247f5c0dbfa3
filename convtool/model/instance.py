"""Model → typed values: one msgspec Struct class for each record of a contract.

A value's members are reached by name as a text, the same way for all of them: ``value["voisin-proche"]``. Where a
name is a plain Python identifier that no other member could be taken for, it is an attribute as well. An absent member
is ``msgspec.UNSET``, null is None, a list is a list of values, a dictionary a dict. Values compare by content, show
what they hold, and can be pickled.

The fields of a class are in JSON order and are named by the member's index alone (``_0``), as is all that generated
code names: no text of a schema becomes an identifier.
"""

from __future__ import annotations

import copy
import hashlib
import keyword
import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING, Annotated, Any, ClassVar
from weakref import WeakValueDictionary

import msgspec

from convtool.errors import UsageError
from convtool.model.contract import Anything, Array, Contract, Dictionary, Enumeration, Member, Record, Scalar
from convtool.model.datatypes import DATATYPES, is_plain
from convtool.model.defaults import has_kept, unsaid

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from typing import Self

__all__ = ["Instances", "Value", "attributes", "field_name", "instances", "xml_order"]

_STRANGE = re.compile(r'[\\"\x00-\x1f]')  # what msgspec has in no key


def field_name(index: int) -> str:
    """Give the name of the field that holds the member at ``index`` of a record's members."""
    return f"_{index}"


class Value(msgspec.Struct):
    """A record's value: what all classes of values have in common."""

    __fields: ClassVar[dict[str, str]] = {}  # the field of each member, by the member's name, in JSON order
    __origin: ClassVar[tuple[Instances, str] | None] = None  # the classes that the value's is one of, and its record

    @classmethod
    def of(cls, members: Mapping[str, Any] | Iterable[tuple[str, Any]] = (), /, **named: Any) -> Self:
        """Make a value of members by name; those that are not given are absent. UsageError for an unknown name."""
        given = {**dict(members), **named}
        for name in given:
            if name not in cls.__fields:
                raise UsageError(cls.__unknown(name))
        return cls(**{cls.__fields[name]: value for name, value in given.items()})

    @classmethod
    def __unknown(cls, name: str) -> str:
        return f"{cls.__name__} has no member {name!r}; it has {', '.join(cls.__fields) or 'none'}"

    def __getitem__(self, name: str) -> Any:
        try:
            return getattr(self, self.__fields[name])
        except KeyError:
            raise KeyError(self.__unknown(name)) from None

    def __setitem__(self, name: str, value: Any) -> None:
        if name not in self.__fields:
            raise KeyError(self.__unknown(name))
        setattr(self, self.__fields[name], value)

    def __iter__(self) -> Any:
        """Give the names of the members, in JSON order: ``dict`` and ``**`` take a value apart."""
        return iter(self.__fields)

    def keys(self) -> list[str]:
        """Give the names of the members, in JSON order, absent ones included."""
        return list(self.__fields)

    def __repr__(self) -> str:
        values = zip(self.__fields, msgspec.structs.astuple(self), strict=True)
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in values)})"

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return type(self)(*[copy.deepcopy(one, memo) for one in msgspec.structs.astuple(self)])

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        """Travel with the contract and the members' own names, from which the class is made or found again."""
        assert self.__origin is not None
        classes, key = self.__origin
        held = {name: one for name, one in zip(self.__fields, msgspec.structs.astuple(self), strict=True)
                if one is not msgspec.UNSET}  # fmt: skip
        return _restored, (classes.contract, key, held)


def _restored(contract: Contract, key: str, members: dict[str, Any]) -> Value:
    return instances(contract).classes[key].of(members)


_TAKEN = {name for name in dir(Value) if not name.startswith("_")}


def attributes(record: Record) -> dict[str, str]:
    """Give the members' names that are attributes of a value as well, each with its field.

    A name is one where it is a plain identifier to Python, means nothing else on a value, and is not what Python makes
    of another member's name: identifiers are equal where NFKC makes them equal.
    """
    folded = Counter(unicodedata.normalize("NFKC", member.name) for member in record.members)
    return {member.name: field_name(index) for index, member in enumerate(record.members)
            if _is_plain(member.name) and folded[member.name] == 1}  # fmt: skip


def _is_plain(name: str) -> bool:
    if not name.isidentifier() or keyword.iskeyword(name) or unicodedata.normalize("NFKC", name) != name:
        return False
    return name not in _TAKEN and not re.fullmatch(r"_\d+|__.*|_Value__.*", name)


def xml_order(record: Record) -> list[int]:
    """Give where in a value's fields, which are in JSON order, each member stands: the order of XML."""
    places = {index: place for place, index in enumerate(record.order)}
    return [places[index] for index in range(len(record.members))]


class Instances:
    """The Struct classes of a contract by record key, and the Python type of its root's value.

    ``exact``: what msgspec decodes from JSON into these classes *is* the value, and what it encodes is the wire form:
    every datatype is an integer, a boolean, or a text that is the same in JSON, and nothing has an identity.
    ``readable``: it decodes the value from what the engine writes for that, where decimals keep their scale, and names
    and durations are as XML has them, and null stands wherever it is meant. Recursive and derived records are out of
    its reach.
    """

    def __init__(self, contract: Contract) -> None:
        self.classes: dict[str, type[Value]] = {}
        self.keys: dict[type, str] = {}  # the other way round
        unlike = has_kept(contract) or contract.has_references or _is_unlike(contract)
        self.readable = not (contract.derived or unlike)
        self.exact = self.readable and not _omits_null(contract)
        self.contract = contract
        self._open: set[str] = set()
        #: The classes of values of several parts, which are the same for all contracts, by name.
        self.parts = {(cls := DATATYPES[kind.datatype].python).__name__: cls for kind in contract.types.values()
                      if isinstance(kind, Scalar) and not is_plain(kind)}  # fmt: skip
        self._names: Counter[str] = Counter(self.parts)
        for key, kind in contract.types.items():
            if isinstance(kind, Record):
                self._define(key, kind)
        self.root = self._annotation(contract.root, contract.nillable)
        self.item = self._annotation(contract.item.type, contract.item.nillable) if contract.item else None

    def _define(self, key: str, record: Record) -> None:
        if key in self.classes:
            return
        self._open.add(key)  # a record within itself is Any to msgspec
        members = [record.members[index] for index in record.order]
        named = [(field_name(index), member) for index, member in zip(record.order, members, strict=True)]
        fields = [(name, self._field(member), msgspec.UNSET) for name, member in named]
        cls: Any = msgspec.defstruct(
            self._name(key), fields, bases=(Value,), rename={name: _in_json(name, of) for name, of in named} or None,
            kw_only=False, forbid_unknown_fields=True, module=__name__,
            gc=False,  # values are trees: nothing to collect
            omit_defaults=False,
            namespace={"__doc__": record.description or f"A value of {key}."},
        )  # fmt: skip
        type.__setattr__(cls, "_Value__fields", {member.name: name for name, member in named})
        type.__setattr__(cls, "_Value__origin", (self, key))
        for name, of in attributes(record).items():
            type.__setattr__(cls, name, cls.__dict__[of])  # the field's own descriptor, by the member's name
        self._open.discard(key)
        self.classes[key] = cls
        self.keys[cls] = key

    def said(self, value: Any) -> Any:
        """Give a struct as JSON's silence means it: null, or a default, for what it leaves out and the value lacks.

        So it is held against a default, which JSON leaves out. What is no struct is given as it came.
        """
        key = self.keys.get(type(value))
        if key is None:
            return value
        record = self.contract.types[key]
        assert isinstance(record, Record)
        held = []
        for index, one in zip(record.order, msgspec.structs.astuple(value), strict=True):
            member = record.members[index]
            absent = one is msgspec.UNSET
            held.append(unsaid(self.contract.types, self.classes, member) if absent else self.said(one))
        return type(value)(*held)

    def _name(self, key: str) -> str:
        name = key.rpartition("}")[2]
        self._names[name] += 1
        return name if self._names[name] == 1 else f"{name}_{self._names[name]}"

    def _field(self, member: Member) -> Any:
        return self._annotation(member.type, member.nillable) | msgspec.UnsetType

    def _annotation(self, key: str, nillable: bool) -> Any:
        kind = self.contract.types[key]
        annotation: Any = Any
        if key in self._open:  # a list or a record within itself
            self.exact = self.readable = False
            return Any
        match kind:
            case Scalar(datatype=name):
                annotation = self._scalar(name)
            case Enumeration():
                self.exact = False
                annotation = str
            case Record():
                self._define(key, kind)
                annotation = self.classes[key]
            case Array(item=item):
                self._open.add(key)
                annotation = list[self._annotation(item.type, item.nillable)]  # type: ignore[misc]
            case Dictionary(value_member=value, key_member=of):
                self.exact = False
                self.readable = self.readable and self._is_plain_key(of.type)
                self._open.add(key)
                annotation = dict[self._annotation(of.type, False), self._annotation(value.type, value.nillable)]  # type: ignore[misc]
            case Anything():
                self.exact = False
        self._open.discard(key)
        return annotation | None if nillable and annotation is not Any else annotation

    def _is_plain_key(self, key: str) -> bool:
        """Tell whether msgspec makes the same of a dictionary's keys: of integers, and of texts that are JSON's."""
        kind = self.contract.types[key]
        if not isinstance(kind, Scalar):
            return False
        of = DATATYPES[kind.datatype]
        return of.bounds is not None or (of.python is str and of.from_json is None and not of.is_date)

    def _scalar(self, name: str) -> Any:
        kind = DATATYPES[name]
        self.readable = self.readable and kind.decoded
        if kind.bounds is not None:
            return Annotated[int, msgspec.Meta(ge=kind.bounds[0], le=kind.bounds[1])] if _fits(kind.bounds) else int
        self.exact = self.exact and kind.from_json is None and kind.python in (str, bool)
        return kind.python


def _in_json(field: str, member: Member) -> str:
    """Give a member's key in JSON; where it has none that msgspec takes, one that is no other's."""
    return f"\u2028{field}" if _is_strange(member) else member.json_name


def _is_strange(member: Member) -> bool:
    return not member.in_json or _STRANGE.search(member.json_name) is not None


def _is_unlike(contract: Contract) -> bool:
    """Tell whether a record has members that JSON never has, or by names that msgspec has not."""
    return any(_is_strange(member) for member in _members(contract))


def _omits_null(contract: Contract) -> bool:
    """Tell whether JSON leaves null out, which msgspec would write."""
    return any(member.omits_null for member in _members(contract))


def _members(contract: Contract) -> Iterator[Member]:
    for kind in contract.types.values():
        if isinstance(kind, Record):
            yield from kind.members


def _fits(bounds: tuple[int, int]) -> bool:
    """Msgspec holds bounds of constraints in 64 signed bits."""
    return bounds[0] >= -(2**63) and bounds[1] < 2**63


_made: WeakValueDictionary[bytes, Instances] = WeakValueDictionary()


def instances(contract: Contract) -> Instances:
    """Give the classes of a contract: the same ones wherever the contract is the same, also after pickling."""
    key = hashlib.sha256(msgspec.msgpack.encode(contract)).digest()
    found = _made.get(key)
    if found is None:
        found = _made[key] = Instances(contract)
    return found
