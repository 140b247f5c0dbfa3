"""Enumerations: names in XML; numbers in JSON, or names where the contract says so. A value is its name, or names.

Flags are a set: in XML the names in a list (``Lire Ecrire``), in JSON the sum of the numbers, or the names with commas.
Their numbers are bits, so a negative one has all the upper ones. Where names share bits, each of .NET's writers chooses
in its own way: DataContractSerializer as names are declared (EnumDataContract.WriteEnumValue), ``Enum.ToString``, which
Json.NET calls, the largest first (Enum.InternalFlagsFormat); both take a single name where one has the whole number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from convtool._lazy import pattern
from convtool.formats.leaf import BAD, Place, shown
from convtool.model.codings import coding_of
from convtool.model.lenient.dates import SPACES, WHITE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from convtool.findings import Findings
    from convtool.model.contract import Enumeration

__all__ = [
    "enumeration_number", "flags_from_names", "flags_from_number", "json_names", "key_from_text", "key_names",
    "name_from_number", "name_from_text", "names_from_json", "number", "sum_of",
]  # fmt: skip

_NUMBER = pattern(r"-?[0-9]{1,20}")
_UNSIGNED = 2**64 - 1


def _refuse(kind: Enumeration, seen: str, place: Place, findings: Findings, *, numbers: bool = False) -> Any:
    known = ", ".join(f"{value} ({name})" if numbers else name for name, value in kind.values)
    findings.add("value.enumeration", f"{seen} is none of {known}.", place.span, place.path)
    return BAD


def names_from_json(kind: Enumeration, text: str) -> list[str]:
    """Give the names in a text of JSON, each as the enumeration has it, or as it stands where it has none.

    Newtonsoft's EnumUtils.ParseEnum: commas are between names, white space around them does not count, and a name that
    is none may be one in other letters: ``neuf`` is Neuf.
    """
    coding = coding_of(kind)
    spell = coding.spell or _same
    known = {spell(name): name for name, _ in reversed(kind.values)}
    by_letters = {name.lower(): name for name in known.values()} | {text.lower(): name for text, name in known.items()}
    parts = [part.strip() for part in text.split(coding.separator.strip() or None)]
    return [known.get(part) or by_letters.get(part.lower(), part) for part in parts]


_NUMBERS = {"number": pattern("-?[0-9]+"), "string": pattern(f"[{WHITE}]*([+-]?[0-9]+)[{WHITE}]*")}
_LONGEST = 20  # digits of a number of 64 bits


def enumeration_number(node: str, value: str | bool) -> int | None:
    """Give the number that a JSON value is to Json.NET, by the kind of value it is; None where it is none.

    Enum.Parse reads numbers as well as names, with a sign and white space around; Enum.ToObject takes booleans.
    """
    if node == "boolean":
        return int(value)
    match = _NUMBERS[node].fullmatch(str(value))
    digits = match[0].strip(SPACES) if match else ""
    return int(digits) if digits and len(digits.lstrip("+-0")) <= _LONGEST else None


def sum_of(kind: Enumeration, names: Iterable[str]) -> int:
    """Give the number that several names make together."""
    known = dict(kind.values)
    total = 0
    for name in names:
        total |= known.get(name, 0)
    return total


def name_from_text(kind: Enumeration, text: str, place: Place, findings: Findings) -> Any:
    """Give the name that ``text`` is, or BAD."""
    if any(name == text for name, _ in kind.values):
        return text
    return _refuse(kind, shown(text), place, findings)


def name_from_number(kind: Enumeration, value: int, place: Place, findings: Findings) -> Any:
    """Give the name of a number, or BAD; the first name counts where two share it."""
    for name, known in kind.values:
        if known == value:
            return name
    return _refuse(kind, str(value), place, findings, numbers=True)


def flags_from_names(kind: Enumeration, text: str, place: Place, findings: Findings) -> Any:
    """Give a list of names with single spaces as .NET writes it; or BAD, also where .NET has no list for their sum."""
    names = text.split()
    known = dict(kind.values)
    for name in names:
        if name not in known:
            return _refuse(kind, shown(name), place, findings)
    total = sum_of(kind, names)
    written = _xml_names(kind, total)
    if written is None:
        message = f"{shown(text)} is {total}, for which .NET has no list of names when it writes it."
        findings.add("value.enumeration", message, place.span, place.path)
        return BAD
    return written


def flags_from_number(kind: Enumeration, value: int, place: Place, findings: Findings) -> Any:
    """Give the names that make up a number, or BAD where a bit has none."""
    names = _xml_names(kind, value)
    return _refuse(kind, str(value), place, findings, numbers=True) if names is None else names


def _whole(kind: Enumeration, value: int) -> str | None:
    """Give the one name that has a number; an empty set has none where no name is 0."""
    return next((name for name, known in kind.values if known == value), None if value else "")


def _parts(values: Iterable[tuple[str, int]], value: int) -> list[str] | None:
    """Give the names that take the bits of a number, one after the other; None where some are left."""
    names = []
    for name, known in values:
        if known and known & value == known:
            value &= ~known
            names.append(name)
    return None if value else names


def _xml_names(kind: Enumeration, value: int) -> str | None:
    whole = _whole(kind, value)
    if whole is not None:
        return whole
    names = _parts(kind.values, value)
    return None if names is None else " ".join(names)


def json_names(kind: Enumeration, value: str) -> str:
    """Give the names of a value as JSON has them; an empty text where it has none but the number."""
    coding = coding_of(kind)
    return coding.separator.join(map(coding.spell or _same, _names(kind, value)))


def _names(kind: Enumeration, value: str) -> list[str]:
    """Give the names of a value as Enum.ToString has them."""
    if not kind.flags:
        return [value]
    total = number(kind, value)
    whole = _whole(kind, total)
    if whole is not None:
        return [whole] if whole else []
    return [*reversed(_parts(sorted(kind.values, key=lambda pair: -(pair[1] & _UNSIGNED)), total) or [])]


def _same(name: str) -> str:
    return name


def number(kind: Enumeration, value: str) -> int:
    """Give the number of a value: of its name, or the sum of its names."""
    return sum_of(kind, value.split(" ") if kind.flags else [value])


def key_names(kind: Enumeration, value: str) -> str:
    """Give a dictionary's key as JSON has it: by name, whatever members of the type are in JSON."""
    return ", ".join(_names(kind, value)) or str(number(kind, value))


def key_from_text(kind: Enumeration, text: str, place: Place, findings: Findings) -> Any:
    """Give the value of a dictionary's key in JSON, or BAD."""
    if not kind.flags:
        return name_from_text(kind, text, place, findings)
    if _NUMBER.fullmatch(text):
        return flags_from_number(kind, int(text), place, findings)
    parts = [part.strip() for part in text.split(",")]
    unknown = next((part for part in parts if part not in dict(kind.values)), None)
    if unknown is not None:
        return _refuse(kind, shown(unknown), place, findings)
    return flags_from_names(kind, " ".join(parts), place, findings)
