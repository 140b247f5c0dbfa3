"""What an operation's messages are made of; how envelopes are read and written is in tests/formats/xml."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from convtool.authoring.derive import write_files
from convtool.authoring.from_csharp import from_csharp
from convtool.catalog import Catalog
from convtool.errors import UsageError
from convtool.soap import Messages

if TYPE_CHECKING:
    from pathlib import Path

SOURCE = """
[DataContract] public class Node { [DataMember] public List<Node> Below; [DataMember] public string Name; }
[DataContract] public class One { [DataMember] public Node Only; }
[DataContract] public class Two { [DataMember] public Node First; [DataMember] public Node Second; }
"""


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    folder: Path = tmp_path_factory.mktemp("soap")
    (folder / "Source.cs").write_text(SOURCE)
    made = from_csharp([folder / "Source.cs"], roots=["Node", "One", "Two"])
    write_files({folder / name: text for name, text in made.files.items()})
    operation = '["POST a.svc#{0}"]\nsoap = "1.1"\naction = "urn:{0}"\nrequest = "{0}"\nresponse = "{1}"\n'
    (folder / "operations.toml").write_text(operation.format("One", "One") + operation.format("Two", "One"))
    return Catalog(folder)


def deep(levels: int) -> bytes:
    """Give a node of so many levels of elements or containers."""
    half = levels // 2
    return b'{"Below":[' * half + b"{}" + b"]}" * half


def test_what_one_message_holds_becomes_it(catalog: Catalog) -> None:
    made = Messages(catalog, "One").convert(catalog.contract("Node"), b'{"Name":"a"}')
    assert made.data.count(b"<Only>") == 1
    assert catalog.contract("One").read(made.data) == catalog.contract("One").read(b'{"Only":{"Name":"a"}}')


def test_the_bound_of_depth_is_that_of_the_payload(catalog: Catalog) -> None:
    node, messages = catalog.contract("Node"), Messages(catalog, "One")
    for levels, depth in ((60, 64), (130, 140)):
        payload = deep(levels)
        assert node.validate(payload, depth=depth).valid
        assert messages.convert(node, payload, depth=depth).report.valid


def test_of_several_places_none_is_taken(catalog: Catalog) -> None:
    said = "is of Node, which POST a.svc#Two has in several places: First of Two, Second of Two, Only of One"
    with pytest.raises(UsageError, match=said):
        Messages(catalog, "Two").convert(catalog.contract("Node"), b"{}")
