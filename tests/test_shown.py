"""Text from outside, through every way out of the library: no control, nothing unseen, no line that it begins."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree

import pytest

import convtool
from convtool import shown
from convtool.batch import Outcome
from convtool.compare import Difference
from convtool.findings import Diagnostic, Excerpt, Location, Report, Severity
from convtool.outcome import findings
from convtool.outcome import shown as kept
from convtool.reports import REPORTERS, About
from convtool.reports.github import annotated, annotation
from convtool.reports.summary import Summary
from tests.hostile_text import COMMANDS, HOSTILE, check_json, check_seen, check_text


def diagnostic(text: str) -> Diagnostic:
    place = Location(1, 2, 3)
    return Diagnostic(
        "value.kind", Severity.ERROR, text, text, text, place, Excerpt(text[:80], text[:80], text[:80]), count=2
    )


def report(text: str) -> Report:
    return Report((diagnostic(text),), text, "json", source=text, dropped=3)


def outcomes(text: str) -> list[Outcome]:
    name = kept(text)
    return [
        Outcome(0, name, "invalid", contract=name, format="json", **findings(report(text))),
        Outcome(1, name, "refused", reason=name),
        Outcome(2, name, "skipped", reason=name),
    ]


# --- the function ---------------------------------------------------------------------------------------------------


def test_runs_are_what_is_seen_and_what_is_not() -> None:
    assert list(shown.runs("a\tb")) == [("a\tb", False)]
    assert list(shown.runs("")) == []
    assert list(shown.runs("a\u202e\x1b\u00e9\ud800")) == [
        ("a", False),
        ("\\u202e\\x1b", True),
        ("é", False),
        ("\\ud800", True),
    ]


@HOSTILE
def test_a_text_is_one_line_of_what_is_seen(text: str) -> None:
    check_text(shown.line(text), begins=("",))
    assert "\n" not in shown.line(text)
    check_text(shown.block(f"said:\n{text}"), begins=("said:", "  "))
    check_text("".join(shown.parts("", text, "")))


@pytest.mark.parametrize(
    "text", ["", "Orders.json", "Été 日本語 €.xml", "a:b::c", "C:\\x\\y", "#1 ##2", "😀 é", "x" * 4000]
)
def test_what_is_seen_stays_as_it_is(text: str) -> None:
    assert shown.line(text) == text
    assert shown.block(text) == text
    assert shown.json_text(text) == text
    assert shown.terminal_text(f"{text}\n{text}", styled=False) == f"{text}\n{text}"


def test_escapes_are_those_of_python() -> None:
    assert shown.line("a\x1b\x9b\r\n\u202e\ud800\U000e0041") == r"a\x1b\x9b\r\n\u202e\ud800\U000e0041"
    assert shown.line("::error::x") == r"\x3a:error::x"
    assert shown.line("a ##[x] ##vso[y]") == r"a #\x23[x] #\x23vso[y]"
    assert shown.block("a\nb\n  c") == "a\n  b\n  c"
    assert shown.line("abcdefgh", 4) == "ab…(4 characters)…gh"
    assert shown.parts(" ", ":", ":x::") == [" ", r"\x3a", r"\x3ax\x3a\x3a"]
    assert shown.parts("#", "#", "[x]") == [r"\x23", r"\x23", "[x]"]


@HOSTILE
def test_json_means_the_same(text: str) -> None:
    document = shown.json_text(json.dumps({text: [text]}, ensure_ascii=False))
    assert check_json(document) == {text: [text]}
    assert not COMMANDS.search(document)


@HOSTILE
@pytest.mark.parametrize("styled", [False, True])
def test_what_was_forgotten_is_caught_at_the_end(text: str, styled: bool) -> None:
    written = shown.terminal_text(f"\x1b[31mred\x1b[0m {text}", styled=styled)
    assert ("\x1b[31mred" in written) == styled
    rest = re.sub(r"\x1b\[[0-9;]*m", "", written) if styled else written
    assert all(one.isprintable() for one in rest.split("\n"))


# --- what the library writes ----------------------------------------------------------------------------------------


@HOSTILE
def test_findings_and_reports(text: str) -> None:
    place = shown.line(text)
    check_text(diagnostic(text).text(text), begins=(f"{place}:", "  "))
    check_text(report(text).text(), begins=(f"{place}:", "  "))
    check_text(repr(report(text)))
    check_text(str(convtool.PayloadError(report(text))))


@HOSTILE
def test_differences(text: str) -> None:
    found = Difference(text, "value", text, text, Location(1, 2, 3), None)
    check_text(found.text(text, text), begins=(shown.line(text), "  "))


@HOSTILE
def test_annotations(text: str) -> None:
    for line in (
        annotation(text, diagnostic(text).to_dict()),
        *(row for one in outcomes(text) for row in annotated(one)),
    ):
        assert line.startswith(("::error file=", "::notice file="))
        check_text(line.removeprefix("::"))


@HOSTILE
@pytest.mark.parametrize("form", REPORTERS)
def test_reports_of_runs(text: str, form: str) -> None:
    summary = Summary()
    for one in outcomes(text):
        summary.add(one)
    written = "".join(REPORTERS[form].pieces(About("validate", summary), outcomes(text)))
    check_seen(written)
    if form == "json":
        assert [one["source"] for one in json.loads(written)["outcomes"]] == [kept(text)] * 3
    elif form == "ndjson":
        assert [json.loads(one)["source"] for one in written.splitlines()] == [kept(text)] * 3
    elif form == "text":
        for row in written.splitlines():
            check_text(row, begins=(shown.line(kept(text)), "  "))
    elif form == "junit":
        ElementTree.fromstring(written)
    elif form == "sarif":  # whose texts are shown as they are
        for result in json.loads(written)["runs"][0]["results"]:
            check_text(result["message"]["text"])
