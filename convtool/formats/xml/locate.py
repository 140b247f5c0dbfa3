"""From a place in wire-form XML to its path: only run for the few places that a fast lane has a word about."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from convtool.contract.model import Array, Contract, Record

if TYPE_CHECKING:
    from convtool.contract.model import Type

__all__ = ["path_at"]

_TAG = re.compile(r"<(/?)(?:[^\s/>:]+:)?([^\s/>]+)([^<>]*?)(/?)>")


def path_at(contract: Contract, text: str, start: int, at: int, first: int = 0) -> tuple[str, int | None]:
    """Give the XPath of the element that begins at ``at``, or holds the text there; and its record's index.

    ``start`` is the offset of the root's start tag, or, where the text begins with records, behind it: then ``first``
    is the index of the first of them.
    """
    stack: list[_Level] = []
    if not text.startswith(f"<{contract.name}", start):
        stack.append(_Level(f"/{contract.name}", contract.types[contract.root], first))
    for match in _TAG.finditer(text, start):
        if match.start() > at:
            break
        if match[1]:
            stack.pop()
            continue
        level = _enter(contract, stack, match[2])
        if not match[4] or match.start() == at:
            stack.append(level)
        if match.start() == at:
            break
    path = "".join(level.step for level in stack)
    listed = len(stack) > 1 and isinstance(contract.root_type, Array)
    return path, stack[0].count - 1 if listed else None


class _Level:
    """An open element: its step of the path, its type, and how many items it has had so far."""

    __slots__ = ("count", "kind", "step")

    def __init__(self, step: str, kind: Type | None, count: int = 0) -> None:
        self.step = step
        self.kind = kind
        self.count = count


def _enter(contract: Contract, stack: list[_Level], name: str) -> _Level:
    if not stack:
        return _Level(f"/{name}", contract.types[contract.root])
    parent = stack[-1]
    parent.count += 1
    if isinstance(parent.kind, Array):
        return _Level(f"/{name}[{parent.count}]", contract.types[parent.kind.item.type])
    members = parent.kind.members if isinstance(parent.kind, Record) else ()
    of = next((member for member in members if member.name == name), None)
    return _Level(f"/{name}", contract.types[of.type] if of else None)
