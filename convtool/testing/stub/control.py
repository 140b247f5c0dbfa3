"""The stub's control routes, for tests in other languages: rules are added and dropped, requests listed, by HTTP.

They are for programs on this machine and beside it, not for pages that a browser happens to show: a page of another
origin, or one whose name has been pointed at this machine (DNS rebinding), is refused.
"""

from __future__ import annotations

import ipaddress
import json
from typing import TYPE_CHECKING, Any

from werkzeug.wrappers import Response

from convtool.errors import UsageError
from convtool.testing.received import media_type_of
from convtool.testing.stub.rules import rule_from

if TYPE_CHECKING:
    from werkzeug.wrappers import Request

    from convtool.testing.stub.app import Stub

__all__ = ["ROUTES", "answer_control"]

ROUTES = "/_convtool/"
_FORMS = ("text/plain", "multipart/form-data")  # what a page can send anywhere and no client of these routes sends


def answer_control(stub: Stub, request: Request) -> Response:
    """Answer a request of a control route."""
    what, method = request.path.removeprefix(ROUTES), request.method
    refused = _foreign(request, stub.host)
    if refused:
        return _json({"error": refused}, 403)
    if what == "requests" and method == "GET":
        return _json([one.to_dict() for one in stub.recorded.listed()])
    if what == "rules" and method == "POST":
        if media_type_of(request.headers.get("Content-Type", ""))[0] in _FORMS:
            return _json({"error": "a rule is application/json"}, 415)
        try:
            stub.add_rule(rule_from(json.loads(request.get_data())))
        except (ValueError, RecursionError, UsageError) as error:
            return _json({"error": str(error)}, 400)
        return Response(status=204)
    if what in ("rules", "requests") and method == "DELETE":
        stub.forget(what)
        return Response(status=204)
    return _json({"error": "there are: POST or DELETE rules, GET or DELETE requests"}, 404)


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
