"""``contracts derive``, ``check``, ``from-help`` and ``stubs``, and a user's folder from XSDs to conversions."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from convtool.model.folder import bundled_path
from tests.recordings import CONTRACTS, DATA, recorded
from tests.support import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run


def test_a_folder_with_only_exporter_xsds_and_one_sample_works_end_to_end(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    shutil.copytree(CONTRACTS / "xsd", folder)
    row = max(recorded("Facture"), key=lambda row: row["json"].count("Article"))
    (folder / "Facture.sample.json").write_text(row["json"], encoding="utf-8")

    result = run("contracts", "derive", folder, "--root", "Facture", "--order-from", folder / "Facture.sample.json")
    assert (result.exit_code, result.stdout, result.stderr) == (0, f"{folder}/Facture.schema.json\n", "")
    result = run("contracts", "check", folder)
    assert (result.exit_code, result.stdout) == (0, f"{folder}: sound\n")
    payload = tmp_path / "in.xml"
    payload.write_text(row["xml"], encoding="utf-8")
    assert run("validate", payload, "--schemas", folder).exit_code == 0
    assert run("convert", payload, "--schemas", folder).stdout == row["json"]
    assert run("convert", folder / "Facture.sample.json", "--schemas", folder).stdout == row.get("back", row["xml"])
    shown = run("sample", "Facture", "--schemas", folder)
    assert list(json.loads(shown.stdout)) == list(json.loads(row["json"]))


def test_derive_says_what_it_guessed(run: Run, tmp_path: Path) -> None:
    result = run("contracts", "derive", CONTRACTS / "xsd", "--root", "Arbre", "-o", tmp_path)
    assert result.exit_code == 0
    assert "Arbre.schema.json: guessed: Arbre: not shown by any source" in result.stderr
    assert run("contracts", "derive", CONTRACTS / "xsd", "--root", "Arbre", "--root", "Perdu").exit_code == 2


def test_derive_takes_the_declarations(run: Run, tmp_path: Path) -> None:
    result = run("contracts", "derive", CONTRACTS / "xsd", "--order-from", CONTRACTS / "contracts.cs", "-o", tmp_path)
    assert (result.exit_code, result.stderr) == (0, "")
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "Arbre.schema.json", "ArrayOfMesure.schema.json", "Facture.schema.json",
    ]  # fmt: skip


def test_derive_makes_both_halves_of_csharp_alone(run: Run, tmp_path: Path) -> None:
    result = run("contracts", "derive", CONTRACTS / "contracts.cs", "-o", tmp_path)
    assert result.exit_code == 0
    names = {path.name.removesuffix(".schema.json") for path in tmp_path.glob("*.schema.json")}
    assert names == {"Arbre", "Chantier", "Commande", "Facture", "Mesure"}
    result = run("contracts", "check", tmp_path)
    assert (result.exit_code, result.stdout) == (0, f"{tmp_path}: sound\n")
    assert "From contracts.cs" in (tmp_path / "Facture.schema.json").read_text("utf-8")
    (tmp_path / "more.cs").write_text("class A { public Far X; } class B { }", "utf-8")
    result = run("contracts", "derive", tmp_path / "more.cs", "-o", tmp_path / "more")
    assert (result.exit_code, result.stderr) == (
        1,
        "A: left out: A has the type Far, which is not declared in the source\n",
    )
    result = run("contracts", "derive", CONTRACTS / "contracts.cs", CONTRACTS / "xsd" / "urn_foret_2020.xsd")
    assert (result.exit_code, "--order-from" in result.stderr) == (2, True)


@pytest.mark.parametrize(
    ("words", "message", "hint"),
    [
        (["Order.cs", "doesnotexist"], "doesnotexist: No such file or directory", ""),
        (["Order.cs", "Ordre.xsd"], "Ordre.xsd: No such file or directory", "Did you mean Order.cs?"),
        (["Order.cs", "--json-names", "Camel"], "--json-names takes no 'Camel'", "Did you mean camel?"),
        (["--enum-names", "nmaes", "Order.cs"], "--enum-names takes no 'nmaes'", "Did you mean names"),
        (["Order.cs", "--json-names", "Pascal"], "--json-names takes no 'Pascal'", "There are: camel"),
        (["Order.cs", "--enum-names", "away.xsd"], "away.xsd: No such file or directory", ""),
    ],
)
def test_derive_says_which_word_is_wrong(
    words: list[str], message: str, hint: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "Order.cs").write_text("public class Order { public int X { get; set; } }", "utf-8")
    result = run("contracts", "derive", *words, "-o", "made")
    assert (result.exit_code, message in result.stderr, hint in result.stderr) == (2, True, True)
    assert not (tmp_path / "made").exists()
    assert run("contracts", "derive", "--json-names", "Order.cs", "-o", "made").exit_code == 0
    assert run("contracts", "derive", "Order.cs", "--enum-names", "-o", "more").exit_code == 0


def test_derive_refuses_source_that_is_cut_off(run: Run, tmp_path: Path) -> None:
    (tmp_path / "A.cs").write_text("public class A { public int X; }", "utf-8")
    (tmp_path / "B.cs").write_text("public class B {\n public int Y;\n public string Na", "utf-8")
    result = run("contracts", "derive", tmp_path, "-o", tmp_path / "made")
    assert result.exit_code == 2
    assert f"{tmp_path / 'B.cs'}: line 1: the {{ is not closed by the end of the file: a }} is missing" in result.stderr
    assert "hint: " in result.stderr
    assert not (tmp_path / "made").exists()


def test_from_openapi_makes_a_folder_that_is_sound(run: Run, tmp_path: Path) -> None:
    result = run("contracts", "from-openapi", DATA / "openapi" / "swashbuckle.json", "-o", tmp_path)
    assert result.exit_code == 0
    assert "guessed: Facture: Canal, Droits, Statut: the numbers of its names are taken to be their" in result.stderr
    assert "note: GET api/Factures/{id}/total: the response is a plain value" in result.stderr
    assert f"{tmp_path}/operations.toml\n" in result.stdout
    result = run("contracts", "check", tmp_path)
    assert (result.exit_code, result.stdout) == (0, f"{tmp_path}: sound\n")
    assert run("contracts", "from-openapi", tmp_path / "missing").exit_code == 2
    wrong = '{"openapi": "3.0.0", "components": {"schemas": {"A": {"$ref": "#/x"}, "B": {"type": "object"}}}}'
    (tmp_path / "wrong.json").write_text(wrong, "utf-8")
    result = run("contracts", "from-openapi", tmp_path / "wrong.json", "-o", tmp_path / "made")
    assert (result.exit_code, "left out: " in result.stderr, "B.schema.json" in result.stdout) == (1, True, True)


def test_from_samples_says_what_it_guessed_and_what_does_not_agree(run: Run, tmp_path: Path) -> None:
    row = recorded("Facture")[0]
    for kind in ("xml", "json"):
        (tmp_path / f"one.{kind}").write_text(row[kind], "utf-8")
    result = run("contracts", "from-samples", tmp_path / "one.xml", tmp_path / "one.json", "-o", tmp_path / "made")
    assert result.exit_code == 0
    assert "guessed: Facture: Facture/" in result.stderr
    assert run("contracts", "check", tmp_path / "made").exit_code == 0
    (tmp_path / "a.xml").write_text('<R xmlns="urn:r"><A>1</A><B>2</B></R>')
    (tmp_path / "b.xml").write_text('<R xmlns="urn:r"><B>2</B><A>1</A></R>')
    result = run("contracts", "from-samples", tmp_path / "a.xml", tmp_path / "b.xml", "-o", tmp_path / "made")
    assert (result.exit_code, "does not agree: R: b.xml: /R/A" in result.stderr) == (1, True)
    assert run("contracts", "from-samples", tmp_path / "missing.xml").exit_code == 2


def test_operations_prints_a_proposal(run: Run, tmp_path: Path) -> None:
    capture = ROOT / "samples" / "captures" / "conversation.http"
    for path in (ROOT / "schemas").glob("*.[xj]*"):
        shutil.copy(path, tmp_path)
    result = run("contracts", "operations", capture, "--schemas", tmp_path)
    wanted = '["POST api/ConsommationV2"]\nrequest = "ParamModel"\nresponse = "ArrayOfReponseV2Model"\n'
    assert (result.exit_code, result.stdout, result.stderr) == (0, wanted, "")
    result = run("contracts", "operations", capture)
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "3 of 3 exchanges are of operations that operations.toml has\n"
    assert run("contracts", "operations", tmp_path / "missing").exit_code == 2


def test_diff_tells_what_breaks_whom_in_every_form(run: Run, tmp_path: Path) -> None:
    old, new = (ROOT / "samples" / "changes" / name for name in ("v1", "v2"))
    result = run("contracts", "diff", old, new, "--report", tmp_path / "diff.html")
    assert result.exit_code == 1
    assert (
        "Commande: error: 'Client' is now required: breaks writers of XML and JSON. [change.required]" in result.stdout
    )
    assert result.stderr == f"{old}, {new}: 12 changes, 8 of them break readers or writers\n"
    assert "change.required" in (tmp_path / "diff.html").read_text("utf-8")
    again = ("contracts", "diff", old, new, "--report", tmp_path / "kept.txt")
    (tmp_path / "kept.txt").write_text("mine")
    assert (run(*again).exit_code, (tmp_path / "kept.txt").read_text()) == (2, "mine")
    assert run(*again, "--overwrite").exit_code == 1
    result = run("contracts", "diff", old, new, "--breaking", "--output-format", "json")
    found = [one for outcome in json.loads(result.stdout)["outcomes"] for one in outcome["diagnostics"]]
    assert (result.exit_code, {one["severity"] for one in found}, len(found)) == (1, {"error"}, 8)
    result = run("contracts", "diff", old, old)
    assert (result.exit_code, result.stdout) == (0, f"{old}, {old}: no changes\n")
    assert run("contracts", "diff", old, tmp_path / "missing").exit_code == 2


def test_check_takes_the_folder_that_is_settled(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("contracts", "check").exit_code == 2
    folder = bundled_path()
    assert run("contracts", "--schemas", folder, "check").stdout == f"{folder}: sound\n"
    monkeypatch.setenv("CONVTOOL_SCHEMAS", str(folder))
    assert run("contracts", "check").stdout == f"{folder}: sound\n"


def test_check_fails_with_places(run: Run, tmp_path: Path) -> None:
    run("contracts", "from-help", DATA / "help-page.txt", "-o", tmp_path)
    (tmp_path / "ParamModel.json").write_text('{"Fin": 1}')
    result = run("contracts", "check", tmp_path)
    assert result.exit_code == 1
    assert "ParamModel.json:1:9: error: not a valid ParamModel" in result.stdout
    assert result.stdout.endswith(f"{tmp_path}: 1 error\n")
    assert run("contracts", "check", tmp_path / "missing").exit_code == 2


def test_from_help_says_what_it_guessed(run: Run, tmp_path: Path) -> None:
    result = run("contracts", "from-help", DATA / "help-page.html", "-o", tmp_path)
    assert result.exit_code == 0
    assert f"{tmp_path}/operations.toml" in result.stdout
    assert "guessed: ParamModel: ParamModel.ProduitId" in result.stderr
    assert run("contracts", "from-help", tmp_path / "missing").exit_code == 2


def test_from_help_exits_with_1_where_the_pages_samples_are_not_one_value(run: Run, tmp_path: Path) -> None:
    page = (DATA / "help-page.txt").read_text(encoding="utf-8").replace("<ProduitId>1<", "<ProduitId>2<")
    (tmp_path / "page.txt").write_text(page, encoding="utf-8")
    result = run("contracts", "from-help", tmp_path / "page.txt", "-o", tmp_path / "s")
    assert result.exit_code == 1
    assert (
        "differs: ParamModel: the samples differ at /ProduitId for this contract: 2 in XML, 1 in JSON" in result.stderr
    )
    assert (tmp_path / "s" / "ParamModel.xsd").exists()


def test_derive_names_what_it_leaves_out_and_exits_with_1(run: Run, tmp_path: Path) -> None:
    shutil.copytree(CONTRACTS / "xsd", tmp_path / "s")
    (tmp_path / "s" / "torn.xsd").write_text("<xs:schema")
    result = run("contracts", "derive", tmp_path / "s", "--root", "Arbre")
    assert result.exit_code == 1
    assert "torn.xsd: left out: " in result.stderr
    assert (tmp_path / "s" / "Arbre.schema.json").exists()


def test_stubs_are_printed(run: Run) -> None:
    result = run("contracts", "stubs", "ParamModel")
    assert result.exit_code == 0
    assert "class ParamModel(msgspec.Struct):\n    Debut: str | msgspec.UnsetType = ..." in result.stdout
    assert run("contracts", "stubs", "Perdu").exit_code == 2
