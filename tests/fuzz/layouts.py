"""The same document in other layouts, as other tools write it, and small slips in it: what the fuzzer changes."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from tests.fuzz import vocabulary as words

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

__all__ = ["respelled"]

_START = re.compile(rb"<[A-Za-z_:\x80-\xff][^<>]*>")
_ELEMENT = re.compile(rb"<([^\s<>/!?]+)[^<>]*>[^<]*</\1>|<[^<>]*/>")
_VALUE = re.compile(rb"(?<=>)([^<>&]{1,60})(?=</)")


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
    return data[:at] + random.choice(words.ATTRIBUTES).encode() + data[at:]


def _before_a_tag(random: Random, data: bytes) -> bytes:
    one = random.choice(list(_START.finditer(data)) or [None])
    between = random.choice((b"<!-- c -->", b"x", b"<?p?>", b" ", b"&#10;"))
    return data if one is None else data[: one.start()] + between + data[one.start() :]


def _another_text(random: Random, data: bytes) -> bytes:
    match = random.choice(list(_VALUE.finditer(data)) or [None])
    return data if match is None else data[: match.start()] + random.choice(words.TEXTS).encode() + data[match.end() :]


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
    lambda random, data: random.choice(words.BEFORE).encode() + data,
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
            return data[: match.start()] + random.choice(words.VALUES).encode() + data[match.end() :]
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
