"""One page for people: what was run, counts, a chart of codes, and the files with what was found where.

It works without a network: everything that comes from outside is escaped, and the page's own policy lets nothing load
or leave. The files are data, packed a thousand at a time, which ``page.js`` searches, sorts and shows a page of; the
first hundred are rows of the page as well, for who reads it without scripts.
"""

from __future__ import annotations

import base64
import zlib
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import msgspec

from convtool.codes import CODES, Severity
from convtool.findings import folded
from convtool.outcome import BAD, GOOD, STATUSES
from convtool.shown import line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from convtool.outcome import Outcome
    from convtool.reports.about import About
    from convtool.reports.summary import Summary

__all__ = ["document"]

_MOST = 200_000  # files of the page's data, some 50 bytes each: other forms have them all
_PACKED = 1_000  # files that are packed at a time
_ROWS = 100  # that are written out
_FINDINGS = 10  # of one file, and the first of each further code
_TAIL = 28  # characters of a name that are always seen
_HEADINGS = ("contract", "good", "bad", "records", "bytes in", "bytes out")
_CODES = {name: at for at, name in enumerate(CODES)}
_SEVERITIES = {str(level): at for at, level in enumerate(Severity)}
_STATUSES = {name: at for at, name in enumerate(STATUSES)}
_TITLES = {  # of the table: by whether there are files that are not good, and good ones with findings
    (True, True): "Files that are not good, then good ones in which something was found",
    (True, False): "Files that are not good",
    (False, True): "Good files in which something was found",
    (False, False): "Files",
}


def document(about: About, outcomes: Iterable[Outcome]) -> Iterator[str]:
    """Yield the page."""
    title = f"convtool {about.verb}"
    yield _HEAD.format(title=escape(title), style=_part("page.css"))
    yield f"<body>\n<header><h1>{escape(title)}</h1>{_THEME}</header>\n<main>\n"
    yield _run(about)
    yield _cards(about.summary)
    yield _chart(about.summary)
    yield _contracts(about.summary)
    yield from _files(about.summary, outcomes)
    yield f"</main>\n<script>\n{_part('page.js')}</script>\n</body>\n</html>\n"


_SCROLLS = 'tabindex="0" role="region" aria-label'  # it scrolls, by keys as well
_THEME = '<span class="tools"><button id="theme" type="button">Colours</button></span>'


def _part(name: str) -> str:
    return files("convtool.reports").joinpath(name).read_text("utf-8")


_HEAD = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
{style}</style>
</head>
"""


def _run(about: About) -> str:
    """Give what was run: as far as anybody has said it."""
    minutes, seconds = divmod(about.seconds, 60)
    took = f"{int(minutes)} min {seconds:.0f} s" if minutes else f"{seconds:.1f} s"
    rows = {
        "command": about.command, "when": about.started, "took": took if about.started else "",
        "profile": about.profile, "schemas": about.schemas, "convtool": about.version,
    }  # fmt: skip
    told = "".join(f"<dt>{name}</dt><dd>{_printable(value)}</dd>\n" for name, value in rows.items() if value)
    stopped = '<p class="soft">stopped before all was done</p>\n' if about.interrupted else ""
    return f'{stopped}<dl id="run">\n{told}</dl>\n'


def _cards(summary: Summary) -> str:
    cards = [_card("", "files", summary.files), _card("", "records", summary.records)]
    for status, count in summary.statuses.items():
        if count:
            kind = "good" if status in GOOD else "bad" if status in BAD else ""
            cards.append(_card(kind, status, count, f"#status={quote(status)}" if status not in GOOD else ""))
    return f'<ul class="cards">\n{"".join(cards)}</ul>\n'


def _card(kind: str, name: str, count: int, link: str = "") -> str:
    title = escape(STATUSES.get(name, name))
    inside = f"<b>{count:,}</b>{name}"
    if link:
        return f'<li><a class="card {kind}" href="{link}" title="{title}">{inside}</a></li>\n'
    return f'<li><span class="card {kind}" title="{title}">{inside}</span></li>\n'


def _chart(summary: Summary) -> str:
    left_out = "".join(
        f"<li>{escape(code)}: {row.count:,} in {row.files:,} files</li>\n"
        for code, row in sorted(summary.left_out.items())
    )
    told = f'<p id="left-out">Not shown, but counted:</p>\n<ul>\n{left_out}</ul>\n' if left_out else ""
    if not summary.codes:
        return told
    most = max(row.files for row in summary.codes.values())
    rows = []
    for code, row in sorted(summary.codes.items(), key=lambda pair: (-pair[1].files, pair[0])):
        width = max(1, round(100 * row.files / most))
        first = "; ".join(place for _, place in row.first)
        rows.append(
            f'<tr title="first in {_printable(first)}"><td><a href="#q=code:{escape(code)}">{escape(code)}</a></td>'
            f'<td class="n">{row.files:,}</td><td class="n">{row.count:,}</td>'
            f'<td><span class="bar {escape(row.severity)}" style="width:{width}%"></span></td></tr>\n'
        )
    head = '<tr><th>code</th><th class="n">files</th><th class="n">times</th><td aria-hidden="true"></td></tr>'
    table = f"<thead>{head}</thead>\n<tbody>\n{''.join(rows)}</tbody>"
    codes = f'<div class="tall" {_SCROLLS}="Codes"><table id="codes">\n{table}</table></div>'
    return f"<h2>What was found</h2>\n{codes}\n{told}"


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
    table = f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}</tbody></table>"
    return f'<h2>By contract</h2>\n<div class="wide" {_SCROLLS}="Contracts">{table}</div>\n'


# --- files -----------------------------------------------------------------------------------------------------------

_TOOLS = """<h2 id="list">{title}</h2>
<div class="tools" role="search"><input id="text" type="search" aria-label="Search" aria-describedby="keys"
 placeholder="Words, or code:date status:invalid file:2024 -without"><select id="status" aria-label="Status">
