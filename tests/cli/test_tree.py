from rich.console import Console

from convtool.cli.tree import contract_tree
from convtool.model.contract import Anything, Array, Contract, Dictionary, Enumeration, Member, Record, Scalar, Type
from convtool.model.datatypes import DATATYPES

OFFSET = DATATYPES["dateTimeOffset"].key

KINDS: list[Type] = [
    Scalar("{x}string", "string"),
    Scalar("{x}int", "int"),
    Enumeration("{t}Status", (("Draft", 0), ("Sent", 4)), coding="names"),
    Enumeration("{t}Rights", (("Read", 1), ("Write", 2)), flags=True),
    Anything("{x}anyType"),
    Array("{t}ArrayOfint", Member("int", "t", "{x}int", nillable=False)),
    Array("{t}ArrayOfstring", Member("string", "t", "{x}string", nillable=True)),
    Array("{t}ArrayOfNode", Member("Node", "t", "{t}Node", nillable=True)),
    Dictionary(
        "{t}Map",
        "Entry",
        "t",
        Member("Key", "t", "{x}string", nillable=True),
        Member("Value", "t", "{t}Node", nillable=True),
    ),
    Scalar(OFFSET, "dateTimeOffset"),
    Record("{t}Base", (Member("Id", "t", "{x}int", nillable=False),), (0,)),
    Record(
        "{t}Node",
        (
            Member("Any", "t", "{x}anyType", nillable=True),
            Member("At", "t", OFFSET, nillable=False),
            Member("Children", "t", "{t}ArrayOfNode", nillable=True, description="[bold]Those below.[/bold]\nMany."),
            Member("Map", "t", "{t}Map", nillable=False, emit_default=False),
            Member("Names", "t", "{t}ArrayOfstring", nillable=False),
            Member("Numbers", "t", "{t}ArrayOfint", nillable=False, required=True),
            Member("Rights", "t", "{t}Rights", nillable=False),
            Member("Status", "t", "{t}Status", nillable=True),
        ),
        (7, 6, 5, 4, 3, 2, 1, 0),
        base="{t}Base",
    ),
    Record("{t}Leaf", (Member("Colour", "t", "{x}int", nillable=False),), (0,), base="{t}Node"),
]
CONTRACT = Contract(
    "Node", "t", "{t}Node", {kind.key: kind for kind in KINDS}, description="A tree.", derived={"{t}Node": ("{t}Leaf",)}
)
DRAWN = """\
Node: record Node, extends Base, nillable
A tree.
namespace t
members are in the order of XML; in brackets their positions in both formats
├── Any: anything, nillable [XML 1, JSON 8]
├── At: DateTimeOffset, which is one text in JSON [XML 2, JSON 7]
├── Children: list of Node, nillable [XML 3, JSON 6]
│   [bold]Those below.[/bold]
│   Many.
│   └── Node: record Node, extends Base, nillable [each item]
│       └── as above
├── Map: dictionary of string to Node, left out at its default [XML 4, JSON 5]
│   └── Value: record Node, extends Base, nillable [each value]
│       └── as above
├── Names: list of string or null [XML 5, JSON 4]
├── Numbers: list of int, required [XML 6, JSON 3]
├── Rights: flags Rights (Read = 1, Write = 2; numbers in JSON) [XML 7, JSON 2]
├── Status: enumeration Status (Draft = 0, Sent = 4; names in JSON), nillable [XML 8, JSON 1]
└── Leaf: record Leaf, extends Node [known type derived from Node]
    └── Colour: int [XML 1, JSON 1]
"""


def test_every_kind_of_type_is_drawn() -> None:
    console = Console(width=200, color_system=None, highlight=False)
    with console.capture() as drawn:
        console.print(contract_tree(CONTRACT), soft_wrap=True)
    assert drawn.get() == DRAWN
