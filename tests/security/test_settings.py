"""What other code in the same process may have set changes no verdict: the stack, threads, parsers, event loops."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import threading
from typing import Any

import lxml.etree
import pytest

import convtool
from tests.security.confined import codec
from tests.security.test_hostile import MANIFEST, ROWS
from tests.support import LIST, PARAM, ROOT, errors


def verdicts() -> dict[str, Any]:
    """Give the errors of every hostile file, and what it converts to."""
    found: dict[str, Any] = {}
    for row in ROWS:
        of = codec(row.get("contract", PARAM))
        data = (MANIFEST.parent / row["file"]).read_bytes()
        found[row["file"]] = errors(of.validate(data))
        try:
            found[row["file"] + " converted"] = of.to_json(data).decode()
        except convtool.PayloadError as error:
            found[row["file"] + " converted"] = errors(error.report)
    return found


@pytest.fixture(scope="module")
def expected() -> dict[str, Any]:
    return verdicts()


def test_in_threads(expected: dict[str, Any]) -> None:
    found: list[Any] = []
    threads = [threading.Thread(target=lambda: found.append(verdicts())) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 6


def test_within_an_event_loop(expected: dict[str, Any]) -> None:
    async def both() -> list[Any]:
        return [verdicts(), *await asyncio.gather(*(asyncio.to_thread(verdicts) for _ in range(2)))]

    assert asyncio.run(both()) == [expected] * 3


def test_with_a_default_parser_that_trusts_everybody(expected: dict[str, Any]) -> None:
    careless = lxml.etree.XMLParser(
        resolve_entities=True, load_dtd=True, no_network=False, huge_tree=True, recover=True
    )
    lxml.etree.set_default_parser(careless)
    try:
        assert verdicts() == expected
    finally:
        lxml.etree.set_default_parser(None)


_RAISED = """
import json, sys, threading
sys.setrecursionlimit(1_000_000)
from tests.security.test_settings import deep, verdicts
print(json.dumps([verdicts(), deep()]))
"""


def deep() -> list[list[str]]:
    """Give the errors of payloads that are nested a hundred thousand levels deep, in every place and format."""
    levels, found = 100_000, []
    for name in (PARAM, LIST):
        of = convtool.contract(name)
        for head in ("", '{"ProduitId":', '[{"ConsommationsDetails":', '[{"x":'):
            found.append(errors(of.validate(head + "[" * levels)))
            found.append(errors(of.validate(head + '{"a":' * levels)))
        found.append(errors(of.validate(f"<{name}>" + "<a>" * levels)))
        found.append(errors(of.validate(f"<{name}>" + "<a>" * levels + "</a>" * levels + f"</{name}>")))
    return found


def test_with_a_raised_recursion_limit(expected: dict[str, Any]) -> None:
    done = subprocess.run([sys.executable, "-c", _RAISED], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]  # a stack that overflows ends the process
    found, depths = json.loads(done.stdout)
    assert found == expected
    assert depths == deep()
    assert all("limit.depth" in one or "root.name" in one for one in depths)


def test_with_little_stack_left() -> None:
    of = convtool.contract(PARAM)
    payload = '{"x":' + "[" * 60 + "]" * 60 + "}"

    def at(depth: int) -> list[str]:
        return at(depth - 1) if depth else errors(of.validate(payload))

    seen = set()
    for depth in range(500, 960, 20):
        try:
            seen.add(tuple(at(depth)))
        except RecursionError:
            break  # none was left for the test itself
    assert seen <= {("member.unknown",), ("limit.depth",), ("limit.depth", "member.unknown")}
