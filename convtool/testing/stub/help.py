"""The help page: the operations with their members and samples, in the words of Web API's own page, without scripts."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from convtool.errors import PayloadError, UsageError
from convtool.model.contract import Anything, Array, Dictionary, Enumeration, Record, Scalar, split_key
from convtool.model.datatypes import DATATYPES
from convtool.sample import sample
from convtool.shown import counted
from convtool.testing.stub.style import STYLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from convtool.catalog import Catalog
    from convtool.convert import Codec
    from convtool.model.contract import Contract, Member, Type
    from convtool.operations import Operation
    from convtool.sniff import Format

__all__ = ["help_page"]

_FORMATS: tuple[tuple[Format, str], ...] = (
    ("json", "application/json, text/json"), ("xml", "application/xml, text/xml"),
    ("form", "application/x-www-form-urlencoded"),
)  # fmt: skip


def help_page(catalog: Catalog, operations: Sequence[Operation]) -> str:
    """Give the page of some operations as HTML."""
    title = operations[0].name if len(operations) == 1 else "ASP.NET Web API Help Page"
    body = "\n".join(_body(catalog, operations))
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def _body(catalog: Catalog, operations: Sequence[Operation]) -> Iterator[str]:
    several = len(operations) > 1
    if several:
        yield "<header><h1>API</h1>"
        yield f"<p>{counted(len(operations), 'operation')}, served by a stub that checks what it is sent.</p></header>"
        yield '<nav><table class="help-page-table"><thead><tr><th>API</th><th>Description</th></tr></thead><tbody>'
        for number, one in enumerate(operations):
            cells = f'<td><a href="#op{number}">{_verb(one)}</a></td><td>{escape(_about(catalog, one))}</td>'
            yield f"<tr>{cells}</tr>"
        yield "</tbody></table></nav>"
    yield "<main>"
    for number, one in enumerate(operations):
        yield f'<section class="operation" id="op{number}">'
        yield f"<h{1 + several}>{_verb(one)}</h{1 + several}>"
        about = _about(catalog, one)
        if about:
            yield f'<p class="lead">{escape(about)}</p>'
        yield from _operation(catalog, one, f"op{number}")
        yield "</section>"
    yield "</main>"


def _verb(operation: Operation) -> str:
    """Give an operation's name: the method stands out, and is text of the same line."""
    method = escape(operation.method)
    return f'<span class="verb {method.lower()}">{method}</span> <span class="path">{escape(operation.path)}</span>'


def _about(catalog: Catalog, operation: Operation) -> str:
    """Give an operation's description, or that of what it takes, or of what it gives."""
    described = [operation.description]
    described += [_described(catalog.contract(name).model) for name in (operation.request, operation.response) if name]
    return next((text for text in described if text), "")


def _described(contract: Contract) -> str:
    root = contract.root_type
    return contract.description or (root.description if isinstance(root, Record) else "")


def _operation(catalog: Catalog, operation: Operation, anchor: str) -> Iterator[str]:
    yield "<h3>Request Information</h3><h4>URI Parameters</h4>"
    names = [part.strip("{}*") for part in operation.path.replace("?", "/").split("/") if "{" in part]
    listed = ", ".join(escape(name.partition("={")[0]) for name in names)
    yield f"<p>{listed or 'None.'}</p><h4>Body Parameters</h4>"
    yield from _side(catalog, operation.request, "Request Formats", f"{anchor}-request")
    yield "<h3>Response Information</h3><h4>Resource Description</h4>"
    yield from _side(catalog, operation.response, "Response Formats", f"{anchor}-response")


def _side(catalog: Catalog, name: str, heading: str, anchor: str) -> Iterator[str]:
    """Give a body: its type, its members, the types within it, its samples. ``anchor``: what its ids begin with."""
    if not name:
        yield "<p>None.</p>"
        return
    codec = catalog.contract(name)
    contract = codec.model
    yield f"<p>{escape(_word(contract, contract.root))}</p>"
    shown = list(_tables(contract))
    anchors = {key: f"{anchor}-{number}" for number, (key, _) in enumerate(shown)}
    for position, (key, kind) in enumerate(shown):
        yield f'<div id="{anchors[key]}">'
        if position or not isinstance(kind, Record):
            yield f"<h5>{escape(split_key(key)[1])}</h5>"
        if isinstance(kind, Record) and kind.description and kind.description != _described(contract):
            yield f"<p>{escape(kind.description)}</p>"
        yield from _members(contract, kind, anchors) if isinstance(kind, Record) else _values(kind)
        yield "</div>"
    yield f'<h4>{heading}</h4><div class="samples">'
    yield from _samples(codec, heading)
    yield "</div>"


