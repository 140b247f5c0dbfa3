"""Two payloads side by side: where they differ, as ``convtool compare`` tells it, marked in both texts."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from convtool.errors import PayloadError
from convtool.job import Job
from convtool.limits import TRIAL_LIMITS
from convtool.outcome import findings, source_name
from convtool.pair import differences
from convtool.payload import Payload
from convtool.recognise import unpacked
from convtool.shown import line
from convtool.trial.found import Found, beside, chosen, places_of, plain, seen_in
from convtool.trial.look import bounded
from convtool.trial.marked import Place, Shown, bytes_of, encoding_of, shown_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from convtool.catalog import Catalog
    from convtool.codes import Profile
    from convtool.compare import Dates, Difference
    from convtool.findings import Location
    from convtool.limits import TrialLimits

__all__ = ["Compared", "Differing", "differ"]

# What is marked of a value: a tag and the text behind it, or the text; in JSON a text, or up to a comma or a bracket.
_OF_XML = re.compile(r"<[^>\n]*>[^<\n]*|[^<\n]+")
_OF_JSON = re.compile(r'"(?:[^"\\\n]|\\.)*"|[^\s,\]}]+')
_LONGEST = 80  # characters that are marked


class Side(msgspec.Struct, frozen=True, omit_defaults=True):
    """One side of a difference: its value, and where it is; no place, where it has nothing there."""

    value: str
    place: str = ""
    marked: bool = False


class Differing(msgspec.Struct, frozen=True):
    """A difference: the path, as a JSON Pointer, what differs in words, and both sides."""

    path: str
    words: str
    left: Side
    right: Side


class Compared(msgspec.Struct, frozen=True, omit_defaults=True):
    """Two payloads: their differences, or (``invalid`` names it) why one of them has no value to compare."""

    names: tuple[str, str]
    contract: str
    texts: tuple[Shown, Shown]
    differences: tuple[Differing, ...] = ()
    more: int = 0
    invalid: str = ""
    found: tuple[Found, ...] = ()
    differs: tuple[Difference, ...] = ()

    def told(self) -> dict[str, Any]:
        """Give what the page is told, as plain data."""
        return plain(msgspec.structs.replace(self, differs=()))


def differ(
    catalog: Catalog, left: tuple[str, bytes], right: tuple[str, bytes], *, job: Job | None = None,
    dates: Dates = "text", ignore: Iterable[str] = (), limits: TrialLimits = TRIAL_LIMITS,
) -> Compared:  # fmt: skip
    """Compare two payloads, each a name and its bytes. ``job``: their contract, format and profile, as for commands.

    UsageError where ``ignore`` leads to nothing.
    """
    wanted = bounded(job or Job(), limits)
    profile: Profile = "dotnet" if wanted.profile == "dotnet" else "strict"
    names = (source_name(left[0]), source_name(right[0]))
    known = (names[0], names[1] if names[1] != names[0] else f"./{names[1]}")  # which of them a report is of
    payloads = [
        unpacked(Payload(io.BytesIO(data), name, size=len(data)), wanted.limits)[0]
        for name, (_, data) in zip(known, (left, right), strict=True)
    ]
    texts = _Texts([payload.head(bytes_of(limits)) for payload in payloads], [len(left[1]), len(right[1])], limits)
    about = (line(names[0]), line(names[1]))
    try:
        contract, found = differences(
            catalog, *payloads, contract=wanted.contract, ignore=ignore, dates=dates, profile=profile,
            format=wanted.given or None, depth=wanted.depth,
        )  # fmt: skip
    except PayloadError as error:
        at = known.index(error.report.source) if error.report.source in known else 0
        told = findings(error.report, kept=wanted.kept).get("diagnostics", ())
        wrong = chosen(beside({profile: told}), limits.findings)
        of = texts.shown({at: places_of(wrong)})
        return Compared(about, error.report.contract, of, invalid=about[at], found=seen_in(wrong, of[at]))
    kept = found[: limits.findings]
    of = texts.shown({side: texts.places(kept, side) for side in (0, 1)})
    rows = tuple(_differing(one, number, of) for number, one in enumerate(kept))
    return Compared(about, contract, of, rows, len(found) - len(kept), differs=tuple(found))


def _differing(one: Difference, number: int, texts: tuple[Shown, Shown]) -> Differing:
    sides = [
        Side(value, f"{place.line}:{place.column}" if place else "", number in text.marked)
        for value, place, text in zip(one.values, (one.left_location, one.right_location), texts, strict=True)
    ]
    return Differing(line(one.path or "(root)"), one.words, *sides)


@dataclass(slots=True)
class _Texts:
    """The beginnings of two payloads as they are shown; ``sizes`` are those of what was sent."""

    heads: list[bytes]
    sizes: list[int]
    limits: TrialLimits

    def shown(self, places: dict[int, list[Place]]) -> tuple[Shown, Shown]:
        """Give both, with places marked in either."""
        left, right = (
            shown_text(head, max(len(head), size), places.get(side, ()), self.limits)
            for side, (head, size) in enumerate(zip(self.heads, self.sizes, strict=True))
        )
        return left, right

    def places(self, found: list[Difference], side: int) -> list[Place]:
        """Give what is marked of differences on one side."""
        places = []
        for number, one in enumerate(found):
            at = one.right_location if side else one.left_location
            if at is not None:
                places.append(Place(at.line, at.column, self._length(at, side), number))
        return places

    def _length(self, at: Location, side: int) -> int:
        head = self.heads[side]
        encoding, mark = encoding_of(head)
        value = _OF_XML if head[mark:][:_LONGEST].decode(encoding, "replace").lstrip().startswith("<") else _OF_JSON
        text = head[at.offset : at.offset + 4 * _LONGEST].decode(encoding, "replace")[:_LONGEST]
        match = value.match(text)
        return len(match[0]) if match else 1
