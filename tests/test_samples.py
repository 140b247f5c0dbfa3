"""Every file under samples/ is a test by being there: valid ones are valid, the others give the report beside them.

A sample is called ``CONTRACT.xml`` or ``CONTRACT-what.json``. Its report is beside it: ``….report.json`` (as data)
and ``….report.txt`` (as people read it). CONVTOOL_UPDATE=1 writes the reports anew; look at the difference before you
commit it.

``valid`` and ``invalid`` are judged by the strict profile, ``dotnet`` by the other; ``other`` has contracts of other
shapes. ``form`` is converted into forms; ``error`` has error responses, which are of no contract. The two largest
limits would need files of a hundred megabytes: their samples are read with limits made small.
"""

from __future__ import annotations

import atexit
import json
import os
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest

import convtool
from convtool.codes import CODES
from convtool.http_error import convert_error
from convtool.limits import LIMITS
from tests.second_api import make_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "samples"
FOLDERS = ("valid", "invalid", "dotnet", "other", "form", "error")
FILES = sorted(path for folder in FOLDERS for path in (SAMPLES / folder).iterdir() if ".report." not in path.name)
# Captures, and what is in them, have samples of their own.
PREFIXES_ELSEWHERE = ("capture.", "change.", "form.", "http.")
_ELSEWHERE = {"Parc": "parc", "Camion": "parc", "Client": "boutique"}
SMALL = {
    "limit.comment": ("comment", 100), "limit.elements": ("elements", 8), "limit.patterns": ("patterns", 1e-9),
    "limit.repeated": ("repeated", -500), "limit.space": ("space", 100), "limit.text": ("text", 100),
}  # fmt: skip


def codec_of(path: Path) -> convtool.Codec:
    name = path.name.partition(".")[0].partition("-")[0]
    folder = ROOT / "schemas"
    if path.parent.name in ("other", "form"):
        folder = ROOT / "tests" / "data" / _ELSEWHERE.get(name, "inventaire")
    if name == "ArrayOfMesure":
        folder = _second_folder()
    return _codec(folder, name)


@cache
def _second_folder() -> Path:
    """Give a folder of the contracts that hold every datatype, made anew."""
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder)
    make_folder(folder)
    return folder


@cache
def _codec(folder: Path, name: str) -> convtool.Codec:
    return convtool.Catalog(folder).contract(name)


@contextmanager
def small_limits(path: Path) -> Iterator[None]:
    """Lower the limit that a sample is about, if it is one of the largest; it is frozen, but for this."""
    name, value = SMALL.get(path.stem.partition("-")[2], ("depth", LIMITS.depth))
    before = getattr(LIMITS, name)
    object.__setattr__(LIMITS, name, value)
    try:
        yield
    finally:
        object.__setattr__(LIMITS, name, before)


@contextmanager
def planted_fault(path: Path) -> Iterator[bool]:
    """Let a conversion forget a member where a sample is about what only a bug can make; give whether to verify it."""
    if "verify.mismatch" not in path.name:
        yield False
        return
    convert = convtool.Codec.convert

    def forgetful(self: convtool.Codec, payload: Any, to: Any, **options: Any) -> Any:
        result = convert(self, payload, to, **options)
        return result if options.get("verify") else replace(result, data=result.data.replace(b',"ProduitId":1', b""))

    with patch.object(convtool.Codec, "convert", forgetful):
        yield True


def report_of(path: Path) -> convtool.Report:
    """Give the report of a conversion into the other format, so that losses are in it."""
    with small_limits(path):
        return _report_of(path)


def _report_of(path: Path) -> convtool.Report:
    to: Any = "json" if path.suffix == ".xml" else "xml"
    profile: Any = "dotnet" if path.parent.name == "dotnet" else "strict"
    try:
        if path.parent.name == "error":
            report = convert_error(path.read_bytes(), to).report
        else:
            to = "form" if path.parent.name == "form" else to
            with planted_fault(path) as verify:
                report = codec_of(path).convert(path, to, profile=profile, verify=verify).report
    except convtool.PayloadError as error:
        report = error.report
    return report.named(path.relative_to(ROOT).as_posix())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(SAMPLES).as_posix())
def test_sample(path: Path) -> None:
    report = report_of(path)
    expected = {
        path.with_name(f"{path.name}.report.json"): json.dumps(report.to_dict(), ensure_ascii=False, indent=2) + "\n",
        path.with_name(f"{path.name}.report.txt"): report.text() + "\n",
    }
    if path.parent.name == "valid":
        assert report, report.text()
        if not report.diagnostics:  # nothing to say: no report beside it
            return
    for beside, text in expected.items():
        if os.environ.get("CONVTOOL_UPDATE"):
            beside.write_text(text, encoding="utf-8")
        assert beside.read_text(encoding="utf-8") == text


@pytest.mark.parametrize("path", [p for p in FILES if p.parent.name == "invalid"], ids=lambda path: path.name)
def test_invalid_samples_are_invalid(path: Path) -> None:
    assert not report_of(path)


@pytest.mark.parametrize("path", [p for p in FILES if p.parent.name == "valid"], ids=lambda path: path.name)
def test_valid_samples_survive_the_other_format(path: Path) -> None:
    codec = codec_of(path)
    assert codec.to_json(codec.to_xml(path)) == codec.to_json(path)
    assert codec.to_xml(codec.to_json(path)) == codec.to_xml(path)


def test_every_code_has_a_sample_that_shows_it() -> None:
    shown = {d.code for path in FILES for d in report_of(path)}
    wanted = {code for code in CODES if not code.startswith(PREFIXES_ELSEWHERE)}
    assert wanted <= shown


def test_a_sample_is_called_after_the_code_that_it_shows() -> None:
    for path in FILES:
        named = path.stem.partition("-")[2].partition("-")[0]
        code = next((code for code in CODES if path.stem.partition("-")[2].startswith(code)), None)
        if "." in named:
            assert code is not None, path
            assert code in {d.code for d in report_of(path)}, path


def test_every_code_is_in_a_report_beside_a_sample() -> None:
    reports = "".join(path.read_text(encoding="utf-8") for path in SAMPLES.rglob("*.report.txt"))
    assert [code for code in CODES if f"[{code}]" not in reports] == []
