"""Payloads of any size, record by record.

What Codec's ``iter_read`` and ``convert_stream`` and file validation are made of.

A list contract's records stream in the memory of the largest one. Other contracts have one value, which is read whole.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from convtool.errors import PayloadError, SourceError, UsageError
from convtool.findings import Findings, Report, Severity
from convtool.formats.filler import blank
from convtool.formats.json.writer import indent
from convtool.formats.lane import Borrowed, Reading
from convtool.formats.lane import Source as Bytes
from convtool.formats.leaf import BAD, Unwritable
from convtool.formats.taken import decoded, taken
from convtool.formats.text import DEPTH, Fatal
from convtool.formats.units import Bad, Batch
from convtool.formats.window import CHUNK, SOUND
from convtool.limits import checked_depth
from convtool.model.dotnet import as_dotnet
from convtool.sniff import seen_format, sniff_text
from convtool.sources import guarded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import BinaryIO, Protocol

    from convtool.codes import Profile
    from convtool.findings import Diagnostic
    from convtool.formats.form import FormFormat
    from convtool.formats.json.format import JsonFormat
    from convtool.formats.lane import Lane
    from convtool.formats.text import Text
    from convtool.formats.window import Window
    from convtool.formats.xml.format import XmlFormat
    from convtool.model.contract import Contract
    from convtool.model.instance import Instances
    from convtool.referee import Referee

    class Codec(Protocol):
        """What streams need of a contract's codec (``convtool.convert.Codec``)."""

        model: Contract
        instances: Instances
        lane: Lane
        formats: dict[str, XmlFormat | JsonFormat]
        referee: Referee | None
        makes: bool  # whether the server makes members of others

        @property
        def name(self) -> str: ...

        def format(self, name: str) -> XmlFormat | JsonFormat | FormFormat: ...


__all__ = ["OnError", "Source", "StreamResult", "convert_stream", "is_crowded", "records", "validate_stream"]

OnError = Literal["stop", "skip"]


class StreamResult(msgspec.Struct):
    """What a streamed conversion did: records written and skipped, and the report (places in the whole payload)."""

    records: int = 0
    skipped: int = 0
    report: Report = msgspec.field(default_factory=Report)


class Source(msgspec.Struct):
    """An open payload: how to read it, what its name is, and how it is to be read."""

    read: Callable[[int], bytes]
    name: str = ""
    format: str | None = None  # "xml", "json", "ndjson", or None: sniffed
    depth: int = DEPTH
    jobs: int = 1  # threads that read a list's records

    def __post_init__(self) -> None:
        checked_depth(self.depth)


def units(codec: Codec, source: Source, findings: Findings, to: str | None = None) -> tuple[str, Iterator[Batch | Bad]]:
    """Give the payload's format, and its records as they can be read.

    ``to`` is what they are for: "" for a verdict, "xml", "json" or "ndjson" to be written, None for values.
    """
    try:
        raw = Bytes.opened(guarded(source.read, source.name), findings, CHUNK)
        while not raw.data.strip(b" \t\r\n") and raw.more():
            pass
        seen = seen_format(raw.data)
        given = "json" if source.format == "ndjson" else source.format
        whole = seen is not None and codec.model.item is not None and codec.formats[seen].is_whole(raw.data)
        for_engine = seen and not whole and given in (None, seen) and _is_for_engine(codec, to, findings.profile)
        if codec.referee is None and seen and for_engine:
            chosen = source.format or seen
            return chosen, _by_engine(codec, chosen, raw, findings, source, to)
        window = Borrowed(raw, findings, CHUNK, alone=True)
        chosen = sniff_text(window, findings, source.format)  # type: ignore[assignment]
    except Fatal:
        return source.format or "", iter([Bad(0, "", findings.take(), last=True)])
    if chosen is None:
        return "", iter([Bad(0, window.text, findings.take(), last=True)])
    found = _units(codec, chosen, window, findings, source.depth)
    return chosen, found if codec.referee is None else codec.referee.units(found, findings, chosen)


