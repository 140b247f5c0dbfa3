"""The error responses of the stub, word for word as Web API writes them, and ModelState keys that name members."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from convtool.codes import Severity
from convtool.formats.xml.envelope import around
from convtool.formats.xml.writer import escape
from convtool.http_error import convert_error
from convtool.model.contract import Array, Dictionary, Record

if TYPE_CHECKING:
    from convtool.findings import Diagnostic, Report
    from convtool.model.contract import Contract
    from convtool.sniff import Format

__all__ = ["FAILED", "INVALID", "PARAMETER", "error_body", "fault", "first_error", "model_state"]

FAILED = "An error has occurred."  # SRResources.ErrorOccurred
INVALID = "The request is invalid."  # SRResources.BadRequest
PARAMETER = "model"  # what the action calls its body: ModelState's keys begin with it
_DISPATCHER = "http://schemas.microsoft.com/net/2005/12/windowscommunicationfoundation/dispatcher"
_STEP = re.compile(r"([^\[\]]+)(?:\[(\d+)\])?")


def error_body(format: Format, message: str, **more: Any) -> bytes:
    """Give an HttpError in the wire form of a format."""
    data = json.dumps({"Message": message, **more}, ensure_ascii=False, separators=(",", ":")).encode(
        "utf-8", "replace"
    )
    return convert_error(data, format).data


def fault(version: str, code: str, message: str) -> bytes:
    """Give a Fault in an envelope of a version, with one of the codes of WCF's dispatcher."""
    said, named = escape(message), f'<{{0}} xmlns:a="{_DISPATCHER}">a:{code}</{{0}}>'
    before, behind = (part.decode() for part in around(version))
    if version == "1.1":
        inside = f"{named.format('faultcode')}<faultstring>{said}</faultstring>"
    else:
        subcode = f"<s:Subcode>{named.format('s:Value')}</s:Subcode>"
        reason = f'<s:Reason><s:Text xml:lang="en-US">{said}</s:Text></s:Reason>'
        inside = f"<s:Code><s:Value>s:Sender</s:Value>{subcode}</s:Code>{reason}"
    return f"{before}<s:Fault>{inside}</s:Fault>{behind}".encode("utf-8", "replace")


def first_error(report: Report) -> str:
    """Give the first error of a request as DataContractSerializerOperationFormatter begins to speak of it."""
    found = next(one for one in report if one.severity is Severity.ERROR)
    return f"The formatter threw an exception while trying to deserialize the message: {_message(found)}"


def model_state(report: Report, contract: Contract) -> dict[str, list[str]]:
    """Give the errors of a request as ModelState has them: messages by the member that they speak of."""
    state: dict[str, list[str]] = {}
    for found in report:
        if found.severity is Severity.ERROR:
            state.setdefault(_key(found.path, report.format, contract), []).append(_message(found))
    return state


def _message(found: Diagnostic) -> str:
    place = f" Line {found.location.line}, position {found.location.column}." if found.location else ""
    return f"{found.message}{place} [{found.code}]"


def _key(path: str, format: str, contract: Contract) -> str:
    """Give ModelState's key of a path: ``model.Lines[0].Count``."""
    steps = [part for part in path.split("/") if part]
    if format == "xml":
        return PARAMETER + _xml_key(steps[1:], contract)
    plain = [step.replace("~1", "/").replace("~0", "~") for step in steps]
    return PARAMETER + "".join(f"[{step}]" if step.isdigit() else f".{step}" for step in plain)


def _xml_key(steps: list[str], contract: Contract) -> str:
    """Follow an XPath through the contract: an item's element is an index, an entry's is left out."""
    key, kind = "", contract.root_type
    for step in steps:
        match = _STEP.fullmatch(step)
        name, index = (match[1], int(match[2] or 1) - 1) if match else (step, 0)
        if isinstance(kind, Array):
            key += f"[{index}]"
            kind = contract.types[kind.item.type]
        elif isinstance(kind, Dictionary):
            key += f"[{index}]" if name == kind.entry else ""
            if name == kind.value_member.name:
                kind = contract.types[kind.value_member.type]
        else:
            key += f".{name}"
            members = kind.members if isinstance(kind, Record) else ()
            kind = next((contract.types[one.type] for one in members if one.name == name), kind)
    return key
