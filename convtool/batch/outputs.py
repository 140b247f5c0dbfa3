"""Where a worker writes: files of a folder, parts of one file, one file alone, nowhere. They appear at a task's end."""

from __future__ import annotations

import hashlib
import os
import sys
from contextlib import ExitStack, contextmanager
from typing import IO, TYPE_CHECKING, Any, Protocol

from convtool.batch.assemble import PART, packed
from convtool.errors import SinkError
from convtool.places import atomic_writer, join, store_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from convtool.batch.model import Item, Task
    from convtool.job import Job
    from convtool.judge import Output, Writer
    from convtool.places.streams import Writing

__all__ = ["AbandonedError", "Outputs", "make_output"]


class AbandonedError(BaseException):
    """The run that a task is of has been killed: nothing of it appears any more. No error of the file at hand."""


class Outputs(Protocol):
    """The outputs of one task."""

    def of(self, item: Item) -> Output | None:
        """Give where a file's output goes; None where nothing is written."""
        ...

    def commit(self) -> None:
        """Let the outputs appear; AbandonedError where there is no run any more."""
        ...

    def discard(self) -> None:
        """Drop them."""
        ...


def make_output(job: Job, task: Task, is_wanted: Callable[[], bool]) -> Outputs:
    """Give the outputs that a job's task is to be written to; ``is_wanted`` tells whether there is still a run."""
    found: Outputs = _OUTPUTS[job.sink](job, task, is_wanted)
    return found


def _check(is_wanted: Callable[[], bool]) -> None:
    if not is_wanted():
        raise AbandonedError


class _Nothing:
    """For jobs that write nothing."""

    def __init__(self, job: Job, task: Task, is_wanted: Callable[[], bool]) -> None:
        del job, task, is_wanted

    def of(self, item: Item) -> None:
        """Nothing is written."""

    def commit(self) -> None:
        """Nothing is to be done."""

    discard = commit


class _Grouped:
    """Outputs that get their names together. ``_Files`` and ``_Part`` say what one file's output is."""

    lasting = True

    def __init__(self, job: Job, task: Task, is_wanted: Callable[[], bool]) -> None:
        del task
        self._is_wanted = is_wanted
        self.root = job.where
        self.bad = job.aside
        self.group = store_of(job.where).group(lasting=self.lasting, mark=job.mark)
        self.aside = store_of(job.aside).group(mark=job.mark)

    def commit(self) -> None:
        _check(self._is_wanted)
        self.group.commit()
        self.aside.commit()

    def discard(self) -> None:
        self.group.discard()
        self.aside.discard()


class _Files(_Grouped):
    """A file for each file, in a folder of the same shape."""

    def of(self, item: Item) -> Output:
        return _File(self, item)


class _Named:
    """The output of one file among others: it has its likely name, until the format tells another."""

    def __init__(self, item: Item) -> None:
        self._item = item
        self._target = item.target

    def name_for(self, format: str) -> bool:
        self._target = self._item.called(format)
        return bool(self._target)


class _File(_Named):
    def __init__(self, outputs: _Files, item: Item) -> None:
        super().__init__(item)
        self._outputs = outputs

    @contextmanager
    def writer(self) -> Iterator[Writer]:
        with self._outputs.group.writer(join(self._outputs.root, self._target)) as file, ExitStack() as stack:
            yield _Told(file, _Aside(stack, self._outputs, self._item.bad()), {"target": self._target})

    def put(self, data: bytes) -> dict[str, Any]:
        self._outputs.group.put(join(self._outputs.root, self._target), data)
        return {"bytes_out": len(data), "sha256_out": hashlib.sha256(data).hexdigest(), "target": self._target}


class _Aside:
    """Where one file's bad records go, from the first one on."""

    def __init__(self, stack: ExitStack, outputs: _Grouped, name: str) -> None:
        self._stack = stack
        self._outputs = outputs
        self._path = join(outputs.bad, name)
        self._file: Any = None

    def write(self, line: bytes) -> None:
        if self._file is None:
            self._file = self._stack.enter_context(self._outputs.aside.writer(self._path))
        self._file.write(line)

    def told(self) -> dict[str, Any]:
        return {"aside": self._path} if self._file is not None else {}


class _Told:
    def __init__(self, file: Writing, aside: _Aside, fields: dict[str, Any]) -> None:
        self.write = file.write
        self.aside = aside.write
        self._aside = aside
        self._file = file
        self._fields = fields
        self._start = file.size
        file.restart()

    def told(self) -> dict[str, Any]:
        written = {"bytes_out": self._file.size - self._start, "sha256_out": self._file.hexdigest()}
        return {**written, **self._fields, **self._aside.told()}


