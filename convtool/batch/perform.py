"""One task, done: each file is opened, recognised, read, written; what came of it is an outcome, whatever it was.

Only a sink that cannot be written ends more than one file: then nothing of the task stays, and the result says why.
"""

from __future__ import annotations

import hashlib
import io
from typing import IO, TYPE_CHECKING, Any, BinaryIO, cast

import msgspec

from convtool.batch.fetch import fetched
from convtool.batch.model import Job, Outcome, Result, Task
from convtool.batch.outputs import make_output
from convtool.batch.recognise import NotOne, Recogniser
from convtool.batch.words import findings, shown, source_name
from convtool.catalog import Catalog
from convtool.errors import ConvtoolError, PayloadError, SinkError
from convtool.places import RefusedError, open_found, shown_url
from convtool.places.local import RawFile
from convtool.sniff import first_line, is_lines, other_by_name
from convtool.sources import IN_MEMORY

if TYPE_CHECKING:
    from collections.abc import Callable

    from convtool.batch.model import Item
    from convtool.batch.outputs import Output
    from convtool.convert import Codec, Format
    from convtool.diagnostics import Report

__all__ = ["Performer"]


class Performer:
    """Does tasks of one job, one after the other; keeps compiled contracts in between.

    ``begins`` is called with the number of each item before it is opened, so that somebody may watch the time.
    """

    def __init__(self, job: Job, begins: Callable[[int], None] = lambda _: None) -> None:
        self._job = job
        self._begins = begins
        self._catalog = Catalog(job.schemas or None)
        self._recogniser = Recogniser(self._catalog, job.contract)

    def perform(self, task: Task) -> Result:
        """Do a task."""
        task = fetched(task)
        output = make_output(self._job, task)
        try:
            outcomes = tuple(self._item(item, output) for item in task.items)
            output.commit()
        except SinkError as error:
            output.discard()
            return Result(task.number, failure=str(error))
        except BaseException:
            output.discard()
            raise
        return Result(task.number, outcomes)

    def _item(self, item: Item, output: Output) -> Outcome:
        found = item.found
        outcome = Outcome(item.number, source_name(found.path), "failed", member=shown(found.member), stamp=found.stamp)
        if found.verdict:
            return msgspec.structs.replace(outcome, status=found.verdict, reason=found.reason)
        self._begins(item.number)
        work = _Work(self._job, self._catalog, self._recogniser, item)
        try:
            return work.do(outcome, output)
        except SinkError:
            raise
        except (RefusedError, NotOne) as error:
            status = error.status if isinstance(error, NotOne) else "refused"
            told: dict[str, Any] = {"status": status, "reason": work.reason(error)}
        except PayloadError as error:
            told = {"status": "invalid", "contract": error.report.contract, "format": error.report.format}
            told |= findings(error.report)
        except ConvtoolError as error:
            told = {"reason": work.reason(error)}
        except MemoryError:
            told = {"reason": "needs more memory than it may have"}
        except RecursionError:
            told = {"reason": "is nested too deeply"}
        except Exception as error:  # one file that finds a bug must not end the run
            what = shown(" ".join(f"{type(error).__name__}: {error}".split()))
            told = {"reason": f"internal error: {what}; this is a bug: please report it, with the file if you may"}
        return msgspec.structs.replace(outcome, **told, **work.read())


