"""Each payload is opened once, by whichever command and on whichever road: opens are counted in each process.

A zip is opened once for its directory and once for each member (which may be done anywhere); a tar that is compressed
once for its directory and once for all members, and another once for each.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import ROOT
from tests.cli.payloads import JSON
from tests.support import SAMPLES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

# What a process does as it starts, workers that are started anew included: each open is a line of a file of all.
HOOK = """
import os, sys
_log, _root = os.environ["OPENS"], os.environ["ROOT"]
def _opened(event, args):
    if event == "open" and isinstance(args[0], str) and args[0].startswith(_root) and args[0] != _log:
        to = os.open(_log, os.O_WRONLY | os.O_APPEND)  # each time: workers close what they have not opened
        os.write(to, (args[0] + "\\n").encode())
        os.close(to)
sys.addaudithook(_opened)
"""
XML = (SAMPLES / "valid" / "ParamModel-nil.xml").read_bytes()
CAPTURE = (SAMPLES / "captures" / "curl-i.http").read_bytes()
FILES = {
    "a.xml": XML, "b.json": JSON, "noext": XML, "c.txt": XML,
    "d.http": CAPTURE, "e.har": (SAMPLES / "captures" / "chromium.har").read_bytes(), "README.md": b"# Read me\n",
    "f.yaml": (SAMPLES / "captures" / "vcrpy.yaml").read_bytes(),
}  # fmt: skip


@pytest.fixture
def files(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    for name, data in FILES.items():
        (folder / name).write_bytes(data)
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive, tarfile.open(tmp_path / "all.tgz", "w:gz") as packed:
        for name, data in FILES.items():
            archive.writestr(name, data)
            info = tarfile.TarInfo(name)
            info.size = len(data)
            packed.addfile(info, io.BytesIO(data))
    shutil.copy(tmp_path / "all.zip", tmp_path / "unnamed")
    (tmp_path / "list").write_text("".join(f"{folder / name}\n" for name in FILES))
    return tmp_path


def opens(folder: Path, environment: Mapping[str, str], *words: str) -> Counter[str]:
    """Run a command in a folder; give how often each file below it has been opened, by all its processes."""
    hook = folder / "hook"
    hook.mkdir(exist_ok=True)
    (hook / "sitecustomize.py").write_text(HOOK)
    log = folder / "opens"
    log.write_bytes(b"")
    env = {**environment, "OPENS": str(log), "ROOT": f"{folder}{os.sep}", "PYTHONPATH": f"{hook}{os.pathsep}{ROOT}"}
    command = [sys.executable, "-c", "from convtool.cli import main; main()", *words]
    done = subprocess.run(command, env=env, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=120)
    assert done.returncode in (0, 1), done.stderr.decode()
    lines = (os.path.relpath(line, folder) for line in log.read_text().splitlines())
    found = Counter(line for line in lines if line.startswith("in/") or line in ("all.zip", "all.tgz", "unnamed"))
    assert found
    return found


NAMED = [f"in/{name}" for name in FILES]


@pytest.mark.parametrize("verb", ["validate", "convert"])
@pytest.mark.parametrize("name", FILES)
@pytest.mark.short(2)
def test_a_file_that_is_named_is_opened_once(files: Path, environment: dict[str, str], verb: str, name: str) -> None:
    out = ["-o", str(files / "out.file")] if verb == "convert" else []
    assert opens(files, environment, verb, str(files / "in" / name), *out) == {f"in/{name}": 1}


@pytest.mark.parametrize("more", [[], ["--jobs", "2"], ["--limit-seconds", "60"], ["--profile", "both"]])
@pytest.mark.short(1)
def test_files_that_are_named_are_opened_once_each(files: Path, environment: dict[str, str], more: list[str]) -> None:
    assert opens(files, environment, "validate", *(str(files / name) for name in NAMED), *more) == dict.fromkeys(
        NAMED, 1
    )


@pytest.mark.parametrize("verb", ["validate", "convert"])
@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("road", ["folder", "list"])
@pytest.mark.short(1)
def test_files_of_a_folder_and_of_a_list_are_opened_once_each(
    files: Path, environment: dict[str, str], verb: str, jobs: str, road: str
) -> None:
    source = [str(files / "in")] if road == "folder" else ["--files-from", str(files / "list")]
    out = ["-o", f"{files}/out.zip"] if verb == "convert" else []
    assert opens(files, environment, verb, *source, "-q", "--jobs", jobs, *out) == dict.fromkeys(NAMED, 1)


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize(
    ("archive", "times"), [("all.zip", 1 + len(FILES)), ("unnamed", 1 + len(FILES)), ("all.tgz", 2)]
)
@pytest.mark.short(1)
def test_an_archive_is_opened_for_its_directory_and_for_its_members(
    files: Path, environment: dict[str, str], archive: str, times: int, jobs: str
) -> None:
    # A name that says nothing is looked into first, and what is open then is what the directory is read from.
    found = opens(files, environment, "validate", str(files / archive), "-q", "--jobs", jobs)
    assert found == {archive: times}


def test_payloads_that_are_compared_are_opened_once_each(files: Path, environment: dict[str, str]) -> None:
    for one, other in (("a.xml", "b.json"), ("noext", "c.txt")):
        found = opens(files, environment, "compare", str(files / "in" / one), str(files / "in" / other))
        assert found == {f"in/{one}": 1, f"in/{other}": 1}


@pytest.mark.parametrize("name", ["d.http", "e.har", "f.yaml"])
def test_a_capture_is_opened_once_to_be_extracted(files: Path, environment: dict[str, str], name: str) -> None:
    found = opens(files, environment, "extract", str(files / "in" / name), "-o", str(files / "out"))
    assert found == {f"in/{name}": 1}
