"""C# source → what it declares: types, their members with the types of those, bases and attributes, enumerations.

A reader of declarations, no more: bodies of methods and accessors are skipped, expressions are not understood;
``csharp_numbers`` understands those of enumerations. It needs names, their order, attributes such as
``[DataContract]``, ``[DataMember]``, ``[JsonProperty]``, ``[JsonConverter]``, and ``[assembly: ContractNamespace]``.
``ancestry`` follows a type's bases as C# resolves names: outwards through the types and namespaces around it, then
through ``using``.

Source that is cut off, or in which a declaration does not end, is refused: what is missing of it would be missing of
the contract, and nobody would know.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from convtool.authoring.csharp_source import PAIRS, Broken, Source, source_of, spelled, views_of
from convtool.authoring.csharp_tokens import (
    Attribute,
    arguments_of,
    before_name,
    constant_of,
    further,
    joined,
    names_of,
    split,
    unquoted,
)
from convtool.authoring.csharp_types import Reference, read_reference, without_modifiers
from convtool.errors import ContractError, SourceError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

__all__ = ["Declaration", "MemberDeclaration", "ancestry", "parse", "read"]

_KINDS = ("class", "struct", "interface", "record", "enum")
_HIDING = frozenset({"private", "protected", "internal"})
_ACCESSORS = _HIDING | {"get", "set", "init", ";", "}"}
_ACCESS = _HIDING | {"public"}  # what only a declaration begins with


@dataclass
class MemberDeclaration:
    """A field or property as declared, with its attributes."""

    name: str
    is_field: bool
    attributes: dict[str, Attribute] = field(default_factory=dict)
    hidden: bool = False  # not public
    type: tuple[str, ...] = ()  # as it is written, token by token
    words: frozenset[str] = frozenset()  # its modifiers, and whatever else stands before its name
    is_automatic: bool = False  # a property whose accessors have no bodies
    setter: str | None = ""  # None where there is none, "" for a public one, else what hides it
    body: tuple[str, ...] = ()  # of a property without a setter: the tokens of its getter

    @property
    def reference(self) -> Reference | None:
        """Its type; None where it is not understood."""
        return read_reference(self.type)[0]

    @property
    def has_setter(self) -> bool:
        """Whether everybody may set it; a field counts as one that has a setter, but for a read-only one."""
        return self.setter == ""

    @property
    def joined(self) -> tuple[str, ...]:
        """What its getter joins: texts and names in turn, a text at either end; nothing where it does anything else."""
        return joined(self.body)

    def counts(self, opts_in: bool, json_opts_in: bool) -> bool:
        """Tell whether the member is part of the contract, in either format."""
        return self.is_in_xml(opts_in) or self.is_in_json(json_opts_in)

    def is_in_xml(self, opts_in: bool) -> bool:
        """Tell whether DataContractSerializer has it: under ``[DataContract]`` what says so, else what is public.

        Of a class without attributes it reads and writes what has a setter. Source: .NET's reference sources,
        ClassDataContract.ImportDataMembers, which passes over ``field.IsInitOnly``, too.
        """
        if opts_in:
            return "DataMember" in self.attributes
        return not self.hidden and self.has_setter and "IgnoreDataMember" not in self.attributes

    def is_in_json(self, opts_in: bool) -> bool:
        """Tell whether Json.NET writes it; ``opts_in``: only members that say so.

        Source: Newtonsoft.Json, DefaultContractResolver: SetPropertySettingsFromAttributes, GetSerializableMembers.
        """
        if "JsonIgnore" in self.attributes or "JsonExtensionData" in self.attributes:
            return False
        said = "JsonProperty" in self.attributes or "JsonRequired" in self.attributes
        if opts_in:
            return said or "DataMember" in self.attributes
        return (said or not self.hidden) and "IgnoreDataMember" not in self.attributes

    def contract_name(self, opts_in: bool) -> str:
        """Give the member's name in the contract: ``[DataMember(Name)]`` counts under ``[DataContract]``."""
        mark = self.attributes.get("DataMember")
        return (mark.value("Name") if mark is not None and opts_in else None) or self.name

    def json_name(self, opts_in: bool) -> str:
        """Give the member's name in JSON: ``[JsonProperty]`` says it, or else it is that of the contract."""
        mark = self.attributes.get("JsonProperty")
        said = mark.first() if mark is not None else None
        if said is None and mark is not None:
            said = mark.value("PropertyName")
        if said == "":
            raise ContractError(f"[JsonProperty] gives {self.name} an empty name in JSON, which is not supported")
        return self.contract_name(opts_in) if said is None else said

    def omits_null(self) -> bool | None:
        """Tell what ``[JsonProperty(NullValueHandling)]`` says; None where it says nothing."""
        mark = self.attributes.get("JsonProperty")
        said = mark.value("NullValueHandling") if mark is not None else None
        return said.endswith(".Ignore") if said else None

    def coding(self) -> str:
        """Give how ``[JsonConverter]`` writes an enumeration, as ``model.codings`` calls it, or nothing."""
        return _coding(self.attributes)

    def json_order(self, opts_in: bool) -> int:
        """Give what Json.NET sorts by: ``[JsonProperty(Order)]``, else ``[DataMember(Order)]``, else -1."""
        for name in ("JsonProperty", "DataMember") if opts_in else ("JsonProperty",):
            mark = self.attributes.get(name)
            text = mark.value("Order") if mark is not None else None
            if text is not None and re.fullmatch(r"-?\d+", text):
                return int(text)
        return -1


