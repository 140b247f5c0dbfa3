"""A user's pattern that takes for ever is given up after a bounded time, and said to be what it is.

The records of a payload have a time in all, so that many of them do not add up.
"""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from convtool import referee
from convtool.catalog import Catalog
from convtool.errors import PayloadError
from convtool.limits import LIMITS, VARIABLE
from convtool.model import reference
from tests.support import NAMESPACE, PARAM, SCHEMAS, XSI, errors

if TYPE_CHECKING:
    from pathlib import Path

    from convtool.convert import Codec
    from convtool.findings import Report

NAME = "CompteurModel"
EVIL = "^(a+)+$"
VICTIM = "a" * 40 + "!"


def of_pattern(folder: Path, json_pattern: str = "", xsd_pattern: str = "", *, listed: bool = False) -> Codec:
    """Give the codec of a contract of one text, or a list of such, with a pattern in one of its schemas."""
    kind = "xs:string"
    simple = ""
    if xsd_pattern:
        kind = "tns:Texte"
        facet = f'<xs:restriction base="xs:string"><xs:pattern value="{xsd_pattern}"/></xs:restriction>'
        simple = f'<xs:simpleType name="Texte">{facet}</xs:simpleType>'
    member = f'<xs:element minOccurs="0" name="Libelle" nillable="true" type="{kind}"/>'
    name = f"ArrayOf{NAME}" if listed else NAME
    of_list = (
        f'<xs:complexType name="{name}"><xs:sequence><xs:element minOccurs="0" maxOccurs="unbounded" name="{NAME}" '
        f'nillable="true" type="tns:{NAME}"/></xs:sequence></xs:complexType>'
    )
    (folder / f"{name}.xsd").write_text(
        f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:tns="{NAMESPACE}" targetNamespace="{NAMESPACE}" '
        f'elementFormDefault="qualified">{simple}<xs:complexType name="{NAME}"><xs:sequence>{member}</xs:sequence>'
        f'</xs:complexType>{of_list if listed else ""}<xs:element name="{name}" nillable="true" type="tns:{name}"/>'
        "</xs:schema>"
    )
    text = {"type": ["string", "null"], **({"pattern": json_pattern} if json_pattern else {})}
    record = {"type": ["object", "null"], "properties": {"Libelle": text}, "additionalProperties": False}
    schema = {"type": ["array", "null"], "items": record} if listed else record
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
    (folder / f"{name}.schema.json").write_text(json.dumps(schema))
    return Catalog(folder).contract(name)


def payload(text: str) -> bytes:
    return f'<{NAME} xmlns:i="{XSI}" xmlns="{NAMESPACE}"><Libelle>{text}</Libelle></{NAME}>'.encode()


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    limits = replace(LIMITS, pattern=0.4, patterns=0.7)
    monkeypatch.setattr(reference, "LIMITS", limits)
    monkeypatch.setattr(referee, "LIMITS", limits)
    monkeypatch.setattr(reference, "_START", 20)


@pytest.mark.parametrize("where", ["json", "xsd"])
@pytest.mark.short(1)
def test_a_pattern_is_checked_within_a_bound(tmp_path: Path, where: str) -> None:
    of = of_pattern(tmp_path, **{f"{where}_pattern": EVIL if where == "json" else "(a+)+"})  # type: ignore[arg-type]
    assert of.validate(payload("aaa"))
    assert errors(of.validate(payload("b"))) == ["value.schema"]
    began = time.monotonic()
    report = of.validate(payload(VICTIM))
    assert time.monotonic() - began < 10
    assert errors(report) == ["value.schema"]
    assert "takes longer than 0.4 seconds" in report.text()
    assert of.validate(payload("aaa"))  # by a judge of its own


@pytest.mark.parametrize("way", ["whole", "stream", "lines", "skip", "read"])
@pytest.mark.short(1)
def test_the_records_of_a_payload_have_a_time_in_all(tmp_path: Path, way: str) -> None:
    of = of_pattern(tmp_path, json_pattern=EVIL, listed=True)
    bad = [{"Libelle": VICTIM}] * 50
    data = json.dumps(bad).encode()
    lines = b"".join(json.dumps(one).encode() + b"\n" for one in bad)
    began = time.monotonic()
    match way:
        case "whole":
            report = of.validate(data)
        case "stream":
            report = of.validate(io.BytesIO(data))
        case "lines":
            report = of.validate(io.BytesIO(lines), format="ndjson")
        case "skip":
            skipped: list[Report] = []
            result = of.convert_stream(
                io.BytesIO(data), io.BytesIO(), "xml", on_error="skip", on_bad=lambda _, one: skipped.append(one)
            )
            assert result.skipped <= 3
            report = skipped[-1]
        case _:
            with pytest.raises(PayloadError) as raised:
                of.read(data)
            report = raised.value.report
    assert time.monotonic() - began < 15
    assert errors(report)[-1] == "limit.patterns"
    assert [found.code for found in report].count("value.schema") <= 2
    assert of.validate(b'[{"Libelle":"aaa"}]')


def test_records_that_take_no_time_use_none_up(tmp_path: Path) -> None:
    of = of_pattern(tmp_path, json_pattern="^a+$", listed=True)
    assert of.validate(json.dumps([{"Libelle": "aaa"}] * 400).encode())  # more than that in all


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


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="a process cannot be stopped")
@pytest.mark.long
def test_time_in_which_a_run_is_stopped_is_held_against_nothing(tmp_path: Path) -> None:
    of_pattern(tmp_path, json_pattern="^a+$", listed=True)
    source = tmp_path / "records.json"
    source.write_text(json.dumps([{"Libelle": "aaa"}] * 6000))
    command = [sys.executable, "-m", "convtool", "validate", str(source), "--schemas", str(tmp_path)]
    impatient = {**os.environ, VARIABLE: "payload.pattern=0.4 payload.patterns=0.7"}
    with subprocess.Popen(command, env=impatient, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as going:
        stops = 0
        while going.poll() is None:
            time.sleep(0.5)  # most of the time it waits for an answer; once Python has started
            if stops < 4:
                going.send_signal(signal.SIGSTOP)
                time.sleep(0.8)
                going.send_signal(signal.SIGCONT)
                stops += 1
        assert going.stdout is not None
        assert (going.returncode, stops > 1) == (0, True), going.stdout.read().decode()


def test_a_character_that_no_schema_can_speak_of(tmp_path: Path) -> None:
    of = of_pattern(tmp_path, json_pattern="^.*$")
    assert errors(of.validate(payload("&#x1;"))) == []  # another character stands for it; the rest is checked


def test_bundled_contracts_need_no_judge() -> None:
    assert Catalog(SCHEMAS).contract(PARAM).referee is None
