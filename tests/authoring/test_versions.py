"""What changed between two versions of a contract, and whom it breaks."""

from __future__ import annotations

import json
import os
import shutil
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest

from convtool.authoring.csharp import parse
from convtool.authoring.csharp_contracts import contracts_of
from convtool.authoring.diff import Breaks, Change, changes
from convtool.authoring.versions import compare_versions, report_on
from convtool.errors import ContractError
from convtool.model.contract import Contract, Record
from convtool.reports import REPORTERS
from tests.support import ROOT, schema_of

if TYPE_CHECKING:
    from pathlib import Path

SAMPLES = ROOT / "samples" / "changes"
READ, WRITE, BOTH = "reader", "writer", "reader writer"


def contract(text: str) -> Contract:
    """Give the contract of C#: what is compared is a pair of models, whatever they are made of."""
    [first, *_] = contracts_of(parse(f"namespace N {{ {text} }}"), ["R"]).contracts
    return first


def one(old: str, new: str) -> tuple[str, str, str, str]:
    """Give code, path and whom it breaks in XML and JSON of the one change between two classes."""
    [found] = changes(contract(old), contract(new))
    assert found.message.endswith(".")
    return found.code, found.path, found.breaks.xml, found.breaks.json


def record(members: str) -> str:
    return f"[DataContract] public class R {{ {members} }}"


def member(declared: str, *attributes: str) -> str:
    said = ", ".join(attributes)
    return f"[DataMember({said})] public {declared} {{ get; set; }} "


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ("", member("int A"), ("change.added", "/A", "", "")),
        ("", member("int A", "IsRequired = true"), ("change.added", "/A", WRITE, WRITE)),
        (member("int A"), "", ("change.removed", "/A", "", "")),
        (member("int A", "IsRequired = true"), "", ("change.removed", "/A", READ, READ)),
        (member("int A"), member("int A", "IsRequired = true"), ("change.required", "/A", WRITE, WRITE)),
        (member("int A", "IsRequired = true"), member("int A"), ("change.required", "/A", READ, READ)),
        (member("int A"), member("int? A"), ("change.null", "/A", READ, READ)),
        (member("int? A"), member("int A"), ("change.null", "/A", WRITE, WRITE)),
        (member("int A"), member("long A"), ("change.type", "/A", READ, READ)),
        (member("long A"), member("int A"), ("change.type", "/A", WRITE, WRITE)),
        (member("int A"), member("decimal A"), ("change.type", "/A", READ, READ)),
        (member("byte A"), member("sbyte A"), ("change.type", "/A", BOTH, BOTH)),
        (member("Guid A"), member("bool A"), ("change.type", "/A", BOTH, BOTH)),
        (member("int A"), member("object A"), ("change.type", "/A", READ, READ)),
        (member("List<int> A"), member("string A"), ("change.type", "/A", BOTH, BOTH)),
        (member("int A", "EmitDefaultValue = false"), member("int A"), ("change.form", "/A", "", "")),
        (member("int A"), member("int A", 'Name = "B"'), None),
    ],
)  # fmt: skip
def test_a_member_that_changes_breaks_whom_dotnet_would_fail(
    old: str, new: str, wanted: tuple[str, str, str, str] | None
) -> None:
    kept = member("string Z")
    if wanted is None:  # another name is another member: neither format tells that it is the same
        found = changes(contract(record(old + kept)), contract(record(new + kept)))
        assert [(change.code, change.path) for change in found] == [("change.removed", "/A"), ("change.added", "/B")]
    elif wanted[0] == "change.type" and ("object" in new or "string" in new):
        found = changes(contract(record(old + kept)), contract(record(new + kept)))
        assert wanted in [(change.code, change.path, change.breaks.xml, change.breaks.json) for change in found]
    else:
        assert one(record(old + kept), record(new + kept)) == wanted


def test_an_order_in_xml_breaks_both_and_one_in_json_nobody() -> None:
    first, second = member("int A") + member("int B"), member("int A", "Order = 1") + member("int B")
    found, _ = changes(contract(record(first)), contract(record(second)))  # C# alone says no order of JSON
    assert (found.code, found.path, found.breaks) == ("change.order", "/B", Breaks(xml=BOTH))
    model = contract(record(first))
    root = model.root_type
    assert isinstance(root, Record)
    types = {**model.types, model.root: Record(root.key, root.members, json_order=(1, 0))}
    [found] = changes(model, Contract(model.name, model.namespace, model.root, types))
    assert (found.code, found.breaks) == ("change.order", Breaks())


