"""Contracts from C# source alone, held against what .NET exported and wrote of the same source."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

import convtool
from convtool.authoring.clr_names import clr_namespace, encoded
from convtool.authoring.csharp import parse, read
from convtool.authoring.csharp_contracts import CSharp, contracts_of
from convtool.authoring.dialect import Dialect
from convtool.authoring.from_csharp import csharp_files, from_csharp
from convtool.errors import ContractError, SourceError
from convtool.model.contract import Enumeration, Record
from convtool.model.folder import Folder
from convtool.model.xsd import compile_xsd
from tests.conformance.test_contracts import BY_HAND, DRAWN, RANDOM, SOURCE, differing, rows
from tests.recordings import CONTRACTS, DATA

if TYPE_CHECKING:
    from pathlib import Path

    from convtool.model.contract import Contract, Type

NAMES = DATA / "csharp"
ROOT_OF = {"Names": (NAMES / "Names.cs", NAMES / "xsd", ["Root", "Glob", "Par"]),
           "nested": (SOURCE, CONTRACTS / "nested" / "xsd", ["Chantier", "ArrayOfOuvrier"]),
           "recorded": (SOURCE, CONTRACTS / "xsd", ["Facture", "ArrayOfMesure", "Arbre"]),
           "dialects": (SOURCE, CONTRACTS / "dialects" / "xsd", ["Commande"])}  # fmt: skip


def exported(xsds: Path, name: str) -> Contract:
    """Give the contract that .NET's exporter wrote."""
    return compile_xsd(Folder(xsds).xsd(name), name)


def other(wanted: Contract, got: Contract) -> dict[str, tuple[Type, Type | None]]:
    """Give the types that differ; .NET's own scalars are there only where a member has them."""
    found = {key: (kind, got.types.get(key)) for key, kind in wanted.types.items() if got.types.get(key) != kind}
    return {key: pair for key, pair in found.items() if pair[1] is not None or "XMLSchema}" not in key}


@pytest.mark.parametrize("name", ROOT_OF)
def test_types_are_those_of_dotnets_exporter(name: str) -> None:
    source, xsds, roots = ROOT_OF[name]
    made = contracts_of(read([source]), roots)
    assert [one.name for one in made.contracts] == roots
    assert made.notes == []
    for contract in made.contracts:
        wanted = exported(xsds, contract.name)
        assert other(wanted, contract) == {}
        assert (contract.root, contract.namespace) == (wanted.root, wanted.namespace)


@pytest.mark.parametrize(
    "path", [pytest.param(path, id=path.name) for base in (RANDOM, DRAWN) for path in sorted(base.glob("*/"))]
)
@pytest.mark.short(16)
def test_types_at_random_are_those_of_dotnets_exporter(path: Path) -> None:
    source = next(path.glob("*.cs"), RANDOM / "Random.cs")
    [contract] = contracts_of(read([source]), [path.name]).contracts
    wanted = exported(path / "xsd", path.name)
    assert other(wanted, contract) == {}
    assert (contract.root, contract.namespace) == (wanted.root, wanted.namespace)


@pytest.mark.parametrize("name", BY_HAND)
def test_schemas_from_source_alone_convert_as_dotnet_wrote(name: str, tmp_path: Path) -> None:
    made = from_csharp([SOURCE], roots=[name])
    assert made.notes == []
    for file, text in made.files.items():
        (tmp_path / file).write_text(text, "utf-8")
    codec = convtool.Catalog(tmp_path).contract(name)
    assert differing(codec, rows(BY_HAND[name] / name / "wire.jsonl")) == {}


def made(text: str, *roots: str) -> CSharp:
    return contracts_of(parse(text), roots)


def test_what_cannot_be_had_is_named_and_stops_no_other() -> None:
    found = made("namespace N; public class A { public Foo.Bar X { get; set; } } public class B : Far { }")
    assert [one.name for one in found.contracts] == ["B"]
    assert found.notes == ["N.B: its base Far is not declared in the source: taken to have no members"]
    assert found.left_out == {"N.A": "N.A has the type Foo.Bar, which is not declared in the source"}


