"""Ctrl-C at moments of commands over large things: how long until it is heard, and until all has ended.

    python -m tests.security.interrupts

Exit code 1 where it was heard later than after two seconds, or where one ended otherwise than it should. The suite does
not run it, since it measures time.
"""

from __future__ import annotations

import gzip
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import convtool
from tests.batch.tree import GOOD_XML
from tests.captures.support import entry
from tests.places.test_contents import tarred
from tests.support import LIST, PARAM, SAMPLES

_HEARD = 2.0  # seconds
_MOMENTS = (0.4, 1.2, 3.0)
_COMMANDS = {
    "large files, two jobs": ["convert", "large", "-o", "out/", "--jobs", "2"],
    "large files, one job": ["validate", "large", "--jobs", "1"],
    "one list": ["convert", "list.json", "-o", "out.xml"],
    "one document": ["validate", "--contract", PARAM, "document.json"],
    "members that there are not": ["validate", "--contract", LIST, "unknown.json"],
    "small files": ["convert", "small", "-o", "out/", "--jobs", "2"],
    "a tar.gz to a folder": ["convert", "all.tar.gz", "-o", "out/", "--jobs", "2"],
    "a tar.gz to a zip": ["convert", "all.tar.gz", "-o", "out.zip", "--jobs", "2"],
    "a tar.gz to lines": ["convert", "all.tar.gz", "-o", "out.ndjson.gz", "--jobs", "2"],
    "a HAR": ["validate", "large.har"],
    "bodies of a HAR": ["extract", "large.har", "-o", "out"],
}


def _written(folder: Path) -> None:
    """Write what the commands read."""
    record = convtool.contract(LIST).to_json(SAMPLES / "valid" / f"{LIST}.json")[1:-1]
    (folder / "large").mkdir()
    (folder / "small").mkdir()
    for number in range(4):
        (folder / "large" / f"{number}.json").write_bytes(
            b"[" + b",".join([record] * ((150 << 20) // len(record))) + b"]"
        )
    for number in range(3000):
        (folder / "small" / f"{number}.xml").write_bytes(GOOD_XML)
    os.link(folder / "large" / "0.json", folder / "list.json")
    (folder / "document.json").write_bytes(b'{"ProduitId":1,"x":"' + b"a" * 90_000_000 + b'"}')
    (folder / "unknown.json").write_bytes(b"[" + b",".join([b'{"x":1}'] * 3_000_000) + b"]")
    (folder / "all.tar.gz").write_bytes(gzip.compress(tarred({f"{n}.xml": GOOD_XML for n in range(60_000)}), 1))
    one = json.dumps(entry(body=b"[" + b",".join([record] * 50) + b"]")).encode()
    (folder / "large.har").write_bytes(b'{"log":{"version":"1.2","entries":[' + b",".join([one] * 2000) + b"]}}")


def main() -> int:
    """Interrupt each command at each moment."""
    latest, bad = 0.0, 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _written(folder)
        for called, words in _COMMANDS.items():
            for moment in _MOMENTS:
                subprocess.run(f"rm -rf {name}/out*", shell=True, check=True)
                going = subprocess.Popen(
                    [sys.executable, "-m", "convtool", *words], cwd=folder, stderr=subprocess.PIPE,
                    stdout=subprocess.DEVNULL, start_new_session=True,
                )  # fmt: skip
                time.sleep(moment)
                if going.poll() is not None:
                    continue
                os.killpg(going.pid, signal.SIGINT)
                began = time.monotonic()
                assert going.stderr is not None
                select.select([going.stderr], [], [], 60)
                heard = time.monotonic() - began
                going.communicate(timeout=300)
                ended = time.monotonic() - began
                wrong = heard > _HEARD or going.returncode != 130
                latest, bad = max(latest, heard), bad + wrong
                print(
                    f"{called}, after {moment} s: heard {heard:.2f}, ended {ended:.2f}, {going.returncode}", flush=True
                )
    print(f"heard after {latest:.2f} s at the latest; {bad} not as they should be")
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main())
