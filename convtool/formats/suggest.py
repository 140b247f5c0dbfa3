"""What a finding tells a person to do: near names, and what the server will see instead."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from convtool.model.contract import Enumeration, Member, Scalar, Type
from convtool.model.datatypes import DATATYPES, record_of
from convtool.model.defaults import omits_default

if TYPE_CHECKING:
    from convtool.findings import Findings

__all__ = ["default_text", "dropped", "member", "report_absent"]

_LISTED = 12  # names that a hint lists before it stops


@lru_cache(maxsize=256)  # the same name is wrong in record after record
def member(name: str, known: tuple[str, ...]) -> str:
    """Give a hint for an unknown name: the one that was probably meant, or those there are."""
    from difflib import get_close_matches  # only what is wrong needs it

    folded = [candidate for candidate in known if candidate.lower() == name.lower()]
    near = folded or get_close_matches(name, known, n=1)
    if near:
        return f"Did you mean `{near[0]}`?"
    return f"Known here: {', '.join(known[:_LISTED])}{', …' if len(known) > _LISTED else ''}."


def default_text(types: dict[str, Type], of: Member) -> str:
    """Give what .NET has for a member that it has not read, as a person would write it."""
    value: Any = None
    kind = types[of.type]
    record = record_of(kind)
    if not of.nillable and record is not None:
        return f"an empty {record.key.rpartition('}')[2]}" if record.value_type else "null"
    if not of.nillable and isinstance(kind, Scalar):
        datatype = DATATYPES[kind.datatype]
        value = datatype.default if datatype.default is None else datatype.format(datatype.default)
    elif not of.nillable and isinstance(kind, Enumeration):
        value = next((name for name, number in kind.values if number == 0), "0")
    return "null" if value is None else str(value)


def report_absent(
    types: dict[str, Type], of: Member, label: str, span: tuple[int, int], path: str, findings: Findings,
    format: str = "xml",
) -> None:  # fmt: skip
    """Report a member that is not there, in a format: required, defaulted, or null to .NET."""
    name = of.called(format)
    if of.required:
        findings.add("member.required", f"The required member `{name}` is absent.", span, path)
        return
    if omits_default(types, of, format):
        return  # its absence is how .NET writes its default
    key = (label, of.type, of.nillable)
    said = findings.said.get(key)
    if said is not None:
        for code in said:
            findings.again(code, label)
        return
    sees = default_text(types, of)
    code = "member.nulled" if sees == "null" else "member.defaulted"
    findings.hazard(code, label, f"`{name}` is absent: the server sees {sees}.", span, path)
    findings.hazard("loss.absent", label, f"`{name}` is absent, and .NET writes {sees}.", span, path)
    findings.said[key] = tuple(code for code in (code, "loss.absent") if findings.knows(code, label))


def dropped(of: Member, label: str, *, there: bool) -> tuple[str, str]:
    """Give the code and the message for a member that the other format does not have, or not apart from its absence."""
    if not of.in_xml:
        return "loss.member", f"`{label}` is a member that XML never has."
    if not of.in_json and there:
        return "loss.member", f"`{label}` is a member that JSON never has."
    if not of.in_json:
        return "loss.member", f"`{label}` is absent, and JSON, which never has it, stands for its default."
    if not of.omits_null:
        return "loss.null", f"`{label}` is absent, and JSON does not tell that from its default."
    said = "null, which JSON does not tell from absent" if there else "absent, which JSON does not tell from null"
    return "loss.null", f"`{label}` is {said}."
