"""Payloads in SOAP envelopes: what an operation's message is, and the envelope that is written around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from convtool.convert import Conversion
from convtool.errors import UsageError
from convtool.formats.text import DEPTH
from convtool.formats.xml.envelope import around
from convtool.limits import DEEPEST
from convtool.model.contract import Record
from convtool.model.escapes import in_attribute
from convtool.operations import load_operations

if TYPE_CHECKING:
    from typing import Any

    from convtool.catalog import Catalog
    from convtool.convert import Codec
    from convtool.model.contract import Member

__all__ = ["Messages"]


class Messages:
    """Writes the messages of one operation. UsageError where the folder has no SOAP operation of that name."""

    def __init__(self, catalog: Catalog, name: str) -> None:
        self.catalog = catalog
        self.operation = load_operations(catalog.folder.path, catalog.contracts()).named(name, soap=True)

    def convert(self, codec: Codec, payload: bytes, *, pretty: bool = False, **options: Any) -> Conversion:
        """Give a payload as a message: of the operation's request or response, or of what one of these holds.

        UsageError where it is of neither, or could be several parts of them.
        """
        wrapper, member = self._place(codec)
        made = codec.convert(payload, "xml", pretty=pretty and member is None, **options)
        data = made.data
        if member is not None:
            depth = min(options.get("depth", DEPTH) + 1, DEEPEST)  # it is a level deeper there
            data = wrapper.convert(_held(data, codec, wrapper, member), "xml", pretty=pretty, depth=depth).data
        before, behind = around(self.operation.soap)
        parts = (before, data.rstrip(b"\n"), behind)
        return Conversion((b"\n" if pretty else b"").join(parts), made.report, made.verified)

    def _place(self, codec: Codec) -> tuple[Codec, Member | None]:
        """Give the codec of the message that a contract is of, and the member that it is there; None: it is it all."""
        one = self.operation
        contracts = list(dict.fromkeys(name for name in (one.request, one.response) if name))
        if codec.name in contracts:
            return codec, None
        places = []
        for wrapper in map(self.catalog.contract, contracts):
            root = wrapper.model.root_type
            members = root.members if isinstance(root, Record) else ()
            places += [(wrapper, member) for member in members if member.type == codec.model.root]
        if len(places) > 1:
            known = ", ".join(f"{member.name} of {wrapper.name}" for wrapper, member in places)
            raise UsageError(f"is of {codec.name}, which {one.name} has in several places: {known}")
        if places:
            return places[0]
        said = " and ".join(contracts) or "no contract"
        raise UsageError(f"is of {codec.name}, which is no part of {one.name}: its messages are {said}")


def _held(data: bytes, codec: Codec, wrapper: Codec, member: Member) -> bytes:
    """Give a message in which a document, in the wire form, is a member: its root takes the member's name."""
    tag, end = codec.model.tag.encode(), b"</w:%s>" % member.name.encode()
    rest = data[1 + len(tag) :]
    content = rest if rest.endswith(b"/>") else rest[: -len(b"</%s>" % tag)] + end
    open_, close = (f"<{part}w:{wrapper.model.tag}" for part in ("", "/"))
    declared = f'{open_} xmlns:w="{in_attribute(member.namespace)}">'
    return b"".join([declared.encode(), b"<w:", member.name.encode(), content, close.encode(), b">"])
