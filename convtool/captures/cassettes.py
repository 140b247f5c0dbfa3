"""vcrpy cassettes, in YAML and in JSON.

YAML is read with the safe loader. Before that its events are looked at, which costs no memory: tags other than YAML's
own are refused where they stand (``!!python/object`` makes other loaders run code), and so is nesting that a loader
written in C would not survive. Aliases are fine; merge keys mean nothing here, since merging can grow without bound.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import msgspec
import yaml

from convtool.captures.captured import Captured, Pair
from convtool.captures.failure import Broken, broken
from convtool.diagnostics import Location

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

__all__ = ["read_cassette"]

_DEPTH = 64  # levels of a YAML document: a cassette needs eight
_TAGS = "tag:yaml.org,2002:"
_TAKEN = frozenset(
    _TAGS + name for name in ("str", "int", "float", "bool", "null", "binary", "map", "seq", "timestamp")
)


class _Request(msgspec.Struct):
    method: str
    uri: str
    headers: dict[str, Any] | None = None
    body: Any = None


class _Status(msgspec.Struct):
    code: int = 0


class _Response(msgspec.Struct):
    status: _Status
    headers: dict[str, Any] | None = None
    body: Any = None


class _Interaction(msgspec.Struct):
    request: _Request
    response: _Response


def read_cassette(file: BinaryIO, name: str) -> Iterator[Pair | Broken]:
    """Yield what the interactions hold; what is broken in its place."""
    text = file.read()
    document = _json(text, name) if text.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") else _yaml(text, name)
    if isinstance(document, Broken):
        yield document
        return
    interactions = document.get("interactions") if isinstance(document, dict) else None
    if not isinstance(interactions, list):
        yield broken(name, "There is no list of interactions in the cassette.")
        return
    for number, item in enumerate(interactions, 1):
        try:
            yield _pair(msgspec.convert(item, _Interaction, strict=False))
        except msgspec.ValidationError as error:
            yield broken(name, f"Interaction {number} is none: {error}.")


def _json(text: bytes, name: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        return broken(name, f"The cassette is no JSON: {error}.")


_Safe: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the faster one is missing where libyaml is


class _Loader(_Safe):  # type: ignore[misc]  # one of two
    def flatten_mapping(self, node: Any) -> None:
        """Leave merge keys as they are."""


for _name in ("merge", "value"):  # << and = are texts like others
    _Loader.add_constructor(_TAGS + _name, _Loader.construct_yaml_str)


def _yaml(text: bytes, name: str) -> Any:
    try:
        return _refused(text, name) or yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe loader
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or str(error).partition("\n")[0]
        return broken(name, f"The cassette cannot be read: {problem}.", _place(mark))
    except (ValueError, TypeError, RecursionError) as error:  # dates that do not exist, keys that cannot be keys
        return broken(name, f"The cassette cannot be read: {error}.")


def _place(mark: Any) -> Location | None:
    return Location(mark.line + 1, mark.column + 1, mark.index) if mark is not None else None


def _refused(text: bytes, name: str) -> Broken | None:
    """Say what a loader must not be given, if there is something."""
    depth = 0
    for event in yaml.parse(text, Loader=_Safe):
        tag = getattr(event, "tag", None)
        if tag is not None and tag not in _TAKEN:
            shown = tag.replace(_TAGS, "!!")[:60]
            message = f"The cassette asks for {shown!r}, which is no plain value: it is refused."
            return broken(name, message, _place(event.start_mark), "capture.unsafe")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > _DEPTH:
                return broken(name, f"The cassette is nested deeper than {_DEPTH}.", _place(event.start_mark))
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
    return None


def _pair(found: _Interaction) -> Pair:
    request, response = found.request, found.response
    pair = Pair(
        request.method, request.uri, response.status.code,
        _captured("request", request.headers, request.body), _captured("response", response.headers, response.body),
    )  # fmt: skip
    pair.settle()
    return pair


def _captured(side: Any, headers: dict[str, Any] | None, body: Any) -> Captured:
    captured = Captured(side, _headers(headers))
    if isinstance(body, dict):  # responses, and bodies of old cassettes
        captured.encoding = "base64" if "base64_string" in body else ""
        body = body.get("base64_string", body.get("string", body.get("encoding") and None))
    if isinstance(body, bytes):
        captured.data = body
    elif isinstance(body, str) and captured.encoding:
        captured.text = body
    elif isinstance(body, str):  # vcrpy writes bytes that are UTF-8 as text
        captured.data = body.encode("utf-8", "surrogatepass")
    elif body is None and side == "request":
        captured.data = b""
    return captured


def _headers(found: dict[str, Any] | None) -> tuple[tuple[str, str], ...]:
    """Give headers as pairs: a cassette has a text or a list of texts for each name."""
    return tuple(
        (name, value.decode("latin-1") if isinstance(value, bytes) else str(value))
        for name, values in (found or {}).items()
        for value in (values if isinstance(values, list) else [values])
    )
