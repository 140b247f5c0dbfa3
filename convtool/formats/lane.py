"""The engine's lane: records of a payload as the engine writes them, and the careful lane for those that it leaves.

``Lane`` belongs to a contract, ``Reading`` reads one document: it gives batches of records, written already in the
format asked for, and what the careful lane gives for records that the engine gave up on. Behind such a record the
engine goes on.
"""

from __future__ import annotations

import codecs
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

from convtool.engine import Engine, State, library
from convtool.findings import Location
from convtool.formats.events import Names, Teller, refused
from convtool.formats.filler import is_all_prolog
from convtool.formats.objects import Objects
from convtool.formats.text import AROUND, Text, detect_encoding
from convtool.formats.units import Bad, Batch
from convtool.formats.window import CHUNK, SOUND, Broken, Window, held
from convtool.model.program import KINDS, program

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator
    from typing import Protocol

    from convtool.engine import Run, Told
    from convtool.findings import Findings
    from convtool.formats.abreast import Abreast
    from convtool.formats.events import Notes
    from convtool.model.contract import Contract, Member
    from convtool.model.program import TagsOf

    class Stream(Protocol):
        """Reads records with care, in a window."""

        count: int
        phase: int

        def __iter__(self) -> Iterator[Batch | Bad]: ...

        def some(self, phase: int) -> Generator[Batch | Bad, None, bool]: ...

    class Careful(Notes, Protocol):
        """A format that reads with care.

        ``document`` gives what the engine reads of a payload, ``is_for_care`` tells what it is not to be given.
        """

        def document(self, text: Text, depth: int) -> tuple[Text, int] | None: ...

        def is_for_care(self, data: bytes, *, begins: bool) -> bool: ...

        def careful(self, window: Window, findings: Findings, reading: Reading) -> Stream: ...


__all__ = ["Begun", "Borrowed", "Lane", "Left", "Reading", "Source", "start"]

_DEEPEST = 160  # levels of a program's rows: more than any depth that may be asked for
_HEAD = 1 << 22  # bytes within which a list's head is, or else it is for the careful lane
_BORROWED = 1 << 12  # bytes that the careful lane is given at first: a record or some
_MARK = 4  # bytes of the longest byte order mark


class Left(Exception):
    """All of a document is for the careful lane; nothing of it has been given."""


class Source:
    """A payload's bytes as UTF-8, in pieces: ``data`` is in hand, ``at`` is where it is read on."""

    def __init__(self, text: Text, read: Callable[[int], bytes] | None = None, chunk: int = CHUNK) -> None:
        self.chunk = chunk
        self.data = text.data
        self.at = 0
        self.encoding = text.encoding
        self.start = text.start
        self.came_as_text = text.came_as_text
        self.ended = read is None
        self.before = ""  # the last of what has been forgotten, for excerpts
        self.broken = SOUND
        self._read = read
        self.begins = True  # nothing has been dropped
        self._decoder = None if self.encoding == "utf-8" else codecs.getincrementaldecoder(self.encoding)()
        self._whole = text if read is None else None
        self._arrived = (0, text.start)

    @classmethod
    def opened(cls, read: Callable[[int], bytes], findings: Findings, chunk: int = CHUNK) -> Source:
        """Begin to read a payload; Fatal where its encoding is none that is taken."""
        head = b""
        while len(head) < _MARK and (more := read(max(chunk, _MARK))):
            head += more
        encoding, mark = detect_encoding(head, findings)
        source = cls(Text(b"", encoding, Location(1, 1, mark)), read, chunk)
        source.data = source._decoded(head[mark:])
        return source

    def _decoded(self, raw: bytes, *, final: bool = False) -> bytes:
        if self._decoder is None:
            return raw
        try:
            return self._decoder.decode(raw, final).encode()
        except UnicodeDecodeError as error:
            seen = error.object[error.start : error.end].hex(" ").upper()
            message = f"The bytes {seen} are not {self.encoding.upper()}: {error.reason}."
            self.broken, self.ended = Broken("input.encoding", message), True
            return error.object[: error.start].decode(self.encoding).encode()

    def more(self) -> bool:
        """Read on, at least doubling what is in hand; False at the end."""
        if self.ended or self._read is None:
            return False
        self.data += self.pull(max(self.chunk, len(self.data) - self.at))
        if self.broken is SOUND:
            self.data, self.broken = held(self.data)
            self.ended = self.ended or self.broken is not SOUND or (self.begins and is_all_prolog(self.data))
        return True

    def pull(self, wanted: int) -> bytes:
        """Give what comes next, of so many bytes at least where there are as many."""
        assert self._read is not None
        parts: list[bytes] = []
        while wanted > 0 and not self.ended:
            raw = self._read(wanted)
            self.ended = not raw
            parts.append(raw)
            wanted -= len(raw)
        return self._decoded(parts[0] if len(parts) == 1 else b"".join(parts), final=self.ended)

    def forget(self, run: Run) -> None:
        """Drop what has been read, if there is anything behind it to come."""
        if not self.ended:
            self.drop(run)

    def drop(self, run: Run) -> None:
        """Drop what has been read."""
        if not self.at:
            return
        done = self.data[: self.at]
        line, column = run.place(done, self.start.line, self.start.column)
        size = self.at if self.encoding == "utf-8" else len(done.decode("utf-8", "replace").encode(self.encoding))
        self.before = (self.before + done[-4 * AROUND :].decode("utf-8", "replace"))[-AROUND:]
        self.start = Location(line, column, self.start.offset + size)
        self.begins = False
        self.data, self.at = self.data[self.at :], 0

    def passed(self, size: int, start: Location, before: str) -> int:
        """Go on by so many bytes, to a place behind some text; give how many bytes have been dropped."""
        self.at += size
        if self._whole is not None:
            return 0
        dropped, self.start, self.before, self.begins = self.at, start, before, False
        self.data, self.at = self.data[self.at :], 0
        return dropped

    def arrive(self, run: Run) -> None:
        """Find the place of ``at`` in a document in hand: the engine counts faster than Python."""
        if self._whole is not None and self.encoding == "utf-8":
            begin, here = self._arrived if self._arrived[0] <= self.at else (0, self.start)
            line, column = run.place(self.data[begin : self.at], here.line, here.column)
            self._arrived = self.at, Location(line, column, here.offset + self.at - begin)
            self._whole.know(*self._arrived)

    def text(self) -> Text:
        """Give what is in hand, as findings place it."""
        if self._whole is not None:
            return self._whole
        return Text(self.data, self.encoding, self.start, came_as_text=self.came_as_text, head=self.before)


