"""OpenAPI documents (2.0, 3.0, 3.1; JSON or YAML): reading them, following references, and what operations carry.

Nothing is fetched: a reference leads within the document or to a file beside it. YAML is read as OpenAPI asks for:
``yes``, ``on`` and dates are texts.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import unquote

import msgspec
import yaml

from convtool.errors import ContractError, SourceError
from convtool.sources import read_path

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["NULL", "Body", "Document", "Place"]

NULL = {"type": "null"}  # a choice of 3.1
_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_MEDIA = re.compile(r"(?:application|text)/(?:[\w.+-]*\+)?(?:json|xml)\b|\*/\*", re.IGNORECASE)
_SUCCESS = re.compile(r"2\d\d|2xx|default", re.IGNORECASE)
_MOST = 64 << 20  # bytes of a document, and of what the aliases of YAML make of it


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # the faster one, where it is
    """Makes plain values only; names are texts, as JSON's are: ``200:`` of responses, ``true:``, ``null:``."""

    yaml_implicit_resolvers: ClassVar[dict[str, list[Any]]] = {}

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        for name, _ in node.value:
            if isinstance(name, yaml.ScalarNode):
                name.tag = "tag:yaml.org,2002:str"
        made: dict[Any, Any] = super().construct_mapping(node, deep)
        return made


