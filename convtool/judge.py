"""One payload → its outcome: recognised, judged or converted, and told as plain data, whatever it was.

Every road ends here: a file that a command names, one of a folder, a member of an archive, a pipe, a capture in any of
them. A file is judged by what its bytes say. What is no payload is invalid where it claims to be one by its name, or
was named by somebody; otherwise it is passed over, with the reason.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol, cast

import msgspec

from convtool.catalog import Catalog
from convtool.codes import CODES, PROFILES
from convtool.detection import Detector
from convtool.errors import ConvtoolError, PayloadError, SinkError, UsageError
from convtool.findings import Findings, Report
from convtool.formats.text import Text
from convtool.outcome import BAD, JUDGED, Outcome, findings, shown
from convtool.places import RefusedError, shown_url
from convtool.recognise import claims, other_format, passed_over, recognise, unpacked
from convtool.soap import Messages
from convtool.sources import IN_MEMORY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from typing import IO

    from convtool.captures.judging import Judged, Judgement
    from convtool.codes import Profile
    from convtool.convert import Codec, Conversion, Format
    from convtool.formats.units import Bad
    from convtool.http_error import HttpError
    from convtool.job import Job
    from convtool.outcome import Status
    from convtool.payload import Payload
    from convtool.recognise import Kind

__all__ = ["Judge", "Output", "Writer", "body_outcome"]

_FIRST = 256  # bytes of something that is no payload which a finding shows
_URLS = 3  # of a capture that has no operation of ours, which the reason names
_BODIES = 10_000  # good ones of a capture whose outcomes are kept, and bad ones; all are counted, and count
_WORST = ("invalid", "no verdict", "valid", "error response")  # of a capture's bodies, the first counts
_ANY_SIZE = 1 << 62


class Writer(Protocol):
    """One payload's output while it is written."""

    def write(self, data: bytes, /) -> int:
        """Write all of the bytes."""
        ...

    def aside(self, line: bytes, /) -> None:
        """Put a bad record aside: a line of JSON."""
        ...

    def told(self) -> dict[str, Any]:
        """Give what has been written, as fields of an outcome."""
        ...


class Output(Protocol):
    """Where one payload's output goes, and its bad records."""

    def name_for(self, format: str) -> bool:
        """Let its name say a format, where nobody has asked for one; tell whether it can."""
        ...

    def put(self, data: bytes) -> dict[str, Any]:
        """Write the output whole; give what has been written, as fields of an outcome."""
        ...

    def writer(self) -> AbstractContextManager[Writer]:
        """Give what the output is written to; a block that fails leaves nothing of it, nor of what was put aside."""
        ...


