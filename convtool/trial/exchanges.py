"""Captures as the page shows them: their exchanges, and each body of them as a payload."""

from __future__ import annotations

import io
from contextlib import closing
from typing import TYPE_CHECKING, BinaryIO, cast

import msgspec

from convtool.captures import judge
from convtool.codes import PROFILES
from convtool.errors import UsageError
from convtool.judge import body_outcome
from convtool.limits import TRIAL_LIMITS
from convtool.outcome import JUDGED, source_name
from convtool.payload import Payload
from convtool.places import shown_url
from convtool.recognise import unpacked
from convtool.shown import line
from convtool.trial.look import bounded, look, told_of

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from convtool.captures import Judged, Judgement
    from convtool.catalog import Catalog
    from convtool.codes import Profile
    from convtool.job import Job
    from convtool.limits import TrialLimits
    from convtool.outcome import Outcome
    from convtool.trial.look import Look

__all__ = ["Capture", "Exchange", "body", "capture"]


class Body(msgspec.Struct, frozen=True, omit_defaults=True):
    """One side of an exchange: its verdict in each profile, in words, and whether there is something to look at."""

    side: str
    strict: str
    dotnet: str
    told: str
    there: bool = False


class Exchange(msgspec.Struct, frozen=True, omit_defaults=True):
    """An exchange of a capture; without a number a part of it that is broken, with the reason."""

    number: int = 0
    method: str = ""
    url: str = ""
    status: int = 0
    operation: str = ""
    bodies: tuple[Body, ...] = ()
    broken: str = ""


class Capture(msgspec.Struct, frozen=True, omit_defaults=True):
    """A capture's exchanges, or the first of them; ``told`` says how many there are and what came of them."""

    name: str
    status: str
    told: str
    exchanges: tuple[Exchange, ...]
    more: int = 0


def capture(
    catalog: Catalog, data: bytes, outcome: Outcome, *, job: Job, limits: TrialLimits = TRIAL_LIMITS
) -> Capture:
    """Give the exchanges of a capture of which an outcome, in both profiles, is known."""
    dotnet = {one.source: one.status for one in outcome.judged if one.profile == "dotnet"}
    listed: list[Exchange] = []
    more = 0
    for judgement in _judgements(catalog, data, outcome.source, bounded(job, limits), "strict"):
        if len(listed) < limits.exchanges:
            listed.append(_exchange(judgement, dotnet))
        else:
            more += 1
    return Capture(line(outcome.source), outcome.status, line(outcome.heading or outcome.reason), tuple(listed), more)


def body(
    catalog: Catalog, data: bytes, name: str, number: int, side: str, *, job: Job, limits: TrialLimits = TRIAL_LIMITS
) -> Look:
    """Look at one body of a capture: as its exchange's operation says, or, where there is none, as a bare payload.

    UsageError where there is no such body.
    """
    wanted = bounded(job, limits)
    outcomes: dict[str, Outcome] = {}
    content, told = b"", None
    for profile in PROFILES:
        judgements = _judgements(catalog, data, source_name(name), wanted, profile)
        content, told = _side(judgements, number, side)
        if told is not None:
            outcomes[profile] = body_outcome(told, wanted, profile=profile)
    if told is None:
        return look(catalog, content, f"{name}#{number} {side}", job=job, limits=limits)
    return told_of(catalog, content, outcomes, _as_judged(wanted, told), limits)


def _as_judged(job: Job, judged: Judged) -> Job:
    """Give the job by which a body is converted: an error response is of no contract."""
    contract = "" if judged.verdict == "error response" else judged.contract
    return msgspec.structs.replace(job, contract=contract, given=judged.format or "")


def _judgements(
    catalog: Catalog, data: bytes, name: str, job: Job, profile: Profile
) -> Generator[Judgement, None, None]:
    payload, _ = unpacked(Payload(io.BytesIO(data), name, size=len(data)), job.limits)
    capture = cast("BinaryIO", payload)
    yield from judge(capture, catalog, profile=profile, contract=job.contract or None, depth=job.depth)


def _side(judgements: Generator[Judgement, None, None], number: int, side: str) -> tuple[bytes, Judged | None]:
    """Give a body, and its verdict where there is one; UsageError where there is no such body."""
    with closing(judgements):  # the capture is open until then
        numbered = (one for one in judgements if one.exchange is not None and one.exchange.number == number)
        found = next(numbered, None)
    if found is not None and found.exchange is not None:
        told = next((part for part in found.parts if part.side == side and part.verdict in JUDGED), None)
        for message in found.exchange.messages:
            if message.side == side:
                return message.body or b"", told
    raise UsageError(f"exchange {number} has no {line(side)}")


def _exchange(judgement: Judgement, dotnet: Mapping[str, str]) -> Exchange:
    of = judgement.exchange
    if of is None:
        found = [one.message for report in judgement.reports for one in report]
        return Exchange(broken=line(" ".join(found)))
    parts = {one.side: one for one in judgement.parts}
    bodies = tuple(
        _body(message.side, parts.get(message.side), dotnet, there=bool(message.body)) for message in of.messages
    )
    url = shown_url(of.url).partition("?")[0].partition("#")[0]
    operation = of.operation.name if of.operation is not None else ""
    return Exchange(of.number, line(of.method), line(url), of.status, line(operation), bodies)


def _body(side: str, judged: Judged | None, dotnet: Mapping[str, str], *, there: bool) -> Body:
    if judged is None:
        return Body(side, "not judged", "not judged", "of no operation", there)
    told = dotnet.get(judged.report.source, judged.verdict)
    return Body(
        side, judged.verdict, told, line(judged.text().removeprefix(f"{side} ")), there or judged.verdict in JUDGED
    )