class _Part(_Grouped):
    """The outputs of a task one behind the other in one file; the outcomes say where each is.

    Whoever reads them holds them against the hashes in the outcomes, so that they need not be on disk before.
    """

    lasting = False

    def __init__(self, job: Job, task: Task, is_wanted: Callable[[], bool]) -> None:
        super().__init__(job, task, is_wanted)
        self.name = f"{task.number:08d}-{os.urandom(4).hex()}{PART}"
        self._open: AbstractContextManager[Writing] = self.group.writer(join(job.where, self.name))
        self._file: Writing | None = None

    def of(self, item: Item) -> Output:
        return _Piece(self, item)

    def file(self) -> Writing:
        """Give the one file."""
        if self._file is None:
            self._file = self._open.__enter__()
        return self._file

    def commit(self) -> None:
        if self._file is not None:
            self._open.__exit__(None, None, None)
        super().commit()


class _Piece(_Named):
    def __init__(self, outputs: _Part, item: Item) -> None:
        super().__init__(item)
        self._outputs = outputs

    @contextmanager
    def writer(self) -> Iterator[Writer]:
        file = self._outputs.file()
        start = file.size
        try:
            with ExitStack() as stack:
                yield _Told(file, _Aside(stack, self._outputs, self._item.bad()), self._place(start))
        except Exception:
            file.rewind(start)
            raise

    def put(self, data: bytes) -> dict[str, Any]:
        file = self._outputs.file()
        start = file.size
        file.restart()
        try:
            file.write(data)
        except Exception:
            file.rewind(start)
            raise
        return {"bytes_out": len(data), "sha256_out": file.hexdigest(), **self._place(start)}

    def _place(self, start: int) -> dict[str, Any]:
        target = {"target": self._target} if self._target else {}
        return {"part": self._outputs.name, "offset": start, **target}


class _Single:
    """The one output of a run: a file that appears when it is whole, or standard output."""

    def __init__(self, job: Job, task: Task, is_wanted: Callable[[], bool]) -> None:
        del task
        self._is_wanted = is_wanted
        self._job = job

    def of(self, item: Item) -> Output:
        del item
        return self

    def name_for(self, format: str) -> bool:
        del format  # a name that says one has settled what is converted to
        return True

    @contextmanager
    def writer(self) -> Iterator[Writer]:
        with ExitStack() as stack:
            if self._job.where:
                inner = stack.enter_context(atomic_writer(self._job.where, self._job.mark))
                file = stack.enter_context(packed(inner, self._job.packing))
            else:
                file = stack.enter_context(_standard_output())
            yield _Alone(file, stack, self._job)
            _check(self._is_wanted)

    def put(self, data: bytes) -> dict[str, Any]:
        with self.writer() as file:
            file.write(data)
            return file.told()

    def commit(self) -> None:
        """It has appeared already."""

    discard = commit


class _Alone:
    def __init__(self, file: IO[bytes], stack: ExitStack, job: Job) -> None:
        self._file = file
        self._stack = stack
        self._job = job
        self._bad: IO[bytes] | None = None
        self._digest = hashlib.sha256()
        self._size = 0

    def write(self, data: bytes) -> int:
        self._file.write(data)
        self._digest.update(data)
        self._size += len(data)
        return len(data)

    def aside(self, line: bytes) -> None:
        if self._bad is None:
            self._bad = self._stack.enter_context(atomic_writer(self._job.aside, self._job.mark))
        self._bad.write(line)

    def told(self) -> dict[str, Any]:
        written = {"bytes_out": self._size, "sha256_out": self._digest.hexdigest()}
        return {**written, **({"aside": self._job.aside} if self._bad is not None else {})}


class _Standard:
    """Standard output, to the last byte: where it is unbuffered, a write may stop half-way."""

    def __init__(self, buffer: IO[bytes], *, is_terminal: bool) -> None:
        self._buffer = buffer
        self._is_terminal = is_terminal
        self._last = b"\n"

    def write(self, data: bytes) -> int:
        left = memoryview(data)
        while left:
            left = left[self._buffer.write(left) :]
        self._last = data[-1:] or self._last
        return len(data)

    def end(self) -> None:
        """End the last line on a terminal, so that the prompt has its own."""
        if self._is_terminal and self._last != b"\n":
            self.write(b"\n")
        self._buffer.flush()


@contextmanager
def _standard_output() -> Iterator[IO[bytes]]:
    if sys.stdout is None:
        raise SinkError("standard output is closed")
    try:
        sys.stdout.flush()
        out = _Standard(sys.stdout.buffer, is_terminal=sys.stdout.isatty())
        yield out  # type: ignore[misc]  # it is written like any other
        out.end()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise SinkError(f"standard output: {error.strerror}") from None


_OUTPUTS: dict[str, Any] = {"folder": _Files, "parts": _Part, "file": _Single, "": _Nothing}
