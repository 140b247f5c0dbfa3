"""Wheels: that of this machine is installed and run away from the checkout, with the engine and without a compiler.

``sh .ci/wheels`` makes those of the other platforms with ziglang, and calls this file with CONVTOOL_WHEELS: what is in
them is looked at as far as it can be here, since their libraries run elsewhere.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from email.parser import Parser
from pathlib import Path
from typing import Any

import pytest

from convtool.engine import ABI, library_name
from tests.support import BESIDE, ROOT, SAMPLES

pytestmark = pytest.mark.long
UNREACHABLE = (
    "No matching distribution found for hatchling",
    "Could not find a version that satisfies the requirement",
)


def _pip(*arguments: str | Path, **environment: str) -> str:
    """Run pip; give what it said. Skip where the index cannot be reached."""
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", *map(str, arguments)]
    done = subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True, check=False)
    said = done.stdout + done.stderr
    if done.returncode and any(text in said for text in UNREACHABLE):
        pytest.skip("the package index cannot be reached: no hatchling to build with")
    assert done.returncode == 0, said
    return said


def built(folder: Path, **environment: str) -> tuple[Path, str]:
    """Give the wheel that pip makes of the checkout, and what was said."""
    said = _pip("wheel", "-v", "--no-deps", "--wheel-dir", folder, ROOT, **environment)
    [wheel] = folder.glob("convtool_datacontract-*.whl")
    return wheel, said


@dataclass
class Installed:
    """A fresh environment, away from the checkout, in which a wheel has been installed."""

    python: Path

    def run(self, *arguments: str | Path) -> str:
        done = subprocess.run(
            [self.python, "-m", "convtool", *arguments], cwd=self.python.parent, capture_output=True, text=True,
            encoding="utf-8", check=True, env={key: one for key, one in os.environ.items() if key != "CONVTOOL_ENGINE"},
        )  # fmt: skip
        return done.stdout


def _installed(wheel: Path, folder: Path) -> Installed:
    """Install a wheel; the libraries that it needs are those of this environment, its convtool is not."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    _pip("--python", python, "install", "--no-deps", "--no-index", wheel)
    site = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True, text=True, check=True,
    ).stdout.strip()  # fmt: skip
    import msgspec

    # A folder that a .pth file names is on the path; the .pth files in it, the checkout's among them, are not read.
    Path(site, "libraries.pth").write_text(str(Path(msgspec.__file__).parents[1]), encoding="utf-8")
    return Installed(python)


USED = """
from convtool.testing import assert_converts, assert_valid

def test_it(contracts):
    assert contracts.contracts() == ["Known"]
    assert assert_valid(assert_converts('{"Total": 3}'), "Known").Total == 3
"""
XSD = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" elementFormDefault="qualified" targetNamespace="urn:x">
  <xs:complexType name="Known">
    <xs:sequence><xs:element name="Total" type="xs:int" minOccurs="0"/></xs:sequence>
  </xs:complexType>
  <xs:element name="Known" type="x:Known" nillable="true" xmlns:x="urn:x"/>
