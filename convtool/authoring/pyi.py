"""Typing stubs for the values of a contract: what editors and mypy need to know its members.

A value's classes are made when the schema is read, so no checker can see them; the ``.pyi`` text says the same: one
``msgspec.Struct`` for each record, with its members in JSON order. An absent member is ``msgspec.UNSET``, null is None.
A member whose name is no attribute is reached as ``value["its-name"]``; its place in the class has a number.
"""

from __future__ import annotations

import json
import keyword
import re
from collections import Counter
from typing import TYPE_CHECKING

from convtool.model.contract import Anything, Array, Dictionary, Enumeration, Record, Scalar
from convtool.model.datatypes import DATATYPES, is_plain
from convtool.model.instance import attributes, field_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from convtool.model.contract import Contract, Member

__all__ = ["stubs"]


def stubs(contract: Contract) -> str:
    """Give the text of a stub file for a contract's values; ``Value`` is the type of the root's."""
    return _Stubs(contract).text()


class _Stubs:
    """Writes one contract's stubs; ``names`` are the class names that the values have."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        shared = [DATATYPES[kind.datatype].python.__name__ for kind in contract.types.values()
                  if isinstance(kind, Scalar) and not is_plain(kind)]  # fmt: skip
        records = (key for key, kind in contract.types.items() if isinstance(kind, Record))
        self.names = _class_names(records, shared)
        self.imported: set[tuple[str, str]] = set()  # the modules and names of what annotations need
        self.taken: set[str] = set()  # names that the members of the class at hand hide from its annotations
        self.aliased: set[str] = set()

    def text(self) -> str:
        classes = [self._class(key) for key in sorted(self.names, key=lambda key: self.names[key])]
        value = self._nullable(self._type(self.contract.root), self.contract.nillable)
        aliases = "\n".join(f"_{name}: TypeAlias = {name}" for name in sorted(self.aliased))
        parts = [*classes, aliases, f"{self._alias()}: TypeAlias = {value}"]
        body = "\n\n".join(part for part in parts if part)
        typing = [name for name in ("Any", "Literal", "Self") if re.search(rf"\b{name}\b", body)]
        imports = [f"from typing import {', '.join([*typing, 'TypeAlias'])}", "", "import msgspec"]
        if "Mapping" in body:
            imports.insert(0, "from collections.abc import Mapping")
        imports[:0] = [f"from {module} import {name}" for module, name in sorted(self.imported) if module == "decimal"]
        imports += [f"from {module} import {name}" for module, name in sorted(self.imported) if module != "decimal"]
        name = self.contract.name
        head = f"# Values of contract {name}, as `convtool contracts stubs {name}` writes them.\n"
        return head + "\n" + "\n".join(imports) + "\n\n" + body + "\n"

    def _alias(self) -> str:
        """Give the name of the root's type, which no class may have."""
        name = "Value"
        while name in self.names.values():
            name += "_"
        return name

    def _class(self, key: str) -> str:
        record = self.contract.types[key]
        assert isinstance(record, Record)
        lines = [f"class {self.names[key]}(msgspec.Struct):"]
        plain = attributes(record)
        self.taken = set(plain)
        if record.description:
            lines.append(f"    {_docstring(record.description)}")
        typed = {index: f"{self._member(record.members[index])} | msgspec.UnsetType" for index in record.order}
        for index in record.order:
            member = record.members[index]
            lines.append(f"    {member.name if member.name in plain else field_name(index)}: {typed[index]} = ...")
            if member.description or member.name not in plain:
                lines.append(f"    {_docstring(member.description or member.name)}")
        fields = {field_name(index): kind for index, kind in typed.items()}
        lines += self._methods(fields, {name: fields[at] for name, at in plain.items()})
        self.taken = set()
        return "\n".join(lines)

    def _methods(self, fields: dict[str, str], named: dict[str, str]) -> list[str]:
        """Give how a value is made: of all members in order, or of some by name; and how it is asked by name."""
        text = self._name("str")
        order = ", ".join(f"{name}: {kind} = ..." for name, kind in fields.items())
        some = "".join(f"{name}: {kind} = ..., " for name, kind in named.items())
        star = f"*, {some}" if some else ""
        return [
            f"    def __init__(self{', ' + order + ', /' if order else ''}) -> None: ...",
            "    @classmethod",
            f"    def of(cls, members: Mapping[{text}, Any] = ..., /, {star}**named: Any) -> Self: ...",
            f"    def __getitem__(self, name: {text}) -> Any: ...",
            f"    def __setitem__(self, name: {text}, value: Any) -> None: ...",
        ]

    def _name(self, name: str) -> str:
        """Give how an annotation names a type: by an alias where a member of the class has the same name."""
        if name not in self.taken:
            return name
        self.aliased.add(name)
        return f"_{name}"

    def _python(self, cls: type) -> str:
        if cls.__module__ != "builtins":
            self.imported.add((cls.__module__, cls.__name__))
        return self._name(cls.__name__)

    def _member(self, member: Member) -> str:
        return self._nullable(self._type(member.type), member.nillable)

    def _nullable(self, annotation: str, nillable: bool) -> str:
        return f"{annotation} | None" if nillable and annotation != "Any" else annotation

    def _type(self, key: str) -> str:
        kind = self.contract.types[key]
        match kind:
            case Scalar(datatype=name):
                return self._python(DATATYPES[name].python)
            case Enumeration():
                return self._enumeration(kind)
            case Record():
                choices = [self._name(self.names[one]) for one in (key, *self.contract.derived.get(key, ()))]
                return " | ".join(choices)
            case Array(item=item):
                return f"{self._name('list')}[{self._member(item)}]"
            case Dictionary(key_member=of, value_member=value):
                return f"{self._name('dict')}[{self._type(of.type)}, {self._member(value)}]"
            case Anything():
                return "Any"

    def _enumeration(self, kind: Enumeration) -> str:
        """A single value is one of the names; a set of flags is names with spaces between them."""
        if kind.flags or not kind.values:
            return "str"
        return f"Literal[{', '.join(json.dumps(name, ensure_ascii=False) for name, _ in kind.values)}]"


def _class_names(keys: Iterable[str], used: Iterable[str]) -> dict[str, str]:
    """Give each record's class a name that Python allows and no other has."""
    names: dict[str, str] = {}
    taken = Counter(used)
    for key in keys:
        name = re.sub(r"\W", "_", key.rpartition("}")[2])
        name = f"_{name}" if name[:1].isdigit() or keyword.iskeyword(name) else name
        taken[name] += 1
        names[key] = name if taken[name] == 1 else f"{name}_{taken[name]}"
    return names


def _docstring(text: str) -> str:
    escaped = " ".join(text.split()).replace("\\", "\\\\").replace('"', '\\"')
    return f'"""{escaped}"""'
