"""Objects with an identity (IsReference): z:Id and z:Ref in XML, $id and $ref in JSON.

A value is a tree: a reference to an object given before is read as that object's value, and says so; a reference to an
object that is still being read, or to none, is refused.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from convtool.formats.leaf import BAD, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from convtool.diagnostics import Findings

__all__ = ["Objects"]


class Objects:
    """The objects of one document: those that are known, and those that are being read."""

    def __init__(self) -> None:
        self.known: dict[str, Any] = {}
        self._open: set[str] = set()
        self._count = 0

    @contextmanager
    def opened(self, name: str) -> Iterator[None]:
        """Mark an object as being read."""
        self._open.add(name)
        yield
        self._open.discard(name)

    def number(self, name: str, prefix: str, span: tuple[int, int], path: str, findings: Findings) -> None:
        """Count an object; its name in the wire form is its number."""
        self._count += 1
        if name != f"{prefix}{self._count}":
            message = f"The object is called {shown(name)}; in the wire form it is {prefix}{self._count}."
            findings.add("loss.lexical", message, span, path)

    def resolve(self, name: str, span: tuple[int, int], path: str, findings: Findings) -> Any:
        """Give the value of a reference, or BAD."""
        if name in self.known and name not in self._open:
            message = f"The object {shown(name)} is given by reference: it is read as a copy."
            findings.add("graph.reference", message, span, path)
            return self.known[name]
        why = "holds this reference" if name in self._open else "has not been given before"
        findings.add("graph.cycle", f"The object {shown(name)} {why}.", span, path)
        return BAD
