"""Compiles the native engine into the package: with the system's compiler, else with ziglang from the package index.

Where neither can be had the package is made without it, as ``py3-none-any``, and says so; convtool then reads with the
careful lane alone. An editable installation puts the library beside ``engine.c``, a wheel takes it from elsewhere and
leaves the checkout as it is. ``CONVTOOL_ENGINE_TARGET`` names a row of TARGETS: the wheel is then that platform's,
compiled by ziglang on any machine, or there is none (``.ci/wheels``). ``HATCH_BUILD_NO_HOOKS=true`` compiles nothing.
"""

from __future__ import annotations

import functools
import os
import platform
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import zlib
from pathlib import Path
from typing import Any, NamedTuple

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_FOLDER = Path("convtool", "engine")
_FLAGS = ("-std=gnu11", "-O2", "-fvisibility=hidden", "-shared")
_PROBE = "#include <stdlib.h>\n#include <string.h>\nint probe(char *s) { return s ? (int)strlen(s) : abs(-1); }\n"
_STAMP = """#if defined(_WIN32)
__declspec(dllexport)
#else
__attribute__((visibility("default")))
#endif
const unsigned convtool_source = %uu;
"""
_INSTALL_NAME = "-Wl,-install_name,@rpath/engine.dylib"  # or a library of macOS keeps the path that it was made at
_ZIG = "ziglang>=0.13"
_NAMES = {"win32": "engine.dll", "darwin": "engine.dylib"}  # as convtool/engine/__init__.py looks for them


class Target(NamedTuple):
    """What a library is for: its file's name, the wheel's platform, and what the compiler is told of it."""

    name: str
    platform: str
    options: tuple[str, ...]


def _zig_target(name: str, tag: str, triple: str) -> Target:
    more = (_INSTALL_NAME,) if name.endswith(".dylib") else ()
    return Target(name, tag, ("-target", triple, "-s", *more))


#: What wheels can be made for on any machine. The versions are the oldest of glibc, musl and macOS that will do.
TARGETS = {
    tag: _zig_target(name, tag, triple)
    for name, tag, triple in (
        ("engine.so", "manylinux_2_17_x86_64", "x86_64-linux-gnu.2.17"),
        ("engine.so", "manylinux_2_17_aarch64", "aarch64-linux-gnu.2.17"),
        ("engine.so", "musllinux_1_1_x86_64", "x86_64-linux-musl"),
        ("engine.so", "musllinux_1_1_aarch64", "aarch64-linux-musl"),
        ("engine.dylib", "macosx_10_13_x86_64", "x86_64-macos.10.13"),
        ("engine.dylib", "macosx_11_0_arm64", "aarch64-macos.11.0"),
        ("engine.dll", "win_amd64", "x86_64-windows-gnu"),
        ("engine.dll", "win_arm64", "aarch64-windows-gnu"),
    )
}


def this_machine() -> Target:
    """Give what this interpreter loads. One built for two kinds of Macs is told apart by the machine."""
    name = _NAMES.get(sys.platform, "engine.so")
    if sys.platform != "darwin":
        return Target(name, sysconfig.get_platform().replace("-", "_").replace(".", "_"), ())
    machine = platform.machine()
    version = "11.0" if machine == "arm64" else "10.13"
    options = ("-arch", machine, f"-mmacosx-version-min={version}", _INSTALL_NAME)
    return Target(name, f"macosx_{version.replace('.', '_')}_{machine}", options)


