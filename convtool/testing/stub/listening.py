"""The stub on a real port: connections in threads of their own, each request read to its end before it is answered."""

from __future__ import annotations

import io
import socket
import threading
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

from convtool.errors import SourceError
from convtool.testing.stub.app import REFUSED, TURN
from convtool.testing.stub.incoming import Incoming, Reader, Refused, fault_of, read_body

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from convtool.testing.stub.app import Stub

__all__ = ["Listening"]


class _Handler(WSGIRequestHandler):
    """Reads a request to its end before the stub sees it; writes no line for each: the stub records them."""

    server: _Server
    rfile: io.BufferedReader

    def setup(self) -> None:
        """Give the request so much time in all."""
        super().setup()
        self.rfile.close()
        self.rfile = Reader(Incoming(self.connection, self.server.stub.limits.seconds))

    def parse_request(self) -> bool:
        """Read the head; refuse one that no server takes."""
        if not super().parse_request():
            return False
        fault = fault_of(self.command, self.path, self.request_version, self.headers)
        if fault:
            self.send_error(HTTPStatus.BAD_REQUEST, explain=fault)
        return not fault

    def run_wsgi(self) -> None:
        """Read the body, then let the stub answer, be it that the body cannot be had."""
        del self.headers["Expect"]  # which parse_request has answered
        stub = self.server.stub
        self._turn = stub.recorded.turn
        self._refused: Refused | None = None
        try:
            self._body = read_body(self.rfile, self.headers, stub.limits.body, stub.in_hand)
        except Refused as refused:
            self._refused, self._body = refused, refused.content
        try:
            self.connection.settimeout(stub.limits.seconds)  # for each piece of the answer to be taken
            super().run_wsgi()
        finally:
            stub.in_hand.give(len(self._body))

    def make_environ(self) -> dict[str, Any]:
        """Give the request as WSGI has it, with its body instead of a connection."""
        environ = super().make_environ()
        environ["wsgi.input"] = io.BytesIO(self._body)
        environ[REFUSED], environ[TURN] = self._refused, self._turn
        return environ

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - werkzeug's name
        """Say nothing."""


class _Server(ThreadedWSGIServer):
    """Answers so many connections at a time; further ones wait."""

    daemon_threads = True

    def __init__(self, stub: Stub, host: str, port: int, descriptor: int) -> None:
        super().__init__(host, port, stub, _Handler, fd=descriptor)
        self.stub = stub
        self._free = threading.Semaphore(stub.limits.connections)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Begin a thread for a connection as soon as there may be one more."""
        while not self._free.acquire(timeout=0.2):
            if self.stub.stopping.is_set():
                self.shutdown_request(request)
                return
        try:
            super().process_request(request, client_address)
        except BaseException:
            self._free.release()
            raise

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Answer a connection."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._free.release()


class Listening:
    """A stub that listens on a port; 0: any free one. SourceError where the port cannot be had."""

    def __init__(self, stub: Stub, port: int = 0) -> None:
        self.stub = stub
        self.host = stub.host
        self.port = port
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    # --- running ---

    def start(self) -> None:
        """Listen, and answer in a thread of its own; nothing where it does so already."""
        if self._thread is not None:
            return
        self._thread = threading.Thread(target=self._listen().serve_forever, args=(0.05,), daemon=True, name="convtool")
        self._thread.start()

    def run(self) -> None:
        """Listen, and answer until the process is told to stop."""
        self._listen().serve_forever()

    def listen(self) -> None:
        """Take the port, so that ``url`` is known before ``run``."""
        self._listen()

    def _listen(self) -> _Server:
        if self._server is None:
            self.stub.stopping.clear()
            try:
                family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
                with socket.create_server((self.host, self.port), family=family) as listening:
                    self.port = listening.getsockname()[1]
                    self._server = _Server(self.stub, self.host, self.port, listening.fileno())
            except (OSError, OverflowError) as error:
                reason = getattr(error, "strerror", None) or error
                raise SourceError(f"{self._address}: cannot be listened on: {reason}") from None
        return self._server

    def stop(self) -> None:
        """Stop answering; delayed answers come at once."""
        self.stub.stop()
        server, self._server = self._server, None
        if server is not None:
            if self._thread is not None:
                server.shutdown()
                self._thread.join(timeout=5)
                self._thread = None
            server.server_close()

    @property
    def url(self) -> str:
        """The address, without a slash at its end."""
        return f"http://{self._address}"

    @property
    def _address(self) -> str:
        """The host, in brackets where it is an address of IPv6, and the port."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"