</xs:schema>
"""


def use(installed: Installed, folder: Path) -> None:
    """Do with an installation what people do: judge a payload, make contracts, run a test by the plugin, read."""
    sample = SAMPLES / "valid" / "ArrayOfReponseV2Model.json"
    assert "valid (ArrayOfReponseV2Model json" in installed.run("validate", sample)
    schemas, tests = folder / "schemas", folder / "tests"
    schemas.mkdir()
    tests.mkdir()
    (schemas / "Known.xsd").write_text(XSD, encoding="utf-8")
    installed.run("contracts", "derive", schemas)
    assert installed.run("contracts", "--schemas", schemas) == "Known\n"
    (tests / "test_it.py").write_text(USED, encoding="utf-8")
    (tests / "pytest.ini").write_text(f"[pytest]\nconvtool_schemas = {schemas}\n", encoding="utf-8")
    command = [installed.python, "-m", "pytest", "-q", *BESIDE, tests]
    done = subprocess.run(command, cwd=tests, capture_output=True, text=True, check=False)
    assert "1 passed" in done.stdout, done.stdout + done.stderr
    share = installed.python.parents[1] / "share"
    assert "convtool" in (share / "man" / "man1" / "convtool.1").read_text(encoding="utf-8")
    for script in (
        "bash-completion/completions/convtool",
        "zsh/site-functions/_convtool",
        "fish/vendor_completions.d/convtool.fish",
    ):
        assert "convtool completion" in (share / script).read_text(encoding="utf-8")


def _metadata(wheel: Path) -> tuple[list[str], list[str], str]:
    """Give the names in a wheel, its tags, and whether it says that it is pure Python."""
    with zipfile.ZipFile(wheel) as file:
        names = file.namelist()
        [path] = [name for name in names if name.endswith(".dist-info/WHEEL")]
        told = Parser().parsestr(file.read(path).decode())
    return names, told.get_all("Tag", []), told["Root-Is-Purelib"]


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this machine."""
    wheel, _ = built(tmp_path_factory.mktemp("own"))
    if wheel.name.endswith("-none-any.whl"):
        pytest.skip("no C compiler can be had here, neither the system's nor ziglang")
    return wheel


def test_the_wheel_of_this_machine_has_the_engine_and_its_tag(own: Path) -> None:
    names, tags, pure = _metadata(own)
    assert f"convtool/engine/{library_name()}" in names
    assert not [name for name in names if name.endswith((".c", ".h"))]
    assert pure == "false"
    assert all(re.fullmatch(r"py3-none-(?!any)\w+", tag) for tag in tags)
    assert own.name.split("-", 2)[2] == f"{tags[0]}.whl"


def test_it_runs_away_from_the_checkout(own: Path, tmp_path: Path) -> None:
    installed = _installed(own, tmp_path / "fresh")
    told = installed.run("--version").splitlines()
    assert told[1].startswith(f"engine {ABI}, {tmp_path}")
    for name in ("ParamModel.xml", "ArrayOfReponseV2Model.xml"):
        made = installed.run("convert", SAMPLES / "valid" / name)
        here = [sys.executable, "-m", "convtool", "convert", str(SAMPLES / "valid" / name)]
        off = {**os.environ, "CONVTOOL_ENGINE": "off"}
        assert made.encode() == subprocess.run(here, env=off, capture_output=True, check=True).stdout != b""
    use(installed, tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="an empty PATH hides the compiler elsewhere only")
def test_without_a_compiler_and_ziglang_it_is_for_any_machine(tmp_path: Path) -> None:
    index, nowhere = tmp_path / "index", tmp_path / "nowhere"
    nowhere.mkdir()
    _pip("download", "--dest", index, "hatchling>=1.27")
    options = {
        "PATH": str(nowhere),
        "CC": "",
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(index),
        "PIP_EXTRA_INDEX_URL": "",
    }
    wheel, said = built(tmp_path / "wheel", **options)
    assert said.count("convtool is installed without its native engine, and is slow: no C compiler could be had.") == 1
    names, tags, pure = _metadata(wheel)
    assert not [name for name in names if name.startswith("convtool/engine/engine.")]
    assert (tags, pure) == (["py3-none-any"], "true")
    installed = _installed(wheel, tmp_path / "fresh")
    assert installed.run("--version").splitlines()[1] == "no engine: it has not been built"
    assert installed.run("convert", SAMPLES / "valid" / "ParamModel.xml").startswith("{")


# --- every platform -------------------------------------------------------------------------------------------------

