"""C# source → the declarations that tell Json.NET's order: types, their members, bases and attributes.

A lexer and a reader of declarations, no more: bodies of methods and accessors are skipped, expressions are not
understood. What it needs are names, their order, ``[DataContract]``, ``[DataMember]``, ``[JsonProperty]``,
``[JsonConverter]`` and ``[assembly: ContractNamespace]``. ``ancestry`` follows a type's bases as C# resolves names:
outwards through the types and namespaces around it, then through ``using``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["Declaration", "MemberDeclaration", "ancestry", "parse"]

_TOKEN = re.compile(
    r"""(?P<skip>\s+|//[^\n]*|/\*.*?\*/|^[ \t]*\#[^\n]*)
      |(?P<string>\$?@\$?"(?:[^"]|"")*"|\$?"(?:[^"\\\n]|\\.)*"|'(?:[^'\\]|\\.)+')
      |(?P<word>@?(?:[^\W\d]|[^\x00-\x7f\s\ufeff])(?:\w|[^\x00-\x7f\s\ufeff])*)  # combining marks are no \w
      |(?P<number>\d[\w.]*)
      |(?P<mark>=>|::|.)""",
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)
_KINDS = ("class", "struct", "interface", "record", "enum")
_HIDING = frozenset({"private", "protected", "internal"})
_PAIRS = {"(": ")", "{": "}", "[": "]"}
_ESCAPES = {"0": "\0", "a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


@dataclass
class _Attribute:
    name: str
    arguments: list[str]

    def value(self, name: str) -> str | None:
        """Give the text of a named argument (``Order = 1``, ``Name = "x"``)."""
        for at, token in enumerate(self.arguments[:-2]):
            if token == name and self.arguments[at + 1] == "=":
                text = (
                    "".join(self.arguments[at + 2 : at + 4])
                    if self.arguments[at + 2] == "-"
                    else self.arguments[at + 2]
                )
                return _unquoted(text)
        return None


@dataclass
class MemberDeclaration:
    """A field or property as declared, with its attributes."""

    name: str
    is_field: bool
    attributes: dict[str, _Attribute] = field(default_factory=dict)
    hidden: bool = False  # not public

    def counts(self, opts_in: bool) -> bool:
        """Tell whether the member is part of the contract: under ``[DataContract]`` those that say so, else the public.

        What Json.NET alone leaves out or renames, the contract's own names tell.
        """
        return "DataMember" in self.attributes if opts_in else not self.hidden

    def contract_name(self, opts_in: bool) -> str:
        """Give the member's name in the contract: ``[DataMember(Name)]`` counts under ``[DataContract]``."""
        mark = self.attributes.get("DataMember")
        return (mark.value("Name") if mark is not None and opts_in else None) or self.name

    def json_order(self, opts_in: bool) -> int:
        """Give what Json.NET sorts by: ``[JsonProperty(Order)]``, else ``[DataMember(Order)]``, else -1."""
        for name in ("JsonProperty", "DataMember") if opts_in else ("JsonProperty",):
            mark = self.attributes.get(name)
            text = mark.value("Order") if mark is not None else None
            if text is not None and re.fullmatch(r"-?\d+", text):
                return int(text)
        return -1


@dataclass
class Declaration:
    """A type: its CLR namespace and name, its members in the order of the source, its bases, its contract's names."""

    namespace: str
    name: str  # with the names of the types around it: ``Outer.Inner``
    members: list[MemberDeclaration] = field(default_factory=list)
    bases: list[tuple[str, int]] = field(default_factory=list)  # names as written, with the number of type arguments
    opts_in: bool = False  # [DataContract]: only members with [DataMember] count
    contract_name: str = ""
    contract_namespace: str | None = None  # None: the CLR namespace's own
    as_text: bool = False  # an enumeration that Json.NET writes by name
    parameters: int = 0  # type parameters, those of the types around it included
    usings: list[str] = field(default_factory=list)  # shared by the types of one scope

    def continued(self, other: Declaration) -> None:
        """Take what another part of a partial type declares."""
        self.members.extend(other.members)
        self.bases.extend(other.bases)
        self.opts_in |= other.opts_in
        self.contract_name = self.contract_name or other.contract_name
        if self.contract_namespace is None:
            self.contract_namespace = other.contract_namespace

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


