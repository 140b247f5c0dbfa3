"""XSDs of a folder as one set: imports that lack, .NET's own schemas that lack, one name in several namespaces."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from convtool.authoring.check import check_folder
from convtool.authoring.derive import derive, write
from convtool.catalog import Catalog
from convtool.errors import ContractError
from convtool.model.contract import SERIALIZATION

if TYPE_CHECKING:
    from pathlib import Path

CLR = "http://schemas.datacontract.org/2004/07/"


def schema(namespace: str, content: str) -> str:
    names = f'xmlns:t="{namespace}" xmlns:a="{CLR}Acme.Api" xmlns:ser="{SERIALIZATION}" xmlns:r="{SERIALIZATION}Arrays"'
    return (
        f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" {names} xmlns:s="{CLR}System" '
        f'targetNamespace="{namespace}" elementFormDefault="qualified">{content}</xs:schema>'
    )


def record(name: str, members: str, prefix: str = "t") -> str:
    return (
        f'<xs:complexType name="{name}"><xs:sequence>{members}</xs:sequence></xs:complexType>'
        f'<xs:element name="{name}" nillable="true" type="{prefix}:{name}"/>'
    )


NUMBER = '<xs:element minOccurs="0" name="No" type="xs:int"/>'
ANSWER = schema(f"{CLR}Acme.Api", record("FindAnswer", NUMBER) + record("Other", NUMBER))
WRAPPER = (
    '<xs:element name="FindAnswer"><xs:complexType><xs:sequence><xs:element minOccurs="0" name="FindResult" '
    'nillable="true" type="a:FindAnswer"/></xs:sequence></xs:complexType></xs:element>'
)


def made(folder: Path, files: dict[str, str], *roots: str) -> Catalog:
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    write(derive([folder], roots=roots), folder)
    assert check_folder(folder) == []
    return Catalog(folder)


def test_schemas_of_a_folder_see_each_other_without_imports(tmp_path: Path) -> None:
    more = schema("urn:more", record("More", '<xs:element minOccurs="0" name="O" nillable="true" type="a:Other"/>'))
    catalog = made(tmp_path, {"data.xsd": ANSWER, "more.xsd": more})
    assert catalog.contracts() == ["FindAnswer", "More"]
    document = catalog.contract("More").to_xml(b'{"O":{"No":1}}')
    assert catalog.contract("More").to_json(document) == b'{"O":{"No":1}}'


def test_dotnets_own_schemas_need_not_be_in_the_folder(tmp_path: Path) -> None:
    members = (
        '<xs:element minOccurs="0" name="Id" type="ser:guid"/>'
        '<xs:element minOccurs="0" name="Tags" nillable="true" type="r:ArrayOfstring"/>'
        '<xs:element minOccurs="0" name="When" type="s:DateTimeOffset"/>'
    )
    catalog = made(tmp_path, {"a.xsd": schema("urn:a", record("A", members))})
    text = b'{"Id":"6f9619ff-8b86-d011-b42d-00cf4fc964ff","Tags":["x"],"When":"2026-03-22T10:00:00+01:00"}'
    codec = catalog.contract("A")
    assert codec.to_json(codec.to_xml(text)) == text


def test_what_no_file_has_is_still_an_error(tmp_path: Path) -> None:
    lost = schema("urn:a", record("A", '<xs:element name="O" type="a:Other"/>'))
    (tmp_path / "a.xsd").write_text(lost, encoding="utf-8")
    with pytest.raises(ContractError, match="a:Other"):
        derive([tmp_path])


def test_a_wrapper_is_no_rival_of_a_contract_of_its_name(tmp_path: Path) -> None:
    files = {"data.xsd": ANSWER, "service.xsd": schema("http://tempuri.org/", WRAPPER)}
    catalog = made(tmp_path, files)
    assert catalog.contracts() == ["FindAnswer", "Other"]
    assert catalog.contract("FindAnswer").model.namespace == f"{CLR}Acme.Api"


def test_a_wrapper_that_is_asked_for_has_a_file_of_its_own(tmp_path: Path) -> None:
    files = {"data.xsd": ANSWER, "service.xsd": schema("http://tempuri.org/", WRAPPER)}
    catalog = made(tmp_path, files, "FindAnswer", "{http://tempuri.org/}FindAnswer")
    assert catalog.contracts() == ["FindAnswer", "tempuri.org.FindAnswer"]
    own, wrapper = (catalog.contract(name) for name in catalog.contracts())
    text = b'{"FindResult":{"No":1}}'
    document = wrapper.to_xml(text)
    assert document.startswith(b"<FindAnswer ")
    assert b'xmlns="http://tempuri.org/"' in document
    assert wrapper.to_json(document) == text
    assert catalog.detect(document)[0] == wrapper.name == "tempuri.org.FindAnswer"
    assert catalog.detect(own.to_xml(b'{"No":1}'))[0] == "FindAnswer"
    assert "/FindAnswer/FindResult/No" in [one.path for one in wrapper.validate(document.replace(b">1<", b">x<"))]


def test_contracts_of_one_name_get_a_file_each(tmp_path: Path) -> None:
    files = {"a.xsd": schema(f"{CLR}A.B", record("X", NUMBER)), "c.xsd": schema("urn:c/d", record("X", NUMBER))}
    catalog = made(tmp_path, files)
    assert catalog.contracts() == ["A.B.X", "urn_c_d.X"]
    for name in catalog.contracts():
        assert catalog.detect(catalog.contract(name).to_xml(b'{"No":1}'))[0] == name
    with pytest.raises(ContractError, match="say which: --root"):
        derive([tmp_path], roots=["X"])