def test_a_member_that_is_new_in_between_is_no_other_order() -> None:
    a, b, c = (member(f"int {name}") for name in "ABC")
    assert one(record(a + c), record(a + b + c)) == ("change.added", "/B", "", "")


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ("A, B", "A, B, C", [("reader", "reader")]),
        ("A, B, C", "A, B", [("writer", "writer")]),
        ("A, B", "A, C", [("writer", ""), ("reader", "")]),  # the number stays
        ("A, B = 1", "A, B = 2", [("", BOTH)]),
    ],
)
def test_values_of_enumerations(old: str, new: str, wanted: list[tuple[str, str]]) -> None:
    use = record(member("E A"))
    found = changes(*(contract(f"public enum E {{ {values} }} {use}") for values in (old, new)))
    assert [(change.code, change.path) for change in found] == [("change.values", "/A")] * len(wanted)
    assert [(change.breaks.xml, change.breaks.json) for change in found] == wanted


def test_lists_dictionaries_namespaces_and_recursion() -> None:
    old = record(member("List<A> L") + member("Dictionary<string, int> D") + member("R Self"))
    new = record(member("List<B> L") + member("Dictionary<string, long> D") + member("R Self"))
    classes = "".join(f"[DataContract] public class {name} {{ [DataMember] public int X; }}" for name in "AB")
    found = changes(contract(old + classes), contract(new + classes))
    assert {(change.code, change.path, change.breaks.xml, change.breaks.json) for change in found} == {
        ("change.renamed", "/L/*", BOTH, ""), ("change.renamed", "/D", BOTH, ""), ("change.type", "/D/*", READ, READ),
    }  # fmt: skip
    elsewhere = record(member("int A")).replace("DataContract", 'DataContract(Namespace = "urn:x")')
    moved = changes(contract(record(member("int A"))), contract(elsewhere))
    assert [(change.code, change.path) for change in moved] == [("change.renamed", "/"), ("change.renamed", "/A")]


def test_derived_types_break_the_readers_that_do_not_know_them() -> None:
    base = "[KnownType(typeof(D))] [DataContract] public class R { } [DataContract] public class D : R { }"
    found = one(base.replace("[KnownType(typeof(D))] ", ""), base)
    assert found == ("change.added", "/", READ, "")


def test_the_same_is_the_same() -> None:
    for name in ("v1", "v2"):
        assert all(found.changes == () for found in compare_versions(SAMPLES / name, SAMPLES / name))


def test_two_contracts_are_compared_whatever_their_names_are(tmp_path: Path) -> None:
    half = SAMPLES / "v1" / "Retour.schema.json"
    [found] = compare_versions(half, SAMPLES / "v2" / "Commande.schema.json", breaking=True)
    assert found.name == "Retour"
    assert any(change.code == "change.renamed" and change.path == "/" for change in found.changes)
    shutil.copy(SAMPLES / "v1" / "schemas.datacontract.org_2004_07_Boutique.Versions.xsd", tmp_path / "Retour.xsd")
    shutil.copy(half, tmp_path)
    [same] = compare_versions(tmp_path / "Retour.xsd", half)
    assert same.changes == ()


def test_what_is_no_version_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match="does not exist"):
        compare_versions(tmp_path / "missing", SAMPLES / "v1")
    with pytest.raises(ContractError, match="there is no contract in it"):
        compare_versions(SAMPLES / "v1", tmp_path)


def test_the_sample_shows_every_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    compared = compare_versions(SAMPLES.relative_to(ROOT) / "v1", SAMPLES.relative_to(ROOT) / "v2")
    shown = "".join(f"{found.text(item.name)}\n" for item in compared for found in item.diagnostics())
    path = SAMPLES / "changes.report.txt"
    if os.environ.get("CONVTOOL_UPDATE"):
        path.write_text(shown, "utf-8")
    assert shown == path.read_text("utf-8")


@pytest.mark.parametrize("form", REPORTERS)
def test_every_form_of_a_report_has_the_changes(form: str) -> None:
    about, outcomes = report_on(compare_versions(SAMPLES / "v1", SAMPLES / "v2"))
    text = "".join(REPORTERS[form].pieces(about, outcomes))
    assert text.count("is now required") >= 1
    assert "change.required" in text
    if form == "json":
        schema_of("run").validate(json.loads(text))
    if form == "sarif":
        rules = json.loads(text)["runs"][0]["tool"]["driver"]["rules"]
        assert {rule["id"] for rule in rules} >= {"change.type", "change.null"}
    if form == "junit":
        assert [case.get("name", "").rpartition("/")[2] for case in ElementTree.fromstring(text).iter("testcase")] == [
            "Commande.schema.json", "Retour.schema.json",
        ]  # fmt: skip


def test_severity_is_by_whom_a_change_breaks() -> None:
    severities = [Change("change.removed", "/", "x", breaks).severity for breaks in (Breaks("reader"), Breaks())]
    severities.append(Change("change.added", "/", "x").severity)
    assert [str(level) for level in severities] == ["error", "warning", "notice"]
