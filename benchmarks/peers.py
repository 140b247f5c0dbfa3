"""What a Python user would pick instead: one function per library and job, each importing its library when prepared.

Converters start from a file's bytes and end at bytes; validators start from bytes, too. Reading, repairing types and
writing are all part of the time, compiling a schema is not.
"""

from __future__ import annotations

import json
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

from benchmarks.cases import Case, NotThere, Run
from benchmarks.repair import LISTS, document_to_loose, loose_to_value
from benchmarks.shape import CONTRACT, NAMESPACE, SCHEMAS, XSI
from benchmarks.xsdata_models import Models

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["CASES", "LIBRARIES"]

#: The distributions whose versions the report names.
LIBRARIES = (
    "xmltodict",
    "xmltodict-rs",
    "xmlschema",
    "xsdata",
    "pydantic-xml",
    "jsonschema",
    "fastjsonschema",
    "jsonschema-rs",
)

Work = "Callable[[bytes], object]"


def _library(name: str) -> Any:
    """Import a peer; raise NotThere if it is not installed."""
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        raise NotThere(f"not installed: {error.name}") from error


def _dump(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _xmltodict_read(library: str = "xmltodict") -> Work:
    parse = _library(library).parse
    return lambda data: _dump(loose_to_value(parse(data, force_list=LISTS, strip_whitespace=False)[CONTRACT]))


def _xmltodict_write(library: str = "xmltodict") -> Work:
    unparse = _library(library).unparse
    return lambda data: unparse({CONTRACT: document_to_loose(json.loads(data))}).encode()


def _xsd() -> Any:
    return _library("xmlschema").XMLSchema(str(SCHEMAS / f"{CONTRACT}.xsd"))


def _xmlschema_read() -> Work:
    to_dict = _xsd().to_dict
    return lambda data: _dump(loose_to_value(to_dict(data, keep_empty=True)))


def _xmlschema_write() -> Work:
    encode = _xsd().encode
    to_bytes = _library("lxml.etree").tostring
    element = _library("lxml.etree").Element
    return lambda data: to_bytes(
        encode(document_to_loose(json.loads(data)), path=CONTRACT, etree_element_class=element), encoding="utf-8"
    )


def _xsdata_read() -> Work:
    parser = _library("xsdata.formats.dataclass.parsers").XmlParser()
    models = Models(nillable=True)
    return lambda data: _dump(models.to_value(parser.from_bytes(data, models.root)))


def _xsdata_write() -> Work:
    serializer = _library("xsdata.formats.dataclass.serializers").XmlSerializer()
    models = Models(nillable=False)
    prefixes = {None: NAMESPACE, "i": XSI}
    return lambda data: serializer.render(models.from_value(json.loads(data)), ns_map=prefixes).encode()


def _pydantic_read() -> Work:
    root = _library("benchmarks.pydantic_models").Root
    return lambda data: root.from_xml(data).model_dump_json(context="JSON").encode()


def _pydantic_write() -> Work:
    root = _library("benchmarks.pydantic_models").Root
    return lambda data: root.model_validate_json(data).to_xml()


def _json_schema() -> Any:
    path = SCHEMAS / f"{CONTRACT}.schema.json"
    if not path.exists():
        raise NotThere(f"not there yet: {path.name}")
    return json.loads(path.read_bytes())


def _jsonschema_valid() -> Work:
    valid = _library("jsonschema").Draft202012Validator(_json_schema()).is_valid
    return lambda data: valid(json.loads(data))


def _jsonschema_rs_valid() -> Work:
    valid = _library("jsonschema_rs").Draft202012Validator(_json_schema()).is_valid
    return lambda data: valid(json.loads(data))


def _fastjsonschema_valid() -> Work:
    library = _library("fastjsonschema")
    check = library.compile(_json_schema())

    def valid(data: bytes) -> bool:
        try:
            check(json.loads(data))
        except library.JsonSchemaValueException:
            return False
        return True

    return valid


def _lxml_valid() -> Work:
    etree = _library("lxml.etree")
    validate = etree.XMLSchema(etree.parse(str(SCHEMAS / f"{CONTRACT}.xsd"))).validate
    return lambda data: validate(etree.fromstring(data))


def _xmlschema_valid() -> Work:
    return _xsd().is_valid


def _case(job: str, way: str, build: Callable[[], Work]) -> Case:
    def prepare(source: Path, _scratch: Path) -> Run:
        work = build()
        data = source.read_bytes()
        return lambda: work(data)

    return Case(job, way, prepare, "parse/bytes")


CASES = (
    _case("xml-json", "xmltodict", _xmltodict_read),
    _case("xml-json", "xmltodict-rs", partial(_xmltodict_read, "xmltodict_rs")),
    _case("xml-json", "xsdata", _xsdata_read),
    _case("xml-json", "pydantic-xml", _pydantic_read),
    _case("xml-json", "xmlschema", _xmlschema_read),
    _case("json-xml", "xmltodict", _xmltodict_write),
    _case("json-xml", "xmltodict-rs", partial(_xmltodict_write, "xmltodict_rs")),
    _case("json-xml", "xsdata", _xsdata_write),
    _case("json-xml", "pydantic-xml", _pydantic_write),
    _case("json-xml", "xmlschema", _xmlschema_write),
    _case("validate-xml", "lxml-XMLSchema", _lxml_valid),
    _case("validate-xml", "xmlschema", _xmlschema_valid),
    _case("validate-json", "jsonschema-rs", _jsonschema_rs_valid),
    _case("validate-json", "fastjsonschema", _fastjsonschema_valid),
    _case("validate-json", "jsonschema", _jsonschema_valid),
)