def run(command: list[str], **more: Any) -> str:
    """Run a command quietly; give nothing if it went well, else what it said."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False, **more)  # noqa: S603
    except OSError as error:
        return str(error)
    return "" if done.returncode == 0 else done.stderr.strip() or f"status {done.returncode}"


def build(compiler: list[str], source: Path, library: Path, options: tuple[str, ...] = ()) -> str:
    """Compile a source file into a library, which is there whole or not at all; give what went wrong, or nothing.

    The library has the source's sum of CRC-32 in it: in a checkout, one of an older engine.c is not used.
    """
    pic = [] if library.suffix == ".dll" else ["-fPIC"]
    with tempfile.TemporaryDirectory(dir=library.parent, prefix=".build-") as folder:
        made, stamp = Path(folder, library.name), Path(folder, "stamp.c")
        stamp.write_text(_STAMP % zlib.crc32(source.read_bytes()), encoding="ascii")
        # Zig would keep what it has compiled in the user's home, which need not be there.
        environment = {"ZIG_GLOBAL_CACHE_DIR": folder, "ZIG_LOCAL_CACHE_DIR": folder, **os.environ}
        parts = ["-o", str(made), str(source), str(stamp)]
        wrong = run([*compiler, *_FLAGS, *pic, *options, *parts], env=environment)
        if not wrong:
            made.replace(library)
    return wrong


@functools.cache
def system_compiler() -> tuple[str, ...]:
    """Give the command of a C compiler that works, headers included; nothing where there is none."""
    named = os.environ.get("CC", "").split()
    for command in ([named] if named else []) + [[name] for name in ("cc", "gcc", "clang")]:
        if shutil.which(command[0]) is None:
            continue
        with tempfile.TemporaryDirectory() as folder:
            probe = Path(folder, "probe.c")
            probe.write_text(_PROBE, encoding="ascii")
            if not build(command, probe, Path(folder, _NAMES.get(sys.platform, "probe.so"))):
                return tuple(command)
    return ()


def zig() -> list[str]:
    """Give the command of the C compiler that comes with ziglang, where that is installed."""
    command = [sys.executable, "-m", "ziglang"]
    return [] if run([*command, "version"]) else [*command, "cc"]


def can_be_had(name: str) -> bool:
    """Tell whether the package index has a package, as far as pip can tell: naming one that it has not would fail."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    pip = [sys.executable, "-m", "pip"]
    wanted = [*pip, "--quiet", "--retries", "2", "--timeout", "15", "index", "versions", name]
    return bool(run([*pip, "--version"], env=clean)) or not run(wanted, env=clean)


class EngineHook(BuildHookInterface[Any]):
    """Compiles the engine before a wheel is made."""

    PLUGIN_NAME = "custom"
    _made = ""  # a folder for a library that goes into a wheel

    def dependencies(self) -> list[str]:
        """Name ziglang where nothing else compiles."""
        if self.target_name != "wheel":
            return []
        if os.environ.get("CONVTOOL_ENGINE_TARGET"):
            return [_ZIG]
        return [_ZIG] if not system_compiler() and can_be_had("ziglang") else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile, and let the wheel carry the library."""
        if self.target_name != "wheel":
            return
        named = os.environ.get("CONVTOOL_ENGINE_TARGET")
        target = TARGETS[named] if named else this_machine()
        folder = Path(self.root) / _FOLDER
        if version == "editable":
            library = folder / target.name
            library.unlink(missing_ok=True)  # one that is left over may be of another engine.c
        else:
            self._made = tempfile.mkdtemp(prefix="convtool-engine-")
            library = Path(self._made, target.name)
        if wrong := self._compile(folder / "engine.c", library, target, named):
            if named:
                raise RuntimeError(f"No engine for {named}: {wrong}")
            self.app.display_warning(f"convtool is installed without its native engine, and is slow: {wrong}")
            return
        if version != "editable":
            build_data["force_include"][str(library)] = (_FOLDER / target.name).as_posix()
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{target.platform}"

    @staticmethod
    def _compile(source: Path, library: Path, target: Target, named: str | None) -> str:
        wrong = "no C compiler could be had."
        if not named and system_compiler():
            wrong = build(list(system_compiler()), source, library, target.options)
        elif compiler := zig():
            # Without a target it would compile for this very processor; wheels are kept and carried.
            options = target.options if named or sys.platform == "darwin" else ("-mcpu=baseline", "-s")
            wrong = build(compiler, source, library, options)
        return wrong

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Drop what is in the wheel now."""
        del version, build_data, artifact_path
        if self._made:
            shutil.rmtree(self._made, ignore_errors=True)
