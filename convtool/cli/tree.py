"""A contract drawn as a tree, for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text
from rich.tree import Tree

from convtool.cli.output import colours, result_stream, write_all
from convtool.model.codings import coding_of
from convtool.model.contract import (
    Anything,
    Array,
    Contract,
    Dictionary,
    Enumeration,
    Member,
    Record,
    Scalar,
    split_key,
)
from convtool.model.datatypes import DATATYPES
from convtool.shown import line, terminal_text

if TYPE_CHECKING:
    from convtool.model.contract import Type

__all__ = ["contract_tree", "draw"]

_UNWRAPPED = 10_000  # columns where there is no terminal: nothing is wrapped for who reads a pipe


def draw(contract: Contract) -> None:
    """Write a contract's tree to standard output."""
    with result_stream() as stream:
        terminal = stream.isatty()
        console = Console(
            file=stream,
            color_system="auto" if colours(stream) else None,
            width=None if terminal else _UNWRAPPED,
            highlight=False,
        )
        with console.capture() as drawn:  # rich has its own way with broken pipes, and ends the process
            console.print(contract_tree(contract), soft_wrap=not terminal)
        write_all(stream, terminal_text(drawn.get(), styled=colours(stream)))


def contract_tree(contract: Contract) -> Tree:
    """Give the tree of a contract: members in XML order, each with its position in both formats."""
    label = _label(contract.types, contract.top, "")
    label.append(f"\nnamespace {line(contract.namespace)}", "dim")
    label.append("\nmembers are in the order of XML; in brackets their positions in both formats", "dim")
    tree = Tree(label)
    drawn: set[str] = set()
    _grow(tree, contract, contract.root, drawn)
    for base in sorted(contract.derived):
        for key in contract.derived[base]:
            known = Member(split_key(key)[1], "", key, nillable=False)
            branch = tree.add(_label(contract.types, known, f"known type derived from {split_key(base)[1]}"))
            _grow(branch, contract, key, drawn)
    return tree


def _grow(tree: Tree, contract: Contract, key: str, drawn: set[str]) -> None:
    """Add the branches of a type; a record that has been drawn is not drawn again."""
    match contract.types[key]:
        case Record() as record:
            if key in drawn:
                if record.members:
                    tree.add(Text("as above", "dim"))
                return
            drawn.add(key)
            order = list(record.order)
            for index, member in enumerate(record.members):
                place = f"XML {index + 1}, JSON {order.index(index) + 1}"
                _grow(tree.add(_label(contract.types, member, place)), contract, member.type, drawn)
        case Array(item=item) if not isinstance(contract.types[item.type], (Scalar, Enumeration)):
            _grow(tree.add(_label(contract.types, item, "each item")), contract, item.type, drawn)
        case Dictionary(value_member=value) if not isinstance(contract.types[value.type], (Scalar, Enumeration)):
            _grow(tree.add(_label(contract.types, value, "each value")), contract, value.type, drawn)
        case _:
            return


def _label(types: dict[str, Type], member: Member, place: str) -> Text:
    notes = [
        "nillable" if member.nillable else "",
        "required" if member.required else "",
        "" if member.emit_default else "left out at its default",
        "" if member.in_json else "not in JSON",
        "" if member.in_xml else "not in XML",
        "left out of JSON where null" if member.omits_null else "",
        f"{member.json_name} in JSON" if member.in_json and member.json_name != member.name else "",
    ]
    label = Text(line(member.name), "bold")
    label.append(": " + line(", ".join(filter(None, [_what(types, member.type), *notes]))), "not bold")
    if place:
        label.append(f" [{place}]", "not bold cyan")
    for part in member.description.splitlines():
        label.append(f"\n{line(part.strip())}", "not bold italic")
    return label


def _what(types: dict[str, Type], key: str) -> str:
    """Say in a few words what a type is."""
    name = split_key(key)[1]
    match types[key]:
        case Scalar(datatype=datatype):
            return DATATYPES[datatype].shown or datatype
        case Enumeration(values=values, flags=flags) as kind:
            listed = ", ".join(f"{value} = {number}" for value, number in values)
            return f"{'flags' if flags else 'enumeration'} {name} ({listed}; {coding_of(kind).shown})"
        case Record(base=base):
            return f"record {name}" + (f", extends {split_key(base)[1]}" if base else "")
        case Array(item=item):
            return f"list of {_item(types, item)}"
        case Dictionary(key_member=of, value_member=value):
            return f"dictionary of {_item(types, of, key=True)} to {_item(types, value)}"
        case Anything():
            return "anything"


def _item(types: dict[str, Type], member: Member, *, key: bool = False) -> str:
    kind = types[member.type]
    name = split_key(member.type)[1] if isinstance(kind, (Record, Enumeration)) else _what(types, member.type)
    return f"{name} or null" if member.nillable and not key and isinstance(kind, (Scalar, Enumeration)) else name
