"""C# source → the declarations that tell Json.NET's order: types, their members, bases and attributes.

A lexer and a reader of declarations, no more: bodies of methods and accessors are skipped, expressions are not
understood. What it needs are names, their order, ``[DataContract]``, ``[DataMember]``, ``[JsonProperty]`` and
``[JsonConverter]``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

__all__ = ["Declaration", "MemberDeclaration", "parse"]

_TOKEN = re.compile(
    r"""(?P<skip>\s+|//[^\n]*|/\*.*?\*/|^[ \t]*\#[^\n]*)
      |(?P<string>\$?@\$?"(?:[^"]|"")*"|\$?"(?:[^"\\\n]|\\.)*"|'(?:[^'\\]|\\.)+')
      |(?P<word>@?[^\W\d]\w*)
      |(?P<number>\d[\w.]*)
      |(?P<mark>=>|::|.)""",
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)
_KINDS = ("class", "struct", "interface", "record", "enum")
_PAIRS = {"(": ")", "{": "}", "[": "]"}


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
                return text.strip('"')
        return None


@dataclass
class MemberDeclaration:
    """A field or property as declared, with its attributes."""

    name: str
    is_field: bool
    attributes: dict[str, _Attribute] = field(default_factory=dict)

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
    name: str
    members: list[MemberDeclaration] = field(default_factory=list)
    bases: list[str] = field(default_factory=list)
    opts_in: bool = False  # [DataContract]: only members with [DataMember] count
    contract_name: str = ""
    contract_namespace: str = ""
    as_text: bool = False  # an enumeration that Json.NET writes by name


def parse(text: str) -> list[Declaration]:
    """Give every type that C# source declares, outermost first; what is not understood is skipped."""
    return _Reader(text).types


class _Reader:
    """Reads tokens from left to right; ``types`` grows as it goes."""

    def __init__(self, text: str) -> None:
        self.tokens = [match[0] for match in _TOKEN.finditer(text) if match.lastgroup != "skip"]
        self.at = 0
        self.types: list[Declaration] = []
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
            elif token in ("using", "extern") or token == ";":
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
        self._body(full, None)
        return outer

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
        for name in _names(head) if is_field else _names(head)[-1:]:
            inside.members.append(MemberDeclaration(name.lstrip("@"), is_field, attributes))

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
        one = Declaration(namespace, f"{outer.name}.{name}" if outer else name)  # as data contracts name nested types
        contract = attributes.get("DataContract")
        if contract is not None:
            one.opts_in = True
            one.contract_name = contract.value("Name") or ""
            one.contract_namespace = contract.value("Namespace") or ""
        converter = attributes.get("JsonConverter")
        one.as_text = converter is not None and "StringEnumConverter" in converter.arguments
        self.types.append(one)
        bases: list[str] = []
        while self._peek() not in ("{", ";", ""):
            token = self._next()
            if token == "(" and kind == "record" and not bases:
                one.members.extend(_parameters(self._group("(")))
            else:
                bases.append(token)
        one.bases = [token for token in bases if token[:1].isalpha() or token[:1] == "_"]
        if self._next() == "{":
            if kind == "enum":
                self._group("{")
            else:
                self._body(namespace, one)

    def _attributes(self) -> dict[str, _Attribute]:
        """Read ``[A, B(1)]``, as many as there are."""
        found: dict[str, _Attribute] = {}
        while self._peek() == "[":
            self._next()
            for part in _split(self._group("[")[:-1]):
                names = part[: part.index("(")] if "(" in part else part
                name = names[-1].removesuffix("Attribute") if names else ""
                found[name] = _Attribute(name, part[len(names) + 1 :])
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
