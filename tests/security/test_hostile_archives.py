"""The hostile archives of ``hostile/``, each against its row in ``archives.jsonl``, each in a process of its own.

``accept``: every member is read. ``reject``: at least one is refused or broken, with a reason.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

HOSTILE = Path(__file__).parent / "hostile"
ROWS = [json.loads(line) for line in (HOSTILE / "archives.jsonl").read_text().splitlines()]
READ = """
import json, resource, sys
sys.path[:] = json.loads(sys.argv[2])
from convtool.places import LIMITS, listing, open_found
from convtool.errors import SourceError
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
told = {}
for found in listing(sys.argv[1], "", LIMITS):
    reason = found.reason
    if not reason:
        try:
            with open_found(found, LIMITS) as stream:
                while stream.read(1 << 16):
                    pass
        except SourceError as error:
            reason = str(error)
    told[found.name] = reason
print(json.dumps([told, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024]))
"""


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["file"])
@pytest.mark.short(11)
def test_a_hostile_archive(row: dict[str, Any]) -> None:
    command = [sys.executable, "-I", "-c", READ, str(HOSTILE / row["file"]), json.dumps(sys.path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True)
    told, megabytes = json.loads(done.stdout)
    assert any(told.values()) == (row["expect"] == "reject")
    assert megabytes < row["max_mb"]


def test_every_file_has_a_row() -> None:
    files = {f"{path.parent.name}/{path.name}" for path in HOSTILE.glob("*/*") if path.parent.name in ("tar", "zip")}
    assert files == {row["file"] for row in ROWS}
