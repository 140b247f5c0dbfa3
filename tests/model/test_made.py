"""Members that .NET makes of others when it writes: what a getter joins."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import pytest

from convtool.authoring.csharp import parse
from convtool.authoring.derive import derive, write
from convtool.authoring.from_csharp import from_csharp
from convtool.catalog import Catalog
from convtool.errors import ContractError

if TYPE_CHECKING:
    from pathlib import Path

    from convtool.convert import Codec

CLASS = "namespace N { public class C { public int A { get; set; } public string B { get; set; } %s } }"
XML = b'<C xmlns:i="http://www.w3.org/2001/XMLSchema-instance" xmlns="http://schemas.datacontract.org/2004/07/N">%s</C>'


def of(getter: str, folder: Path) -> Codec:
    """Give the codec of a class with a number A, a text B, and a member of JSON alone."""
    source = folder / "C.cs"
    source.write_text(CLASS % getter, "utf-8")
    for file, text in from_csharp([source]).files.items():
        (folder / file).write_text(text, "utf-8")
    return Catalog(folder).contract("C")


@pytest.mark.parametrize(
    ("body", "made"),
    [
        ('{ get { return A + "/" + B; } }', ("", "A", "/", "B", "")),
        ('{ get => "n" + A; }', ("n", "A", "")),
        ('=> this.A + "\\t" + "x" + @B;', ("", "A", "\tx", "B", "")),
        ('=> $"{A}-{B}!";', ("", "A", "-", "B", "!")),
        ('=> "constant";', ()), ("=> A.ToString() + B;", ()), ('=> $"{A:N2}" + B;', ()),
        ("{ get { x(); return B + A; } }", ()),
        ("=> B ?? \"\";", ()), ("=> 'c' + B;", ()), ("{ get; }", ()),
    ],
)  # fmt: skip
def test_what_a_getter_joins(body: str, made: tuple[str, ...]) -> None:
    [found] = parse(CLASS % f"public string M {body}")
    assert found.members[-1].joined == made


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        (b"<A>-7</A><B>x</B>", '{"A":-7,"B":"x","M":"-7/x"}'),
        (b'<A>7</A><B i:nil="true" />', '{"A":7,"B":null,"M":"7/"}'),
        (b"", '{"A":0,"B":null,"M":"0/"}'),
    ],
)
def test_the_dotnet_profile_writes_it_as_the_server_does(content: bytes, wanted: str, tmp_path: Path) -> None:
    codec = of('public string M => A + "/" + B;', tmp_path)
    assert codec.to_json(XML % content, profile="dotnet").decode() == wanted
    assert "M" not in json.loads(codec.to_json(XML % content))
    # What came in JSON is not what counts: the class has no setter for it.
    came = wanted.replace('"M":"', '"M":"!')
    assert codec.to_json(came, profile="dotnet").decode() == wanted
    assert codec.to_json(came).decode() == came
    for data in (XML % content, came.encode()):
        sink = io.BytesIO()
        codec.convert_stream(io.BytesIO(data), sink, "json", profile="dotnet")
        assert sink.getvalue().decode() == wanted
    assert codec.to_xml(wanted, profile="dotnet") == codec.to_xml(wanted.replace("/", "!"), profile="dotnet")


@pytest.mark.parametrize("body", ["=> A + A + B;", "=> A + Other;", "=> M + A;"])
def test_what_is_no_text_or_not_in_xml_is_not_derived(body: str, tmp_path: Path) -> None:
    codec = of(f"public string M {body}", tmp_path)
    assert not any(member.made for kind in codec.model.types.values() for member in getattr(kind, "members", ()))


def test_a_member_is_named_as_xml_has_it(tmp_path: Path) -> None:
    source = (
        "namespace N { [DataContract] public class C { "
        '[DataMember(Name = "Z")] public string Long { get; set; } [JsonProperty] public string M => "x" + Long; } }'
    )
    (tmp_path / "C.cs").write_text(source, "utf-8")
    for file, text in from_csharp([tmp_path / "C.cs"]).files.items():
        (tmp_path / file).write_text(text, "utf-8")
    assert Catalog(tmp_path).contract("C").to_json(XML % b"<Z>y</Z>", profile="dotnet") == b'{"Z":"y","M":"xy"}'


@pytest.mark.parametrize("said", ["A", ["A"], ["", "Nobody", ""], ["", "A"], ["", 1, ""]])
def test_a_schema_that_says_it_wrongly_is_refused(said: object, tmp_path: Path) -> None:
    of('public string M => A + "/" + B;', tmp_path)
    path = tmp_path / "C.schema.json"
    schema = json.loads(path.read_text("utf-8"))
    definition = next(one for one in [schema, *schema.get("$defs", {}).values()] if "M" in one.get("properties", {}))
    definition["properties"]["M"]["x-made-of"] = said
    path.write_text(json.dumps(schema), "utf-8")
    if said == ["A"]:  # a text alone
        assert Catalog(tmp_path).contract("C").to_json(XML % b"", profile="dotnet") == b'{"A":0,"B":null,"M":"A"}'
        return
    with pytest.raises(ContractError, match="x-made-of"):
        Catalog(tmp_path).contract("C")


def test_derive_keeps_it(tmp_path: Path) -> None:
    of('public string M => A + "/" + B;', tmp_path)
    path = tmp_path / "C.schema.json"
    before = path.read_text("utf-8")
    path.unlink()
    write(derive([tmp_path], order_from=[tmp_path / "C.cs"]), tmp_path, force=True)
    assert json.loads(path.read_text("utf-8"))["$defs"] == json.loads(before)["$defs"]
