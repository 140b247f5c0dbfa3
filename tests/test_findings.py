"""Findings as data: what is collected, in which order, with which places, and how it reads."""

from __future__ import annotations

import json

import pytest

from convtool.codes import Severity
from convtool.findings import Diagnostic, Excerpt, Findings, Location, Report
from convtool.formats.text import Text
from tests.support import schema_of

SCHEMA = schema_of("report")
DATA = b'{"A": x,\n "B": y}'


def findings(**options: object) -> Findings:
    return Findings(places=Text(DATA), **options)  # type: ignore[arg-type]


# --- collecting -----------------------------------------------------------------------------------------------------


def test_a_finding_has_its_place_its_meaning_and_its_hint() -> None:
    of = findings(record=3)
    assert of.add("value.kind", "Not good.", (15, 16), "/B") is Severity.ERROR
    (one,) = of.report()
    assert (one.code, one.severity, one.message, one.path, one.record) == ("value.kind", "error", "Not good.", "/B", 3)
    assert one.location == Location(2, 7, 15)
    assert one.excerpt == Excerpt(' "B": ', "y", "}")
    assert one.hint  # of the table
    of.add("value.kind", "m", hint="Do that.")
    assert of.report().diagnostics[-1].hint == "Do that."


def test_what_a_profile_does_not_report_is_not_kept() -> None:
    of = findings()
    assert of.add("member.nulled", "m") is None
    of.hazard("loss.date", "R.A", "m")
    assert of.report().diagnostics == ()
    assert of.report()


def test_findings_are_in_the_order_of_their_places_and_those_without_one_come_last() -> None:
    of = findings()
    of.add("loss.lexical", "none")
    of.add("loss.lexical", "second", (8, 9))
    of.hazard("member.defaulted", "R.A", "third", (9, 10))
    of.add("loss.lexical", "first", (1, 2))
    assert [one.message for one in of.report()] == ["first", "second", "third", "none"]


def test_hazards_are_reported_once_with_their_count() -> None:
    of = findings()
    for at in (6, 7, 8):
        of.hazard("member.defaulted", "R.A", "m", (at, at + 1))
    of.hazard("member.defaulted", "R.B", "m", (6, 7))
    of.again("member.defaulted", "R.B", 10)
    assert [(one.count, one.location and one.location.offset) for one in of.report()] == [(3, 6), (11, 6)]
    assert of.knows("member.defaulted", "R.A")
    assert not of.knows("member.defaulted", "R.C")


def test_there_is_a_limit_beyond_which_findings_are_counted_only() -> None:
    of = findings(limit=3)
    for _ in range(5):
        of.add("value.kind", "m", (0, 1))
    report = of.report()
    assert (len(report), report.dropped, bool(report)) == (3, 2, False)
    assert "2 more findings" in report.text()


def test_a_stream_takes_findings_and_puts_them_back() -> None:
    of = findings(limit=3)
    of.add("value.kind", "a")
    of.add("loss.lexical", "b")
    taken = of.take()
    assert (of.found, of.errors, len(taken)) == ([], 0, 2)
    of.keep(taken)
    of.add("value.kind", "c")
    of.add("value.kind", "d")  # there is no room left beside those that have been taken
    of.restore()
    assert ([one.message for one in of.found], of.errors, of.dropped) == (["a", "b", "c"], 3, 1)


@pytest.mark.parametrize("streamed", [False, True])
def test_the_first_error_is_kept_in_any_case(streamed: bool) -> None:
    of = findings(profile="dotnet", limit=2)
    for code in ["member.unknown"] * 3 + ["value.kind"] * 2 + ["member.unknown"]:
        of.add(code, "m")
        if streamed:
            of.keep(of.take())
    report = of.report()
    assert [one.code for one in report] == ["member.unknown", "member.unknown", "value.kind"]
    assert (bool(report), report.dropped) == (False, 3)