WHEELS = sorted(Path(ROOT, os.environ.get("CONVTOOL_WHEELS", "-")).glob("convtool_datacontract-*.whl"))
API = set(re.findall(r"^API .*?\b(convtool_\w+)\(", (ROOT / "convtool/engine/engine.c").read_text(), re.MULTILINE))
KINDS = {"manylinux": "ELF", "musllinux": "ELF", "macosx": "MACHO", "win": "PE"}
MACHINES = {"x86_64": "X86_64", "amd64": "X86_64", "aarch64": "ARM64", "arm64": "ARM64"}
# What a library may ask of the system: these functions, by whatever other names compilers have for them. Windows' C
# runtime and kernel (of Windows 10, which has that runtime) are asked for more, by what begins and ends a library.
ASKED = {
    "bcmp",
    "bzero",
    "calloc",
    "free",
    "malloc",
    "memchr",
    "memcmp",
    "memcpy",
    "memmove",
    "memset",
    "realloc",
    "strchr",
    "strlen",
}
LIBRARIES = re.compile(
    r"libc\.so(\.6)?|/usr/lib/libSystem\.B\.dylib|KERNEL32\.dll|api-ms-win-crt-[\w-]+\.dll", re.IGNORECASE
)
ADDED = {
    "_ITM_deregisterTMCloneTable",
    "_ITM_registerTMCloneTable",
    "__cxa_finalize",
    "__gmon_start__",
    "dyld_stub_binder",
}


def _asked(binary: Any, kind: str) -> set[str]:
    """Give the functions that a library wants of the system, under their plain names."""
    names = {one.name for one in binary.imported_functions} - ADDED
    plain = {re.sub(r"^_*(\w+?)(_chk)?$", r"\1", name) for name in names}
    if kind == "PE":  # of the runtime: only the rooms for memory and strings, beside its own beginning and end
        rooms = re.compile(r"api-ms-win-crt-(heap|private|string)-", re.IGNORECASE)
        plain = {entry.name for one in binary.imports if rooms.match(one.name) for entry in one.entries}
    return plain


@pytest.mark.skipif(not WHEELS, reason="sh .ci/wheels makes wheels for every platform, and calls this")
@pytest.mark.parametrize("wheel", WHEELS, ids=lambda path: path.stem.partition("py3-none-")[2])
def test_wheels_of_every_platform(wheel: Path, tmp_path: Path) -> None:
    import lief

    names, tags, pure = _metadata(wheel)
    platform = wheel.stem.rpartition("-")[2]
    system, machine = re.fullmatch(r"([a-z]+)(?:_\d+)*_(\w+)", platform).groups()  # type: ignore[union-attr]
    assert (tags, pure) == ([f"py3-none-{platform}"], "false")
    [name] = [name for name in names if re.match(r"convtool/engine/engine\.", name)]
    with zipfile.ZipFile(wheel) as file:
        binary: Any = lief.parse(file.extract(name, tmp_path))
    kind = binary.format.name
    assert (kind, binary.abstract.header.architecture.name) == (KINDS[system], MACHINES[machine])
    assert name.rpartition(".")[2] == {"ELF": "so", "MACHO": "dylib", "PE": "dll"}[kind]
    exported = {one.name.removeprefix("_" if kind == "MACHO" else "") for one in binary.exported_functions}
    assert exported - {"_mh_dylib_header", "__dso_handle", "convtool_source"} == API
    assert _asked(binary, kind) <= ASKED
    needed = [one if isinstance(one, str) else one.name for one in binary.libraries]
    assert [one for one in needed if not LIBRARIES.fullmatch(one)] == (
        ["@rpath/engine.dylib"] if kind == "MACHO" else []
    )
    _old_enough(binary, kind, platform)


def _old_enough(binary: Any, kind: str, platform: str) -> None:
    """Assert that a library asks for no later system than its wheel's tag says."""
    allowed = tuple(int(number) for number in re.findall(r"_(\d+)(?=_)", platform)[:2])
    if kind == "ELF" and platform.startswith("manylinux"):
        versions = [re.findall(r"GLIBC_(\d+)\.(\d+)", str(one.symbol_version)) for one in binary.imported_symbols]
        asked = [tuple(map(int, pair)) for pairs in versions for pair in pairs]
        assert asked
        assert max(asked) <= allowed
    if kind == "MACHO":
        told = binary.build_version.minos if binary.has_build_version else binary.version_min.version
        assert tuple(told[:2]) == allowed
