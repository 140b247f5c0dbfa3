"""``convtool open``: a page on which payloads are looked at, with what is found in them where it is."""

from __future__ import annotations

import sys
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import click

from convtool.cli.defaults import rules
from convtool.cli.failures import INTERRUPTED
from convtool.cli.grammar import RESULT, Command
from convtool.cli.options import SOURCE, open_catalog, option, options
from convtool.cli.output import note, show
from convtool.errors import UsageError
from convtool.limits import TRIAL_LIMITS
from convtool.shown import line

if TYPE_CHECKING:
    from convtool.convert import Format

__all__ = ["command"]


@click.command(
    "open",
    cls=Command,
    short_help="Look at a payload in the browser, with its findings in place.",
    examples="""
  convtool open answer.json
  convtool open session.har
  convtool open archived.xml answer.json
  convtool open
""",
    epilog="""
The page is served on this machine alone, and sends nothing anywhere. Of what is compressed it shows what is inside. It
needs Werkzeug: pip install 'convtool-datacontract[stub]'.
""",
)
@click.argument("files", nargs=-1, metavar="[FILE]...", type=SOURCE)
@option(RESULT, "--no-browser", is_flag=True, help="Only print the address")
@option(RESULT, "--port", type=click.IntRange(0, 65535), default=0, show_default=True, help="Port; 0: any free one")
@options("from", "contract", "depth", "schemas", "select", "ignore", "min-severity")
@click.pass_context
def command(
    ctx: click.Context,
    *,
    files: tuple[str, ...],
    no_browser: bool,
    port: int,
    given: Format | None,
    contract: str | None,
    depth: int,
    schemas: Path | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    min_severity: str | None,
) -> None:
    """Look at FILE on a page in the browser until Ctrl-C: a payload or a capture; of two files, where they differ.

    The page shows the payload with its findings in place, what both profiles say of it, and the other format beside
    it. Other files can be dropped on it, or pasted. "-" is standard input.
    """
    if len(files) > 2:
        raise UsageError("one file is looked at, or two are compared", hint="`convtool validate` takes any number")
    if files == ("-", "-"):
        raise UsageError("standard input can be read once", hint="give - once")
    import msgspec  # help does without

    from convtool.choice import Choice, checked
    from convtool.job import Job
    from convtool.operations import load_operations
    from convtool.testing.stub.app import Stub
    from convtool.testing.stub.listening import Listening
    from convtool.trial import Opened, Trial

    catalog = open_catalog(schemas)
    if contract:
        catalog.contract(contract)
    job = Job(
        given=given or "", contract=contract or "", depth=depth, schemas=str(schemas or ""), here=str(Path.cwd()),
        choice=Choice(checked(select), checked(ignore), min_severity or "notice"),
        rules=tuple(msgspec.structs.replace(one, profile="") for one in rules()),  # the page shows both profiles
    )  # fmt: skip
    trial = Trial(catalog, job, tuple(Opened(*_read(name)) for name in files))
    operations = load_operations(catalog.folder.path, catalog.contracts())
    server = Listening(Stub(catalog, operations, host="127.0.0.1", trial=trial), port)
    server.listen()
    address = f"{server.url}/#{trial.token}" if files else f"{server.url}/"
    show(address)
    note("Ctrl-C ends")
    if not no_browser:
        Thread(target=_browse, args=(address,), daemon=True).start()  # some browsers come back when they are closed
    server.run()
    ctx.exit(INTERRUPTED)  # nothing else ends it but a signal, which has its own code


def _browse(address: str) -> None:
    import webbrowser

    if not webbrowser.open(address):
        note("no browser was found: open the address in one")


def _read(name: str) -> tuple[str, bytes]:
    """Read a file as it is; UsageError where it is more than the page takes."""
    from convtool.places import check, shown_url, store_of

    most = TRIAL_LIMITS.body
    if name == "-":
        shown, data = "<stdin>", sys.stdin.buffer.read(most + 1) if sys.stdin is not None else b""
    else:
        path = check(name)
        shown = shown_url(path)
        with store_of(path).open(path) as file:
            data = file.read(most + 1)
    if len(data) > most:
        raise UsageError(
            f"{line(shown)}: is more than the {most:,} bytes that the page takes",
            hint="`convtool validate` takes any size",
        )
    return shown, data