<option value="">every status</option>{options}</select>
<span role="group" aria-label="Grouped by"><button type="button" data-view="file">by file</button>
<button type="button" data-view="code">by code</button></span>
<span class="soft" id="shown" role="status"></span></div>
<table id="files">
<caption class="hidden">Files, their status and what was found in them</caption>
<thead><tr>{heads}</tr></thead>
<tbody>
"""
_AFTER = """</tbody></table>
<nav class="tools" aria-label="Pages"><button type="button" id="before">Before</button>
<button type="button" id="after">After</button><span class="soft" id="place" role="status"></span></nav>
<p class="soft tools" id="keys">Search: words, &quot;phrases&quot;, -without; code: status: contract: file: severity:
method: operation: … Keys: / search, j k rows, n p pages, c by code, Esc clears.</p>
"""


def _files(summary: Summary, outcomes: Iterable[Outcome]) -> Iterator[str]:
    """Yield the table of files that are not good or in which something was found, and the data of all of them."""
    wrong, good = _Listed(), _Listed()
    for outcome in _shown(outcomes):
        (good if outcome.good else wrong).add(outcome)
    statuses = {name for name in STATUSES if name not in GOOD and summary.statuses[name]}
    statuses |= wrong.statuses | good.statuses
    options = "".join(f"<option>{name}</option>" for name in STATUSES if name in statuses)
    heads = "".join(
        f'<th scope="col" data-sort="{key}" aria-sort="none"><button type="button">{name}'
        f'<span aria-hidden="true"></span></button></th>'
        for key, name in (("file", "file"), ("status", "status"), ("findings", "what"))
    )
    yield _TOOLS.format(title=_TITLES[wrong.count > 0, good.count > 0], options=options, heads=heads)
    rows = [*wrong.first, *good.first][:_ROWS]
    yield from (_row(outcome, number) for number, outcome in enumerate(rows))
    yield _AFTER
    count = wrong.count + good.count
    if not wrong.count:
        yield '<p id="all-good">All files are good.</p>\n'
    if count > _ROWS:
        told = f"{count - _ROWS:,} more files are shown with scripts, and are in the other forms of the report."
        yield f"<noscript><p>{told}</p></noscript>\n"
    packed = [*wrong.packs(), *good.packs(max(0, _MOST - wrong.count))]
    more = count - sum(size for size, _ in packed)
    if more:
        yield f'<p class="soft">{more:,} more files are in the other forms of the report.</p>\n'
    names = {"codes": list(_CODES), "severities": list(_SEVERITIES), "statuses": list(_STATUSES), "total": count}
    yield f'<script type="application/json" id="about">{_json(names)}</script>\n'
    yield from (f'<script type="application/octet-stream" data-files>{text}</script>\n' for _, text in packed)


class _Listed:
    """Files of the table as they come: those that are written out, and the data of all of them, packed."""

    def __init__(self) -> None:
        self.count = 0
        self.statuses: set[str] = set()
        self.first: list[Outcome] = []
        self._packed: list[tuple[int, str]] = []
        self._waiting: list[Any] = []

    def add(self, outcome: Outcome) -> None:
        """Take a file; beyond so many only its count."""
        self.count += 1
        self.statuses.add(outcome.status)
        if self.count <= _ROWS:
            self.first.append(outcome)
        if self.count <= _MOST:
            self._waiting.append(_data(outcome))
        if len(self._waiting) == _PACKED:
            self._packed.append((_PACKED, _pack(self._waiting)))
            self._waiting = []

    def packs(self, most: int = _MOST) -> list[tuple[int, str]]:
        """Give the data of at most so many files: packs of them, each with how many it has."""
        last = [(len(self._waiting), _pack(self._waiting))] if self._waiting else []
        kept = []
        for size, text in (*self._packed, *last):
            if size > most:
                break
            most -= size
            kept.append((size, text))
        return kept


def _shown(outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
    """Yield what is not good or has findings; of a capture what it holds of it."""
    for whole in outcomes:
        inside = [
            one for one in (whole.payloads() if whole.judged else ())
            if one.bad or one.diagnostics or (whole.bad and one.status == "skipped" and one.reason)
        ]  # fmt: skip
        if inside:
            yield from inside
        elif not whole.good or whole.diagnostics:
            yield whole


def _json(value: Any) -> str:
    """Give JSON that ends no script."""
    return msgspec.json.encode(value).decode().replace("<", "\\u003c")


def _pack(rows: list[Any]) -> str:
    return base64.b64encode(zlib.compress(msgspec.json.encode(rows), 6)).decode()


def _data(outcome: Outcome) -> list[Any]:
    """Give a file as ``page.js`` reads it."""
    kept, more = _kept(outcome)
    of = outcome.exchange
    exchange = [line(str(of.get(part) or "")) for part in ("method", "url", "status", "operation")] if of else None
    return [
        line(outcome.name), _STATUSES[outcome.status], outcome.contract, line(outcome.reason), [*map(_told, kept)],
        more, exchange,
    ]  # fmt: skip


def _kept(outcome: Outcome) -> tuple[list[dict[str, Any]], int]:
    """Give the findings of a file that the page has, and how many more there are: each code leads to its files."""
    kinds = _kinds(outcome)
    kept = list(kinds[:_FINDINGS])
    codes = {found["code"] for found in kept}
    for found in kinds[_FINDINGS:]:
        if found["code"] not in codes:
            codes.add(found["code"])
            kept.append(found)
    return kept, len(kinds) - len(kept) + outcome.dropped


def _kinds(outcome: Outcome) -> Sequence[dict[str, Any]]:
    """Give the first finding of each kind, with how often there is one of it."""
    if len(outcome.diagnostics) < 2:
        return outcome.diagnostics
    return [one.to_dict() for one in folded(outcome.report())]


def _told(found: dict[str, Any]) -> list[Any]:
    excerpt = found.get("excerpt")
    return [
        _CODES[found["code"]], _SEVERITIES[found["severity"]],
        f"{found['line']}:{found['column']}" if "line" in found else "", _seen(found["message"]),
        line(found.get("path") or ""), _seen(found.get("hint") or ""),
        [_seen(excerpt[part]) for part in ("before", "span", "after")] if excerpt else None, found.get("count", 1),
    ]  # fmt: skip


def _row(outcome: Outcome, number: int) -> str:
    kept, more = _kept(outcome)
    inside = [_finding(found) for found in kept]
    if outcome.reason:
        inside.insert(0, f'<p class="finding">{_printable(outcome.reason)}</p>')
    if more:
        inside.append(f'<p class="soft">and {more:,} more</p>')
    status = outcome.status
    tag = f'<span class="tag {status.replace(" ", "-")}">{status}</span>'
    return (
        f'<tr class="row" id="f{number}" data-status="{status}"><td>{_path(outcome.name, number)}'
        f"{_exchange(outcome)}</td><td>{tag}</td><td>{''.join(inside)}</td></tr>\n"
    )


def _path(name: str, number: int) -> str:
    """Give a name whose middle is left out where there is no room; the end, which tells files apart, is not."""
    whole = line(name)
    cut = max(whole.rfind("/") + 1, len(whole) - _TAIL)
    head, tail = escape(whole[:cut]), escape(whole[cut:])
    parts = f'<span class="head">{head}</span><span class="tail">{tail}</span>'
    return f'<a href="#f{number}" class="path" title="{escape(whole)}">{parts}</a>'


def _exchange(outcome: Outcome) -> str:
    of = outcome.exchange
    told = " ".join(str(of[part]) for part in ("method", "url", "status", "operation") if of.get(part))
    return f'<span class="soft">{_printable(told)}</span>' if told else ""


def _finding(found: dict[str, Any]) -> str:
    place = f"{found['line']}:{found['column']} " if "line" in found else ""
    path = f" <code>{_printable(found['path'])}</code>" if found.get("path") else ""
    times = f" ({found['count']:,} times; this is the first)" if found.get("count", 1) > 1 else ""
    text = f"<b>{escape(found['code'])}</b> {place}{_printable(found['message'])}{times}{path}"
    excerpt = found.get("excerpt")
    if excerpt:
        before, span, after = (_printable(excerpt[part]) for part in ("before", "span", "after"))
        text += f"<pre>{before}<mark>{span or '&nbsp;'}</mark>{after}</pre>"
    hint = f'<div class="soft">{_printable(found["hint"])}</div>' if found.get("hint") else ""
    return f'<div class="finding {escape(found["severity"])}">{text}{hint}</div>'


def _seen(text: str) -> str:
    """Show what cannot be seen as escapes, so that nothing in a payload changes how the page reads."""
    return "\n".join(map(line, text.split("\n")))


def _printable(text: str) -> str:
    return escape(_seen(text))
