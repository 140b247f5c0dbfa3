"""White space in a row is bounded where it would be held in memory, and is let go of between a list's records."""

from __future__ import annotations

import io
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

import convtool
from convtool.formats.filler import blank
from convtool.limits import LIMITS
from tests.support import LIST, PARAM, ROOT, listed, param

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SPACE = b" " * (LIMITS.space + 1)
RECORD = "<ReponseV2Model>%s<ProduitId>%s</ProduitId></ReponseV2Model>"
GOOD = RECORD % ("", "1")
# Documents with @ for white space, and whether it is held.
DOCUMENTS = {
    "json": (PARAM, b'{@"ProduitId":1}', True),
    "json-behind": (PARAM, b"{}@", True),
    "json-before": (LIST, b"@[{}]", True),
    "json-record": (LIST, b'[{},{@"ProduitId":1}]', True),
    "json-left": (LIST, b'[{"x":1,@"y":1},{}]', True),
    "json-text": (LIST, b'[{"NomProduit":"@"}]', True),
    "json-between": (LIST, b"[{},@{}]", False),
    "xml": (PARAM, param("@<ProduitId>1</ProduitId>"), True),
    "xml-value": (PARAM, param("<ProduitId>@1</ProduitId>"), True),
    "xml-record": (LIST, listed(GOOD + RECORD % ("@", "2") + GOOD), True),
    "xml-between": (LIST, listed(GOOD + "@" + GOOD), False),
    "utf-16": (PARAM, "\ufeff{@}".encode("utf-16-le"), True),
}


def roads(codec: convtool.Codec, data: bytes) -> dict[str, Callable[[], Any]]:
    """Give every way of a payload through the library."""
    return {
        "validate": lambda: codec.validate(data),
        "validate a file": lambda: codec.validate(io.BytesIO(data)),
        "read": lambda: codec.read(data),
        "iter_read": lambda: list(codec.iter_read(io.BytesIO(data))),
        "convert": lambda: codec.to_xml(data),
        "convert a file": lambda: codec.convert_stream(io.BytesIO(data), io.BytesIO(), to="json"),
    }


@pytest.mark.parametrize("name", DOCUMENTS)
@pytest.mark.short(6)
def test_every_road_has_the_same_bound(name: str) -> None:
    contract, document, held = DOCUMENTS[name]
    space = SPACE.decode().encode("utf-16-le") if name == "utf-16" else SPACE
    at = document.index(b"@")
    data = document.replace(b"@\0" if name == "utf-16" else b"@", space)
    codec = convtool.contract(contract)
    for road, go in roads(codec, data).items():
        try:
            report = go()
        except convtool.PayloadError as error:
            report = error.report
        said = report.diagnostics if isinstance(report, convtool.Report) else ()
        found = [(one.code, one.location and one.location.offset) for one in said if one.severity == "error"]
        assert ("limit.space", at) in found if held else not found, road


@pytest.mark.parametrize("size", [LIMITS.space - 1, LIMITS.space, LIMITS.space + 1])
def test_the_bound_is_met_where_it_is_said(size: int) -> None:
    data = b"{" + b"\n" * size + b"}"
    assert bool(convtool.contract(PARAM).validate(data)) is (size <= LIMITS.space)


@pytest.mark.parametrize("before", [0, 1, 7, 1 << 10, LIMITS.space // 2, LIMITS.space // 2 + 1, LIMITS.space])
@pytest.mark.parametrize("more", [0, 1])
def test_a_row_is_found_wherever_it_begins(before: int, more: int) -> None:
    data = b"x" * before + b"\t" * (LIMITS.space + more) + b"x"
    assert blank(data) == (before if more else -1)
    assert blank(data.decode()) == (before if more else -1)


def test_a_stream_holds_no_more_than_the_bound_and_a_half(tmp_path: Path) -> None:
    path = tmp_path / "payload.json"
    with path.open("wb") as file:
        file.write(b"{")
        for _ in range(12):
            file.write(SPACE)
        file.write(b"}")
    ask = f"import io, sys, convtool\nfrom benchmarks.memory import peak\nof = convtool.contract({PARAM!r})\n"
    ask += "of.validate(io.BytesIO(b'{}'))\nbefore = peak()\n"
    ask += "of.validate(open(sys.argv[1], 'rb'))\nprint(peak() - before)"
    done = subprocess.run([sys.executable, "-c", ask, str(path)], capture_output=True, check=True, cwd=ROOT)
    assert int(done.stdout) < 8 * LIMITS.space
