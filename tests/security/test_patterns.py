"""A user's pattern that takes for ever is given up after a bounded time, and said to be what it is."""

from __future__ import annotations

import json
import threading
import time
from typing import TYPE_CHECKING

import pytest

from convtool.catalog import Catalog
from convtool.model import reference
from tests.support import NAMESPACE, PARAM, SCHEMAS, XSI, errors

if TYPE_CHECKING:
    from pathlib import Path

    from convtool.convert import Codec

NAME = "CompteurModel"
EVIL = "^(a+)+$"
VICTIM = "a" * 40 + "!"


def of_pattern(folder: Path, json_pattern: str = "", xsd_pattern: str = "") -> Codec:
    """Give the codec of a contract of one text, with a pattern in one of its schemas."""
    kind = "xs:string"
    simple = ""
    if xsd_pattern:
        kind = "tns:Texte"
        facet = f'<xs:restriction base="xs:string"><xs:pattern value="{xsd_pattern}"/></xs:restriction>'
        simple = f'<xs:simpleType name="Texte">{facet}</xs:simpleType>'
    member = f'<xs:element minOccurs="0" name="Libelle" nillable="true" type="{kind}"/>'
    (folder / f"{NAME}.xsd").write_text(
        f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:tns="{NAMESPACE}" targetNamespace="{NAMESPACE}" '
        f'elementFormDefault="qualified">{simple}<xs:complexType name="{NAME}"><xs:sequence>{member}</xs:sequence>'
        f'</xs:complexType><xs:element name="{NAME}" nillable="true" type="tns:{NAME}"/></xs:schema>'
    )
    text = {"type": ["string", "null"], **({"pattern": json_pattern} if json_pattern else {})}
    (folder / f"{NAME}.schema.json").write_text(
        json.dumps(
            {
                "$schema": "https://json-schema.org/draft/2020-12/schema",
                "type": ["object", "null"],
                "properties": {"Libelle": text},
                "additionalProperties": False,
            }
        )
    )
    return Catalog(folder).contract(NAME)


def payload(text: str) -> bytes:
    return f'<{NAME} xmlns:i="{XSI}" xmlns="{NAMESPACE}"><Libelle>{text}</Libelle></{NAME}>'.encode()


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reference, "SECONDS", 0.5)
    monkeypatch.setattr(reference, "_START", 20)


@pytest.mark.parametrize("where", ["json", "xsd"])
def test_a_pattern_is_checked_within_a_bound(tmp_path: Path, where: str) -> None:
    of = of_pattern(tmp_path, **{f"{where}_pattern": EVIL if where == "json" else "(a+)+"})  # type: ignore[arg-type]
    assert of.validate(payload("aaa"))
    assert errors(of.validate(payload("b"))) == ["value.schema"]
    began = time.monotonic()
    report = of.validate(payload(VICTIM))
    assert time.monotonic() - began < 10
    assert errors(report) == ["value.schema"]
    assert "takes longer than 0.5 seconds" in report.text()
    assert of.validate(payload("aaa"))  # by a judge of its own


def test_threads_take_turns(tmp_path: Path) -> None:
    of, seen = of_pattern(tmp_path, json_pattern="^a+$"), list[bool]()
    of.validate(payload("a"))
    threads = [
        threading.Thread(target=lambda n=n: seen.append(bool(of.validate(payload("a" * n or "b"))) is bool(n)))
        for n in [0, 1, 2, 3] * 5
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [True] * 20


def test_a_character_that_no_schema_can_speak_of(tmp_path: Path) -> None:
    of = of_pattern(tmp_path, json_pattern="^.*$")
    assert errors(of.validate(payload("&#x1;"))) == []  # another character stands for it; the rest is checked


def test_bundled_contracts_need_no_judge() -> None:
    assert Catalog(SCHEMAS).contract(PARAM).referee is None
