"""Files and pipes of any size: recognised by their beginning, streamed in constant memory, whole or not at all."""

from __future__ import annotations

import gzip
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import convtool

if TYPE_CHECKING:
    from tests.cli.conftest import Run

LIST = "ArrayOfReponseV2Model"
SAMPLE = Path(__file__).parents[2] / "samples" / "valid" / f"{LIST}.json"
PEAK = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def payload(size: int) -> bytes:
    """Give a JSON list of about so many bytes."""
    records = convtool.contract(LIST).to_json(SAMPLE)[1:-1]
    return b"[" + b",".join([records] * (size // len(records))) + b"]"


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("large") / "large.json"
    path.write_bytes(payload(6 << 20))
    return path


@pytest.fixture(scope="module")
def xml(large: Path) -> bytes:
    return convtool.contract(LIST).to_xml(large)


def test_a_large_file_needs_no_contract_named(run: Run, large: Path, xml: bytes, tmp_path: Path) -> None:
    assert run("validate", large).exit_code == 0
    assert run("convert", large, "-o", tmp_path / "large.xml").exit_code == 0
    assert (tmp_path / "large.xml").read_bytes() == xml
    assert run("convert", tmp_path / "large.xml").stdout_bytes == large.read_bytes()


def test_so_is_a_large_pipe(run: Run, large: Path, xml: bytes) -> None:
    assert run("convert", stdin=large.read_bytes()).stdout_bytes == xml
    assert run("validate", "--profile", "both", stdin=xml).exit_code == 0


def test_a_compressed_file_is_converted_like_what_is_in_it(run: Run, large: Path, xml: bytes, tmp_path: Path) -> None:
    packed = tmp_path / "large.json.gz"
    packed.write_bytes(gzip.compress(large.read_bytes(), 1))
    assert run("convert", packed).stdout_bytes == xml
    assert run("convert", packed, "--to", "json", "--depth", "70").stdout_bytes == large.read_bytes()


def test_a_bad_record_at_the_end_leaves_no_file(run: Run, large: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.json"
    data = large.read_bytes()
    cut = data.rindex(b'"Quantite":')
    broken.write_bytes(data[:cut] + b'"Quantite":"x","Autre":' + data[cut + len(b'"Quantite":') :])
    out = tmp_path / "out" / "large.xml"
    out.parent.mkdir()
    result = run("convert", broken, "-o", out)
    assert result.exit_code == 1
    assert "[value.lexical]" in result.stderr or "[value.kind]" in result.stderr
    assert "[member.unknown]" in result.stderr
    assert list(out.parent.iterdir()) == []


def test_lines_are_seen_as_such_by_their_name_or_their_beginning(run: Run, large: Path, tmp_path: Path) -> None:
    lines = tmp_path / "records.ndjson"
    assert run("convert", large, "--to", "json", "-o", lines).exit_code == 0
    assert run("validate", lines).exit_code == 0
    for source, stdin in ((lines, b""), ("-", lines.read_bytes())):
        assert run("convert", source, "--to", "json", stdin=stdin).stdout_bytes == large.read_bytes()
        assert run("validate", source, stdin=stdin).exit_code == 0


@pytest.mark.parametrize("verb", ["convert", "validate"])
@pytest.mark.parametrize("way", ["file", "pipe"])
@pytest.mark.short(1)
def test_memory_does_not_grow_with_the_payload(verb: str, way: str, tmp_path: Path) -> None:
    peaks = []
    for megabytes in (6, 30):
        path = tmp_path / "in.json"
        path.write_bytes(payload(megabytes << 20))
        command = [sys.executable, "-c", PEAK, sys.executable, "-m", "convtool", verb]
        command += [
            *([str(path)] if way == "file" else []),
            *(["-o", str(tmp_path / f"{megabytes}.xml")] if verb == "convert" else []),
        ]
        with path.open("rb") as file:
            done = subprocess.run(command, stdin=file, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
        peaks.append(int(done.stdout.split()[-1]) / 1024)
    assert peaks[1] < peaks[0] + 6
    assert peaks[1] < 60  # MB, interpreter and libraries included
