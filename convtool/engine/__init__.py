"""The native engine: ``engine.c`` beside this file, loaded with ctypes, which lets other threads run meanwhile.

One seam: ``library()`` gives the engine, or None where there is none to use or ``CONVTOOL_ENGINE=off`` says so; then
the careful lane serves alone, and ``about()`` says why. What it does and does not is told at the head of ``engine.c``.
"""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from zlib import crc32

from convtool.limits import LIMITS

if TYPE_CHECKING:
    from convtool.model.program import Program

__all__ = ["ABI", "Engine", "Event", "Library", "Run", "State", "Told", "about", "library", "library_name"]

ABI = 3  # as engine.c and model/program.py have it
_WORDS = 1 << 25  # of a record's tape: 128 MB, which five million values need
_BUFFER = 1 << 16  # bytes that a run's output begins with
_KINDS = 9  # of events
_ONCE = 7  # the first of them are told once for a member, with their number
_EVENT = struct.Struct("=QQIIIIII")
_KIND_AT = 16 if sys.byteorder == "little" else 19  # the lowest byte of an event's kind
_STEP = struct.Struct("=II")
_NO_RECORD = (1 << 64) - 1


class State:
    """What ``Run.feed`` answers; see the head of ``engine.c``. And where a document is: ``phase``."""

    DONE: Final = 0
    MORE: Final = 1
    FULL: Final = 2
    GIVEUP: Final = 3
    DOCUMENT: Final = 4
    BEFORE: Final = 1
    BEHIND: Final = 2
    TAIL: Final = 3
    COMMA: Final = 4


class _Options(ctypes.Structure):
    _fields_ = [
        *((name, ctypes.c_uint32)
          for name in ("format", "to", "profile", "lines", "charset", "depth", "refuse", "events")),
        *((name, ctypes.c_uint64) for name in ("elements", "text", "words")),
    ]  # fmt: skip


class _Result(ctypes.Structure):
    _fields_ = [
        *((name, ctypes.c_uint64)
          for name in ("at", "out", "need", "records", "root_at", "root_end", "n_events", "n_steps", "dropped",
                       "stopped")),
        *((name, ctypes.c_uint32) for name in ("nil", "error", "phase", "deep")),
        *((name, ctypes.c_void_p) for name in ("events", "steps", "counts")),
    ]  # fmt: skip


class Event(NamedTuple):
    """One thing to say: its kind and member (numbers of the program), where it is in the data, and how long.

    ``record`` is None outside of a list's records; ``path`` has (member, index) pairs from the root down.
    """

    kind: int
    site: int
    at: int
    length: int
    record: int | None
    path: tuple[tuple[int, int], ...]


class Told(NamedTuple):
    """The events of what has been read since they were last asked for, as the engine gave them.

    ``first``: how many records there were before the first that the engine has counted.
    """

    raw: bytes
    steps: bytes
    counts: bytes
    dropped: int
    first: int = 0

    def kinds(self) -> set[int]:
        """Give the kinds that there are events of."""
        return set(self.raw[_KIND_AT :: _EVENT.size])

    def events(self) -> list[Event]:
        """Give the events in the order in which they were found."""
        steps, first = list(_STEP.iter_unpack(self.steps)), self.first
        return [
            Event(
                kind,
                site,
                at,
                length,
                None if record == _NO_RECORD else record + first,
                _moved(steps[path : path + n], first if record != _NO_RECORD else 0),
            )
            for at, record, kind, site, length, path, n, _ in _EVENT.iter_unpack(self.raw)
        ]

    def totals(self) -> dict[tuple[int, int], int]:
        """Give how often what is told once for a member was found, by its number and the kind."""
        found = memoryview(self.counts).cast("Q")  # hundreds, of which few are not 0
        totals: dict[tuple[int, int], int] = {}
        rest = self.counts.lstrip(b"\0")
        while rest:
            slot = (len(self.counts) - len(rest)) // 8
            totals[divmod(slot, _KINDS)] = found[slot]
            rest = self.counts[slot * 8 + 8 :].lstrip(b"\0")
        return totals


def _moved(path: list[tuple[int, int]], by: int) -> tuple[tuple[int, int], ...]:
    """Give a path with the index of its record, which stands behind the list itself, raised."""
    if by and len(path) > 1:
        path[1] = (path[1][0], path[1][1] + by)
    return tuple(path)


