"""The stub's control routes, by HTTP: rules are added and dropped, requests listed; and what the page to try asks.

They are for programs on this machine and beside it, not for pages that a browser happens to show: a page of another
origin, or one whose name has been pointed at this machine (DNS rebinding), is refused.
"""

from __future__ import annotations

import ipaddress
import json
from typing import TYPE_CHECKING, Any

from werkzeug.wrappers import Response

from convtool.captures.media import parse
from convtool.errors import UsageError
from convtool.testing.stub.rules import rule_from
from convtool.trial.routes import FILES

if TYPE_CHECKING:
    from werkzeug.wrappers import Request

    from convtool.testing.stub.app import Stub
    from convtool.trial import Reply

__all__ = ["ROUTES", "answer_control", "page"]

ROUTES = "/_convtool/"
_FORMS = ("text/plain", "multipart/form-data")  # what a page can send anywhere and no client of these routes sends


def answer_control(stub: Stub, request: Request) -> Response:
    """Answer a request of a control route."""
    what, method = request.path.removeprefix(ROUTES), request.method
    if method in ("GET", "HEAD") and what in FILES:  # which anybody may have
        return page(stub, what)
    refused = _foreign(request, stub.host)
    if refused:
        return _json({"error": refused}, 403)
    if what == "requests" and method == "GET":
        return _json([one.to_dict() for one in stub.recorded.listed()])
    if what == "rules" and method == "POST":
        if parse(request.headers.get("Content-Type", ""))[0] in _FORMS:
            return _json({"error": "a rule is application/json"}, 415)
        try:
            stub.add_rule(rule_from(json.loads(request.get_data())))
        except (ValueError, RecursionError, UsageError) as error:
            return _json({"error": str(error)}, 400)
        return Response(status=204)
    if what in ("rules", "requests") and method == "DELETE":
        stub.forget(what)
        return Response(status=204)
    media_type, _ = parse(request.headers.get("Content-Type", ""))
    reply = stub.trial.answer(method, what, request.args, media_type, request.get_data())
    if reply is not None:
        return _response(reply)
    return _json({"error": "there are: POST or DELETE rules, GET or DELETE requests"}, 404)


def page(stub: Stub, name: str) -> Response:
    """Give a file of the page to try; the page itself has no name."""
    reply = stub.trial.answer("GET", name, {}, "", b"")
    assert reply is not None
    return _response(reply)


def _response(reply: Reply) -> Response:
    return Response(reply.data, reply.status, reply.headers, content_type=reply.content_type)


def _foreign(request: Request, own: str) -> str:
    """Say why a request may come from a page of somebody else; nothing where it does not."""
    host = request.headers.get("Host", "").lower()
    if host and not _is_here(host, own):
        return f"{host!r} is no name of this machine; ask by its address, as localhost or by a name without dots"
    origin = request.headers.get("Origin", f"{request.scheme}://{host}").lower()
    site = request.headers.get("Sec-Fetch-Site", "none")
    if origin != f"{request.scheme}://{host}" or site not in ("none", "same-origin"):
        return "pages of other origins have no say here"
    return ""


def _is_here(host: str, own: str) -> bool:
    """Tell whether a Host can only mean a machine nearby: no name that anybody can register has no dot."""
    name = host.rpartition("]")[0].lstrip("[") or host.partition(":")[0]
    if "." not in name or name == own.lower() or name.endswith(".localhost"):
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _json(content: Any, status: int = 200) -> Response:
    """Give JSON that every reader takes: half characters, which it cannot hold, are replaced."""
    text = json.dumps(content, ensure_ascii=False).encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    return Response(text, status, content_type="application/json; charset=utf-8")
