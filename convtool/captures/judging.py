"""Exchanges → verdicts: each body by its operation's contract, and by what its headers say about it.

A body whose headers are wrong is judged as what it is. A body that the capture does not hold whole gets no verdict.
An error response is no payload of the operation: it is shown, and never taken for a broken one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from convtool import shown
from convtool.captures import media
from convtool.captures.failure import Broken
from convtool.captures.kinds import opened
from convtool.captures.model import BLOCKING, KINDS, LIMIT
from convtool.captures.reading import exchanges
from convtool.errors import PayloadError, UsageError
from convtool.findings import Findings, Report
from convtool.formats.text import DEPTH
from convtool.http_error import recognise, report_error

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator

    from convtool.captures.kinds import Capture
    from convtool.captures.model import Exchange, Message
    from convtool.catalog import Catalog
    from convtool.codes import Profile
    from convtool.sniff import Format

__all__ = ["Judged", "Judgement", "Verdict", "count", "judge", "summary"]

Verdict = Literal["valid", "invalid", "no verdict", "error response", "no body", "not judged"]
_SHOWN = 80  # characters of an error page that a message shows


@dataclass(frozen=True, slots=True)
class Judged:
    """One body's verdict. ``report`` has every finding, first those about its capture and its headers.

    ``body`` is the report on the body alone, as ``validate`` gives it for a file with these bytes. ``format`` is the
    format that the body is in.
    """

    message: Message | None
    verdict: Verdict
    report: Report
    body: Report | None = None
    contract: str = ""
    format: Format | None = None

    @property
    def side(self) -> str:
        """Whether it is the request or the response; for what cannot be read, the capture itself."""
        return self.message.side if self.message is not None else "capture"

    def text(self) -> str:
        """Give the verdict with the contract, the format and the counts of findings."""
        what = shown.line(" ".join(part for part in (self.contract, self.report.format) if part))
        counted = ", ".join(f"{n} {level}{'s' * (n != 1)}" for level, n in self.report.counts().items() if n)
        about = "; ".join(part for part in (what, counted) if part)
        return f"{self.side} {self.verdict}" + (f" ({about})" if about else "")


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is to be said about one exchange, or (without an exchange) about a part of the capture that is broken."""

    source: str
    exchange: Exchange | None
    parts: tuple[Judged, ...] = ()

    @property
    def ours(self) -> bool:
        """Whether something is said: of operations, of captures without URLs, by a contract that was named.

        Other exchanges are only counted.
        """
        one = self.exchange
        return one is None or one.operation is not None or not (one.method or one.kind) or bool(self.parts)

    @property
    def reports(self) -> tuple[Report, ...]:
        """The reports on all that has been judged, or could not be, and on what was told of the others."""
        silent = ("no body", "not judged")
        return tuple(part.report for part in self.parts if part.verdict not in silent or len(part.report))

    def line(self) -> str:
        """Give the exchange in one line."""
        verdicts = "; ".join(part.text() for part in self.parts) or "nothing to judge"
        one = self.exchange
        if one is None:
            return f"{shown.line(self.source or 'capture')}: {verdicts}"
        called = f"{one.method} {_path(one.url)} " if one.method else ""
        missing = "no response" if one.response is None else "no status" if one.method else ""
        head = f"{self.source}: {called}{one.status or missing}"
        return f"{shown.line(head.rstrip())}: {verdicts}"

    def text(self) -> str:
        """Give the line, and below it the findings with their places in the bodies."""
        found = [diagnostic.text(report.source) for report in self.reports for diagnostic in report]
        return "\n".join([self.line(), *found])


def _path(url: str) -> str:
    """Give a URL's path: the host says little, and a query may hold what should not be shown."""
    rest = url.partition("://")[2]
    path = f"/{rest.partition('/')[2]}" if rest else url
    return path.partition("?")[0].partition("#")[0]


def judge(
    path: Capture,
    catalog: Catalog,
    *,
    profile: Profile = "strict",
    contract: str | None = None,
    limit: int = LIMIT,
    depth: int = DEPTH,
) -> Iterator[Judgement]:
    """Yield a judgement for each exchange of a capture, and for each part of it that is broken.

    ``contract`` is that of bodies whose operation is not known: of a response without its request (which is recognised
    as a bare payload otherwise), and of exchanges that operations.toml does not have, as far as their bodies are of a
    format of payloads and not plainly of another contract; without it these are not judged. ``depth``: levels that a
    body may have. SourceError and ContractError as ``captures.read``, and for a contract that is not there.
    """
    if contract:
        catalog.contract(contract)  # a name that is none is said, whatever is in the capture
    with opened(path) as source:
        name = source.name or "capture"
    judging = _Judging(catalog, profile, contract, depth)
    for found in exchanges(path, catalog, limit):
        if isinstance(found, Broken):
            yield Judgement(name, None, (Judged(None, "no verdict", found.report.under(profile)),))
        else:
            yield judging.exchange(f"{name}#{found.number}", found)