class _Work:
    """One file in hand."""

    def __init__(self, job: Job, catalog: Catalog, recogniser: Recogniser, item: Item) -> None:
        self._job = job
        self._catalog = catalog
        self._recogniser = recogniser
        self._item = item
        self._digest = hashlib.sha256()
        self._size = 0

    def reason(self, error: Exception) -> str:
        """Give an error's words without the file's name, which the outcome has already."""
        found = self._item.found
        text = str(error)
        path = shown_url(found.path)
        for name in (f"{path}/{found.member}", path):
            text = text.removeprefix(f"{name}: ")
        return text

    def read(self) -> dict[str, Any]:
        """Give what is known of the bytes that have been read."""
        return {"bytes_in": self._size, "sha256_in": self._digest.hexdigest()} if self._size else {}

    def do(self, outcome: Outcome, output: Output) -> Outcome:
        """Give the outcome of the file, with its output written."""
        with open_found(self._item.found, self._job.limits, self._item.data) as raw:
            head = _read(raw)
            self._count(head)
            whole = len(head) < IN_MEMORY
            if not whole:
                head += self._count(raw.read(1) or b"")
                whole = len(head) == IN_MEMORY
            lines = is_lines(self._item.found.name)
            rest = None if whole and not lines else Rest(self._item.found.path, head, raw, self._count)
            codec = self._codec(head, rest, lines=lines)
            if self._job.verb == "validate":
                payload = head if rest is None else cast("IO[bytes]", rest)
                form: Any = "ndjson" if lines else None
                report = codec.validate(payload, format=form, profile=self._job.profile)
                if not report:
                    raise PayloadError(report)
                status: dict[str, Any] = {"status": "valid"}
            else:
                report, status = self._convert(codec, head if rest is None else rest, output)
            if rest is not None:
                rest.drain()
        about = {"contract": codec.name, "format": report.format, "records": report.records}
        return msgspec.structs.replace(outcome, **about, **status, **findings(report), **self.read())

    def _codec(self, head: bytes, rest: Rest | None, *, lines: bool) -> Codec:
        name = self._recogniser.contract(first_line(head) if lines else head, whole=rest is None or lines)
        if not name:
            assert rest is not None
            name = self._recogniser.contract(rest.all(), whole=True)
        return self._catalog.contract(name)

    def _count(self, data: bytes) -> bytes:
        self._digest.update(data)
        self._size += len(data)
        return data

    def _convert(self, codec: Codec, payload: bytes | Rest, output: Output) -> tuple[Report, dict[str, Any]]:
        job = self._job
        to: Format = job.to or other_by_name(self._item.found.name)
        options: dict[str, Any] = {"profile": job.profile, "lossless": job.lossless}
        lines = job.lines and codec.model.item is not None  # what is no list is one line
        last = b"\n" if job.lines != lines or (job.pretty and not job.lines) else b""
        if isinstance(payload, bytes) and not lines:
            conversion = codec.convert(payload, to, pretty=job.pretty, **options)
            report = conversion.report
            written = output.put(self._item, conversion.data + last)
        else:
            with output.writer(self._item) as file:
                source, sink = cast("IO[bytes]", payload), cast("BinaryIO", file)  # what they are used for, they can do
                as_what = "ndjson" if lines else to
                form = "ndjson" if is_lines(self._item.found.name) else None
                result = codec.convert_stream(source, sink, as_what, format=form, pretty=job.pretty, **options)
                report = result.report
                file.write(last)
                written = file.told()
        return report, {"status": "converted", "target": shown(self._item.target), **written}


def _read(raw: io.RawIOBase) -> bytes:
    """Give the first bytes of a file: all of them, or IN_MEMORY of them."""
    if isinstance(raw, RawFile) and raw.status.st_size < IN_MEMORY:
        return raw.readall()
    parts, left = [], IN_MEMORY
    while left and (part := raw.read(min(left, 1 << 16))):
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


class Rest(io.RawIOBase):
    """A large payload: its first bytes, which have been read, then the rest, counted as it is read."""

    def __init__(self, name: str, head: bytes, raw: io.RawIOBase, count: Callable[[bytes], bytes]) -> None:
        self.name = name
        self._head = io.BytesIO(head)
        self._raw = raw
        self._count = count

    def read(self, size: int | None = -1) -> bytes:
        """Give the next bytes: not all of them at once, even where no size is given."""
        wanted = 1 << 20 if size is None or size < 0 else size
        return self._head.read(wanted) or self._count(self._raw.read(wanted) or b"")

    def drain(self) -> None:
        """Read to the end, so that the check sums are those of the whole file."""
        while self.read(1 << 20):
            pass

    def all(self) -> bytes:
        """Give the whole payload, and begin again."""
        parts = []
        while part := self.read(1 << 20):
            parts.append(part)
        data = b"".join(parts)
        self._head = io.BytesIO(data)
        return data
