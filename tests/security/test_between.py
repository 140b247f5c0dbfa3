"""Whatever stands between records, however much of it: it is let go of, and told as it is of a document in memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.support import LIST, ROOT, listed

if TYPE_CHECKING:
    from pathlib import Path

GOOD = "<ReponseV2Model><ProduitId>1</ProduitId></ReponseV2Model>"
NOTES = ("<!--y-->", "<?a?>", "<!---->\n", "<!--a--><?b?>\n")
TEXTS = {
    "text": "abcdefgh",
    "lines": "ab\ncd\n",
    "not-ascii": "é\u20ac\U0001f600",
    "brackets": "]",
    "returns": "\r",
    "section": "<![CDATA[]]>",
    "text-section": "<![CDATA[x]]>",
    "reference": "&#32;",
    "text-reference": "&#120;",
    "entity": "&amp;",
    "control": "&#x1;",
    "noted": "a<!--b-->",
    "far": "a" + " " * 4095,
}
SILENT = (TEXTS["section"], TEXTS["reference"], TEXTS["returns"])
ELEMENTS = ("<x/>", "<x>a</x>", "<x y='>'/>", "<ReponseV2Model/>")
HEAD = 1 << 19  # bytes of a document that is told the same in memory and in pieces
MUCH = 1 << 23  # bytes of text; of others a quarter, of which what is made takes much more

_ASK = f"""
import io, json, sys, convtool
from benchmarks.memory import peak
codec = convtool.contract({LIST!r})
def told(payload):
    report = codec.validate(payload)
    return [[one.code, one.record, one.location and one.location.offset, one.message] for one in report]
records, most = codec.validate(open(sys.argv[1], "rb")).records, peak()
small = open(sys.argv[2], "rb").read()
print(json.dumps([records, most, told(small), told(io.BytesIO(small))]))
"""


@pytest.mark.parametrize("engine", ["on", "off"])
@pytest.mark.parametrize("between", [*NOTES, *TEXTS.values(), *ELEMENTS], ids=lambda text: repr(text[:20]))
def test_it_is_let_go_of(tmp_path: Path, between: str, engine: str) -> None:
    tail = between if between in NOTES else ""
    much = MUCH if between in TEXTS.values() else MUCH // 4
    for name, size in (("small", HEAD), ("large", much)):
        times = size // len(between.encode())
        (tmp_path / name).write_bytes(listed(GOOD + between * times + GOOD) + tail.encode() * times)
    done = subprocess.run(
        [sys.executable, "-c", _ASK, str(tmp_path / "large"), str(tmp_path / "small")], capture_output=True, check=True,
        cwd=ROOT, env={**os.environ, "CONVTOOL_ENGINE": engine},
    )  # fmt: skip
    records, peak, whole, pieces = json.loads(done.stdout)
    assert whole == pieces
    assert peak < 60_000_000
    wanted = 2 + (much // len(between) if between == ELEMENTS[-1] else 0)
    assert records in (wanted, wanted - 1)  # one is bad where text stands before it
    assert bool(whole) == (between in (*TEXTS.values(), *ELEMENTS) and between not in SILENT)