class _NotOne(Exception):
    """The bytes are no payload: ``status`` and ``reason`` say what they are."""

    def __init__(self, status: str, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


class Judge:
    """Judges the payloads of one job, one after the other, and keeps what it has learnt of contracts in between."""

    def __init__(self, job: Job, catalog: Catalog) -> None:
        self.job = job
        self.catalog = catalog
        self._given = recognise(b"", f".{job.given}") if job.given else None
        self._detector = Detector(catalog.detect)
        self._others: dict[tuple[str, str, str], Judge] = {}  # of the payloads that rules settle something else for
        self._messages = Messages(catalog, job.envelope) if job.envelope else None

    def outcome(
        self, payload: Payload, about: Outcome, output: Output | None = None, *, named: bool = False
    ) -> Outcome:
        """Give what came of a payload. ``about`` says what it is called; ``named``: somebody has named it himself.

        Only a sink that cannot be written, and a pipe that nobody reads, are exceptions.
        """
        other = self._of(about)
        if other is not self:
            return other.outcome(payload, about, output, named=named)
        inner = payload
        try:
            inner, kind = unpacked(payload, self.job.limits)
            told = self._told(inner, self._given or kind, about, output, named=named)
        except (SinkError, BrokenPipeError):
            raise
        except _NotOne as error:
            told = {"status": error.status, "reason": error.reason}
        except RefusedError as error:
            told = {"status": "refused", "reason": _reason(error, payload)}
        except PayloadError as error:
            told = self._joined([self._invalid(error.report, profile) for profile in self._profiles()], about)
        except ConvtoolError as error:
            told = {"status": "failed", "reason": _reason(error, payload)}
        except MemoryError:
            told = {"status": "failed", "reason": "needs more memory than it may have"}
        except RecursionError:
            told = {"status": "failed", "reason": "is nested too deeply"}
        except Exception as error:  # one file that finds a bug must not end the run
            what = shown(" ".join(f"{type(error).__name__}: {error}".split()))
            reason = f"internal error: {what}; this is a bug: please report it, with the file if you may"
            told = {"status": "failed", "reason": reason}
        told = {name: shown(value) if isinstance(value, str) else value for name, value in told.items()}
        size = inner.counted
        read = {"bytes_in": size, "sha256_in": inner.hexdigest()} if size else {}
        return msgspec.structs.replace(about, **{"status": "failed", **told, **read}).numbered(about.number)

    def _of(self, about: Outcome) -> Judge:
        """Give the judge for a payload of this name."""
        job = self.job.of(about.name)
        if job is self.job:
            return self
        key = (job.schemas, job.profile, job.contract)
        if key not in self._others:
            catalog = self.catalog if job.schemas == self.job.schemas else Catalog(job.schemas)
            self._others[key] = Judge(job, catalog)
        return self._others[key]

    def _told(
        self, payload: Payload, kind: Kind, about: Outcome, output: Output | None, *, named: bool
    ) -> dict[str, Any]:
        match kind.group:
            case "payload":
                return self._payload(payload, kind, about, output)
            case "capture":
                return self._capture(payload, kind)
            case "packing":
                raise _NotOne("refused", f"is {kind.title} twice")
            case "archive":
                raise self._archive(payload, kind, named=named)
            case "ours":
                raise _NotOne("skipped", passed_over(kind, payload.name, named=named))
            case _:
                raise self._no_payload(payload, kind, named=named)

    def _archive(self, payload: Payload, kind: Kind, *, named: bool) -> Exception:
        """Say why an archive is not opened here: its name does not say that it is one, or it is in another."""
        if named or claims(payload.name):
            return self._other(payload, kind)
        return _NotOne("refused", f"is {kind.title} whose name does not say so, or within another archive")

    def _no_payload(self, payload: Payload, kind: Kind, *, named: bool) -> Exception:
        if reason := passed_over(kind, payload.name, named=named):
            return _NotOne("skipped", reason)
        if kind.name != "html":
            self.catalog.detect(cast("IO[bytes]", payload))  # says what is wrong with it
        return self._other(payload, kind)

    def _other(self, payload: Payload, kind: Kind) -> PayloadError:
        found = Findings()
        head = payload.head(_FIRST)
        found.places = Text(head)
        start = len(head) - len(head.lstrip(b" \t\r\n"))
        found.add(
            "input.format", f"The payload is {kind.title}, neither XML of a contract nor JSON.", (start, start + 1)
        )
        return PayloadError(found.report())

    # --- payloads ---

    def _payload(self, payload: Payload, kind: Kind, about: Outcome, output: Output | None) -> dict[str, Any]:
        try:
            codec = self._codec(payload, kind)
        except PayloadError:
            error = self._error_response(payload)
            if error is None:
                raise
            return self._error(*error, payload, output)
        form = self.job.given or ("ndjson" if kind.name == "lines" else None)
        if self.job.verb == "validate":
            return self._validated(codec, payload, form, about)
        assert output is not None
        return self._converted(codec, payload, form, kind, output)

    def _codec(self, payload: Payload, kind: Kind) -> Codec:
        if self.job.contract:
            return self.catalog.contract(self.job.contract)
        if kind.name == "form":
            raise UsageError("a form does not say which contract it is of", hint="name one with --contract")
        return self.catalog.contract(
            self._detector.contract(cast("IO[bytes]", payload), payload.head(), lines=kind.name == "lines")
        )

    def _invalid(self, report: Report, profile: Profile) -> dict[str, Any]:
        """Give the fields of a payload with errors, under the profile that it was to be judged by."""
        return {
            "status": "invalid", "contract": report.contract, "format": report.format, "records": report.records,
            "profile": profile, **findings(report, kept=self.job.kept, choice=self.job.choice),
        }  # fmt: skip

    def _profiles(self) -> tuple[Profile, ...]:
        return PROFILES if self.job.profile == "both" else (self.job.profile,)

    def _validated(self, codec: Codec, payload: Payload, form: Any, about: Outcome) -> dict[str, Any]:
        told = []
        for profile in self._profiles():
            whole = payload.whole()
            if whole is None and profile == self._profiles()[-1]:
                payload.settle()
            else:
                payload.seek(0)
            source = whole if whole is not None and form != "ndjson" else cast("IO[bytes]", payload)
            report = codec.validate(source, format=form, profile=profile, depth=self.job.depth, jobs=self.job.threads)
            told.append({"status": "valid", **self._about(codec, report)} if report else self._invalid(report, profile))
        payload.drain()
        return self._joined(told, about)

    def _joined(self, told: list[dict[str, Any]], about: Outcome) -> dict[str, Any]:
        """Give one outcome's fields of those by each profile."""
        if len(told) == 1:
            return told[0]
        each = tuple(msgspec.structs.replace(about, **one, stamp="") for one in told)
        worst = next((one for one in told if one["status"] != "valid"), told[0])
        return {**worst, "profile": "both", "diagnostics": (), "judged": each}

    def _about(self, codec: Codec, report: Report) -> dict[str, Any]:
        return {
            "contract": codec.name, "format": report.format, "records": report.records, "profile": report.profile,
            **findings(report, kept=self.job.kept, choice=self.job.choice),
        }  # fmt: skip

    def _converted(self, codec: Codec, payload: Payload, form: Any, kind: Kind, output: Output) -> dict[str, Any]:
        job = self.job
        to: Any = self._to(kind.name, output)
        lines = job.lines and codec.model.item is not None  # what is no list is one line
        last = b"\n" if job.lines != lines or (job.pretty and not job.lines) else b""
        options: dict[str, Any] = {"profile": job.profile, "lossless": job.lossless, "depth": job.depth}
        streams = job.skip or form == "ndjson"
        if (streams or lines) and (job.verify or job.envelope or "form" in (form, to)):
            raise UsageError("lines of records, and payloads with bad ones, are no forms or messages, nor verified")
        if job.envelope and to != "xml":
            raise UsageError(f"a SOAP envelope is XML: there is none in {to}")
        entire = job.verify or "form" in (form, to) or job.envelope
        whole = None if streams else payload.whole(_ANY_SIZE if entire else IN_MEMORY)
        if whole is not None:
            conversion = self._conversion(codec, whole, to, {**options, "format": form}, lines=lines)
            data = conversion.data + last if last else conversion.data
            written = output.put(b"".join(_sourced(payload.name, data)) if job.with_source else data)
            told = {"verified": conversion.verified} if job.verify else {}
            return {"status": "converted", **self._about(codec, conversion.report), **told, **written}
        with output.writer() as file:
            payload.settle()
            sink = _Lines(file, payload.name) if job.with_source else file
            result = codec.convert_stream(
                cast("IO[bytes]", payload), cast("BinaryIO", sink),
                "ndjson" if lines else to, format=form, pretty=job.pretty, on_error="skip" if job.skip else "stop",
                on_bad=lambda bad, report: file.aside(_bad_line(bad, report)), jobs=job.threads, **options,
            )  # fmt: skip
            sink.write(last)
            written = file.told()
        payload.drain()
        status = "invalid" if result.skipped else "converted"
        report = result.report
        return {"status": status, **self._about(codec, report), "skipped": result.skipped, **written}

    def _to(self, name: str, output: Output) -> Format:
        """Give the format that a payload of a kind is converted to."""
        if self.job.to:
            return self.job.to
        to = other_format(name)
        if not output.name_for(to):
            told = f"would become {to.upper()} under a name that is another's: --to says what is wanted"
            raise _NotOne("refused", told)
        return to

    def _conversion(self, codec: Codec, whole: bytes, to: Any, options: dict[str, Any], *, lines: bool) -> Conversion:
        if lines:
            return codec.convert_lines(whole, **options)
        options |= {"pretty": self.job.pretty, "verify": self.job.verify}
        if self._messages is not None:
            return self._messages.convert(codec, whole, **options)
        return codec.convert(whole, to, **options)

    # --- error responses ---

    def _error_response(self, payload: Payload) -> tuple[HttpError, bytes] | None:
        """Give what a server said went wrong; None where a payload of no contract is none of that."""
        if self.job.contract:
            return None
        data = payload.whole()
        if data is None:
            return None
        from convtool.http_error import recognise as recognise_error  # the library is loaded when it is needed

        error = recognise_error(data)
        return (error, data) if error is not None and self.job.given in ("", error.format) else None

    def _error(self, error: HttpError, data: bytes, payload: Payload, output: Output | None) -> dict[str, Any]:
        from convtool.http_error import convert_error, report_error

        payload.drain()
        written: dict[str, Any] = {}
        if self.job.verb == "validate" or self.job.lines:  # lines are records, which it has none of
            found = Findings()
            report_error(error, found, 0)
            report = found.report(format=error.format)
        else:
            assert output is not None
            if self._messages is not None:
                raise UsageError("is an error response, which is no message of an operation")
            to = self._to(error.format, output)
            result = convert_error(data, to, pretty=self.job.pretty, lossless=self.job.lossless)
            report, written = result.report, output.put(result.data + (b"\n" if self.job.pretty else b""))
            if self.job.verify:
                back = convert_error(result.data, error.format).data
                kept = not any(CODES[found.code].loss for found in report)
                written["verified"] = kept and back == convert_error(data, error.format).data
        about = {"status": "error response", "format": error.format}
        return {**about, **findings(report, kept=self.job.kept, choice=self.job.choice), **written}

    # --- captures ---

    def _capture(self, payload: Payload, kind: Kind) -> dict[str, Any]:
        if self.job.verb == "convert":
            raise _NotOne("skipped", passed_over(kind, payload.name, named=False))
        from convtool.captures import Tally, count, judge, summary  # few payloads are captures

        profiles = self._profiles()
        kept: dict[int, list[list[Outcome]]] = {}  # of an exchange, in the order of the profiles
        verdicts: set[str] = set()
        counts: Counter[str] = Counter()
        tally = Tally()
        seen: dict[str, None] = {}
        for profile in profiles:
            payload.seek(0)
            exchanges = judge(
                cast("BinaryIO", payload), self.catalog, profile=profile, contract=self.job.contract or None,
                depth=self.job.depth,
            )  # fmt: skip
            room = {True: _BODIES, False: _BODIES}
            for number, one in enumerate(exchanges):
                if profile == profiles[0]:
                    count(one, counts)
                    tally.add(one)
                    if one.exchange is not None and not one.ours and len(seen) < _URLS:
                        url = shown_url(one.exchange.url).partition("?")[0].partition("#")[0]
                        seen[f"{one.exchange.method} {url}"] = None
                if not one.ours:
                    continue
                said = {part.verdict for part in one.parts}
                verdicts |= said
                is_bad = not said.isdisjoint(BAD)
                if number in kept if profile != profiles[0] else room[is_bad] > 0:  # of both, the same exchanges
                    bodies = list(self._bodies(one, profile if len(profiles) > 1 else ""))
                    room[is_bad] -= len(bodies)
                    kept.setdefault(number, []).append(bodies)
        payload.drain()
        each = (zip(*kept[number], strict=True) for number in sorted(kept))
        judged = tuple(one for bodies in each for both in bodies for one in both)
        status = next((status for status in _WORST if status in verdicts), "skipped")
        fields: dict[str, Any] = {"status": status, "judged": judged, "heading": summary(counts), "format": "capture"}
        fields["exchanges"] = tally.counts
        if status == "skipped":
            fields["reason"] = _nothing_ours(kind, [shown(url) for url in seen])
        return fields

    def _bodies(self, judgement: Judgement, profile: str) -> Iterator[Outcome]:
        """Yield an outcome for each body of an exchange; the exchange's own line stands with the first."""
        heading = shown(judgement.line()) if judgement.exchange is not None else ""
        judged = [one for one in judgement.parts if one.verdict in JUDGED]
        exchange = _exchange(judgement)
        if not judged:
            told: dict[str, Any] = {"reason": "has no body that is judged", "exchange": exchange}
            yield Outcome(0, shown(judgement.source), "skipped", heading=heading, profile=profile, **told)
        for one in judged:
            yield body_outcome(one, self.job, profile=profile, heading=heading, exchange=exchange)
            heading = ""


def body_outcome(judged: Judged, job: Job, **about: Any) -> Outcome:
    """Give what came of one body of a capture; ``about`` are other fields of it."""
    report = judged.report
    fields = findings(report, kept=job.kept, choice=job.choice)
    size = len(judged.message.body or b"") if judged.message is not None else 0
    return Outcome(
        0, shown(report.source), cast("Status", judged.verdict), contract=report.contract, format=report.format,
        records=report.records, bytes_in=size, reason=_no_verdict(judged), **about, **fields,
    )  # fmt: skip


def _exchange(judgement: Judgement) -> dict[str, Any]:
    """Give what tells an exchange from others, as far as its capture says it; a URL without its query."""
    of = judgement.exchange
    if of is None:
        return {}
    url = shown_url(of.url).partition("?")[0].partition("#")[0]
    operation = of.operation.name if of.operation is not None else ""
    told = {"method": shown(of.method), "url": shown(url), "status": of.status, "operation": shown(operation)}
    return {name: value for name, value in told.items() if value}


def _no_verdict(judged: Judged) -> str:
    if judged.verdict != "no verdict":
        return ""
    from convtool.captures.model import BLOCKING, UNREADABLE

    return next(
        (f"no verdict: {shown(found.message)}" for found in judged.report if found.code in BLOCKING | UNREADABLE), ""
    )


def _nothing_ours(kind: Kind, urls: list[str]) -> str:
    if not urls:
        return f"is {kind.title} without an exchange"
    there = ", ".join(urls) + (" …" if len(urls) == _URLS else "")
    return (
        f"is {kind.title}, and none of its exchanges is of an operation here; it has {there}: operations.toml beside "
        "the schema files says which operations there are"
    )


def _reason(error: Exception, payload: Payload) -> str:
    """Give an error's words without the payload's name, which the outcome has already."""
    return str(error).removeprefix(f"{payload.name}: ").removeprefix(f"{payload.opened}: ")


def _bad_line(bad: Bad, report: Report) -> bytes:
    """Give a bad record as a line: its index, its text as it came, and what was found."""
    entry = {"record": bad.record, "text": bad.text, "diagnostics": [found.to_dict() for found in report]}
    # Half characters, which a bad text may have, become escapes that JSON has as well.
    return json.dumps(entry, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n"


def _sourced(source: str, data: bytes) -> Iterator[bytes]:
    """Yield whole lines, each within an object that names its payload."""
    before = b'{"source":' + json.dumps(shown(source), ensure_ascii=False).encode() + b',"record":'
    for line in data.split(b"\n"):
        if line:
            yield before + line + b"}\n"


class _Lines:
    """Lines of records, each within an object that names its payload; a line may come in pieces."""

    def __init__(self, file: Writer, source: str) -> None:
        self._file = file
        self._source = source
        self._rest = b""  # of a line whose end is still to come

    def write(self, data: bytes) -> int:
        """Write what has come to its end."""
        whole, end, self._rest = (self._rest + data).rpartition(b"\n")
        self._file.write(b"".join(_sourced(self._source, whole + end)))
        return len(data)
