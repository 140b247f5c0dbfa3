"""Objects with an identity: z:Id and z:Ref in XML, $id and $ref in JSON.

Types with IsReference have it in the wire form. DataContractSerializer with preserveObjectReferences and
NetDataContractSerializer number every object, texts and lists too; .NET reads that of any type (dotnet/runtime,
XmlObjectSerializerReadContext.ReadIfNullOrRef: a reference counts before i:nil), and so does the dotnet profile.

A value is a tree: a reference to an object given before is read as that object's value, and says so; a reference to an
object that is still being read, or to none, is refused. References to what holds references double what they stand for
at every level, so what they repeat has a bound.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from convtool._lazy import pattern
from convtool.formats.leaf import BAD, shown
from convtool.limits import LIMITS
from convtool.model.contract import split_key
from convtool.model.datatypes import collapse
from convtool.model.spelling import NCNAME

if TYPE_CHECKING:
    from collections.abc import Iterator

    from convtool.findings import Findings

__all__ = ["Objects"]

_NCNAME = pattern(NCNAME)
_RATIO = 10  # bytes that references may repeat for each of the document, beyond ``LIMITS.repeated``


class Objects:
    """The objects of one document: those that are known, and those that are being read."""

    def __init__(self) -> None:
        self.known: dict[str, tuple[str, Any]] = {}  # the key of the type, and the value
        self._open: set[str] = set()
        self._sizes: dict[str, int] = {}  # in bytes of the document, with what references repeat in it
        self._repeated = 0
        self._collapsed: set[str] = set()
        self._count = 0

    @contextmanager
    def opened(self, name: str, size: int) -> Iterator[None]:
        """Mark an object as being read; it has ``size`` bytes of the document."""
        before = self._repeated
        self._open.add(name)
        yield
        self._open.discard(name)
        self._sizes[name] = size + self._repeated - before

    def number(self, name: str, prefix: str | None, span: tuple[int, int], path: str, findings: Findings) -> None:
        """Count an object; its name in the wire form is its number behind the prefix, or it has none (None)."""
        if name and self._is_taken(name):
            findings.add("graph.duplicate", f"Another object is called {shown(name)} already.", span, path)
        if prefix is None:
            return
        self._count += 1
        if name != f"{prefix}{self._count}":
            called = f"is called {shown(name)}" if name else "has no name"
            message = f"The object {called}; in the wire form it is {prefix}{self._count}."
            findings.add("loss.lexical", message, span, path)

    def _is_taken(self, name: str) -> bool:
        return name in self.known or name in self._open

    def check(self, name: str, span: tuple[int, int], path: str, findings: Findings, *, names: bool) -> None:
        """Hold an identity of XML against what XML Schema has of it; ``names``: it is an object's, not a reference."""
        collapsed = collapse(name)
        if not _NCNAME.fullmatch(collapsed):
            findings.add("graph.identity", f"{shown(name)} is no name that an identity may have.", span, path)
        elif names:
            if collapsed in self._collapsed and not self._is_taken(name):
                message = f"{shown(name)} differs from another object's name in white space alone."
                findings.add("graph.identity", message, span, path)
            self._collapsed.add(collapsed)

    def resolve(self, name: str, wanted: tuple[str, ...], span: tuple[int, int], path: str, findings: Findings) -> Any:
        """Give the value of a reference where one of the types ``wanted`` is, by their keys; or BAD."""
        if name in self.known and name not in self._open:
            key, value = self.known[name]
            if key not in wanted:
                seen, local = split_key(key)[1], split_key(wanted[0])[1]
                message = f"The object {shown(name)} is of the type {seen}, where {local} is wanted."
                findings.add("value.kind", message, span, path)
                return BAD
            if not self._may_repeat(name, span, findings):
                message = f"What references repeat up to {shown(name)} is more than the limit."
                findings.add("limit.repeated", message, span, path)
                return BAD
            message = f"The object {shown(name)} is given by reference: it is read as a copy."
            findings.add("graph.reference", message, span, path)
            return value
        why = "holds this reference" if name in self._open else "has not been given before"
        findings.add("graph.cycle", f"The object {shown(name)} {why}.", span, path)
        return BAD

    def _may_repeat(self, name: str, span: tuple[int, int], findings: Findings) -> bool:
        size = self._repeated + self._sizes[name]
        if size > LIMITS.repeated:
            before = findings.places.locate(span[0]).offset if findings.places is not None else span[0]
            if size > LIMITS.repeated + _RATIO * before:
                return False
        self._repeated = size
        return True
