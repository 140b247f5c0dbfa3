"""Three data contracts that .NET exported, declared and wrote: see ``tests/data/contracts/README.md``."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from tests.support import ROOT

DATA = ROOT / "tests" / "data"
CONTRACTS = DATA / "contracts"


@cache
def recorded(name: str) -> list[dict[str, Any]]:
    """Give the recorded pairs of a contract."""
    lines = (CONTRACTS / name / "wire.jsonl").read_text(encoding="utf-8").split("\n")  # splitlines would cut at U+2028
    return [json.loads(line) for line in lines if line]
