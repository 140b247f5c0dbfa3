"""Runs the files of a manifest through validate and convert, each in a process of its own that is given little.

``python -m tests.security.confined MANIFEST`` prints a JSON line for each file: verdict, codes, exceptions, seconds,
megabytes, and what was opened. Two seconds and 200 MB over the idle interpreter are all that a file gets; a process
that takes more is killed, and its line says so. The files are tried as bytes, as a path, and as a text where they are
one: the verdict is that of the first two, since to a text a declaration of an encoding means nothing.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

import convtool
from convtool.convert import Codec

MEMORY = 200 << 20
SECONDS = 2
_WATCHED = ("open", "socket.", "subprocess.", "os.system", "os.exec", "os.fork", "os.spawn", "urllib.", "ctypes.dlopen")


def codec(name: str) -> Codec:
    """Give the codec of a contract; of a record within the bundled ones too."""
    if name in convtool.contracts():
        return convtool.contract(name)
    model = convtool.contract("ArrayOfReponseV2Model").model
    key = next(key for key in model.types if key.endswith("}" + name))
    return Codec(msgspec.structs.replace(model, name=name, root=key))


def _try(of: Codec, form: str, path: Path) -> dict[str, Any]:
    data, found = path.read_bytes(), dict[str, Any]()
    payloads: list[Any] = [data, path]
    with suppress(UnicodeDecodeError):
        payloads.append(data.decode())
    verdicts, errors = set(), set()
    for payload in payloads:
        for profile in ("strict", "dotnet"):
            for to in ("xml", "json"):
                try:
                    report = of.validate(payload, profile=profile)
                    json.dumps(report.to_dict()), report.text()
                    if profile == "strict" and not isinstance(payload, str):
                        verdicts.add(bool(report))
                        found["codes"] = sorted({one.code for one in report if one.severity == "error"})
                    of.convert(payload, to, profile=profile)
                except convtool.ConvtoolError as error:
                    str(error)
                except Exception as error:  # whatever it is, it should have been another
                    errors.add(f"{type(error).__name__}: {error}"[:200])
    found["verdict"] = "accept" if verdicts == {True} else "reject" if verdicts == {False} else "both"
    found["errors"] = sorted(errors)
    return found


def _confined(of: Codec, form: str, path: Path, to: int) -> None:
    opened: list[str] = []
    base = Path(convtool.__file__).parents[1], Path(sys.prefix), Path(os.__file__).parent

    def watch(event: str, args: tuple[Any, ...]) -> None:
        if event.startswith(_WATCHED):
            name = str(args[0]) if args else ""
            source = name.endswith((".py", ".pyc", ".so")) and any(Path(name).is_relative_to(one) for one in base)
            if name != str(path) and not source:
                opened.append(f"{event} {name}")

    size = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (size + MEMORY, size + MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS + 1, SECONDS + 1))
    signal.setitimer(signal.ITIMER_REAL, 20 * SECONDS)  # of a machine that has other things to do
    sys.addaudithook(watch)
    began, before = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = _try(of, form, path)
    found["seconds"] = time.process_time() - began
    found["megabytes"] = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    found["opened"] = opened
    os.write(to, json.dumps(found).encode())


def run(of: Codec, form: str, path: Path) -> dict[str, Any]:
    """Try one file in a process of its own, and give what was seen."""
    here, there = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            _confined(of, form, path, there)
        finally:
            os._exit(0)
    os.close(there)
    with os.fdopen(here, "rb") as file:
        said = file.read()
    status = os.waitpid(child, 0)[1]
    return json.loads(said) if said else {"errors": [f"the process ended with status {status}"], "verdict": "none"}


def main() -> None:
    """Run all, and print a line for each."""
    manifest = Path(sys.argv[1])
    rows = [json.loads(line) for line in manifest.read_text(encoding="utf-8").split("\n") if line]
    codecs = {name: codec(name) for name in {row.get("contract", "ParamModel") for row in rows}}
    for row in rows:
        of, path = codecs[row.get("contract", "ParamModel")], manifest.parent / row["file"]
        print(json.dumps({"file": row["file"], **run(of, row["file"].split("/")[0], path)}), flush=True)


if __name__ == "__main__":
    main()
