"""A local server that answers as Web API does, for recorders: what it answers is chosen by the request's headers.

``X-Answer`` names the answer, ``X-Coding`` its Content-Encoding (``chunked`` as well): those in ANSWERS. A path
that ends in ``/moved`` redirects, with a page, to the one before it; ``X-Challenge`` asks for credentials first, with a
page. ``proxy`` is a proxy that opens tunnels, and asks for credentials as well.
"""

from __future__ import annotations

import gzip
import socket
import threading
import zlib
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
VALID = ROOT / "samples" / "valid"
LIST = "ArrayOfReponseV2Model"
JSON = (VALID / f"{LIST}.json").read_bytes().strip()
XML = (VALID / f"{LIST}.xml").read_bytes().strip()
STATE = (
    r'{"Message":"The request is invalid.","ModelState":{"param.ProduitId":["Error converting value \"x\" to type '
    r"'System.Nullable`1[System.Int32]'. Path 'ProduitId', line 1, position 57."
    r'"]}}'
)
THROWN = (
    "<Error><Message>An error has occurred.</Message><ExceptionMessage>Object reference not set to an instance of an "
    "object.</ExceptionMessage><ExceptionType>System.NullReferenceException</ExceptionType><StackTrace>   at Api.Post()"
    "</StackTrace></Error>"
)
# name → status, Content-Type, body
ANSWERS: dict[str, tuple[int, str, bytes]] = {
    "json": (200, "application/json; charset=utf-8", JSON),
    "xml": (200, "application/xml; charset=utf-8", XML),
    "json-utf-16": (200, "text/json; charset=utf-16", JSON.decode().encode("utf-16")),
    "xml-utf-16": (200, "text/xml; charset=utf-16", XML.decode().encode("utf-16")),
    "wrong": (200, "application/json; charset=utf-8", JSON.replace(b'"Sequence": 1', b'"Sequence": 1.5', 1)),
    "state": (400, "application/json; charset=utf-8", STATE.encode()),
    "thrown": (500, "application/xml; charset=utf-8", THROWN.encode()),
    "nothing": (204, "", b""),
    "page": (200, "text/html; charset=utf-8", b"<!DOCTYPE html><title>stub</title>"),
}


def encoded(body: bytes, coding: str) -> bytes:
    """Give a body in a Content-Encoding."""
    if coding == "gzip":
        return gzip.compress(body, mtime=0)
    if coding == "deflate":
        return zlib.compress(body)
    if coding == "br":
        import brotli

        return bytes(brotli.compress(body, quality=5))
    if coding == "zstd":
        from backports import zstd

        return zstd.compress(body)
    return body


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "Microsoft-IIS/10.0"
    sys_version = ""

    def _answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.headers.get("X-Challenge") and not self.headers.get("Authorization"):
            self._page(401, "WWW-Authenticate", 'Basic realm="stub"')
            return
        if self.path.endswith("/moved"):
            self._page(307, "Location", self.path.removesuffix("/moved"))
            return
        status, content_type, body = ANSWERS[self.headers.get("X-Answer") or "page"]
        codings = (self.headers.get("X-Coding") or "").split()
        self.send_response(status)
        if content_type:
            self.send_header("Content-Type", content_type)
        for coding in codings:
            if coding != "chunked":
                self.send_header("Content-Encoding", coding)
                body = encoded(body, coding)
        if "chunked" in codings:
            self.send_header("Transfer-Encoding", "chunked")
            half = len(body) // 2
            body = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:half], body[half:])) + b"0\r\n\r\n"
        elif status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _page(self, status: int, name: str, value: str) -> None:
        page = b"<!DOCTYPE html><title>%d</title>" % status
        self.send_response(status)
        for field in ((name, value), ("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(page)))):
            self.send_header(*field)
        self.end_headers()
        self.wfile.write(page)

    do_GET = do_POST = _answer  # noqa: N815 - the names that http.server asks for

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def stub(port: int = 0) -> Iterator[str]:
    """Serve on a port (0: any that is free); give the URL."""
    with ThreadingHTTPServer(("127.0.0.1", port), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


class Tunnel(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_CONNECT(self) -> None:
        """Ask who it is, then pass on bytes in both directions."""
        if not self.headers.get("Proxy-Authorization"):
            page = b"<!DOCTYPE html><title>407</title>"
            self.send_response(407)
            self.send_header("Proxy-Authenticate", 'Basic realm="proxy"')
            self.send_header("Content-Length", str(len(page)))
            self.end_headers()
            self.wfile.write(page)
            return
        host, _, port = self.path.partition(":")
        with socket.create_connection((host, int(port))) as far:
            self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            back = threading.Thread(target=self._pass, args=(far, self.connection), daemon=True)
            back.start()
            self._pass(self.connection, far)
            back.join()
        self.close_connection = True

    @staticmethod
    def _pass(source: socket.socket, target: socket.socket) -> None:
        try:
            while data := source.recv(65536):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # one of the two has gone

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def proxy(port: int = 0) -> Iterator[str]:
    """Serve a proxy on a port (0: any that is free); give its URL."""
    with ThreadingHTTPServer(("127.0.0.1", port), Tunnel) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
