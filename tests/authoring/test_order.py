"""JSON declaration order from samples and from C# source."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from convtool.authoring.csharp import parse, read
from convtool.authoring.csharp_types import Reference
from convtool.authoring.declared import from_declarations
from convtool.authoring.dialect import Dialect
from convtool.authoring.order import fit, from_sample, load_sample, with_order
from convtool.authoring.shown import Shown
from convtool.errors import ContractError
from convtool.model.contract import Contract, Enumeration, Member, Record, Scalar
from convtool.model.xsd import compile_xsd
from tests.recordings import CONTRACTS, recorded

if TYPE_CHECKING:
    from pathlib import Path

STRING = "{http://www.w3.org/2001/XMLSchema}string"
NS = "http://schemas.datacontract.org/2004/07/Shop"
SOURCE = (CONTRACTS / "contracts.cs").read_text(encoding="utf-8")


def contract(name: str) -> Contract:
    files = {"Facture": "Boutique.Models", "ArrayOfMesure": "Atelier.Capteurs"}
    file = f"schemas.datacontract.org_2004_07_{files[name]}.xsd" if name in files else "urn_foret_2024.xsd"
    return compile_xsd(CONTRACTS / "xsd" / file, name)


def record(name: str, *members: str, base: str = "") -> Record:
    return Record(f"{{{NS}}}{name}", tuple(Member(m, NS, STRING, nillable=True) for m in members), base=base)


def small(*records: Record, **more: Any) -> Contract:
    types = {STRING: Scalar(STRING, "string")} | {one.key: one for one in records}
    return Contract(records[0].key.rpartition("}")[2], NS, records[0].key, types, **more)


def names(model: Contract, key: str) -> list[str]:
    kind = model.types[key]
    assert isinstance(kind, Record)
    return [kind.members[index].name for index in kind.json_order]


def settled(model: Contract, *samples: Any) -> tuple[list[str], list[str]]:
    shown = Shown()
    for sample in samples:
        shown.merge(from_sample(model, sample, "sample.json"))
    ordered, notes = with_order(model, shown)
    return names(ordered, model.root), notes


@pytest.mark.parametrize("name", ["Facture", "ArrayOfMesure", "Arbre"])
def test_declarations_and_all_recordings_give_the_same_order(name: str) -> None:
    model = contract(name)
    shown = Shown()
    for row in recorded(name):
        shown.merge(from_sample(model, json.loads(row["json"]), "wire"))
    by_samples, notes = with_order(model, shown)
    by_source, more = with_order(model, from_declarations(model, parse(SOURCE), "contracts.cs"))
    assert by_samples == by_source
    assert notes == more == []


def test_base_class_members_come_last_and_then_those_with_an_order() -> None:
    model = contract("Arbre")
    ordered, _ = with_order(model, from_declarations(model, parse(SOURCE), "contracts.cs"))
    assert names(ordered, model.root) == [
        "Espece", "Hauteur", "Note", "Enfants", "voisin-proche", "Nom", "Rang", "Age", "Vente",
    ]  # fmt: skip


def test_a_record_that_nothing_shows_keeps_xml_order_and_is_named() -> None:
    ordered, notes = with_order(contract("Facture"), Shown())
    assert names(ordered, ordered.root)[:3] == ["Canal", "Droits", "Emise"]
    assert "Ligne: not shown by any source: its JSON order is taken to be the XML order" in notes


def test_members_that_are_left_out_here_and_there_are_put_together() -> None:
    order, notes = settled(small(record("R", "A", "B", "C")), {"C": "", "A": ""}, {"A": "", "B": ""})
    assert order == ["C", "A", "B"]
    assert notes == ["no sample has a null, and R.B is there or absent: nulls are taken to be left out"]


def test_members_that_are_never_shown_together_are_noted() -> None:
    order, notes = settled(small(record("R", "A", "B", "C")), {"C": "", "B": ""}, {"C": "", "A": ""})
    assert order == ["C", "A", "B"]
    assert notes[1:] == ["R: no source shows A and B together: they are in XML order"]


def test_members_that_are_never_shown_come_last_and_are_noted() -> None:
    order, notes = settled(small(record("R", "A", "B", "C")), {"C": "", "B": ""})
    assert order == ["C", "B", "A"]
    assert notes == ["R: no source shows A: put at the end"]


def test_of_contradicting_samples_the_first_counts() -> None:
    order, notes = settled(small(record("R", "A", "B")), {"B": "", "A": ""}, {"A": "", "B": ""})
    assert order == ["B", "A"]
    assert notes == ["R: A is shown before B, and elsewhere after it; the first counts"]


def derived() -> Contract:
    base, cat = record("Pet", "Name", "Age"), record("Cat", "Name", "Age", "Lives", base=f"{{{NS}}}Pet")
    return small(base, cat, derived={base.key: (cat.key,)})


@pytest.mark.parametrize(
    "sample", [{"Lives": "", "Age": "", "Name": ""}, {"$type": "Shop.Cat, Shop", "Lives": "", "Age": "", "Name": ""}]
)
def test_a_derived_record_is_told_by_its_members_or_by_type_and_shows_its_base_too(sample: dict[str, str]) -> None:
    model = derived()
    ordered, notes = with_order(model, from_sample(model, sample, "s"))
    assert names(ordered, f"{{{NS}}}Cat") == ["Lives", "Age", "Name"]
    assert names(ordered, f"{{{NS}}}Pet") == ["Age", "Name"]
    assert notes == []


def test_a_sample_says_whether_an_enumeration_is_names_and_the_option_says_it_of_the_others() -> None:
    key = f"{{{NS}}}E"
    model = small(Record(f"{{{NS}}}R", (Member("E", NS, key, nillable=False),)))
    model.types[key] = Enumeration(key, (("One", 0), ("Two", 1)))
    for sample, option, wanted in (
        ({"E": "One"}, "numbers", "names"), ({"E": 0}, "names", "numbers"), ({}, "names", "names"),
        ({"E": "two"}, "numbers", "camel"), ({}, "camel", "camel"),
    ):  # fmt: skip
        ordered, _ = with_order(model, from_sample(model, sample, "s"), Dialect(enum_names=option))
        kind = ordered.types[key]
        assert isinstance(kind, Enumeration)
        assert kind.coding == wanted


@pytest.mark.parametrize(
    ("sample", "place"),
    [
        ([], "s#: a list in the sample"),
        ({"D": 1}, "s#/D: a member 'D' in the sample"),
        ("x", "s#: a str in the sample"),
    ],
)
def test_a_sample_of_another_shape_is_refused_with_its_place(sample: Any, place: str) -> None:
    with pytest.raises(ContractError) as failure:
        from_sample(small(record("R", "A")), sample, "s")
    assert place in str(failure.value)
    assert fit(small(record("R", "A")), sample) == -1


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe\x00", b"[" * 100_000])
def test_a_file_that_is_no_json_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "s.json").write_bytes(content)
    with pytest.raises(ContractError, match="not a JSON payload"):
        load_sample(tmp_path / "s.json")


def test_source_without_the_contract_is_noted_with_what_it_has() -> None:
    model = small(record("R", "A"))
    _, notes = with_order(model, from_declarations(model, parse("class Other { public int A; }"), "other.cs"))
    assert notes == ["other.cs declares Other, and nothing that is in R, for which namespaces count"]


CSHARP = r"""
// class Comment { public int No; }
/* class Comment { } */
#region class Region
using System; [assembly: System.Reflection.AssemblyTitle("a; class B {")]
namespace Shop;
public delegate void Changed(int a);
[DataContract(Name = "R", Namespace = "urn:r")]
public sealed partial class Entity<T> : Base, IThing where T : class {
  public const int Limit = 3; static int count; public event EventHandler Gone;
  public Entity(int a) : base(a) { if (a > 0) { Name = "}"; } }
  [DataMember(Order = 2), Obsolete("no; no")] public string Name { get; set; } = @"a ""quoted"" }";
  [DataMember] [JsonProperty("x", Order = -3)] public Dictionary<string, List<int[]>> Map { get; private set; }
  private readonly int a, b; readonly Dictionary<int, int> c = new Dictionary<int, int>() { { 1, 2 } };
  public int Sum => a + b;
  public int this[int index] { get { return index; } }
  public T Make<T>(T x) where T : new() => new T();
  public class Inner { public int? Deep { get; init; } }
  [DataMember(Name = "last-one")] public required char Last { get; set; } = '}';
}
public record Pair(int Left, [property: JsonIgnore] string Right = "x") { public int More { get; set; } }
[JsonConverter(typeof(StringEnumConverter))] public enum Colour { Red = 1, Green }
public record struct Point(double X, double Y);
"""


def test_declarations_of_every_kind_are_read() -> None:
    found = {one.name: one for one in parse(CSHARP)}
    assert list(found) == ["Entity", "Entity.Inner", "Pair", "Colour", "Point"]
    entity = found["Entity"]
    assert (entity.namespace, entity.contract_name, entity.contract_namespace) == ("Shop", "R", "urn:r")
    assert [member.name for member in entity.members] == ["Name", "Map", "a", "b", "c", "Sum", "Last"]
    assert [member.contract_name(True) for member in entity.members][-1] == "last-one"
    assert [member.json_order(True) for member in entity.members] == [2, -3, -1, -1, -1, -1, -1]
    assert [member.is_field for member in entity.members] == [False, False, True, True, True, False, False]
    assert [member.name for member in found["Pair"].members] == ["Left", "Right", "More"]
    assert [member.name for member in found["Point"].members] == ["X", "Y"]
    assert found["Colour"].coding == "names"
    assert entity.bases == [Reference("Base"), Reference("IThing")]


@pytest.mark.parametrize("end", range(0, len(CSHARP), 7))
def test_source_that_is_cut_anywhere_is_read_or_refused_with_a_line(end: int) -> None:
    whole = {one.name: [member.name for member in one.members] for one in parse(CSHARP)}
    found, message = [], "the C# source: line 1: is missing"
    try:
        found = parse(CSHARP[:end])
    except ContractError as error:
        message = str(error)
    assert re.match(r"the C# source: line \d+: .*is missing", message)
    assert all([member.name for member in one.members] == whole[one.name] for one in found)


BROKEN = {
    "class P {\n public string Na": "line 1: the { is not closed by the end of the file: a } is missing",
    "class P {\n public int Y\n}": "line 2: a declaration does not end, a ; is missing before }: public int Y",
    "class P {\n int A;\n public int Y\n [X]\n public int Z; }": "line 3: a declaration does not end, a ; is missing",
    "class P { public int X { get; } = 5 }": "a ; is missing before }: public int X{get;}=5",
    "class P { public int X => 5 public int Y; }": "a ; is missing before public: public int X=>5",
    "interface P { void F() }": "a ; is missing before }: void F()",
    "class P { int F( { } }": "a ) is missing before the }: the ( of line 1 is open",
    "class P { } }": "line 1: the } closes nothing",
    "public class P": "a { is missing at the end of the file: public class P",
    "class P : B }": "the } closes nothing",
    "namespace N class P { }": "a { is missing before class: namespace N",
    "using A.B public class P { }": "a ; is missing before public: using A.B",
    "enum E { A B }": "a , is missing before B: A",
    "class P { /* }": "a comment does not end: a */ is missing",
    'class P { string s = "abc\n"; }': 'a text does not end: a " is missing',
    'class P { string s = @"abc; }': 'a text does not end: a " is missing',
    'class P { string s = $"{a; }': 'a text does not end: a " is missing',
    'class P { string s = """abc""; }': 'a text does not end: a """ is missing',
    "#if A\nclass P { }": "line 1: the #if does not end: an #endif is missing",
    "#if A\n don't { \n#else\nclass P { \n#endif": "line 4: the { is not closed",
}  # fmt: skip


@pytest.mark.parametrize("source", BROKEN)
def test_source_that_is_not_whole_is_refused_with_what_is_missing(source: str, tmp_path: Path) -> None:
    (tmp_path / "a.cs").write_text(source, "utf-8")
    with pytest.raises(ContractError) as error:
        read([tmp_path / "a.cs"])
    assert BROKEN[source] in str(error.value)
    assert str(error.value).startswith(f"{tmp_path / 'a.cs'}: line ")
    assert error.value.hint


@pytest.mark.parametrize(
    "source",
    ["(" * 100_000, "'\\" * 10_000, '$"{' * 10_000, '$"{ " ' * 5_000, '$"{0:" ' * 5_000, '$"""{ ' * 5_000,
     '"' * 100_000, "#if A\n" * 5_000, f"#if {'(' * 10_000}\n#endif\nclass P {{"],
)  # fmt: skip
def test_source_without_end_is_refused_in_time(source: str) -> None:
    with pytest.raises(ContractError) as error:
        parse(source)
    assert len(str(error.value)) < 300


