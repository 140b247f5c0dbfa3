"""Many captures: every exchange is counted, and what operations.toml does not have is judged by a contract's name."""

from __future__ import annotations

import pickle
from collections import Counter
from typing import TYPE_CHECKING

import pytest

import convtool
from convtool.captures import Tally, judge
from convtool.errors import ContractError
from tests.captures.long import large, many, verdicts_of
from tests.captures.support import REQUEST, RESPONSE, entry, found, har, judgements_of, verdicts, written
from tests.captures.test_cases import CASES, RIGHT
from tests.captures.test_har import VARIANTS
from tests.captures.test_http_text import ASKED, LONG
from tests.support import LIST, PARAM

if TYPE_CHECKING:
    from pathlib import Path


def elsewhere(url: str = "https://other.example/v2/usage", **fields: object) -> dict[str, object]:
    one = entry(**fields)  # type: ignore[arg-type]
    one["request"]["url"] = url
    return one


OTHERS = [
    elsewhere(),
    elsewhere(body=RESPONSE[:-4]),
    elsewhere(body=b"<html>", content_type="text/html", request=b"", request_type="text/plain"),
    elsewhere(body=REQUEST, status=200),
    elsewhere(status=400, body=b'{"Message":"No."}'),
    elsewhere(body=b"\x89PNG", content_type="image/png", request_type="multipart/form-data"),
]


def test_what_operations_do_not_have_is_judged_by_a_name(tmp_path: Path) -> None:
    path = written(tmp_path, har(*OTHERS, entry()))  # type: ignore[arg-type]
    assert [one.ours for one in judgements_of(path)] == [False] * 6 + [True]
    judgements = judgements_of(path, contract=LIST)
    assert [[f"{part.side} {part.verdict}" for part in one.parts] for one in judgements] == [
        ["response valid"], ["response invalid"], [], [], ["response error response"], [],
        ["request valid", "response valid"],
    ]  # fmt: skip
    judgements = judgements_of(path, contract=PARAM)
    assert [[f"{part.side} {part.verdict}" for part in one.parts] for one in judgements] == [
        ["request valid"], ["request valid", "response invalid"], [], ["request valid", "response valid"],
        ["request valid", "response error response"], [], ["request valid", "response valid"],
    ]  # fmt: skip


def test_a_body_that_is_not_there_is_not_passed_over(tmp_path: Path) -> None:
    one = elsewhere()
    one["response"]["content"] = {"mimeType": "application/json", "size": 106}  # type: ignore[index]
    judgements = judgements_of(written(tmp_path, har(one)), contract=LIST)  # type: ignore[arg-type]
    assert verdicts(judgements) == ["response no verdict"]
    assert found(judgements) == ["capture.missing"]


def test_a_name_that_is_none_is_said(tmp_path: Path) -> None:
    with pytest.raises(ContractError):
        judgements_of(written(tmp_path, har(elsewhere())), contract="Nothing")  # type: ignore[arg-type]


def test_a_tally(tmp_path: Path) -> None:
    wrong = REQUEST.replace(b":1}", b':"x","ProduitId":1.5}')
    captures = {
        "a.har": har(entry(), entry(request=wrong), entry(status=400, body=b'{"Message":"No."}'), *OTHERS[:2]),  # type: ignore[arg-type]
        "b.http": ASKED + LONG + ASKED,
        "c.http": LONG,
        "d.har": VARIANTS["a websocket"][0][:-20],
        "e.har": VARIANTS["a websocket"][0],
    }
    tally = Tally()
    for name, data in captures.items():
        part = Tally()
        for judgement in judge(written(tmp_path, data, name), convtool.Catalog()):
            part.add(judgement)
        tally.update(pickle.loads(pickle.dumps(part)))
    assert tally.text().splitlines() == [
        "(no request) 200: 1 exchange",
        "  response: 1 valid",
        "POST api/ConsommationV2 without a status: 1 exchange",
        "  request: 1 valid",
        "POST api/ConsommationV2 200: 5 exchanges",
        "  request: 1 invalid, 4 valid; 1 [member.duplicate], 1 [value.lexical]",
        "  response: 5 valid",
        "POST api/ConsommationV2 400: 1 exchange",
        "  request: 1 valid",
        "  response: 1 error response",
        "3 more not ours: 1 websocket",
        "1 part of captures not read: 1 [capture.syntax]",
    ]
    row = tally.counts["operations"]["POST api/ConsommationV2"]["200"]
    assert row["exchanges"] == 5
    assert row["request"]["codes"] == {"member.duplicate": 1, "value.lexical": 1}


def test_many_captures_of_every_kind_are_accounted_for(tmp_path: Path) -> None:
    times, catalog, tally, seen = 8, convtool.Catalog(), Tally(), 0
    for number in range(times):
        for name in RIGHT:
            path = tmp_path / f"{number}-{name}"
            path.write_bytes((CASES / name).read_bytes())
    (tmp_path / "5a1b.json").write_bytes((CASES / "5a1b.json").read_bytes())
    for path in sorted(tmp_path.iterdir()):
        for judgement in judge(path, catalog):
            seen += 1
            tally.add(judgement)
    expected = [verdict for wanted, _ in RIGHT.values() for verdict in wanted] * times + ["response valid"]
    assert tally.exchanges + sum(tally.counts.get("broken", {}).values()) == seen
    assert verdicts_of(tally.counts) == Counter(expected)


def test_a_folder_of_captures_by_two_jobs() -> None:
    assert many(3 * len(RIGHT), 2)


def test_a_large_har_takes_the_memory_of_a_small_one() -> None:
    assert large(12)
