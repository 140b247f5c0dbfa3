"""What stands between records that are wrong: the engine hands them over one by one, and the places stay the same."""

from __future__ import annotations

from typing import Any

import pytest

from tests.engine.support import codec, disagreement

PIECES = [
    b'[1,\n  ,{"Valeur":1}]', b'["a":1"a"::1,\n 1.79', b"[,//c\n]", b"[1,//c\n]", b"[,/**/]", b"[,\n\n ,]", b'["x',
    b'[{"Valeur":"z"}, ,\n\n1] x',
]  # fmt: skip


@pytest.mark.parametrize("payload", PIECES)
@pytest.mark.parametrize("profile", ["strict", "dotnet"])
@pytest.mark.parametrize("size", [0, 1, 3, 17])
def test_both_lanes_say_the_same(payload: bytes, profile: Any, size: int) -> None:
    assert disagreement(codec("ArrayOfMesure"), "json", payload, profile, size=size) == ""


def test_a_missing_record_is_placed_at_what_follows_it() -> None:
    [found] = codec("ArrayOfMesure").validate(b"[null,\n  ,null]")
    assert (found.code, found.location and found.location.offset) == ("json.syntax", 9)


@pytest.mark.parametrize("text", ["\\t2026-01-24T06:47:33-06:29", "2026-01-24 06:47:33-06:29"])
def test_an_odd_offset_that_is_read_is_a_loss(text: str) -> None:
    payload = b'[{"Instant":"%s"}]' % text.encode()
    report = codec("ArrayOfMesure").convert(payload, "xml", profile="dotnet").report
    assert [found.path for found in report if found.code == "loss.lexical"] == ["/0/Instant"]
