"""C# declarations → contracts, by the rules of DataContractSerializer: no XSD is needed.

Which members count, how they are ordered and named, what a list is called: the rules are those of .NET's reference
sources (ClassDataContract.ImportDataMembers, CollectionDataContract.IsCollectionOrTryCreate, EnumDataContract), held
against what .NET's exporter wrote of the contracts under ``tests/data/contracts``. What JSON has is not told here but
by ``order``, from the same declarations.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from convtool.authoring.clr_names import (
    clr_namespace,
    encoded,
    expanded,
    generic_name,
)
from convtool.authoring.clr_types import ANYTHING, DICTIONARIES, LISTS, OPAQUE, SIMPLE, VALUES, VOID
from convtool.authoring.csharp_numbers import Numbers
from convtool.authoring.csharp_source import spelled
from convtool.authoring.csharp_types import ARRAY, NULLABLE, Reference
from convtool.authoring.type_set import LIST, TypeSet, Use
from convtool.errors import ContractError
from convtool.model.contract import (
    XSD,
    Anything,
    Array,
    Contract,
    Dictionary,
    Enumeration,
    Member,
    Record,
    split_key,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from convtool.authoring.csharp import Declaration, MemberDeclaration

__all__ = ["CSharp", "contracts_of"]

_INTERFACE = re.compile(r"I[A-Z]")


@dataclass(frozen=True)
class _Scope:
    """Where a type is written: the declaration around it, and what its type parameters stand for."""

    declaration: Declaration
    bound: Mapping[str, Use] = field(default_factory=dict)


@dataclass
class CSharp:
    """What C# source gave: the contracts, lines about what was taken to be, and types left out with the reason."""

    contracts: list[Contract] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)


def contracts_of(declarations: Sequence[Declaration], roots: Sequence[str] = ()) -> CSharp:
    """Give the contracts that C# declares: those of ``roots``, or else every type's.

    A root is a contract's name, such as ``Order`` or ``ArrayOfOrder``, or ``{namespace}Order``. ContractError where
    there is none of a name, or .NET has no contract of it, or of any; of several, one that cannot be had is left out.
    """
    compiler = _Compiler(declarations)
    keys: list[str] = []
    left_out: dict[str, str] = {}
    for name, depth, candidates in compiler.candidates(roots):
        try:
            key = compiler.root(name, depth, candidates)
        except ContractError as error:
            if roots:
                raise
            left_out[name] = str(error)
            continue
        keys.append(key)
    if not keys:
        raise ContractError(next(iter(left_out.values()), "the C# source declares no type that is a data contract"))
    return CSharp([compiler.contract(key) for key in keys], compiler.notes, left_out)


