"""Samples beside the test: written on demand, compared by value, shown by difference."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from convtool.errors import SinkError, UsageError
from convtool.testing import assert_matches_sample
from convtool.testing.session import session

JSON = b'{"Debut":"2026-03-22T00:33:32","Fin":"2026-03-23T00:00:00Z","ProduitId":7}'
PRETTY = b'{\n  "Debut": "2026-03-22T00:33:32",\n  "Fin": "2026-03-23T00:00:00Z",\n  "ProduitId": 7\n}\n'


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "test", tmp_path / "test_it.py")
    monkeypatch.setattr(session, "written", [])
    monkeypatch.setattr(session, "update", False)
    monkeypatch.setattr(session, "settled", {})


def test_a_missing_sample_is_a_failure_until_it_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(AssertionError, match="--convtool-update"):
        assert_matches_sample(JSON, "orders/one")
    monkeypatch.setattr(session, "update", True)
    assert_matches_sample(JSON, "orders/one")
    path = tmp_path / "samples" / "orders" / "one.json"
    assert path.read_bytes() == PRETTY
    assert session.written == [path]
    monkeypatch.setattr(session, "update", False)
    assert_matches_sample(JSON, "orders/one")
    assert session.written == [path]


def test_the_wire_form_is_kept_byte_for_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "update", True)
    assert_matches_sample(PRETTY, "one", form="wire")
    assert (tmp_path / "samples" / "one.json").read_bytes() == JSON


def test_layout_and_order_make_no_difference_and_write_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "samples").mkdir()
    sample = tmp_path / "samples" / "one.json"
    sample.write_bytes(PRETTY.replace(b"\n", b"\r\n"))
    before = sample.read_bytes()
    monkeypatch.setattr(session, "update", True)
    assert_matches_sample(b"\xef\xbb\xbf" + JSON, "one")
    assert_matches_sample(JSON.replace(b"7", b"8"), "one", ignore=["/ProduitId"])
    assert sample.read_bytes() == before
    assert session.written == []


def test_differences_are_listed_and_the_sample_named(tmp_path: Path) -> None:
    (tmp_path / "samples").mkdir()
    (tmp_path / "samples" / "one.json").write_bytes(PRETTY)
    with pytest.raises(AssertionError) as caught:
        assert_matches_sample(JSON.replace(b"7", b"8"), "one")
    message = str(caught.value)
    assert "/ProduitId: " in message
    assert "sample:4:16: 7" in message
    assert str(tmp_path / "samples" / "one.json") in message


def test_a_sample_that_is_invalid_is_told_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "samples").mkdir()
    (tmp_path / "samples" / "one.json").write_bytes(b"{")
    with pytest.raises(AssertionError, match="the sample is not valid"):
        assert_matches_sample(JSON, "one")
    monkeypatch.setattr(session, "update", True)
    assert_matches_sample(JSON, "one")
    assert (tmp_path / "samples" / "one.json").read_bytes() == PRETTY


def test_an_invalid_payload_is_never_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "update", True)
    with pytest.raises(AssertionError, match=r"value\.lexical"):
        assert_matches_sample(JSON.replace(b":7", b":7.5"), "one")
    assert not (tmp_path / "samples").exists()


@pytest.mark.parametrize(
    "wrong", [{"ignore": ["/Nope"]}, {"ignore": iter(["Debut"])}, {"ignore": "/Debut"}, {"dates": "bogus"}]
)
def test_what_is_not_needed_has_to_be_right_as_well(wrong: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "update", True)
    assert_matches_sample(JSON, "one", ignore=iter(["/Debut"]))
    with pytest.raises(UsageError):
        assert_matches_sample(JSON, "one", **wrong)


@pytest.mark.parametrize("there", [True, False])
def test_two_payloads_that_want_one_sample_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: bool
) -> None:
    monkeypatch.setattr(session, "update", True)
    if there:
        (tmp_path / "samples").mkdir()
        (tmp_path / "samples" / "one.json").write_bytes(PRETTY)
    for _ in range(2):
        assert_matches_sample(JSON, "one")
    other = JSON.replace(b"7", b"8")
    with pytest.raises(AssertionError, match=r"(?s)two payloads of this run want the sample .*one\.json.*/ProduitId: "):
        assert_matches_sample(other, "one")
    assert (tmp_path / "samples" / "one.json").read_bytes() == PRETTY
    assert_matches_sample(other, "one", ignore=["/ProduitId"])
    assert_matches_sample(other, "another")


WRONG = [
    "", "../one", "/one", "a/../../b", "a\\b", "a\0b", ".", "..", "foo/", "a//b", "a/./b", "n" * 300, "é" * 130,
    "a\x1b[31m", "a\u202eb", "a\nb", "\ud800", "file.json/deep", "folder",
]  # fmt: skip


@pytest.mark.parametrize("update", [True, False])
@pytest.mark.parametrize("name", WRONG, ids=ascii)
def test_a_name_stays_in_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, update: bool) -> None:
    monkeypatch.setattr(session, "update", update)
    (tmp_path / "samples" / "folder.json").mkdir(parents=True)
    (tmp_path / "samples" / "file.json").write_bytes(b"[]")
    with pytest.raises(UsageError, match="no name of a sample"):
        assert_matches_sample(JSON, name)
    assert len(list(tmp_path.rglob("*"))) == 3


def test_a_sample_that_cannot_be_written_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "update", True)
    (tmp_path / "samples").write_bytes(b"")
    with pytest.raises(UsageError, match="is there already"):
        assert_matches_sample(JSON, "one")
    (tmp_path / "samples").unlink()

    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", refused)
    with pytest.raises(SinkError, match="cannot be written: Permission denied"):
        assert_matches_sample(JSON, "one")


def test_without_pytest_the_samples_are_beside_the_caller(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "test", None)
    with pytest.raises(AssertionError, match=r"testing.samples.not-there\.json"):
        assert_matches_sample(JSON, "not-there")
    with pytest.raises(UsageError, match="pretty and wire"):
        assert_matches_sample(JSON, "one", form="short")  # type: ignore[arg-type]
