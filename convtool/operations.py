"""Operations: which contracts the request and the response of an API call are of; and which operation a URL means.

``operations.toml`` lies in the folder of the schema files. Each table is named by a method and a path as the help page
lists them::

    ["POST api/Orders/{id}?detail={detail}"]
    description = "Changes an order."
    request = "Order"
    response = "ArrayOfReceipt"

Each line may be absent; the description is shown by the stub's help page.

An operation of a SOAP service has a version, and the action by which calls to one address are told apart; a word behind
``#`` makes its name its own. Its contracts are those of the bodies' elements::

    ["POST Orders.svc#Find"]
    soap = "1.1"
    action = "http://tempuri.org/IOrders/Find"
    request = "Find"
    response = "FindResponse"

Paths match whatever host and prefix stand before them, without regard to case, as Web API routes do. A {segment}
matches any segment. A query of the pattern names parameters that the URL must have; others may be there. Where
several operations match, the one with the most literal segments counts, then the one with the most parameters. Of SOAP
operations only the one of the request's action matches (its SOAPAction, or its media type's); where a request says
none, one that is alone at its address.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

import msgspec

from convtool._lazy import pattern
from convtool.errors import ContractError, SourceError, UsageError
from convtool.formats.xml.envelope import VERSIONS
from convtool.sources import read_path

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = ["CONTRACTS", "FILE", "NAME", "PARTS", "Operation", "Operations", "action_of", "load_operations"]

FILE = "operations.toml"


class Part(NamedTuple):
    """A line of an operation's table: what its text is in words, the texts that there are, what it is for."""

    words: str
    texts: tuple[str, ...] | None
    purpose: str


_CONTRACT = "a contract's name"
PARTS = {
    "description": Part("a text", None, "What the operation does, for people."),
    "request": Part(_CONTRACT, None, "The contract of the request's body."),
    "response": Part(_CONTRACT, None, "The contract of the response's body."),
    "soap": Part("a version", tuple(VERSIONS), "The version of a SOAP operation's envelopes."),
    "action": Part("a text", None, "The SOAPAction, which tells apart operations at one address."),
}
CONTRACTS = tuple(name for name, part in PARTS.items() if part.words == _CONTRACT)
#: A table's name: a method, and a path that is not empty before its # and ?.
NAME = r"\s*([A-Z]+) +(/*[^\s/#?]\S*)\s*"
_ACTION = pattern(r"""(?:^|;)\s*action\s*=\s*"?([^";]*)""", re.IGNORECASE)
_PARAMETER = pattern(r"\{[^{}/]+\}")


class Operation(msgspec.Struct, frozen=True):
    """One operation: its method, its path as the file has it, its contracts, its description (empty: none).

    ``soap``: the version of a SOAP operation's envelopes; ``action`` is its SOAPAction.
    """

    method: str
    path: str
    request: str = ""
    response: str = ""
    description: str = ""
    soap: str = ""
    action: str = ""

    @property
    def name(self) -> str:
        """Method and path, as the file has them."""
        return f"{self.method} {self.path}"

    @property
    def segments(self) -> tuple[str, ...]:
        """The path's segments in lower case, ``{}`` for those that match any."""
        path = self.path.partition("#")[0].partition("?")[0]
        return tuple("{}" if _PARAMETER.fullmatch(part) else part.lower() for part in path.split("/") if part)

    @property
    def parameters(self) -> frozenset[str]:
        """The names, in lower case, of the query's parameters."""
        query = self.path.partition("#")[0].partition("?")[2]
        return frozenset(name.lower() for name, _ in parse_qsl(query, keep_blank_values=True))

    @property
    def rank(self) -> tuple[int, int, int]:
        """How much a path says: literal segments, segments, parameters."""
        segments = self.segments
        return sum(part != "{}" for part in segments), len(segments), len(self.parameters)


