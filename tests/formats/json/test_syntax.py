"""JSON is parsed with its liberties told apart: what is strict, what only Json.NET reads, what nobody does."""

from __future__ import annotations

import json
from typing import Any

import pytest

from convtool.findings import Findings
from convtool.formats.json.syntax import Node, Parser
from convtool.formats.text import Fatal, Text


def parsed(data: bytes, *, depth: int = 64) -> tuple[Node, list[str]]:
    text, findings = Text(data), Findings()
    findings.places = text
    node = Parser(text, findings, depth=depth).document()
    return node, [found.code for found in findings.found]


def refused(data: bytes, *, depth: int = 64) -> tuple[str, int]:
    """Give the code and the offset of what ends the parse."""
    text, findings = Text(data), Findings()
    findings.places = text
    with pytest.raises(Fatal):
        Parser(text, findings, depth=depth).document()
    found = findings.found[-1]
    assert found.location is not None
    return found.code, found.location.offset


def plain(node: Node) -> Any:
    """Give a node as Python's values; numbers stay texts."""
    if node.kind == "object":
        return {name: plain(child) for name, _, child in node.value}
    return [plain(child) for child in node.value] if node.kind == "array" else node.value


@pytest.mark.parametrize(
    ("data", "value"),
    [
        (b'{"a":1,"b":[true,false,null,"x"]}', {"a": "1", "b": [True, False, None, "x"]}),
        (b" \t\r\n[ ] \n", []),
        (b"{ }", {}),
        (b"[-0,1.50,1e2,1E+400,-1.5e-3]", ["-0", "1.50", "1e2", "1E+400", "-1.5e-3"]),
        (b'"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\u0000"', '"\\/\b\f\n\r\té\0'),
        ('"é😀\u2028"'.encode(), "é😀\u2028"),
        (b'"\\ud83d\\ude00"', "😀"),
        (b'"\\ud83d\\ude00\\ude00"', "😀\ude00"),
        (b'"\\ud800"', "\ud800"),
        (b'""', ""),
        (b'{"":{"":[]}}', {"": {"": []}}),
    ],
)
def test_strict_json(data: bytes, value: Any) -> None:
    node, seen = parsed(data)
    assert (plain(node), seen) == (value, [])


def test_duplicates_stay() -> None:
    node, _ = parsed(b'{"a":1,"a":2}')
    assert [(name, at, child.value) for name, at, child in node.value] == [("a", 1, "1"), ("a", 7, "2")]


def test_nodes_know_where_they_stand() -> None:
    data = '{"é": [1, "x"]}'.encode()
    node, _ = parsed(data)
    ((_, at, items),) = node.value
    assert (node.span, at, items.span) == ((0, len(data)), 1, (data.index(b"["), data.index(b"]") + 1))
    assert [data[child.start : child.end] for child in items.value] == [b"1", b'"x"']


@pytest.mark.parametrize(
    ("data", "value", "codes"),
    [
        (b"{'a':1}", {"a": "1"}, ["json.relaxed"]),
        (b"{a:1,$b:2,c_3:3}", {"a": "1", "$b": "2", "c_3": "3"}, ["json.relaxed"] * 3),
        (b"[1,]", ["1"], ["json.relaxed"]),
        (b'{"a":1,}', {"a": "1"}, ["json.relaxed"]),
        (b"[0x1F,017]", ["31", "15"], ["json.relaxed"] * 2),
        (b"/* c */[1]// d", ["1"], ["json.relaxed", "loss.comment"] * 2),
        (b"'\\''", "'", ["json.relaxed", "json.relaxed"]),
        (b'"a\tb\x01"', "a\tb\x01", ["json.relaxed"]),
        (b"1 x", "1", ["json.trailing"]),
        (b"[][]", [], ["json.trailing"]),
    ],
)
def test_what_json_net_reads_beyond_it(data: bytes, value: Any, codes: list[str]) -> None:
    node, seen = parsed(data)
    assert plain(node) == value
    assert sorted(seen) == sorted(codes)


@pytest.mark.parametrize(
    ("data", "offset"),
    [
        (b"[", 1),
        (b"[1", 2),
        (b"[1 2]", 3),
        (b'{"a"}', 4),
        (b'{"a":}', 5),
        (b'{"a":1 "b":2}', 7),
        (b"[,]", 1),
        (b"[1,,2]", 3),
        (b"[}", 1),
        (b"nul", 0),
        (b"nulls", 0),
        (b"True", 0),
        (b"-", 0),
        (b"+1", 0),
        (b"01", 2),  # an octal number to Json.NET
        (b".5", 0),
        (b"5.", 0),
        (b"1e", 0),
        (b'"\\x41"', 1),
        (b'"\\u12"', 1),
        (b'"\\', 1),
        (b'"abc', 0),
        (b"'abc\"", 0),
        (b"/", 0),
        (b"/* ", 0),
        (b"NaN1", 0),
        (b"{1:2", 4),
    ],
)
def test_what_nobody_reads(data: bytes, offset: int) -> None:
    if data == b"01":
        assert parsed(data)[1] == ["json.relaxed"]
        return
    assert refused(data) == ("json.syntax", offset)


@pytest.mark.parametrize(("depth", "levels"), [(1, 1), (3, 3), (64, 64)])
def test_depth_is_bounded(depth: int, levels: int) -> None:
    parsed(b"[" * levels + b"]" * levels, depth=depth)
    assert refused(b"[" * (levels + 1) + b"]" * (levels + 1), depth=depth) == ("limit.depth", levels)
    assert refused(b'{"a":' * (levels + 1), depth=depth) == ("limit.depth", 5 * levels)


@pytest.mark.parametrize("data", [b'{"a":[1,2.5,"x",null,true,{"b":""}]}', b'["\\u00e9\\n",-1e-5]', b"[[[[]]],{}]"])
def test_against_pythons_own_parser(data: bytes) -> None:
    node, _ = parsed(data)
    assert plain(node) == json.loads(data, parse_int=str, parse_float=str)


def test_reading_is_linear_in_what_looks_like_a_string() -> None:
    data = b'"' + b"\\\\" * 200_000 + b'"'
    node, seen = parsed(data)
    assert (len(node.value), seen) == (200_000, [])