class Borrowed(Window):
    """A window over what a source has from ``at`` on, for the careful lane; ``consumed`` is what it has read of it.

    ``alone``: nobody else reads the source, so that it forgets what the window has.
    """

    def __init__(self, source: Source, findings: Findings, chunk: int = _BORROWED, *, alone: bool = False) -> None:
        self.findings = findings
        self.text = ""
        self.at = 0
        self.ended = False
        self.encoding = source.encoding
        self.came_as_text = source.came_as_text
        self.start = source.text().locate(source.at)
        just = source.data[max(0, source.at - 4 * AROUND) : source.at].decode("utf-8", "replace")
        self._before = (source.before + just)[-AROUND:]
        self._broken = SOUND
        self._source = source
        self._alone = alone
        self._next = source.at
        self._over = 0  # bytes that are to be taken back
        self._chunk = chunk
        self._known = (0, self.start)
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._append(self._pull(chunk))

    def _read(self, size: int) -> bytes:
        source = self._source
        while self._next >= len(source.data):
            if self._alone:
                source.data, source.at, self._next = b"", 0, 0
            if not source.more():
                self._broken = source.broken
                self._over = max(0, self._next - len(source.data))
                return b""
        data = source.data[self._next : self._next + size]
        self._next += len(data)
        return data

    def _append(self, data: bytes) -> None:
        """Take what has been read, but for what the source has let go of since: it goes on for too long."""
        over, self._over = self._over, 0
        super()._append(data[: max(0, len(data) - over)])
        if over > len(data):
            self.text = self.text.encode()[: len(data) - over].decode("utf-8", "ignore")

    def forget(self) -> None:
        """Drop the text before ``at``, which the source has read then."""
        done = self.consumed
        super().forget()
        if done and not self._alone:
            self._next -= self._source.passed(done, self.start, self._before)

    @property
    def consumed(self) -> int:
        """How many bytes of the source have been read."""
        return len(self.text[: self.at].encode())


