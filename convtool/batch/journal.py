"""The journal of a run: a line for each outcome, written as it comes, so that a run may be killed at any instant.

Lines of JSON: the first says what run it is, ``began`` names the outputs that a task is about to write, outcomes say
what came of each file, ``assembled`` that the one file of all outputs is in place. A last line that is torn is dropped.
"""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
from array import array
from bisect import bisect_right
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import msgspec

from convtool._version import __version__
from convtool.batch.model import OUTCOMES
from convtool.codes import CODES, Severity
from convtool.errors import SinkError, SourceError, UsageError
from convtool.outcome import source_name
from convtool.places.disks import sync_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from convtool.outcome import Outcome

__all__ = ["Journal", "Keys", "sources_of"]

_T = TypeVar("_T")
_FORM = 2  # raised when a reader of the old form would misunderstand the new one


class _Excerpt(msgspec.Struct):
    before: str
    span: str
    after: str


class _Finding(msgspec.Struct):
    """What a finding in a journal has to be, whoever has written it."""

    code: str
    severity: Severity
    message: str
    hint: str = ""
    path: str = ""
    line: int = 1
    column: int = 1
    offset: int = 0
    record: int | None = None
    count: int = 1
    excerpt: _Excerpt | None = None


class _Findings(msgspec.Struct):
    diagnostics: tuple[_Finding, ...] = ()
    judged: tuple[_Findings, ...] = ()


_FINDINGS = msgspec.json.Decoder(_Findings)
_FLAGS = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


_datasync = getattr(os, "fdatasync", os.fsync)  # not everywhere; the size is data
_WINDOW = 1 << 16  # bytes that are read at a time
_NAMED = 20  # sources that a journal names; of more there is a hash as well


def sources_of(sources: Sequence[str]) -> dict[str, Any]:
    """Give what a journal says of the sources of its run: the first of them, how many there are, and a hash of all."""
    names = [source_name(source) for source in sources]
    digest = hashlib.sha256("\0".join(names).encode("utf-8", "backslashreplace")).hexdigest()
    return {"first": names[:_NAMED], "count": len(names), "sha256": digest}


class Keys:
    """Names, each with a number; of two of one name the later counts. Millions of them fit into memory.

    All are added before the first is asked for. A name is kept as eight bytes of its hash: whoever is given a number
    looks whether it is that of another name.
    """

    def __init__(self) -> None:
        self._keys = array("Q")
        self._numbers = array("q")
        self._sorted = True

    def __bool__(self) -> bool:
        return bool(self._keys)

    def add(self, name: str, number: int = 0) -> None:
        """Take a name."""
        self._keys.append(_key(name))
        self._numbers.append(number)
        self._sorted = False

    def get(self, name: str) -> int | None:
        """Give the number of a name; None where there is no such name."""
        if not self._sorted:
            order = sorted(range(len(self._keys)), key=self._keys.__getitem__)
            self._keys = array("Q", map(self._keys.__getitem__, order))
            self._numbers = array("q", map(self._numbers.__getitem__, order))
            self._sorted = True
        key = _key(name)
        at = bisect_right(self._keys, key) - 1
        return self._numbers[at] if at >= 0 and self._keys[at] == key else None

    def __contains__(self, name: str) -> bool:
        return self.get(name) is not None


def _key(name: str) -> int:
    return int.from_bytes(hashlib.blake2b(name.encode("utf-8", "backslashreplace"), digest_size=8).digest(), "big")


class Reader(Generic[_T]):
    """Gives outcomes back by their places, as a decoder reads their lines.

    What was read with an earlier one is not read again: most come in a row.
    """

    def __init__(self, path: str, descriptor: int, decoder: msgspec.json.Decoder[_T]) -> None:
        self._path = path
        self._descriptor = descriptor
        self._decode = decoder.decode
        self._window = (0, b"")  # of what has been read last: its place, and its bytes

    def __call__(self, place: int) -> _T:
        """Give the outcome whose line is at a place."""
        start, window = self._window
        at = place - start
        end = window.find(b"\n", at) if 0 <= at < len(window) else -1
        if end < 0:
            window, at = self._read(place), 0
            self._window = place, window
            end = window.index(b"\n")
        return self._decode(window[at:end])

    def _read(self, place: int) -> bytes:
        """Give what stands at a place: a line at least."""
        found = b""
        while b"\n" not in found:
            part = os.pread(self._descriptor, _WINDOW, place + len(found))
            if not part:
                raise SourceError(f"{self._path}: has been cut while the run was going on")
            found += part
        return found