def parse(text: str) -> list[Declaration]:
    """Give every type that C# source declares, outermost first; what is not understood is skipped."""
    reader = _Reader(text)
    for one in reader.types:
        if one.contract_namespace is None:
            spaces = reader.contract_namespaces
            one.contract_namespace = spaces.get(one.namespace, spaces.get(""))
    return reader.types


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
    for name, arguments in of.bases:
        for scope in [*scopes, *of.usings]:
            found = known.get((f"{scope}.{name}" if scope else name, arguments))
            if found is not None and found is not of:
                return found
    return None


class _Reader:
    """Reads tokens from left to right; ``types`` grows as it goes."""

    def __init__(self, text: str) -> None:
        self.tokens = [match[0] for match in _TOKEN.finditer(text) if match.lastgroup != "skip"]
        self.at = 0
        self.types: list[Declaration] = []
        self.contract_namespaces: dict[str, str] = {}  # by CLR namespace; under "" what counts for all others
        self.usings: list[str] = []  # of the scope that is being read
        self._body("", None)

    def _peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def _next(self) -> str:
        token = self._peek()
        self.at += 1
        return token

    def _body(self, namespace: str, inside: Declaration | None) -> None:
        """Read declarations until the closing brace, or the end of the file."""
        while self._peek() not in ("", "}"):
            token = self._peek()
            if token == "namespace":
                namespace = self._namespace(namespace)
            elif token == "using":
                self._using()
            elif token in ("extern", ";"):
                self._until(";")
            else:
                self._declaration(namespace, inside)
        self.at += 1

    def _namespace(self, outer: str) -> str:
        self.at += 1
        name = ""
        while self._peek() not in ("{", ";", ""):
            name += self._next()
        full = f"{outer}.{name}" if outer else name
        if self._next() == ";":
            return full  # the rest of the file
        around, self.usings = self.usings, [*self.usings]
        self._body(full, None)
        self.usings = around
        return outer

    def _using(self) -> None:
        name = ""
        while self._peek() not in (";", ""):
            name += self._next()
        self.at += 1
        self.usings.append(name.removeprefix("using").removeprefix("global::"))

    def _declaration(self, namespace: str, inside: Declaration | None) -> None:
        attributes = self._attributes()
        if self._peek() in ("namespace", "using"):  # the attributes were the assembly's
            return
        head: list[str] = []
        while self._peek() not in ("", "{", "}", ";", "=", "=>", "("):
            token = self._next()
            if token in _KINDS and self._peek() not in ("{", "=", ";", "=>", "("):
                self._type(token, namespace, attributes, inside)
                return
            head.append(token)
            if token == "[":
                head.extend(self._group("["))
        self._member(head, attributes, inside)

    def _member(self, head: list[str], attributes: dict[str, _Attribute], inside: Declaration | None) -> None:
        """Read the rest of a field, property, method, or something that is none of them."""
        stop = self._peek()
        if stop in ("", "}"):
            return
        if stop == "(":
            self._skip_method()
            return
        if stop == "{":
            self._next()
            self._group("{")
            if self._peek() == "=":
                self._until(";")
        else:
            self._until(";")
        if inside is None or {"const", "static", "event", "this", "delegate"} & set(head):
            return
        is_field = stop in (";", "=")
        hidden = not _HIDING.isdisjoint(head)
        for name in _names(head) if is_field else _names(head)[-1:]:
            inside.members.append(MemberDeclaration(name.lstrip("@"), is_field, attributes, hidden))

    def _skip_method(self) -> None:
        self._next()
        self._group("(")
        while self._peek() not in ("", "{", ";", "=>", "}"):
            self._next()
        if self._peek() == "{":
            self._next()
            self._group("{")
        elif self._peek() != "}":
            self._until(";")

    def _type(self, kind: str, namespace: str, attributes: dict[str, _Attribute], outer: Declaration | None) -> None:
        if kind == "record" and self._peek() in ("class", "struct"):
            self._next()
        name = self._next().lstrip("@")
        one = Declaration(namespace, f"{outer.name}.{name}" if outer else name, usings=self.usings)
        one.parameters = outer.parameters if outer else 0
        if self._peek() == "<":
            one.parameters += self._arguments()
        contract = attributes.get("DataContract")
        if contract is not None:
            one.opts_in = True
            one.contract_name = contract.value("Name") or ""
            one.contract_namespace = contract.value("Namespace")
        converter = attributes.get("JsonConverter")
        one.as_text = converter is not None and "StringEnumConverter" in converter.arguments
        self.types.append(one)
        while self._peek() not in ("{", ";", ""):
            token = self._next()
            if token == "(" and kind == "record" and not one.bases:
                one.members.extend(_parameters(self._group("(")))
            elif token == "(":
                self._group("(")  # what a record gives to its base
            elif token == "where":
                while self._peek() not in ("{", ";", ""):
                    self.at += 1
            elif token not in ":,":
                one.bases.append(self._reference(token))
        if self._next() == "{":
            if kind == "enum":
                self._group("{")
            else:
                self._body(namespace, one)

    def _reference(self, token: str) -> tuple[str, int]:
        """Read a type's name behind its first word: ``A.B<C, D>.E`` is ("A.B.E", 2)."""
        name, arguments = token.lstrip("@"), 0
        while self._peek() in (".", "::", "<"):
            mark = self._next()
            if mark == "<":
                self.at -= 1
                arguments += self._arguments()
            else:
                name = self._next().lstrip("@") if mark == "::" else f"{name}.{self._next().lstrip('@')}"
        return name, arguments

    def _arguments(self) -> int:
        """Skip ``<…>`` and give the number of types in it."""
        depth, count = 0, 1
        while self._peek():
            token = self._next()
            depth += (token in "<([") - (token in ">)]")
            count += token == "," and depth == 1
            if not depth:
                break
        return count

    def _attributes(self) -> dict[str, _Attribute]:
        """Read ``[A, B(1)]``, as many as there are."""
        found: dict[str, _Attribute] = {}
        while self._peek() == "[":
            self._next()
            for part in _split(self._group("[")[:-1]):
                names = part[: part.index("(")] if "(" in part else part
                name = names[-1].removesuffix("Attribute") if names else ""
                found[name] = attribute = _Attribute(name, part[len(names) + 1 :])
                if name == "ContractNamespace" and attribute.arguments:  # the assembly's: one for each CLR namespace
                    of = attribute.value("ClrNamespace") or ""
                    self.contract_namespaces[of] = _unquoted(attribute.arguments[0])
        return found

    def _group(self, opened: str) -> list[str]:
        """Give the tokens up to the bracket that closes ``opened`` (which has been read), that one included."""
        inside: list[str] = []
        waiting = [_PAIRS[opened]]
        while waiting and self._peek():
            token = self._next()
            if token == waiting[-1]:
                waiting.pop()
            elif token in _PAIRS:
                waiting.append(_PAIRS[token])
            inside.append(token)
        return inside

    def _until(self, mark: str) -> None:
        while self._peek():
            token = self._next()
            if token == mark:
                return
            if token in _PAIRS:
                self._group(token)


