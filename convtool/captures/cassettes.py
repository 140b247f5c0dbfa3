"""Cassettes of interactions, in YAML and JSON: vcrpy's of every version, VCR's, betamax's, Schemathesis' and go-vcr's.

They are one shape with other names. An interaction that cannot be taken, because of a tag or because it is none, costs
itself. YAML is read by ``plain_yaml``, JSON item by item.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from convtool.captures.captured import Captured, Pair
from convtool.captures.failure import broken
from convtool.captures.items import Items, StopError, parsed
from convtool.captures.model import Note
from convtool.captures.text import Text
from convtool.signatures import HEAD, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from convtool.captures.failure import Broken
    from convtool.captures.kinds import Source
    from convtool.captures.model import Side

__all__ = ["read_cassette"]

_LISTS = ("interactions", "http_interactions")
# What a response may have been decoded by; other names are no charsets, or such as take time with their square.
_CHARSET = re.compile(
    r"(?:utf[-_]?(?:8|16|32)(?:[-_]?[bl]e)?|(?:us-)?ascii|latin[-_]?1|iso[-_]?8859[-_][0-9]{1,2}|(?:windows-|cp)[0-9]{3,4})",
    re.IGNORECASE,
)
_STATUS = re.compile(r"\s*([1-9][0-9]{2})(?:\s.*)?", re.DOTALL)


def read_cassette(source: Source) -> Iterator[Pair | Broken]:
    """Yield what the interactions hold; what is broken in its place."""
    head = source.file.read(HEAD)
    source.file.seek(0)
    yield from (_json if plain(head).lstrip().startswith(b"{") else _yaml)(source)


def _json(source: Source) -> Iterator[Pair | Broken]:
    items, number = Items(source.file), 0
    try:
        items.to(*((name,) for name in _LISTS))
        while (item := items.next()) is not None:
            number += 1
            try:
                pair = _pair(parsed(item))
            except ValueError as error:
                pair = str(error).partition("\n")[0]
            yield _told(source, number, pair, items.place()) if isinstance(pair, str) else pair
        items.close()
    except StopError as error:
        yield broken(source.name, str(error), items.end())


def _yaml(source: Source) -> Iterator[Pair | Broken]:
    from convtool.captures import plain_yaml  # which needs a library that other captures do without

    number = 0
    try:
        for node in plain_yaml.items(Text(source.file), frozenset(_LISTS)):
            number += not node.path
            if node.refusal is not None:
                refusal = node.refusal
                what = f"`{node.path}` of the cassette" if node.path else f"Interaction {number}"
                yield broken(source.name, f"{what} {refusal.message}.", refusal.place, refusal.code)
                continue
            pair = _pair(node.value)
            yield _told(source, number, pair, node.place) if isinstance(pair, str) else pair
    except plain_yaml.StopError as error:
        yield broken(source.name, str(error), error.place)


def _told(source: Source, number: int, why: str, place: Any) -> Broken:
    return broken(source.name, f"Interaction {number} is none: {why}.", place)


def _pair(found: Any) -> Pair | str:
    """Give what an interaction holds, or why it is none."""
    request = found.get("request") if isinstance(found, dict) else None
    if not isinstance(request, dict):
        return "it has no request"
    method, url = request.get("method"), _url(request)
    if not isinstance(method, str) or not isinstance(url, str):
        return "its request has no method" if not isinstance(method, str) else "its request has no URI"
    answer = found.get("response")
    response = _captured("response", answer) if isinstance(answer, dict) else None
    status = _status(answer) if isinstance(answer, dict) else 0
    if status is None and response is not None:
        response.notes.append(Note("capture.field", "The response's status is no number."))
    pair = Pair(method.lstrip(":").upper(), url, status or 0, _captured("request", request), response)
    pair.settle()
    return pair


def _url(request: dict[str, Any]) -> Any:
    """Give the URI of a request; vcrpy before 1.0 has its parts."""
    found = request.get("uri", request.get("url"))
    if found is None and "host" in request:
        port = f":{request['port']}" if request.get("port") else ""
        found = f"{request.get('protocol') or 'http'}://{request['host']}{port}{request.get('path') or '/'}"
    return found


def _status(response: dict[str, Any]) -> int | None:
    """Give the status: of an object with a code, of a number, or of a text such as "200 OK"."""
    found = response.get("status")
    for value in (found.get("code") if isinstance(found, dict) else found, *map(response.get, ("status_code", "code"))):
        match = _STATUS.fullmatch(str(value)) if isinstance(value, (str, int)) else None
        if match is not None:
            return int(match[1])
    return None


def _captured(side: Side, part: dict[str, Any]) -> Captured:
    headers = _headers(part.get("headers"))
    captured = Captured(side, tuple((name, text) for name, text in headers if text is not None))
    if len(captured.headers) < len(headers):
        captured.notes.append(Note("capture.field", f"A header of the {side} has a value that is no text."))
    body = part.get("body")
    if body is None:
        body = part.get("content")  # of httpx, in vcrpy before 6
    charset = None
    if isinstance(body, dict):  # responses, and bodies of VCR
        captured.encoding = "base64" if "base64_string" in body else ""
        charset = body.get("encoding") if side == "response" else None
        body = body.get("base64_string", body.get("string"))
    if isinstance(body, bytes):
        captured.data = body
    elif isinstance(body, str) and captured.encoding:
        captured.text = body
    elif isinstance(body, str):  # vcrpy writes bytes that are UTF-8 as text
        captured.data = _bytes(body, charset)
    elif body is None and side == "request":
        captured.data = b""
    return captured


def _bytes(text: str, charset: Any) -> bytes:
    """Give the bytes of a text: in the charset that its recorder has decoded it by, where that goes, else in UTF-8."""
    if isinstance(charset, str) and _CHARSET.fullmatch(charset):
        try:
            return text.encode(charset)
        except (LookupError, UnicodeError):
            pass  # there is no such charset, or the text has more than is in it
    return text.encode("utf-8", "surrogatepass")


def _headers(found: Any) -> list[tuple[str, str | None]]:
    """Give headers as pairs: of names with a text or a list of texts, of a list of pairs, or of lines."""
    if isinstance(found, dict):
        pairs = [(name, value) for name, values in found.items() for value in _listed(values)]
    else:
        lines = _listed(found)
        while len(lines) == 1 and isinstance(lines[0], list) and not all(isinstance(one, str) for one in lines[0]):
            lines = lines[0]  # a set of pairs, as vcrpy before 1.0 has it
        pairs = [pair for line in lines for pair in _parts(line)]
    return [(name, _text(value)) for name, value in pairs]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _parts(line: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(line, dict):
        yield from line.items()
    elif isinstance(line, list) and len(line) == 2 and isinstance(line[0], str):
        yield line[0], line[1]
    elif isinstance(line, str) and ":" in line:
        name, _, value = line.partition(":")
        yield name, value.strip()


def _text(value: Any) -> str | None:
    """Give the text of a header's value; None for what is none, such as a list of lists."""
    if isinstance(value, bytes):
        return value.decode("latin-1")
    return "" if value is None else str(value) if isinstance(value, (str, int, float)) else None
