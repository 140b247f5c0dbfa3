"""``convtool open`` as a process: a page on this machine, with files in it, opened in the browser."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from convtool.limits import TRIAL_LIMITS
from tests.cli.conftest import COMMAND
from tests.cli.payloads import AMBIGUOUS, JSON, XML
from tests.support import SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.cli.conftest import Run


@contextmanager
def opened(environment: dict[str, str], *arguments: str | Path, stdin: bytes = b"") -> Iterator[str]:
    """Run the command, give the address that it prints, and end it with Ctrl-C."""
    command = [*COMMAND, "open", *map(str, arguments)]
    pipe = subprocess.PIPE
    heeds = partial(signal.signal, signal.SIGINT, signal.default_int_handler)  # whatever the tests' own parent ignores
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, env=environment, preexec_fn=heeds) as process:  # noqa: PLW1509
        assert process.stdout is not None
        assert process.stdin is not None
        process.stdin.write(stdin)
        process.stdin.close()
        process.stdin = None
        address = process.stdout.readline().decode().strip()
        try:
            assert address.startswith("http://127.0.0.1:"), process.communicate(timeout=20)
            assert process.stderr is not None
            assert process.stderr.readline() == b"Ctrl-C ends\n"
            yield address
            process.send_signal(signal.SIGINT)
            assert process.communicate(timeout=20) == (b"", b"")
            assert process.returncode == 130
        finally:
            process.kill()


def given(address: str) -> list[tuple[str, bytes]]:
    """Give what the page is given at its beginning."""
    url, _, token = address.partition("/#")
    told = json.loads(urlopen(f"{url}/_convtool/opened/{token}", timeout=20).read())
    contents = [
        urlopen(f"{url}/_convtool/opened/{token}/{at}", timeout=20).read() for at, _ in enumerate(told["names"])
    ]
    return list(zip(told["names"], contents, strict=True))


def looked(address: str, name: str, data: bytes) -> list[str]:
    """Give the verdicts that the page shows."""
    url = address.partition("/#")[0]
    headers = {"Content-Type": "application/octet-stream"}
    request = Request(f"{url}/_convtool/look?name={name}", data, headers)
    told = json.loads(urlopen(request, timeout=20).read())
    return [one["status"] for one in told["look"]["verdicts"]]


def differs(address: str, left: str, right: str, data: bytes) -> str:
    """Give the contract by which the page compares a payload with itself."""
    url = address.partition("/#")[0]
    asked = f"left={left}&right={right}&first={len(data)}"
    headers = {"Content-Type": "application/octet-stream"}
    told = json.loads(urlopen(Request(f"{url}/_convtool/differ?{asked}", data * 2, headers), timeout=20).read())
    contract: str = told["contract"]
    return contract


def test_files_are_given_to_the_page_as_they_are(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_bytes(XML)
    with opened(environment, tmp_path / "a.xml", "-", "--no-browser", stdin=JSON) as address:
        assert given(address) == [(str(tmp_path / "a.xml"), XML), ("<stdin>", JSON)]
        with pytest.raises(HTTPError, match="404"):
            given(address[:-1])
    with opened(environment, "--no-browser") as address:
        assert address.endswith("/")


def test_the_browser_is_opened_at_the_page(environment: dict[str, str], tmp_path: Path) -> None:
    browser, seen = tmp_path / "browser", tmp_path / "seen"
    browser.write_text(
        f'#!/bin/sh\nprintf %s "$1" > "{seen}.part" && mv "{seen}.part" "{seen}"\nexec sleep 2 > /dev/null 2>&1\n'
    )
    browser.chmod(0o755)
    (tmp_path / "a.xml").write_bytes(XML)
    with opened({**environment, "BROWSER": f"{browser} %s"}, tmp_path / "a.xml") as address:
        for _ in range(1000):
            if seen.exists():
                break
            time.sleep(0.02)
        assert seen.read_text() == address


def test_what_the_project_has_settled_for_a_path_holds(
    environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "convtool.toml").write_text(
        '[[paths]]\npattern = "lists/"\ncontract = "ArrayOfReponseV2Model"\nprofile = "dotnet"\n'
    )
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "a.json").write_bytes(AMBIGUOUS)
    with opened(environment, "lists/a.json", "--no-browser") as address:
        assert looked(address, "lists/a.json", AMBIGUOUS) == ["valid", "valid"]
        assert looked(address, "a.json", AMBIGUOUS) != ["valid", "valid"]
        assert differs(address, "b.json", "lists/a.json", AMBIGUOUS) == "ArrayOfReponseV2Model"
        assert differs(address, "b.json", "a.json", AMBIGUOUS) != "ArrayOfReponseV2Model"
    with opened(environment, "lists/a.json", "--no-browser", "--ignore", "value,root") as address:
        assert looked(address, "a.json", AMBIGUOUS) == ["invalid", "invalid"]


def test_schemas_without_operations_do(environment: dict[str, str], tmp_path: Path) -> None:
    for path in SCHEMAS.iterdir():
        if path.suffix != ".toml":
            (tmp_path / path.name).write_bytes(path.read_bytes())
    with opened(environment, "--schemas", tmp_path, "--no-browser") as address:
        assert looked(address, "a.xml", XML) == ["valid", "valid"]


MISTAKES = {
    "three files": (("a", "a", "a"), "one file is looked at, or two are compared"),
    "standard input twice": (("-", "-", "--no-browser"), "standard input can be read once"),
    "no such file": (("missing.json", "--no-browser"), "missing.json"),
    "a folder": ((".", "--no-browser"), "."),
    "no such contract": (("a", "--contract", "Nothing"), "Nothing"),
    "too large": (("large", "--no-browser"), "is more than the"),
}


@pytest.mark.parametrize(("words", "said"), MISTAKES.values(), ids=MISTAKES)
def test_what_cannot_be_opened_is_said(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a").write_bytes(JSON)
    with (tmp_path / "large").open("wb") as file:
        file.truncate(TRIAL_LIMITS.body + 1)
    result = run("open", *words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("convtool: error: ")
    assert said in result.stderr
