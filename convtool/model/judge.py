"""The reference libraries themselves, in the process that ``reference`` starts for them: documents in, violations out.

``python -m convtool.model.judge XSD JSON_SCHEMA`` reads a JSON line for each document, ``[form, text]`` (null: load
the schema), and answers each with a line: ``{"violations": [[message, path], …]}`` or ``{"error": message}``. Nothing
is fetched, and no entity is expanded. A pattern that takes for ever takes this process for ever, and no other.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from convtool.errors import ContractError
from convtool.model.components import read_tree

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Judge"]


class Judge:
    """The two schemas of a contract, each loaded when the first document of its form comes."""

    def __init__(self, xsd: Path, json_schema: Path) -> None:
        self._paths = {"xml": xsd, "json": json_schema}
        self._loaded: dict[str, Any] = {}

    def violations(self, form: str, document: str | None) -> Iterator[tuple[str, str]]:
        """Yield (message, path) for each thing that a schema says against a document in wire form."""
        if form not in self._loaded:
            self._loaded[form] = (_load_xsd if form == "xml" else _load_json_schema)(self._paths[form])
        if document is None:
            return  # that was to load the schema, without whose time a document's is measured
        yield from (_check_xml if form == "xml" else _check_json)(self._loaded[form], document)


def _load_xsd(path: Path) -> Any:
    from convtool.model.xsd import load_schema

    return load_schema(path)


def _load_json_schema(path: Path) -> Any:
    from jsonschema import Draft202012Validator
    from referencing import Registry

    try:
        schema = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise ContractError(f"{path}: {error}") from None
    # A registry without retrieval: references out of the file fail, nothing is fetched.
    return Draft202012Validator(schema, registry=Registry())


_CONTROL = re.compile("&#x(?:[0-8BCEF]|1[0-9A-F]|FFF[EF]);")


def _check_xml(schema: Any, document: str) -> Iterator[tuple[str, str]]:
    from lxml import etree
    from xmlschema import XMLSchemaException

    # lxml keeps the prefixes, which i:type needs. References to characters that XML 1.0 has not: no schema can speak of
    # them, so another one stands for each.
    try:
        root = read_tree(_CONTROL.sub("\ufffd", document).encode())
        etree.strip_tags(root, etree.Comment, etree.ProcessingInstruction)  # in markup, and nothing to a schema
        for error in schema.iter_errors(root):
            yield error.reason or error.message or "", error.path or ""
    except (ValueError, XMLSchemaException) as error:  # in content of any shape: names that are none
        yield " ".join(str(error).split()), ""


def _check_json(schema: Any, document: str) -> Iterator[tuple[str, str]]:
    from jsonschema.exceptions import best_match

    for found in schema.iter_errors(json.loads(document)):
        error = best_match([found]) or found  # within a choice (null or not), what speaks of the value
        yield error.message, "".join(f"/{part}" for part in error.absolute_path)


def main() -> None:
    """Answer until there are no more questions."""
    judge = Judge(Path(sys.argv[1]), Path(sys.argv[2]))
    for line in sys.stdin:
        try:
            answer: dict[str, Any] = {"violations": list(judge.violations(*json.loads(line)))}
        except Exception as error:  # the libraries' own: their classes mean nothing elsewhere
            answer = {"error": str(error) or type(error).__name__}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
