"""``convtool serve``: a stub of the API, for tests in any language and for a look at its help page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from convtool.cli.failures import INTERRUPTED
from convtool.cli.grammar import LIMITS, PAYLOAD, RESULT, Command
from convtool.cli.options import open_catalog, option, options
from convtool.cli.output import is_quiet, note, show
from convtool.limits import STUB_LIMITS, StubLimits
from convtool.shown import block, line

if TYPE_CHECKING:
    from convtool.codes import Profile
    from convtool.testing import RecordedRequest

__all__ = ["command"]


@click.command(
    "serve",
    cls=Command,
    short_help="Serve a stub of the API that checks what it is sent.",
    examples="""
  convtool serve --port 8080
  convtool serve --responses tests/responses/
  convtool serve --schemas my-schemas/ --seed 1
  curl -H 'Accept: application/xml' --json @order.json http://127.0.0.1:8080/api/Orders
""",
    epilog="""\b
For tests in other languages:
  POST   /_convtool/rules     how to answer: {"status": 500, "times": 1}, {"delay": 2},
                              {"broken": "truncated"}, {"payload": "[]", "operation": "GET api/Orders"}
  GET    /_convtool/requests  what was requested, with what was found wrong
  DELETE /_convtool/rules, /_convtool/requests

It needs Werkzeug: pip install 'convtool-datacontract[stub]'.
""",
)
@option(RESULT, "--host", default="127.0.0.1", show_default=True, help="Address to listen on")
@option(RESULT, "--port", type=click.IntRange(0, 65535), default=8080, show_default=True, help="Port; 0: any free one")
@option(
    PAYLOAD,
    "--responses",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Folder of payloads to answer with, in either format: api/Orders.json, Orders.xml or CONTRACT.json",
)
@option(PAYLOAD, "--seed", type=int, metavar="N", help="Generate what no file answers, instead of the sample")
@option(
    LIMITS,
    "--max-body",
    type=click.IntRange(1),
    default=STUB_LIMITS.body,
    show_default=True,
    metavar="BYTES",
    help="Bytes of one request; longer ones are answered with 413",
)
@option(
    LIMITS,
    "--max-recorded",
    type=click.IntRange(1),
    default=STUB_LIMITS.recorded,
    show_default=True,
    metavar="BYTES",
    help="Bytes of all requests that are kept for /_convtool/requests; the oldest are forgotten first",
)
@options("profile", "schemas")
@click.pass_context
def command(
    ctx: click.Context,
    *,
    host: str,
    port: int,
    responses: Path | None,
    seed: int | None,
    max_body: int,
    max_recorded: int,
    profile: Profile,
    schemas: Path | None,
) -> None:
    """Serve every operation of operations.toml until Ctrl-C.

    Content types are negotiated as Web API does, and requests are validated: what is wrong with one is in the answer,
    400 with a ModelState that names the members. GET /Help shows the operations; / is a page to try payloads on, which
    `convtool open` shows as well. The address goes to standard output, a line for each request to standard error.
    """
    from convtool.testing.stub import ContractServer

    limits = StubLimits(body=max_body, recorded=max_recorded)
    server = ContractServer(
        open_catalog(schemas), host=host, port=port, profile=profile, responses=responses, seed=seed, limits=limits
    )
    if not is_quiet():  # which threads of their own do not know
        server.stub.on_request = _tell
    server.listen()
    show(server.url)
    number = len(server.operations)
    told = f"{number} operation{'' if number == 1 else 's'}, described at {server.url}/Help"
    note(f"{told}; payloads can be tried at {server.url}/; Ctrl-C ends")
    server.run()
    ctx.exit(INTERRUPTED)  # nothing else ends it but a signal, which has its own code


def _tell(one: RecordedRequest) -> None:
    """Say that a request has been answered, and why it has not."""
    note(line(f"{one.status} {one.method} {one.url}"))
    if one.error:
        note(block(f"  {one.error}"))
