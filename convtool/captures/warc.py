"""WARC files (ISO 28500), read by warcio: requests and responses, paired by their identifiers, or else by their URI.

Either half may name the other (WARC-Concurrent-To), and writers order them as they like. Records that name each other,
or the same third one, belong together; by URI only those are paired that name nothing and are not named, in the order
in which they stand. A file that is gzip as a whole is read like one that is gzip record by record.
"""

from __future__ import annotations

import gzip
import logging
import zlib
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from convtool.captures.captured import Captured, Pair
from convtool.captures.chunked import dechunked
from convtool.captures.extras import load_extra
from convtool.captures.failure import broken
from convtool.captures.media import format_of, parse
from convtool.captures.model import LIMIT, Note

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import BinaryIO

    from convtool.captures.failure import Broken
    from convtool.captures.kinds import Source
    from convtool.captures.model import Side

__all__ = ["read_warc"]

_WAITING = 64  # records kept until their other half comes: writers put the two near each other
_BYTES = 32 << 20  # of their bodies
_LENGTH = "The length of record {} is not that of what is in it."
_HALVES = frozenset({"request", "response", "revisit"})


@dataclass(slots=True)
class _Record:
    """One half of an exchange: its identifier, those of the records that it names, and what it holds."""

    id: str
    names: frozenset[str]
    uri: str
    method: str
    status: int
    captured: Captured
    kind: str = ""

    @property
    def size(self) -> int:
        return len(self.captured.data or b"")

    def is_with(self, other: _Record) -> bool:
        """Tell whether one names the other, or both name the same record."""
        return self.id in other.names or other.id in self.names or bool(self.names & other.names)


@dataclass(slots=True)
class _Pairing:
    """Records that wait for their other half, in the order in which they came."""

    waiting: list[_Record] = field(default_factory=list)
    size: int = 0

    def add(self, record: _Record) -> Iterator[Pair]:
        """Take a record; give the exchanges that are complete, and those that have waited too long."""
        other = next((one for one in self.waiting if _are_halves(one, record) and one.is_with(record)), None)
        if other is not None:
            self._leave(other)
            yield _pair(other, record)
            return
        self.waiting.append(record)
        self.size += record.size
        while len(self.waiting) > _WAITING or (self.size > _BYTES and len(self.waiting) > 1):
            yield self.oldest()

    def oldest(self) -> Pair:
        """Give the exchange of the record that has waited longest, with its other half by URI where that is here."""
        record = self.waiting[0]
        self._leave(record)
        if not record.names and not record.kind:
            for other in self.waiting:
                if _are_halves(other, record) and not other.names and other.uri == record.uri:
                    self._leave(other)
                    return _pair(record, other)
        return _alone(record)

    def _leave(self, record: _Record) -> None:
        self.waiting = [one for one in self.waiting if one is not record]
        self.size -= record.size


def _are_halves(one: _Record, other: _Record) -> bool:
    return one.captured.side != other.captured.side and not one.kind and not other.kind


def _pair(one: _Record, other: _Record) -> Pair:
    request, response = (one, other) if one.captured.side == "request" else (other, one)
    pair = Pair(request.method, request.uri, response.status, request.captured, response.captured)
    pair.settle()
    return pair


def _alone(record: _Record) -> Pair:
    if record.captured.side == "request":
        return Pair(record.method, record.uri, 0, record.captured, None)
    pair = Pair("", record.uri, record.status, None, record.captured, record.kind)
    pair.settle()
    return pair


