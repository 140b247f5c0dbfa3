"""Whole documents by the engine: what it has written, and the values of what the careful lane has read."""

from __future__ import annotations

import gc
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import msgspec

from convtool.engine import State
from convtool.formats.events import Teller
from convtool.formats.lane import Begun, Left, Reading, Source, start
from convtool.formats.units import Bad, Batch

if TYPE_CHECKING:
    from collections.abc import Callable

    from convtool.engine import Told
    from convtool.findings import Findings
    from convtool.formats.lane import Careful, Lane
    from convtool.formats.text import Text
    from convtool.model.instance import Instances

__all__ = ["Taken", "decoded", "rewritten", "taken"]

_DEEPEST = 150
_LARGE = 1 << 16  # bytes of JSON from which on Python's garbage collection waits for the values


class Taken(msgspec.Struct):
    """A document's records in order, as the engine has written them or as values; ``bad``: one of them is wrong.

    ``lost``: what may have lost something in the other format, which ``teller`` can tell of ``text``.
    """

    text: Text
    parts: list[Batch] = []
    nil: bool = False
    bad: bool = False
    lost: list[Told | Batch] = []
    teller: Teller | None = None

    @property
    def records(self) -> int:
        """How many records there are; null is one value, and so is what is no list."""
        return 1 if self.nil else sum(part.size for part in self.parts)

    @property
    def report_losses(self) -> Callable[[Findings], None]:
        """What reports the losses of what the engine has read; it does not hold on to what has been written."""
        lost, teller, text = self.lost, self.teller, self.text

        def report(findings: Findings) -> None:
            for one in lost:
                if not isinstance(one, Batch):
                    assert teller is not None
                    teller.tell(one, text, findings, losses=True)

        return report

    def value(self, instances: Instances) -> Any:
        """Give the value of a document that was written as JSON."""
        if self.nil:
            return None
        if instances.item is None:
            return _decode(_decoder(instances, False), self.parts[0].joined())
        values: list[Any] = []
        for part in self.parts:
            values += part.values if part.pieces is None else decoded(instances, part)
        return values


def decoded(instances: Instances, part: Batch) -> list[Any]:
    """Give the values of a list's records that the engine has written as JSON."""
    values: list[Any] = _decode(_decoder(instances, True), part.joined(b"[", b"]"))
    return values


def _decode(decoder: msgspec.json.Decoder[Any], data: bytes) -> Any:
    """Give the value of JSON. Values are trees: looking for rings among them would take a third of the time."""
    pause = len(data) > _LARGE and gc.isenabled()
    if not pause:
        return decoder.decode(data)
    gc.disable()
    try:
        return decoder.decode(data)
    finally:
        gc.enable()


@lru_cache(maxsize=256)
def _decoder(instances: Instances, listed: bool) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(list[instances.item] if listed else instances.root)  # type: ignore[name-defined]


def taken(
    lane: Lane, form: Careful, text: Text, findings: Findings, *, to: str, depth: int, dotnet: bool = False,
    losses: bool = False, located: bool = True, lines: bool = False,
) -> Taken | None:  # fmt: skip
    """Read a document with the engine, and with the careful lane what it leaves.

    None, and nothing found, where all of it is for the careful lane: there is no engine, it is no list of which parts
    could be left, or no UTF-8. ``lines``: what is written has a record in each line.
    """
    engine, found = lane.engine(), form.document(text, depth)
    if engine is None or found is None:
        return None
    document, depth = found
    run, out, result = engine.run(), list[bytes](), Taken(document)
    start(engine, run, form, document, findings, to=to, depth=depth, lines=(False, lines), dotnet=dotnet)
    state = run.feed(document.data, 0, final=True, out=out)
    if state == State.DONE:
        _all_of_it(result, lane, form, findings, Begun(engine, run, state, out), to=to, losses=losses, located=located)
        return result
    if document is not text:  # an envelope's body, which the careful lane reads within the envelope
        engine.done(run)
        return None
    reading = Reading(
        lane, form, Source(text), findings, to=to, depth=depth, lines=(False, lines), dotnet=dotnet, losses=losses,
        whole=True, located=located, begun=Begun(engine, run, state, out),
    )  # fmt: skip
    try:
        for unit in reading:
            if isinstance(unit, Bad):
                result.bad = True
                findings.keep(unit.found)
            else:
                result.nil = result.nil or unit.nil
                if unit.size:
                    result.parts.append(unit)
                    if losses and unit.pieces is None:
                        reading.lost.append(unit)
    except Left:
        return None
    findings.restore()
    result.lost, result.teller = reading.lost, reading.teller
    return result


def _all_of_it(
    result: Taken, lane: Lane, form: Careful, findings: Findings, done: Begun, *, to: str, losses: bool, located: bool
) -> None:
    """Take a document that the engine has read to its end, as it does with most; what there is to say can wait."""
    engine, run, answer = done.engine, done.run, done.run.result
    if count := answer.records:
        result.parts.append(Batch(0, [], pieces=done.out, between=lane.between(to), count=count))
    result.nil = bool(answer.nil)
    told = run.take(0) if answer.n_events or answer.dropped else None
    engine.done(run)
    if told is not None:
        text = result.text
        teller = result.teller = Teller(lane.names(engine, form.name), form, losses=losses, located=located)
        if losses:
            result.lost.append(told)
        findings.defer(lambda findings: teller.tell(told, text, findings, losses=False))


def rewritten(lane: Lane, data: bytes) -> bytes | None:
    """Give a document in JSON's wire form as XML; None where the engine has anything to say about it."""
    engine = lane.engine()
    if engine is None:
        return None
    run, out = engine.run(), list[bytes]()
    try:
        run.start("json", "xml", depth=_DEEPEST, refuse=-1 & 0xFFFFFFFF)
        done = run.feed(data, 0, final=True, out=out) == 0 and run.result.records > 0
    finally:
        engine.done(run)
    return b"".join(out) if done else None
