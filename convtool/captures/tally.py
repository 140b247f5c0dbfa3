"""What came of many exchanges, of one capture or of thousands: by operation and status, verdicts and codes of errors.

tally = Tally()
for path in paths:
    for judgement in judge(path, catalog):
        tally.add(judgement)
print(tally.text())
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from convtool.captures.model import KINDS
from convtool.codes import Severity
from convtool.shown import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from convtool.captures.judging import Judgement

__all__ = ["Tally"]

_ALONE = "(no request)"  # stands for the operation of responses whose requests were not recorded
_NAMED = "(no operation)"  # of exchanges that were judged by a contract that was named
_HTTP = "http"  # of exchanges that are ours or nobody's, and neither websockets nor resources
_SIDES = ("request", "response")


@dataclass(slots=True)
class Tally:
    """Counts of exchanges, as plain data: objects of objects, whose leaves are numbers.

    ``operations`` has for each operation and status the number of ``exchanges``, and for each side ``verdicts`` and
    ``codes`` of errors; ``others`` are the exchanges that nothing is said about, by kind ("http", "websocket",
    "resource"), and ``broken`` the parts of captures that are none, by the code that says why.
    """

    counts: dict[str, Any] = field(default_factory=dict)

    def add(self, judgement: Judgement) -> None:
        """Count a judgement."""
        one = judgement.exchange
        if one is None:
            for code in [found.code for report in judgement.reports for found in report]:
                self._count("broken", code)
            return
        if not judgement.ours:
            self._count("others", one.kind or _HTTP)
            return
        called = one.operation.name if one.operation is not None else _NAMED if one.method else _ALONE
        row = "operations", called, str(one.status)
        self._count(*row, "exchanges")
        for part in judgement.parts:
            self._count(*row, part.side, "verdicts", part.verdict)
            for code in sorted({found.code for found in part.report if found.severity is Severity.ERROR}):
                self._count(*row, part.side, "codes", code)

    def _count(self, *path: str) -> None:
        *above, last = path
        row = self.counts
        for name in above:
            row = row.setdefault(name, {})
        row[last] = row.get(last, 0) + 1

    def update(self, counts: Tally | dict[str, Any]) -> None:
        """Add what another tally has counted, as that of another process."""
        _add(self.counts, counts.counts if isinstance(counts, Tally) else counts)

    @property
    def exchanges(self) -> int:
        """How many exchanges have been counted, ours and others."""
        ours = sum(int(row["exchanges"]) for *_, row in self._rows())
        return ours + sum(map(int, self.counts.get("others", {}).values()))

    def _rows(self) -> Iterator[tuple[str, int, dict[str, Any]]]:
        for operation, statuses in sorted(self.counts.get("operations", {}).items()):
            for status in sorted(map(int, statuses)):
                yield operation, status, statuses[str(status)]

    def text(self) -> str:
        """Give a line for each status of an operation, and below it one for each side; then what is not in these."""
        lines: list[str] = []
        for operation, status, row in self._rows():
            lines.append(f"{operation} {status or 'without a status'}: {counted(row['exchanges'], 'exchange')}")
            for side in _SIDES:
                counts = row.get(side, {})
                told = _counted(counts.get("verdicts", {}).items())
                codes = _counted((f"[{code}]", number) for code, number in counts.get("codes", {}).items())
                if told:
                    lines.append(f"  {side}: {told}" + (f"; {codes}" if codes else ""))
        if others := self.counts.get("others", {}):
            kinds = [counted(others[kind], kind) for kind in KINDS if kind in others]
            lines.append(f"{sum(others.values())} more not ours" + (f": {', '.join(kinds)}" if kinds else ""))
        if broken := self.counts.get("broken", {}):
            codes = _counted((f"[{code}]", number) for code, number in broken.items())
            lines.append(f"{counted(sum(broken.values()), 'part')} of captures not read: {codes}")
        return "\n".join(lines)


def _add(counts: dict[str, Any], others: dict[str, Any]) -> None:
    for name, value in others.items():
        if isinstance(value, dict):
            _add(counts.setdefault(name, {}), value)
        else:
            counts[name] = counts.get(name, 0) + value


def _counted(counts: Iterable[tuple[str, int]]) -> str:
    return ", ".join(f"{number} {name}" for name, number in sorted(counts, key=lambda pair: pair[0]))