class Operations:
    """The operations of a folder; empty where it has no ``operations.toml``."""

    def __init__(self, operations: Iterable[Operation] = ()) -> None:
        self.all = tuple(operations)
        self._ranked = sorted(self.all, key=lambda operation: operation.rank, reverse=True)

    def __len__(self) -> int:
        return len(self.all)

    def find(self, method: str, url: str, action: str | None = None) -> Operation | None:
        """Give the operation that a request is of, or None; ``action`` is what it names, None where it names none."""
        found = self.at(method, url)
        if action is not None:
            return next((one for one in found if not one.soap or one.action == action), None)
        return found[0] if len(found) == 1 or (found and not found[0].soap) else None

    def at(self, method: str, url: str) -> list[Operation]:
        """Give the operations whose address a URL matches, first the one that says most."""
        try:
            parts = urlsplit(url)
        except ValueError:  # such as an unclosed bracket in the host
            return []
        path = tuple(unquote(part).lower() for part in parts.path.split("/") if part)
        given = {name.lower() for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
        found = []
        for operation in self._ranked:
            if operation.method == method.upper() and operation.parameters <= given:
                segments = operation.segments
                tail = path[len(path) - len(segments) :] if len(path) >= len(segments) else ()
                if tail and all(part in ("{}", seen) for part, seen in zip(segments, tail, strict=True)):
                    found.append(operation)
        return found

    def named(self, name: str, *, soap: bool = False) -> Operation:
        """Give the operation of a name as the file has it, without regard to case, or the SOAP operation of a word.

        ``soap``: only SOAP operations are meant. UsageError where there is none, and where a word is that of several.
        """
        wanted = " ".join(name.lower().split())
        among = [one for one in self.all if one.soap or not soap]
        found = [one for one in among if one.name.lower() == wanted]
        found = found or [one for one in among if one.soap and one.path.partition("#")[2].lower() == wanted]
        if len(found) == 1:
            return found[0]
        what, known = "SOAP operation" if soap else "operation", ", ".join(one.name for one in found or among)
        if found:
            raise UsageError(f"there are several {what}s {name!r}", hint=f"name one whole: {known}")
        raise UsageError(f"there is no {what} {name!r}", hint=f"there are: {known or 'none'}")


def action_of(soap_action: str | None, content_type: str) -> str | None:
    """Give the action that a request names: in the header SOAPAction, or in its media type (SOAP 1.2); else None."""
    if soap_action is not None:
        return soap_action.strip().strip('"')
    named = _ACTION.search(content_type)
    return named[1] if named is not None else None


def load_operations(folder: Path, contracts: Iterable[str]) -> Operations:
    """Give the operations of a folder of schema files, whose contracts must be among ``contracts``.

    ContractError where the file cannot be read, is not what it should be, or names a contract that is not there.
    """
    path = folder / FILE
    if not path.exists():
        return Operations()
    import tomllib  # most folders have no such file

    try:
        document = tomllib.loads(read_path(path).decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ContractError(f"{path}: {error}") from None
    except SourceError as error:
        raise ContractError(str(error)) from None
    known = set(contracts)
    operations = [_operation(path, name, table, known) for name, table in document.items()]
    seen: dict[tuple[object, ...], str] = {}
    for one in operations:
        key = one.method, one.segments, one.parameters, one.action if one.soap else None
        if key in seen:
            same = "URLs and action" if one.soap else "URLs"
            raise ContractError(f"{path}: {one.name!r} and {seen[key]!r} match the same {same}")
        seen[key] = one.name
    return Operations(operations)


def _operation(path: Path, name: str, table: Any, known: set[str]) -> Operation:
    match = re.fullmatch(NAME, name)
    if match is None:
        raise ContractError(f'{path}: {name!r} is not an operation such as "POST api/Orders/{{id}}"')
    if not isinstance(table, dict) or not table.keys() <= PARTS.keys():
        raise ContractError(
            f"{path}: {name!r} should have `request`, `response` and `description`, of SOAP `soap` and `action`, as it "
            "has them, and nothing else"
        )
    for key, text in table.items():
        words, texts, _ = PARTS[key]
        if not isinstance(text, str):
            raise ContractError(f"{path}: `{key}` of {name!r} should be {words} in quotes")
        if texts is not None and text not in texts:
            raise ContractError(f"{path}: `{key}` of {name!r} is {text!r}; there are: {', '.join(texts)}")
        if key in CONTRACTS and text not in known:
            there = ", ".join(sorted(known)) or "none"
            raise ContractError(f"{path}: `{key}` of {name!r} is {text!r}", hint=f"the contracts here are: {there}")
    return Operation(match[1], match[2].strip("/"), **table)