@pytest.mark.parametrize(
    ("text", "roots", "message"),
    [
        ("interface I { }", (), "declares no type that is a data contract"),
        ("class A { }", ("B",), "there is no contract 'B' in the C# source, which declares A"),
        ("class A { public int[,] X; }", ("A",), "A has an array of several dimensions, which no data contract has"),
        ("class A { public A(int x) { } public S Y; } static class S { }", ("A",), "A has the type S, which is static"),
        ("class A { public (int, string) X; }", ("A",), "A has the member X, whose type is none that data contracts"),
        ("enum E { A = sizeof(int) } class A { public E X; }", ("A",), "E.A has a number that is not understood"),
        ("[DataContract(Namespace = Far.Away)] class A { }", ("A",), "the Namespace of [DataContract] is Far.Away"),
        ("namespace N { class A { } } namespace M { class A { } }", ("A",), "may be {http://schemas.datacontract.org"),
        (
            '[DataContract(Name = "B")] class A { } class B { }', ("B",), "are both the contract B of",
        ),
    ],
)  # fmt: skip
def test_what_is_no_contract_is_refused_with_its_reason(text: str, roots: tuple[str, ...], message: str) -> None:
    with pytest.raises(ContractError) as error:
        made(text, *roots)
    assert message in str(error.value)


def test_a_root_is_named_with_its_namespace_where_several_have_the_name() -> None:
    found = contracts_of(
        parse("namespace N { class A { } } namespace M { class A { } }"), [f"{{{clr_namespace('M')}}}A"]
    )
    assert [(one.name, one.namespace) for one in found.contracts] == [("A", clr_namespace("M"))]


def test_two_contracts_of_one_name_have_a_file_each(tmp_path: Path) -> None:
    path = tmp_path / "a.cs"
    path.write_text("namespace N { class A { public int X; } } namespace M { class A { public string Y; } }", "utf-8")
    made = from_csharp([path], roots=[f"{{{clr_namespace(name)}}}A" for name in "MN"])
    for file, text in made.files.items():
        (tmp_path / file).write_text(text, "utf-8")
    catalog = convtool.Catalog(tmp_path)
    assert len(catalog.contracts()) == 2
    assert {catalog.contract(name).model.namespace for name in catalog.contracts()} == set(map(clr_namespace, "MN"))


def test_known_types_come_along_and_files_are_read_together(tmp_path: Path) -> None:
    (tmp_path / "a.cs").write_text("public partial class A { public B Own { get; set; } }", "utf-8")
    (tmp_path / "b.cs").write_text(
        "[KnownType(typeof(C))] [KnownType(typeof(D))] public class B { } public class C : B { public int X; } "
        "public class D : B { } public partial class A { public int More { get; set; } }",
        "utf-8",
    )
    [contract] = contracts_of(read(csharp_files([tmp_path])), ["A"]).contracts
    keys = {name: f"{{{clr_namespace('')}}}{name}" for name in "ABCD"}
    assert contract.derived == {keys["B"]: (keys["D"], keys["C"])}
    assert [member.name for member in contract.types[keys["A"]].members] == ["More", "Own"]  # type: ignore[union-attr]


def test_source_beside_xsds_is_for_the_order(tmp_path: Path) -> None:
    (tmp_path / "a.cs").write_text("class A { }", "utf-8")
    (tmp_path / "a.xsd").write_text("", "utf-8")
    assert csharp_files([tmp_path]) == []
    with pytest.raises(ContractError, match="--order-from"):
        csharp_files([tmp_path / "a.cs", tmp_path / "a.xsd"])


NUMBERS = """using static N.K; using S = System.Int32;
namespace N {
  public static class K { public const int Three = 3, Four = Three << 0 | 4; public const long Big = 1L << 40; }
  public class Outer : Above { const int Own = 7; public enum E %s { Red = 1, Green, X = %s, Next, Late = 40 }
    public E A; }
  public class Above { protected const byte In = 'a' - 88; }
  public enum Other : byte { A = 5, B }
  [Flags] public enum F { None, One = 1 << K.Three }
}"""