WHOLE = {
    "statements": """using System; global using static System.Math; using var r = new R { A = 1 };
        using (var f = File.Open("x")) { f.Read(); } await using (var g = G()) { }
        var x = args is [var a, .., { Length: > 3 }] ? 1 : 2; if (x > 1) { F(); } else G(y => { return; });
        foreach (var i in new[] { 1 }) Console.WriteLine(i); do { x++; } while (x < 3); for (;;) { break; }
        try { } catch (E e) when (e is { }) { } finally { } switch (x) { case 1: break; default: break; }
        int Local<T>(T t) where T : struct => 1; static async Task H() { await T.Delay(1); }
        (int q, string w) = (1, "a");
        label: x = 2; Func<int, int> fn = static x => x; return x switch { 1 => 2, _ => 3 };
        class P { public int X; }""",
    "operators": """class V { public static bool operator ==(V a, V b) { return true; }
        public static bool operator !=(V a, V b) => false;
        public static V operator <=(V a, V b) { return a; } public static V operator >=(V a, V b) { return a; }
        public static bool operator true(V a) { return a == b; }
        public static explicit operator (int, int)(V a) => (1, 2);
        public void operator +=(int x) { } } class P { public int X; }""",
    "constructors": """class P : B { public P(int x) : base(new F { A = 1 }, y => y.Z) { }
        P() : this(x => { return 1; }) => Y(); ~P() { }
        public int X; }""",
    "primary": """class A(int x, Func<int> f) : B(x, () => 1), I<(int, int)> where T : class, new() { } class Empty;
        interface IE; record R(int A, [property: X("}")] string B = "x") : Base(A);
        readonly record struct Q(int A); class P(int a) { public int X; }""",
    "raw": '''class P { const string J = """{"a": "}"}"""; string k = $$"""{ {{x}} "q" }"""; string m = $"""
        {x + "b"} "quoted"
        """[..2]; public int X; }''',
    "interpolated": r"""class P { string a = $"{d["x"]} {{ {(b ? $"{c}" : "}")} {e:yyyy\-MM} {f,10:N2} {g::H}",
        v = $@"c:\{x}"" {y:'}";
        string z = $"{new { A = 1 }.A}{x switch { 1 => "}", _ => "{" }}", p = $"{ /* } */ x }";
        char c = '"', d = '\'', e = '{'; public int X; }""",
    "verbatim": 'class P { string a = @"c:\\{", b = @"\n#if X\n "" { ", c = "\\\\"; // {\n /* { */ public int X; }',
    "members": """unsafe class P<[X] T> : B<T> where T : notnull { event E F { add { } remove { } }
        event A B, C = delegate { }; int this[int i, params int[] x] { get => i; set { } } int I.P { get; } = 3;
        fixed byte buf[10]; delegate*<int, void> fp;
        List<(int, int)> L { get; set; } = new() { (1, 2) };
        Dictionary<string, (int a, int b)> D = new(); Func<(int, int)> f = () => (1, 2);
        int[,] M = { { 1, 2 }, { 3, 4 } }; async public Task F2() => await G();
        extern static public void Ext(); partial int Pa { get; }
        U Get<U>(U u) where U : struct, allows ref struct { void In() { } } int z = x is { A: 1 } y ? 1 : 2;
        delegate T Del<in U>(U u) where T : class;
        int Fi { get => field; set => field = value; }
        string S => x switch { 1 => "a", > 2 and < 5 => "b", _ => throw new E() };
        bool b2 = a < b && c > d;
        ref readonly int RR => ref x; string Q => (from a in b where a > 1 select a).First(); public int X; }""",
    "extensions": """extern alias foo; using P2 = (int A, string B); using unsafe Y = int*;
        static class E { extension<T>(List<T> l) where T : class { public void M() { } } }
        file class F { } [assembly: A("}")] [module: M] class P { public int X; }""",
    "branches": """#nullable enable
        #region Don't {
        #if NET
        namespace A;
        #else
        namespace A {
        #endif
        #if WINDOWS || (MAC && !OLD) // {
        class P : W
        #elif NEVER == true
        don't { read this "
        #else
        class P
        #endif
        {
        #if false
         this is no C#
        #endif
        public int X
        #if NET
         { get; init; }
        #else
         { get; set; }
        #endif
        }
        #if !NET
        }
        #endif
        #endregion""",
}  # fmt: skip


