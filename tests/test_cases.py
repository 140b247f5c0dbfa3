"""Archives and payloads as tools really write them, small and invented: each gets its verdict on every road."""

from __future__ import annotations

import io
import shutil
import tarfile
from pathlib import Path

import pytest

from tests.support import outcomes
from tests.test_roads import run, zipped

CASES = Path(__file__).parent / "cases"
# file → its verdict, its contract where it has one, and a word of the first error
PAYLOADS: dict[str, tuple[str, str, str]] = {
    "amp.xml": ("invalid", "ArrayOfReponseV2Model", "An `&` begins a reference"),
    "raw1f.xml": ("invalid", "ArrayOfReponseV2Model", "The character U+001F"),
    "bom.ndjson": ("valid", "ArrayOfReponseV2Model", ""),
    "double.json": ("invalid", "", "a string that has JSON in it"),
    "esc.json": ("invalid", "ParamModel", "is not a member here"),
    "itype-xsint.xml": ("valid", "ParamModel", ""),
    "schemaloc.xml": ("valid", "ParamModel", ""),
    "single-not-list.json": ("invalid", "", "one record of ArrayOfReponseV2Model, which is a list of them"),
    "folder/ok.json": ("valid", "ArrayOfReponseV2Model", ""),
    "folder/nul.xml": ("invalid", "", "NUL bytes"),
    "folder/login.xml": ("invalid", "", "an HTML page"),
    "folder/unavail.json": ("invalid", "", "an HTML page"),
    "folder/soap.xml": ("invalid", "", "The Body of the envelope"),
}
# archive → the members by their names, each with its verdict
ARCHIVES: dict[str, dict[str, str]] = {
    "backslash.zip": {"2026/03/a.json": "valid", "2026/03/b.json": "valid"},
    "cp932.zip": {"É┐ïü.json": "valid"},
    "esc.zip": {"\x1b[2J\x1b[31mowned\x1b]0;title\x07.json": "refused", "ok\u202egnp.json": "invalid"},
    "targz-named.tar": {"a.json": "valid"},
    "utf8-flag-central-only.zip": {"Été.json": "valid"},
    "plain.json.gz": {"": "valid"},
}
REMEDIES = {"amp.xml": "&amp;", "raw1f.xml": "&#x1F;", "double.json": "Send the value itself"}


def test_every_case_is_here() -> None:
    there = {str(path.relative_to(CASES / "payloads")) for path in (CASES / "payloads").rglob("*") if path.is_file()}
    assert there == set(PAYLOADS)
    assert {path.name for path in (CASES / "archives").iterdir()} == set(ARCHIVES)


def tarred(name: str, data: bytes) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        info = tarfile.TarInfo(name)
        info.size = len(data)
        archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def road(name: str, data: bytes, way: str, at: Path) -> list[str]:
    """Give the sources of a file that comes on a road."""
    at.mkdir()
    (at / "in").mkdir()
    (at / "in" / name).write_bytes(data)
    match way:
        case "alone":
            return [str(at / "in" / name)]
        case "zip" | "tar":
            (at / f"all.{way}").write_bytes((zipped if way == "zip" else tarred)(name, data))
            return [str(at / f"all.{way}")]
        case "list":
            (at / "list").write_text(str(at / "in" / name))
            return ["--files-from", str(at / "list")]
        case "workers":
            return [str(at / "in"), "--jobs", "2"]
        case _:
            return [str(at / "in")] if way == "folder" else ["-"]


def told(sources: list[str], at: Path, stdin: bytes = b"") -> list[dict[str, object]]:
    run("validate", *sources, "-q", "--report", str(at / "report.json"), stdin=stdin)
    return outcomes((at / "report.json").read_bytes())


@pytest.mark.parametrize("name", PAYLOADS)
@pytest.mark.short(4)
def test_a_payload_on_every_road(name: str, tmp_path: Path) -> None:
    data = (CASES / "payloads" / name).read_bytes()
    for way in ("alone", "folder", "workers", "zip", "tar", "list", "pipe"):
        at = tmp_path / way
        (one,) = told(road(Path(name).name, data, way, at), at, data if way == "pipe" else b"")
        errors = [found for found in one.get("diagnostics", ()) if found["severity"] == "error"]  # type: ignore[attr-defined]
        seen = one["status"], one.get("contract", ""), errors[0]["message"] if errors else ""
        expected = PAYLOADS[name]
        assert seen[:2] == expected[:2], (way, one)
        assert expected[2] in seen[2], way
        assert REMEDIES.get(name, "") in "".join(found.get("hint", "") for found in errors)


@pytest.mark.parametrize("name", ARCHIVES)
@pytest.mark.short(1)
def test_an_archive_on_every_road(name: str, tmp_path: Path) -> None:
    for way in ("alone", "folder", "workers", "list"):
        at = tmp_path / way
        found = told(road(name, (CASES / "archives" / name).read_bytes(), way, at), at)
        assert {one.get("member", ""): one["status"] for one in found} == ARCHIVES[name], way


def test_names_of_a_zip_in_an_encoding_that_is_named(tmp_path: Path) -> None:
    path = str(CASES / "archives" / "cp932.zip")
    for encoding, told_as in (("cp932", {"member": "請求.json", "status": "valid"}), ("ascii", {"status": "refused"})):
        (tmp_path / encoding).mkdir()
        (one,) = told([path, "--zip-encoding", encoding], tmp_path / encoding)
        assert one.items() >= told_as.items()
    assert one["reason"] == "has a name that is not in ascii"
    assert run("validate", path, "--zip-encoding", "klingon") == 2


def test_folders_of_backslashes_are_folders_of_outputs(tmp_path: Path) -> None:
    shutil.copy(CASES / "archives" / "backslash.zip", tmp_path)
    assert run("convert", str(tmp_path / "backslash.zip"), "-q", "-o", f"{tmp_path}/out/") == 0
    found = {str(path.relative_to(tmp_path / "out")) for path in (tmp_path / "out").rglob("*.xml")}
    assert found == {"2026/03/a.xml", "2026/03/b.xml"}