_DIGITS = "-0123456789"
for _tag, _form, _first in (  # YAML 1.2's core schema, as far as documents have it
    ("bool", "(?:true|True|TRUE|false|False|FALSE)$", list("tTfF")),
    ("int", r"-?(?:0|[1-9]\d*)$", list(_DIGITS)),
    ("float", r"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?$", list(_DIGITS)),
    ("null", "(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_form), _first)


@dataclass(frozen=True, slots=True)
class Place:
    """A part of a document: the file and the pointer that lead to it, and what is there."""

    file: Path
    pointer: str
    value: dict[str, Any]

    @property
    def name(self) -> str:
        """The last step of the pointer: what a component is called."""
        return unquote(self.pointer.rpartition("/")[2]).replace("~1", "/").replace("~0", "~")

    def __str__(self) -> str:
        return f"{self.file}#{self.pointer}"

    def at(self, *steps: str | int) -> Place:
        """Give what is below; ContractError where that is no object."""
        value: Any = self.value
        pointer = "/".join([self.pointer, *(str(step).replace("~", "~0").replace("/", "~1") for step in steps)])
        try:
            for step in steps:
                value = value[step]
        except (KeyError, IndexError, TypeError):
            raise ContractError(f"{self.file}#{pointer}: there is nothing that could be read") from None
        if not isinstance(value, dict):
            value = {} if value is True else value  # JSON Schema: anything
        if not isinstance(value, dict):
            raise ContractError(f"{self.file}#{pointer}: should be an object")
        return Place(self.file, pointer, value)

    def listed(self, word: str) -> list[Any]:
        """Give a list, empty where there is none; ContractError where there is something else."""
        found = self.value.get(word)
        if found is not None and not isinstance(found, list):
            raise ContractError(f"{self}: `{word}` should be a list")
        return found or []

    def mapped(self, word: str) -> dict[str, Any]:
        """Give an object, empty where there is none; ContractError where there is something else."""
        found = self.value.get(word)
        if found is not None and not isinstance(found, dict):
            raise ContractError(f"{self}: `{word}` should be an object")
        return found or {}


@dataclass(frozen=True, slots=True)
class Body:
    """A body of an operation: the operation's table name, the role, what to call an unnamed body, and its schema."""

    operation: str
    role: str
    title: str
    schema: Place


class Document:
    """An OpenAPI document and the files beside it that it refers to, each read once."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._files: dict[Path, dict[str, Any]] = {}
        content = self._file(path)
        self.is_old = str(content.get("swagger", "")).startswith("2.")
        if not self.is_old and not str(content.get("openapi", "")).startswith("3."):
            raise SourceError(f"{path}: no OpenAPI document: it says neither `swagger: 2.0` nor `openapi: 3.…`")
        self.root = Place(path, "", content)

    def _file(self, path: Path) -> dict[str, Any]:
        if path not in self._files:
            self._files[path] = _read(path)
        return self._files[path]

    def resolve(self, place: Place) -> Place:
        """Follow references, as long as there is one; ContractError where one leads nowhere, or back to itself."""
        seen: set[str] = set()
        while "$ref" in place.value:
            reference = str(place.value["$ref"])
            if reference in seen:
                raise ContractError(f"{place}: $ref {reference} leads back to itself")
            seen.add(reference)
            place = self.target(place, reference)
        return place

    def target(self, place: Place, reference: str) -> Place:
        """Give what a reference in a place leads to."""
        file, _, pointer = reference.partition("#")
        if re.match(r"[A-Za-z][A-Za-z0-9+.-]+:|//", file):
            raise ContractError(f"{place}: $ref {reference} is on another machine, and nothing is fetched")
        path = place.file
        if file:
            try:
                path = (place.file.parent / unquote(file)).resolve()
            except ValueError:  # a NUL, or half a character
                raise ContractError(f"{place}: $ref {reference} names no file") from None
            if not path.is_relative_to(self.path.parent.resolve()):
                raise ContractError(f"{place}: $ref {reference} leads out of the document's folder")
        value: Any = self._file(path)
        for step in filter(None, pointer.split("/")):
            step = unquote(step).replace("~1", "/").replace("~0", "~")  # noqa: PLW2901 - the same step, unescaped
            try:
                value = value[int(step) if isinstance(value, list) else step]
            except (KeyError, IndexError, TypeError, ValueError):
                raise ContractError(f"{place}: $ref {reference} leads to nothing") from None
        if not isinstance(value, dict):
            raise ContractError(f"{place}: $ref {reference} leads to what is no object")
        return Place(path, pointer, value)

    @cached_property
    def components(self) -> list[Place]:
        """The document's named schemas."""
        steps = ("definitions",) if self.is_old else ("components", "schemas")
        place = self.root
        for step in steps:
            if step not in place.value:
                return []
            place = place.at(step)
        return [place.at(name) for name in place.value]

    @cached_property
    def vocabulary(self) -> tuple[bool, bool, bool]:
        """Whether the document marks what can be null, and references, too, which takes a wrapper; and decimals."""
        marked = wrapped = decimals = False
        waiting: list[Any] = [self.root.value]
        while waiting:
            value = waiting.pop()
            if isinstance(value, dict):
                said = value.get("nullable") is True or value.get("x-nullable") is True
                kinds = value.get("type")
                said |= isinstance(kinds, list) and "null" in kinds
                choices = [*_listed(value, "oneOf"), *_listed(value, "anyOf")]
                refers = "$ref" in value or bool(_listed(value, "allOf")) or bool(choices)
                wraps = (said and refers) or NULL in choices
                marked |= said or wraps
                wrapped |= wraps
                decimals |= value.get("format") == "decimal"
                waiting.extend(value.values())
            elif isinstance(value, list):
                waiting.extend(value)
        return marked, wrapped, decimals

    def operations(self) -> Iterator[tuple[str, str, list[Body]]]:
        """Yield each operation as ``operations.toml`` names it, its description, and its bodies in JSON or XML."""
        if "paths" not in self.root.value:
            return
        paths = self.root.at("paths")
        for path in paths.value:
            item = self.resolve(paths.at(path))
            for method in _METHODS:
                if method not in item.value:
                    continue
                operation = item.at(method)
                name = f"{method.upper()} {str(path).strip('/')}"
                value = operation.value
                described = value.get("summary") or value.get("description") or ""
                title = str(value.get("operationId") or name)
                yield name, str(described).strip(), list(self._bodies(name, title, operation))

    def _bodies(self, name: str, title: str, operation: Place) -> Iterator[Body]:
        for role, find in (("request", self._request), ("response", self._response)):
            schema = find(operation)
            if schema is not None:
                yield Body(name, role, f"{title} {role}", schema)

    def _request(self, operation: Place) -> Place | None:
        if not self.is_old:
            return self._content(operation, "requestBody")
        for index, _ in enumerate(operation.listed("parameters")):
            parameter = self.resolve(operation.at("parameters", index))
            if parameter.value.get("in") == "body" and "schema" in parameter.value:
                return parameter.at("schema")
        return None

    def _response(self, operation: Place) -> Place | None:
        responses = operation.value.get("responses")
        if not isinstance(responses, dict):
            return None
        found = (code for code in responses if _SUCCESS.fullmatch(code))
        for code in sorted(found, key=str.lower):
            response = self.resolve(operation.at("responses", code))
            if self.is_old and "schema" in response.value:
                return response.at("schema")
            schema = None if self.is_old else self._media(response)
            if schema is not None:
                return schema
        return None

    def _content(self, place: Place, step: str) -> Place | None:
        return self._media(self.resolve(place.at(step))) if step in place.value else None

    @staticmethod
    def _media(place: Place) -> Place | None:
        """Give the schema of what is JSON or XML; JSON first, whose schema generators write with care."""
        content = place.value.get("content")
        if not isinstance(content, dict):
            return None
        named = sorted((name for name in content if _MEDIA.match(name)), key=lambda name: "json" not in name.lower())
        for name in named:
            if isinstance(content[name], dict) and "schema" in content[name]:
                return place.at("content", name, "schema")
        return None


def _listed(value: dict[str, Any], word: str) -> list[Any]:
    found = value.get(word)
    return found if isinstance(found, list) else []


def _read(path: Path) -> dict[str, Any]:
    data = read_path(path)
    if len(data) > _MOST:
        raise SourceError(f"{path}: is larger than {_MOST >> 20} MiB, which no OpenAPI document is")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise SourceError(f"{path}: not UTF-8, as an OpenAPI document should be") from None
    try:
        content = _value(text)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise SourceError(f"{path}: neither JSON nor YAML: {error}") from None
    if not isinstance(content, dict):
        raise SourceError(f"{path}: no OpenAPI document: it holds no object")
    return content


def _value(text: str) -> Any:
    """Give the value of JSON or YAML; with aliases it is refused: a few lines could repeat something without end."""
    if text.lstrip()[:1] == "{":
        with suppress(msgspec.DecodeError):  # YAML may begin with a brace as well
            return msgspec.json.decode(text)
    if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=_Loader)):
        raise ValueError("it has aliases (*name), which are not followed; write out what they repeat")
    return yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe loader, with fewer kinds of scalars
