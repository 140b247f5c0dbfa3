"""The stub as a WSGI application: every operation is negotiated, validated, answered and recorded."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from werkzeug.wrappers import Request, Response

from convtool.captures import media
from convtool.codes import PROFILES
from convtool.errors import ConvtoolError, UsageError
from convtool.formats.xml.envelope import around, looks_like
from convtool.limits import STUB_LIMITS
from convtool.operations import action_of
from convtool.testing.stub.answers import Answers
from convtool.testing.stub.control import ROUTES, answer_control, page
from convtool.testing.stub.errors import FAILED, INVALID, error_body, fault, first_error, model_state
from convtool.testing.stub.help import help_page
from convtool.testing.stub.incoming import Budget
from convtool.testing.stub.negotiate import MEDIA_TYPES, Choice, choose
from convtool.testing.stub.record import Recorded, RecordedRequest, as_read
from convtool.testing.stub.rules import WITH_BODY, Rule, broken_bytes, broken_text
from convtool.trial import Trial

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable

    from convtool.catalog import Catalog
    from convtool.codes import Profile
    from convtool.limits import StubLimits
    from convtool.operations import Operation, Operations
    from convtool.sniff import Format
    from convtool.testing.stub.incoming import Refused

__all__ = ["Stub"]

REFUSED = "convtool.refused"  # in the environment of a request that the server could not read: its Refused
TURN = "convtool.turn"  # and of each that the server has read: the turn of what is recorded in which it began
_SOAP = {"1.1": "text/xml", "1.2": "application/soap+xml"}
_BODILESS = (204, 205, 304)  # statuses of answers that have no body
_READABLE = {*MEDIA_TYPES[0][1], *MEDIA_TYPES[1][1], "application/x-www-form-urlencoded"}


class Stub:
    """A stub of the API that ``operations`` describe; it may be shared by threads.

    ``profile``: how request bodies are read; see ``Answers`` for ``responses`` and ``seed``. ``limits``: how much is
    read and kept. ``host``: a name that this machine goes by, for the control routes. ``trial``: the page to try.
    """

    def __init__(
        self, catalog: Catalog, operations: Operations, *, profile: Profile = "strict",
        responses: str | os.PathLike[str] | None = None, seed: int | None = None, limits: StubLimits = STUB_LIMITS,
        host: str = "localhost", trial: Trial | None = None,
    ) -> None:  # fmt: skip
        if profile not in PROFILES:
            raise UsageError(f"there is no profile {profile!r}", hint=f"there are: {', '.join(PROFILES)}")
        self.catalog = catalog
        self.operations = operations
        self.profile: Profile = profile
        for name in {one for operation in operations.all for one in (operation.request, operation.response) if one}:
            catalog.contract(name)  # what is wrong with one is said now, not in the midst of a test
        self.answers = Answers(catalog, operations, responses, seed)
        self.limits = limits
        self.host = host
        self.trial = trial or Trial(catalog)
        self.recorded = Recorded(limits)
        self.in_hand = Budget(limits.recorded)  # bodies that are being read and answered
        self.rules: list[Rule] = []
        self.on_request: Callable[[RecordedRequest], None] | None = None  # called when one has been answered
        self.stopping = threading.Event()
        self.delays = threading.Event()  # set where those so far end, and replaced by one for those to come
        self._lock = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer one request, as WSGI has it."""
        return self._respond(Request(environ))(environ, start_response)

    def _respond(self, request: Request) -> Response:
        refused: Refused | None = request.environ.get(REFUSED)
        path = request.path
        if refused is None and path.startswith(ROUTES):
            return answer_control(self, request)
        if refused is None and path == "/" and self._is_for_people(request):
            return page(self, "")
        if request.method == "GET" and (path.lower().rstrip("/") == "/help" or path.lower().startswith("/help/api/")):
            return self._help(path[len("/help/api/") :])
        turn = request.environ.get(TURN, self.recorded.turn)
        content = request.get_data() if refused is None else refused.content
        record = RecordedRequest(request.method, request.url, dict(request.headers), content)
        exchange = _Exchange(self, request, record)
        if refused is not None:
            response = exchange.refuse(str(refused), refused.status)
        else:
            try:
                response = exchange.response()
            except ConvtoolError as error:
                response = exchange.fail(error)
        record.status = response.status_code
        self.recorded.add(record, turn)  # before its answer is held back: who does not wait has asked as well
        exchange.wait()
        if self.on_request is not None:
            self.on_request(record)
        return response

    def _is_for_people(self, request: Request) -> bool:
        """Tell whether a browser asks for the root, where no operation is; other clients get what the API says."""
        is_browser = request.method == "GET" and "text/html" in request.headers.get("Accept", "")
        return is_browser and self.operations.find("GET", request.url) is None

    def take_rule(self, operation: str, *, refused: bool) -> Rule | None:
        """Give the newest rule about an operation, and count it; None where it has no say in what is ``refused``."""
        with self._lock:
            rule = next((one for one in reversed(self.rules) if one.operation.lower() in ("", operation.lower())), None)
            if rule is None or (refused and not rule.answers_all):
                return None
            if rule.left is not None:
                rule.left -= 1
                if rule.left == 0:
                    self.rules.remove(rule)
            return rule

    def add_rule(self, rule: Rule) -> None:
        """Take a rule; UsageError where it is about an operation that is not there."""
        if rule.operation:
            rule.operation = self.operations.named(rule.operation).name
        with self._lock:
            if len(self.rules) >= self.limits.rules:
                raise UsageError(f"there are {len(self.rules)} rules", hint="forget them before there are more")
            if sum(len(one.payload or b"") for one in (*self.rules, rule)) > self.limits.recorded:
                raise UsageError(f"the payloads of all rules have at most {self.limits.recorded} bytes")
            self.rules.append(rule)

    def forget(self, what: str = "") -> None:
        """Forget the "rules", whose delays end, the "requests", also those that are not answered yet, or both."""
        if what != "rules":
            self.recorded.clear()  # before the delays end
        if what != "requests":
            with self._lock:
                self.rules.clear()
            self._end_delays()

    def stop(self) -> None:
        """Say that the server stops: delayed answers come at once, and there are no more delays."""
        self.stopping.set()
        self._end_delays()

    def _end_delays(self) -> None:
        with self._lock:
            self.delays.set()
            self.delays = threading.Event()

    def _help(self, identifier: str) -> Response:
        chosen = [one for one in self.operations.all if not identifier or page_id(one) == identifier]
        if not chosen:
            return Response(error_body("json", "There is no such operation."), 404, content_type="application/json")
        return Response(help_page(self.catalog, chosen), content_type="text/html; charset=utf-8")


