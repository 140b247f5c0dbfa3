"""Which library is taken for the engine: one that is whole and of this version; of any other is said what is wrong."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from pathlib import Path
from zlib import crc32

import pytest

import convtool.engine
from convtool.engine import ABI, library_name
from tests.engine.support import built
from tests.support import SAMPLES

OURS = Path(convtool.engine.__file__).with_name(library_name())
ASK = """
import pathlib, sys
import convtool.engine as engine

engine._file = lambda: pathlib.Path(sys.argv[1])
print(engine.about(), engine.library() is not None)
"""
COMPILER = shutil.which(os.environ.get("CC", "cc"))
compiled = pytest.mark.skipif(COMPILER is None or sys.platform == "win32", reason="there is no C compiler")


def asked(folder: Path, content: bytes | None, **environment: str) -> str:
    """Give what a process, which that may end, says of a library of this content."""
    path = folder / library_name()
    if content is not None:
        path.write_bytes(content)
    done = subprocess.run(
        [sys.executable, "-c", ASK, path], env={**os.environ, "CONVTOOL_ENGINE": "", **environment},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.strip()


def made(folder: Path, source: str, path: Path) -> Path:
    """Compile a library."""
    (folder / "it.c").write_text(source, encoding="ascii")
    subprocess.run([str(COMPILER), "-shared", "-fPIC", "-o", path, folder / "it.c"], check=True)
    return path


@built
def test_the_engine_is_named(tmp_path: Path) -> None:
    assert asked(tmp_path, OURS.read_bytes()) == f"engine {ABI}, {tmp_path / library_name()} True"


def test_it_is_told_that_there_is_none(tmp_path: Path) -> None:
    assert asked(tmp_path, None) == "no engine: it has not been built False"


@pytest.mark.parametrize("word", ["off", "OFF"])
def test_it_can_be_turned_off(tmp_path: Path, word: str) -> None:
    content = OURS.read_bytes() if OURS.exists() else b""
    assert asked(tmp_path, content, CONVTOOL_ENGINE=word) == "no engine: CONVTOOL_ENGINE is off False"


@compiled
@pytest.mark.parametrize(
    ("source", "told"),
    [
        (f"unsigned convtool_abi(void) {{ return {ABI + 1}; }}", f"its interface is {ABI + 1}, and {ABI} is wanted"),
        ("int other(void) { return 1; }", "the file is no engine"),
        (f"unsigned convtool_abi(void) {{ return {ABI}; }}", "convtool_program"),
        ("extern int not_there(void); int convtool_abi(void) { return not_there(); }", ""),
    ],
    ids=["another ABI", "another library", "half of one", "what it needs is not there"],
)
def test_another_library_is_not_used(tmp_path: Path, source: str, told: str) -> None:
    if not told and sys.platform == "darwin":
        pytest.skip("macOS' linker makes no such library")
    said = asked(tmp_path, made(tmp_path, source, tmp_path / "it").read_bytes())
    assert said.startswith("no engine: ")
    assert "cannot be used: " in said
    assert told in said
    assert said.endswith(" False")


@built
@pytest.mark.parametrize("part", [0, 3, 63, 64, 4096, 0.3, 0.6, 0.9, -1])
def test_a_library_that_has_been_cut_off_is_not_used(tmp_path: Path, part: float) -> None:
    whole = OURS.read_bytes()
    size = int(part if part >= 1 or part <= 0 else len(whole) * part)
    said = asked(tmp_path, whole[:size])
    assert said.startswith("no engine: ")
    assert "cannot be used: " in said


@pytest.mark.parametrize("content", [b"not a library", b"MZ", b"\x7fELF" + b"\xff" * 200], ids=["text", "MZ", "ELF"])
def test_what_is_no_library_is_not_used(tmp_path: Path, content: bytes) -> None:
    assert "cannot be used: " in asked(tmp_path, content)


@compiled
def test_a_library_of_another_source_than_lies_beside_it_is_not_used(tmp_path: Path) -> None:
    path = made(tmp_path, "const unsigned convtool_source = 1; int convtool_abi(void) { return 1; }", tmp_path / "1")
    assert convtool.engine._outdated(ctypes.CDLL(str(path)))
    same = f"const unsigned convtool_source = {crc32(OURS.with_name('engine.c').read_bytes())}u;"
    assert not convtool.engine._outdated(ctypes.CDLL(str(made(tmp_path, same, tmp_path / "2"))))
    assert not convtool.engine._outdated(ctypes.CDLL(str(made(tmp_path, "int by_hand;", tmp_path / "3"))))


def test_without_it_the_same_is_written() -> None:
    convert = ["convert", str(SAMPLES / "valid" / "ArrayOfReponseV2Model.xml")]
    one, other = (
        subprocess.run(
            [sys.executable, "-m", "convtool", *convert], env={**os.environ, "CONVTOOL_ENGINE": how},
            capture_output=True, check=True,
        )
        for how in ("", "off")
    )  # fmt: skip
    assert one.stdout == other.stdout != b""