def _is_for_engine(codec: Codec, to: str | None, profile: Profile) -> bool:
    if codec.makes and profile == "dotnet" and to in ("json", "ndjson"):
        return False  # the engine joins no texts
    return codec.lane.engine() is not None and (to is not None or codec.instances.readable)


def _by_engine(
    codec: Codec, chosen: str, raw: Bytes, findings: Findings, source: Source, to: str | None
) -> Iterator[Batch | Bad]:
    form, target = (
        codec.formats["xml" if chosen == "xml" else "json"],
        "values" if to is None else "json" if to == "ndjson" else to,
    )
    assert target is not None
    dotnet, losses = findings.profile == "dotnet" and bool(to), to not in ("", None) and target != form.name
    if codec.model.item is None:
        return _one(codec, form, raw, findings, source.depth, to)
    lines = chosen == "ndjson", to == "ndjson"
    parts = Reading(
        codec.lane, form, raw, findings, to=target, depth=source.depth, lines=lines, dotnet=dotnet, losses=losses,
        jobs=source.jobs,
    )  # fmt: skip
    return iter(parts) if to is not None else _values(codec, parts)


def _values(codec: Codec, parts: Reading) -> Iterator[Batch | Bad]:
    """Give what the engine has written in JSON as values."""
    for part in parts:
        if isinstance(part, Batch) and part.pieces is not None:
            yield Batch(part.first, decoded(codec.instances, part))
        else:
            yield part


def _one(
    codec: Codec, form: XmlFormat | JsonFormat, raw: Bytes, findings: Findings, depth: int, to: str | None
) -> Iterator[Batch | Bad]:
    """Read a document of one value."""
    while raw.more():
        pass
    if to is not None and raw.broken is SOUND:
        losses = to not in ("", form.name)
        found = taken(
            codec.lane, form, raw.text(), findings, to=to, depth=depth, losses=losses, located=False,
            dotnet=findings.profile == "dotnet" and to != "",
        )  # fmt: skip
        if found is not None:
            if losses:
                findings.defer(found.report_losses)
            yield from found.parts
            return
    yield from _whole(codec, form.name, Borrowed(raw, findings, CHUNK), findings, depth, engine=to is None)


def _units(codec: Codec, chosen: str, window: Window, findings: Findings, depth: int) -> Iterator[Batch | Bad]:
    if codec.model.item is None or codec.model.has_references or chosen == "form":
        return _whole(codec, chosen, window, findings, depth)
    if chosen == "xml":
        if codec.formats["xml"].is_whole(window.text.encode()):
            return _whole(codec, chosen, window, findings, depth)
        from convtool.formats.xml.stream import XmlStream

        return iter(XmlStream(codec.formats["xml"], window, findings, depth=depth))  # type: ignore[arg-type]
    from convtool.formats.json.stream import JsonStream

    lines = chosen == "ndjson"
    return iter(JsonStream(codec.formats["json"], window, findings, lines=lines, depth=depth))  # type: ignore[arg-type]


def _whole(
    codec: Codec, chosen: str, window: Window, findings: Findings, depth: int, *, engine: bool = True
) -> Iterator[Batch | Bad]:
    try:
        while window.more():
            pass
    except Fatal:
        yield Bad(0, window.text, findings.take(), last=True)
        return
    form = codec.format("json" if chosen == "ndjson" else chosen)
    read = form.read if engine or chosen == "form" else form.read_carefully  # type: ignore[union-attr]
    value = read(window.places(0), findings, depth=depth)
    if value is BAD or findings.errors:
        yield Bad(0, window.text, findings.take(), last=True)
    elif codec.model.item is not None:
        yield Batch(0, value or [], nil=value is None)
    else:
        yield Batch(0, [value])


def records(
    codec: Codec, source: Source, findings: Findings, on_bad: Callable[[Bad], None] | None = None
) -> Iterator[Any]:
    """Yield a payload's records; PayloadError at the first bad one, unless ``on_bad`` takes it."""
    chosen, parts = units(codec, source, findings)
    for part in parts:
        if isinstance(part, Bad):
            if on_bad is None:
                findings.keep(part.found)
                raise PayloadError(_report(codec, chosen, source, findings))
            on_bad(part)
        else:
            yield from _settled(codec, part.values, findings, typed=chosen == "xml")[0]