class Journal:
    """The journal of one run. Locked while it is open, so that no two runs write the same outputs.

    Without a path it is a file without a name, which is gone when the run ends, however it ends.

    ``past`` tells where an earlier run's outcome of a file is, ``began`` which outputs it was writing, ``overwrite``
    whether it was allowed to replace files.
    """

    def __init__(
        self, path: str, settings: dict[str, Any], sources: dict[str, Any], *, resume: bool, overwrite: bool = False
    ) -> None:
        self.path = path
        self._sources = sources
        self.past = Keys()
        self.began = Keys()
        self.assembled: dict[str, Any] = {}
        self._header: dict[str, Any] = {}
        self.damaged = 0  # lines that say nothing any more: their files are done again
        self.overwrite = overwrite
        try:
            self._descriptor = os.open(path, _FLAGS, 0o666) if path else _nameless()
        except (OSError, ValueError) as error:
            where = path or tempfile.gettempdir()
            raise SinkError(f"{where}: cannot be written: {getattr(error, 'strerror', None) or error}") from None
        self._reader = self.reader(OUTCOMES)
        try:
            self._claim()
            self._take_up(settings, resume=resume)
        except OSError as error:
            os.close(self._descriptor)
            raise SinkError(f"{path}: cannot be written: {error.strerror or error}") from None
        except BaseException:
            os.close(self._descriptor)
            raise

    def _claim(self) -> None:
        """Make sure that it is a file, and nobody else's."""
        if not stat.S_ISREG(os.fstat(self._descriptor).st_mode):
            raise SinkError(f"{self.path}: is not a regular file", hint="a journal is read again, so name one that is")
        try:
            import fcntl
        except ImportError:  # Windows: two runs at once are the user's to avoid
            return
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise SourceError(f"{self.path}: another run is at work on the same output") from None

    def _take_up(self, settings: dict[str, Any], *, resume: bool) -> None:
        self._end = 0
        self._header = {
            "journal": _FORM, "convtool": __version__, "settings": settings, "sources": self._sources,
            "overwrite": self.overwrite,
        }  # fmt: skip
        if resume:
            for at, line in self._lines():
                entry = _entry(line)
                if at == 0:
                    self._expect(self._header, entry)
                elif entry is not None:
                    self._note(at, entry)
                else:
                    self.damaged += 1
                self._end = at + len(line)

    def start(self) -> None:
        """Go on behind what holds, or begin anew: what stood here before is lost only now."""
        self._reader = self.reader(OUTCOMES)  # what stood behind may be gone
        with self._told():
            os.ftruncate(self._descriptor, self._end)
        if not self._end:
            self._write(self._header)
            self._sync(os.fsync)
            if self.path:
                with self._told():  # what was noted in a file without a name is lost
                    sync_folder(os.path.dirname(self.path) or os.curdir)

    def _expect(self, header: dict[str, Any], found: dict[str, Any] | None) -> None:
        found = found or {}
        self.overwrite = self.overwrite or found.get("overwrite") is True
        if any(found.get(name) != header[name] for name in ("journal", "convtool", "settings")):
            raise UsageError(
                f"{self.path}: is of a run with other settings ({_difference(found, header)})",
                hint="give the same, or begin anew with --overwrite",
            )
        if found.get("sources") != header["sources"]:
            had = found.get("sources")
            first = had.get("first") if isinstance(had, dict) else None
            names = ", ".join(map(str, first)) if isinstance(first, list) and first else "unknown ones"
            count = had.get("count") if isinstance(had, dict) else 0
            more = count - len(first) if isinstance(count, int) and isinstance(first, list) else 0
            raise UsageError(
                f"{self.path}: is of a run over other sources ({names}{f' and {more} more' if more > 0 else ''})",
                hint="give the same, or begin anew with --overwrite",
            )

    def _note(self, at: int, entry: dict[str, Any]) -> None:
        if "source" in entry:
            self.past.add(f"{entry['source']}\0{entry.get('member', '')}", at)
            self.assembled = {}
        elif "began" in entry:
            for target in entry["began"]:
                self.began.add(target)
        elif "assembled" in entry:
            self.assembled = entry["assembled"]

    def _lines(self) -> Iterator[tuple[int, bytes]]:
        """Yield whole lines, each with its place; not the last one where it is torn."""
        with open(os.dup(self._descriptor), "rb") as file:
            file.seek(0)
            at = 0
            for line in file:
                if not line.endswith(b"\n"):
                    return
                yield at, line
                at += len(line)

    def begin(self, targets: Iterable[str]) -> None:
        """Note the outputs that are about to be written: only these may be there already when the run is taken up.

        The note is on disk before the first of them can be.
        """
        self._write({"began": list(targets)})
        self._sync(_datasync)

    def add(self, lines: bytes) -> int:
        """Append the lines of outcomes, and give the place of the first."""
        at = self._end
        self._append(lines)
        return at

    def finish(self, assembled: dict[str, Any]) -> None:
        """Note that the one file of all outputs is in place."""
        self._write({"assembled": assembled})

    def outcome(self, place: int) -> Outcome:
        """Give an outcome back."""
        return self._reader(place)

    def reader(self, decoder: msgspec.json.Decoder[_T]) -> Reader[_T]:
        """Give what gives outcomes back, or what a decoder takes of them, for a thread of its own."""
        return Reader(self.path, self._descriptor, decoder)

    def _write(self, entry: dict[str, Any]) -> None:
        self._append(msgspec.json.encode(entry) + b"\n")

    def _append(self, data: bytes) -> None:
        left = data
        with self._told():
            while left:
                left = left[os.write(self._descriptor, left) :]
        self._end += len(data)

    def close(self) -> None:
        """Put it on disk, where it has a name, and close it."""
        if self._descriptor < 0:
            return
        try:
            self._sync(os.fsync)
        finally:
            descriptor, self._descriptor = self._descriptor, -1
            os.close(descriptor)

    def _sync(self, sync: Callable[[int], None]) -> None:
        """Put it on disk, where it has a name."""
        if self.path:
            with self._told():
                sync(self._descriptor)

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            where = self.path or tempfile.gettempdir()
            raise SinkError(f"{where}: cannot be written: {error.strerror or error}") from None


