"""The stub on a real port: what the fixture ``contract_server`` gives, and ``convtool serve`` runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, overload

from convtool.errors import UsageError
from convtool.limits import STUB_LIMITS
from convtool.operations import Operations, load_operations
from convtool.shown import line
from convtool.testing.defaults import catalog as default_catalog
from convtool.testing.received import loaded
from convtool.testing.stub.app import Stub
from convtool.testing.stub.listening import Listening
from convtool.testing.stub.record import as_read
from convtool.testing.stub.rules import rule_from

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Mapping

    from convtool.catalog import Catalog
    from convtool.codes import Profile
    from convtool.compare import Dates
    from convtool.limits import StubLimits
    from convtool.sources import Payload
    from convtool.testing.stub.record import RecordedRequest

__all__ = ["ContractServer"]


class ContractServer(Listening):
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
        stub = Stub(
            self.catalog, self.operations, profile=profile, responses=responses, seed=seed, limits=limits, host=host
        )
        super().__init__(stub, port)

    # --- for the test ---

    def url_for(self, path: str) -> str:
        """Give the address of a path."""
        return f"{self.url}/{path.lstrip('/')}"

    @property
    def requests(self) -> list[RecordedRequest]:
        """The newest requests so far, also those whose answers are held back: all, within the limits."""
        return self.stub.recorded.listed()

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

        Of several calls the last counts. What the stub refuses (400, 415; of SOAP a Fault) is refused whatever the
        call says, and is none of its ``times``, unless the call is for whatever is asked: with a ``status`` from 400
        on, or with a ``delay`` and nothing to answer.

        - ``payload``: in either format, converted to the one that is asked for; an invalid one is sent as it is, and
          so is each with a ``content_type``.
        - ``status``: from 400 on the body is an HttpError with ``message``, unless there is a payload.
        - ``delay``: seconds before the answer.
        - ``broken``: "connection" (hangs up half-way), "truncated", "invalid" (an unknown member), "empty" or "html".
          Where that takes a body and the status allows none (204, as of operations without a response), it is 200.
        """
        self.stub.add_rule(rule_from({
            "operation": operation, "payload": None if payload is None else loaded(payload)[0], "status": status,
            "content_type": content_type, "message": message, "headers": dict(headers or {}), "delay": delay,
            "broken": broken, "times": times,
        }))  # fmt: skip

    def reset(self) -> None:
        """Forget injected answers and recorded requests.

        Delayed answers come at once; a request that is not answered yet is no longer recorded.
        """
        self.stub.forget()

    @overload
    def assert_requested(  # type: ignore[overload-overlap]  # a number that is not written there may be 0, too
        self, operation: str = "", *, times: Literal[0]
    ) -> None: ...

    @overload
    def assert_requested(
        self, operation: str = "", *, times: int | None = None, payload: Any = None, ignore: Iterable[str] = (),
        dates: Dates = "text",
    ) -> RecordedRequest: ...  # fmt: skip

    def assert_requested(
        self, operation: str = "", *, times: int | None = None, payload: Any = None, ignore: Iterable[str] = (),
        dates: Dates = "text",
    ) -> RecordedRequest | None:  # fmt: skip
        """Assert that an operation (default: any) was requested, and give its last request.

        ``times``: exactly so often; 0: never, which gives None.

        ``payload``: the last request's body must be the same value, in either format; see ``assert_same``.
        """
        __tracebackhide__ = True
        from convtool.testing.asserts import assert_same

        if times is not None and times < 0:
            raise UsageError(f"times={times!r}: something is requested never (0), once or more often")
        if times == 0 and payload is not None:
            raise UsageError("times=0: what is requested never has no payload")
        known = self.operations.named(operation) if operation else None
        seen = self.stub.recorded.count(known.name if known else None)
        if not seen if times is None else seen != times:
            raise AssertionError(self._not_requested(operation or "any operation", seen, times))
        if not seen:
            return None
        found = [one for one in self.requests if known is None or one.operation == known.name]
        if not found:
            raise UsageError(f"{operation}: its requests are forgotten, as the limits of the server say")
        if payload is not None:
            assert_same(as_read(found[-1]), payload, ignore=ignore, dates=dates, contract=found[-1].contract or None,
                        profile=self.profile)  # fmt: skip
        return found[-1]

    def _not_requested(self, what: str, seen: int, times: int | None) -> str:
        wanted = "at least once" if times is None else _times(times)
        forgotten = self.stub.recorded.forgotten
        lines = [line(f"{one.status} {one.method} {one.url}") for one in self.requests]
        lines = [*([f"({forgotten} more, forgotten since)"] if forgotten else []), *lines]
        listed = "".join(f"\n  {one}" for one in lines) or " none"
        return f"{what} was requested {_times(seen)}, not {wanted}; requests:{listed}"


def _times(number: int) -> str:
    return {0: "never", 1: "once", 2: "twice"}.get(number, f"{number} times")