def _settled(
    codec: Codec, values: list[Any], findings: Findings, *, to: str = "", typed: bool = True
) -> tuple[list[Any], bool]:
    if findings.profile != "dotnet":
        return values, False
    item = codec.model.item
    key = item.type if item is not None else codec.model.root
    pairs = [
        as_dotnet(
            codec.model,
            codec.instances,
            value,
            to=to,
            key=key,
            typed=typed,
        )
        for value in values
    ]
    return [value for value, _ in pairs], any(replaced for _, replaced in pairs)


def _report(codec: Codec, chosen: str, source: Source, findings: Findings) -> Report:
    shown = "json" if chosen == "ndjson" else chosen
    return Report(findings.settled(), codec.name, shown, findings.profile, source.name, dropped=findings.dropped)


def validate_stream(codec: Codec, source: Source, findings: Findings) -> Report:
    """Give every finding about a payload of any size."""
    good = 0
    chosen, parts = units(codec, source, findings, "")
    for part in parts:
        if isinstance(part, Batch):
            good += part.size
        else:
            findings.keep(part.found)
    report = _report(codec, chosen, source, findings)
    report.records = good
    return report


def is_crowded(
    codec: Codec, content: bytes | str, text: Text, findings: Findings, format: str | None, depth: int
) -> bool:
    """Tell whether a payload in memory has white space that no stream would hold, and report it as a stream does."""
    if blank(text.data) < 0:
        return False
    data = text.data if isinstance(content, str) else content
    report = validate_stream(codec, Source(io.BytesIO(data).read, "", format, depth), Findings(findings.profile))
    crowded = any(one.code == "limit.space" for one in report.diagnostics)
    if crowded:
        findings.keep([*report.diagnostics])
    return crowded


def convert_stream(
    codec: Codec, source: Source, sink: BinaryIO, to: str, findings: Findings, *,
    pretty: bool = False, on_error: OnError = "stop", on_bad: Callable[[Bad, Report], None] | None = None,
) -> StreamResult:  # fmt: skip
    """Convert a payload of any size into ``sink``; ``to``: xml, json, or ndjson (one record a line).

    A bad record is a PayloadError ("stop"), or goes to ``on_bad`` ("skip"), unless nothing good was or can be read.
    """
    if on_error == "skip" and findings.lossless:
        raise UsageError("a record that would lose something is not put aside", hint="choose lossless or to skip")
    if to == "ndjson" and codec.model.item is None:
        raise UsageError(f"{codec.name} is not a list: there are no records to write one a line")
    writer = _Writer(codec, sink, to, pretty)
    chosen, parts = units(codec, source, findings, None if pretty and to == "xml" else to)
    skipped = 0
    kept: list[Diagnostic] = []
    for part in parts:
        if isinstance(part, Batch) and (data := part.data) is not None:
            writer.write_records(data, part.count)
            continue
        if isinstance(part, Batch):
            values, replaced = _settled(codec, part.values, findings, to=to, typed=chosen == "xml")
            if replaced:
                findings.hazard("loss.newline", "", "A text holds CR, which .NET writes to XML as LF.")
            if (to == "xml") != (chosen == "xml"):
                _report_losses(codec, "xml" if to == "xml" else "json", part, values, findings)
            refused = writer.write_if_possible(values, part.first, findings, nil=part.nil)
        else:
            refused = [part]
        for bad in refused:
            if on_error == "stop" or (bad.last and not writer.records and not skipped):
                findings.keep(bad.found)
                raise PayloadError(_report(codec, chosen, source, findings))
            skipped += 1
            if on_bad is None:
                findings.keep(bad.found)
                continue
            # Each is told in full, however many there were before; so they count in the end only.
            room = findings.limit - len(kept)
            kept += bad.found[:room]
            findings.dropped += max(0, len(bad.found) - room)
            on_bad(bad, Report(tuple(bad.found), codec.name, chosen, findings.profile, source.name))
    findings.keep(kept)
    report = _report(codec, chosen, source, findings)
    if any(d.severity is Severity.ERROR for d in findings.hazards.values()):
        raise PayloadError(report)
    writer.end()
    report.records = writer.records
    return StreamResult(writer.records, skipped, report)


