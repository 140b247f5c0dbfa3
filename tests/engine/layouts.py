"""The same document in other layouts, as other tools write it, and small slips in it: what the fuzzer changes."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

__all__ = ["respelled"]

_START = re.compile(rb"<[A-Za-z_:\x80-\xff][^<>]*>")
_ELEMENT = re.compile(rb"<([^\s<>/!?]+)[^<>]*>[^<]*</\1>|<[^<>]*/>")
_VALUE = re.compile(rb"(?<=>)([^<>&]{1,60})(?=</)")
_DECLARATIONS = (
    b'<?xml version="1.0" encoding="utf-8"?>',
    b"<?xml version='1.0' standalone='yes' ?>\n",
    b"\xef\xbb\xbf",
    b" \n",
    b'<?xml version="1.0" encoding="UTF-16"?>',
    b'<?xml version="1.1"?>',
    b"<!-- c -->",
    b"<?pi x?>",
    b"<!DOCTYPE r>",
    b'<?xml  version = "1.0"  encoding = "Utf-8"?>',
    b'<?xml version="1.0" encoding="utf-8" standalone="maybe"?>',
)
_ATTRIBUTES = (
    b" ",
    b"\n",
    b' xmlns:q="urn:q"',
    b' xmlns:i="urn:z"',
    b' xmlns="urn:z"',
    b' i:nil="true"',
    b' i:nil="false"',
    b' a:b="c"',
    b' xmlns:i=""',
    b' i:type="x"',
    b' xml:space="preserve"',
    b' xmlns=""',
    b' xmlns:xmlq="urn:q"',
    b' xmlns:i="http://www.w3.org/2001/XMLSchema-instance"',
    b' nil="true"',
    b" i:nil='true'",
    b' i:nil="1"',
)
_TEXTS = (
    b"",
    b" ",
    b"+5",
    b"007",
    b"-0",
    b"5.0",
    b"5.",
    b".5",
    b"1e3",
    b"1E+16",
    b"0.1",
    b"2.50",
    b"3",
    b"3.0",
    b"INF",
    b"NaN",
    b"-INF",
    b"2147483647",
    b"2147483648",
    b"-2147483649",
    b"9223372036854775808",
    b"18446744073709551616",
    b"\n 7 \t",
    b"79228162514264337593543950335",
    b"79228162514264337593543950336",
    b"0.30000000000000004",
    b"1.7976931348623157E+308",
    b"4.94065645841247E-324",
    b"123456.789",
    b"1.17549435E-38",
    b"3.40282347E+38",
    b"0.1234567",
    b"16777217",
    b"true",
    b"True",
    b"1",
    b"0",
    b"2026-03-22",
    b"2026-03-22T00:33:32",
    b"2026-03-22T00:33:32.10",
    b"2026-03-22T00:33:32.1000",
    b"2026-03-22T00:33:32.12345678",
    b"2026-03-22T00:33:32.123456750+01:00",
    b"2026-03-22T00:33:32Z",
    b"2026-03-22T00:33:32z",
    b"2024-02-29T00:00:00+14:00",
    b"2026-02-29",
    b"9999-12-31T23:59:59.99999999",
    b"0001-01-01T00:00:00+14:00",
    b"2026-03-22T24:00:00",
    b" 2026-03-22T00:33:32 ",
    b"PT0S",
    b"P1DT2H3M4.5S",
    b"PT90M",
    b"-PT0S",
    b"P400D",
    b"PT1.50S",
    b"1.02:03:04.5",
    b"00:00:00",
    b"3F2504E0-4F89-11D3-9A0C-0305E82C3301",
    b"3f2504e0-4f89-11d3-9a0c-0305e82c3301",
    b" 3f2504e0-4f89-11d3-9a0c-0305e82c3301",
    b"AAEC",
    b"AAE=",
    b"AA==",
    b"AB==",
    b"AA EC\n",
    b"65",
    b"55296",
    b"urn:x y",
    b" urn:x ",
    b"\xc3\xa9",
    b"\xc2\x85",
    b"\xe2\x80\xa8",
    b"a&#13;b",
    b"a\r\nb",
    b"a\rb",
    b"&#x1;",
    b"&#xFFFE;",
    b"<![CDATA[x]]>",
    b"a<!-- c -->b",
    b"]]>",
    b"&lt;",
    b"&#x10FFFF;",
)
_TOKENS = (
    "null",
    "true",
    "1",
    "-0",
    "3",
    "3.0",
    "3.10",
    "1e2",
    "1E+16",
    "0.1",
    "0.30000000000000004",
    '""',
    '"5"',
    '"a"',
    '"NaN"',
    '"Infinity"',
    "2147483648",
    "79228162514264337593543950335.0",
    "79228162514264337593543950336",
    '"2026-03-22"',
    '"2026-03-22T00:33:32.10"',
    '"2026-03-22T00:33:32.12345678"',
    '"2026-03-22T00:33:32+01:00"',
    '"2026-03-22T00:33:32.5Z"',
    '"1.02:03:04.5"',
    '"1.02:03:04.5000000"',
    '"00:00:00"',
    '"-00:00:00"',
    '"3F2504E0-4F89-11D3-9A0C-0305E82C3301"',
    '"AAEC"',
    '"AA EC"',
    '"\\u0041"',
    '"\\ud83d\\ude00"',
    '"\\ud83d"',
    '"\\u0000"',
    '"\\r\\n"',
    '"\\/"',
    "[]",
    "{}",
    "[null]",
    '{"a":1}',
    '" urn:x"',
    "16777217",
    "1.7976931348623157E+308",
    "0.1234567",
)


def _prefixed(data: bytes) -> bytes:
    return re.sub(
        rb'(?<= )xmlns="', b'xmlns:a="', re.sub(rb"<(/?)(?=[A-Za-z_\x80-\xff][^:<>]*[ />])", rb"<\1a:", data), count=1
    )


def _reference(random: Random, text: bytes) -> bytes:
    try:
        characters = text.decode()
    except UnicodeDecodeError:
        return text
    return b"".join(
        random.choice((c.encode(), f"&#{ord(c)};".encode(), f"&#x{ord(c):X};".encode())) for c in characters
    )


def _other_prefix(random: Random, data: bytes) -> bytes:
    name = random.choice((b"xsi", b"_.-1", b"I"))
    for old in (b"xmlns:i=", b"i:nil", b"i:type"):
        data = data.replace(old, old.replace(b"i:", name + b":") if old[:1] == b"i" else b"xmlns:" + name + b"=")
    return data


def _in_a_tag(random: Random, data: bytes) -> bytes:
    one = random.choice(list(_START.finditer(data)) or [None])
    if one is None:
        return data
    at = one.end() - 1 - one[0].endswith(b"/>")
    return data[:at] + random.choice(_ATTRIBUTES) + data[at:]


def _before_a_tag(random: Random, data: bytes) -> bytes:
    one = random.choice(list(_START.finditer(data)) or [None])
    between = random.choice((b"<!-- c -->", b"x", b"<?p?>", b" ", b"&#10;"))
    return data if one is None else data[: one.start()] + between + data[one.start() :]


def _another_text(random: Random, data: bytes) -> bytes:
    match = random.choice(list(_VALUE.finditer(data)) or [None])
    return data if match is None else data[: match.start()] + random.choice(_TEXTS) + data[match.end() :]


def _again_or_not(random: Random, data: bytes) -> bytes:
    match = random.choice(list(_ELEMENT.finditer(data)) or [None])
    if match is None:
        return data
    return data[: match.start()] + match[0] * random.choice((0, 0, 2)) + data[match.end() :]


def _spaced(random: Random, data: bytes) -> bytes:
    space, odds = random.choice((b"\n  ", b"\r\n", b" ", b"\t")), random.choice((0.3, 1.0))
    return re.sub(rb">(?=<)", lambda match: match[0] + (space if random.random() < odds else b""), data)


def _values(change: Callable[[Random, bytes], bytes]) -> Callable[[Random, bytes], bytes]:
    """Give what changes some of the texts of a document."""

    def changed(random: Random, data: bytes) -> bytes:
        odds = random.choice((0.05, 0.3, 1.0))
        return _VALUE.sub(lambda match: change(random, match[0]) if random.random() < odds else match[0], data)

    return changed


_XML: tuple[Callable[[Random, bytes], bytes], ...] = (
    lambda _, data: _prefixed(data),
    _spaced,
    lambda random, data: data.replace(b" />", random.choice((b"/>", b"\n/>")), random.choice((-1, 1))),
    _values(lambda _, text: b"<![CDATA[" + text + b"]]>"),
    _values(lambda _, text: text[:1] + b"<!--c-->" + text[1:]),
    _values(_reference),
    lambda _, data: data.replace(b'"', b"'"),
    lambda random, data: random.choice(_DECLARATIONS) + data,
    _other_prefix,
    _in_a_tag,
    _before_a_tag,
    lambda _, data: re.sub(rb"<([^\s<>/]+)([^<>]*?) ?/>", rb"<\1\2></\1>", data),
    _another_text,
    _another_text,
    _again_or_not,
    lambda _, data: re.sub(rb'( xmlns:i="[^"]*")( xmlns="[^"]*")', rb"\2\1", data),
)


def _json(random: Random, data: bytes) -> bytes:
    kind = random.randrange(8)
    if kind == 0:
        space = random.choice((b" ", b"\n", b"\r\n\t", b""))
        return re.sub(rb"(?<=[,:\[\]{}])", lambda _: space if random.random() < 0.5 else b"", data)
    if kind == 1:
        return re.sub(
            rb"([A-Za-z])", lambda match: b"\\u%04x" % match[0][0] if random.random() < 0.05 else match[0], data
        )
    if kind in (2, 3):
        found = list(re.finditer(rb'(?<=[:,\[])(?:"(?:[^"\\]|\\.)*"|[-+.0-9A-Za-z]+)(?=[,}\]])', data))
        if found:
            match = random.choice(found)
            return data[: match.start()] + random.choice(_TOKENS).encode() + data[match.end() :]
        return data
    try:
        value = json.loads(data)
    except ValueError:
        return data
    if kind == 4:
        value = _shuffled(random, value)
    text = json.dumps(value, ensure_ascii=random.random() < 0.5, indent=random.choice((None, None, 1, 2)))
    return text.encode("utf-8", "surrogatepass")


def _shuffled(random: Random, value: Any) -> Any:
    if isinstance(value, dict):
        items = [(name, _shuffled(random, one)) for name, one in value.items() if random.random() > 0.04]
        random.shuffle(items)
        return dict(items)
    return [_shuffled(random, one) for one in value] if isinstance(value, list) else value


def respelled(random: Random, form: str, data: bytes) -> bytes:
    """Give a document in another layout, or with a value that is written in another way."""
    return random.choice(_XML)(random, data) if form == "xml" else _json(random, data)
