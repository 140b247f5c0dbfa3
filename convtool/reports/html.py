"""One page for people: counts, a chart of codes, and the bad files with what is wrong where. Works without a network.

Everything that comes from outside is escaped, and the page's own policy lets nothing load or leave.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from convtool.outcome import BAD, GOOD, STATUSES
from convtool.reports.page import HEAD, SCRIPT
from convtool.shown import line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from convtool.outcome import Outcome
    from convtool.reports.about import About
    from convtool.reports.summary import Summary

__all__ = ["document"]

_ROWS = 5000  # files of the table: what a browser filters without a pause; other forms have them all
_FINDINGS = 10  # of one file
_HEADINGS = ("contract", "good", "bad", "records", "bytes in", "bytes out")


def document(about: About, outcomes: Iterable[Outcome]) -> Iterator[str]:
    """Yield the page."""
    title = f"convtool {about.verb}"
    yield HEAD.format(title=escape(title))
    yield f"<body>\n<h1>{escape(title)}</h1>\n"
    note = "stopped before all was done · " if about.interrupted else ""
    yield f'<p class="soft">{note}convtool {escape(about.version)}</p>\n'
    yield _cards(about.summary)
    yield _chart(about.summary)
    yield _contracts(about.summary)
    yield from _files(about.summary, outcomes)
    yield SCRIPT
    yield "</body>\n</html>\n"


def _cards(summary: Summary) -> str:
    shown = [("", "files", summary.files), ("", "records", summary.records)]
    for status, count in summary.statuses.items():
        if count:
            kind = "good" if status in GOOD else "bad" if status in BAD else ""
            shown.append((kind, status, count))
    cards = "".join(
        f'<div class="card {kind}" title="{escape(STATUSES.get(name, name))}"><b>{count:,}</b>{name}</div>\n'
        for kind, name, count in shown
    )
    return f'<div class="cards">\n{cards}</div>\n'


def _chart(summary: Summary) -> str:
    if not summary.codes:
        return ""
    most = max(row.files for row in summary.codes.values())
    rows = []
    for code, row in sorted(summary.codes.items(), key=lambda pair: (-pair[1].files, pair[0])):
        width = max(1, round(100 * row.files / most))
        first = "; ".join(place for _, place in row.first)
        rows.append(
            f'<tr title="first in {_printable(first)}"><td>{escape(code)}</td><td class="n">{row.files:,}</td>'
            f'<td><span class="bar {escape(row.severity)}" style="width:{width}%"></span></td></tr>\n'
        )
    head = '<tr><th>code</th><th class="n">files</th><th></th></tr>'
    table = f"<thead>{head}</thead>\n<tbody>\n{''.join(rows)}</tbody>"
    return f'<h2>What was found</h2>\n<table class="bars" id="codes">\n{table}</table>\n'


def _contracts(summary: Summary) -> str:
    if not summary.contracts:
        return ""
    head = "".join(f"<th{' class=n' if at else ''}>{name}</th>" for at, name in enumerate(_HEADINGS))
    rows = "".join(
        f"<tr><td>{_printable(name)}</td>"
        + "".join(
            f'<td class="n">{number:,}</td>' for number in (of.good, of.bad, of.records, of.bytes_in, of.bytes_out)
        )
        + "</tr>\n"
        for name, of in sorted(summary.contracts.items())
    )
    return f"<h2>By contract</h2>\n<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}</tbody></table>\n"


def _files(summary: Summary, outcomes: Iterable[Outcome]) -> Iterator[str]:
    """Yield the table of files that are not good, and how to filter it."""
    total = summary.bad + summary.statuses["skipped"]
    if not total:
        yield '<h2>Files</h2>\n<p id="files">All files are good.</p>\n<p hidden id="shown"></p>\n'
        yield '<p hidden><input id="text"><select id="status"><option value=""></option></select></p>\n'
        return
    statuses = [name for name in (*BAD, "skipped") if summary.statuses[name]]
    options = "".join(f"<option>{name}</option>" for name in statuses)
    yield "<h2>Files that are not good</h2>\n"
    yield (
        '<div class="filter"><input id="text" type="search" placeholder="Filter by name, code or text" '
        'aria-label="Filter by name, code or text"><select id="status" aria-label="Status">'
        f'<option value="">every status</option>{options}</select><span class="soft" id="shown"></span></div>\n'
    )
    yield '<table id="files">\n<thead><tr><th>file</th><th>status</th><th>what</th></tr></thead>\n<tbody>\n'
    rows = 0
    for outcome in (one for whole in outcomes if whole.bad or whole.status == "skipped" for one in whole.each()):
        if outcome.bad or (outcome.status == "skipped" and outcome.reason):
            rows += 1
            if rows <= _ROWS:
                yield _row(outcome)
    yield "</tbody></table>\n"
    if rows > _ROWS:
        yield f'<p class="soft">{rows - _ROWS:,} more files are in the other forms of the report.</p>\n'


def _row(outcome: Outcome) -> str:
    shown = [_finding(found) for found in outcome.diagnostics[:_FINDINGS]]
    more = len(outcome.diagnostics) - len(shown) + outcome.dropped
    if outcome.reason:
        shown.insert(0, f'<p class="finding">{_printable(outcome.reason)}</p>')
    if more:
        shown.append(f'<p class="soft">and {more:,} more</p>')
    tag = f'<span class="tag {outcome.status}">{outcome.status}</span>'
    return (
        f'<tr data-status="{outcome.status}"><td class="name">{_printable(outcome.name)}</td><td>{tag}</td>'
        f"<td>{''.join(shown)}</td></tr>\n"
    )


def _finding(found: dict[str, Any]) -> str:
    place = f"{found['line']}:{found['column']} " if "line" in found else ""
    path = f" <code>{_printable(found['path'])}</code>" if found.get("path") else ""
    text = f"<b>{escape(found['code'])}</b> {place}{_printable(found['message'])}{path}"
    excerpt = found.get("excerpt")
    if excerpt:
        before, span, after = (_printable(excerpt[part]) for part in ("before", "span", "after"))
        text += f"<pre>{before}<mark>{span or '&nbsp;'}</mark>{after}</pre>"
    hint = f'<br><span class="soft">{_printable(found["hint"])}</span>' if found.get("hint") else ""
    return f'<div class="finding {escape(found["severity"])}">{text}{hint}</div>'


def _printable(text: str) -> str:
    """Show what cannot be seen as escapes, so that nothing in a payload changes how the page reads."""
    return escape("\n".join(map(line, text.split("\n"))))
