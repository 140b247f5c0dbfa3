"""One value as a page shows it: in the JSON sample, in the XML sample, and by what the page calls its type."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from convtool.authoring.help_page.words import ABSENT
from convtool.errors import ContractError
from convtool.model.contract import SERIALIZATION, XSI

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["NAME", "Seen", "check_name", "local", "namespace_of", "value_of"]

NAME = re.compile(r"[^\W\d][\w.-]*")
_META = ("$id", "$ref", "$type")


@dataclass(frozen=True)
class Seen:
    """One value, as the page shows it; ``name`` is what its type is called where ``type`` does not say."""

    type: str
    name: str
    namespace: str
    where: str
    json: Any = ABSENT
    xml: _Element | None = None
    description: str = ""

    @property
    def members(self) -> dict[str, Any]:
        """The members of the JSON sample's object, without those that are Json.NET's own; none where it is none."""
        return {n: v for n, v in self.json.items() if n not in _META} if isinstance(self.json, dict) else {}

    @property
    def is_reference(self) -> bool:
        """Whether the object carries an identity in a sample."""
        named = isinstance(self.json, dict) and "$id" in self.json
        return named or (self.xml is not None and f"{{{SERIALIZATION}}}Id" in self.xml.attrib)

    @property
    def children(self) -> list[_Element]:
        """The elements within the element of the XML sample."""
        return [child for child in self.xml if isinstance(child.tag, str)] if self.xml is not None else []


def check_name(name: str, where: str) -> None:
    """Names become elements, and the contract's a file: a page that was cut or is of another kind has stranger ones."""
    if not NAME.fullmatch(name):
        raise ContractError(f"{where}: {name!r} cannot be the name of a type or member")


def value_of(seen: Seen) -> Any:
    """Give a sample to guess from: the JSON sample's, or what the XML sample's text reads like."""
    if seen.json is not ABSENT or seen.xml is None:
        return seen.json if seen.json is not ABSENT else None
    text = (seen.xml.text or "").strip()
    if seen.xml.get(f"{{{XSI}}}nil") == "true":
        return None
    if text in ("true", "false"):
        return text == "true"
    return int(text) if text.lstrip("-").isdecimal() else text


def local(element: _Element) -> str:
    """Give an element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def namespace_of(element: _Element | None) -> str:
    """Give an element's namespace; empty where it has none, or there is no element."""
    return str(element.tag).rpartition("}")[0].removeprefix("{") if element is not None else ""
