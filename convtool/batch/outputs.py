"""Where a worker writes: files of a folder, parts of one file, or nowhere. A task's outputs appear at its end."""

from __future__ import annotations

import hashlib
import secrets
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

from convtool.places import join, store_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from convtool.batch.model import Item, Job, Task
    from convtool.places.streams import Writing

__all__ = ["Output", "Writer", "make_output"]


class Writer(Protocol):
    """One file's output while it is written."""

    def write(self, data: bytes, /) -> int:
        """Write all of the bytes."""
        ...

    def told(self) -> dict[str, Any]:
        """Give what has been written, as fields of an outcome."""
        ...


class Output(Protocol):
    """The outputs of one task."""

    def writer(self, item: Item) -> AbstractContextManager[Writer]:
        """Give what a file's output is written to; a block that fails leaves nothing of it."""
        ...

    def put(self, item: Item, data: bytes) -> dict[str, Any]:
        """Write a file's output whole; give what has been written, as fields of an outcome."""
        ...

    def commit(self) -> None:
        """Let the outputs appear."""
        ...

    def discard(self) -> None:
        """Drop them."""
        ...


def make_output(job: Job, task: Task) -> Output:
    """Give the output that a job's task is to be written to."""
    if job.sink == "folder":
        return _Files(job.where)
    return _Part(job.where, task.number) if job.sink == "parts" else _Nothing()


class _Nothing:
    """For jobs that write nothing."""

    def writer(self, item: Item) -> AbstractContextManager[Writer]:
        raise NotImplementedError(f"nothing is written of {item.found.name}")

    def put(self, item: Item, data: bytes) -> dict[str, Any]:
        raise NotImplementedError(f"nothing is written of {item.found.name}, not even {len(data)} bytes")

    def commit(self) -> None:
        """Nothing is to be done."""

    discard = commit


class _Files:
    """A file for each file, in a folder of the same shape."""

    def __init__(self, root: str) -> None:
        self._root = root
        self._group = store_of(root).group()
        self.commit = self._group.commit
        self.discard = self._group.discard

    @contextmanager
    def writer(self, item: Item) -> Iterator[Writer]:
        with self._group.writer(join(self._root, item.target)) as file:
            yield _Told(file)

    def put(self, item: Item, data: bytes) -> dict[str, Any]:
        self._group.put(join(self._root, item.target), data)
        return {"bytes_out": len(data), "sha256_out": hashlib.sha256(data).hexdigest()}


class _Told:
    def __init__(self, file: Writing, part: str = "") -> None:
        self.write = file.write
        self._file = file
        self._part = part
        self._start = file.size
        file.restart()

    def told(self) -> dict[str, Any]:
        fields: dict[str, Any] = {"bytes_out": self._file.size - self._start, "sha256_out": self._file.hexdigest()}
        return fields | {"part": self._part, "offset": self._start} if self._part else fields


class _Part:
    """The outputs of a task one behind the other in one file; the outcomes say where each is."""

    def __init__(self, folder: str, task: int) -> None:
        self._group = store_of(folder).group()
        self._name = f"{task:08d}-{secrets.token_hex(4)}.part"
        self._open: AbstractContextManager[Writing] = self._group.writer(join(folder, self._name))
        self._file: Writing | None = None

    @contextmanager
    def writer(self, item: Item) -> Iterator[Writer]:  # noqa: ARG002 - a part has no names in it
        if self._file is None:
            self._file = self._open.__enter__()
        start = self._file.size
        try:
            yield _Told(self._file, self._name)
        except Exception:
            self._file.rewind(start)
            raise

    def put(self, item: Item, data: bytes) -> dict[str, Any]:
        with self.writer(item) as file:
            file.write(data)
            return file.told()

    def commit(self) -> None:
        if self._file is not None:
            self._open.__exit__(None, None, None)
        self._group.commit()

    def discard(self) -> None:
        self._group.discard()
