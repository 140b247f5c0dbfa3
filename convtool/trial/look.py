"""One payload as the page shows it: its verdict in both profiles, its findings in its text, the other format beside it.

All of it comes from the judge that the commands use: the verdicts are those of ``validate --profile both``, the other
format is what ``convert`` writes in each profile.
"""

from __future__ import annotations

import io
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import msgspec

from convtool.codes import PROFILES
from convtool.errors import ConvtoolError
from convtool.findings import LIMIT, left_out_text
from convtool.job import Job
from convtool.judge import Judge
from convtool.limits import TRIAL_LIMITS
from convtool.outcome import Outcome, source_name
from convtool.payload import Payload
from convtool.places import Limits
from convtool.recognise import unpacked
from convtool.shown import line
from convtool.trial.found import Found, beside, chosen, places_of, plain, seen_in
from convtool.trial.marked import Shown, bytes_of, shown_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from convtool.catalog import Catalog
    from convtool.limits import TrialLimits

__all__ = ["Look", "Verdict", "Written", "bounded", "judged", "look", "look_as", "told_of"]

_NOT_READ = ("skipped", "refused", "failed", "no verdict")  # what is no payload, or cannot be had, is not converted


class Verdict(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one profile says of a payload: its status, of what contract and format it is, and the counts of findings."""

    profile: str
    status: str
    contract: str = ""
    format: str = ""
    records: int = 0
    counts: dict[str, int] = {}
    reason: str = ""
    left_out: str = ""  # what is not to be shown, counted


class Written(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a conversion in one profile has written; without ``text`` nothing, for the reason beside it.

    ``found`` are its losses. ``same``: as in the profile before, whose text it is then.
    """

    format: str = ""
    text: Shown | None = None
    reason: str = ""
    found: tuple[Found, ...] = ()
    same: bool = False


class Look(msgspec.Struct, frozen=True, omit_defaults=True):
    """A payload as the page shows it. ``outcomes`` is what the judge said, ``data`` what was written, by profile."""

    name: str
    verdicts: tuple[Verdict, ...]
    text: Shown
    found: tuple[Found, ...] = ()
    more: int = 0  # findings that are not among ``found``
    written: dict[str, Written] = {}
    outcomes: dict[str, Outcome] = {}
    data: dict[str, bytes] = {}

    def told(self) -> dict[str, Any]:
        """Give what the page is told, as plain data."""
        return plain(msgspec.structs.replace(self, outcomes={}, data={}))


def look(
    catalog: Catalog, data: bytes, name: str = "", *, job: Job | None = None, limits: TrialLimits = TRIAL_LIMITS
) -> Look:
    """Look at a payload. ``job`` says of which contract it is and how to read it, as for the commands."""
    wanted = bounded(job or Job(), limits)
    return look_as(catalog, data, judged(catalog, data, name, wanted), wanted, limits)


def judged(catalog: Catalog, data: bytes, name: str, job: Job) -> Outcome:
    """Give what came of a payload or a capture, in both profiles."""
    both = msgspec.structs.replace(job, verb="validate", profile="both")
    shown = source_name(name)
    return Judge(both, catalog).outcome(_payload(data, shown), Outcome(0, shown, "failed"), named=True)


def look_as(catalog: Catalog, data: bytes, outcome: Outcome, job: Job, limits: TrialLimits) -> Look:
    """Give a payload as the page shows it, of which an outcome, in both profiles, is known."""
    outcomes = {one.profile: one for one in outcome.judged} if outcome.format != "capture" else {}
    return told_of(catalog, data, outcomes or dict.fromkeys(PROFILES, outcome), job, limits)


def told_of(catalog: Catalog, data: bytes, outcomes: Mapping[str, Outcome], job: Job, limits: TrialLimits) -> Look:
    """Give a payload as the page shows it, of which outcomes, by profile, are known."""
    first = outcomes[PROFILES[0]]
    found = beside({profile: outcome.diagnostics for profile, outcome in outcomes.items()})
    kept = chosen(found, limits.findings)
    text = _text(data, first, kept, job, limits)
    made = _converted(catalog, data, first.source, job) if first.status not in _NOT_READ else {}
    return Look(
        name=line(first.source),
        verdicts=tuple(verdict(profile, outcome) for profile, outcome in outcomes.items()),
        text=text,
        found=seen_in(kept, text),
        more=len(found) - len(kept) + max(outcome.dropped for outcome in outcomes.values()),
        written=_written(made, found, limits),
        outcomes=dict(outcomes),
        data={profile: bytes(file.data) for profile, (_, file) in made.items() if file.data is not None},
    )


def verdict(profile: str, outcome: Outcome) -> Verdict:
    """Give an outcome in few words."""
    counts = {level: count for level, count in outcome.report().counts().items() if count}
    about = (outcome.contract, outcome.format, outcome.records, counts, line(outcome.reason))
    return Verdict(profile, outcome.status, *about, left_out=left_out_text(outcome.left_out))


def bounded(job: Job, limits: TrialLimits) -> Job:
    """Give a job that keeps all findings of a payload, and unpacks no more than the page takes."""
    return msgspec.structs.replace(job, kept=LIMIT, sink="", limits=Limits(member_size=limits.unpacked))


def _payload(data: bytes, name: str) -> Payload:
    return Payload(io.BytesIO(data), name, size=len(data), counted=True)


def _text(data: bytes, outcome: Outcome, found: list[Found], job: Job, limits: TrialLimits) -> Shown:
    """Give the beginning of the payload as text, unpacked where it is packed, as far as it can be."""
    payload = _payload(data, outcome.source)
    head, size = data, len(data)
    with suppress(ConvtoolError):  # which the outcome tells
        inner, _ = unpacked(payload, job.limits)
        if inner is not payload:
            head = inner.head(bytes_of(limits))
            size = max(len(head), outcome.bytes_in)
    return shown_text(head, size, places_of(found), limits)


class _Memory:
    """A conversion's output, in memory; None until something is written. What is put aside is dropped."""

    def __init__(self) -> None:
        self.data: bytes | bytearray | None = None

    def name_for(self, format: str) -> bool:
        """It has none."""
        del format
        return True

    def put(self, data: bytes) -> dict[str, Any]:
        self.data = data
        return {}

    @contextmanager
    def writer(self) -> Iterator[_Memory]:
        try:
            self.data = bytearray()
            yield self
        except BaseException:
            self.data = None
            raise

    def write(self, data: bytes) -> int:
        assert isinstance(self.data, bytearray)
        self.data += data
        return len(data)

    def aside(self, line: bytes) -> None:
        pass

    def told(self) -> dict[str, Any]:
        return {}


def _converted(catalog: Catalog, data: bytes, name: str, job: Job) -> dict[str, tuple[Outcome, _Memory]]:
    """Convert a payload into the other format, as each profile reads it."""
    made: dict[str, tuple[Outcome, _Memory]] = {}
    for profile in PROFILES:
        wanted = msgspec.structs.replace(job, verb="convert", profile=profile)
        file = _Memory()
        outcome = Judge(wanted, catalog).outcome(_payload(data, name), Outcome(0, name, "failed"), file, named=True)
        made[profile] = outcome, file
    return made


def _written(
    made: Mapping[str, tuple[Outcome, _Memory]], known: list[Found], limits: TrialLimits
) -> dict[str, Written]:
    """Give what conversions have written as the page shows it, with what is not ``known`` of the payload itself."""
    told: dict[str, Written] = {}
    said = {(one.code, one.path, one.place) for one in known}
    before: bytes | bytearray | None = None
    for profile, (outcome, file) in made.items():
        if file.data is None:
            told[profile] = Written(reason=line(outcome.reason or f"is {outcome.status}"))
            continue
        found = [one for one in beside({profile: outcome.diagnostics}) if (one.code, one.path, one.place) not in said]
        to = "json" if outcome.format in ("xml", "form") else "xml"  # as the judge chooses it
        same = file.data == before
        text = None if same else shown_text(bytes(file.data), len(file.data), (), limits)
        told[profile] = Written(to, text, found=tuple(chosen(found, limits.findings)), same=same)
        before = file.data
    return told
