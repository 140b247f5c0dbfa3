"""Breaks of JSON documents, each of one rule: the table, and the document as a tree with the spots of its contract."""

from __future__ import annotations

import json
from types import NoneType
from typing import TYPE_CHECKING, Any, TypeAlias

from hypothesis import strategies as st

from convtool.model.codings import coding_of
from convtool.model.contract import Anything, Array, Contract, Dictionary, Enumeration, Member, Record
from convtool.testing.breaks import Break, Spot, beyond, beyond_dotnet, datatype, is_date, is_scalar, wrong_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hypothesis.strategies import DrawFn

__all__ = ["BREAKS", "read"]


class Node:
    """A JSON value: ``raw`` is the text of a simple one, ``pairs`` are an object's members, ``items`` an array's."""

    def __init__(self, value: Any) -> None:
        self.raw = ""
        self.pairs: list[tuple[str, Node]] | None = None
        self.items: list[Node] | None = None
        if isinstance(value, _Pairs):
            self.pairs = [(name, Node(of)) for name, of in value]
        elif isinstance(value, list):
            self.items = [Node(one) for one in value]
        else:
            self.raw = str(value) if isinstance(value, _Number) else json.dumps(value)

    def text(self) -> str:
        """Give the value's JSON."""
        if self.pairs is not None:
            return "{" + ",".join(f"{json.dumps(name)}:{of.text()}" for name, of in self.pairs) + "}"
        if self.items is not None:
            return "[" + ",".join(one.text() for one in self.items) + "]"
        return self.raw

    def become(self, raw: str) -> None:
        """Put another text in place of the value."""
        self.raw, self.pairs, self.items = raw, None, None


Place: TypeAlias = "Spot[Node]"


class _Pairs(list[Any]):
    """An object's members, in order."""


class _Number(str):
    """A number as it is written."""

    __slots__ = ()


class _Document:
    def __init__(self, contract: Contract, root: Node) -> None:
        self.root = root
        member = Member(contract.name, contract.namespace, contract.root, contract.nillable)
        self.spots: list[Place] = list(_spots(contract, member, root, top=True))

    def text(self) -> bytes:
        """Give the document as it is now."""
        return self.root.text().encode()


def read(contract: Contract, data: bytes) -> _Document:
    """Give a document in the wire form as one that can be broken."""
    value = json.loads(data, object_pairs_hook=_Pairs, parse_int=_Number, parse_float=_Number)
    return _Document(contract, Node(value))


def _spots(contract: Contract, member: Member, node: Node, *, top: bool = False) -> Iterator[Place]:
    kind = contract.types[member.type]
    if isinstance(kind, Anything):
        return  # where anything may be, nothing is wrong
    yield Spot(node, member, kind, contract, top)
    if isinstance(kind, Record) and node.pairs is not None:
        below = {one.json_name: one for one in kind.members if one.in_json}
        for name, of in node.pairs:
            if name in below:
                yield from _spots(contract, below[name], of)
    elif isinstance(kind, Array) and node.items is not None:
        for one in node.items:
            yield from _spots(contract, kind.item, one)
    elif isinstance(kind, Dictionary) and node.pairs is not None:
        for _, of in node.pairs:
            yield from _spots(contract, kind.value_member, of)


# --- where ----------------------------------------------------------------------------------------------------------


def _record(spot: Place) -> bool:
    return isinstance(spot.kind, Record) and bool(_own(spot))


def _own(spot: Place) -> list[int]:
    """Give the positions of a record's members, without Json.NET's own: $id, $type."""
    return [at for at, (name, _) in enumerate(spot.node.pairs or ()) if not name.startswith("$")]


def _required(spot: Place) -> list[int]:
    members = spot.kind.members if isinstance(spot.kind, Record) else ()
    required = {one.json_name for one in members if one.required and not one.is_unsaid}
    return [at for at in _own(spot) if _pairs(spot)[at][0] in required]


def _kind(spot: Place, *kinds: str) -> bool:
    """Tell whether a spot is a simple value of one of JSON's kinds."""
    return is_scalar(spot) and datatype(spot).json_kind in kinds


def _wrong_texts(spot: Place) -> bool:
    return bool(wrong_text(spot)) and _kind(spot, "string")


def _is_text(spot: Place) -> bool:
    return is_scalar(spot, "string")


# --- how ------------------------------------------------------------------------------------------------------------


def _pairs(spot: Place) -> list[tuple[str, Node]]:
    assert spot.node.pairs is not None
    return spot.node.pairs


def _insert(draw: DrawFn, spot: Place) -> None:
    own = _own(spot)
    _pairs(spot).insert(draw(st.sampled_from([*own, own[-1] + 1])), ("Unknown", Node(None)))


def _other_case(draw: DrawFn, spot: Place) -> None:
    pairs = _pairs(spot)
    at = draw(st.sampled_from(_cased(spot)))
    name, node = pairs[at]
    pairs[at] = (_in_other_case(name), node)


def _in_other_case(name: str) -> str:
    """Give a name in other letters, of those that are one letter each way: ß has none."""
    return "".join(other if (other := c.swapcase()).swapcase() == c and len(other) == 1 else c for c in name)