@dataclass(slots=True)
class _Judging:
    catalog: Catalog
    profile: Profile
    contract: str | None
    depth: int

    def exchange(self, source: str, exchange: Exchange) -> Judgement:
        judgement = Judgement(source, exchange)
        messages: tuple[Message, ...] = exchange.messages
        if not judgement.ours:
            taken = self.contract and not exchange.kind
            messages = tuple(message for message in messages if self._may_be(message)) if taken else ()
        return Judgement(source, exchange, tuple(self._message(source, exchange, message) for message in messages))

    def _may_be(self, message: Message) -> bool:
        """Tell whether a message of no operation may be of the contract that was named: pages and images are not."""
        if not message.body:
            return message.blocked and media.format_of(message.media_type) is not None
        if (media.format_of(message.media_type) if message.media_type else media.actual_format(message.body)) is None:
            return False
        try:
            return self.catalog.detect(message.body, depth=self.depth)[0] == self.contract
        except PayloadError:
            return True  # nor of another one

    def _message(self, source: str, exchange: Exchange, message: Message) -> Judged:
        name = f"{source} {message.side}" if exchange.method or exchange.status else source.rpartition("#")[0]
        contract = message.contract or ((self.contract or "") if exchange.operation is None else "")
        response = message.side == "response"
        findings = Findings(self.profile)
        for note in message.notes:
            findings.add(note.code, note.message, hint=note.hint)
        body, moved = message.body, response and 300 <= exchange.status < 400
        if message.blocked and not moved:
            return Judged(message, "no verdict", findings.report(contract, source=name), contract=contract)
        failed = response and exchange.status >= 400
        about = Report(tuple(one for one in findings.report() if one.code not in BLOCKING), source=name)
        if body is None or moved or (failed and not body):
            return Judged(message, "no body", about)
        if exchange.operation is not None and not contract and not failed:
            return Judged(message, "not judged", about)
        found = _from_headers(message, body, findings)
        if failed:
            return self._error(exchange, message, body, findings, name)
        if found is None and message.media_type:  # multipart, images, plain text: no reader is asked
            report = findings.report(contract, source=name)
            return Judged(message, "valid" if report else "invalid", report, contract=contract)
        judged = self._body(message, body, found, contract, findings, name)
        if response and judged.verdict == "invalid" and recognise(body) is not None:
            return self._error(exchange, message, body, findings, name)
        return judged

    def _error(self, exchange: Exchange, message: Message, body: bytes, findings: Findings, name: str) -> Judged:
        error = recognise(body, failed=exchange.status >= 400)
        request = exchange.request.contract if exchange.request is not None else ""
        if error is not None:
            model = self.catalog.contract(request).model if request else None
            report_error(error, findings, exchange.status, model)
        else:
            page = " ".join(body.decode("utf-8", "replace").split())[:_SHOWN]
            what = message.media_type or "a body without Content-Type"
            findings.add("http.error", f"The server answered {exchange.status} with {what}: {page!r}")
        form = error.format if error is not None else None
        return Judged(message, "error response", findings.report(format=form or "", source=name), format=form)

    def _body(
        self, message: Message, body: bytes, form: Format | None, contract: str, findings: Findings, name: str
    ) -> Judged:
        try:
            if not contract:
                contract = self.catalog.detect(body)[0]
            report = self.catalog.contract(contract).validate(body, format=form, profile=self.profile, depth=self.depth)
        except PayloadError as error:  # of no contract, or of several
            report = error.report
        except UsageError as error:  # a form of a contract that has none
            findings.add("capture.media-type", f"The body is a form: {error}.")
            report = Report((), contract, "form", self.profile)
        about = findings.report().diagnostics
        whole = Report(
            (*about, *report.diagnostics), report.contract, report.format, self.profile, name,
            dropped=report.dropped, records=report.records,
        )  # fmt: skip
        return Judged(message, "valid" if whole else "invalid", whole, report, report.contract, form)


def _from_headers(message: Message, body: bytes, findings: Findings) -> Format | None:
    """Give the format that a body is in; report where its headers say something else."""
    said, seen = media.format_of(message.media_type), media.actual_format(body)
    if not message.media_type:
        if body:
            findings.add("capture.untyped", f"The {message.side} has a body and no Content-Type.")
    elif said is None:
        text = f"The Content-Type is {message.media_type!r}, which is none of {', '.join(media.FORMATS)}."
        findings.add("capture.media-type", text)
    elif seen is not None and seen != said:
        text = f"The Content-Type is {message.media_type!r}, and the body is {_NAMES[seen]}."
        findings.add("capture.media-type", text)
    wrong = media.charset_note(message.charset, body)
    if wrong:
        findings.add("capture.charset", wrong)
    return seen or said


_NAMES = {"xml": "XML", "json": "JSON", "form": "a form"}


def count(judgement: Judgement, counts: Counter[str]) -> None:
    """Add a judgement to the counts that ``summary`` takes."""
    if judgement.exchange is not None:
        counts["ours" if judgement.ours else "not ours"] += 1
        counts[judgement.exchange.kind] += 1
    counts.update(part.verdict for part in judgement.parts)


def summary(counts: Counter[str]) -> str:
    """Give the last line about a capture: how many exchanges, and how many bodies of each verdict."""
    verdicts = [f"{counts[verdict]} {verdict}" for verdict in _COUNTED if counts[verdict]]
    ours, others = counts["ours"], counts["not ours"]
    kinds = [shown.counted(counts[kind], kind) for kind in KINDS if counts[kind]]
    other = f" ({others} more not ours{': ' * bool(kinds)}{', '.join(kinds)})" if others else ""
    text = f"{shown.counted(ours, 'exchange')}{other}"
    return f"{text}: {', '.join(verdicts) or 'no bodies'}"


_COUNTED: tuple[Verdict, ...] = ("valid", "invalid", "no verdict", "error response", "not judged")