class _Compiler(TypeSet):
    """Makes types of declarations; ``types`` fills as it goes, which ends recursion."""

    def __init__(self, declarations: Sequence[Declaration]) -> None:
        super().__init__()
        self.declared = {(one.full_name, one.parameters): one for one in declarations}
        self.numbers = Numbers(declarations)
        self.origin: dict[str, Declaration] = {}  # by key
        self.notes: list[str] = []
        self._wanted: list[tuple[Reference, _Scope]] = []  # known types, which are had after what is open

    # --- roots ---

    def candidates(self, roots: Sequence[str]) -> Iterator[tuple[str, int, list[Declaration]]]:
        """Yield the name of each root, of how many lists within each other it is, and what the innermost may be."""
        closed = [one for one in self.declared.values() if not one.parameters and _is_contract(one)]
        if not roots:
            yield from ((one.full_name, 0, [one]) for one in closed)
            return
        for root in roots:
            bare, depth = split_key(root)[1] if root.startswith("{") else root, 0
            while bare.startswith(LIST) and not _named(closed, bare):
                bare, depth = bare.removeprefix(LIST), depth + 1
            yield root, depth, _named(closed, bare)

    def root(self, name: str, depth: int, candidates: list[Declaration]) -> str:
        """Give the key of a root's type; of what fails, nothing stays behind."""
        before = dict(self.types), dict(self.origin), list(self.notes)
        try:
            keys = {self._lists(one, depth): one for one in candidates}
            while self._wanted:
                self.use(*self._wanted.pop())
        except (ContractError, RecursionError) as error:
            self.types, self.origin, self.notes = before
            self._wanted.clear()
            if isinstance(error, RecursionError):
                raise ContractError(f"{name} has types within types without end, or too many") from None
            raise
        namespace = split_key(name)[0] if name.startswith("{") else None
        found = [key for key in keys if namespace is None or split_key(key)[0] == namespace]
        if len(found) == 1:
            return found[0]
        if found:
            raise ContractError(f"the contract {name!r} may be {' or '.join(found)}: name it so, in whole")
        known = ", ".join(sorted(one.name for one in self.declared.values())) or "nothing"
        raise ContractError(f"there is no contract {name!r} in the C# source, which declares {known}")

    def _lists(self, one: Declaration, depth: int) -> str:
        use = self._declared(one, (), _Scope(one))
        for _ in range(depth):
            use = self.list_of(use)
        return use.key

    # --- types ---

    def use(self, reference: Reference, scope: _Scope) -> Use:
        """Give what a type as written is; ContractError where .NET has no contract of it, or it is not declared."""
        name = reference.name.removeprefix("global.")
        if name == ARRAY:
            item = self.use(reference.arguments[0], scope)
            if item == Use(f"{{{XSD}}}unsignedByte", is_value=True):
                return self.simple("base64Binary")
            return self.list_of(item)
        if name == NULLABLE or (name.rpartition(".")[2] == "Nullable" and reference.arguments):
            inner = self.use(reference.arguments[0], scope)
            return replace(inner, nullable=True) if inner.is_value else inner
        if name.startswith("["):
            raise self._refused(scope, "an array of several dimensions, which no data contract has")
        if not reference.arguments and name in scope.bound:
            return scope.bound[name]
        declared = self._find(reference, scope)
        if declared is not None:
            arguments = tuple(self.use(one, scope) for one in reference.arguments)
            outer = declared.parameter_names[: declared.parameters - len(arguments)]
            return self._declared(declared, (*(scope.bound[one] for one in outer), *arguments), scope)
        return self._built_in(name, reference, scope)

    def _find(self, reference: Reference, scope: _Scope) -> Declaration | None:
        """Find a declared type as C# resolves names; a type within a generic one shares its parameters."""
        parts = scope.declaration.full_name.split(".")
        around = [".".join(parts[:count]) for count in range(len(parts), -1, -1)]
        places = [*around, *(one for one in scope.declaration.usings if "=" not in one)]
        for place in places:
            whole = f"{place}.{reference.name}" if place else reference.name
            for count in dict.fromkeys((len(reference.arguments), len(reference.arguments) + len(scope.bound))):
                found = self.declared.get((whole, count))
                if found is not None:
                    return found
        for using in scope.declaration.usings:
            alias, _, target = using.partition("=")
            if target and reference.name == alias and "<" not in target:
                return self._find(Reference(target.removeprefix("global::")), replace(scope, bound={}))
        return None

    def _built_in(self, name: str, reference: Reference, scope: _Scope) -> Use:
        """Give what a type of .NET's own is."""
        bare, arguments = name.rpartition(".")[2], reference.arguments
        if bare in SIMPLE and not arguments:
            return self.simple(SIMPLE[bare])
        if (bare, len(arguments)) in LISTS:
            return self.list_of(self.use(arguments[0], scope) if arguments else self.anything())
        if (bare, len(arguments)) in DICTIONARIES:
            of = [self.use(one, scope) for one in arguments] or [self.anything()] * 2
            return self.dictionary_of(of[0], of[1])
        row = VALUES.get((bare, len(arguments)))
        if row is not None:
            return self._parts(row, [self.use(one, scope) for one in arguments])
        if bare in OPAQUE:
            key = f"{{{clr_namespace(OPAQUE[bare])}}}{bare}"
            self.types.setdefault(key, Anything(key))
            return Use(key)
        if bare in ANYTHING or _INTERFACE.match(bare):
            return self.anything()
        raise self._refused(scope, f"the type {name}, which is not declared in the source")

    @staticmethod
    def _refused(scope: _Scope, what: str) -> ContractError:
        return ContractError(f"{scope.declaration.full_name} has {what}")

    def _parts(self, row: tuple[str, str, tuple[str, ...], bool], arguments: list[Use]) -> Use:
        """Give a type whose members are its arguments, as KeyValuePair is."""
        namespace, name, members, is_value = row
        name = generic_name(name, [len(arguments)], [one.stable_name for one in arguments])
        key = f"{{{clr_namespace(namespace)}}}{name}"
        if key not in self.types:
            of = (
                Member(m, clr_namespace(namespace), u.key, u.nillable, True)
                for m, u in zip(members, arguments, strict=True)
            )
            self.types[key] = Record(key, tuple(of), value_type=is_value)
        return Use(key, is_value)

    # --- declared types ---

    def _declared(self, one: Declaration, arguments: tuple[Use, ...], used: _Scope) -> Use:
        """Give what a declared type is, with the arguments of a generic one."""
        if self._is_circular(one):
            raise ContractError(f"{one.full_name} is a base of itself, which C# does not compile")
        scope = _Scope(one, dict(zip(one.parameter_names, arguments, strict=True)))
        if one.kind == "interface":
            return self.anything()
        key = self._key(one, arguments, "DataContract")
        if one.kind == "enum":
            self._take(key, one)
            self.types.setdefault(key, _enumeration(key, one, self.numbers))
            return Use(key, is_value=True)
        if not one.opts_in:
            collection = self._collection(one, scope, arguments)
            if collection is not None:
                return collection
        if "static" in one.words:
            raise self._refused(used, f"the type {one.full_name}, which is static")
        if any(base.name.rpartition(".")[2] == "IXmlSerializable" for base in one.bases):
            self.types.setdefault(key, Anything(key))
            return Use(key)
        self._take(key, one)
        if key not in self.types:
            self.types[key] = Record(key, ())  # what leads back to it finds it
            try:
                self.types[key] = self._record(key, one, scope)
            except ContractError:
                del self.types[key]
                raise
        return Use(key, one.kind == "struct")

    def _take(self, key: str, one: Declaration) -> None:
        known = self.origin.setdefault(key, one)
        if known is not one:
            namespace, name = split_key(key)
            raise ContractError(
                f"{known.full_name} and {one.full_name} are both the contract {name} of {namespace or 'no namespace'}"
            )

    @staticmethod
    def _key(one: Declaration, arguments: tuple[Use, ...], attribute: str) -> str:
        names = [use.stable_name for use in arguments]
        said = one.attributes.get(attribute)
        for word in ("Name", "Namespace"):
            if said is not None and said.unknown(word):
                what = f"the {word} of [{attribute}] is {said.unknown(word)}"
                raise ContractError(f"{one.full_name}: {what}, which is no text and no constant of the source")
        name = (said.value("Name") if said is not None else None) or ""
        if name:
            name = expanded(name, one.parameter_counts, names) if names else name
        else:
            name = generic_name(one.name, one.parameter_counts, names) if names else one.name
        namespace = said.value("Namespace") if said is not None else None
        if namespace is None and (said is not None or (one.kind != "enum" and "Serializable" not in one.attributes)):
            namespace = one.contract_namespace  # the assembly's, which counts for these
        return f"{{{clr_namespace(one.namespace) if namespace is None else namespace}}}{encoded(name)}"

    def _collection(self, one: Declaration, scope: _Scope, arguments: tuple[Use, ...]) -> Use | None:
        """Give the list or dictionary that a class is, because it derives from one or implements its interface."""
        parts = self._collection_parts(one, scope)
        if parts is None:
            return None
        said = one.attributes.get("CollectionDataContract")
        key = self._key(one, arguments, "CollectionDataContract") if said is not None else ""
        name, first, second = (said.value(word) or "" if said else "" for word in ("ItemName", "KeyName", "ValueName"))
        if len(parts) == 1:
            return self.list_of(parts[0], key, name)
        return self.dictionary_of(parts[0], parts[1], key, (name, first, second))

    def _collection_parts(self, one: Declaration, scope: _Scope) -> list[Use] | None:
        for base in one.bases:
            declared = self._find(base, scope)
            if declared is not None and declared is not one:
                bound = dict(zip(declared.parameter_names, (self.use(a, scope) for a in base.arguments), strict=False))
                found = None if declared.opts_in else self._collection_parts(declared, _Scope(declared, bound))
                if found is not None:
                    return found
                continue
            known = base.name.rpartition(".")[2], len(base.arguments)
            if known in LISTS or known in DICTIONARIES:
                size = 2 if known in DICTIONARIES else 1
                return [self.use(one, scope) for one in base.arguments] or [self.anything()] * size
        return None

    def _record(self, key: str, one: Declaration, scope: _Scope) -> Record:
        base, inherited = self._base(one, scope)
        namespace = split_key(key)[0]
        own = []
        for member in one.members:
            if self._counts(one, member, scope):
                order, found = self._member(one, member, scope, namespace)
                own.append(((order, found.name.encode("utf-16-be")), found))
        own.sort(key=lambda pair: pair[0])
        self._wanted.extend((known, scope) for known in one.known_types)
        mark = one.attributes.get("DataContract")
        return Record(
            key,
            (*inherited, *(found for _, found in own)),
            base=base,
            value_type=one.kind == "struct",
            is_reference=mark is not None and mark.value("IsReference") == "true",
        )

    def _is_circular(self, one: Declaration) -> bool:
        """Tell whether a type is among its own bases."""
        seen: list[Declaration] = []
        waiting = [one]
        while waiting:
            below = waiting.pop()
            found = [self._find(base, _Scope(below)) for base in below.bases]
            new = [base for base in found if base is not None and all(base is not other for other in seen)]
            seen += new
            waiting += new
        return any(base is one for base in seen)

    def _base(self, one: Declaration, scope: _Scope) -> tuple[str, tuple[Member, ...]]:
        """Give the key of the base class and its members; one that is not declared is taken to have none."""
        for base in one.bases if one.kind != "struct" else ():
            declared = self._find(base, scope)
            bare = base.name.rpartition(".")[2]
            if declared is None and bare not in VOID and not _INTERFACE.match(bare):
                note = f"{one.full_name}: its base {base.name} is not declared in the source: taken to have no members"
                self.notes.extend([note] if note not in self.notes else [])
            if declared is not None and declared.kind != "interface":
                key = self.use(base, scope).key
                above = self.types[key]
                if isinstance(above, Record):
                    return key, above.members
        return "", ()

    def _counts(self, one: Declaration, member: MemberDeclaration, scope: _Scope) -> bool:
        """Tell whether a member is part of the contract."""
        if one.opts_in:
            return "DataMember" in member.attributes
        if "Serializable" in one.attributes:
            return "NonSerialized" not in member.attributes and (member.is_field or member.is_automatic)
        if member.hidden or "IgnoreDataMember" in member.attributes or "override" in member.words:
            return False
        if member.is_field:
            return "readonly" not in member.words
        return member.has_setter or (member.setter is None and self._is_collection(member, scope))

    def _is_collection(self, member: MemberDeclaration, scope: _Scope) -> bool:
        """Tell whether a property without a setter is one that the serializer fills: a list or dictionary."""
        if member.reference is None or member.reference.name == ARRAY:
            return False
        try:
            return isinstance(self.types[self.use(member.reference, scope).key], (Array, Dictionary))
        except ContractError:
            return False

    def _member(self, one: Declaration, member: MemberDeclaration, scope: _Scope, namespace: str) -> tuple[int, Member]:
        """Give a member with what XML orders it by, before its name."""
        if member.reference is None:
            raise self._refused(scope, f"the member {member.name}, whose type is none that data contracts have")
        use = self.use(member.reference, scope)
        if not one.opts_in:
            serializable = "Serializable" in one.attributes
            name = member.name if member.is_field or not serializable else f"<{member.name}>k__BackingField"
            required = serializable and "OptionalField" not in member.attributes
            return 0, Member(encoded(name), namespace, use.key, use.nillable, required)
        mark = member.attributes["DataMember"]
        order = mark.value("Order")
        found = Member(
            encoded(mark.value("Name") or member.name),
            namespace,
            use.key,
            use.nillable,
            required=mark.value("IsRequired") == "true",
            emit_default=mark.value("EmitDefaultValue") != "false",
        )
        return int(order) if order is not None and re.fullmatch(r"-?\d{1,10}", order) else -1, found


def _is_contract(one: Declaration) -> bool:
    return one.kind != "interface" and "static" not in one.words


def _named(closed: Iterable[Declaration], name: str) -> list[Declaration]:
    return [one for one in closed if name in (encoded(one.local_name), one.local_name, one.full_name)]


def _enumeration(key: str, one: Declaration, numbers: Numbers) -> Enumeration:
    """Give an enumeration; under ``[DataContract]`` it has the names with ``[EnumMember]`` only."""
    values: list[tuple[str, int]] = []
    text = ""
    for value in one.values:
        text = f": {spelled(list(value.expression))}" if value.expression else text
        mark = value.attributes.get("EnumMember")
        if one.opts_in and mark is None:
            continue
        number = numbers.of(one, value.name)
        if number is None:
            raise ContractError(f"{one.full_name}.{value.name} has a number that is not understood{text}")
        values.append(((mark.value("Value") if mark is not None and one.opts_in else None) or value.name, number))
    if not values:
        raise ContractError(f"{one.full_name} has no names: there is no value of it to be written")
    return Enumeration(key, tuple(values), flags="Flags" in one.attributes)
