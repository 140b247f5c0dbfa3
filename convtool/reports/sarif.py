"""SARIF 2.1.0, as code scanners exchange it: a rule for each code that was found, a result for each finding."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import msgspec

from convtool import shown
from convtool._version import HOME
from convtool.codes import CODES
from convtool.outcome import STATUSES
from convtool.places.urls import is_url, is_web

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from convtool.outcome import Outcome
    from convtool.reports.about import About

__all__ = ["document"]

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {"error": "error", "warning": "warning", "notice": "note"}
_SAFE = "/~"  # what stands in a path as it is
_WEB = "/~%:@!$&'()*+,;="  # and in one that is a URI's already
_BARE = re.compile(r"%(?![0-9A-Fa-f]{2})")  # no escape
_DRIVE = re.compile(r"[A-Za-z]:[/\\]")
_BYTE = re.compile(r"\\udc([89a-f][0-9a-f])")  # what outcomes have for a byte that is no text
_OTHERS = ("refused", "failed", "no verdict", "skipped")  # statuses that are findings without a diagnostic


def document(about: About, outcomes: Iterable[Outcome]) -> Iterator[str]:
    """Yield the log, of one run."""
    rules = [*sorted(about.summary.codes), *(_file(status) for status in _OTHERS)]
    driver: dict[str, Any] = {"name": "convtool", "informationUri": HOME, "semanticVersion": about.version}
    driver["rules"] = [_rule(name) for name in rules]
    left_out = {code: row.count for code, row in sorted(about.summary.left_out.items())}
    invocation: dict[str, Any] = {"executionSuccessful": not about.interrupted}
    invocation |= {"properties": {"leftOut": left_out}} if left_out else {}
    yield '{\n"$schema": ' + _json(_SCHEMA) + ',\n"version": "2.1.0",\n"runs": [{\n'
    yield f'"tool": {_json({"driver": driver})},\n"invocations": {_json([invocation])},\n'
    yield '"columnKind": "unicodeCodePoints",\n"results": ['
    index = {name: number for number, name in enumerate(rules)}
    between = "\n"
    for outcome in (one for whole in outcomes for one in whole.payloads()):
        for result in _results(outcome):
            yield between + _json({**result, "ruleIndex": index[result["ruleId"]]})
            between = ",\n"
    yield "\n]\n}]\n}\n"


def _file(status: str) -> str:
    return f"file.{status.replace(' ', '-')}"


def _rule(name: str) -> dict[str, Any]:
    row = CODES.get(name)
    if row is None:
        text = STATUSES[name.removeprefix("file.").replace("-", " ")]
        text = text[0].upper() + text[1:]
        return {"id": name, "shortDescription": {"text": text}, "helpUri": f"{HOME}/blob/main/docs/reports.md"}
    level = _LEVELS[str(row.strict or row.dotnet or "notice")]
    return {
        "id": name,
        "shortDescription": {"text": row.title},
        "fullDescription": {"text": row.meaning},
        "help": {"text": row.remedy},
        "helpUri": f"{HOME}/blob/main/docs/diagnostics.md#{name}",
        "defaultConfiguration": {"level": level},
    }


def _results(outcome: Outcome) -> Iterator[dict[str, Any]]:
    where = {"artifactLocation": {"uri": _uri(outcome)}}
    for found in outcome.diagnostics:
        location: dict[str, Any] = {"physicalLocation": {**where, **_region(found)}}
        if found.get("path"):
            location["logicalLocations"] = [{"fullyQualifiedName": shown.line(found["path"])}]
        result: dict[str, Any] = {
            "ruleId": found["code"],
            "level": _LEVELS[found["severity"]],
            "message": {"text": shown.line(found["message"])},
            "locations": [location],
        }
        if found.get("count", 1) > 1:
            result["occurrenceCount"] = found["count"]
        yield result
    if outcome.reason and outcome.status in _OTHERS:
        yield {
            "ruleId": _file(outcome.status),
            "level": "note" if outcome.status == "skipped" else "error",
            "message": {"text": shown.line(outcome.reason)},
            "locations": [{"physicalLocation": where}],
        }


def _region(found: dict[str, Any]) -> dict[str, Any]:
    if "line" not in found:
        return {}
    region: dict[str, Any] = {
        "startLine": found["line"],
        "startColumn": found["column"],
        "byteOffset": found["offset"],
    }
    excerpt = found.get("excerpt")
    if excerpt:
        region["snippet"] = {"text": "\n".join(map(shown.line, excerpt["span"].split("\n")))}
        # What ends on another line has no column here that would be right.
        if "\n" not in excerpt["span"]:
            region |= {"endLine": found["line"], "endColumn": found["column"] + max(1, len(excerpt["span"]))}
    return {"region": region}


def _uri(outcome: Outcome) -> str:
    """Give a relative or absolute URI; a member's is its archive's with its name behind."""
    source, member = outcome.source, f"/{_quoted(outcome.member)}" if outcome.member else ""
    if is_url(source):
        return _remote(source) + member
    if _DRIVE.match(source):
        return f"file:///{source[:2]}{_quoted(source[2:])}{member}"
    share = source.startswith("\\\\")  # a share of Windows, whose server is the URI's host
    path = _quoted(source, windows=share or os.sep == "\\") + member
    if share:
        return f"file:{path}"
    return f"file://{path}" if path.startswith("/") else path


def _quoted(name: str, *, windows: bool = True) -> str:
    """Give the path of a name as outcomes have it; ``windows``: a backslash stands between folders."""
    name = _BYTE.sub(lambda found: chr(0xDC00 + int(found[1], 16)), name)
    return quote(name.replace("\\", "/") if windows else name, safe=_SAFE, errors="surrogateescape")


def _remote(url: str) -> str:
    """Give the URI of a URL: one of the web has its own escapes, a store's keys are texts."""
    scheme, _, rest = url.partition("://")
    place, slash, key = rest.partition("/")
    path = _BARE.sub("%25", quote(key, safe=_WEB)) if is_web(url) else quote(key, safe=_SAFE)
    return f"{scheme}://{quote(place, safe='@:[]')}{slash}{path}"


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
