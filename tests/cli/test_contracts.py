import shutil
from pathlib import Path

from tests.cli.conftest import ROOT, Run

TREE = """\
ParamModel: record ParamModel, nillable
namespace http://schemas.datacontract.org/2004/07/Facturation.Api.Models
members are in the order of XML; in brackets their positions in both formats
├── Debut: date or dateTime [XML 1, JSON 1]
│   Date de début de période (AAAA-MM-JJ)
├── Fin: date or dateTime [XML 2, JSON 2]
│   Date de fin de période (AAAA-MM-JJ)
└── ProduitId: int, nillable [XML 3, JSON 3]
    Permet de filtrer sur un produit en particulier, si pas de valeur on renvoie les consommations de tous les produits
"""


def test_the_list_is_one_name_a_line(run: Run) -> None:
    result = run("contracts")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "ArrayOfReponseV2Model\nParamModel\n", "")


def test_a_form_of_the_list_is_of_no_command(run: Run) -> None:
    told = "--output-format is of the list"
    for words, said in (
        (("check", "x"), told), (("operations", "a.har"), told),
        (("ParamModel",), "a contract is shown as a text alone"),
    ):  # fmt: skip
        result = run("contracts", "--output-format", "json", *words)
        assert (result.exit_code, result.stdout) == (2, "")
        assert said in result.stderr


def test_one_contract_is_a_tree(run: Run) -> None:
    result = run("contracts", "ParamModel")
    assert (result.exit_code, result.stdout) == (0, TREE)


def test_the_tree_shows_both_orders_where_they_differ(run: Run) -> None:
    lines = run("contracts", "ArrayOfReponseV2Model").stdout.splitlines()
    assert lines[0] == "ArrayOfReponseV2Model: list of ReponseV2Model, nillable"
    assert "    ├── ConsommationsDetails: list of ConsoV2Model, nillable [XML 1, JSON 5]" in lines
    assert "    │       │       └── Sequence: int [XML 3, JSON 1]" in lines
    assert "    └── ProduitId: int [XML 5, JSON 1]" in lines


def test_a_record_is_drawn_once(run: Run) -> None:
    text = run("contracts", "ArrayOfReponseV2Model").stdout
    assert text.count("record CompteurModel") == 2
    assert text.count("Libelle") == 1
    assert text.count("as above") == 1


def test_schemas_may_stand_before_or_after_the_name(run: Run, tmp_path: Path) -> None:
    for file in (ROOT / "schemas").glob("ParamModel.*"):
        shutil.copy(file, tmp_path)
    assert run("contracts", "--schemas", tmp_path).stdout == "ParamModel\n"
    assert run("contracts", "--schemas", tmp_path, "ParamModel").stdout == TREE
    assert run("contracts", "ParamModel", "--schemas", tmp_path).stdout == TREE
    refused = run("contracts", "--schemas", tmp_path, "ArrayOfReponseV2Model")
    assert refused.exit_code == 2
    assert "There are: ParamModel" in refused.stderr


def test_a_folder_without_contracts_says_so(run: Run, tmp_path: Path) -> None:
    result = run("contracts", "--schemas", tmp_path)
    assert (result.exit_code, result.stdout) == (0, "")
    assert "there is no contract in the folder" in result.stderr


def test_an_unknown_contract(run: Run) -> None:
    result = run("contracts", "Param")
    assert result.exit_code == 2
    assert "there is no contract 'Param'" in result.stderr


def test_a_broken_schema_is_an_error_that_names_the_file(run: Run, tmp_path: Path) -> None:
    shutil.copy(ROOT / "schemas" / "ParamModel.xsd", tmp_path)
    (tmp_path / "ParamModel.schema.json").write_text("{")
    result = run("contracts", "--schemas", tmp_path, "ParamModel")
    assert result.exit_code == 2
    assert "ParamModel.schema.json: not JSON" in result.stderr
