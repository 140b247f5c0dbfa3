"""Where outputs go: folders, lines, zips; one name for two outputs, and what is there already, are found before."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import stat
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from convtool.batch import Job, ProcessExecutor, run
from convtool.catalog import Catalog
from convtool.cli import app
from convtool.errors import SinkError, UsageError
from tests.batch.tree import GOOD_XML
from tests.support import SAMPLES

if TYPE_CHECKING:
    from collections.abc import Callable

    from convtool.batch.clashes import OnClash

OUTS = ["out/", "out.ndjson", "out.ndjson.gz", "out.ndjson.zst", "out.zip"]


@pytest.mark.parametrize("name", ["all.ndjson", "all.zip"])
def test_what_is_replaced_keeps_its_permissions_and_a_link_its_target(name: str, source: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    real, link = tmp_path / "elsewhere" / f"real.{name}", tmp_path / name
    real.write_bytes(OLD)
    real.chmod(0o600)
    link.symlink_to(real)
    for _ in range(2):
        with run([source], link, overwrite=True) as going:
            assert {outcome.status for outcome in going} == {"converted"}
        assert link.is_symlink()
        assert stat.S_IMODE(real.stat().st_mode) == 0o600
        assert OLD != real.read_bytes() == link.read_bytes()
    with run([source], link, resume=True) as going:
        list(going)
        assert going.summary.reused == len(NAMES)
    assert [path.name for path in real.parent.iterdir()] == [real.name]


@pytest.mark.parametrize("journal", ["", "j.ndjson"])
def test_a_folder_is_made_with_those_around_it(source: Path, tmp_path: Path, journal: str) -> None:
    out = tmp_path / "a" / "b" / "out"
    for resume in (False, True):
        with run([source], out, resume=resume, journal=journal and str(tmp_path / journal)) as going:
            assert {outcome.status for outcome in going} == {"converted"}
    assert sum(path.is_file() for path in out.rglob("*")) == len(NAMES)
    assert (tmp_path / journal if journal else out.parent / "out.journal.ndjson").is_file()


def test_a_folder_within_what_is_none_is_an_error(source: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(OLD)
    (tmp_path / "link").symlink_to(tmp_path / "nothing" / "there")
    before = sorted(tmp_path.rglob("*"))
    for around in ("file", "file/a", "link", "link/a"):
        with pytest.raises((UsageError, SinkError), match="cannot be written"):
            run([source], tmp_path / around / "out")
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("name", ["a.json.bz2", "a.xml.xz", "a.tar", "a.tgz", "a.json.7z"])
def test_one_payload_goes_into_nothing_that_is_only_read(name: str, source: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is called what is only read"):
        run([source / "a.xml"], tmp_path / name)


@pytest.mark.parametrize("name", ["a.xml", "a.form", "a.xml.gz"])
def test_lines_are_not_called_xml(name: str, source: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="lines of JSON are asked for"):
        run([source / "a.xml"], tmp_path / name, job=Job(lines=True))


NAMES = ["a.xml", "deep/b.xml", "deep/c.xml.gz"]
OLD = b"old"


def payload(number: int) -> bytes:
    return GOOD_XML.replace(b">7<", b">%d<" % number)


def record(number: int) -> bytes:
    return Catalog().contract("ParamModel").convert(payload(number), "json").data


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    (folder / "deep").mkdir(parents=True)
    for number, name in enumerate(NAMES):
        (folder / name).write_bytes(gzip.compress(payload(number)) if name.endswith(".gz") else payload(number))
    return folder


def unzst(data: bytes) -> bytes:
    zstd = pytest.importorskip("backports.zstd")
    return bytes(zstd.decompress(data))


READ: dict[str, Callable[[bytes], bytes]] = {"": bytes, "gz": gzip.decompress, "zst": unzst}


def content(out: Path) -> dict[str, bytes]:
    """What an output holds, by name; of lines all as one."""
    if out.is_dir():
        return {str(path.relative_to(out)): path.read_bytes() for path in out.rglob("*") if path.is_file()}
    if out.suffix == ".zip":
        with zipfile.ZipFile(out) as archive:
            return {name: archive.read(name) for name in archive.namelist()}
    return {"lines": READ[out.name.partition(".ndjson")[2].lstrip(".")](out.read_bytes())}


@pytest.mark.parametrize("out", OUTS)
@pytest.mark.short(3)
def test_each_form_holds_what_the_library_makes(
    source: Path, tmp_path: Path, out: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if out.endswith(".zst"):
        pytest.importorskip("backports.zstd")
    assert app.run(["convert", str(source), "-o", f"{tmp_path}/{out}", "--jobs", "1"]) == 0
    expected = {"a.json": record(0), "deep/b.json": record(1), "deep/c.json": record(2)}
    lines = {"lines": b"".join(value + b"\n" for value in expected.values())}
    assert content(tmp_path / out) == (lines if "ndjson" in out else expected)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        ["source", out.rstrip("/"), f"{out.rstrip('/')}.journal.ndjson"]
    )
    assert "3 files: 3 converted" in capsys.readouterr().err


@pytest.mark.parametrize("out", ["out/", "out.ndjson", "out.zip"])
def test_nothing_is_overwritten_without_overwrite(
    source: Path, tmp_path: Path, out: str, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / out
    old = target / "deep" / "b.json" if out == "out/" else target
    old.parent.mkdir(parents=True, exist_ok=True)
    old.write_bytes(OLD)
    command = ["convert", str(source), "-o", f"{tmp_path}/{out}", "--jobs", "1"]
    assert app.run(command) == 2
    assert "--overwrite" in capsys.readouterr().err
    assert old.read_bytes() == OLD
    assert [path.name for path in tmp_path.rglob("*.json")] == (["b.json"] if out == "out/" else [])
    assert not list(tmp_path.glob("*.journal.ndjson"))
    assert app.run([*command, "--overwrite"]) == 0
    assert old.read_bytes() != OLD
    assert app.run(command) == 2  # and neither is what the first run has written
    assert "--resume takes it up, --overwrite begins anew" in capsys.readouterr().err


TWINS = ["a.json", "A.xml", "a.xml.gz", "a.JSON"]


@pytest.mark.parametrize("twin", TWINS)
@pytest.mark.parametrize("out", ["out/", "out.zip"])
def test_two_inputs_with_one_output_may_be_an_error(source: Path, tmp_path: Path, twin: str, out: str) -> None:
    (source / twin).write_bytes(payload(9))
    with pytest.raises(UsageError, match=r"nothing was written, since files would have the same output: .*[aA]\.json"):
        run([str(source)], f"{tmp_path}/{out}", job=Job(to="json", on_clash="error"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["source"]


@pytest.mark.parametrize("twin", TWINS)
@pytest.mark.parametrize("out", ["out/", "out.zip"])
def test_two_inputs_with_one_output_cost_these_two(source: Path, tmp_path: Path, twin: str, out: str) -> None:
    (source / twin).write_bytes(payload(9))
    with run([str(source)], f"{tmp_path}/{out}", job=Job(to="json")) as going:
        found = {one.source: (one.status, one.reason) for one in going}
        assert len(found) == len(going.plan.items) > 2
    refused = {Path(name).name: reason for name, (status, reason) in found.items() if status == "refused"}
    assert set(refused) == {"a.xml", twin}
    assert f"the same output as {source / twin}; --on-clash suffix" in refused["a.xml"]
    assert {status for status, _ in found.values()} == {"refused", "converted"}


@pytest.mark.parametrize("twin", TWINS)
def test_two_inputs_with_one_output_may_get_numbers(source: Path, tmp_path: Path, twin: str) -> None:
    (source / twin).write_bytes(payload(9))
    (source / "a-2.xml").write_bytes(payload(5))
    with run([str(source)], f"{tmp_path}/out/", job=Job(to="json", on_clash="suffix")) as going:
        found = {Path(one.source).name: one.target for one in going}
        assert going.summary.bad == 0
    assert found["a-2.xml"] == "a-2.json"
    assert {found["a.xml"].lower(), found[twin].lower()} == {"a.json", "a-3.json"}
    assert len({name.lower() for name in found.values()}) == len(found) == len(NAMES) + 2
    assert all((tmp_path / "out" / name).is_file() for name in found.values())


@pytest.mark.parametrize(("on_clash", "refused", "targets"), [
    ("refuse", ["a.json"], {"a.json/b.json", "a.json/c.json"}),
    ("suffix", [], {"a.json/b.json", "a.json/c.json", "a-2.json"}),
])  # fmt: skip
def test_a_file_and_a_folder_of_one_name(
    tmp_path: Path, on_clash: OnClash, refused: list[str], targets: set[str]
) -> None:
    folder = tmp_path / "source" / "a.json"
    folder.mkdir(parents=True)
    for path in (folder / "b.xml", folder / "c.xml", tmp_path / "source" / "a.xml"):
        path.write_bytes(payload(3))
    with pytest.raises(UsageError, match="would have the same output"):
        run([str(tmp_path / "source")], tmp_path / "out", job=Job(on_clash="error"))
    assert not (tmp_path / "out").exists()
    with run([str(tmp_path / "source")], tmp_path / "out", job=Job(on_clash=on_clash)) as going:
        found = list(going)
    assert {one.target for one in found if one.status == "converted"} == targets
    assert [Path(one.source).with_suffix(".json").name for one in found if one.status == "refused"] == refused


def test_the_journal_has_an_outcome_for_each_file(source: Path, tmp_path: Path) -> None:
    (source / "note.txt").write_bytes(b"no payload")
    with run([str(source)], tmp_path / "out", executor=ProcessExecutor(2)) as going:
        list(going)
    lines = [json.loads(line) for line in (tmp_path / "out.journal.ndjson").read_bytes().splitlines()]
    entries = {entry["source"].removeprefix(f"{source}/"): entry for entry in lines if "source" in entry}
    assert entries.keys() == {*NAMES, "note.txt"}
    assert entries["note.txt"]["status"] == "skipped"
    assert entries["note.txt"]["reason"].startswith("is neither XML nor JSON")
    for number, name in enumerate(NAMES):
        entry, data = entries[name], record(number)
        assert (entry["status"], entry["contract"], entry["records"]) == ("converted", "ParamModel", 1)
        assert (entry["bytes_in"], entry["bytes_out"]) == (len(payload(number)), len(data))
        assert entry["sha256_in"] == hashlib.sha256(payload(number)).hexdigest()
        assert entry["sha256_out"] == hashlib.sha256(data).hexdigest()


def test_what_is_done_and_unchanged_is_not_done_again(source: Path, tmp_path: Path) -> None:
    with run([str(source)], tmp_path / "out") as going:
        list(going)
    kept = (tmp_path / "out" / "deep" / "b.json").stat()
    (source / "a.xml").write_bytes(payload(1234))
    with run([str(source)], tmp_path / "out", resume=True) as going:
        list(going)
        assert going.summary.reused == 2
    assert (tmp_path / "out" / "a.json").read_bytes() == record(1234)
    again = (tmp_path / "out" / "deep" / "b.json").stat()
    assert (again.st_ino, again.st_mtime_ns) == (kept.st_ino, kept.st_mtime_ns)


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("out", ["out/", "out.zip"])
def test_files_of_lines_in_a_folder_and_in_a_zip(source: Path, tmp_path: Path, out: str, jobs: str) -> None:
    for form in ("xml", "json"):
        (source / f"list-{form}.{form}").write_bytes((SAMPLES / "valid" / f"ArrayOfReponseV2Model.{form}").read_bytes())
    command = ["convert", str(source), "-o", f"{tmp_path}/{out}", "--jobs", jobs, "-q"]
    assert app.run([*command, "--ndjson"]) == 0
    found = content(tmp_path / out)
    expected = {"a.ndjson": record(0), "deep/b.ndjson": record(1), "deep/c.ndjson": record(2)}
    for form in ("xml", "json"):
        sink = io.BytesIO()
        path = SAMPLES / "valid" / f"ArrayOfReponseV2Model.{form}"
        assert Catalog().contract("ArrayOfReponseV2Model").convert_stream(path, sink, "ndjson").records > 1
        assert found.pop(f"list-{form}.ndjson") == sink.getvalue()
    assert found == {name: data + b"\n" for name, data in expected.items()}
    assert app.run([*command, "--ndjson", "--resume"]) == 0


def test_lines_are_json_and_a_run_of_them_is_taken_up_as_one(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["convert", str(source), "-o", f"{tmp_path}/out/", "--jobs", "1", "-q"]
    for option in ("--pretty", "--to=xml"):
        assert app.run([*command, "--ndjson", option]) == 2
        assert "a record a line, not XML and not indented" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
    assert app.run([*command, "--ndjson"]) == 0
    assert app.run([*command, "--resume"]) == 2
    assert "is of a run with other settings (" in capsys.readouterr().err


@pytest.mark.parametrize("out", ["out/", "out.ndjson", "out.zip"])
@pytest.mark.short(1)
def test_options_of_a_payload_are_those_of_many_as_well(source: Path, tmp_path: Path, out: str) -> None:
    """Each does for every file what it does for one alone."""
    listed = SAMPLES / "valid" / "ArrayOfReponseV2Model.xml"
    bad = listed.read_bytes().replace(b"<NomProduit>", b"<NomProduit><x/>", 1)
    (source / "list.xml").write_bytes(bad)
    command = ["convert", str(source), "-o", f"{tmp_path}/{out}", "--jobs", "1", "-q", "--overwrite"]
    assert app.run([*command, "--verify", "--to", "json"]) == (2 if "ndjson" in out else 1)
    assert app.run([*command, "--from", "json", "--to", "json"]) == 1
    assert app.run([*command, "--depth", "1", "--to", "json"]) == 1
    assert not any(path for path in tmp_path.iterdir() if ".bad" in path.name)
    assert app.run([*command, "--on-error", "skip", "--to", "json"]) == 1
    [aside] = [path for path in tmp_path.rglob("*.bad.ndjson") if path.is_file()]
    assert aside.relative_to(tmp_path).parts[0] == f"{out.rstrip('/')}.bad"
    [line] = map(json.loads, aside.read_bytes().splitlines())
    assert line["record"] == 0
    alone = tmp_path / "alone.ndjson"
    assert app.run(["convert", str(source / "list.xml"), "--on-error", "skip", "-o", str(alone), "-q"]) == 1
    found = content(tmp_path / out)
    if "ndjson" in out:
        assert alone.read_bytes() in found["lines"]
    else:
        assert [json.dumps(one) for one in json.loads(found["list.json"])] == [
            json.dumps(json.loads(one)) for one in alone.read_bytes().splitlines()
        ]


def test_lines_of_many_files_can_name_their_source(source: Path, tmp_path: Path) -> None:
    listed = SAMPLES / "valid" / "ArrayOfReponseV2Model.xml"
    (source / "list.xml").write_bytes(listed.read_bytes())
    command = ["convert", str(source), "-q", "--jobs", "1"]
    assert app.run([*command, "-o", f"{tmp_path}/plain.ndjson"]) == 0
    assert app.run([*command, "-o", f"{tmp_path}/named.ndjson", "--with-source"]) == 0
    plain = [json.loads(line) for line in (tmp_path / "plain.ndjson").read_bytes().splitlines()]
    named = [json.loads(line) for line in (tmp_path / "named.ndjson").read_bytes().splitlines()]
    assert [line["record"] for line in named] == plain
    of = [line["source"].removeprefix(f"{source}/") for line in named]
    assert list(dict.fromkeys(of)) == ["a.xml", "list.xml", *NAMES[1:]]
    assert all(line.keys() == {"source", "record"} for line in named)
    assert app.run([*command, "-o", f"{tmp_path}/out/", "--with-source"]) == 2
