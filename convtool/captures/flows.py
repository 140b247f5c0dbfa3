"""mitmproxy flow files, read by mitmproxy itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from convtool.captures.captured import Captured, Pair
from convtool.captures.extras import load_extra
from convtool.captures.failure import broken

if TYPE_CHECKING:
    from collections.abc import Iterator

    from convtool.captures.failure import Broken
    from convtool.captures.kinds import Source
    from convtool.captures.model import Side

__all__ = ["read_flows"]


def read_flows(source: Source) -> Iterator[Pair | Broken]:
    """Yield the HTTP flows; what is broken in its place."""
    reading = load_extra("mitmproxy.io", "mitmproxy")
    http = load_extra("mitmproxy.http", "mitmproxy")
    flows = iter(reading.FlowReader(source.file).stream())
    while True:
        try:
            flow = next(flows)
        except StopIteration:
            return
        except Exception as error:  # whatever a reader of a foreign format makes of damaged bytes
            yield broken(source.name, f"The flow file cannot be read on: {error}.")
            return
        if isinstance(flow, http.HTTPFlow):
            yield _pair(flow)


def _pair(flow: Any) -> Pair:
    request, response = flow.request, flow.response
    pair = Pair(
        request.method, request.url, response.status_code if response is not None else 0,
        _captured("request", request), _captured("response", response) if response is not None else None,
        "websocket" if flow.websocket is not None else "",
    )  # fmt: skip
    pair.settle()
    return pair


def _captured(side: Side, message: Any) -> Captured:
    headers = tuple((key.decode("latin-1"), value.decode("latin-1")) for key, value in message.headers.fields)
    return Captured(side, headers, message.raw_content)  # None: mitmproxy was told not to keep the body
