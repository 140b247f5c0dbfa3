"""At home in tests: assertions on payloads and responses, samples, Hypothesis strategies, a stub of the API.

    from convtool.testing import assert_valid

    def test_orders(client):
        orders = assert_valid(client.get("/orders"))

pytest finds the plugin by itself (``convtool.testing.plugin``): fixtures ``contracts`` and ``contract_server``. Names
are loaded when they are used; the strategies need Hypothesis, the stub Werkzeug:
``pip install 'convtool-datacontract[testing]'``.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from convtool.testing.approx import approx_payload
    from convtool.testing.asserts import assert_converts, assert_same, assert_valid
    from convtool.testing.snapshots import assert_matches_sample
    from convtool.testing.strategies import Invalid, invalid_payloads, payloads, values
    from convtool.testing.stub import ContractServer, RecordedRequest

__all__ = [
    "ContractServer", "Invalid", "RecordedRequest", "approx_payload", "assert_converts", "assert_matches_sample",
    "assert_same", "assert_valid", "invalid_payloads", "payloads", "values",
]  # fmt: skip

_WHERE = {
    "approx": ("approx_payload",),
    "asserts": ("assert_converts", "assert_same", "assert_valid"),
    "snapshots": ("assert_matches_sample",),
    "strategies": ("Invalid", "invalid_payloads", "payloads", "values"),
    "stub": ("ContractServer", "RecordedRequest"),
}
_MODULES = {name: module for module, names in _WHERE.items() for name in names}


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return getattr(import_module(f"convtool.testing.{_MODULES[name]}"), name)
    raise AttributeError(f"module 'convtool.testing' has no attribute {name!r}")
