"""The engine's events → findings: the same, with the same places and counts, as the careful readers report.

The engine reads what is plainly valid. What is worth saying of it all the same (absent members, dates that .NET would
write otherwise, values in another than the wire form, comments, what a conversion loses) comes as events; here each
becomes the finding that the careful lane has for it. A kind that is reported once for a member comes once, and with a
number for all.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from convtool.codes import Severity, severity
from convtool.formats import suggest
from convtool.formats.leaf import Place, lexical, pointer, report_offset, report_settled
from convtool.model import dates
from convtool.model.contract import Scalar, split_key
from convtool.model.datatypes import DATATYPES, collapse
from convtool.model.numbers import decimal_to_json, format_decimal, parse_decimal
from convtool.model.program import KINDS

if TYPE_CHECKING:
    from convtool.codes import Profile
    from convtool.engine import Event, Told
    from convtool.findings import Findings
    from convtool.formats.text import Text
    from convtool.model.contract import Contract
    from convtool.model.program import Site

__all__ = ["LOSSES", "Names", "Teller", "refused"]

#: The codes of each kind of event.
CODES = {
    "absent": ("member.defaulted", "member.nulled", "loss.absent"),
    "offset": ("date.offset",),
    "rewritten": ("date.rewritten", "loss.date"),
    "fraction": ("date.fraction", "loss.date"),
    "scale": ("loss.scale",),
    "type": ("loss.type",),
    "member": ("loss.member", "loss.null"),
    "lexical": ("loss.lexical",),
    "comment": ("loss.comment",),
}
LOSSES = ("scale", "type", "member")  # what only a conversion into the other format is about
_TOKEN_END = re.compile(rb"[<>\s]")


@cache
def refused(profile: Profile, lossless: bool) -> int:
    """Give the kinds of events, as a set of bits, that are errors here: the careful lane has the records with them."""
    levels = {kind: [severity(code, profile, lossless=lossless) for code in codes] for kind, codes in CODES.items()}
    return sum(1 << KINDS.index(kind) for kind, found in levels.items() if Severity.ERROR in found)


class Notes(Protocol):
    """What only a format itself can tell of its documents."""

    name: str

    def comment(self, at: int, path: str, findings: Findings) -> None:
        """Report a comment."""

    def content(self, text: Text, at: int) -> str:
        """Give the text of the simple value whose content is at an offset."""


class Names:
    """What findings call the members of a program in one format, and how their paths name them: each worked out once.

    ``sites``: the members by the program's numbers. It may be shared by threads.
    """

    def __init__(self, contract: Contract, sites: tuple[Site, ...], form: str) -> None:
        self.contract = contract
        self.sites = sites
        self.form = form
        self._labels: dict[int, str] = {}
        self._lost: dict[tuple[int, bool], str] = {}
        self._steps: dict[int, tuple[str, str]] = {}

    def label(self, number: int) -> str:
        """Give the name of a member as findings call it."""
        if number not in self._labels:
            site = self.sites[number]
            owner, name = split_key(site.owner)[1], site.member.called(self.form)
            if site.role == "root":
                owner = ""
            elif self.form == "xml" and site.role in ("key", "value"):
                owner += f"/{getattr(self.contract.types[site.owner], 'entry', '')}"
            self._labels[number] = f"{owner}.{name}" if owner else name
        return self._labels[number]

    def lost(self, number: int, located: bool) -> str:
        """Give the name of a member as losses call it, with the place of each or without."""
        if (number, located) not in self._lost:
            site = self.sites[number]
            record = site.owner == self.contract.root and self.contract.item is not None
            alone = site.role == "root" or (not located and site.role == "item" and record)
            name = f"{split_key(site.owner)[1]}.{site.member.called(self.form)}"
            self._lost[number, located] = split_key(site.member.type)[1] if alone else name
        return self._lost[number, located]

    def step(self, number: int) -> tuple[str, str]:
        """Give what a path has for a member, and how it goes on: "[" and "/" with an index, "key" with a key."""
        if number not in self._steps:
            site = self.sites[number]
            name, many = site.member.called(self.form), site.role in ("item", "entry")
            if self.form == "xml":
                self._steps[number] = f"/{name}", "[" if many else ""
            elif many:
                self._steps[number] = "", "/" if site.role == "item" else "key"
            else:
                self._steps[number] = f"/{pointer(name)}" if site.role == "member" else "", ""
        return self._steps[number]


class Teller:
    """Turns the events of one document into findings.

    ``losses``: what is lost in the other format counts; ``located``: with its place, as where a document is read whole.
    """

    text: Text  # what is told of at the moment, and to whom
    findings: Findings

    def __init__(self, names: Names, form: Notes, *, losses: bool, located: bool) -> None:
        self.names = names
        self.contract = names.contract
        self.types = names.contract.types
        self.sites = names.sites
        self.form = form
        self.xml = form.name == "xml"
        self.losses = losses
        self.located = located

    def tell(self, told: Told, text: Text, findings: Findings, *, losses: bool) -> None:
        """Report what was found in ``text``: the losses among it, or all else."""
        self.text, self.findings = text, findings
        findings.places = text
        totals = told.totals()
        any_of_them = any((KINDS[kind] in LOSSES) is losses for kind in told.kinds())
        for event in told.events() if any_of_them else ():
            kind = KINDS[event.kind]
            if (kind in LOSSES) is not losses:
                continue
            findings.record = None if losses else event.record
            getattr(self, f"_{kind}")(event)
            if (event.site, event.kind) in totals:
                totals[event.site, event.kind] -= 1
        findings.record = None
        for (site, number), count in totals.items():
            kind = KINDS[number]
            if (kind in LOSSES) is losses:
                label = self.names.lost(site, self.located) if losses else self.names.label(site)
                self._again(kind, label, count)
        if not losses:
            findings.dropped += told.dropped

    def _again(self, kind: str, label: str, count: int) -> None:
        for code in CODES[kind]:
            if count and self.findings.knows(code, label):
                self.findings.again(code, label, count)

    # --- paths ---

    def path(self, event: Event) -> str:
        """Give the path of an event, as its format has it."""
        return "".join([self._step(number, index) for number, index in event.path]) or ("/" if self.xml else "")

    def _step(self, number: int, index: int) -> str:
        name, more = self.names.step(number)
        if not more:
            return name
        if more == "key":
            return f"/{pointer(self._json_text(index))}"
        return f"{name}[{index}]" if more == "[" else f"{name}/{index}"

    def _json_text(self, at: int) -> str:
        """Give the text of the JSON string at an offset."""
        data = self.text.data
        end = at + 1
        while data[end : end + 1] != b'"':
            end += 2 if data[end : end + 1] == b"\\" else 1
        text: str = msgspec.json.decode(data[at : end + 1])
        return text

    # --- findings ---

    def _place(self, event: Event) -> Place:
        return Place((event.at, event.at + event.length), self.path(event), self.names.label(event.site))

    def _shown(self, event: Event) -> str:
        """Give a simple value's text as it came."""
        raw = self.text.data[event.at : event.at + event.length]
        if not self.xml and raw.startswith(b'"'):
            text: str = msgspec.json.decode(raw)
            return text
        return raw.decode()

    def _absent(self, event: Event) -> None:
        member = self.sites[event.site].member
        width = len(self.sites[event.path[-1][0]].member.name.encode()) + 1 if self.xml else 1
        span = (event.at, event.at + width)
        suggest.report_absent(
            self.types, member, self.names.label(event.site), span, self.path(event), self.findings,
            self.form.name,
        )  # fmt: skip

    def _offset(self, event: Event) -> None:
        report_offset(self._place(event), self.findings)

    def _rewritten(self, event: Event) -> None:
        text = collapse(self._shown(event)) if self.xml else self._shown(event)
        settled = (dates.settle if self.xml else dates.settle_json)(text)
        report_settled(text, settled, self._place(event), self.findings)

    _fraction = _rewritten

    def _lexical(self, event: Event) -> None:
        kind = self.types[self.sites[event.site].member.type]
        assert isinstance(kind, Scalar)
        datatype, text = DATATYPES[kind.datatype], self._shown(event)
        if self.xml:
            written = datatype.format(datatype.parse(collapse(text) if datatype.collapses else text))
        else:
            written = datatype.write_json(datatype.read_json(text))
        lexical(text, written, self._place(event), self.findings)

    def _comment(self, event: Event) -> None:
        self.form.comment(event.at, self.path(event), self.findings)

    # --- losses ---

    def _scale(self, event: Event) -> None:
        if not self.losses:
            return
        label = self.names.lost(event.site, self.located)
        value = parse_decimal(collapse(self.form.content(self.text, event.at)))
        message = f"`{label}` is {format_decimal(value)}, which JSON has as {decimal_to_json(value)}."
        self._lost("loss.scale", label, message, event)

    def _type(self, event: Event) -> None:
        if not self.losses:
            return
        label = self.names.lost(event.site, self.located)
        key = self.contract.derived[self.sites[event.site].member.type][event.length - 1]
        message = f"`{label}` is of the derived type {split_key(key)[1]}, which JSON does not tell without $type."
        self._lost("loss.type", label, message, event)

    def _member(self, event: Event) -> None:
        if not self.losses:
            return
        label, there = self.names.lost(event.site, self.located), event.length > 0
        code, message = suggest.dropped(self.sites[event.site].member, label, there=there)
        self._lost(code, label, message, event, placed=there)

    def _lost(self, code: str, label: str, message: str, event: Event, *, placed: bool = True) -> None:
        path = "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in self._steps(event))
        span = None
        if self.located and self.xml and placed:
            end = _TOKEN_END.search(self.text.data, event.at + 1)
            span = (event.at, end.start() if end else event.at + 1)
        self.findings.hazard(code, label, message, span, path)

    def _steps(self, event: Event) -> list[Any]:
        """Give the steps from the root's value to that of an event: names, indexes and keys."""
        steps: list[Any] = []
        for number, index in event.path:
            site = self.sites[number]
            if site.role == "member":
                steps.append(site.member.called(self.form.name))
            elif site.role == "item":
                steps.append(index)
            elif site.role == "entry":
                steps.append(self._key(site.owner, index))
        return steps

    def _key(self, owner: str, at: int) -> Any:
        """Give the key of a dictionary's entry whose text is at an offset."""
        of = self.types[self.types[owner].key_member.type]  # type: ignore[union-attr]
        if not self.xml:
            name = self._json_text(at)
            return name if not isinstance(of, Scalar) else DATATYPES[of.datatype].read_key(name)
        text = self.form.content(self.text, at)
        if not isinstance(of, Scalar):
            return collapse(text)
        datatype = DATATYPES[of.datatype]
        return datatype.parse(collapse(text) if datatype.collapses else text)