class Library:
    """The loaded engine; OSError where the file is none, or one that this version of convtool does not speak with."""

    def __init__(self, path: Path) -> None:
        pointer, size, u32, u64 = ctypes.c_void_p, ctypes.c_size_t, ctypes.c_uint32, ctypes.c_uint64
        if _cut_off(path):
            raise OSError("the file has been cut off")
        self.loaded = loaded = ctypes.CDLL(str(path))
        if not hasattr(loaded, "convtool_abi"):
            raise OSError("the file is no engine")
        if (abi := loaded.convtool_abi()) != ABI:
            raise OSError(f"its interface is {abi}, and {ABI} is wanted")
        for name, result, arguments in (
            ("abi", u32, []),
            ("program", pointer, [ctypes.c_char_p, size]),
            ("sites", u32, [pointer]),
            ("program_free", None, [pointer]),
            ("run", pointer, [pointer]),
            ("run_free", None, [pointer]),
            ("start", ctypes.c_int, [pointer, pointer]),
            ("resume", None, [pointer, u32, u64]),
            ("taken", None, [pointer, u32]),
            ("feed", ctypes.c_int, [pointer, ctypes.c_char_p, size, size, ctypes.c_int, pointer, size, pointer]),
            ("is_text", ctypes.c_int, [ctypes.c_char_p, size, size]),
            ("place", None, [ctypes.c_char_p, size, ctypes.POINTER(u64), ctypes.POINTER(u64)]),
        ):
            function = getattr(loaded, f"convtool_{name}")
            function.restype, function.argtypes = result, arguments
            setattr(self, name, function)

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            """Give one of the engine's functions."""


def library_name() -> str:
    """Give the name of the engine's file on this platform."""
    return "engine.dll" if sys.platform == "win32" else "engine.dylib" if sys.platform == "darwin" else "engine.so"


def _cut_off(path: Path) -> bool:
    """Tell whether a library of Linux lacks its end: loading it, which is a mapping, would end the process by SIGBUS.

    The table of sections is the last of what a linker writes. macOS and Windows look for themselves.
    """
    with path.open("rb") as file:
        head, size = file.read(64), os.fstat(file.fileno()).st_size
    if head[:4] != b"\x7fELF" or len(head) < 64:
        return False  # then loading it is refused
    order, wide = "<" if head[5] == 1 else ">", head[4] == 2
    table: int = struct.unpack_from(order + ("Q" if wide else "I"), head, 40 if wide else 32)[0]
    each, count = struct.unpack_from(order + "HH", head, 58 if wide else 46)
    return size < table + int(each * count)


def _outdated(loaded: ctypes.CDLL) -> bool:
    """Tell whether a library is of another ``engine.c`` than lies beside it; only checkouts have one."""
    try:
        made_of = ctypes.c_uint32.in_dll(loaded, "convtool_source").value
        return made_of != crc32(Path(__file__).with_name("engine.c").read_bytes())
    except (ValueError, OSError):  # it has been compiled by hand; there is no engine.c
        return False


def _file() -> Path:
    return Path(__file__).with_name(library_name())


@cache
def _loaded() -> Library | str:
    """Give the engine, or why there is none."""
    if os.environ.get("CONVTOOL_ENGINE", "").lower() == "off":
        return "CONVTOOL_ENGINE is off"
    path = _file()
    try:
        found = Library(path)
        return "engine.c has changed since it was built" if _outdated(found.loaded) else found
    except FileNotFoundError:
        return "it has not been built"
    except (OSError, AttributeError) as error:
        return f"{path} cannot be used: {str(error).removeprefix(f'{path}: ')}"


def library() -> Library | None:
    """Give the engine, or None where there is none."""
    found = _loaded()
    return None if isinstance(found, str) else found


def about() -> str:
    """Say which engine is used, or why there is none."""
    found = _loaded()
    return f"no engine: {found}" if isinstance(found, str) else f"engine {ABI}, {_file()}"


class Engine:
    """The engine for one program: it may be shared by threads, each of which takes a run of its own."""

    def __init__(self, of: Library, program: Program) -> None:
        self.library = of
        self.program = program
        self._free: list[Run] = []
        self._at = of.program(program.data, len(program.data))
        if not self._at or of.sites(self._at) != len(program.sites):
            raise ValueError("the engine takes no such program")

    def __del__(self) -> None:
        self._free.clear()
        if getattr(self, "_at", None):
            self.library.program_free(self._at)

    def run(self) -> Run:
        """Take a run that nobody uses."""
        while True:
            try:
                run = self._free.pop()
            except IndexError:
                return Run(self, self._at)
            if run.alive:
                return run

    def done(self, run: Run) -> None:
        """Give a run back."""
        run.shrink()
        self._free.append(run)