def number(expression: str, beneath: str = "") -> int | str:
    """Give the number of X in an enumeration; of one that is not understood what the error says behind its name."""
    try:
        [contract] = made(NUMBERS % (beneath, expression), "Outer").contracts
    except ContractError as error:
        return str(error).partition("E.X ")[2]
    kind = contract.types[f"{{{clr_namespace('N')}}}Outer.E"]
    assert isinstance(kind, Enumeration)
    numbers = dict(kind.values)
    assert numbers["Next"] == numbers["X"] + 1
    return numbers["X"]


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        ("1 << 2", 4), ("(1 << 2)", 4), ("'a'", 97), (r"'\''", 39), (r"'\u0041'", 65), (r"'\ud83d'", 0xD83D),
        ("'\"'", 34),
        ("Other.B", 6), ("(int)Other.B", 6), ("(Other)2 | (N.Other)4", 6), ("global::N.Other.A", 5), ("F.One", 8),
        ("int.MaxValue - 1", 2**31 - 2), ("System.Int16.MaxValue", 32767), ("byte.MinValue", 0),
        ("Int32.MaxValue >> 1", 2**30 - 1),
        ("Red | Green", 3), ("E.Red", 1), ("Outer.E.Green + Red", 3), ("@Red", 1), ("Late", 40), ("~0", -1),
        ("Red + 1", 2),
        ("K.Three", 3), ("N.K.Four", 7), ("Three", 3), ("Own", 7), ("In", 9), ("-Red", -1), ("-(1)", -1), ("+1", 1),
        ("(Red) - 1", 0),
        ("(int)-1", -1), ("(S)3", 3), ("0xFF", 255), ("0b1010_0101", 165), ("1_000", 1000), ("010", 10), ("3u", 3),
        ("3UL", 3),
        ("6 ^ 3", 5), ("6 & 3", 2), ("3 * 4 - 1", 11), ("7 % 4", 3), ("-7 / 2", -3), ("-7 % 4", -3), ("256 >> 4", 16),
        ("-1 >>> 28", 15), ("1 | 2 << 1 & 6 ^ 1", 5), ("2 + 3 << 1", 10), ("1 << 31", -(2**31)), ("1 << 33", 2),
        ("-2147483648", -(2**31)), ("unchecked(int.MaxValue + 2)", 1 - 2**31), ("unchecked((byte)257)", 1),
        ("checked(1 + 1)", 2),
        ("1 << 999999970", 1 << (999999970 % 32)), ("1" + " + 1" * 3000, 3001), (f"{'(' * 40}1{')' * 40}", 1),
    ],
)  # fmt: skip
def test_a_number_of_an_enumeration_is_what_csharp_makes_of_its_expression(expression: str, wanted: int) -> None:
    assert number(expression) == wanted


@pytest.mark.parametrize(
    ("beneath", "expression", "wanted"),
    [
        (": long", "1L << 40", 1 << 40), (": long", "1 << 40", 256), (": long", "K.Big", 1 << 40),
        (": ulong", "0xFFFF_FFFF_FFFF_FFF0", 2**64 - 16), (": long", "-9223372036854775808", -(2**63)),
        (": uint", "0x80000000", 2**31), (": uint", "~1u", 2**32 - 2), (": byte", "0xFF & ~Red", 254),
        (": System.UInt64", "1ul << 63", 1 << 63), (": global::System.Byte", "1 << 3", 8), (": sbyte", "-128", -128),
    ],
)  # fmt: skip
def test_the_type_beneath_an_enumeration_says_its_range(beneath: str, expression: str, wanted: int) -> None:
    assert number(expression, beneath) == wanted


@pytest.mark.parametrize(
    ("beneath", "expression"),
    [
        ("", "2147483648"), ("", "int.MaxValue + 1"), ("", "(byte)256"), (": byte", "256"), (": byte", "-1"),
        (": ulong", "1ul - 2"),
        ("", "1 / 0"), ("", "1 % 0"), ("", "1.5"), ("", '"a"'), ("", "'ab'"), ("", "0x"), ("", "1 +"), ("", "1 2"),
        ("", "!1"),
        ("", "1 == 1"), ("", "1 || 0"), ("", "true ? 1 : 2"), ("", "sizeof(int)"), ("", "Nowhere.X"),
        ("", "Other.C"), ("", "X"),
        ("", "K.Three.Two"), ("", "1or 2"), ("", "1 is 1"), ("", "9" * 5000), ("", f"{'(' * 3000}1{')' * 3000}"),
        ("", "-" * 3000 + "1"),
    ],
)  # fmt: skip
def test_a_number_that_is_not_understood_is_shown(beneath: str, expression: str) -> None:
    found = number(expression, beneath)
    assert isinstance(found, str)
    assert found.startswith(f"has a number that is not understood: {expression[:1]}")
    assert len(found) < 120


