"""The verbs on one contract: validate, read, write, convert. ``Codec`` is what ``convtool.contract(name)`` gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from convtool.codes import PROFILES, Profile
from convtool.contract.dotnet import as_dotnet
from convtool.contract.instance import Instances
from convtool.diagnostics import Findings, Report
from convtool.errors import PayloadError, UsageError
from convtool.formats.check import check
from convtool.formats.json.format import JsonFormat
from convtool.formats.leaf import BAD
from convtool.formats.text import DEPTH, Text, decode, from_str
from convtool.formats.xml.format import XmlFormat
from convtool.sources import Payload, load

if TYPE_CHECKING:
    import msgspec

    from convtool.contract.model import Contract

__all__ = ["Codec", "Conversion", "Format", "sniff"]

Format = Literal["xml", "json"]
_JSON_STARTS = b"[{\"'-+.0123456789tfnNI/"  # ' and / only Json.NET takes; the careful reader says so
_SHOWN = 24  # bytes of a payload that is neither format that a message shows


@dataclass(frozen=True, slots=True)
class Conversion:
    """A converted payload: its bytes, and the report on what came in, losses included."""

    data: bytes
    report: Report


class Codec:
    """Validates, reads, writes and converts payloads of one contract. Make one through a Catalog; it may be shared by threads.

    Payloads are bytes, a text, a ``pathlib.Path`` or a binary file. ``format`` is sniffed where it is not given.
    ``profile`` is "strict" (what the schemas say) or "dotnet" (what .NET's readers make of it).
    """

    def __init__(self, contract: Contract) -> None:
        self.model = contract
        self.instances = Instances(contract)
        self._formats: dict[str, XmlFormat | JsonFormat] = {
            "xml": XmlFormat(contract, self.instances),
            "json": JsonFormat(contract, self.instances),
        }

    def __repr__(self) -> str:
        return f"<convtool codec for {self.name}>"

    @property
    def name(self) -> str:
        """The contract's name, which is that of its root element."""
        return self.model.name

    @property
    def types(self) -> dict[str, type[msgspec.Struct]]:
        """The Struct classes of the contract's records, by type name."""
        return {cls.__name__: cls for cls in self.instances.classes.values()}

    def validate(
        self, payload: Payload, *, format: Format | None = None, profile: Profile = "strict", depth: int = DEPTH  # noqa: A002
    ) -> Report:
        """Give every finding about a payload; the report is true where it is valid. SourceError where it cannot be read."""
        _, report = self._read(payload, format, Findings(_profile(profile)), depth)
        return report.without_losses()

    def read(
        self, payload: Payload, *, format: Format | None = None, profile: Profile = "strict", lossless: bool = False,  # noqa: A002
        depth: int = DEPTH,
    ) -> Any:  # fmt: skip
        """Give a payload's typed value: Structs, lists and plain values. PayloadError where it is invalid."""
        value, report = self._read(payload, format, Findings(_profile(profile), lossless), depth)
        if not report:
            raise PayloadError(report)
        return value

    def to_json(self, payload: Payload, **options: Any) -> bytes:
        """Give the payload, in either format, as JSON in the wire form; see ``convert`` for the options."""
        return self.convert(payload, "json", **options).data

    def to_xml(self, payload: Payload, **options: Any) -> bytes:
        """Give the payload, in either format, as XML in the wire form; see ``convert`` for the options."""
        return self.convert(payload, "xml", **options).data

    def convert(
        self, payload: Payload, to: Format, *, format: Format | None = None, pretty: bool = False,  # noqa: A002
        profile: Profile = "strict", lossless: bool = False, depth: int = DEPTH,
    ) -> Conversion:  # fmt: skip
        """Convert a payload and say what could not be kept. PayloadError where it is invalid; ``lossless``: also where not all is kept."""
        writer = self._formats[_format(to)]
        value, report = self._read(payload, format, Findings(_profile(profile), lossless), depth, to)
        if not report:
            raise PayloadError(report)
        return Conversion(writer.write(value, pretty=pretty), report)

    def write_json(self, value: Any, *, pretty: bool = False) -> bytes:
        """Give a typed value as JSON in the wire form; PayloadError where it is not a value of the contract."""
        return self._write("json", value, pretty)

    def write_xml(self, value: Any, *, pretty: bool = False) -> bytes:
        """Give a typed value as XML in the wire form; PayloadError where it is not a value of the contract."""
        return self._write("xml", value, pretty)

    def _write(self, to: Format, value: Any, pretty: bool) -> bytes:
        findings = Findings()
        check(self.model, self.instances, value, findings)
        if findings.errors:
            raise PayloadError(findings.report(self.name, "value"))
        return self._formats[to].write(value, pretty=pretty)

    def _read(
        self, payload: Payload, format: Format | None, findings: Findings, depth: int, to: Format | None = None  # noqa: A002
    ) -> tuple[Any, Report]:
        content, source = load(payload)
        text = from_str(content, findings) if isinstance(content, str) else decode(content, findings)
        chosen = format and _format(format)
        value = BAD
        if text is not None:
            chosen = sniff(text, findings, chosen)
            if chosen is not None:
                value = self._formats[chosen].read(text, findings, depth=depth)
                if value is not BAD and not findings.errors and findings.profile == "dotnet":
                    value, replaced = as_dotnet(self.model, self.instances, value, newlines=to == "xml")
                    if replaced:
                        findings.add("loss.newline", "A text holds CR, which .NET writes to XML as LF.")
        return value, findings.report(self.name, chosen or "", source)


def sniff(text: Text, findings: Findings, given: Format | None = None) -> Format | None:
    """Give the format of a text by its first character, or report that it has none."""
    findings.places = text
    start = text.data.lstrip(b" \t\r\n")
    if not start:
        findings.add("input.empty", "The payload is empty.", (0, 0))
        return None
    if given is not None:
        return given
    if start.startswith(b"<"):
        return "xml"
    if start[0] in _JSON_STARTS:
        return "json"
    at = len(text.data) - len(start)
    seen = start[:_SHOWN].decode("utf-8", "replace")
    findings.add("input.format", f"The payload is neither XML nor JSON: it begins with {seen!r}.", (at, at + 1))
    return None


def _profile(profile: Profile) -> Profile:
    if profile not in PROFILES:
        raise UsageError(f"there is no profile {profile!r}; there are: {', '.join(PROFILES)}")
    return profile


def _format(format: Format) -> Format:  # noqa: A002
    if format not in ("xml", "json"):
        raise UsageError(f"there is no format {format!r}; there are: xml, json")
    return format
