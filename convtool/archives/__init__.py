"""Folders, zips, tars, compressed files: what they hold, listed and opened as streams. Nothing is ever extracted.

``listing`` yields a Found for each file or member, ``open_found`` gives its bytes. Names and sizes come from outside
and are judged before anything is read; what is refused is listed too, with the reason.
"""

from typing import TYPE_CHECKING

from convtool._lazy import lazily

if TYPE_CHECKING:
    from convtool.archives.contents import listing
    from convtool.archives.found import Found
    from convtool.archives.kinds import is_container, kind_of
    from convtool.archives.limits import LIMITS, Limits, RefusedError
    from convtool.archives.opening import Cursor, open_found

__all__ = ["LIMITS", "Cursor", "Found", "Limits", "RefusedError", "is_container", "kind_of", "listing", "open_found"]

__getattr__ = lazily(
    __name__,
    {
        "contents": "listing",
        "found": "Found",
        "kinds": "is_container kind_of",
        "limits": "LIMITS Limits RefusedError",
        "opening": "Cursor open_found",
    },
)
