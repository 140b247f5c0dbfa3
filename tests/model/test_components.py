"""Roots of a folder of exported XSDs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from convtool.errors import ContractError
from convtool.model.components import components, read_tree, root_names
from tests.recordings import CONTRACTS
from tests.support import LIST, PARAM, SCHEMAS

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("folder", "roots"), [(CONTRACTS / "xsd", ["ArrayOfMesure", "Facture", "Arbre"]), (SCHEMAS, [LIST, PARAM])]
)
def test_roots_are_what_nothing_else_uses(folder: Path, roots: list[str]) -> None:
    assert root_names(one for path in sorted(folder.glob("*.xsd")) for one in components(path)) == roots


def test_components_that_differ_in_prefixes_only_are_the_same(tmp_path: Path) -> None:
    for prefix in ("a", "b"):
        text = (SCHEMAS / f"{PARAM}.xsd").read_text(encoding="utf-8").replace("tns:", f"{prefix}:")
        (tmp_path / prefix).write_text(text.replace("xmlns:tns", f"xmlns:{prefix}"), encoding="utf-8")
    one, other = (components(tmp_path / prefix) for prefix in ("a", "b"))
    assert [c.canonical for c in one] == [c.canonical for c in other]
    assert len({c.canonical for c in one}) == len(one)


def test_notes_may_have_names_beyond_ascii(tmp_path: Path) -> None:
    note = '<xs:annotation><xs:appinfo><\u0152uvre \u00e9="1"/></xs:appinfo></xs:annotation>'
    text = (SCHEMAS / f"{PARAM}.xsd").read_text(encoding="utf-8")
    (tmp_path / "x.xsd").write_text(text.replace("<xs:sequence>", f"{note}<xs:sequence>", 1), encoding="utf-8")
    assert root_names(components(tmp_path / "x.xsd")) == [PARAM]


@pytest.mark.parametrize(
    "content", [b"", b"<a/>", b"<xs:schema", b'<!DOCTYPE a [<!ENTITY e SYSTEM "/etc/passwd">]><a>&e;</a>']
)
def test_what_is_no_schema_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.xsd").write_bytes(content)
    with pytest.raises(ContractError, match=r"x\.xsd"):
        components(tmp_path / "x.xsd")


def test_a_namespace_may_be_an_iri_but_nothing_else_that_is_no_uri() -> None:
    text = '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:{}" targetNamespace="urn:{}"/>'
    assert read_tree(text.format("été", "été").encode()).get("targetNamespace") == "urn:été"
    for wrong in ("été>", "{été", "a b é"):
        with pytest.raises(ValueError, match="not a valid URI"):
            read_tree(text.format(wrong, "x").encode())
