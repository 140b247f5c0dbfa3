"""The stub on a real port: what the fixture ``contract_server`` gives, and ``convtool serve`` runs."""

from __future__ import annotations

import io
import socket
import threading
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

from convtool.errors import SourceError, UsageError
from convtool.limits import STUB_LIMITS
from convtool.operations import Operations, load_operations
from convtool.sources import load
from convtool.testing.defaults import catalog as default_catalog
from convtool.testing.stub.app import REFUSED, Stub
from convtool.testing.stub.incoming import Incoming, Reader, Refused, fault_of, read_body
from convtool.testing.stub.rules import rule_from

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Mapping
    from types import TracebackType
    from typing import Self

    from convtool.catalog import Catalog
    from convtool.codes import Profile
    from convtool.compare import Dates
    from convtool.limits import StubLimits
    from convtool.sources import Payload
    from convtool.testing.stub.record import RecordedRequest

__all__ = ["ContractServer"]


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
        environ[REFUSED] = self._refused
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


class ContractServer:
    """A stub of an API: every operation of ``operations.toml``, negotiated, validated and recorded.

    ``catalog``: the contracts, the tests' own by default. ``port`` 0: any free one. ``profile``: how request bodies are
    read. ``responses``: a folder of payloads to answer with. ``seed``: what no file answers is generated, not a sample.
    ``limits``: how much of requests is read and kept; the oldest are forgotten first.
    Use it in a ``with`` block, or call ``start`` and ``stop``. SourceError where the port cannot be had.
    """

    def __init__(
        self, catalog: Catalog | None = None, *, host: str = "127.0.0.1", port: int = 0, profile: Profile = "strict",
        responses: str | os.PathLike[str] | None = None, seed: int | None = None, limits: StubLimits = STUB_LIMITS,
    ) -> None:  # fmt: skip
        self.catalog = catalog if catalog is not None else default_catalog()
        self.operations: Operations = load_operations(self.catalog.folder.path, self.catalog.contracts())
        if not len(self.operations):
            raise UsageError(
                f"{self.catalog.folder.path}: there is no operation to serve; operations.toml lists them, such as:\n"
                '["POST api/Orders"]\nrequest = "Order"\nresponse = "ArrayOfReceipt"'
            )
        self.host = host
        self.port = port
        self.stub = Stub(
            self.catalog, self.operations, profile=profile, responses=responses, seed=seed, limits=limits, host=host
        )
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
        """Listen, and answer in a thread of its own."""
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
                with socket.create_server((self.host, self.port)) as listening:
                    self.port = listening.getsockname()[1]
                    self._server = _Server(self.stub, self.host, self.port, listening.fileno())
            except (OSError, OverflowError) as error:
                reason = getattr(error, "strerror", None) or error
                raise SourceError(f"{self.host}:{self.port}: cannot be listened on: {reason}") from None
        return self._server

    def stop(self) -> None:
        """Stop answering; delayed answers come at once."""
        self.stub.stopping.set()
        server, self._server = self._server, None
        if server is not None:
            if self._thread is not None:
                server.shutdown()
                self._thread.join(timeout=5)
                self._thread = None
            server.server_close()

    # --- for the test ---

    @property
    def url(self) -> str:
        """The address, without a slash at its end."""
        return f"http://{self.host}:{self.port}"

    def url_for(self, path: str) -> str:
        """Give the address of a path."""
        return f"{self.url}/{path.lstrip('/')}"

    @property
    def requests(self) -> list[RecordedRequest]:
        """The newest requests so far, in the order in which they were answered: all, within the limits."""
        return self.stub.recorded.requests

    @property
    def profile(self) -> Profile:
        """How request bodies are read."""
        return self.stub.profile

    def respond(
        self, operation: str = "", *, payload: Payload | None = None, content_type: str = "", status: int = 200,
        message: str = "", headers: Mapping[str, str] | None = None, delay: float = 0, broken: str = "",
        times: int | None = None,
    ) -> None:  # fmt: skip
        """Let an operation (default: each) answer in another way, so many ``times`` or until ``reset``.

        Of several calls the last counts.

        - ``payload``: in either format, converted to the one that is asked for; an invalid one is sent as it is, and
          so is each with a ``content_type``.
        - ``status``: from 400 on the body is an HttpError with ``message``, unless there is a payload.
        - ``delay``: seconds before the answer.
        - ``broken``: "connection" (hangs up half-way), "truncated", "invalid" (an unknown member), "empty" or "html".
        """
        self.stub.add_rule(rule_from({
            "operation": operation, "payload": None if payload is None else load(payload)[0], "status": status,
            "content_type": content_type, "message": message, "headers": dict(headers or {}), "delay": delay,
            "broken": broken, "times": times,
        }))  # fmt: skip

    def reset(self) -> None:
        """Forget injected answers and recorded requests."""
        self.stub.forget()

    def assert_requested(
        self, operation: str = "", *, times: int | None = None, payload: Any = None, ignore: Iterable[str] = (),
        dates: Dates = "text",
    ) -> RecordedRequest:  # fmt: skip
        """Assert that an operation (default: any) was requested, and give its last request.

        ``times``: exactly so often.

        ``payload``: the last request's body must be the same value, in either format; see ``assert_same``.
        """
        __tracebackhide__ = True
        from convtool.testing.asserts import assert_same

        known = self.operations.named(operation) if operation else None
        seen = self.stub.recorded.count(known.name if known else None)
        if not seen or (times is not None and seen != times):
            raise AssertionError(self._not_requested(operation or "any operation", seen, times))
        found = [one for one in self.requests if known is None or one.operation == known.name]
        if not found:
            raise UsageError(f"{operation}: its requests are forgotten, as the limits of the server say")
        if payload is not None:
            assert_same(found[-1], payload, ignore=ignore, dates=dates, contract=found[-1].contract or None)
        return found[-1]

    def _not_requested(self, what: str, seen: int, times: int | None) -> str:
        wanted = "at least once" if times is None else _times(times)
        forgotten = self.stub.recorded.forgotten
        lines = [f"{one.status} {one.method} {one.url}" for one in self.requests]
        lines = [*([f"({forgotten} more, forgotten since)"] if forgotten else []), *lines]
        listed = "".join(f"\n  {line}" for line in lines) or " none"
        return f"{what} was requested {_times(seen)}, not {wanted}; requests:{listed}"


def _times(number: int) -> str:
    return {0: "never", 1: "once", 2: "twice"}.get(number, f"{number} times")
