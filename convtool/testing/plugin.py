"""The pytest plugin: installed with convtool, and without cost until a test uses it.

- Fixtures: ``contracts`` (the Catalog) and ``contract_server`` (a stub of the API on a port of its own).
- ``--convtool-schemas DIR``, or ``convtool_schemas = DIR`` in the ini file (relative to it): a folder of schema files.
- ``--convtool-update``: ``assert_matches_sample`` writes the samples instead of failing.
- ``--convtool-unused``: at the end the samples are listed that no assertion has read.
- ``assert response == approx_payload(...)`` shows the differences.

Everything else is imported when a test asks for it: collecting an empty project imports neither lxml nor Hypothesis.
"""

from __future__ import annotations

import sys
from dataclasses import fields, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from convtool.shown import line
from convtool.testing import defaults
from convtool.testing.session import Session, session
from convtool.testing.unused import Seen

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence

    from convtool.catalog import Catalog
    from convtool.testing.stub import ContractServer

__all__: list[str] = []

_SEEN = pytest.StashKey[Seen]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the plugin's options."""
    group = parser.getgroup("convtool", "payloads of .NET data contracts")
    group.addoption(
        "--convtool-schemas", metavar="DIR", help="Folder of schema files [default: the ini file's, or the bundled]"
    )
    group.addoption("--convtool-update", action="store_true", help="Write the samples of assert_matches_sample anew")
    group.addoption("--convtool-unused", action="store_true", help="List the samples that no assertion has read")
    parser.addini("convtool_schemas", "Folder of schema files, relative to the ini file")


def pytest_configure(config: pytest.Config) -> None:
    """Let tests use the folder of schema files that was named."""
    chosen = config.getoption("--convtool-schemas")
    if chosen == "":
        raise pytest.UsageError("--convtool-schemas: an empty text is no folder; without it they are the bundled ones")
    written = config.getini("convtool_schemas")
    if chosen is None and written:
        chosen = (config.inipath.parent if config.inipath else config.rootpath) / str(written)
    before = defaults.use(None if chosen is None else Path(config.invocation_params.dir, chosen)), replace(session)
    _become(Session(update=bool(config.getoption("--convtool-update"))))
    config.stash[_SEEN] = Seen()
    config.pluginmanager.register(_Collector(config.stash[_SEEN]))
    config.add_cleanup(partial(_restore, *before))


def _restore(schemas: str | None, before: Session) -> None:
    """Leave what was there before: pytest may run within a test of pytest."""
    defaults.use(schemas)
    _become(before)


def _become(other: Session) -> None:
    for one in fields(Session):
        setattr(session, one.name, getattr(other, one.name))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Remember the file of the running test: its samples are beside it."""
    before, session.test = session.test, item.path
    try:
        return (yield)
    finally:
        session.test = before


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let each report of a test have what it did with samples, for the process that tells."""
    report = yield
    if session.used or item.config.getoption("--convtool-unused"):
        report.convtool = {  # type: ignore[attr-defined]
            "file": str(item.path), "partly": item.path in session.deselected,
            "used": sorted(map(str, session.used)), "written": list(map(str, session.written)),
            "settled": {str(path): session.settled[path] for path in session.used if path in session.settled},
        }  # fmt: skip
        session.used, session.written = set(), []
    return report


def pytest_deselected(items: list[pytest.Item]) -> None:
    """Remember whose tests are not all run."""
    session.deselected |= {item.path for item in items}


class _Collector:
    """Takes the reports of all tests, wherever they ran."""

    def __init__(self, seen: Seen) -> None:
        self.seen = seen

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take what a test did with samples."""
        did: dict[str, Any] | None = getattr(report, "convtool", None)
        if did is None:
            return
        seen = self.seen
        seen.written |= dict.fromkeys(did["written"])
        seen.used |= set(did["used"])
        seen.settle(did["settled"])
        seen.files.add(did["file"])
        if did["partly"] or not report.passed:
            seen.partly.add(did["file"])


def pytest_assertrepr_compare(op: str, left: object, right: object) -> list[str] | None:
    """Explain a comparison with ``approx_payload``."""
    approx = sys.modules.get("convtool.testing.approx")  # where it has not been imported, there is none
    if approx is None or op != "==":
        return None
    for one, other in ((left, right), (right, left)):
        if isinstance(one, approx.ApproxPayload):
            return [f"{_name(left)} == {_name(right)}", *one.explain(other)]
    return None


def _name(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:60]}…"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, exitstatus: int, config: pytest.Config) -> None:
    """Say which samples were written, and with ``--convtool-unused`` which were not read."""
    seen = config.stash[_SEEN]
    _tell(terminalreporter, "written", list(seen.written))
    _tell(terminalreporter, "that two tests want, each with a payload of its own: name them apart", list(seen.torn))
    if config.getoption("--convtool-unused"):
        run = terminalreporter._session  # noqa: SLF001 - nothing else says whether the run was cut short
        ended = exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED)  # not by Ctrl-C, nor by pytest.exit
        cut_short = run is None or bool(run.shouldstop or run.shouldfail) or any("::" in one for one in config.args)
        surely, perhaps = seen.unused(config.getini("python_files"), cut_short=cut_short or not ended)
        _tell(terminalreporter, "that no assertion read", surely)
        _tell(terminalreporter, "that no assertion read, but not all tests beside them were run and passed", perhaps)


def _tell(reporter: pytest.TerminalReporter, what: str, paths: Sequence[str | Path]) -> None:
    if paths:
        reporter.section(f"convtool: samples {what}")
        for path in paths:
            reporter.line(line(str(path)))


@pytest.fixture(scope="session")
def contracts() -> Catalog:
    """The contracts: a Catalog of ``--convtool-schemas``, of the ini file's folder, or of the bundled ones."""
    return defaults.catalog()


@pytest.fixture(scope="session")
def _convtool_server() -> Iterator[ContractServer]:
    from convtool.testing.stub import ContractServer

    with ContractServer(defaults.catalog()) as server:
        yield server


@pytest.fixture
def contract_server(_convtool_server: ContractServer) -> Iterator[ContractServer]:
    """A stub of the API on a port of its own: every operation of ``operations.toml``; fresh for each test."""
    _convtool_server.start()  # which an earlier test may have stopped
    _convtool_server.reset()
    yield _convtool_server
    _convtool_server.reset()
