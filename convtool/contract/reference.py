"""The reference libraries on a record: xmlschema and jsonschema check what the model cannot hold.

That is patterns, assertions, if/then and the like. Only contracts whose ``extra`` is not empty come here. Each record
is checked in both forms, whatever it came in: the schemas are the truth about the value. Nothing is fetched, and no
entity is expanded.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec

from convtool.errors import ContractError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

__all__ = ["Reference", "Violation"]


@dataclass(frozen=True, slots=True)
class Violation:
    """What a reference library says against a document: its message, and the path by that library's lights."""

    message: str
    path: str


@dataclass(slots=True)
class Reference:
    """The two schemas of a contract, loaded when the first record is checked."""

    name: str
    xsd: Callable[[], Path]
    json_schema: Path
    _xsd: Any = field(default=None, repr=False)
    _json: Any = field(default=None, repr=False)

    def check_xml(self, document: str) -> Iterator[Violation]:
        """Yield what the XSD says against a document in wire form."""
        from xml.etree import ElementTree

        if self._xsd is None:
            from convtool.contract.xsd import load_schema

            self._xsd = load_schema(self.xsd())
        root = ElementTree.fromstring(document)  # noqa: S314 - the same
        for error in self._xsd.iter_errors(root):
            yield Violation(error.reason or error.message or "", error.path or "")

    def check_json(self, document: bytes) -> Iterator[Violation]:
        """Yield what the JSON Schema says against a document."""
        if self._json is None:
            self._json = self._validator()
        from jsonschema.exceptions import best_match

        for found in self._json.iter_errors(msgspec.json.decode(document)):
            error = best_match([found]) or found  # within a choice (null or not), what speaks of the value
            yield Violation(error.message, "".join(f"/{part}" for part in error.absolute_path))

    def _validator(self) -> Any:
        from jsonschema import Draft202012Validator
        from referencing import Registry

        try:
            schema = msgspec.json.decode(self.json_schema.read_bytes())
        except (OSError, msgspec.DecodeError) as error:
            raise ContractError(f"{self.json_schema}: {error}") from None
        # A registry without retrieval: references out of the file fail, nothing is fetched.
        return Draft202012Validator(schema, registry=Registry())