@dataclass
class EnumerationValue:
    """A name of an enumeration, what its number is said to be, token by token, and its attributes."""

    name: str
    expression: tuple[str, ...]  # empty: one more than the name before it
    attributes: dict[str, Attribute]


@dataclass
class Declaration:
    """A type: its CLR namespace and name, its members in the order of the source, its bases, its contract's names."""

    namespace: str
    name: str  # with the names of the types around it: ``Outer.Inner``
    members: list[MemberDeclaration] = field(default_factory=list)
    bases: list[Reference] = field(default_factory=list)
    opts_in: bool = False  # [DataContract]: only members with [DataMember] count
    contract_name: str = ""
    contract_namespace: str | None = None  # None: the CLR namespace's own
    json_opts_in: bool | None = None  # [JsonObject]: whether members have to say that they count; None: not said
    coding: str = ""  # how [JsonConverter] writes an enumeration, as ``model.codings`` calls it
    parameter_names: list[str] = field(default_factory=list)  # of types, those of the types around it included
    parameter_counts: list[int] = field(default_factory=list)  # of each type around it, outermost first, and its own
    usings: list[str] = field(default_factory=list)  # shared by the types of one scope
    kind: str = "class"  # or "struct", "interface", "record", "enum"
    words: frozenset[str] = frozenset()  # its modifiers
    attributes: dict[str, Attribute] = field(default_factory=dict)
    values: list[EnumerationValue] = field(default_factory=list)
    constants: dict[str, tuple[tuple[str, ...], list[str]]] = field(default_factory=dict)  # by name: type, expression

    def continued(self, other: Declaration) -> None:
        """Take what another part of a partial type declares."""
        self.members.extend(other.members)
        self.bases.extend(other.bases)
        self.attributes = {**other.attributes, **self.attributes}
        self.constants = {**other.constants, **self.constants}
        self.words |= other.words
        self.opts_in |= other.opts_in
        self.json_opts_in = other.json_opts_in if self.json_opts_in is None else self.json_opts_in
        self.contract_name = self.contract_name or other.contract_name
        if self.contract_namespace is None:
            self.contract_namespace = other.contract_namespace

    @property
    def known_types(self) -> Iterator[Reference]:
        """The types that ``[KnownType(typeof(T))]`` names."""
        known = self.attributes.get("KnownType")
        tokens = known.arguments if known is not None else []
        for at, token in enumerate(tokens):
            found = read_reference(tokens, at + 2)[0] if token == "typeof" else None
            if found is not None:
                yield found

    @property
    def parameters(self) -> int:
        """The number of type parameters."""
        return len(self.parameter_names)

    @property
    def full_name(self) -> str:
        """The name with the CLR namespace."""
        return f"{self.namespace}.{self.name}" if self.namespace else self.name

    @property
    def local_name(self) -> str:
        """The name of its data contract; of a generic type a pattern: ``{0}`` a parameter's name, ``{#}`` a hash."""
        if self.contract_name or not self.parameters:
            return self.contract_name or self.name
        return f"{self.name}Of{''.join(f'{{{index}}}' for index in range(self.parameters))}{{#}}"