def _tables(contract: Contract) -> Iterator[tuple[str, Record | Enumeration]]:
    """Yield the records and enumerations of a contract, from its root on, each once."""
    seen: set[str] = set()
    waiting = [contract.root]
    while waiting:
        key = waiting.pop(0)
        kind = contract.types[key]
        if key in seen:
            continue
        seen.add(key)
        if isinstance(kind, (Record, Enumeration)):
            yield key, kind
        waiting += [*_below(kind), *contract.derived.get(key, ())]


def _below(kind: Type) -> list[str]:
    match kind:
        case Record():
            return [kind.members[index].type for index in kind.order]
        case Array(item=item):
            return [item.type]
        case Dictionary(key_member=of, value_member=value):
            return [of.type, value.type]
    return []


def _members(contract: Contract, record: Record, anchors: dict[str, str]) -> Iterator[str]:
    yield (
        '<div class="wide"><table class="help-page-table"><thead><tr><th>Name</th><th>Description</th><th>Type</th>'
        "<th>Additional information</th></tr></thead><tbody>"
    )
    for index in record.order:
        member = record.members[index]
        if not member.in_json:  # as the page of Web API leaves out what [JsonIgnore] marks
            continue
        cells = (
            escape(member.json_name), f"<p>{escape(member.description)}</p>" if member.description else "",
            _linked(contract, member, anchors), f"<p>{'Required' if member.required else 'None.'}</p>",
        )  # fmt: skip
        classes = ("name", "text", "type", "text")
        yield (
            "<tr>" + "".join(f'<td class="{of}">{cell}</td>' for of, cell in zip(classes, cells, strict=True)) + "</tr>"
        )
    yield "</tbody></table></div>"


def _values(kind: Enumeration) -> Iterator[str]:
    yield (
        '<div class="wide"><table class="help-page-table"><thead><tr><th>Name</th><th>Value</th>'
        "<th>Description</th></tr></thead><tbody>"
    )
    for name, number in kind.values:
        yield f'<tr><td class="name">{escape(name)}</td><td>{number}</td><td></td></tr>'
    yield "</tbody></table></div>"


def _linked(contract: Contract, member: Member, anchors: dict[str, str]) -> str:
    """Give a member's type, which leads to its table where it has one."""
    word, key = escape(_word(contract, member.type)), member.type
    kind = contract.types[key]
    for _ in contract.types:  # a list may be within itself
        if not isinstance(kind, (Array, Dictionary)):
            break
        key = kind.item.type if isinstance(kind, Array) else kind.value_member.type
        kind = contract.types[key]
    return f'<a href="#{anchors[key]}">{word}</a>' if key in anchors else word


def _word(contract: Contract, key: str, around: tuple[str, ...] = ()) -> str:
    """Say what a type is, as the help page does; a list or dictionary within itself is called by its name there."""
    if key in around:
        return split_key(key)[1]
    inside = (*around, key)
    match contract.types[key]:
        case Scalar(datatype=name):
            return DATATYPES[name].word
        case Array(item=item):
            return f"Collection of {_word(contract, item.type, inside)}"
        case Dictionary(key_member=of, value_member=value):
            return f"Dictionary of {_word(contract, of.type)} [key] and {_word(contract, value.type, inside)} [value]"
        case Anything():
            return "Object"
    return split_key(key)[1]


def _samples(codec: Codec, heading: str) -> Iterable[str]:
    value = sample(codec.model, codec.instances)
    for format_, media_types in _FORMATS:
        if format_ == "form" and not heading.startswith("Request"):
            continue
        yield (
            f'<div class="sample"><h4 class="media">{media_types}</h4><p class="label">Sample:</p>'
            f'<pre class="wrapped" tabindex="0">{escape(_written(codec, value, format_), quote=False)}</pre></div>'
        )


def _written(codec: Codec, value: Any, format_: Format) -> str:
    """Give a sample in a format, or say that there is none: that of another contract is shown all the same."""
    try:
        if format_ == "form":
            return codec.write_form(value).decode()
        return (codec.write_xml if format_ == "xml" else codec.write_json)(value, pretty=True).decode()
    except (PayloadError, UsageError):  # the schema files refuse it; it has no form
        return "Sample not available."
