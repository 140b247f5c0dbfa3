"""JUnit's XML: a test case for each file. An invalid payload is a failure; what was refused or failed is an error."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from convtool import shown
from convtool.findings import left_out_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from convtool.outcome import Outcome
    from convtool.reports.about import About

__all__ = ["document"]

_ERRORS = ("no verdict", "refused", "failed")
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def document(about: About, outcomes: Iterable[Outcome]) -> Iterator[str]:
    """Yield the document."""
    found = [one for whole in outcomes for one in whole.payloads()] if about.nested else outcomes
    statuses: dict[str, int] = about.summary.statuses
    if about.nested:
        statuses = Counter(str(one.status) for one in found)
    errors = sum(statuses[name] for name in _ERRORS)
    counts = (
        f'tests="{sum(statuses.values())}" failures="{statuses["invalid"]}" errors="{errors}" '
        f'skipped="{statuses["skipped"]}"'
    )
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="convtool" {counts}>\n'
    yield f'  <testsuite name="convtool {about.verb}" {counts}>\n'
    for outcome in found:
        yield _case(outcome)
    yield "  </testsuite>\n</testsuites>\n"


def _case(outcome: Outcome) -> str:
    head = f"    <testcase classname={_attribute(outcome.contract or 'unknown')} name={_attribute(outcome.name)}"
    inside = _inside(outcome)
    return f"{head} />\n" if not inside else f"{head}>\n{inside}    </testcase>\n"


def _inside(outcome: Outcome) -> str:
    if outcome.good or outcome.status == "error response":
        return ""
    if outcome.status == "skipped":
        return f"      <skipped message={_attribute(outcome.reason)} />\n"
    kind = "failure" if outcome.status == "invalid" else "error"
    errors = [found for found in outcome.diagnostics if found["severity"] == "error"]
    reason = outcome.reason or left_out_text(outcome.left_out)
    first = errors[0] if errors else {"code": outcome.status, "message": reason}
    lines = [
        f"{outcome.name}:{found.get('line', 1)}:{found.get('column', 1)}: {found['message']} [{found['code']}]"
        for found in errors
    ] or [reason]
    what = f"message={_attribute(first['message'])} type={_attribute(first['code'])}"
    return f"      <{kind} {what}>{escape(chr(10).join(map(shown.line, lines)))}</{kind}>\n"


def _attribute(text: str) -> str:
    return quoteattr(shown.line(text))
