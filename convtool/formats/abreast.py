"""A list's records read in several threads: the engine lets other threads run while it reads.

The text is cut where a record seems to end, and each piece is read by itself, ahead of its turn. A piece counts only
where the one before it has ended just there, between two records: then the engine, which had read all that is before,
would have stood there as well. Where a guess was wrong, or a record is left to the careful lane, what comes behind is
read again, by one.
"""

from __future__ import annotations

import re
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from convtool.engine import Run, State

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from concurrent.futures import Future

    from convtool.engine import Engine
    from convtool.formats.lane import Reading
    from convtool.formats.units import Batch

__all__ = ["Abreast"]

PIECE = 1 << 18  # bytes of a piece, about: some are in hand for each thread
_MOST = 4  # pieces that may go by without a border, before one reads on alone
_PATIENCE = 64  # times that one reads on alone, at most, after guesses that were wrong
_START = re.compile(rb"(?>(?:[ \t\r\n]|<!--.*?-->)*)<([^\s<>/!?]+)", re.DOTALL)
_KEY = re.compile(rb',?[ \t\r\n]*+(\{[ \t\r\n]*+"(?:[^"\\]|\\.)*+"[ \t\r\n]*+:)')
_TRIES = 8  # records that a piece may end before, from the last one back


class _Piece(NamedTuple):
    data: bytes
    run: Run
    answer: Future[tuple[int, list[bytes]]]


class Abreast:
    """Reads on for a ``Reading`` as long as the pieces fit; close it at the end."""

    def __init__(self, reading: Reading, jobs: int) -> None:
        self._reading = reading
        self._jobs = jobs
        self._pool: ThreadPoolExecutor | None = None
        self._wait = self._alone = 0  # rounds that one reads alone: after the next wrong guess, and still to go

    def close(self) -> None:
        """Let the threads end."""
        if self._pool is not None:
            self._pool.shutdown()

    def read(self, engine: Engine, counter: Run) -> Generator[Batch, None, int | None]:
        """Read on from where the reading stands; give the phase in which it stands then, None if it has not moved."""
        reading, source = self._reading, self._reading.source
        self._alone -= 1
        cut = None if self._alone > 0 or source.ended else self._cutter()
        if cut is None:
            return None
        if self._pool is None:
            self._pool = ThreadPoolExecutor(self._jobs)
        ahead, free, phase = deque[_Piece](), list[Run](), None
        rest, source.data = source.data, b""
        try:
            while True:
                while len(ahead) <= self._jobs and not source.ended and len(rest) < PIECE * _MOST:
                    more = source.pull(PIECE)
                    if (end := cut(more)) > 0:
                        data = b"".join((rest, memoryview(more)[:end]))  # the one copy that is made
                        ahead.append(self._begun(data, engine, free))
                        more, rest = more[end:], b""
                    rest += more
                if not ahead:
                    self._wait = 0
                    return phase
                piece = ahead.popleft()
                state, out = piece.answer.result()
                source.data, source.at = piece.data, piece.run.result.at
                fits = state == State.MORE and self._fits(piece)
                phase = State.BEFORE if fits else int(piece.run.result.phase)
                yield from reading.take(piece.run, out)
                if fits:
                    source.at = len(source.data)
                    free.append(piece.run)
                else:
                    engine.done(piece.run)
                source.drop(counter)
                if not fits:
                    self._wait = self._alone = min(max(1, self._wait * 2), _PATIENCE)
                    return phase
        finally:
            for piece in ahead:
                piece.answer.cancel()
            for piece in ahead:
                if not piece.answer.cancelled():
                    piece.answer.exception()  # it has ended, whatever came of it
                engine.done(piece.run)
            for run in free:
                engine.done(run)
            source.data = b"".join([source.data, *(piece.data for piece in ahead), rest])

    def _begun(self, data: bytes, engine: Engine, free: list[Run]) -> _Piece:
        """Let a thread read a piece."""
        if free:
            run = free.pop()
        else:
            run = engine.run()
            self._reading.begin(engine, run)
        run.resume(State.BEFORE, 0)
        assert self._pool is not None
        return _Piece(data, run, self._pool.submit(_fed, run, data))

    # --- where records end ---

    def _cutter(self) -> Callable[[bytes], int] | None:
        """Give what finds the last border of records in a text (0: none), as the last ones have shown it to be."""
        reading, source = self._reading, self._reading.source
        if reading.lines[0]:
            return lambda text: text.rfind(b"\n") + 1
        if reading.form.name == "xml":
            match = _START.match(source.data, source.at)
            if match is None or match[1].rpartition(b":")[2] != reading.item.name.encode():
                return None
            close = b"</" + match[1] + b">"
            return lambda text: max(0, text.rfind(close) + len(close)) if close in text else 0
        match = _KEY.match(source.data, source.at)
        if match is None:
            return None
        return partial(_before, match[1])

    def _fits(self, piece: _Piece) -> bool:
        """Tell whether a piece has ended between two records; in JSON that is a comma."""
        left = piece.data[piece.run.result.at :]
        if self._reading.form.name == "xml" or self._reading.lines[0]:
            return not left
        return left == b"," and piece.run.result.phase == State.BEHIND


def _before(start: bytes, text: bytes) -> int:
    """Give the offset behind the comma before the last record that begins like this; 0 where there is none."""
    at = len(text)
    for _ in range(_TRIES):
        at = text.rfind(start, 0, at)
        end = at
        while end > 0 and text[end - 1] in b" \t\r\n":
            end -= 1
        if end <= 0:
            return 0
        if text[end - 1] == 0x2C:
            return end
    return 0


def _fed(run: Run, data: bytes) -> tuple[int, list[bytes]]:
    out: list[bytes] = []
    return run.feed(data, 0, final=False, out=out), out
