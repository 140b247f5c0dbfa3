"""Holds convtool against .NET on contracts that it draws: ``python -m tests.conformance.dotnet [SEED …]``.

Draws C# contracts, compiles them, lets .NET's exporter and serializers record them, derives their schemas and compares
every pair. Needs mono (``mcs`` and ``mono``) with System.Runtime.Serialization and Newtonsoft.Json 6.0.8, which on
Debian are the packages mono-mcs, libmono-system-runtime-serialization4.0-cil and libnewtonsoft-json5.0-cil; without
them it says so, and that is all. Exit status 1 where anything differs.

``--replay`` first holds the recorder itself against the recordings under ``tests/data/contracts``, which it must write
again to the byte. ``--keep DIR`` keeps the recordings of contracts that differ.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from convtool.errors import ConvtoolError
from tests.conformance.dotnet.draw import source
from tests.conformance.test_contracts import RANDOM, catalog, differing, rows

HERE = Path(__file__).parent
REFERENCES = ("System.Runtime.Serialization", "System.Xml")
JSON_NET = "usr/lib/mono/gac/Newtonsoft.Json/*/Newtonsoft.Json.dll"
FRENCH_TIME = {**os.environ, "TZ": "Europe/Paris"}  # the recordings' zone: local dates have its offsets
ROOTS = """
public static class Roots {
  public static System.Type[] Types =
    System.Array.FindAll(typeof(Roots).Assembly.GetTypes(), type => type.Name.StartsWith("R3x"));
}
"""


def compiled(target: Path, file: Path, *options: str) -> Path:
    """Compile a C# file; the compiler's words are the error."""
    references = [f"-r:{name}" for name in REFERENCES]
    command = ["mcs", "-nologo", "-nowarn:108,649,169", *references, *options, f"-out:{target}", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{file} does not compile:\n{done.stdout}{done.stderr}")
    return target


def library(file: Path) -> Path:
    """Compile contracts."""
    return compiled(file.with_suffix(".dll"), file, "-target:library")


def recorder(folder: Path) -> Path | None:
    """Compile the recorder, or tell what is missing."""
    json_net = next(Path("/").glob(JSON_NET), None)
    if json_net is None or not shutil.which("mcs") or not shutil.which("mono"):
        print("skipped: mono with Newtonsoft.Json is not installed here")
        return None
    return compiled(folder / "Recorder.exe", HERE / "Recorder.cs", f"-r:{json_net}")


def replay(program: Path, folder: Path) -> int:
    """Hold the recorder against the recordings of random contracts; give its exit status."""
    contracts = folder / "Replay.cs"
    contracts.write_text((RANDOM / "Random.cs").read_text("utf-8") + ROOTS, "utf-8")
    command = ["mono", str(program), "replay", str(library(contracts)), str(RANDOM)]
    return subprocess.run(command, env=FRENCH_TIME, check=False).returncode


def held(program: Path, folder: Path, seed: str, args: argparse.Namespace) -> int:
    """Draw, record and compare the contracts of a seed; give how many differ."""
    contracts, output = folder / f"{seed}.cs", folder / f"recorded-{seed}"
    contracts.write_text(source(seed, args.contracts), "utf-8")
    command = ["mono", str(program), "record", str(library(contracts)), str(output), "1", str(args.values)]
    subprocess.run(command, env=FRENCH_TIME, check=True)
    wrong = 0
    names = sorted((path.parent.name for path in output.glob("*/wire.jsonl")), key=lambda name: (len(name), name))
    for name in names:
        found = _differing(output / name, contracts)
        for row, (wanted, got) in list(found.items())[:2]:
            at = next((i for i, pair in enumerate(zip(wanted, got, strict=False)) if len({*pair}) > 1), 0)
            start = max(0, at - 120)
            print(f"{row}\n  wanted {wanted[start : at + 120]!a}\n  got    {got[start : at + 120]!a}")
        if found and args.keep:
            shutil.copytree(output / name, args.keep / name, dirs_exist_ok=True)
            number = int(name.rpartition("x")[2])
            (args.keep / name / f"{name}.cs").write_text(source(seed, 0, number), "utf-8")
        wrong += bool(found)
    print(f"seed {seed}: {len(names) - wrong} of {len(names)} contracts as .NET writes them")
    return wrong


def _differing(recorded: Path, contracts: Path) -> dict[str, tuple[str, str]]:
    name = recorded.name
    with tempfile.TemporaryDirectory() as schemas:
        try:
            codec = catalog(recorded / "xsd", [name], contracts, Path(schemas)).contract(name)
        except (ConvtoolError, AssertionError) as error:
            return {f"{name} derived": ("a contract", str(error))}
        return differing(codec, [row for row in rows(recorded / "wire.jsonl") if row["json"] is not None])


def main() -> int:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(prog="python -m tests.conformance.dotnet", description=__doc__.splitlines()[0])
    parser.add_argument("seeds", nargs="*", default=["a"], help="letters and digits; each gives other contracts")
    parser.add_argument("--contracts", type=int, default=60, help="how many of each seed (default: 60)")
    parser.add_argument("--values", type=int, default=4, help="how many values of each contract (default: 4)")
    parser.add_argument("--keep", type=Path, help="a folder that takes the recordings of contracts that differ")
    parser.add_argument("--replay", action="store_true", help="hold the recorder against the recordings first")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        program = recorder(Path(folder))
        if program is None:
            return 0
        if args.replay and replay(program, Path(folder)):
            return 1
        return int(sum(held(program, Path(folder), seed, args) for seed in args.seeds) > 0)


if __name__ == "__main__":
    sys.exit(main())