class Lane:
    """The engine for one contract; it may be shared by threads."""

    def __init__(self, contract: Contract, layout: TagsOf) -> None:
        self.contract = contract
        self._layout = layout
        self._lock = Lock()
        self._engine: Engine | None = None
        self._made = library() is None
        self._names: dict[tuple[int, str], Names] = {}

    def engine(self) -> Engine | None:
        """Give the engine with the contract's program, or None where there is none for it."""
        if not self._made:
            with self._lock:
                if not self._made:
                    self._build()
        return self._engine

    def names(self, engine: Engine, form: str) -> Names:
        """Give what findings in a format call the members of the engine's program."""
        key = engine.program.deepest, form
        found = self._names.get(key)
        if found is None:
            found = self._names[key] = Names(self.contract, engine.program.sites, form)
        return found

    def between(self, to: str) -> bytes:
        """Give what stands between two pieces of a document that is written in one piece after the other."""
        return b"," if to in ("json", "values") and self.contract.item is not None else b""

    def _build(self, **deeper: int) -> None:
        found, made = library(), program(self.contract, self._layout, **deeper)
        if found is not None and made is not None:
            self._engine = Engine(found, made)
        self._made = True

    def deepen(self, engine: Engine) -> bool:
        """Give recursive types more levels, where a document has been deeper than ``engine`` knows."""
        with self._lock:
            if self._engine is engine and engine.program.cut and engine.program.deepest < _DEEPEST:
                self._build(deepest=min(engine.program.deepest * 3, _DEEPEST))
            return self._engine is not engine


def start(
    engine: Engine, run: Run, form: Careful, text: Text | Source, findings: Findings, *, to: str, depth: int,
    lines: tuple[bool, bool] = (False, False), dotnet: bool = False,
) -> None:  # fmt: skip
    """Begin a document with the engine, in the way that its findings ask for."""
    run.start(
        form.name, to, depth=depth, profile=(findings.profile == "dotnet") + 2 * dotnet, lines=lines,
        charset=2 if text.came_as_text else int(text.encoding != "utf-8"),
        refuse=refused(findings.profile, findings.lossless), events=_room(engine, findings),
    )  # fmt: skip


def _room(engine: Engine, findings: Findings) -> int:
    """How many events there may be: what findings have room for, and one of each kind for each member."""
    return findings.room + len(engine.program.sites) * len(KINDS)


class Begun(NamedTuple):
    """A document that the engine has been fed already: what it answered, and what it has written."""

    engine: Engine
    run: Run
    state: int
    out: list[bytes]


