"""Objects with an identity: what references repeat has a bound, whichever way it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from convtool import Catalog, Codec, PayloadError
from convtool.authoring.derived_files import derived_files
from convtool.authoring.dialect import DEFAULT
from tests.support import errors

if TYPE_CHECKING:
    from pathlib import Path

SOURCE = """
using System.Collections.Generic;
using System.Runtime.Serialization;
namespace Acme
{
    [DataContract(IsReference = true)]
    public class Node { [DataMember] public List<Node> Kids { get; set; } [DataMember] public string Name; }
}
"""
DECLARED = (
    'xmlns="http://schemas.datacontract.org/2004/07/Acme" xmlns:i="http://www.w3.org/2001/XMLSchema-instance" '
    'xmlns:z="http://schemas.microsoft.com/2003/10/Serialization/"'
)


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Codec:
    folder: Path = tmp_path_factory.mktemp("node")
    source = folder / "Node.cs"
    source.write_text(SOURCE)
    for path, text in derived_files([source], folder, roots=(), order_from=[], dialect=DEFAULT).files.items():
        path.write_text(text)
    return Catalog(folder).contract("Node")


def doubled(form: str, levels: int) -> str:
    """Give a document of an object in each level, and a reference to it: what is below stands for itself twice."""
    if form == "json":
        text = '{"$id":"0","Name":"x"}'
        for level in range(1, levels + 1):
            text = f'{{"$id":"{level}","Kids":[{text},{{"$ref":"{level - 1}"}}]}}'
        return text
    text = '<Node z:Id="i0"><Name>x</Name></Node>'
    for level in range(1, levels + 1):
        text = f'<Node z:Id="i{level}"><Kids>{text}<Node z:Ref="i{level - 1}" /></Kids></Node>'
    return text.replace("<Node ", f"<Node {DECLARED} ", 1)


@pytest.mark.parametrize("profile", ["strict", "dotnet"])
@pytest.mark.parametrize("form", ["xml", "json"])
def test_references_that_double_have_a_bound(node: Codec, form: str, profile: str) -> None:
    few, many = doubled(form, 8), doubled(form, 30)
    assert errors(node.validate(few, profile=profile)) == []  # type: ignore[arg-type]
    assert len(node.convert(few, "json" if form == "xml" else "xml", profile=profile).data) > 256 * 20  # type: ignore[arg-type]
    report = node.validate(many, profile=profile)  # type: ignore[arg-type]
    assert set(errors(report)) == {"limit.repeated"}
    assert report.diagnostics[0].location is not None
    with pytest.raises(PayloadError) as raised:
        node.read(many, profile=profile)  # type: ignore[arg-type]
    assert set(errors(raised.value.report)) == {"limit.repeated"}
    assert node.compare(doubled(form, 12), doubled(form, 12), profile=profile) == []  # type: ignore[arg-type]


def test_one_large_object_may_be_repeated_some_times(node: Codec) -> None:
    """Ten bytes for each that stands before, and two million."""

    def repeated(times: int) -> str:
        return '{"Kids":[{"$id":"1","Name":"%s"}%s]}' % ("x" * 100_000, ',{"$ref":"1"}' * times)  # noqa: UP031

    assert errors(node.validate(repeated(30))) == []
    assert errors(node.validate(repeated(33))) == ["limit.repeated"] * 2  # 31 of them are 3.1 million bytes


@pytest.mark.long
def test_many_that_refer_to_a_small_one_may_be_any_number(node: Codec) -> None:
    kids = ",".join(['{"Name":"a record as it comes","Kids":[{"$ref":"1"}]}'] * 30_000)
    text = '{"Kids":[{"$id":"1","Name":"%s"},%s]}' % ("x" * 400, kids)  # noqa: UP031
    assert errors(node.validate(text)) == []  # 12 million bytes