def _report_losses(codec: Codec, to: str, part: Batch, values: list[Any], findings: Findings) -> None:
    """Report what a format cannot hold of records that came in the other."""
    losses, item = codec.formats[to].losses, codec.model.item
    if item is None:
        losses.report(codec.model.root, values[0], findings)
    elif losses.any:
        for index, value in enumerate(values, part.first):
            losses.report(item.type, value, findings, (index,))


class _Writer:
    """Writes records as they come: the document's head with the first, its end when all are there."""

    def __init__(self, codec: Codec, sink: BinaryIO, to: str, pretty: bool) -> None:
        self.records = 0
        self.nil = False
        self._sink = sink
        self._to = to
        self._pretty = pretty
        self._codec = codec
        self._format = codec.formats["json" if to == "ndjson" else to]
        self._list = codec.model.item is not None

    def write_if_possible(self, values: list[Any], first: int, findings: Findings, *, nil: bool) -> list[Bad]:
        """Write some records, of which ``first`` is the first's index; give those that the format cannot hold."""
        try:
            self.write(values, nil=nil)
        except Unwritable as error:
            if len(values) > 1:
                each = enumerate(values, first)
                return [bad for at, value in each for bad in self.write_if_possible([value], at, findings, nil=nil)]
            findings.record = first if self._list else None
            findings.add("value.kind", str(error))
            findings.record = None
            came = self._codec.formats["json" if self._to == "xml" else "xml"]
            text = came.items(values) if self._list else came.write(values[0])
            return [Bad(first, text.decode(), findings.take())]
        return []

    def write(self, values: list[Any], *, nil: bool) -> None:
        """Write some records: all of them, or nothing where one is Unwritable."""
        if nil:
            self.nil = True
        if not values:
            return
        if not self._list:
            self._put(self._format.write(values[0], pretty=self._pretty))
        elif self._to == "ndjson":
            self._put(b"".join(self._format.items([value]) + b"\n" for value in values))
        else:
            before, between = self._format.separators(pretty=self._pretty)
            self._put((between if self.records else before) + self._format.items(values, pretty=self._pretty))
        self.records += len(values)

    def write_records(self, data: bytes, count: int) -> None:
        """Write records that stand in the wire form already."""
        if self._to == "ndjson" or not self._list:
            self._put(indent(data) if self._pretty and self._to == "json" else data)
        else:
            before, between = self._format.separators(pretty=self._pretty)
            data = indent(b"[" + data + b"]")[2:-2] if self._pretty else data
            self._put((between if self.records else before) + data)
        self.records += count

    def end(self) -> None:
        """Write the document's end, or all of it where there was no record."""
        if self._to == "ndjson" or not self._list:
            return
        if self.records:
            self._put(self._format.ending(pretty=self._pretty))
        else:
            self._put(self._format.write(None if self.nil else [], pretty=self._pretty))

    def _put(self, data: bytes) -> None:
        """Write all of the bytes: what is unbuffered may take some at a time, and what does not block none."""
        name, left = getattr(self._sink, "name", "the output"), memoryview(data)
        try:
            taken = self._sink.write(data)
            while taken != len(left) and (taken is not None or isinstance(self._sink, io.RawIOBase)):
                if not taken:
                    raise SourceError(f"{name}: takes no more bytes")
                left = left[taken:]
                taken = self._sink.write(left)
        except BrokenPipeError:
            raise
        except (OSError, ValueError) as error:  # ValueError: it is closed
            raise SourceError(f"{name}: {getattr(error, 'strerror', None) or error}") from None
        except TypeError:
            raise UsageError(f"{name} is open in text mode", hint="open it in binary mode") from None