def _unquoted(text: str) -> str:
    """Give the content of a string literal, plain, verbatim or with escapes; other text as it is."""
    if text.startswith('@"'):
        return text[2:-1].replace('""', '"')
    if not text.startswith('"'):
        return text
    return re.sub(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|x([0-9A-Fa-f]{1,4})|(.))", _unescaped, text[1:-1])


def _unescaped(match: re.Match[str]) -> str:
    digits = match[1] or match[2] or match[3]
    return chr(int(digits, 16)) if digits else _ESCAPES.get(match[4], match[4])


def _split(tokens: list[str]) -> list[list[str]]:
    """Split at the commas outside of brackets and generics."""
    parts: list[list[str]] = [[]]
    depth = 0
    for token in tokens:
        depth += (token in "([{<") - (token in ")]}>") if len(token) == 1 else 0
        if token == "," and depth == 0:
            parts.append([])
        else:
            parts[-1].append(token)
    return [part for part in parts if part]


def _names(head: list[str]) -> list[str]:
    """Give the declared names: the last word of each part."""
    words = ([token for token in part if token[:1].isalpha() or token[:1] in "_@"] for part in _split(head))
    return [found[-1] for found in words if found]


def _parameters(tokens: list[str]) -> list[MemberDeclaration]:
    """Give the properties that a record's positional parameters are."""
    names = []
    for part in _split(tokens[:-1]):
        before = part[: part.index("=")] if "=" in part else part
        words = [token for token in before if token[:1].isalpha() or token[:1] in "_@"]
        names.extend(words[-1:])
    return [MemberDeclaration(name.lstrip("@"), is_field=False) for name in names]
