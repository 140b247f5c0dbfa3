"""Builds the native engine into the package: with the system's compiler, else with ziglang from the package index.

Where neither can be had the package is installed without it, and says so: convtool then reads with the careful lane
alone. An editable installation puts the library beside ``engine.c``.
"""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_FOLDER = Path("convtool", "engine")
_NAMES = {"win32": "engine.dll", "darwin": "engine.dylib"}
_FLAGS = ("-std=gnu11", "-O2", "-fvisibility=hidden", "-shared")
_PROBE = "#include <stdlib.h>\n#include <string.h>\nint probe(char *s) { return s ? (int)strlen(s) : abs(-1); }\n"
_ZIG = "ziglang>=0.13"


def run(command: list[str], **more: Any) -> bool:
    """Run a command quietly and tell whether it went well."""
    try:
        return subprocess.run(command, capture_output=True, check=False, **more).returncode == 0  # noqa: S603
    except OSError:
        return False


def build(compiler: list[str], source: Path, target: Path) -> bool:
    """Compile a source file into a library, which is there whole or not at all."""
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".build-") as folder:
        made = Path(folder, target.name)
        pic = [] if sys.platform == "win32" else ["-fPIC"]
        if not run([*compiler, *_FLAGS, *pic, "-o", str(made), str(source)]):
            return False
        made.replace(target)
    return True


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
            if build(command, probe, Path(folder, "probe.out")):
                return tuple(command)
    return ()


def zig() -> list[str]:
    """Give the command of the C compiler that comes with ziglang, where that is installed."""
    command = [sys.executable, "-m", "ziglang"]
    return [*command, "cc"] if run([*command, "version"]) else []


def can_be_had(name: str) -> bool:
    """Tell whether the package index has a package, as far as pip can tell: naming one that it has not would fail."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    pip = [sys.executable, "-m", "pip"]
    return not run([*pip, "--version"], env=clean) or run([*pip, "-q", "index", "versions", name], env=clean)


class EngineHook(BuildHookInterface[Any]):
    """Compiles the engine before a wheel is made."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Name ziglang where nothing else compiles."""
        wanted = self.target_name == "wheel" and not system_compiler()
        return [_ZIG] if wanted and can_be_had("ziglang") else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile, and let the wheel carry the library."""
        del version
        if self.target_name != "wheel":
            return
        folder = Path(self.root) / _FOLDER
        target = folder / _NAMES.get(sys.platform, "engine.so")
        if not any(build(list(one), folder / "engine.c", target) for one in (system_compiler(), zig()) if one):
            self.app.display_warning("convtool is installed without its native engine: no C compiler could be had.")
            return
        build_data["artifacts"].append(str((_FOLDER / target.name).as_posix()))
        build_data["pure_python"] = False
        platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
        build_data["tag"] = f"py3-none-{platform}"