@pytest.mark.parametrize("name", WHOLE)
def test_whole_source_is_read_to_its_end(name: str) -> None:
    found = {one.name.rpartition(".")[2]: one for one in parse(WHOLE[name])}
    assert [member.name for member in found["P"].members][-1] == "X"


@pytest.mark.parametrize(
    ("literal", "text"),
    [('''"""a "b" \\n"""''', 'a "b" \\n'), ('""""\n  one\n   """two\n  """"', 'one\n """two'), ('"""a"""', "a")],
)
def test_raw_texts_are_texts(literal: str, text: str) -> None:
    [found] = parse(f"[DataContract(Name = {literal})] class A {{ }}")
    assert found.contract_name == text


FAMILIES = """
using Far.Away;
[assembly: ContractNamespace("urn:given", ClrNamespace = "Given")]
[assembly: ContractNamespace("urn:quoted\\"\\u00e9", ClrNamespace = "Quoted")]
namespace Near { public class Base { public int A { get; set; } } }
namespace Shop {
  public class Base { public int B { get; set; } public class Inner { public int I { get; set; } } }
  public class Leaf : Base { public int L { get; set; } }
  public class Twig : Near.Base { public int T { get; set; } }
  public class Root : global::Near.Base, IThing { public int R { get; set; } }
  public class Wide : Distant { public int W { get; set; } }
  public class Box<T> : Base { public T Content { get; set; } }
  public class IntBox : Box<int> { public int N { get; set; } }
  public class Stem : Base.Inner { public int S { get; set; } private int A; }
}
namespace Far.Away { public class Distant { public int e\u0301t { get; set; } } }
namespace Given { public class Named { public int N { get; set; } } }
namespace Quoted { public class Named { public int N { get; set; } } }
namespace One {
  [DataContract(Namespace = "urn:both")] public class Twin { [DataMember] public int X, Y; public int Z; } }
namespace Two {
  [DataContract(Namespace = "urn:both")] public class Twin { [DataMember] public int Z; [DataMember] public int X; } }
"""