@pytest.mark.parametrize(
    ("names", "wanted"),
    [
        ("A = B, B = A", "E.A has a number that is not understood: B"),
        ("A, B = 1 + C, C = B", "E.B has a number that is not understood: 1+C"),
        ("A = int.MaxValue, B", "E.B has a number that is not understood: int.MaxValue"),
        (f"A0 = A1 + A1, {', '.join(f'A{at} = A{at + 1} + A{at + 1}' for at in range(1, 1000))}, A1000", "A1+A1"),
    ],
)
def test_numbers_that_lead_back_to_themselves_are_not_understood(names: str, wanted: str) -> None:
    with pytest.raises(ContractError) as error:
        made(f"enum E {{ {names} }} class A {{ public E X; }}", "A")
    assert wanted in str(error.value)


def test_constants_of_other_files_and_parts_count(tmp_path: Path) -> None:
    (tmp_path / "a.cs").write_text("partial class A { public E X; enum E { One = B.Two - Own } }", "utf-8")
    (tmp_path / "b.cs").write_text(
        "partial class A { const byte Own = 1; } class B { internal const int Two = 2; }", "utf-8"
    )
    [contract] = contracts_of(read(csharp_files([tmp_path])), ["A"]).contracts
    assert any(isinstance(kind, Enumeration) and kind.values == (("One", 1),) for kind in contract.types.values())


def test_two_escapes_may_be_one_character(tmp_path: Path) -> None:
    path = tmp_path / "a.cs"
    path.write_text(
        r'[DataContract(Namespace = "urn:\ud83d\ude00")] public class A { [DataMember] public int B; }', "utf-8"
    )
    assert any("urn:\U0001f600" in text for text in from_csharp([path]).files.values())


@pytest.mark.parametrize("escape", [r"\ud83d", r"\U00110000", r"\U0000d83d"])
def test_an_escape_that_is_no_character_is_refused(escape: str, tmp_path: Path) -> None:
    path = tmp_path / "a.cs"
    path.write_text(
        f'[DataContract(Namespace = "urn:{escape}")] public class A {{ [DataMember] public int B; }}', "utf-8"
    )
    with pytest.raises(ContractError, match="an escape that is no character"):
        from_csharp([path])


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.cs").write_bytes(b"\xff")
    with pytest.raises(SourceError, match="not UTF-8"):
        read([tmp_path / "a.cs"])
    with pytest.raises(SourceError, match="No such file"):
        read([tmp_path / "b.cs"])


@pytest.mark.parametrize(
    ("name", "wanted"),
    [("a b", "a_x0020_b"), ("<N>k__", "_x003C_N_x003E_k__"), ("1a", "_x0031_a"), ("_x0041_", "_x005F_x0041_"),
     ("été", "été"), ("😀", "_x0001F600_"), ("", "")],
)  # fmt: skip
def test_names_are_spelled_as_elements_have_them(name: str, wanted: str) -> None:
    assert encoded(name) == wanted


DIALECTS = {
    "Commande": Dialect(),
    "Facture.camel": Dialect(json_names="camel"),
    "Facture.nonull": Dialect(omit_nulls=True),
    "Facture.names": Dialect(enum_names="names"),
    "Facture.camel+nonull+camelnames": Dialect("camel", omit_nulls=True, enum_names="camel"),
}


@pytest.mark.parametrize("name", DIALECTS)
def test_source_and_the_servers_settings_tell_its_json(name: str, tmp_path: Path) -> None:
    root = name.partition(".")[0]
    made = from_csharp([SOURCE], roots=[root], dialect=DIALECTS[name])
    for file, text in made.files.items():
        (tmp_path / file).write_text(text, "utf-8")
    codec = convtool.Catalog(tmp_path).contract(root)
    wrong = {}
    for row in rows(CONTRACTS / "dialects" / f"{name}.jsonl"):
        wanted = row["json"]
        found = codec.to_json(row["xml"].encode(), profile="dotnet").decode()
        if found != wanted:
            wrong[row["id"]] = (wanted, found)
        back = row.get("back", row["xml"])
        if back is not None and codec.to_xml(row["json"].encode(), profile="dotnet").decode() != back:
            wrong[f"{row['id']} back"] = (back, "")
    assert wrong == {}


