"""The model written as .NET's exporter writes it."""

from __future__ import annotations

import pytest

from convtool.authoring.xsd_writer import file_name, write_xsds
from convtool.errors import ContractError
from convtool.model.contract import XSD, Contract, Member, Record, Scalar
from convtool.model.xsd import compile_xsd
from tests.recordings import CONTRACTS
from tests.support import LIST, PARAM, SCHEMAS

XSDS = CONTRACTS / "xsd"
ROOTS = {
    "Facture": "schemas.datacontract.org_2004_07_Boutique.Models.xsd",
    "ArrayOfMesure": "schemas.datacontract.org_2004_07_Atelier.Capteurs.xsd",
    "Arbre": "urn_foret_2024.xsd",
}


def test_exported_schemas_are_written_again_word_for_word() -> None:
    texts = write_xsds(compile_xsd(XSDS / file, name) for name, file in ROOTS.items())
    written = {file_name(namespace): text.rstrip() for namespace, text in texts.items()}
    exported = {path.name: path.read_text(encoding="utf-8-sig").rstrip() for path in XSDS.glob("*.xsd")}
    assert written == exported


@pytest.mark.parametrize("name", [LIST, PARAM])
def test_bundled_schemas_are_written_again_but_for_the_language(name: str) -> None:
    path = SCHEMAS / f"{name}.xsd"
    (text,) = write_xsds([compile_xsd(path, name)]).values()
    assert text == path.read_text(encoding="utf-8").replace(' xml:lang="fr"', "")


def test_comments_cannot_end_early() -> None:
    (text,) = write_xsds([compile_xsd(SCHEMAS / f"{PARAM}.xsd", PARAM)], ["a --> b"]).values()
    assert "<!-- a - -> b -->" in text


def test_a_member_without_a_name_is_refused() -> None:
    of = Record("{urn:x}R", (Member("", "urn:x", f"{{{XSD}}}string", nillable=True),))
    with pytest.raises(ContractError, match=r"a member of .* has no name"):
        write_xsds([Contract("R", "urn:x", "{urn:x}R", {"{urn:x}R": of})])


def test_facets_are_refused_rather_than_lost() -> None:
    model = Contract("Code", "urn:x", "{urn:x}Code", {"{urn:x}Code": Scalar("{urn:x}Code", "string")})
    with pytest.raises(ContractError, match="by facets"):
        write_xsds([model])
