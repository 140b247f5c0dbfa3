"""Object stores and web servers as places of files, by fsspec: s3://, gs://, abfs://, http(s)://, memory://.

Everything that is read or written by a URL goes through here, and only ConvtoolErrors leave it. Credentials are
fsspec's matter (its configuration, the environment, the cloud's own files): a URL that has some is refused.
"""

from typing import TYPE_CHECKING

from convtool._lazy import lazily

if TYPE_CHECKING:
    from convtool.remote.reading import RemoteFile, Window
    from convtool.remote.stores import Entry, entry, exists, folder, glob, is_folder, names, remove, size, sizes
    from convtool.remote.urls import check, is_local_memory, is_url, is_web, join, shown_url
    from convtool.remote.writing import RemoteGroup, remote_writer

__all__ = [
    "Entry", "RemoteFile", "RemoteGroup", "Window", "check", "entry", "exists", "folder", "glob", "is_folder",
    "is_local_memory", "is_url", "is_web", "join", "names", "remote_writer", "remove", "shown_url", "size", "sizes",
]  # fmt: skip

__getattr__ = lazily(
    __name__,
    {
        "reading": "RemoteFile Window",
        "stores": "Entry entry exists folder glob is_folder names remove size sizes",
        "urls": "check is_local_memory is_url is_web join shown_url",
        "writing": "RemoteGroup remote_writer",
    },
)
