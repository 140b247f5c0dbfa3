"""The difference of two payloads is what ``convtool compare`` tells, and its marks are where the values are."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from convtool.catalog import default_catalog
from convtool.cli.app import app
from convtool.errors import UsageError
from convtool.job import Job
from convtool.limits import TrialLimits
from convtool.trial import differ
from tests.support import LIST, SAMPLES, param
from tests.trial.test_look import marked

if TYPE_CHECKING:
    from pathlib import Path

CATALOG = default_catalog()
LISTED = (SAMPLES / "valid" / f"{LIST}.json").read_bytes()
RECORDS = json.loads(LISTED)
XML = CATALOG.contract(LIST).to_xml(LISTED)


def changed(**members: Any) -> bytes:
    """Give the list with members of its first record changed."""
    return json.dumps([{**RECORDS[0], **members}, *RECORDS[1:]], indent=1).encode()


def test_the_side_that_is_wrong_is_the_marked_one_whatever_they_are_called() -> None:
    wrong = changed(ProduitId="x")
    for pair, at in (((LISTED, wrong), 1), ((wrong, LISTED), 0)):
        found = differ(CATALOG, ("a.json", pair[0]), ("a.json", pair[1]))
        assert (found.names, found.invalid) == (("a.json", "a.json"), "a.json")
        assert [bool(text.marked) for text in found.texts] == [at == 0, at == 1]


ONE = param("<Debut>2026-03-22T00:00:00Z</Debut><ProduitId>7</ProduitId>")
PAIRS = {
    "the same": (LISTED, LISTED),
    "the same in two formats": (LISTED, XML),
    "a value": (LISTED, changed(ProduitId=99)),
    "a value in two formats": (XML, changed(ProduitId=99, NomProduit="another")),
    "null, absent and empty": (changed(NomProduit=None), changed(NomProduit="")),
    "a list's length": (LISTED, changed(ConsommationsSomme=[])),
    "fewer records": (LISTED, json.dumps(RECORDS[:1]).encode()),
    "UTF-16": (LISTED.decode().encode("utf-16"), changed(NomProduit="\u00e9\u202e")),
    "dates": (ONE, b'{"Debut":"2026-03-22T01:00:00+01:00","ProduitId":7}'),
    "an invalid one": (LISTED, changed(ProduitId="x")),
    "an invalid first": (changed(ProduitId="x"), LISTED),
    "of two contracts": (LISTED, ONE),
    "of none": (b"<a/>", b"<b/>"),
}


@pytest.mark.parametrize(
    "options", [(), ("--profile", "dotnet"), ("--dates", "instant"), ("--without", "/*/ProduitId")], ids=" ".join
)
@pytest.mark.parametrize("pair", PAIRS)
def test_it_is_what_compare_tells(tmp_path: Path, pair: str, options: tuple[str, ...]) -> None:
    names = [str(tmp_path / "a"), str(tmp_path / "b")]
    for name, data in zip(names, PAIRS[pair], strict=True):
        (tmp_path / name).write_bytes(data)
    result = CliRunner().invoke(app, ["compare", *names, *options, "--output-format", "json"])
    word, value = options or ("", "")
    told: dict[str, Any] = {"dates": value} if word == "--dates" else {"ignore": [value]} if word == "--without" else {}
    job = Job(profile="dotnet") if word == "--profile" else Job()
    left, right = zip(names, PAIRS[pair], strict=True)
    if result.exit_code == 2 and not result.stderr.startswith(str(tmp_path)):
        with pytest.raises(UsageError):  # where --without leads to nothing
            differ(CATALOG, left, right, job=job, **told)
        return
    found = differ(CATALOG, left, right, job=job, **told)
    if result.exit_code == 2:
        assert found.invalid in names
        assert result.stderr.startswith(found.invalid)
        assert [one.code for one in found.found]
        assert all(f"[{one.code}]" in result.stderr for one in found.found)
        return
    document = json.loads(result.stdout)
    assert not found.invalid
    assert [one.to_dict() for one in found.differs] == document["differences"]
    assert found.contract == document["contract"]
    assert [one.path or "(root)" for one in found.differences] == [
        one["path"] or "(root)" for one in document["differences"]
    ]


def test_marks_are_where_the_values_are() -> None:
    found = differ(CATALOG, ("a", XML), ("b", changed(ProduitId=99, NomProduit="another")))
    assert [one.path for one in found.differences] == ["/0/ProduitId", "/0/NomProduit"]
    assert [(marked(found.texts[0], at), marked(found.texts[1], at)) for at in (0, 1)] == [
        ("1", "99"), ("sample string 2", '"another"'),
    ]  # fmt: skip
    assert [(one.left.marked, one.right.marked) for one in found.differences] == [(True, True)] * 2


def test_many_are_cut_and_counted() -> None:
    records = [{"ProduitId": at} for at in range(10)]
    others = [{"ProduitId": at + 1} for at in range(10)]
    left, right = (json.dumps(one, indent=1).encode() for one in (records, others))
    found = differ(CATALOG, ("a", left), ("b", right), limits=TrialLimits(findings=3, lines=5))
    assert (len(found.differences), found.more) == (3, 7)
    assert [one.left.marked for one in found.differences] == [True, False, False]
    assert found.texts[0].cut


def test_what_is_invalid_is_named() -> None:
    found = differ(CATALOG, ("a", LISTED), ("b", b"<Autre/>"))
    assert (found.invalid, [one.code for one in found.found]) == ("b", ["root.name"])