def test_lossless_makes_errors_of_losses() -> None:
    of = findings(lossless=True)
    assert of.add("loss.lexical", "m") is Severity.ERROR
    assert of.add("date.rewritten", "m") is Severity.NOTICE
    assert not of.report()


def test_what_is_deferred_is_looked_for_when_somebody_looks() -> None:
    asked: list[bool] = []
    of = findings()

    def locate(of: Findings) -> None:
        asked.append(True)
        of.hazard("member.defaulted", "R.A", "m", (0, 1))

    of.defer(locate)
    report = of.report()
    assert report
    assert not asked
    assert [one.code for one in report] == ["member.defaulted"]
    assert len(report) == 1
    assert asked == [True]
    now = Findings(lossless=True)
    now.defer(lambda _: asked.append(False))
    assert asked[-1] is False


# --- reports --------------------------------------------------------------------------------------------------------


def diagnostic(code: str = "value.kind", level: Severity = Severity.ERROR, **more: object) -> Diagnostic:
    return Diagnostic(code, level, "Not good.", **more)  # type: ignore[arg-type]


def test_a_report_is_true_when_nothing_is_an_error() -> None:
    assert Report()
    assert Report((diagnostic("loss.date", Severity.NOTICE), diagnostic("date.offset", Severity.WARNING)))
    assert not Report((diagnostic(),))
    assert Report((diagnostic(),)).valid is False


def test_a_report_is_a_collection_of_diagnostics_and_equals_another_with_the_same() -> None:
    report = Report((diagnostic(),), "C", "xml", "strict", "a.xml")
    assert list(report) == [diagnostic()]
    assert report == Report((diagnostic(),), "C", "xml", "strict", "a.xml")
    assert report != Report((diagnostic(),), "C", "xml", "strict", "b.xml")
    assert report != "x"
    assert repr(report) == "<Report of a.xml C xml: invalid, 1 error>"
    assert report.named("b.xml").source == "b.xml"


def test_losses_can_be_left_out() -> None:
    report = Report((diagnostic("loss.date", Severity.NOTICE), diagnostic("date.rewritten", Severity.NOTICE)))
    assert [one.code for one in report.without_losses()] == ["date.rewritten"]
    failed = Report((diagnostic("loss.processing-instruction"),))
    assert not failed.without_losses()


@pytest.mark.parametrize(
    "report",
    [
        Report(),
        Report((diagnostic(),), "C", "xml", "strict", "a.xml"),
        Report(
            (
                diagnostic(
                    path="/A", location=Location(1, 2, 3), excerpt=Excerpt("a", "b", "c"), record=0, count=2, hint="h"
                ),
            )
        ),
        Report((), "C", "json", "dotnet", dropped=5),
    ],
)
def test_the_json_form_is_what_its_schema_says(report: Report) -> None:
    found = report.to_dict()
    assert [error.message for error in SCHEMA.iter_errors(found)] == []
    assert json.loads(json.dumps(found)) == found
    assert not SCHEMA.is_valid({**found, "more": 1})


def test_the_text_form_shows_the_span_and_what_to_do() -> None:
    of = findings()
    of.add("value.kind", "There is x.", (6, 7), "/A", "Write 1.")
    report = of.report("C", "json", "a.json")
    assert report.text() == (
        "a.json:1:7: error: There is x. [value.kind]\n"
        "  at /A (byte 6)\n"
        '    {"A": x,\n'
        "          ^\n"
        "  hint: Write 1.\n"
        "a.json: invalid (C json; 1 error)"
    )


def test_characters_that_cannot_be_seen_are_shown() -> None:
    text = Excerpt("a\t\u200b", "\x01é", "\r").text("")
    assert text == "a\\t\\u200b\\x01é\\r\n" + " " * 9 + "^^^^^"
    assert Excerpt("", "", "").text("") == "\n^"


def test_a_hazard_says_how_often_it_occurs() -> None:
    assert "(3 times; this is the first)" in diagnostic(count=3).text()
