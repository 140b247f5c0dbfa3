"""Payloads that went wrong: byte by byte, and by structure, as clients and gateways get them wrong."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from tests.property.strategies import values
from tests.support import XSI

if TYPE_CHECKING:
    from convtool.convert import Codec

__all__ = ["mutated", "mutated_bytes", "mutated_json", "mutated_xml", "payload"]

_TEXTS = (
    "", " ", " 7 ", "+7", "007", "-0", "3.0", "1e2", "2147483648", "-2147483649", "99999999999999999999", "٣", "0x10",
    "true", "TRUE", "1",
    "0", "NaN", "2026-03-22", "2026-03-22Z", "2026-03", "2026-02-30", "2026-03-22T24:00:00", "2026-03-22T00:33:60",
    "2026-03-22T00:33:32.12345678", "2026-03-22T00:33:32.1000000", "2026-03-22T00:33:32+01:00",
    "2026-03-22T00:33:32+14:01",
    "2026-03-22T00:33:32z", "10000-01-01T00:00:00", "-0001-01-01T00:00:00", "0000-01-01", " 2026-03-22T00:33:32 ",
    "26-3-22",
    "/Date(1774136012049+0100)/", "texte", "é", "\u0085", "\u2028", "\xa07", "a\rb", "\u00e9\u0301",
)  # fmt: skip


# --- bytes ----------------------------------------------------------------------------------------------------------

_BYTES = (
    b"<", b">", b"&", b'"', b"'", b"/", b"\\", b"{", b"}", b"[", b"]", b",", b":", b"0", b"1", b"-", b".", b"e", b" ",
    b"\n", b"\r", b"\t",
    b"\x00", b"\x01", b"\x7f", b"\xc3", b"\xff", b"\xc3\xa9", b"\xef\xbf\xbe", b"\xef\xbb\xbf", b"\xed\xa0\x80",
    b"&#x1;", b"&#0;", b"&#13;",
    b"&#xD800;", b"&nbsp;", b"&amp;", b"]]>", b"<![CDATA[", b"<!--", b"-->", b"<?", b"?>", b"<!DOCTYPE", b"null",
    b"//", b"/*", b"*/", b"\\u0000",
    b"\\ud800", b"\\x", b"xmlns", b"i:nil", b"//a\n",
)  # fmt: skip


@st.composite
def mutated_bytes(draw: st.DrawFn, data: bytes) -> bytes:
    """Give bytes with one to three changes: inserted, replaced, removed, repeated, cut off."""
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(data)))
        end = min(len(data), at + draw(st.sampled_from([1, 1, 2, 5, 20])))
        kind = draw(st.sampled_from(["insert", "insert", "replace", "remove", "repeat", "cut", "swap"]))
        if kind == "insert":
            data = data[:at] + draw(st.sampled_from(_BYTES)) + data[at:]
        elif kind == "replace":
            data = data[:at] + draw(st.one_of(st.sampled_from(_BYTES), st.binary(min_size=1, max_size=1))) + data[end:]
        elif kind == "remove":
            data = data[:at] + data[end:]
        elif kind == "repeat":
            data = data[:end] + data[at:]
        elif kind == "cut":
            data = data[:at]
        else:
            data = data[:at] + data[at:end][::-1] + data[end:]
    return data


# --- XML ------------------------------------------------------------------------------------------------------------

_TAG = re.compile(r"<[^<>]*>")
_ATTRIBUTES = (
    ' i:nil="true"', ' i:nil="false"', ' i:nil="1"', ' i:nil=" true "', ' i:nil="TRUE"', ' i:nil=""', ' foo="1"',
    ' i:type="x"',
    f' xmlns:j="{XSI}" j:nil="true"', ' xml:lang="fr"', ' xmlns=""', ' xmlns:z="urn:z"', ' z="&#x1;"',
)  # fmt: skip
_INSERTED = (
    "<!-- c -->", "<?pi x?>", "texte", " ", "\n  ", "\r\n", "<![CDATA[x]]>", "<![CDATA[ ]]>", "<Autre>1</Autre>",
    '<Autre xmlns="urn:z"/>',
    "&#x1;", "&#13;", "&amp;", "&lt;b&gt;", "&#x41;", "\u00a0", "<b/>", "]]>", "<!DOCTYPE x>",
)  # fmt: skip
_AROUND = (
    ('<?xml version="1.0"?>', ""), ('<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n', ""),
    ('<?xml version="1.1"?>', ""),
    ('<?xml version="1.0" encoding="latin1"?>', ""), ("\ufeff", ""), (" \n", "\n"), ("<!-- a -->", "<!-- b -->"),
    ("<?pi?>", ""),
    ("", "junk"), ("", "<a/>"), ("<!DOCTYPE x>", ""), (" <?xml version='1.0'?>", ""), ("x", ""), ("", "\0"),
)  # fmt: skip


def _elements(tokens: list[str]) -> list[tuple[int, int]]:
    """Give the spans, in tokens, of the elements below the root."""
    spans, opened = [], []
    for at, token in enumerate(tokens):
        if not token.startswith("<") or token.startswith(("<!", "<?")):
            continue
        if token.startswith("</"):
            if opened:
                spans.append((opened.pop(), at + 1))
        elif token.endswith("/>"):
            spans.append((at, at + 1))
        else:
            opened.append(at)
    return [span for span in spans if span[0] > 0]


@st.composite
def mutated_xml(draw: st.DrawFn, data: bytes) -> bytes:
    """Give an XML document with one to three changes of its structure."""
    text = data.decode("utf-8", "surrogatepass")
    for _ in range(draw(st.integers(1, 3))):
        tokens = [token for token in re.split(r"(<[^<>]*>)", text) if token]
        text = draw(_changed_xml(tokens))
    return text.encode("utf-8", "surrogatepass")


@st.composite
def _changed_xml(draw: st.DrawFn, tokens: list[str]) -> str:
    elements = _elements(tokens)
    kind = draw(st.sampled_from(_XML_CHANGES if elements else ["around", "insert", "attribute"]))
    if kind == "around":
        before, after = draw(st.sampled_from(_AROUND))
        return before + "".join(tokens) + after
    if kind == "insert" or not elements:
        at = draw(st.integers(0, len(tokens)))
        return "".join([*tokens[:at], draw(st.sampled_from(_INSERTED)), *tokens[at:]])
    if kind == "attribute":
        at = draw(st.sampled_from([i for i, t in enumerate(tokens) if t[0] == "<" and t[1:2] not in "/!?"] or [0]))
        tag, extra = tokens[at], draw(st.sampled_from(_ATTRIBUTES))
        tokens[at] = f"{tag[:-2].rstrip()}{extra} />" if tag.endswith("/>") else f"{tag[:-1]}{extra}>"
        return "".join(tokens)
    begin, end = draw(st.sampled_from(elements))
    piece = tokens[begin:end]
    if kind == "remove":
        piece = []
    elif kind == "repeat":
        piece = piece * 2
    elif kind == "move":
        rest = tokens[:begin] + tokens[end:]
        at = draw(st.integers(1, max(1, len(rest) - 1)))
        return "".join(rest[:at] + piece + rest[at:])
    elif kind == "text":
        if len(piece) > 1:
            piece = [piece[0], _escape(draw(st.sampled_from(_TEXTS))), piece[-1]]
    elif kind == "empty":
        piece = [_name(piece[0]).join(draw(st.sampled_from([("<", "/>"), ("<", " />"), ("<", "> </x>")])))]
    elif kind == "nil":
        piece = [f'<{_name(piece[0])} i:nil="true" />']
    else:
        piece = _renamed(piece, draw(st.sampled_from(["lower", "other", "namespace", "prefix"])))
    return "".join(tokens[:begin] + piece + tokens[end:])


_XML_CHANGES = [
    "remove", "repeat", "move", "text", "text", "text", "empty", "nil", "rename", "insert", "insert", "attribute",
    "attribute", "around",
]  # fmt: skip


def _name(tag: str) -> str:
    match = re.match(r"</?([^\s/>]+)", tag)
    return match[1] if match else "x"


def _renamed(piece: list[str], how: str) -> list[str]:
    name = _name(piece[0])
    new = {"lower": name.lower(), "other": f"{name}2", "namespace": name, "prefix": f"p:{name}"}[how]
    extra = {"namespace": ' xmlns="urn:z"', "prefix": ' xmlns:p="urn:z"'}.get(how, "")
    first = piece[0].replace(f"<{name}", f"<{new}{extra}", 1)
    return [first, *piece[1:-1], f"</{new}>"] if len(piece) > 1 else [first]


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\r", "&#xD;")


# --- JSON -----------------------------------------------------------------------------------------------------------


class _Raw:
    """A piece of JSON as it is written."""

    def __init__(self, text: str) -> None:
        self.text = text


_RAW = (
    "3.0", "1e2", "1E400", "-0", "2147483648", "99999999999999999999", "0.1", "true", "false", "null", "{}", "[]",
    "[null]", '[""]', '"5"', '""',
    '" 5 "', "0x10", "NaN", "Infinity", "'a'", '"\\ud800"', '"\\ud83d\\ude00"', '"\\u0000"', '"a\\/b"', "01", "+1",
    "-", ".5", "5.", "nul",
    "/* c */ 1", '"\\u00e9"', '"\t"', '{"a":{"a":{}}}', "undefined", '"\\x"', '"a', "1 2",
)  # fmt: skip


@st.composite
def mutated_json(draw: st.DrawFn, data: bytes) -> bytes:
    """Give a JSON document with one to three changes of its structure, in one of several layouts."""
    try:
        value: Any = json.loads(data, object_pairs_hook=_pairs, parse_float=_Raw, parse_int=_Raw)
    except ValueError:
        return draw(mutated_bytes(data))
    root = [value]  # so that the root has a place, as everything else has
    for _ in range(draw(st.integers(1, 3))):
        draw(_changed_json(root))
    ways = ["compact", "compact", "pretty", "spaced", "ascii", "comma", "trailing", "bom", "bare", "single"]
    return _layout(root[0], draw(st.sampled_from(ways)))


class _Object(list):  # type: ignore[type-arg]
    """An object as a list of [name, value]: duplicates and order stay."""


def _pairs(pairs: list[tuple[str, Any]]) -> _Object:
    return _Object([name, value] for name, value in pairs)


def _containers(value: Any) -> list[Any]:
    found = [value]
    for one in value:
        inner = one[1] if isinstance(value, _Object) else one
        if isinstance(inner, list):
            found += _containers(inner)
    return found


@st.composite
def _changed_json(draw: st.DrawFn, root: list[Any]) -> None:
    into = draw(st.sampled_from(_containers(root)))
    one_more = st.one_of(st.sampled_from(_RAW).map(_Raw), st.sampled_from(_TEXTS))
    if not into:
        into.append(
            [draw(st.sampled_from(["a", "Autre"])), draw(one_more)] if isinstance(into, _Object) else draw(one_more)
        )
        return
    at = draw(st.integers(0, len(into) - 1))
    if into is root:
        root[0] = draw(st.one_of(one_more, st.just([root[0]]), st.just(_Object([["a", root[0]]]))))
        return
    kind = draw(st.sampled_from(["value", "value", "value", "remove", "repeat", "move", "name", "nest", "add"]))
    if kind == "value":
        new = draw(one_more)
        into[at] = [into[at][0], new] if isinstance(into, _Object) else new
    elif kind == "remove":
        del into[at]
    elif kind == "repeat":
        into.append(into[at])
    elif kind == "move":
        into.insert(draw(st.integers(0, len(into) - 1)), into.pop(at))
    elif kind == "name" and isinstance(into, _Object):
        name = into[at][0]
        into[at] = [
            draw(st.sampled_from([name.lower(), name.upper(), f"{name}2", "", "é", "$type", name + "\0"])),
            into[at][1],
        ]
    elif kind == "add":
        into.append(["Autre", draw(one_more)] if isinstance(into, _Object) else draw(one_more))
    else:
        new = [into[at][1]] if isinstance(into, _Object) else [into[at]]
        into[at] = [into[at][0], new] if isinstance(into, _Object) else new


def _layout(value: Any, way: str) -> bytes:
    text = _dump(value, way, "\n" if way == "pretty" else "")
    if way == "trailing":
        text += " junk"
    return ("\ufeff" + text if way == "bom" else text).encode("utf-8", "surrogatepass")


def _dump(value: Any, way: str, line: str) -> str:
    if isinstance(value, _Raw):
        return value.text
    if isinstance(value, list):
        inner = f"{line}  " if line else {"spaced": " "}.get(way, "")
        opened, closed = ("{", "}") if isinstance(value, _Object) else ("[", "]")
        colon = ": " if line or way == "spaced" else ":"
        parts = [
            f"{_name_text(one[0], way)}{colon}{_dump(one[1], way, inner if line else '')}"
            if isinstance(value, _Object)
            else _dump(one, way, inner if line else "")
            for one in value
        ]
        if not parts:
            return opened + closed
        last = "," if way == "comma" else ""
        return opened + inner + f",{inner}".join(parts) + last + (line if line else inner) + closed
    return json.dumps(value, ensure_ascii=way == "ascii")


def _name_text(name: str, way: str) -> str:
    if way == "bare" and name.isidentifier():
        return name
    return f"'{name}'" if way == "single" and name.isidentifier() else json.dumps(name, ensure_ascii=way == "ascii")


# --- all ------------------------------------------------------------------------------------------------------------


@st.composite
def payload(draw: st.DrawFn, codec: Codec, form: str, *, xml_1_0: bool = False) -> bytes:
    """Give a payload of a contract, compact or pretty."""
    value = draw(values(codec, xml_1_0=xml_1_0))
    write = codec.write_xml if form == "xml" else codec.write_json
    return write(value, pretty=draw(st.booleans()))


@st.composite
def mutated(draw: st.DrawFn, codec: Codec, form: str, *, xml_1_0: bool = False) -> bytes:
    """Give a payload of a contract with something wrong: in its structure, in its bytes, or in both."""
    data = draw(payload(codec, form, xml_1_0=xml_1_0))
    how = draw(st.sampled_from(["structure", "structure", "bytes", "both"]))
    if how != "bytes":
        data = draw(mutated_xml(data) if form == "xml" else mutated_json(data))
    return draw(mutated_bytes(data)) if how != "structure" else data
