"""Enumerations: names in XML; numbers in JSON, or names where the contract says so. A value is its name, or names.

Flags are a set: in XML the names in a list (``Lire Ecrire``), in JSON the sum of the numbers, or the names with commas.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from convtool.formats.leaf import BAD, Place, shown

if TYPE_CHECKING:
    from convtool.contract.model import Enumeration
    from convtool.diagnostics import Findings

__all__ = ["flags_from_names", "flags_from_number", "name_from_number", "name_from_text", "names_from_json", "number"]


def _refuse(kind: Enumeration, seen: str, place: Place, findings: Findings, *, numbers: bool = False) -> Any:
    known = ", ".join(f"{value} ({name})" if numbers else name for name, value in kind.values)
    findings.add("value.enumeration", f"{seen} is none of {known}.", place.span, place.path)
    return BAD


def names_from_json(kind: Enumeration, text: str) -> list[str]:
    """Give the names in a text of JSON, each as the enumeration has it, or as it stands where it has none.

    Newtonsoft's EnumUtils.ParseEnum: commas are between names, white space around them does not count, and a name that
    is none may be one in other letters: ``neuf`` is Neuf.
    """
    known = {name: name for name, _ in reversed(kind.values)}
    by_letters = {name.lower(): name for name in known}
    parts = [part.strip() for part in text.split(",")]
    return [known.get(part) or by_letters.get(part.lower(), part) for part in parts]


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
    """Give a list of names with single spaces, in the enumeration's order as .NET writes it; or BAD."""
    names = text.split()
    known = dict(kind.values)
    for name in names:
        if name not in known:
            return _refuse(kind, shown(name), place, findings)
    total = 0
    for name in names:
        total |= known[name]
    return " ".join(names) if len(set(names)) < len(names) else _flag_names(kind, total)


def flags_from_number(kind: Enumeration, value: int, place: Place, findings: Findings) -> Any:
    """Give the names that make up a number, or BAD where a bit has none."""
    names = _flag_names(kind, value)
    return _refuse(kind, str(value), place, findings, numbers=True) if names is None else names


def _flag_names(kind: Enumeration, value: int) -> str | None:
    """Give the names of a sum: the largest first takes its bits, and the list is in ascending order."""
    if value == 0:
        return next((name for name, known in kind.values if known == 0), "")
    rest, names = value, []
    for name, known in sorted(kind.values, key=lambda pair: -pair[1]):
        if known and known & rest == known:
            rest &= ~known
            names.append(name)
    return None if rest else " ".join(reversed(names))


def number(kind: Enumeration, value: str) -> int:
    """Give the number of a value: of its name, or the sum of its names."""
    known = dict(kind.values)
    total = 0
    for name in value.split(" "):
        total |= known.get(name, 0)
    return total
