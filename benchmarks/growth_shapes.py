"""How time grows with the payload, on shapes that are the worst there are: ``python -m benchmarks.growth_shapes``.

Each shape is read at four sizes, each twice the one before. What counts is the growth of CPU time per doubling, from
the smallest size to the largest, the best of three runs each. 2.0 is proportional, 4.0 quadratic; above 2.5 something
costs more than its share, and the exit code is 1.
"""

from __future__ import annotations

import argparse
import io
import sys
import time
from typing import TYPE_CHECKING

import convtool

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["SHAPES", "growth", "main"]

MOST = 2.5
PARAM, LIST = "ParamModel", "ArrayOfReponseV2Model"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
DECLARED = f'xmlns:i="{XSI}" xmlns="http://schemas.datacontract.org/2004/07/Facturation.Api.Models"'
ITEM = "ReponseV2Model"
WIRE = (
    f'<{ITEM}><ConsommationsDetails i:nil="true" /><ConsommationsSomme i:nil="true" /><Identifiant>é</Identifiant>'
    f"<NomProduit>x</NomProduit><ProduitId>1</ProduitId></{ITEM}>"
)
OTHER = WIRE.replace("<ProduitId>1<", "<ProduitId> 1<")
JSON = '{"ProduitId":1,"NomProduit":"x","Identifiant":"é","ConsommationsSomme":null,"ConsommationsDetails":null}'
JSON_OTHER = JSON.replace('"x"', '"\\u0078"')


def param(inner: str) -> str:
    """Give a small document around a text."""
    return f"<{PARAM} {DECLARED}>{inner}</{PARAM}>"


def records(inner: str) -> str:
    """Give a list around its records."""
    return f"<{LIST} {DECLARED}>{inner}</{LIST}>"


def _wide(attribute: str, count: int) -> str:
    return param(f"<a {' '.join(attribute.format(i) for i in range(count))}/>")