def page_id(operation: Operation) -> str:
    """Give what Web API's help page calls an operation in its address: ``POST-api-Orders-id``."""
    path = operation.path.replace("{", "").replace("}", "")
    return (
        f"{operation.method}-{path}".replace("/", "-")
        .replace("#", "-")
        .replace("?", "_")
        .replace("=", "")
        .replace("&", "_")
    )


class _Exchange:
    """One request and its answer."""

    def __init__(self, stub: Stub, request: Request, record: RecordedRequest) -> None:
        self.stub = stub
        self.request = request
        self.record = record
        self.delays = stub.delays  # before a rule is taken, which may be forgotten before the delay begins
        self.delay = 0.0  # seconds, as a rule says
        headers = request.headers
        self.media_type, self.charset = media.parse(headers.get("Content-Type", ""))
        self.choice = choose(
            headers.get("Accept", ""), headers.get("Accept-Charset", ""), self.media_type, self.charset,
            ajax=headers.get("X-Requested-With", "").lower() == "xmlhttprequest",
        )  # fmt: skip
        self.action = action_of(headers.get("SOAPAction"), headers.get("Content-Type", ""))
        self.soap = ""  # the version of a SOAP operation's envelopes

    def response(self) -> Response:
        """Answer the request."""
        request, stub = self.request, self.stub
        operation = stub.operations.find(request.method, request.url, self.action)
        self._speak(operation or next(iter(stub.operations.at(request.method, request.url)), None))
        if operation is None:
            return self._nothing_here()
        self.record.operation, self.record.contract = operation.name, operation.request
        refused = self._judge(operation)
        rule = stub.take_rule(operation.name, refused=refused is not None)
        self.delay = rule.delay if rule is not None else 0.0
        if rule is not None and rule.status >= 400 and rule.payload is None:
            return self._send(*self._error(rule.message or FAILED), status=rule.status, rule=rule)
        if refused is not None and (rule is None or rule.status < 400):
            return refused
        if rule is not None and rule.payload is not None:
            return self._given(operation, rule)
        if not operation.response:
            return self._nothing(rule)
        value = stub.answers.value(operation)
        data = stub.catalog.contract(operation.response).formats[self.choice.format].write(value)
        return self._send(self._within(data), self.choice, status=200 if rule is None else rule.status, rule=rule)

    def wait(self) -> None:
        """Hold the answer back as long as a rule says."""
        if self.delay and not self.stub.stopping.is_set():
            self.delays.wait(self.delay)

    def refuse(self, message: str, status: int) -> Response:
        """Answer a request that could not be read to its end."""
        return self._send(*self._error(f"The request cannot be read: {message}."), status=status)

    def fail(self, error: ConvtoolError) -> Response:
        """Answer where there is no answer to give, and say why."""
        self.record.error = str(error)
        return self._send(*self._error(FAILED, ExceptionMessage=str(error)), status=500)

    def _speak(self, operation: Operation | None) -> None:
        """Answer as an operation does: those of SOAP in envelopes of its version, whatever is asked for."""
        if operation is not None and operation.soap:
            self.soap = operation.soap
            self.choice = Choice("xml", _SOAP[self.soap], self.choice.charset)

    def _within(self, data: bytes) -> bytes:
        """Give a document as it is sent: of a SOAP operation, in an envelope."""
        before, behind = around(self.soap) if self.soap else (b"", b"")
        return before + data + behind

    def _nothing_here(self) -> Response:
        """Answer a URL that is of no operation, or only with another method, or another action."""
        if self.soap:
            message = f"The message with Action '{self.action or ''}' cannot be processed at the receiver, due to a "
            message += "ContractFilter mismatch at the EndpointDispatcher."
            return self._send(fault(self.soap, "ActionNotSupported", message), self.choice, status=500)
        url, methods = self.request.url, ("GET", "POST", "PUT", "PATCH", "DELETE")
        allowed = [method for method in methods if self.stub.operations.find(method, url) is not None]
        if allowed:
            message = f"The requested resource does not support http method '{self.request.method}'."
            response = self._send(*self._error(message), status=405)
            response.headers["Allow"] = ", ".join(allowed)
            return response
        parts = urlsplit(url)
        seen = f"{parts.scheme}://{parts.netloc}{parts.path}"
        return self._send(
            *self._error(f"No HTTP resource was found that matches the request URI '{seen}'."), status=404
        )

    # --- the request ---

    def _judge(self, operation: Operation) -> Response | None:
        """Read the request's body; give the answer that refuses it, or None where it is fine."""
        if not operation.request:
            return None
        codec = self.stub.catalog.contract(operation.request)
        body = self.record.content
        unreadable = self._unreadable(body, codec.form.refusal())
        if unreadable:
            return self._send(*self._error(unreadable), status=415)
        if not body and self.stub.profile == "dotnet":
            return None  # the action's parameter is null, which is the action's business
        came = as_read(self.record)
        report = self.record.report = codec.validate(came.content, format=came.format, profile=self.stub.profile)
        if self.soap and not (report and looks_like(body)):
            said = first_error(report) if not report else "The message is in no SOAP envelope."
            return self._send(fault(self.soap, "DeserializationFailed", said), self.choice, status=500)
        if report:
            return None
        return self._send(*self._error(INVALID, ModelState=model_state(report, codec.model)), status=400)

    def _unreadable(self, body: bytes, no_form: str) -> str:
        """Say why Web API has no formatter for a body; nothing where it has one."""
        if not self.media_type:
            return (
                "The request contains an entity body but no Content-Type header. The inferred media type "
                "'application/octet-stream' is not supported for this resource."
                if body
                else ""
            )
        if self.media_type in ({_SOAP[self.soap]} if self.soap else _READABLE) and not (
            no_form and media.format_of(self.media_type) == "form"
        ):
            return ""
        return f"The request entity's media type '{self.media_type}' is not supported for this resource."

    # --- the answer ---

    def _error(self, message: str, **more: Any) -> tuple[bytes, Choice]:
        if self.soap:
            said = more.get("ExceptionMessage", message)
            return fault(self.soap, "InternalServiceFault", said), self.choice
        return error_body(self.choice.format, message, **more), self.choice

    def _given(self, operation: Operation, rule: Rule) -> Response:
        """Answer with a rule's payload: in the format that is asked for where it is valid, else as it is."""
        data = rule.payload or b""
        if not rule.content_type and rule.status < 400 and operation.response:
            codec = self.stub.catalog.contract(operation.response)
            try:
                written = self._within(codec.convert(data, self.choice.format).data)
                return self._send(written, self.choice, status=rule.status, rule=rule)
            except ConvtoolError:
                pass  # it is meant to be wrong
        xml = data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
        chosen: Format = "xml" if xml else "json"
        content_type = rule.content_type or f"application/{chosen}; charset=utf-8"
        return self._send(data, Choice(chosen, "", "utf-8"), status=rule.status, rule=rule, content_type=content_type)

    def _nothing(self, rule: Rule | None) -> Response:
        """Answer for an operation that has no response: without a body, unless the rule makes one of nothing."""
        status = rule.status if rule is not None and rule.status != 200 else 202 if self.soap else 204
        if rule is None or rule.broken not in WITH_BODY:
            return self._as_ruled(Response(status=status), rule)
        return self._send(self._within(b""), self.choice, status=status, rule=rule)

    def _send(
        self, data: bytes, choice: Choice, *, status: int, rule: Rule | None = None, content_type: str = ""
    ) -> Response:
        """Give the response, broken as the rule says: its text, then the bytes that this is in its charset."""
        text, other = broken_text(rule, data, choice.format)
        encoded = choice.encode(text) if not other and not content_type else text
        response = Response(encoded, status, content_type=other or content_type or choice.content_type)
        return self._as_ruled(response, rule)

    def _as_ruled(self, response: Response, rule: Rule | None) -> Response:
        """Give a response with a rule's headers, what the rule leaves of its body, and a status that goes with that.

        One whose connection is to break off promises what does not come.
        """
        if rule is not None:
            whole = response.get_data()
            left = broken_bytes(rule, whole)
            if left != whole:
                response.set_data(left)
            response.headers.update(rule.headers)
            if rule.broken in WITH_BODY and response.status_code in _BODILESS:
                response.status_code = 200
            if rule.broken == "connection":
                response.headers["Content-Length"] = str(max(len(whole), 1))
        return response
