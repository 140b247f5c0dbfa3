"""The pytest plugin: installed with convtool, and without cost until a test uses it.

- Fixtures: ``contracts`` (the Catalog) and ``contract_server`` (a stub of the API on a port of its own).
- ``--convtool-schemas DIR``, or ``convtool_schemas = DIR`` in the ini file (relative to it): a folder of schema files.
- ``--convtool-update``: ``assert_matches_sample`` writes the samples instead of failing.
- ``assert response == approx_payload(...)`` shows the differences.

Everything else is imported when a test asks for it: collecting an empty project imports neither lxml nor Hypothesis.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from convtool.testing import defaults
from convtool.testing.session import Session, session

if TYPE_CHECKING:
    from collections.abc import Iterator

    from convtool.catalog import Catalog
    from convtool.testing.stub import ContractServer

__all__: list[str] = []


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the plugin's options."""
    group = parser.getgroup("convtool", "payloads of .NET data contracts")
    group.addoption(
        "--convtool-schemas", metavar="DIR", help="Folder of schema files [default: the ini file's, or the bundled]"
    )
    group.addoption("--convtool-update", action="store_true", help="Write the samples of assert_matches_sample anew")
    parser.addini("convtool_schemas", "Folder of schema files, relative to the ini file")


def pytest_configure(config: pytest.Config) -> None:
    """Let tests use the folder of schema files that was named."""
    chosen = config.getoption("--convtool-schemas")
    written = config.getini("convtool_schemas")
    if chosen is None and written:
        chosen = (config.inipath.parent if config.inipath else config.rootpath) / str(written)
    before = defaults.use(None if chosen is None else Path(config.invocation_params.dir, chosen)), replace(session)
    session.update, session.written = bool(config.getoption("--convtool-update")), []
    config.add_cleanup(partial(_restore, *before))


def _restore(schemas: str | None, before: Session) -> None:
    """Leave what was there before: pytest may run within a test of pytest."""
    defaults.use(schemas)
    session.update, session.written = before.update, before.written


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Remember the file of the running test: its samples are beside it."""
    before, session.test = session.test, item.path
    try:
        return (yield)
    finally:
        session.test = before


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


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say which samples were written."""
    if session.written:
        terminalreporter.section("convtool: samples written")
        for path in session.written:
            terminalreporter.line(str(path))


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
    _convtool_server.reset()
    yield _convtool_server
    _convtool_server.reset()
