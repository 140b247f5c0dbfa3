"""A stub of the API on a real port. It needs Werkzeug, which the extra ``stub`` brings."""

from __future__ import annotations

from convtool._version import install
from convtool.errors import UsageError

try:
    import werkzeug  # noqa: F401 - the server that the stub runs on
except ImportError:
    raise UsageError("the stub of the API needs Werkzeug", hint=install("stub")) from None

from convtool.testing.stub.record import RecordedRequest
from convtool.testing.stub.server import ContractServer

__all__ = ["ContractServer", "RecordedRequest"]
