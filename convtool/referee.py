"""Values held against the schema files themselves, where they say more than the contract model can hold.

The model notes what it cannot check in ``extra``; for such a contract every record that the readers pass is written in
both forms and given to the reference libraries; in the dotnet profile with its dates as schemas spell them. Their
findings are ``value.schema``. Where the records of a payload have had all the time that there is for them, that is an
error, and the others are not checked.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from convtool.formats.leaf import Unwritable
from convtool.formats.units import Bad, Batch
from convtool.limits import LIMITS
from convtool.model.dotnet import as_spelled
from convtool.model.reference import Allowance

if TYPE_CHECKING:
    from collections.abc import Iterator

    from convtool.findings import Findings
    from convtool.formats.json.format import JsonFormat
    from convtool.formats.xml.format import XmlFormat
    from convtool.model.contract import Contract
    from convtool.model.reference import Reference

__all__ = ["Referee"]

_FIRST_JSON = re.compile(r"^/0(?=/|$)")  # the one record of a list, as each library names it
_FIRST_XML = re.compile(r"^/[^/]+/[^/\[]+")


class Referee:
    """Checks values of one contract with xmlschema and jsonschema, one record at a time."""

    def __init__(self, contract: Contract, reference: Reference, xml: XmlFormat, json: JsonFormat) -> None:
        self.contract = contract
        self.reference = reference
        self.xml = xml
        self.json = json

    def value(self, value: Any, findings: Findings) -> None:
        """Check a whole document's value: each record of a list, or the value itself."""
        allowance = Allowance()
        if self.contract.item is None or value is None:
            self._check(value, None, findings, allowance)
            return
        for index, record in enumerate(value):
            self._check([record], index, findings, allowance)
            if allowance.is_spent:
                break

    def units(self, units: Iterator[Batch | Bad], findings: Findings, form: str) -> Iterator[Batch | Bad]:
        """Check a stream's records: those that the schemas refuse become bad ones, with their text in ``form``."""
        format = self.xml if form == "xml" else self.json
        write = format.items if self.contract.item is not None else format.write
        allowance = Allowance()
        for unit in units:
            if isinstance(unit, Bad):
                yield unit
                continue
            listed = self.contract.item is not None
            for offset, record in enumerate(unit.values):
                document = [record] if listed else record
                index = unit.first + offset if listed else None
                self._check(document, index, findings, allowance)
                if findings.errors:
                    last = not listed or allowance.is_spent
                    yield Bad(unit.first + offset, write(document).decode(), findings.take(), last=last)
                    if last:
                        return
                else:
                    yield Batch(unit.first + offset, [record], unit.nil)
            if unit.nil:
                yield unit

    def _check(self, document: Any, index: int | None, findings: Findings, allowance: Allowance) -> None:
        """Report what the schemas say against a document; ``index``: of the record, which is a list of its own here."""
        findings.record = index
        if findings.profile == "dotnet":
            document = as_spelled(self.contract, self.xml.instances, document)
        try:
            xml = self.xml.writer.write(document)
        except Unwritable:
            xml = ""  # JSON of any shape has no XML form to check
        for violation in self.reference.check_xml(xml, allowance) if xml else ():
            path = violation.path if index is None else _FIRST_XML.sub(rf"\g<0>[{index + 1}]", violation.path, count=1)
            findings.add("value.schema", f"The XSD refuses it: {violation.message}", None, path)
        for violation in self.reference.check_json(self.json.write(document), allowance):
            path = violation.path if index is None else _FIRST_JSON.sub(f"/{index}", violation.path)
            findings.add("value.schema", f"The JSON Schema refuses it: {violation.message}", None, path)
        if allowance.is_spent:
            message = f"The schemas' patterns take longer than {LIMITS.patterns:g} seconds: nothing further is checked."
            findings.add("limit.patterns", message)
        findings.record = None