def read(paths: Iterable[Path]) -> list[Declaration]:
    """Give every type that C# files declare, each once."""
    constants: dict[str, str] = {}
    return _once(one for path in paths for one in parse(_text(path), constants, str(path)))


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except OSError as error:
        raise SourceError(f"{path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise SourceError(f"{path}: not UTF-8, as C# source should be") from None


def parse(text: str, constants: dict[str, str] | None = None, name: str = "the C# source") -> list[Declaration]:
    """Give every type that C# source declares, each once, outermost first; what is not understood is skipped.

    ``constants``: the constant texts of other files, by name, to which this one's are added. ``name``: what a message
    calls the source. ContractError where it is cut off, or a declaration does not end.
    """
    try:
        reader = _whole(text, {} if constants is None else constants, name)
    except RecursionError:
        raise ContractError("the C# source has blocks within blocks beyond what can be read") from None
    for one in reader.types:
        if one.contract_namespace is None:
            spaces = reader.contract_namespaces
            one.contract_namespace = spaces.get(one.namespace, spaces.get(""))
    return _once(reader.types)


def _whole(text: str, constants: dict[str, str], name: str) -> _Reader:
    """Read source the first way in which it is whole; ContractError where there is none.

    The error is that of what is compiled without symbols: what an ``#if`` leaves out need not be C#.
    """
    broken: list[Broken] = []
    before = dict(constants)
    for defined in views_of(text):
        try:
            return _Reader(source_of(text, defined), constants)
        except Broken as error:
            broken.append(error)
            constants.clear()
            constants.update(before)
    first = broken[1] if len(broken) > 1 else broken[0]
    raise ContractError(f"{name}: line {first.line}: {first}", hint="give the whole of the source, as it compiles")


def _once(declarations: Iterable[Declaration]) -> list[Declaration]:
    """Give each type once: a partial class goes on in another place."""
    found: dict[tuple[str, int], Declaration] = {}
    for one in declarations:
        first = found.setdefault((one.full_name, one.parameters), one)
        if first is not one:
            first.continued(one)
    return list(found.values())


def ancestry(declaration: Declaration, declared: Iterable[Declaration]) -> Iterator[Declaration]:
    """Give a declaration and its base classes, as far as they are declared, nearest first."""
    known = {(one.full_name, one.parameters): one for one in declared}
    seen: set[tuple[str, int]] = set()
    current: Declaration | None = declaration
    while current is not None and (current.full_name, current.parameters) not in seen:
        seen.add((current.full_name, current.parameters))
        yield current
        current = _base(current, known)


def _base(of: Declaration, known: dict[tuple[str, int], Declaration]) -> Declaration | None:
    """Find the base class: interfaces are declared, too, but have no place in the order."""
    parts = of.full_name.split(".")
    scopes = [".".join(parts[:count]) for count in range(len(parts), -1, -1)]
    for base in of.bases:
        for scope in [*scopes, *of.usings]:
            found = known.get((f"{scope}.{base.name}" if scope else base.name, len(base.arguments)))
            if found is not None and found is not of:
                return found
    return None


class _Reader:
    """Reads tokens from left to right; ``types`` grows as it goes."""

    def __init__(self, source: Source, constants: dict[str, str]) -> None:
        self.constants = constants
        self.tokens, self.lines = source.tokens, source.lines
        self.at = 0
        self.start = 0  # where the declaration begins that is being read
        self.types: list[Declaration] = []
        self.contract_namespaces: dict[str, str] = {}  # by CLR namespace; under "" what counts for all others
        self.usings: list[str] = []  # of the scope that is being read
        self._body("", None)

    def _peek(self, further: int = 0) -> str:
        at = self.at + further
        return self.tokens[at] if at < len(self.tokens) else ""

    def _next(self) -> str:
        token = self._peek()
        self.at += 1
        return token

    def _broken(self, missing: str) -> Broken:
        """Give the error of a declaration that does not end before what comes next."""
        line = self.lines[min(self.start, len(self.lines) - 1)]
        after = self._peek()
        where = f"before {after}" if after else "at the end of the file"
        shown = spelled(self.tokens[self.start : self.at])
        return Broken(line, f"a declaration does not end, a {missing} is missing {where}: {shown}")

    def _body(self, namespace: str, inside: Declaration | None) -> None:
        """Read declarations until the closing brace, or the end of the file."""
        while self._peek() not in ("", "}"):
            self.start = self.at
            token = self._peek()
            if token == "namespace":
                namespace = self._namespace(namespace)
            elif self._is_using():
                self._using()
            elif token == ";" or (token == "extern" and self._peek(1) == "alias"):
                self._until(";")
            else:
                self._declaration(namespace, inside)
        self.at += 1

    def _namespace(self, outer: str) -> str:
        self.at += 1
        name = ""
        while self._peek() not in ("{", ";"):
            if self._peek() in ("", "}", "class", "struct", "interface", "enum") or self._peek() in _ACCESS:
                raise self._broken("{")
            name += self._next()
        full = f"{outer}.{name}" if outer else name
        if self._next() == ";":
            return full  # the rest of the file
        around, self.usings = self.usings, [*self.usings]
        self._body(full, None)
        self.usings = around
        return outer

    def _is_using(self) -> bool:
        """Tell whether a using directive comes; ``using (`` is a statement."""
        return self._peek() == "using" and self._peek(1) != "("

    def _using(self) -> None:
        name = "".join(self._until(";"))
        self.usings.append(name.removeprefix("using").removeprefix("global::"))

    def _declaration(self, namespace: str, inside: Declaration | None) -> None:
        attributes = self._attributes()
        if self._peek() == "namespace" or self._is_using():  # the attributes were the assembly's
            return
        self.start = self.at
        head: list[str] = []
        while self._goes_on(head):
            token = self._next()
            if token in _KINDS and self._peek() not in ("{", "=", ";", "=>", "("):
                self._type(token, namespace, attributes, inside, frozenset(head))
                return
            head.append(token)
            if token in ("[", "("):
                head.extend(self._group(token))
        self._member(head, attributes, inside)

    def _goes_on(self, head: list[str]) -> bool:
        """Tell whether what comes is still before a declaration's accessors, value, parameters or end."""
        after = self._peek()
        if after in _ACCESS and len(without_modifiers(head)) > 1:  # a type and a name
            raise self._broken(";")
        if after == "(":
            return not without_modifiers(head)  # a tuple's type
        if after == "=":
            return "operator" in head  # ``operator ==``
        return after not in ("", "{", "}", ";", "=>")

    def _member(self, head: list[str], attributes: dict[str, Attribute], inside: Declaration | None) -> None:
        """Read the rest of a field, property, method, or something that is none of them."""
        stop = self._peek()
        if stop in ("", "}"):
            if head:
                raise self._broken(";")
            return
        if stop == "(":
            self._skip_method()
            return
        body: list[str] = []
        if stop == "{":
            self._next()
            body = self._group("{")
            if self._peek() == "=":
                self._until(";")
        else:
            body = self._until(";")
            value = constant_of(body[1:], self.constants) if "const" in head and stop == "=" else None
            if value is not None:
                self.constants[names_of(head)[-1]] = value
            if inside is not None and "const" in head and stop == "=":
                self._constants(head, body, inside)
        if inside is None or {"const", "static", "event", "this", "delegate"} & set(head):
            return
        is_field = stop in (";", "=")
        hidden = "public" not in head and inside.kind != "interface"
        setter = _setter(body)
        if is_field:  # what is read-only has no setter; a class that says [Serializable] is written field by field
            setter = None if "readonly" in head and "Serializable" not in inside.attributes else ""
        names = [*names_of(head), *further(body)] if is_field else names_of(head)[-1:]
        written = tuple(without_modifiers(before_name(next(iter(split(head)), []))))
        automatic = bool(body) and set(body) <= _ACCESSORS and stop == "{"
        for name in names:
            member = MemberDeclaration(name.lstrip("@"), is_field, attributes, hidden, written)
            member.setter, member.is_automatic, member.words = setter, automatic, frozenset(head)
            member.body = tuple(body) if setter is None and not is_field else ()
            inside.members.append(member)

    def _constants(self, head: list[str], body: list[str], inside: Declaration) -> None:
        """Take constants, ``const int A = 1 << 2, B = A + 1``, as they are written."""
        written = tuple(without_modifiers(before_name(head)))
        for part in _listed([names_of(head)[-1], *body] if names_of(head) else []):
            if part[1:2] == ["="]:
                inside.constants[part[0].lstrip("@")] = written, part[2:]

    def _skip_method(self) -> None:
        while self._peek() not in ("{", ";", "=>"):
            if self._peek() in _ACCESS or self._peek() in ("", "}"):
                raise self._broken(";")
            token = self._next()
            if token in PAIRS:
                self._group(token)
        if self._peek() == "{":
            self._next()
            self._group("{")
        else:
            self._until(";")

    def _type(
        self,
        kind: str,
        namespace: str,
        attributes: dict[str, Attribute],
        outer: Declaration | None,
        words: frozenset[str],
    ) -> None:
        if kind == "record" and self._peek() in ("class", "struct"):
            kind = "struct" if self._next() == "struct" else kind
            positional = True
        else:
            positional = kind == "record"
        name = self._next().lstrip("@")
        one = Declaration(namespace, f"{outer.name}.{name}" if outer else name, usings=self.usings)
        one.kind, one.words, one.attributes = kind, words, attributes
        own = self._parameter_names() if self._peek() == "<" else []
        one.parameter_names = [*outer.parameter_names, *own] if outer else own
        one.parameter_counts = [*(outer.parameter_counts if outer else ()), len(own)]
        contract = attributes.get("DataContract")
        if contract is not None:
            one.opts_in = True
            one.contract_name = contract.value("Name") or ""
            one.contract_namespace = contract.value("Namespace")
        if (mark := attributes.get("JsonObject")) is not None:
            one.json_opts_in = "OptIn" in mark.arguments
        one.coding = _coding(attributes)
        self.types.append(one)
        while self._peek() not in ("{", ";"):
            if self._peek() in _ACCESS or self._peek() in ("", "}"):
                raise self._broken("{")
            token = self._next()
            if token == "(" and positional and not one.bases:
                one.members.extend(_parameters(self._group("(")))
            elif token == "(":
                self._group("(")  # what a record gives to its base
            elif token == "where":
                while self._peek() not in ("{", ";", ""):
                    self.at += 1
            elif token not in ":,":
                base, self.at = read_reference(self.tokens, self.at - 1)
                one.bases.extend([base] if base else [])
                self.at += base is None
        if self._next() == "{":
            if kind == "enum":
                self._values(one)
            else:
                self._body(namespace, one)

    def _values(self, one: Declaration) -> None:
        """Read the names of an enumeration."""
        while self._peek() not in ("}", ""):
            self.start = self.at
            attributes = self._attributes()
            name = self._next().lstrip("@")
            if self._peek() not in ("=", ",", "}"):
                raise self._broken(",")
            expression: list[str] = []
            while self._peek() not in (",", "}", ""):
                token = self._next()
                expression += [token, *(self._group(token) if token in PAIRS else ())]
            one.values.append(EnumerationValue(name, tuple(expression[1:]), attributes))
            self.at += self._peek() == ","
        self.at += 1

    def _parameter_names(self) -> list[str]:
        """Read ``<in T, U>``: the last word of each part is the name."""
        parts: list[list[str]] = [[]]
        depth = 0
        while self._peek():
            token = self._next()
            depth += (token in "<([") - (token in ">)]")
            if not depth:
                break
            if token == "," and depth == 1:
                parts.append([])
            else:
                parts[-1].append(token)
        return [part[-1].lstrip("@") for part in parts if part]

    def _attributes(self) -> dict[str, Attribute]:
        """Read ``[A, B(1)]``, as many as there are."""
        found: dict[str, Attribute] = {}
        while self._peek() == "[":
            self._next()
            for part in split(self._group("[")[:-1]):
                names = part[: part.index("(")] if "(" in part else part
                name = names[-1].removesuffix("Attribute") if names else ""
                attribute = Attribute(name, arguments_of(part, names), self.constants)
                if name == "KnownType" and name in found:  # it may be there several times
                    attribute.arguments = [*found[name].arguments, *attribute.arguments]
                found[name] = attribute
                if name == "ContractNamespace" and attribute.arguments:  # the assembly's: one for each CLR namespace
                    of = attribute.value("ClrNamespace") or ""
                    self.contract_namespaces[of] = unquoted(attribute.arguments[0])
        return found

    def _group(self, opened: str) -> list[str]:
        """Give the tokens up to the bracket that closes ``opened`` (which has been read), that one included."""
        inside: list[str] = []
        waiting = [PAIRS[opened]]
        while waiting and self._peek():
            token = self._next()
            if token == waiting[-1]:
                waiting.pop()
            elif token in PAIRS:
                waiting.append(PAIRS[token])
            inside.append(token)
        return inside

    def _until(self, mark: str) -> list[str]:
        """Read to a mark outside of brackets, and give what is before it."""
        start = self.at
        while self._peek() not in ("", "}"):
            if self._peek() in _ACCESS:
                break
            token = self._next()
            if token == mark:
                return self.tokens[start : self.at - 1]
            if token in PAIRS:
                self._group(token)
        raise self._broken(mark)


def _listed(tokens: list[str]) -> list[list[str]]:
    """Split at the commas outside of brackets; unlike ``split``, ``<`` is no bracket: it shifts."""
    parts: list[list[str]] = [[]]
    depth = 0
    for token in tokens:
        depth += (token in PAIRS) - (token in PAIRS.values())
        if token == "," and not depth:
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def _setter(body: list[str]) -> str | None:
    """Tell of a property's accessors which setter there is: None, "" for a public one, else the word that hides it."""
    depth, before = 0, ""
    for token in body:
        depth += (token in "{([") - (token in "})]") if len(token) == 1 else 0
        if not depth and token in ("set", "init"):
            return before if before in _HIDING else ""
        before = token
    return None


def _coding(attributes: dict[str, Attribute]) -> str:
    """Give the coding that ``[JsonConverter(typeof(StringEnumConverter))]`` is: a next argument says camel case."""
    mark = attributes.get("JsonConverter")
    if mark is None or "StringEnumConverter" not in mark.arguments:
        return ""
    return "names" if {"true", "CamelCaseNamingStrategy"}.isdisjoint(mark.arguments) else "camel"


def _parameters(tokens: list[str]) -> list[MemberDeclaration]:
    """Give the properties that a record's positional parameters are."""
    found = []
    for part in split(tokens[:-1]):
        before = part[: part.index("=")] if "=" in part else part
        while "]" in before and before[0] == "[":  # attributes, of which none counts here
            before = before[before.index("]") + 1 :]
        names = names_of(before)
        if names:
            written = tuple(without_modifiers(before_name(before)))
            found.append(MemberDeclaration(names[-1].lstrip("@"), False, type=written, words=frozenset({"public"})))
    return found