class Run:
    """One document being read: ``start`` it, ``feed`` it; ``at``, ``records`` and so on say how far it is."""

    def __init__(self, engine: Engine, program: int) -> None:
        self._library = engine.library
        self._sites = len(engine.program.sites)
        self._at = self._library.run(program)
        if not self._at:
            raise MemoryError
        self._options, self.result = _Options(), _Result()
        self._options_at, self._result_at = ctypes.byref(self._options), ctypes.byref(self.result)
        self._chosen: tuple[object, ...] | None = None  # what the options are
        self._room(_BUFFER)

    def __del__(self) -> None:
        if getattr(self, "_at", None):
            self._library.run_free(self._at)
            self._at = None

    @property
    def alive(self) -> bool:
        """Whether it may be used: not where it went with a reading that was left, whose end has given it back."""
        return self._at is not None

    def _room(self, size: int) -> None:
        self._size = size
        self._buffer = ctypes.create_string_buffer(size)
        self._out = ctypes.addressof(self._buffer)

    def shrink(self) -> None:
        """Let go of a buffer that only a large document needs."""
        if self._size > 1 << 22:
            self._room(_BUFFER)

    def start(
        self, form: str, to: str, *, depth: int, profile: int = 0, lines: tuple[bool, bool] = (False, False),
        charset: int = 0, refuse: int = 0, events: int = 0,
    ) -> None:  # fmt: skip
        """Begin a document; ``to`` is "xml", "json", "values" or "" (a verdict), ``lines`` whether each side has lines.

        ``profile`` is 0 where the strict one holds; else 1, and 2 more where what is written is as .NET has it.
        """
        chosen = (form, to, depth, profile, lines, charset, refuse, events)
        if chosen != self._chosen:
            self._choose(*chosen)
        if self._library.start(self._at, self._options_at):
            self._chosen = None
            raise ValueError("the engine takes no such options")

    def _choose(
        self, form: str, to: str, depth: int, profile: int, lines: tuple[bool, bool], charset: int, refuse: int,
        events: int,
    ) -> None:  # fmt: skip
        options = self._options
        options.format, options.to = form != "xml", {"": 0, "xml": 1, "json": 2, "values": 3}[to]
        options.profile, options.lines, options.charset = profile, lines[1] | lines[0] << 1, charset
        options.depth, options.refuse, options.events = depth, refuse, events
        options.elements, options.text, options.words = LIMITS.elements - 2, LIMITS.text, _WORDS
        self._chosen = (form, to, depth, profile, lines, charset, refuse, events)

    def feed(self, data: bytes, pos: int, *, final: bool, out: list[bytes]) -> int:
        """Read on at ``pos``; what is written is added to ``out``. Give a state, which is never FULL."""
        feed, result = self._library.feed, self.result
        while True:
            state: int = feed(self._at, data, len(data), pos, final, self._out, self._size, self._result_at)
            if result.out:
                out.append(ctypes.string_at(self._out, result.out))
            if state != State.FULL:
                return state
            pos = result.at
            if result.need > self._size or self._size < 1 << 20:
                self._room(max(result.need, min(self._size * 4, 1 << 20)))

    def resume(self, phase: int, seen: int) -> None:
        """Go on behind records that have been judged by the careful lane."""
        self._library.resume(self._at, phase, seen)

    def take(self, events: int, first: int = 0) -> Told | None:
        """Give what there is to say, if anything, and forget it; at most ``events`` may be added from now on.

        ``first``: how many records the engine does not know of.
        """
        result, size = self.result, self._sites * _KINDS * 8
        counts = ctypes.string_at(result.counts, size)
        if not result.n_events and not result.dropped and counts.count(0) == size:
            return None
        raw = ctypes.string_at(result.events, result.n_events * _EVENT.size) if result.n_events else b""
        steps = ctypes.string_at(result.steps, result.n_steps * _STEP.size) if result.n_steps else b""
        told = Told(raw, steps, counts, result.dropped, first)
        self._library.taken(self._at, events)
        result.n_events = result.n_steps = result.dropped = 0
        return told

    def is_text(self, data: bytes, pos: int) -> bool:
        """Tell whether all of ``data`` from ``pos`` on is UTF-8."""
        return bool(self._library.is_text(data, len(data), pos))

    def place(self, data: bytes, line: int, column: int) -> tuple[int, int]:
        """Give the line and column behind ``data``, which begins at the given ones."""
        lines, columns = ctypes.c_uint64(line), ctypes.c_uint64(column)
        self._library.place(data, len(data), ctypes.byref(lines), ctypes.byref(columns))
        return lines.value, columns.value


def once(kind: int) -> bool:
    """Tell whether a kind of event is told once for a member."""
    return kind < _ONCE
