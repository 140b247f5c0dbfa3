"""Whatever stands between records, however much of it: it is let go of, and told as it is of a document in memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from tests.support import LIST, ROOT, listed

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(
    os.environ.get("CONVTOOL_ENGINE") == "off", reason="it is with the engine and without in any run"
)
XML, JSON = "<ReponseV2Model><ProduitId>1</ProduitId></ReponseV2Model>", '{"ProduitId":1}'
SPACES = (" ", "\n")
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
WORDS = ("x ", '{"a":1}\n', '"a" ', "[", "[x")  # where a list goes on without a comma: it is refused
NOTHING = ","
ELEMENTS = ("<x/>", "<x>a</x>", "<x y='>'/>", "<ReponseV2Model/>")
RECORDS = ("{},", "null,")
SILENT = (*SPACES, *NOTES, TEXTS["section"], TEXTS["reference"], TEXTS["returns"])
# Of each format: a list with @ for what is between its records, and what that may be.
LISTS = {
    "xml": (listed(f"{XML}@{XML}").decode(), (*SPACES, *NOTES, *TEXTS.values(), *ELEMENTS)),
    "xml-last": (listed(f"{XML}{XML}@").decode(), (SPACES[0], NOTES[0], TEXTS["text"])),
    "xml-behind": (listed(f"{XML}{XML}").decode() + "@", NOTES),
    "xml-tag": (listed(f'{XML}<a b="@"/>{XML}').decode(), ("c", ">", "<")),
    "xml-tag-quoted": (listed(f'{XML}<a b=">@"/>{XML}').decode(), ("c",)),
    "xml-tag-name": (listed(f"{XML}<@/>{XML}").decode(), ("a", "<")),
    "xml-tag-end": (listed(f"{XML}</@>{XML}").decode(), ("a",)),
    "json": (f"[{JSON},@{JSON}]", (*SPACES, *RECORDS, WORDS[0], WORDS[3], NOTHING)),
    "json-front": (f"[@{JSON},{JSON}]", (*SPACES, WORDS[1])),
    "json-comma": (f"[{JSON},{JSON}@,{JSON}]", WORDS),
    "json-last": (f"[{JSON},{JSON}@]", WORDS),
}
HEAD = 1 << 19  # bytes of a document that is told the same in memory and in pieces
MUCH = 1 << 24  # bytes of white space; half of it of text, and of others an eighth, of which what is made takes more
ASK = """
import io, json, sys, convtool
from benchmarks.memory import peak
codec = convtool.contract(sys.argv[3])
def told(payload):
    report = codec.validate(payload)
    return [[one.code, one.record, one.location and one.location.offset, one.message] for one in report]
records, most = codec.validate(open(sys.argv[1], "rb")).records, peak()
small = open(sys.argv[2], "rb").read()
print(json.dumps([records, most, told(small), told(io.BytesIO(small))]))
"""


def asked(folder: Path, document: str, between: str, much: int, engine: str) -> Any:
    """Give the records of a large document and the memory they took; what is told of a small one, whole and read."""
    for name, size in (("large", much), ("small", HEAD)):
        times = size // len(between.encode())
        (folder / name).write_bytes(document.replace("@", between * times).encode())
    done = subprocess.run(
        [sys.executable, "-c", ASK, str(folder / "large"), str(folder / "small"), LIST], capture_output=True,
        check=True, cwd=ROOT, env={**os.environ, "CONVTOOL_ENGINE": engine},
    )  # fmt: skip
    return json.loads(done.stdout)


@pytest.mark.parametrize("engine", ["on", "off"])
@pytest.mark.parametrize(
    ("form", "between"),
    [pytest.param(form, one, id=f"{form}-{one[:20]!r}") for form, (_, found) in LISTS.items() for one in found],
)
@pytest.mark.short(1)
def test_it_is_let_go_of(tmp_path: Path, form: str, between: str, engine: str) -> None:
    much = MUCH >> (0 if between in SPACES else 1 if between in TEXTS.values() else 5 if between in RECORDS else 3)
    records, peak, whole, pieces = asked(tmp_path, LISTS[form][0], between, much, engine)
    assert whole == pieces
    assert peak < 60_000_000
    more = much // len(between) if between in (ELEMENTS[-1], *RECORDS) else 0
    if form.startswith("xml-tag") or between in (*WORDS, NOTHING):
        assert records < 2
    else:
        assert records in (2 + more, 1 + more)  # one is bad where text stands before it
    assert bool(whole) == (between not in (*SILENT, "null,"))
