"""Where bytes live: files, folders, zips, tars, compressed files, of this machine or of an object store.

``store_of`` gives the Store of a path. ``listing`` yields a Found for each file or member, ``open_found`` gives its
bytes as a stream; nothing is ever extracted. Names and sizes come from outside and are judged before anything is read;
what is refused is listed too, with the reason. ``atomic_writer`` writes a file whole or not at all, a Store's ``group``
many of them.
"""

from typing import TYPE_CHECKING

from convtool._lazy import lazily

if TYPE_CHECKING:
    from convtool.places.contents import listing
    from convtool.places.copies import forget
    from convtool.places.kinds import is_container, kind_of, stem
    from convtool.places.members import Found
    from convtool.places.reading import Cursor, open_found
    from convtool.places.store import Store, atomic_writer, store_of
    from convtool.places.streams import LIMITS, Limits, RefusedError
    from convtool.places.urls import check, from_root, is_local_memory, is_web, join, shown_url, split
    from convtool.places.zips import check_encoding

__all__ = [
    "LIMITS", "Cursor", "Found", "Limits", "RefusedError", "Store", "atomic_writer", "check", "check_encoding",
    "forget", "from_root", "is_container", "is_local_memory", "is_web", "join", "kind_of", "kinds_of", "listing",
    "open_found", "shown_url", "split", "stem", "store_of",
]  # fmt: skip

__getattr__ = lazily(
    __name__,
    {
        "contents": "listing",
        "copies": "forget",
        "kinds": "is_container kind_of kinds_of stem",
        "members": "Found",
        "reading": "Cursor open_found",
        "store": "Store atomic_writer store_of",
        "streams": "LIMITS Limits RefusedError",
        "urls": "check from_root is_local_memory is_web join shown_url split",
        "zips": "check_encoding",
    },
)