def _cased(spot: Place) -> list[int]:
    """Give the positions of the members that are themselves, and no others, in other letters too."""
    if not isinstance(spot.kind, Record):
        return []
    folded = [one.json_name.lower() for one in spot.kind.members if one.in_json]
    pairs = [(at, name, _in_other_case(name)) for at, name in enumerate(name for name, _ in _pairs(spot))]
    return [
        at for at, name, other in pairs
        if at in _own(spot) and other != name and other.lower() == name.lower() and folded.count(name.lower()) == 1
    ]  # fmt: skip


def _twice(draw: DrawFn, spot: Place) -> None:
    pairs = _pairs(spot)
    at = draw(st.sampled_from(_repeatable(spot)))
    pairs.insert(at + 1, pairs[at])


def _repeatable(spot: Place) -> list[int]:
    """Give the positions of the members that can be repeated: each key of a dictionary would be a finding more."""
    assert isinstance(spot.kind, Record)
    types = {one.json_name: spot.contract.types[one.type] for one in spot.kind.members if one.in_json}
    return [at for at in _own(spot) if not isinstance(types.get(_pairs(spot)[at][0]), (Dictionary, NoneType))]


def _remove(draw: DrawFn, spot: Place) -> None:
    del _pairs(spot)[draw(st.sampled_from(_required(spot)))]


def _raw(make: Callable[[DrawFn, Place], str]) -> Callable[[DrawFn, Place], None]:
    return lambda draw, spot: spot.node.become(make(draw, spot))


def _quoted(make: Callable[[DrawFn, Place], str]) -> Callable[[DrawFn, Place], None]:
    return lambda draw, spot: spot.node.become(json.dumps(make(draw, spot)))


def _wrong(draw: DrawFn, spot: Place) -> str:
    # An empty text is null to Json.NET, which is another rule.
    return draw(st.sampled_from([text for text in wrong_text(spot) if text]))


def _wrong_kind(draw: DrawFn, spot: Place) -> str:
    if isinstance(spot.kind, Array):
        return draw(st.sampled_from(["{}", "1", '"text"', "true"]))
    if isinstance(spot.kind, (Record, Dictionary)):
        return "[]"
    return draw(st.sampled_from(["[{}]"] if _is_lenient(spot, "array") else ["[]", "[1]", "[{}]"]))


def _is_lenient(spot: Place, kind: str) -> bool:
    """Tell whether .NET reads JSON values of another kind, or of other forms, as a spot's datatype."""
    return is_scalar(spot) and kind in datatype(spot).lenient_json


def _unknown_name(_draw: DrawFn, spot: Place) -> str:
    assert isinstance(spot.kind, Enumeration)
    return '"Unknown"' if coding_of(spot.kind).spell else "999"


def _simple_break(node: Node) -> bool:
    return bool(node.raw) and node.raw != "null"


BREAKS: tuple[Break[Any], ...] = (
    Break("member.unknown", _record, _insert),
    Break("member.case", lambda spot: _record(spot) and bool(_cased(spot)), _other_case),
    Break("member.duplicate", lambda spot: _record(spot) and bool(_repeatable(spot)), _twice),
    Break("member.required", lambda spot: bool(_required(spot)), _remove),
    Break("nil.forbidden", lambda spot: not spot.member.nillable and not spot.root, _raw(lambda _draw, _spot: "null")),
    Break("nil.written", lambda spot: spot.member.omits_null, _raw(lambda _draw, _spot: "null")),
    Break("value.kind", lambda spot: not spot.root, _raw(_wrong_kind)),
    Break("value.coerced", lambda spot: _kind(spot, "integer") and _simple_break(spot.node),
          _raw(lambda _draw, spot: f'"{spot.node.raw}"')),
    Break("value.coerced", _is_text, _raw(lambda draw, _spot: draw(st.sampled_from(["1", "1.5", "true"])))),
    Break("value.surrogate", _is_text, _raw(lambda draw, _spot: draw(st.sampled_from(['"\\ud800"', '"a\\udc00b"'])))),
    Break("value.lexical", _wrong_texts, _quoted(_wrong)),
    Break("value.lexical", lambda spot: _kind(spot, "integer"),
          _raw(lambda draw, spot: '"abc"' if _is_lenient(spot, "number") else draw(st.sampled_from(["3.0", "1e2"])))),
    Break("value.relaxed", lambda spot: _kind(spot, "integer") and _is_lenient(spot, "number"),
          _raw(lambda draw, _spot: draw(st.sampled_from(["3.5", "15e-1"])))),
    Break("value.range", lambda spot: _kind(spot, "integer"), _raw(beyond)),
    Break("value.enumeration", lambda spot: isinstance(spot.kind, Enumeration), _raw(_unknown_name)),
    Break("date.refused", is_date, _quoted(beyond_dotnet)),
    Break("date.relaxed", is_date, _raw(lambda _draw, _spot: '"/Date(1774136012049+0100)/"')),
)  # fmt: skip
