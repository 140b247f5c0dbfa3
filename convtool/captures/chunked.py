"""Chunked bodies (RFC 9112, 7.1), undone by h11."""

from __future__ import annotations

import re

import h11

from convtool.captures.model import Note

__all__ = ["chunks_end", "dechunked", "last_chunk"]

_SIZE = re.compile(rb"[0-9A-Fa-f]{1,16}[ \t]*(?:;[^\r\n]*)?\r?\n")  # the line before a chunk
_LINE_END = re.compile(rb"\r?\n")
_HEAD = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


def dechunked(data: bytes) -> tuple[bytes | None, list[Note]]:
    """Give a body without its chunks; as it is, where it has none; None where its last chunk is not there."""
    body, rest = chunks_end(data)
    if body is None:
        if rest is None:
            return data, []  # the recorder has undone them and kept the header, as curl does
        return None, [Note("capture.truncated", "The body ends before its last chunk.")]
    return body, []


def chunks_end(data: bytes) -> tuple[bytes | None, bytes | None]:
    """Give a chunked body and what follows it.

    (None, data) where the chunks are broken off, (None, None) where there are none.
    """
    if data and not _SIZE.match(data):
        return None, None
    connection = h11.Connection(h11.CLIENT)
    connection.send(h11.Request(method="GET", target="/", headers=[("Host", "x")]))
    connection.send(h11.EndOfMessage())
    connection.receive_data(_HEAD + data)
    body = bytearray()
    try:
        while True:
            event = connection.next_event()
            if isinstance(event, h11.Data):
                body += event.data
            elif isinstance(event, h11.EndOfMessage):
                return bytes(body), connection.trailing_data[0]
            elif event is h11.NEED_DATA:
                return None, data
    except h11.RemoteProtocolError:
        return None, data if body else None


def last_chunk(data: bytes, at: int) -> tuple[int, bool]:
    """Give where the chunks that begin at a place end, trailers left out, and whether the last one is among them."""
    while (size := _SIZE.match(data, at)) is not None:
        length = int(re.split(rb"[;\s]", size[0], maxsplit=1)[0], 16)
        if not length:
            return size.end(), True
        end = _LINE_END.match(data, size.end() + length)
        if end is None:
            return min(size.end() + length, len(data)), False
        at = end.end()
    return at, False
