"""What a value may be where a type leaves the choice: an enumeration's values, a record's derived types, a default."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from convtool.errors import PayloadError
from convtool.findings import Findings
from convtool.formats.enumerations import flags_from_number, json_names
from convtool.formats.leaf import Place
from convtool.model.codings import coding_of
from convtool.model.contract import Record, Scalar
from convtool.model.datatypes import DATATYPES

if TYPE_CHECKING:
    from convtool.convert import Codec
    from convtool.model.contract import Contract, Enumeration, Type

__all__ = ["accepts", "default_value", "flag_values", "spoken_of"]

_BITS = 6  # names that are combined: 64 sets of them are enough to choose from


def flag_values(kind: Enumeration) -> list[str]:
    """Give values of an enumeration, the ones of a single name first."""
    if not kind.flags:
        return [name for name, _ in kind.values]
    numbers = sorted({number for _, number in kind.values if number})[:_BITS]
    sums = {0}
    for number in numbers:
        sums |= {total | number for total in sums}
    ordered = [*numbers, *sorted(sums - set(numbers))]
    texts = [flags_from_number(kind, total, Place((0, 0), "", ""), Findings()) for total in ordered]
    # Where JSON has names, no flag at all would need one: an empty text is null to Json.NET.
    found = [text for text in dict.fromkeys(texts) if isinstance(text, str)]
    return [text for text in found if coding_of(kind).spell is None or json_names(kind, text)]


def spoken_of(contract: Contract, key: str) -> list[Record]:
    """Give a record and the types derived from it that both formats can name (JSON has no $type where that is off)."""
    found = [contract.types[one] for one in (key, *contract.derived.get(key, ()))]
    return [one for one in found if isinstance(one, Record) and (one.key == key or one.type_name)]


def accepts(of: Codec, value: Any) -> bool:
    """Tell whether a value is one to the schema files too, where they say more than the model (a pattern, for one)."""
    try:
        of.write_xml(value)
    except PayloadError:
        return False
    return True


def default_value(kind: Type) -> Any:
    """Give the value for which .NET leaves out a member that is not written at its default; None where that is null."""
    return DATATYPES[kind.datatype].default if isinstance(kind, Scalar) else None
