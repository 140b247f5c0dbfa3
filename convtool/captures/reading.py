"""Captures → exchanges, whatever kind of file they come from."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from convtool.captures.captured import Captured, Pair, finish
from convtool.captures.failure import Broken, broken
from convtool.captures.kinds import opened
from convtool.captures.media import FORMATS, actual_format
from convtool.captures.model import LIMIT, Exchange
from convtool.catalog import default_catalog
from convtool.errors import PayloadError, SourceError
from convtool.limits import CAPTURES as LIMITS
from convtool.operations import Operations, action_of, load_operations

if TYPE_CHECKING:
    from collections.abc import Iterator

    from convtool.captures.kinds import Capture, Source
    from convtool.catalog import Catalog

__all__ = ["exchanges", "read"]

_SUFFIXES = {".json": "application/json", ".xml": "application/xml", ".form": "application/x-www-form-urlencoded"}


def read(path: Capture, *, catalog: Catalog | None = None, limit: int = LIMIT) -> Iterator[Exchange]:
    """Yield the exchanges of a capture: HAR, vcrpy cassette, mitmproxy flows, WARC, HTTP messages, or a bare body.

    ``catalog`` has the contracts and the operations (``operations.toml`` in its folder; default: the bundled ones, or
    those of CONVTOOL_SCHEMAS). ``limit`` bounds a body whose compression is undone, in bytes. A bare body is an
    exchange with a response alone.

    SourceError where the file cannot be read, or an extra that it needs is not installed; PayloadError at the first
    part of the capture that is broken; ContractError where ``operations.toml`` is wrong.
    """
    for found in exchanges(path, catalog or default_catalog(), limit):
        if isinstance(found, Broken):
            raise PayloadError(found.report)
        yield found


def exchanges(path: Capture, catalog: Catalog, limit: int) -> Iterator[Exchange | Broken]:
    """Yield the exchanges, and the broken parts in their places."""
    operations = load_operations(catalog.folder.path, catalog.contracts())
    with opened(path) as source:
        pairs = source.kind.read(source) if source.kind is not None else _body(source)
        number = lost = 0
        try:
            for pair in pairs:
                if isinstance(pair, Broken):
                    lost += 1
                    if lost > LIMITS.broken:
                        told = f"More than {LIMITS.broken} parts of the capture are none."
                        yield broken(source.name, told, code="capture.limit")
                        return
                    yield pair
                else:
                    number += 1
                    yield _exchange(number, pair, operations, limit)
        except SourceError as error:
            raise SourceError(f"{source.name or 'the capture'}: {error}") from None
        except OSError as error:
            raise SourceError(f"{source.name or 'the capture'}: {error.strerror or error}") from None


def _body(source: Source) -> Iterator[Pair]:
    """Take a file that is no capture as one body."""
    data = source.file.read()
    form = actual_format(data)
    mime = next((name for name, means in FORMATS.items() if means == form), "")
    mime = _SUFFIXES.get(PurePath(source.name).suffix.lower(), mime)
    yield Pair("", "", 0, None, Captured("response", (), data, mime=mime))


def _action(pair: Pair) -> str | None:
    headers = {name.lower(): value for name, value in pair.request.headers} if pair.request is not None else {}
    return action_of(headers.get("soapaction"), headers.get("content-type", ""))


def _exchange(number: int, pair: Pair, operations: Operations, limit: int) -> Exchange:
    operation = operations.find(pair.method, pair.url, _action(pair)) if pair.method and not pair.kind else None
    names = {"request": operation.request, "response": operation.response} if operation else {}
    request, response = (
        finish(one, names.get(one.side, ""), limit) if one is not None else None
        for one in (pair.request, pair.response)
    )
    return Exchange(number, pair.method, pair.url, pair.status, operation, request, response, pair.kind)
