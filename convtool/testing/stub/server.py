"""The stub on a real port: what the fixture ``contract_server`` gives, and ``convtool serve`` runs."""

from __future__ import annotations

import socket
import threading
from typing import TYPE_CHECKING, Any

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from convtool.errors import SourceError, UsageError
from convtool.operations import Operations, load_operations
from convtool.sources import load
from convtool.testing.defaults import catalog as default_catalog
from convtool.testing.stub.app import Stub
from convtool.testing.stub.rules import rule_from

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Mapping
    from types import TracebackType
    from typing import Self

    from convtool.catalog import Catalog
    from convtool.codes import Profile
    from convtool.compare import Dates
    from convtool.sources import Payload
    from convtool.testing.stub.record import RecordedRequest

__all__ = ["ContractServer"]


class _Quiet(WSGIRequestHandler):
    """Writes no line for each request: the stub records them."""

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - werkzeug's name
        """Say nothing."""


class ContractServer:
    """A stub of an API: every operation of ``operations.toml``, negotiated, validated and recorded.

    ``catalog``: the contracts, the tests' own by default. ``port`` 0: any free one. ``profile``: how request bodies are
    read. ``responses``: a folder of payloads to answer with. ``seed``: what no file answers is generated, not a sample.
    Use it in a ``with`` block, or call ``start`` and ``stop``. SourceError where the port cannot be had.
    """

    def __init__(
        self, catalog: Catalog | None = None, *, host: str = "127.0.0.1", port: int = 0, profile: Profile = "strict",
        responses: str | os.PathLike[str] | None = None, seed: int | None = None,
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
        self.stub = Stub(self.catalog, self.operations, profile=profile, responses=responses, seed=seed)
        self._server: BaseWSGIServer | None = None
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

    def _listen(self) -> BaseWSGIServer:
        if self._server is None:
            self.stub.stopping.clear()
            try:
                with socket.create_server((self.host, self.port)) as listening:
                    self.port = listening.getsockname()[1]
                    self._server = make_server(
                        self.host, self.port, self.stub, threaded=True, request_handler=_Quiet, fd=listening.fileno()
                    )
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
        """The requests so far, in the order in which they were answered."""
        return self.stub.requests

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
        self.stub.reset()

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
        if operation and known is None:
            listed = ", ".join(one.name for one in self.operations.all)
            raise UsageError(f"there is no operation {operation!r}; there are: {listed}")
        found = [one for one in self.requests if known is None or one.operation == known.name]
        what = operation or "any operation"
        if not found or (times is not None and len(found) != times):
            wanted = "at least once" if times is None else _times(times)
            seen = "".join(f"\n  {one.status} {one.method} {one.url}" for one in self.requests) or " none"
            raise AssertionError(f"{what} was requested {_times(len(found))}, not {wanted}; requests:{seen}")
        if payload is not None:
            assert_same(found[-1], payload, ignore=ignore, dates=dates, contract=found[-1].contract or None)
        return found[-1]


def _times(number: int) -> str:
    return {0: "never", 1: "once", 2: "twice"}.get(number, f"{number} times")
