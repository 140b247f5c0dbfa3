"""Help pages → a folder of schema files: XSDs, JSON Schemas, the page's samples and ``operations.toml``.

What had to be guessed heads each file, as a comment. The XSD of a contract's own namespace is ``NAME.xsd``; types of
other namespaces are in one file per namespace, as .NET's exporter writes them, which all contracts of the folder
share.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from convtool.authoring.help_page.guesses import Guesses
from convtool.authoring.help_page.infer import NoContract, infer
from convtool.authoring.help_page.page import Page, read_page
from convtool.authoring.help_page.seen import Seen
from convtool.authoring.help_page.words import ABSENT, COLLECTION
from convtool.authoring.schema_files import Made, write_made
from convtool.errors import ContractError, SourceError
from convtool.model.contract import XSD

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from lxml.etree import _Element

    from convtool.authoring.help_page.page import Body, Table
    from convtool.model.contract import Contract

__all__ = ["FromHelp", "from_help", "write"]

_NAMESPACE = "http://schemas.datacontract.org/2004/07/"  # .NET's own, of a class without a namespace
# Of System.Web.Http, System.Net.Http and System: types of answers that say nothing of their content.
_ANYTHING = ("HttpResponseMessage", "HttpRequestMessage", "IHttpActionResult", "Object")
_INTERFACE = re.compile("I[A-Z].*")
_OTHER_SERIALIZER = "the XML sample is XmlSerializer's (it declares xmlns:xsd)"  # UseXmlSerializer = true
_FORMAT = re.compile("^(?:json|xml)/")


@dataclass
class FromHelp:
    """What help pages gave: contracts by name, operations by ``METHOD path``, and lines about what is left out."""

    made: dict[str, Made] = field(default_factory=dict)
    operations: dict[str, dict[str, str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def contracts(self) -> list[Contract]:
        """The contracts, in the pages' order."""
        return [made.contract for made in self.made.values()]

    @property
    def samples(self) -> dict[str, dict[str, str]]:
        """The pages' samples, by contract and format."""
        return {name: made.samples for name, made in self.made.items()}

    @property
    def guesses(self) -> list[str]:
        """What had to be guessed, a line each, headed by the contract's name."""
        return [f"{name}: {guess}" for name, made in self.made.items() for guess in made.guesses]


def from_help(paths: Iterable[Path], *, namespace: str = "") -> FromHelp:
    """Read saved help pages of operations, and of the types that they link to; give the contracts and operations.

    ``namespace``: the contracts' XML namespace, for pages without a sample in XML. SourceError where a file is no
    help page, ContractError where the pages say too little.
    """
    pages = [read_page(path) for path in paths]
    tables = {page.name: page.table for page in pages if not page.method}
    operations = _together([page for page in pages if page.method])
    if not operations:
        raise SourceError(
            "none of the pages is of an operation (such as 'POST api/orders'); pages of types only add to one"
        )
    for page in operations:
        for body in (page.request, page.response):
            if body.table is not None:
                tables.setdefault(_inner(body.type), body.table)
    result = FromHelp()
    for page in operations:
        _operation(page, tables, namespace, result)
    return result


def _together(pages: list[Page]) -> list[Page]:
    """Let pages of one operation, which show a format each, show both: ServiceStack has a page for each format."""
    known: dict[tuple[str, str], Page] = {}
    for page in pages:
        first = known.setdefault((page.method, _FORMAT.sub("", page.path)), page)
        if first is not page:
            for body, other in ((first.request, page.request), (first.response, page.response)):
                body.fill(other)
                other.fill(body)
    return pages


def _inner(word: str) -> str:
    while word.startswith(COLLECTION):
        word = word.removeprefix(COLLECTION)
    return word


def _operation(page: Page, tables: dict[str, Table], namespace: str, result: FromHelp) -> None:
    key = f"{page.method} {page.path.partition('?')[0]}"
    operation = result.operations.setdefault(key, {})
    if page.description:
        operation["description"] = page.description
    if page.request.empty and page.response.empty:
        result.notes.append(
            f"{page.file}: {key} has neither a request's nor a response's body: there is no contract in it"
        )
    for role, body in (("request", page.request), ("response", page.response)):
        if body.empty:
            continue
        try:
            made = _contract(body, tables, namespace, key)
        except NoContract as error:
            result.notes.append(f"{page.file}: the {role}: {error}: left out")
            continue
        except ContractError as error:
            raise ContractError(f"{page.file}: the {role}: {error}") from None
        name = made.contract.name
        known = result.made.setdefault(name, made)
        if known.contract.types != made.contract.types:
            result.notes.append(f"{name} differs between {known.source} and {made.source}: the former counts")
        operation[role] = name


def _contract(body: Body, tables: dict[str, Table], namespace: str, source: str) -> Made:
    guesses = Guesses()
    xml, written = _xml_sample(body.xml), body.xml
    if xml is not None and XSD in xml.nsmap.values():
        if not (body.json or body.table):
            raise ContractError(f"{_OTHER_SERIALIZER}, which convtool does not read")
        guesses.add(f"{_OTHER_SERIALIZER}, which convtool does not read or write: the contract is of JSON alone")
        xml, written = None, ""
    name, found = _root(body, xml)
    if xml is None:
        found = namespace or _NAMESPACE
        if not namespace:
            guesses.add(f"no XML sample shows the namespace: taken as {_NAMESPACE}; --namespace gives another")
    seen = Seen(body.type, name, found, name, _json_sample(body.json), xml)
    contract = infer(name, seen, tables, guesses)
    guesses.add("the page does not show which members are required: none is taken to be")
    samples = {"json": body.json, "xml": written}
    samples = {kind: text for kind, text in samples.items() if text}
    return Made(contract, f"the help page of {source}", guesses.texts(), samples)


def _root(body: Body, xml: _Element | None) -> tuple[str, str]:
    """Give the root element's name and namespace; without an XML sample the name as .NET makes it."""
    if xml is not None:
        namespace, _, name = str(xml.tag).rpartition("}")
        return name, namespace.removeprefix("{")
    depth = 0
    word = body.type
    while word.startswith(COLLECTION):
        word, depth = word.removeprefix(COLLECTION), depth + 1
    if not word:
        raise ContractError("neither the body's type nor an XML sample is on the page: nothing names the contract")
    if word in _ANYTHING or (not body.json and _INTERFACE.fullmatch(word) and not (body.table and body.table.rows)):
        raise NoContract(f"{word} is whatever the action answers, of which the page shows nothing")
    return "ArrayOf" * depth + word, ""


def _json_sample(text: str) -> Any:
    if not text:
        return ABSENT
    try:
        return json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise ContractError(f"the JSON sample cannot be read: {error}") from None


def _xml_sample(text: str) -> _Element | None:
    from lxml import etree

    if not text:
        return None
    try:
        return etree.fromstring(
            text.encode(), etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
        )
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ContractError(f"the XML sample cannot be read: {error}") from None


# --- writing --------------------------------------------------------------------------------------------------------


def write(result: FromHelp, folder: Path, *, force: bool = False) -> list[Path]:
    """Write what the pages gave into a folder of schema files, and give the paths of the files.

    Files of other content that are there already are not replaced (ContractError), unless ``force`` is given; but for
    ``operations.toml``, to which operations are added.
    """
    paths, notes = write_made(result.made.values(), folder, operations=result.operations, own_files=True, force=force)
    result.notes.extend(notes)
    return paths
