"""Captures: what really went over the wire, as HAR, vcrpy cassettes, mitmproxy flows, WARC, HTTP messages and bodies.

    for exchange in convtool.captures.read("session.har"):
        print(exchange.operation, exchange.status, exchange.response.media_type, exchange.response.body)

``read`` gives the exchanges, ``judge`` what is to be said about each, ``extract`` writes their bodies into a folder.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from convtool.captures.extracting import Extracted, extract
    from convtool.captures.judging import Judged, Judgement, count, judge, summary
    from convtool.captures.kinds import is_capture
    from convtool.captures.model import LIMIT, Exchange, Message, Note
    from convtool.captures.reading import read
    from convtool.captures.tally import Tally

__all__ = [
    "LIMIT", "Exchange", "Extracted", "Judged", "Judgement", "Message", "Note", "Tally", "count", "extract",
    "is_capture", "judge", "read", "summary",
]  # fmt: skip

_WHERE = {
    "extracting": ("Extracted", "extract"),
    "judging": ("Judged", "Judgement", "count", "judge", "summary"),
    "kinds": ("is_capture",),
    "model": ("LIMIT", "Exchange", "Message", "Note"),
    "reading": ("read",),
    "tally": ("Tally",),
}
_MODULES = {name: module for module, names in _WHERE.items() for name in names}


def __getattr__(name: str) -> Any:
    if name in _MODULES:  # so that asking whether a file is a capture costs little
        return getattr(import_module(f"convtool.captures.{_MODULES[name]}"), name)
    raise AttributeError(f"module 'convtool.captures' has no attribute {name!r}")