@pytest.mark.parametrize(
    "source",
    [
        "public class A : A { public int X { get; set; } }",
        "public class A : B { } public class B : A { }",
        "public class A : List<A>, IA { } public interface IA : IB { } public interface IB : IA { }",
        "public class G<T> { public G<G<T>> X { get; set; } } public class A { public G<int> X { get; set; } }",
        "public class G<T> : List<G<G<T>>> { } public class A { public G<int> X { get; set; } }",
        "public class A { public , { get; set; } }",
        f"public class A {{ public {'List<' * 3000}int{'>' * 3000} X {{ get; set; }} }}",
        "public class A { " * 3000 + "}" * 3000,
    ],
)
def test_types_without_end_are_refused(source: str, tmp_path: Path) -> None:
    """No C# compiler takes them; a class that is a base of itself took all memory."""
    path = tmp_path / "A.cs"
    path.write_text(f"using System.Collections.Generic; namespace N {{ {source} }}", encoding="utf-8")
    try:
        made = from_csharp([path])
    except ContractError:
        return
    assert made.files


@pytest.mark.parametrize("mark", ["", "[Flags] ", "[DataContract] "])
def test_an_enumeration_without_names_is_refused(mark: str, tmp_path: Path) -> None:
    path = tmp_path / "A.cs"
    names = "X" if "Data" in mark else ""
    path.write_text(
        f"{mark}public enum E {{ {names} }} public class A {{ public E X {{ get; set; }} }}", encoding="utf-8"
    )
    with pytest.raises(ContractError, match="E has no names"):
        from_csharp([path])


def json_of(source: str, folder: Path) -> tuple[dict[str, Any], list[str]]:
    """Give the properties of the JSON half of class A, and the members that XML has."""
    path = folder / "A.cs"
    path.write_text(source, "utf-8")
    properties = json.loads(from_csharp([path], roots=["A"]).files["A.schema.json"])["$defs"]["A"]["properties"]
    [contract] = contracts_of(read([path]), ["A"]).contracts
    kind = contract.types[contract.root]
    assert isinstance(kind, Record)
    return properties, [member.name for member in kind.members]


def test_a_read_only_field_is_in_json_alone_as_a_property_without_a_setter_is(tmp_path: Path) -> None:
    """Json.NET writes any public field; DataContractSerializer passes over those of classes without attributes."""
    properties, xml = json_of(
        "public class A { public int X; public readonly int Y = 1, Z; private readonly int a; "
        "public static readonly int S; [JsonIgnore] public readonly int I; [IgnoreDataMember] public readonly int D; "
        '[JsonProperty("j")] public readonly string J = "a" + B; public int P => 1; }',
        tmp_path,
    )
    assert xml == ["X"]
    assert list(properties) == ["X", "Y", "Z", "j", "P"]
    assert [name for name, schema in properties.items() if schema.get("readOnly")] == ["Y", "Z", "j", "P"]
    assert "x-made-of" not in properties["j"]


@pytest.mark.parametrize("mark", ["[DataContract] ", "[Serializable] "])
def test_a_read_only_field_of_a_class_with_attributes_is_in_both_formats(mark: str, tmp_path: Path) -> None:
    properties, xml = json_of(
        f'{mark}public class A {{ [DataMember] [JsonProperty("x")] public readonly int X; }}', tmp_path
    )
    assert (xml, list(properties)) == (["X"], ["x"])
    assert not properties["x"].get("readOnly")


def test_ignore_data_member_is_in_json_where_json_property_says_so_under_data_contract(tmp_path: Path) -> None:
    """Json.NET, DefaultContractResolver.SetPropertySettingsFromAttributes: where classes opt in it does not count."""
    members = "[DataMember] public int X; [JsonProperty, IgnoreDataMember] public int Y; [IgnoreDataMember] int Z"
    assert list(json_of(f"[DataContract] public class A {{ {members}; }}", tmp_path)[0]) == ["X", "Y"]
    assert list(json_of(f"public class A {{ {members}; }}", tmp_path)[0]) == ["X"]
