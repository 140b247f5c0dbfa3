"""Captures → operations: which contracts the bodies of a method and path are of, as ``operations.toml`` has them.

A path's segments that name one thing of many (numbers, GUIDs, dates, long tokens) become ``{id}``. Contracts are
recognised as payloads are, by the root element or the shape; what several bodies show most often counts.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from convtool.authoring.schema_files import operations_text
from convtool.captures.failure import Broken
from convtool.captures.model import LIMIT
from convtool.captures.reading import exchanges
from convtool.errors import PayloadError
from convtool.sniff import seen_format

if TYPE_CHECKING:
    from collections.abc import Iterable

    from convtool.captures.kinds import Capture
    from convtool.captures.model import Exchange, Message
    from convtool.catalog import Catalog

__all__ = ["Proposed", "propose"]

_ONE_OF_MANY = re.compile(
    r"\d+|[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}|\d{4}-\d\d(?:-\d\d.*)?|(?=.*\d)[\w~.-]{20,}|[^/]*@[^/]*",
    re.IGNORECASE,
)
_NO_PART = re.compile(r"[\s?#{}/]")  # what a path of operations.toml cannot have unescaped
_START = "api"  # the segment that Web API's routes begin with: what is before it varies from server to server


@dataclass
class Proposed:
    """What captures show: contracts by operation and role, and lines about what could not be told."""

    operations: dict[str, dict[str, Counter[str]]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    known: int = 0  # exchanges of operations that operations.toml has
    exchanges: int = 0

    def text(self) -> str:
        """Give the operations as ``operations.toml`` has them."""
        tables = {
            name: {role: found.most_common(1)[0][0] for role, found in roles.items() if found}
            for name, roles in sorted(self.operations.items(), key=lambda pair: pair[0].split()[::-1])
        }
        return "\n".join(operations_text(tables))


def propose(captures: Iterable[Capture], catalog: Catalog) -> Proposed:
    """Give the operations of captures that the catalog's ``operations.toml`` does not have.

    SourceError where a capture cannot be read, ContractError where ``operations.toml`` is wrong.
    """
    result = Proposed()
    for capture in captures:
        for one in exchanges(capture, catalog, LIMIT):
            if isinstance(one, Broken):
                result.notes.append("a part of the capture is broken: `convtool validate` tells what")
            elif one.method and not one.kind:
                _take(one, catalog, result)
    for name, roles in result.operations.items():
        for role, found in roles.items():
            if len(found) > 1:
                shown = ", ".join(f"{contract} ({count})" for contract, count in found.most_common())
                result.notes.append(f"{name}: the {role} is of several contracts: {shown}; the first is taken")
    result.notes = list(dict.fromkeys(result.notes))
    result.operations = {name: roles for name, roles in result.operations.items() if any(roles.values())}
    return result


def _take(one: Exchange, catalog: Catalog, result: Proposed) -> None:
    result.exchanges += 1
    if one.operation is not None:
        result.known += 1
        return
    bodies = [("request", one.request), ("response", one.response if 200 <= one.status < 300 else None)]
    payloads = [(role, message.body) for role, message in bodies if message is not None and _is_payload(message)]
    path = _pattern(one.url)
    if not payloads or not path or not one.method.isalpha():
        return
    name = f"{one.method.upper()} {path}"
    roles = result.operations.setdefault(name, {"request": Counter(), "response": Counter()})
    for role, body in payloads:
        assert body is not None
        try:
            roles[role][catalog.detect(body)[0]] += 1
        except PayloadError as error:
            first = next(iter(error.report), None)
            why = first.message if first is not None else "it is no payload"
            result.notes.append(f"{name}: the contract of a {role} is not told: {why}")


def _is_payload(message: Message) -> bool:
    return bool(message.body) and seen_format(message.body or b"") is not None


def _pattern(url: str) -> str:
    """Give a URL's path as an operation has it; "" where it has none."""
    try:
        path = urlsplit(url).path
    except ValueError:  # such as an unclosed bracket in the host
        path = url.partition("?")[0]
    parts = [part for part in path.split("/") if part]
    folded = [part.lower() for part in parts]
    parts = parts[folded.index(_START) :] if _START in folded else parts
    found: list[str] = []
    for part in parts:
        count = sum(one.startswith("{id") for one in found)
        plain = unquote(part)
        if _ONE_OF_MANY.fullmatch(plain):
            found.append(f"{{id{count + 1 if count else ''}}}")
        else:
            found.append(part if _NO_PART.search(plain) else plain)
    return "/".join(found)
