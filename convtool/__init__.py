"""convtool: payloads of .NET data contracts, checked and converted between DataContract XML and JSON, losslessly.

    import convtool
    codec = convtool.contract("Order")
    report = codec.validate(data)
    json_bytes = codec.to_json(data)

Everything public is named here; importing it costs nothing heavy, since the rest loads when it is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from convtool._lazy import lazily
from convtool._version import __version__
from convtool.codes import Severity
from convtool.errors import ContractError, ConvtoolError, PayloadError, SourceError, UsageError

if TYPE_CHECKING:
    from convtool.catalog import Catalog
    from convtool.convert import Codec, Conversion, Format
    from convtool.findings import Diagnostic, Excerpt, Location, Report
    from convtool.sources import Payload

__all__ = [
    "Catalog", "Codec", "ContractError", "Conversion", "ConvtoolError", "Diagnostic", "Excerpt", "Location",
    "PayloadError", "Report", "Severity", "SourceError", "UsageError", "__version__", "contract", "contracts", "detect",
]  # fmt: skip

__getattr__ = lazily(
    "convtool", {"catalog": "Catalog", "convert": "Codec Conversion", "findings": "Diagnostic Excerpt Location Report"}
)


def contract(name: str) -> Codec:
    """Give the codec of a contract of the default catalog; ContractError where there is none of that name."""
    from convtool.catalog import default_catalog

    return default_catalog().contract(name)


def contracts() -> list[str]:
    """Give the names of the contracts of the default catalog (CONVTOOL_SCHEMAS, or the bundled ones)."""
    from convtool.catalog import default_catalog

    return default_catalog().contracts()


def detect(payload: Payload) -> tuple[str, Format]:
    """Give the contract's name and the format of a payload; PayloadError where it is of none, or of several."""
    from convtool.catalog import default_catalog

    return default_catalog().detect(payload)