class Reading:
    """Reads one document. Iterate once: Batch and Bad units, in order.

    ``to`` is "xml", "json", "values" (JSON to be decoded), or "" for a verdict alone; ``lines`` says of each side
    whether records stand in lines. ``form`` is the payload's format, whose ``careful`` gives the stream for what the
    engine leaves. ``losses``: what is lost in the other format is reported, ``located`` with its places; ``whole``: the
    document stays in hand, so that places can wait. ``begun``: the engine has had all of the source already. ``jobs``:
    threads that read records.
    """

    def __init__(
        self, lane: Lane, form: Careful, source: Source, findings: Findings, *, to: str, depth: int,
        lines: tuple[bool, bool] = (False, False), dotnet: bool = False, losses: bool = False, whole: bool = False,
        located: bool = False, begun: Begun | None = None, jobs: int = 1,
    ) -> None:  # fmt: skip
        self.lane = lane
        self.form = form
        self.source = source
        self.findings = findings
        self.to = to
        self.depth = depth
        self.lines = lines
        self.dotnet = dotnet
        self.losses = losses
        self.whole = whole
        self.located = located
        self.count = 0
        self.objects = Objects()  # those with an identity, in all records that the engine has left
        self.opening = b""  # the root's start tag as it stands, in XML
        self.lost: list[Told | Batch] = []  # what may have lost something, where losses wait
        self._left = 0  # records in a row that the engine has left
        self._checked = False  # all of a document in hand is text
        self._waiting: list[Told] = []
        self._teller: Teller | None = None
        self._begun = begun
        self._abreast: Abreast | None = None
        if jobs > 1 and not whole:
            from convtool.formats.abreast import Abreast  # few documents are so large

            self._abreast = Abreast(self, jobs)

    def __iter__(self) -> Iterator[Batch | Bad]:
        engine = self._begun.engine if self._begun is not None else self.lane.engine()
        if engine is None:
            yield from self.form.careful(
                Borrowed(self.source, self.findings, CHUNK, alone=not self.whole), self.findings, self
            )
            return
        run = self._begun.run if self._begun is not None else engine.run()
        try:
            while (yield from self._read(engine, run)):
                deeper = self.lane.engine()  # nothing has been read yet: from the beginning, with more levels
                assert deeper is not None
                engine.done(run)
                engine, run = deeper, deeper.run()
        finally:
            if self._abreast is not None:
                self._abreast.close()
            engine.done(run)

    def _next(self, engine: Engine, run: Run) -> tuple[int, list[bytes]]:
        """Feed the engine; give what it answers and has written."""
        source, findings, begun = self.source, self.findings, self._begun
        if self._teller is None:
            names = self.lane.names(engine, self.form.name)
            self._teller = Teller(names, self.form, losses=self.losses, located=self.located)
            if begun is None:
                start(
                    engine, run, self.form, source, findings, to=self.to, depth=self.depth, lines=self.lines,
                    dotnet=self.dotnet,
                )  # fmt: skip
        if begun is not None:
            self._begun = None
            return begun.state, begun.out
        out: list[bytes] = []
        return run.feed(source.data, source.at, final=source.ended and source.broken is SOUND, out=out), out

    def _read(self, engine: Engine, run: Run) -> Generator[Batch | Bad, None, bool]:
        """Read to the end; give whether the document wants a deeper engine from its beginning."""
        self._teller = None
        source, result = self.source, run.result
        while True:
            state, out = self._next(engine, run)
            if result.root_end and not self.opening:
                self.opening = source.data[result.root_at : result.root_end]
            source.at = result.at
            yield from self.take(run, out, self.count)
            if state == State.DONE:
                if not self.count:
                    yield Batch(0, [], nil=bool(result.nil))
                self._settle()
                return False
            if state == State.MORE:
                source.forget(run)
                if self._abreast is not None and result.phase:
                    phase = yield from self._abreast.read(engine, run)
                    if phase is not None:
                        run.resume(phase, self.count)
                        continue
                more = (result.phase or len(source.data) < _HEAD) and source.more()
                if more and not self.form.is_for_care(source.data, begins=source.begins):
                    continue
            if result.deep and self.lane.deepen(engine) and state == State.DOCUMENT:
                return True
            if result.nil and result.phase:  # a list that is null, and something behind it
                yield Batch(0, [], nil=True)
            if (yield from self._leave(run, result.phase)):
                return False

    def take(self, run: Run, out: list[bytes], before: int = 0) -> Iterator[Batch]:
        """Tell what the engine has found, and give the records that it has read: it knew of ``before`` already."""
        first = self.count
        self._tell(run.take(self.findings.room + len(self.teller.sites) * len(KINDS), first - before))
        if run.result.records > before:
            self.count, self._left = first + run.result.records - before, 0
            yield Batch(first, [], pieces=out, between=self.between, count=self.count - first)

    def begin(self, engine: Engine, run: Run) -> None:
        """Let another run stand where the list of this document begins."""
        start(
            engine, run, self.form, self.source, self.findings, to=self.to, depth=self.depth, lines=self.lines,
            dotnet=self.dotnet,
        )  # fmt: skip
        if not self.lines[0]:
            run.feed(self.opening if self.form.name == "xml" else b"[", 0, final=False, out=[])

    @property
    def item(self) -> Member:
        """The records of the list."""
        assert self.lane.contract.item is not None
        return self.lane.contract.item

    @property
    def teller(self) -> Teller:
        """Who turns what the engine has found into findings, once reading has begun."""
        assert self._teller is not None
        return self._teller

    @property
    def between(self) -> bytes:
        """What stands between two pieces of what is written."""
        return self.lane.between(self.to) if not self.lines[1] else b""

    # --- what there is to say ---

    def _tell(self, told: Told | None) -> None:
        if told is None:
            return
        self._waiting.append(told)
        if not self.whole:
            self._report()
            if self.losses:
                self.teller.tell(told, self.source.text(), self.findings, losses=True)
        elif self.losses:
            self.lost.append(told)

    def _report(self) -> None:
        waiting, self._waiting = self._waiting, []
        for told in waiting:
            self.teller.tell(told, self.source.text(), self.findings, losses=False)

    def _settle(self) -> None:
        """Report what has waited, when it is asked for."""
        if self._waiting:
            self.findings.defer(lambda _: self._report())

    # --- the careful lane ---

    def _leave(self, run: Run, phase: int) -> Generator[Batch | Bad, None, bool]:
        """Leave a record, or what stands in its place, to the careful lane; give whether that has come to the end."""
        if self.whole and not self._divisible(run):
            raise Left
        self._report()
        if self.source.at > CHUNK:
            self.source.forget(run)
        self.source.arrive(run)
        chunk = min(_BORROWED << self._left, CHUNK) if phase else CHUNK
        self._left += 1
        window = Borrowed(self.source, self.findings, chunk, alone=phase == State.TAIL and not self.whole)
        window.few = self._left == 1
        stream = self.form.careful(window, self.findings, self)
        ended = yield from stream.some(phase)
        self.source.at += window.consumed
        self.count = stream.count
        if not ended:
            run.resume(stream.phase, self.count)
        return ended

    def _divisible(self, run: Run) -> bool:
        """Tell whether a document in hand can be left in parts: it is a list, and all of it is text."""
        text = self.source.text()
        if self.lane.contract.item is None:
            return False
        if not self._checked:
            self._checked = run.is_text(text.data, self.source.at)  # what is before has been read as text
        return self._checked
