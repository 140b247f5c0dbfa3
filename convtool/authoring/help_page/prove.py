"""What was made from help pages, held against the pages' own samples: they are valid, and say the same in both formats.

The samples are what the server wrote of one value; where the contract that was made does not read them so, the page
says more than convtool has understood of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from convtool.catalog import Catalog
from convtool.codes import Severity
from convtool.errors import ConvtoolError, PayloadError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from convtool.convert import Codec

__all__ = ["prove"]

_OTHER = {"json": "xml", "xml": "json"}


def prove(folder: Path, samples: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Give the lines that say where a folder's contracts disagree with their samples, by format; none where they agree.

    Each sample is validated by the strict profile and converted; where a contract has both, they are one value. Dates
    count by their instant, URIs as .NET writes them.
    """
    catalog = Catalog(folder)
    found = []
    for name, texts in samples.items():
        try:
            found += [f"{name}: {line}" for line in _lines(catalog.contract(name), texts)]
        except ConvtoolError as error:
            found.append(f"{name}: {error}")
    return found


def _lines(codec: Codec, samples: Mapping[str, str]) -> Iterator[str]:
    refused = False
    for form, text in samples.items():
        try:
            codec.convert(text.encode(), "xml" if _OTHER[form] == "xml" else "json")
        except PayloadError as error:
            refused = True
            yield from (
                f"the {form.upper()} sample: {one.message} [{one.code}]"
                for one in error.report
                if one.severity == Severity.ERROR
            )
    if len(samples) == len(_OTHER) and not refused:
        # Of members that one format alone has, the other sample says nothing.
        shared = codec.to_json(samples["xml"].encode(), profile="dotnet")
        sides = (codec.to_xml(json, profile="dotnet") for json in (shared, samples["json"].encode()))
        for one in codec.compare(*sides, dates="instant"):
            path = one.path or "the whole"
            yield f"the samples differ at {path} for this contract: {one.left} in XML, {one.right} in JSON"
