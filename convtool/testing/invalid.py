"""Payloads that break exactly one rule: a dull valid payload, and one break that a table names by its code.

``breaks_xml`` and ``breaks_json`` hold the tables; a break of a document's tree says at which spots it can be made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from hypothesis import reject
from hypothesis import strategies as st

from convtool.errors import UsageError
from convtool.testing import breaks_json, breaks_xml
from convtool.testing.breaks import BYTES, Bytes

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import DrawFn, SearchStrategy

    from convtool.convert import Codec, Format
    from convtool.model.contract import Contract
    from convtool.testing.breaks import Break, Document

__all__ = ["Invalid", "broken"]

_READ: dict[str, Callable[[Contract, bytes], Document[Any]]] = {"xml": breaks_xml.read, "json": breaks_json.read}
_TABLES: dict[str, tuple[Break[Any], ...]] = {"xml": breaks_xml.BREAKS, "json": breaks_json.BREAKS}


class Invalid(NamedTuple):
    """A payload and the code of the rule that it breaks."""

    payload: bytes
    code: str


def broken(
    of: Codec, format: Format, whole: SearchStrategy[Any], codes: frozenset[str] | None
) -> SearchStrategy[Invalid]:
    """Give the strategy; ``whole`` gives values in which everything is there. UsageError: a code cannot be broken."""
    if format not in _TABLES:
        raise UsageError(f"there is no format {format!r}", hint="there are: xml, json")
    known = {*(one.code for one in _TABLES[format]), *(one.code for one in BYTES[format])}
    unknown = sorted((codes or frozenset()) - known)
    if unknown:
        raise UsageError(
            f"{format.upper()} cannot be made to break {', '.join(unknown)}; there are: {', '.join(sorted(known))}"
        )
    return _broken(of, format, whole, codes)


@st.composite
def _broken(
    draw: DrawFn, of: Codec, format: Format, whole: SearchStrategy[Any], codes: frozenset[str] | None
) -> Invalid:
    table: list[Break[Any] | Bytes] = [*_TABLES[format], *BYTES[format]]
    table = [one for one in table if codes is None or one.code in codes]
    first = draw(st.integers(0, len(table) - 1))
    data = of.formats[format].write(draw(whole))
    document = _READ[format](of.model, data)
    # The contract may have no spot for the break that was drawn: then the next one in the table that has is made.
    for one in (*table[first:], *table[:first]):
        if isinstance(one, Bytes):
            return Invalid(one.make(draw, data), one.code)
        spots = [spot for spot in document.spots if one.fits(spot)]
        if spots:
            one.make(draw, draw(st.sampled_from(spots)))
            return Invalid(document.text(), one.code)
    return reject()
