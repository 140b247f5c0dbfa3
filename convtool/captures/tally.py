"""What came of many exchanges, of one capture or of thousands: by operation and status, verdicts and codes of errors.

    tally = Tally()
    for path in paths:
        for judgement in judge(path, catalog):
            tally.add(judgement)
    print(tally.text())

Every exchange is in it, those of no operation as well; its size is that of the operations, not of the captures.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from convtool.captures.model import KINDS
from convtool.codes import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from convtool.captures.judging import Judgement

__all__ = ["Tally"]

_ALONE = "(no request)"  # stands for the operation of responses whose requests were not recorded
_NAMED = "(no operation)"  # of exchanges that were judged by a contract that was named


@dataclass(slots=True)
class Tally:
    """Counts of exchanges.

    ``exchanges`` by (operation, status), ``verdicts`` by (operation, status, side, verdict), ``codes`` of errors by
    (operation, status, side, code); ``others`` are the exchanges that nothing is said about, by kind ("" for HTTP), and
    ``broken`` the parts of captures that are none, by the code that says why.
    """

    exchanges: Counter[tuple[str, int]] = field(default_factory=Counter)
    verdicts: Counter[tuple[str, int, str, str]] = field(default_factory=Counter)
    codes: Counter[tuple[str, int, str, str]] = field(default_factory=Counter)
    others: Counter[str] = field(default_factory=Counter)
    broken: Counter[str] = field(default_factory=Counter)

    def add(self, judgement: Judgement) -> None:
        """Count a judgement."""
        one = judgement.exchange
        if one is None:
            self.broken.update(found.code for report in judgement.reports for found in report)
            return
        if not judgement.ours:
            self.others[one.kind] += 1
            return
        key = (one.operation.name if one.operation is not None else _NAMED if one.method else _ALONE, one.status)
        self.exchanges[key] += 1
        for part in judgement.parts:
            self.verdicts[(*key, part.side, part.verdict)] += 1
            errors = {found.code for found in part.report if found.severity is Severity.ERROR}
            self.codes.update((*key, part.side, code) for code in errors)

    def update(self, other: Tally) -> None:
        """Add what another tally has counted, as that of another process."""
        for name in ("exchanges", "verdicts", "codes", "others", "broken"):
            getattr(self, name).update(getattr(other, name))

    def to_dict(self) -> dict[str, Any]:
        """Give the counts as data: a list of the operations' statuses, each with its sides."""
        rows = [
            {
                "operation": operation, "status": status, "exchanges": number,
                **{side: {"verdicts": self._of(self.verdicts, operation, status, side),
                          "codes": self._of(self.codes, operation, status, side)} for side in ("request", "response")},
            }
            for (operation, status), number in sorted(self.exchanges.items())
        ]  # fmt: skip
        return {"operations": rows, "others": dict(self.others), "broken": dict(sorted(self.broken.items()))}

    @staticmethod
    def _of(counts: Counter[tuple[str, int, str, str]], *key: str | int) -> dict[str, int]:
        return {name: number for (*rest, name), number in sorted(counts.items()) if tuple(rest) == key}

    def text(self) -> str:
        """Give a line for each status of an operation, and below it one for each side; then what is not in these."""
        lines: list[str] = []
        for row in self.to_dict()["operations"]:
            lines.append(
                f"{row['operation']} {row['status'] or 'without a status'}: {_many(row['exchanges'], 'exchange')}"
            )
            for side in ("request", "response"):
                told = _counted(row[side]["verdicts"].items())
                codes = _counted((f"[{code}]", number) for code, number in row[side]["codes"].items())
                if told:
                    lines.append(f"  {side}: {told}" + (f"; {codes}" if codes else ""))
        if self.others:
            kinds = [_many(self.others[kind], kind) for kind in KINDS if self.others[kind]]
            lines.append(f"{self.others.total()} more not ours" + (f": {', '.join(kinds)}" if kinds else ""))
        if self.broken:
            codes = _counted((f"[{code}]", number) for code, number in sorted(self.broken.items()))
            lines.append(f"{_many(self.broken.total(), 'part')} of captures not read: {codes}")
        return "\n".join(lines)


def _many(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number != 1)}"


def _counted(counts: Iterable[tuple[str, int]]) -> str:
    return ", ".join(f"{number} {name}" for name, number in counts)