def read_warc(source: Source) -> Iterator[Pair | Broken]:
    """Yield the exchanges; what is broken in its place."""
    pairing, file = _Pairing(), _File(source.file)
    failure, count, wrong = "", 0, 0
    records = load_extra("warcio.archiveiterator", "warc").ArchiveIterator(file)
    records.INC_RECORD = ""  # what it says about lengths goes to standard error; it is said here
    records.reader.decompressor = None  # all gzip is undone
    while not failure:
        try:
            with _quiet():
                record = next(records)
            found = _record(record)
            count += 1
        except StopIteration:
            break
        except Exception as error:  # whatever a reader of a foreign format makes of damaged bytes
            failure = _why(error)
            continue
        if records.err_count > wrong:
            wrong = records.err_count
            yield broken(source.name, _LENGTH.format(count - 1))
        if found is not None:
            yield from pairing.add(found)
    while pairing.waiting:
        yield pairing.oldest()
    if records.err_count > wrong:
        yield broken(source.name, _LENGTH.format(count))
    if file.failure is not None:  # which hides behind what came of it
        failure = _why(file.failure)
    if failure or not count:
        yield broken(source.name, f"The WARC file cannot be read on: {failure or 'there is no record in it'}.")


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep from the log, which may be the terminal, what warcio says of records: it repeats them as they are."""
    log = logging.getLogger("warcio.recordloader")
    log.addFilter(_nothing)
    try:
        yield
    finally:
        log.removeFilter(_nothing)


def _nothing(_: object) -> bool:
    return False


class _File:
    """A file without its gzip, whether it has one stream or many; it ends where that is damaged: ``failure``.

    (warcio asks for gzip record by record, and takes what is broken off for the end.)
    """

    def __init__(self, file: BinaryIO) -> None:
        start = file.read(2)
        file.seek(0)
        self._read: Callable[[int], bytes] = file.read
        if start == b"\x1f\x8b":
            self._read = gzip.GzipFile(fileobj=file).read1
        self.failure: Exception | None = None

    def read(self, size: int = -1) -> bytes:
        """Give the next bytes; nothing at the end."""
        try:
            return self._read(size)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            self.failure = error
            return b""


def _why(error: Exception) -> str:
    if isinstance(error, EOFError):
        return "its gzip is broken off"
    if isinstance(error, (zlib.error, gzip.BadGzipFile)):
        return "its gzip is damaged"
    if isinstance(error, OSError):
        return error.strerror or "the file cannot be read"
    return "what stands there is no WARC record"


def _record(record: Any) -> _Record | None:
    """Give what a record holds, or None for one that is about others."""
    kind = record.rec_type
    if not kind:
        raise ValueError("a record without a type")
    if kind == "resource":
        return _resource(record)
    if kind not in _HALVES:
        return None
    http = record.http_headers
    side: Side = "request" if kind == "request" else "response"
    headers = tuple((key, value) for key, value in http.headers) if http is not None else ()
    data = record.raw_stream.read(LIMIT + 1)
    captured = Captured(side, headers, data)
    notes = [_cut(record)] if kind != "revisit" else [_elsewhere(record)]
    captured.notes += [note for note in notes if note is not None]
    if not captured.lost and http is not None and "chunked" in (http.get_header("Transfer-Encoding") or "").lower():
        captured.data, told = dechunked(data)
        captured.notes += told
    id_, names, uri = _identity(record)
    foreign = "" if http is not None or uri.lower().startswith(("http://", "https://")) else "resource"  # such as dns:
    if http is None and not captured.lost:
        captured.notes.append(Note("capture.missing", "The record has no HTTP message in it."))
    line = http.statusline.split(" ") if http is not None else [""]
    method = http.protocol if http is not None and side == "request" else ""
    status = int(line[0]) if side == "response" and line[0].isascii() and line[0].isdigit() else 0
    return _Record(id_, names, uri, method, status, captured, foreign)


def _resource(record: Any) -> _Record | None:
    """Give what was had without HTTP: it is judged where it is of the web, and of a format of payloads."""
    content_type = record.rec_headers.get_header("Content-Type") or ""
    captured = Captured("response", (), record.raw_stream.read(LIMIT + 1), mime=content_type)
    note = _cut(record)
    captured.notes += [note] if note is not None else []
    id_, names, uri = _identity(record)
    is_payload = uri.lower().startswith(("http://", "https://")) and format_of(parse(content_type)[0]) is not None
    return _Record(id_, names, uri, "", 0, captured, "" if is_payload else "resource")


def _identity(record: Any) -> tuple[str, frozenset[str], str]:
    """Give a record's identifier, those that it names, and its URI, which some writers put into angle brackets."""
    warc = record.rec_headers
    names = frozenset(value.strip() for key, value in warc.headers if key.lower() == "warc-concurrent-to")
    uri = (warc.get_header("WARC-Target-URI") or "").strip()
    return (warc.get_header("WARC-Record-ID") or "").strip(), names, uri.removeprefix("<").removesuffix(">")


def _cut(record: Any) -> Note | None:
    """Say that the record does not hold the whole message, where it does not."""
    warc = record.rec_headers
    reason = warc.get_header("WARC-Truncated")
    if reason:
        return Note("capture.truncated", f"The record says that it is truncated ({reason}).")
    if warc.get_header("WARC-Segment-Number"):
        return Note("capture.truncated", "The record is one of several segments of the message.")
    missing = getattr(record.raw_stream, "limit", 0)
    if missing > 0 and not record.raw_stream.read(1):
        return Note("capture.truncated", f"The file ends {missing} bytes before the record does.")
    return None


def _elsewhere(record: Any) -> Note:
    """Say where the body of a revisit is: it was the same as one that had been recorded before."""
    warc = record.rec_headers
    named = warc.get_header("WARC-Refers-To") or warc.get_header("WARC-Refers-To-Target-URI") or "not named"
    return Note("capture.missing", f"The record is a revisit: its body is that of another record ({named}).")