# By name: the contract, the number of pieces at the smallest size, and what makes a payload of so many pieces.
SHAPES: dict[str, tuple[str, int, Callable[[int], str]]] = {
    "xml: nested to the limit, again and again": (PARAM, 250, lambda n: param(("<a>" * 60 + "</a>" * 60) * n)),
    "xml: attributes of one element": (PARAM, 60_000, lambda n: _wide('a{}=""', n)),
    "xml: namespaces of one element": (PARAM, 60_000, lambda n: _wide('xmlns:a{}="u"', n)),
    "xml: a long namespace, many elements": (
        PARAM,
        15_000,
        lambda n: f'<{PARAM} xmlns="{"u" * n}">' + "<a/>" * n + f"</{PARAM}>",
    ),
    "xml: a namespace declared by each element": (PARAM, 8_000, lambda n: param('<a xmlns:z="urn:z"/>' * n)),
    "xml: a text of references": (PARAM, 60_000, lambda n: param(f"<ProduitId>{'&amp;&#x1;' * n}</ProduitId>")),
    "xml: a number of many digits": (PARAM, 6_000_000, lambda n: param(f"<ProduitId>{'9' * n}</ProduitId>")),
    "xml: a long CDATA section": (
        PARAM,
        2_000_000,
        lambda n: param(f"<ProduitId><![CDATA[{'<>&x' * n}]]></ProduitId>"),
    ),
    "xml: many CDATA sections": (PARAM, 30_000, lambda n: param(f"<ProduitId>{'<![CDATA[x]]>' * n}</ProduitId>")),
    "xml: comments everywhere": (LIST, 1_500, lambda n: records(("<!-- c -->" + WIRE + "<!-- c -->") * n)),
    "xml: unknown members on one line": (PARAM, 12_000, lambda n: param("<Autre>1</Autre>" * n)),
    "xml: one member again and again": (PARAM, 12_000, lambda n: param("<ProduitId>1</ProduitId>" * n)),
    "xml: white space": (PARAM, 4_000_000, lambda n: param(" \n" * n)),
    "xml: white space between records": (LIST, 300, lambda n: records((WIRE + " " * 4_000) * n)),
    "xml: every other record not in wire form": (LIST, 1_000, lambda n: records((WIRE + OTHER) * n)),
    "xml: no record in wire form": (LIST, 1_500, lambda n: records(OTHER * n)),
    "xml: one record of many items": (
        LIST,
        300,
        lambda n: records(f"<{ITEM}><ConsommationsSomme>{'<CompteurModel/>' * 20 * n}"),
    ),
    "json: nested to the limit, again and again": (
        LIST,
        200,
        lambda n: "[" + ",".join(["[" * 60 + "]" * 60] * n) + "]",
    ),
    "json: unknown members on one line": (PARAM, 8_000, lambda n: "{" + ",".join(f'"m{i}":1' for i in range(n)) + "}"),
    "json: one member again and again": (PARAM, 8_000, lambda n: "{" + ",".join(['"ProduitId":1'] * n) + "}"),
    "json: a string of escapes": (PARAM, 60_000, lambda n: '{"ProduitId":"' + "\\u00e9\\n" * n + '"}'),
    "json: a string of surrogate pairs": (PARAM, 40_000, lambda n: '{"ProduitId":"' + "\\ud83d\\ude00" * n + '"}'),
    "json: a string that does not end": (LIST, 200_000, lambda n: '[{"NomProduit":"' + '\\"' * n),
    "json: a number of many digits": (PARAM, 8_000_000, lambda n: f'{{"ProduitId":{"9" * n}}}'),
    "json: comments everywhere": (LIST, 1_500, lambda n: "[" + ",".join(["/* c */" + JSON + "/* c */"] * n) + "]"),
    "json: white space": (LIST, 4_000_000, lambda n: "[" + " \n" * n + "]"),
    "json: every other record not in wire form": (LIST, 1_000, lambda n: "[" + ",".join([JSON, JSON_OTHER] * n) + "]"),
    "json: no record in wire form": (LIST, 1_500, lambda n: "[" + ",".join([JSON_OTHER] * n) + "]"),
    "json: brackets that never close": (LIST, 200_000, lambda n: "[" + "{" * n),
    "ndjson: every other line not in wire form": (LIST, 1_000, lambda n: f"{JSON}\n{JSON_OTHER}\n" * n),
    "ndjson: one long line": (LIST, 2_000_000, lambda n: '{"NomProduit":"' + "x" * 4 * n + '"'),
}


def _seconds(of: convtool.Codec, name: str, data: bytes, streamed: bool) -> float:
    payload = io.BytesIO(data) if streamed else data
    form = "ndjson" if name.startswith("ndjson") else name[: name.index(":")]
    began = time.process_time()
    if form == "ndjson":
        of.convert_stream(io.BytesIO(data), io.BytesIO(), "ndjson", format=form, on_error="skip")
    else:
        of.validate(payload, format=form).text()  # type: ignore[arg-type]
    return time.process_time() - began


def growth(name: str, *, streamed: bool, scale: float = 1.0, doublings: int = 3, runs: int = 3) -> list[float]:
    """Give the best seconds of a shape at each size."""
    contract, pieces, make = SHAPES[name]
    of = convtool.contract(contract)
    sizes = [max(1, int(pieces * scale * 2**step)) for step in range(doublings + 1)]
    return [min(_seconds(of, name, data, streamed) for _ in range(runs)) for data in (make(n).encode() for n in sizes)]


def main() -> int:
    """Measure all, print a line for each, and give the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth_shapes", description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="of the smallest size")
    parser.add_argument("--only", default="", help="shapes whose names have this text")
    options = parser.parse_args()
    bad = 0
    for name in SHAPES:
        for streamed in (False, True):
            if options.only not in name or (streamed is False and name.startswith("ndjson")):
                continue
            times = growth(name, streamed=streamed, scale=options.scale)
            ratio = (times[-1] / times[0]) ** (1 / (len(times) - 1))
            bad += ratio > MOST
            shown = "  ".join(f"{1000 * one:8.1f}" for one in times)
            where = "streamed" if streamed else "in memory"
            print(f"{ratio:5.2f} {'!' if ratio > MOST else ' '} {shown} ms  {name} ({where})", flush=True)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
