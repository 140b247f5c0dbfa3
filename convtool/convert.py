"""The verbs on one contract: validate, read, write, convert. ``Codec`` is what ``convtool.contract(name)`` gives."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Literal

from convtool.codes import CODES, PROFILES, Profile, Severity
from convtool.errors import PayloadError, UsageError
from convtool.findings import Findings, Report
from convtool.formats.json.format import JsonFormat
from convtool.formats.json.writer import indent
from convtool.formats.leaf import BAD, Unwritable
from convtool.formats.taken import taken
from convtool.formats.text import DEPTH, checked, from_str, undecoded
from convtool.formats.units import Batch
from convtool.formats.xml.format import XmlFormat
from convtool.limits import checked_depth
from convtool.model.contract import split_key
from convtool.model.instance import Value, instances
from convtool.model.made import has_made
from convtool.sniff import Format, seen_format, sniff
from convtool.sources import Payload, load, opened
from convtool.stream import OnError, Source, StreamResult, convert_stream, is_crowded, records, validate_stream

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import BinaryIO

    from convtool.compare import Dates, Difference, Side
    from convtool.formats.form import FormFormat
    from convtool.formats.taken import Taken
    from convtool.formats.text import Text
    from convtool.formats.units import Bad
    from convtool.model.contract import Contract
    from convtool.model.reference import Reference
    from convtool.referee import Referee

__all__ = ["Codec", "Conversion", "Format"]


@dataclass(frozen=True, slots=True)
class Conversion:
    """A converted payload: its bytes, and the report on what came in, losses included.

    ``verified``: converting back has been proven to give the same document, which is only tried where that was asked
    for, and no loss was reported.
    """

    data: bytes
    report: Report
    verified: bool = False


class Codec:
    """Validates, reads, writes and converts payloads of one contract. Make one through a Catalog.

    It may be shared by threads.

    Payloads are bytes, a text, a ``pathlib.Path`` or a binary file. ``format`` is sniffed where it is not given; only
    "form" always has to be.
    ``profile`` is "strict" (what the schemas say) or "dotnet" (what .NET's readers make of it).
    """

    def __init__(self, contract: Contract, reference: Reference | None = None) -> None:
        self.model = contract
        self._reference = reference
        self.instances = instances(contract)
        xml = XmlFormat(contract, self.instances)
        json = JsonFormat(contract, self.instances, xml.lane)
        self.lane = xml.lane
        self.makes = has_made(contract)
        self.formats: dict[str, XmlFormat | JsonFormat] = {"xml": xml, "json": json}
        # Only where the schema files say more than the model: then the reference libraries check each record as well.
        self.referee: Referee | None = None
        if contract.extra and reference:
            from convtool.referee import Referee

            self.referee = Referee(contract, reference, xml, json)

    def __reduce__(self) -> tuple[type[Codec], tuple[Contract, Reference | None]]:
        """Travel as the contract alone, from which everything else is made again: to other processes and machines."""
        return Codec, (self.model, self._reference if self.referee else None)

    def __repr__(self) -> str:
        return f"<convtool codec for {self.name}>"

    @property
    def name(self) -> str:
        """The contract's name, which is that of its root element."""
        return self.model.name

    @property
    def types(self) -> dict[str, type[Value]]:
        """The Struct classes of the contract's records, by type name."""
        return {cls.__name__: cls for cls in self.instances.classes.values()} | self.instances.parts

    @cached_property
    def form(self) -> FormFormat:
        """The reader and writer of forms."""
        from convtool.formats.form import FormFormat  # few contracts have them

        return FormFormat(self.model, self.instances)

    def format(self, name: str) -> XmlFormat | JsonFormat | FormFormat:
        """Give the reader and writer of a format."""
        return self.form if name == "form" else self.formats[name]

    def validate(
        self,
        payload: Payload,
        *,
        format: Format | None = None,
        profile: Profile = "strict",
        depth: int = DEPTH,
        jobs: int = 1,
    ) -> Report:
        """Give every finding about a payload; the report is true where it is valid.

        SourceError where it cannot be read. ``jobs``: threads that read a list's records, where they come from a file.
        """
        findings = Findings(_profile(profile))
        if isinstance(payload, (bytes, str, bytearray, memoryview)):
            found = self._take(payload, "", format, findings, depth)
            if found is not None:
                return found[1].without_losses()
            return self._read(payload, format, findings, depth, engine=False)[1].without_losses()
        chosen = format if format == "form" else _stream_format(format)
        with opened(payload) as (read, name):
            return validate_stream(self, Source(read, name, chosen, depth, jobs), findings).without_losses()

    def iter_read(
        self, payload: Payload, *, format: str | None = None, profile: Profile = "strict", lossless: bool = False,
        depth: int = DEPTH,
    ) -> Iterator[Any]:  # fmt: skip
        """Yield the records of a payload of any size, in the memory of the largest; PayloadError at the first bad one.

        ``format`` may also be "ndjson", one record a line. Contracts that are no lists have one value, which is
        yielded.
        """
        findings = Findings(_profile(profile), lossless)
        with opened(payload) as (read, name):
            yield from records(self, Source(read, name, _stream_format(format), depth), findings)

    def convert_stream(
        self, payload: Payload, sink: BinaryIO, to: str, *, format: str | None = None, pretty: bool = False,
        profile: Profile = "strict", lossless: bool = False, depth: int = DEPTH, on_error: OnError = "stop",
        on_bad: Callable[[Bad, Report], None] | None = None, jobs: int = 1,
    ) -> StreamResult:  # fmt: skip
        """Convert a payload of any size into a binary file, record by record, which ``jobs`` threads read.

        ``to`` and ``format`` are "xml", "json" or "ndjson". With ``on_error="stop"`` a bad record is a PayloadError,
        and what is in ``sink`` by then is not a document; with "skip" the good records go on, and ``on_bad`` is given
        each bad one.
        """
        if to not in ("xml", "json", "ndjson") or on_error not in ("stop", "skip"):
            raise UsageError(f"to={to!r}, on_error={on_error!r}: there are xml, json and ndjson; stop and skip")
        findings = Findings(_profile(profile), lossless)
        with opened(payload) as (read, name):
            source = Source(read, name, _stream_format(format), depth, jobs)
            return convert_stream(self, source, sink, to, findings, pretty=pretty, on_error=on_error, on_bad=on_bad)

    def read(
        self, payload: Payload, *, format: Format | None = None, profile: Profile = "strict", lossless: bool = False,
        depth: int = DEPTH,
    ) -> Any:  # fmt: skip
        """Give a payload's typed value: Structs, lists and plain values. PayloadError where it is invalid."""
        value, report = self._read(payload, format, Findings(_profile(profile), lossless), depth)
        if not report:
            raise PayloadError(report)
        return value

    def to_json(self, payload: Payload, **options: Any) -> bytes:
        """Give the payload, in either format, as JSON in the wire form; see ``convert`` for the options."""
        return self.convert(payload, "json", **options).data

    def to_xml(self, payload: Payload, **options: Any) -> bytes:
        """Give the payload, in either format, as XML in the wire form; see ``convert`` for the options."""
        return self.convert(payload, "xml", **options).data

    def convert(
        self, payload: Payload, to: Format, *, format: Format | None = None, pretty: bool = False,
        profile: Profile = "strict", lossless: bool = False, depth: int = DEPTH, verify: bool = False,
    ) -> Conversion:  # fmt: skip
        """Convert a payload and say what could not be kept; PayloadError where it is invalid.

        ``lossless``: also where not all is kept. ``verify``: also where converting back gives another document although
        no loss was reported, which would be a bug of convtool.
        """
        if verify:
            options = {"format": format, "pretty": pretty, "profile": profile, "lossless": lossless, "depth": depth}
            return self._verified(payload, to, options)
        writer = self.format(_format(to))
        content, source = load(payload)
        written = not (pretty and to == "xml") and to != "form"  # by the engine, which writes the wire form alone
        if written:
            found = self._take(content, source, format, Findings(_profile(profile), lossless), depth, to)
            if found is not None:
                return Conversion(self._document(*found, to, pretty=pretty), found[1])
        findings = Findings(_profile(profile), lossless)
        value, report = self._read(content, format, findings, depth, to, engine=not written)
        report = report.named(source)
        if not report:
            raise PayloadError(report)
        try:
            return Conversion(writer.write(value, pretty=pretty), report)
        except Unwritable as error:
            findings = Findings()
            findings.add("value.kind", str(error))
            raise PayloadError(findings.report(self.name, report.format, report.source)) from None

    def convert_lines(
        self, payload: Payload, *, format: Format | None = None, profile: Profile = "strict", lossless: bool = False,
        depth: int = DEPTH,
    ) -> Conversion:  # fmt: skip
        """Convert a list's payload into lines of JSON, a record a line, in memory; PayloadError where it is invalid.

        ``convert_stream`` does it for payloads of any size.
        """
        content, source = load(payload)
        if self.model.item is not None:
            found = self._take(
                content, source, format, Findings(_profile(profile), lossless), depth, "json", lines=True
            )
            if found is not None:
                return Conversion(self._document(*found, "json", lines=True), found[1])
        sink = io.BytesIO()
        options: dict[str, Any] = {"format": format, "profile": profile, "lossless": lossless, "depth": depth}
        report = self.convert_stream(content, sink, "ndjson", **options).report
        return Conversion(sink.getvalue(), report.named(source))

    def _verified(self, payload: Payload, to: Format, options: dict[str, Any]) -> Conversion:
        """Convert there and back, and hold the two documents against each other, unless losses have been reported."""
        from convtool.verify import mismatch

        content, source = load(payload)
        try:
            result = self.convert(content, to, **options)
        except PayloadError as error:
            raise PayloadError(error.report.named(source)) from None
        report, depth = result.report.named(source), options["depth"]
        if any(CODES[found.code].loss for found in report):
            return Conversion(result.data, report)
        back = _format(report.format)  # type: ignore[arg-type]
        try:
            again = self._undone(result.data, back, to, options["profile"], depth)
            differs = mismatch(self.model, content, again, back, depth=depth)
        except PayloadError as error:
            first = next(found for found in error.report if found.severity is Severity.ERROR)
            differs = "the payload", f"no document, since the result cannot be read ({first.message})"
        if differs is None:
            return Conversion(result.data, report, verified=True)
        findings = Findings(report.profile, found=list(report))
        findings.add("verify.mismatch", f"Converting back gives {differs[1]} in the place of {differs[0]}.")
        raise PayloadError(findings.report(report.contract, report.format, report.source))

    def _undone(self, data: bytes, back: Format, to: Format, profile: Profile, depth: int) -> bytes:
        """Convert what has been written back: strictly, since it is the wire form and .NET's reading has been done.

        But days that .NET has written have a time, which the strict profile refuses.
        """
        try:
            return self.convert(data, back, format=to, depth=depth).data
        except PayloadError:
            if profile == "strict":
                raise
            return self.convert(data, back, format=to, depth=depth, profile=profile).data

    def compare(
        self, a: Payload, b: Payload, *, ignore: Iterable[str] = (), dates: Dates = "text", profile: Profile = "strict",
        format: Format | None = None, depth: int = DEPTH,
    ) -> list[Difference]:  # fmt: skip
        """Give the differences of two payloads, each in either format; none where they are the same value.

        ``ignore``: JSON Pointers, with ``*`` for any step, of what does not count. ``dates``: compared as "text", or as
        "instant". In the dotnet profile the values are what .NET reads. ``format``: that of both, where it is not to be
        seen. PayloadError where a payload is invalid.
        """
        from convtool.compare import compare  # most callers convert or validate

        left, right = (self._side(payload, format, Findings(_profile(profile)), depth) for payload in (a, b))
        return compare(self.model, self.instances, left, right, ignore=ignore, dates=dates)

    def _side(self, payload: Payload, format: Format | None, findings: Findings, depth: int) -> Side:
        from convtool.compare import Side

        content, source = load(payload)
        value, report = self._read(content, format, findings, depth)
        if not report:
            raise PayloadError(report.named(source))
        return Side(value, content, _format(report.format))  # type: ignore[arg-type]

    def write_json(self, value: Any, *, pretty: bool = False) -> bytes:
        """Give a typed value as JSON in the wire form; PayloadError where it is not a value of the contract."""
        return self._write("json", value, pretty)

    def write_xml(self, value: Any, *, pretty: bool = False) -> bytes:
        """Give a typed value as XML in the wire form; PayloadError where it is not a value of the contract."""
        return self._write("xml", value, pretty)

    def write_form(self, value: Any) -> bytes:
        """Give a typed value as a form; PayloadError where it is not a value of the contract, or has no form."""
        return self._write("form", value, pretty=False)

    def _write(self, to: Format, value: Any, pretty: bool) -> bytes:
        from convtool.formats.check import check

        findings = Findings()
        check(self.model, self.instances, value, findings)
        if self.referee is not None and not findings.errors:
            self.referee.value(value, findings)
        if findings.errors:
            raise PayloadError(findings.report(self.name, "value"))
        try:
            return self.format(to).write(value, pretty=pretty)
        except Unwritable as error:
            findings.add("value.kind", str(error))
            raise PayloadError(findings.report(self.name, "value")) from None

    def _take(
        self, content: Payload, source: str, format: Format | None, findings: Findings, depth: int,
        to: Format | Literal[""] = "", *, lines: bool = False,
    ) -> tuple[Taken, Report] | None:  # fmt: skip
        """Read with the engine, which writes; None where the payload is not for it.

        A payload that is wrong has its report here, if a verdict is all that is asked for; else it is a PayloadError.
        """
        if self.referee is not None or format == "form" or self.lane.engine() is None:
            return None
        if self.makes and to == "json" and findings.profile == "dotnet":
            return None  # the engine joins no texts
        quiet = Findings()  # what is wrong with the bytes is said by those who read with care
        content, _ = load(content)
        text = from_str(content, quiet) if isinstance(content, str) else undecoded(content, quiet)
        if text is None or is_crowded(self, content, text, quiet, format, depth):
            return None
        chosen = seen_format(text.data)
        if chosen is None or format not in (None, chosen):
            return None
        dotnet, losses = findings.profile == "dotnet" and to != "", to not in ("", chosen)
        found = taken(
            self.lane, self.formats[chosen], text, findings, to=to, depth=checked_depth(depth), dotnet=dotnet,
            losses=losses, lines=lines,
        )  # fmt: skip
        if found is None:
            return None
        good = not found.bad and not findings.errors
        if good and dotnet:
            self._settle(found, findings, to)
        if good and losses and found.lost:
            self._report_losses(found, text, findings, to, depth)
        report = findings.report(self.name, chosen, source)
        report.records = found.records if good else 0
        if to and not report:
            raise PayloadError(report)
        return found, report

    def _settle(self, found: Taken, findings: Findings, to: str) -> None:
        """Give the values that the careful lane has read as .NET has them, as the engine has done with the others."""
        from convtool.model.dotnet import as_dotnet

        item, changed = self.model.item, False
        assert item is not None or all(part.pieces is not None for part in found.parts)
        for part in found.parts:
            for index, value in enumerate(part.values):
                part.values[index], replaced = as_dotnet(
                    self.model,
                    self.instances,
                    value,
                    to=to,
                    key=item.type if item else "",
                )
                changed = changed or replaced
        if changed:
            findings.add("loss.newline", "A text holds CR, which .NET writes to XML as LF.")

    def _report_losses(self, found: Taken, text: Text, findings: Findings, to: str, depth: int) -> None:
        """Report, when anybody asks, what is lost in the other format, record by record."""
        losses, item = self.formats[to].losses, self.model.item
        if not losses.any:
            return
        lost, teller, read = found.lost, found.teller, found.text  # of an envelope, what the engine has read of it
        spans_of = None
        if to == "json":
            from convtool.formats.xml.locate import spans_of as located

            spans_of = partial(located, self.model, text, depth=depth)

        def report(findings: Findings) -> None:
            for one in lost:
                if not isinstance(one, Batch):
                    assert teller is not None
                    teller.tell(one, read, findings, losses=True)
                    continue
                assert item is not None
                findings.places, findings.record = text, None
                label = f"{split_key(self.model.root)[1]}.{item.name}"
                for index, value in enumerate(one.values, one.first):
                    losses.report(item.type, value, findings, (index,), spans_of, label)

        findings.defer(report)

    def _document(self, found: Taken, report: Report, to: str, *, pretty: bool = False, lines: bool = False) -> bytes:
        """Give the document of records that have been read, or the lines of a list's."""
        form = self.formats[to]
        if self.model.item is None:
            data = found.parts[0].data
            assert data is not None
            return indent(data) if pretty else data
        if found.nil or not found.parts:
            return b"" if lines else form.write(None if found.nil else [], pretty=pretty)
        before, between = form.separators()
        written: list[bytes] = []
        try:
            for part in found.parts:
                if part.pieces is not None:
                    written += part.pieces
                else:
                    each = [[value] for value in part.values] if lines else [part.values]
                    written += [form.items(values) + b"\n" * lines for values in each]
        except Unwritable as error:
            findings = Findings()
            findings.add("value.kind", str(error))
            raise PayloadError(findings.report(self.name, report.format, report.source)) from None
        if lines:
            return b"".join(written)
        inside = [between] * (2 * len(written) - 1) if between else written  # one joining, and no other copy
        if between:
            inside[::2] = written
        data = b"".join([before, *inside, form.ending()])
        return indent(data) if pretty else data

    def _value(self, chosen: Format, text: Text, findings: Findings, depth: int, *, engine: bool) -> Any:
        form = self.format(chosen)
        read = form.read if engine or chosen == "form" else form.read_carefully  # type: ignore[union-attr]
        try:
            return read(text, findings, depth=checked_depth(depth))
        except RecursionError:  # not by the payload alone, whose depth is bounded
            findings.add("limit.depth", "The program that reads the payload has left too little of Python's stack.")
            return BAD

    def _read(
        self,
        payload: Payload,
        format: Format | None,
        findings: Findings,
        depth: int,
        to: Format | None = None,
        *,
        engine: bool = True,
    ) -> tuple[Any, Report]:
        content, source = load(payload)
        text = from_str(content, findings) if isinstance(content, str) else undecoded(content, findings)
        lazy = engine and self.instances.readable  # the engine says whether it is all text
        if text is not None and not (lazy and format in (None, seen_format(text.data)) and seen_format(text.data)):
            text = checked(text, findings)
        chosen = format and _format(format)
        value = BAD
        if text is not None and is_crowded(self, content, text, findings, chosen, depth):
            chosen, text = chosen or seen_format(text.data), None
        if text is not None:
            chosen = sniff(text, findings, chosen)
            if chosen is not None:
                value = self._value(chosen, text, findings, depth, engine=engine)
                if self.referee is not None and value is not BAD and not findings.errors:
                    self.referee.value(value, findings)
                if value is not BAD and not findings.errors and findings.profile == "dotnet":
                    from convtool.model.dotnet import as_dotnet

                    value, replaced = as_dotnet(
                        self.model,
                        self.instances,
                        value,
                        to=to or "",
                        typed=chosen == "xml",
                    )
                    if replaced:
                        findings.add("loss.newline", "A text holds CR, which .NET writes to XML as LF.")
                if to == "form" and value is not BAD:
                    self.form.report_losses(value, findings)
                if to == "xml" and chosen != "xml" and value is not BAD and not findings.errors:
                    self.formats["xml"].report_losses(value, text, findings)
                if to == "json" and chosen != "json" and value is not BAD and not findings.errors:
                    from convtool.formats.xml.locate import spans_of

                    located = partial(spans_of, self.model, text, depth=depth) if chosen == "xml" else None
                    self.formats["json"].report_losses(value, text, findings, located)  # type: ignore[call-arg]
        report = findings.report(self.name, chosen or "", source)
        if value is not BAD:
            report.records = len(value) if isinstance(value, list) else 1
        return value, report


def _profile(profile: Profile) -> Profile:
    if profile not in PROFILES:
        raise UsageError(f"there is no profile {profile!r}", hint=f"there are: {', '.join(PROFILES)}")
    return profile


def _stream_format(format: str | None) -> str | None:
    if format not in (None, "xml", "json", "ndjson"):
        raise UsageError(f"there is no format {format!r}", hint="there are: xml, json, ndjson")
    return format


def _format(format: Format) -> Format:
    if format not in ("xml", "json", "form"):
        raise UsageError(f"there is no format {format!r}", hint="there are: xml, json, form")
    return format