@pytest.mark.parametrize(
    ("key", "order"),
    [
        ("{Shop}Leaf", "L B"),
        ("{Shop}Twig", "T A"),
        ("{Shop}Root", "R A"),
        ("{Shop}Wide", "W e\u0301t"),
        ("{Shop}BoxOfint", "Content B"),
        ("{Shop}BoxOfArrayOfLeafxDLJIqo_", "Content B"),
        ("{Shop}IntBox", "N Content B"),
        ("{Shop}Stem", "S I"),
        ("{urn:given}Named", "N"),
        ('{urn:quoted"\u00e9}Named', "N"),
        ("{urn:both}Twin", "Z X"),
        ("{urn:both}Twin", "X Y"),
    ],
)
def test_bases_namespaces_and_generic_types_are_found_as_csharp_and_dotnet_name_them(key: str, order: str) -> None:
    namespace, name = key.removeprefix("{").split("}")
    of = namespace if ":" in namespace else NS.removesuffix("Shop") + namespace
    members = tuple(Member(one, of, STRING, nillable=True) for one in sorted(order.split()))
    model = small(Record(f"{{{of}}}{name}", members))
    shown = from_declarations(model, parse(FAMILIES), "families.cs")
    assert shown.sequences == {f"{{{of}}}{name}": [tuple(order.split())]}