def _entry(line: bytes) -> dict[str, Any] | None:
    """Give what a line says; None where it is damaged. Whatever it holds, it is looked at here, and trusted after."""
    try:
        entry = msgspec.json.decode(line)
        good = isinstance(entry, dict) and any(name in entry and good(entry, line) for name, good in _GOOD.items())
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, LookupError, TypeError, ValueError):
        return None
    return entry if good else None


def _is_outcome(_: dict[str, Any], line: bytes) -> bool:
    _FINDINGS.decode(line)
    outcome = OUTCOMES.decode(line)
    known = all(found.code in CODES for one in outcome.each() for found in one.report())
    return known and min(outcome.number, outcome.bytes_out, outcome.offset) >= 0


def _is_begun(entry: dict[str, Any], _: bytes) -> bool:
    return isinstance(entry["began"], list) and all(isinstance(one, str) for one in entry["began"])


def _is_whole(entry: dict[str, Any], _: bytes) -> bool:
    told = entry["assembled"]
    return isinstance(told, dict) and isinstance(told.get("size"), int) and isinstance(told.get("sha256"), str)


_GOOD: dict[str, Callable[[dict[str, Any], bytes], bool]] = {
    "source": _is_outcome, "began": _is_begun, "assembled": _is_whole, "journal": lambda *_: True,
}  # fmt: skip


def _nameless() -> int:
    with tempfile.TemporaryFile(prefix="convtool-") as file:
        return os.dup(file.fileno())


def _difference(one: dict[str, Any], other: dict[str, Any]) -> str:
    if one.get("journal") != _FORM:
        return "it is no journal, or one of another version"
    if one.get("convtool") != __version__:
        return f"by convtool {one.get('convtool')}"
    had, wanted = one.get("settings"), other["settings"]
    if not isinstance(had, dict):
        return "unknown ones"
    return ", ".join(f"{name}: {had.get(name)!r}" for name in wanted if had.get(name) != wanted[name]) or "unknown ones"
