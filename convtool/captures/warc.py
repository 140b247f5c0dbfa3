"""WARC files (ISO 28500), read by warcio: requests and responses, paired by WARC-Concurrent-To or by their URI."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from convtool.captures.captured import Captured, Pair
from convtool.captures.chunked import dechunked
from convtool.captures.extras import load_extra
from convtool.captures.failure import broken
from convtool.captures.model import LIMIT, Note

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from convtool.captures.failure import Broken
    from convtool.captures.model import Side

__all__ = ["read_warc"]

_WAITING = 64  # records kept until their other half comes: writers put the two beside each other


@dataclass(slots=True)
class _Record:
    """One half of an exchange: the identifiers of the record and of the one that it belongs to, and what it holds."""

    keys: frozenset[str]
    uri: str
    method: str
    status: int
    captured: Captured


@dataclass(slots=True)
class _Pairing:
    waiting: list[_Record] = field(default_factory=list)

    def add(self, record: _Record) -> Iterator[Pair]:
        """Take a record; give the exchange that it completes, or one that has waited too long."""
        for other in self.waiting:
            if other.captured.side != record.captured.side and (other.keys & record.keys or other.uri == record.uri):
                self.waiting.remove(other)
                yield _pair(*sorted((other, record), key=lambda one: one.captured.side))
                return
        self.waiting.append(record)
        if len(self.waiting) > _WAITING:
            yield _alone(self.waiting.pop(0))

    def rest(self) -> Iterator[Pair]:
        """Give the halves that have stayed alone."""
        while self.waiting:
            yield _alone(self.waiting.pop(0))


def _pair(request: _Record, response: _Record) -> Pair:
    pair = Pair(request.method, request.uri, response.status, request.captured, response.captured)
    pair.settle()
    return pair


def _alone(record: _Record) -> Pair:
    if record.captured.side == "request":
        return Pair(record.method, record.uri, 0, record.captured, None)
    pair = Pair("", record.uri, record.status, None, record.captured)
    pair.settle()
    return pair


def read_warc(file: BinaryIO, name: str) -> Iterator[Pair | Broken]:
    """Yield the exchanges; what is broken in its place."""
    reading = load_extra("warcio.archiveiterator", "warc")
    pairing = _Pairing()
    records = iter(reading.ArchiveIterator(file))
    failure = None
    while failure is None:
        try:
            record = next(records)
            found = _record(record) if record.rec_type in ("request", "response") and record.http_headers else None
        except StopIteration:
            break
        except Exception as error:  # whatever a reader of a foreign format makes of damaged bytes
            failure = broken(name, f"The WARC file cannot be read on: {error or type(error).__name__}.")
            continue
        if found is not None:
            yield from pairing.add(found)
    yield from pairing.rest()
    if failure is not None:
        yield failure


def _record(record: Any) -> _Record:
    warc, http = record.rec_headers, record.http_headers
    side: Side = record.rec_type
    headers = tuple((key, value) for key, value in http.headers)
    data = record.raw_stream.read(LIMIT + 1)
    captured = Captured(side, headers, data)
    if warc.get_header("WARC-Truncated"):
        reason = warc.get_header("WARC-Truncated")
        captured.notes.append(Note("capture.truncated", f"The record says that it is truncated ({reason})."))
    elif "chunked" in (http.get_header("Transfer-Encoding") or "").lower():
        captured.data, notes = dechunked(data)
        captured.notes += notes
    keys = {warc.get_header("WARC-Record-ID"), warc.get_header("WARC-Concurrent-To")} - {None}
    line = http.statusline.split(" ")
    method = http.protocol if side == "request" else ""
    status = int(line[0]) if side == "response" and line[0].isdigit() else 0
    return _Record(frozenset(keys), warc.get_header("WARC-Target-URI") or "", method, status, captured)
