"""Text from outside, through every command, at a terminal: names, payloads, captures, descriptions, wrong calls."""

from __future__ import annotations

import io
import json
import os
import re
import tarfile
import zipfile
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

import pytest

from convtool.cli import app
from convtool.reports import REPORTERS
from tests.cli.terminal import on_terminal, screen
from tests.hostile_text import COMMANDS, HOSTILE, KINDS, check_seen, check_text
from tests.support import PARAM, ROOT, SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.cli.conftest import Run

SHOWN = ROOT / "tests" / "data" / "shown"
ANNOTATION = re.compile(r"::(error|warning|notice) file=\./[^:,]*,(line=\d+,col=\d+,)?title=[a-z.]+::")

SUFFIXES = [one.suffix for one in REPORTERS.values() if one.suffix]


def names_for(text: str) -> str:
    return text.replace("/", "|").replace("\0", "\x01").encode("utf-8", "replace").decode()[:60]


@pytest.fixture(scope="module")
def hostile_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files and members with hostile names, valid, invalid and refused, whose content is hostile too."""
    folder = tmp_path_factory.mktemp("hostile")
    with zipfile.ZipFile(folder / "evil.zip", "w") as zipped, tarfile.open(folder / "evil.tar", "w") as tar:
        for number, text in enumerate(KINDS.values()):
            content = json.dumps({text[:200]: text[:200], "Debut": text[:200]}).encode()
            name = f"{number}{names_for(text)}.json"
            (folder / f"{names_for(text)}{number}.json").write_bytes(content)
            zipped.writestr(name, content)
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return folder


@pytest.mark.parametrize(
    "options", [[], ["--output-format", "github"], ["--jobs", "2"], ["--profile", "dotnet"]], ids=str
)
@pytest.mark.short(1)
def test_a_folder_of_hostile_names(
    hostile_folder: Path, environment: Mapping[str, str], tmp_path: Path, options: list[str]
) -> None:
    reports = [f"--report={tmp_path}/r{form}" for form in SUFFIXES]
    command = ["validate", "--contract", PARAM, ".", *options, *reports]
    code, told = on_terminal(command, environment, columns=80, cwd=hostile_folder)
    assert code == 1
    seen = screen(told)  # which takes nothing but text and colours
    for one in seen:
        check_seen(one)
        ours = "--output-format" in options and ANNOTATION.match(one)
        assert ours or not COMMANDS.search(one), one
    for form in SUFFIXES:
        check_seen((tmp_path / f"r{form}").read_text("utf-8"))


def test_commands_that_name_their_files(hostile_folder: Path, environment: Mapping[str, str], tmp_path: Path) -> None:
    schemas = tmp_path / "a\n::error::x\x1b[2J"
    schemas.mkdir()
    names = sorted(os.listdir(hostile_folder))  # noqa: PTH208 - as a shell gives them
    files = [f"./{name}" if name.startswith("-") else name for name in names if name.endswith("json")]
    for arguments in (
        ["validate", "--contract", PARAM, *files],
        ["validate", "--contract", PARAM, "--profile", "both", *files],
        [
            "validate",
            "--contract",
            PARAM,
            "--output-format",
            "json",
            *files,
        ],
        ["validate", "nowhere\n::error::x\x1b[2J.json"],
        ["validate", "--contract", "No\n::error::x\x1b[2J", names[0]],
        ["convert", "--contract", PARAM, "-o", f"{tmp_path}/out\n::error::x\x1b/", "."],
        ["convert", "a\n::error::x", "b\x1b[2J", "c"],
        ["compare", "--contract", PARAM, names[0], names[1]],
        ["compare", "nowhere\n::error::x\x1b[2J.json", names[1]],
        ["contracts", "--schemas", schemas],
        ["contracts", "check", schemas],
        ["explain", "no\n::error::x\x1b[2J"],
        ["sample", "No\n::error::x\x1b[2J"],
        ["no\n::error::x\x1b[2J"],
        ["validate", "--no\n::error::x\x1b[2J"],
        ["extract", "nowhere\n::error::x\x1b[2J.har", "-o", tmp_path / "x"],
    ):
        _, told = on_terminal(arguments, environment, columns=80, cwd=hostile_folder)
        assert told
        for one in screen(told):
            assert not COMMANDS.search(one), one


def test_what_goes_wrong_inside_is_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("\x1b[2J\u202e\n::error::x")

    monkeypatch.setattr(app.app, "main", broken)
    assert app.run([]) == 70
    check_text(capsys.readouterr().err, begins=("convtool: internal error: RuntimeError: ", "  hint: This is a bug: "))


@pytest.mark.parametrize("name", ["evil.zip", "esc.zip", "esc.json"])
@pytest.mark.parametrize("options", [[], ["--output-format", "github"], ["--output-format", "json"]], ids=str)
@pytest.mark.short(2)
def test_files_that_once_came_through(environment: Mapping[str, str], name: str, options: list[str]) -> None:
    code, told = on_terminal(["validate", "--contract", PARAM, SHOWN / name, *options], environment)
    assert code == 1
    for one in screen(told):
        check_seen(one)
        assert "github" in options or not COMMANDS.search(one), one
    assert not any(one.startswith("::error file=x::forged") for one in screen(told))


@pytest.mark.parametrize(
    "options", [[], ["--profile", "both"], ["--contract", PARAM], ["--output-format", "github"]], ids=str
)
@pytest.mark.short(2)
def test_captures(tmp_path: Path, environment: Mapping[str, str], options: list[str]) -> None:
    capture = tmp_path / "x.har"
    entries = [entry for text in KINDS.values() for entry in (exchange(text, "POST"), exchange(text, f"X{text[:20]}"))]
    capture.write_text(json.dumps({"log": {"version": "1.2", "creator": {}, "entries": entries}}))
    _, told = on_terminal(["validate", capture, *options], environment, columns=80)
    assert len(screen(told)) > len(KINDS)
    for one in screen(told):
        check_seen(one)
        assert "github" in options or not COMMANDS.search(one), one


@pytest.mark.parametrize("command", ["extract", "validate"])
@pytest.mark.short(1)
def test_captures_of_a_folder(tmp_path: Path, environment: Mapping[str, str], command: str) -> None:
    """Their names, the counts at the end, and what is in the way of some."""
    folder = tmp_path / "in"
    folder.mkdir()
    entries = [exchange(text, "POST") for text in KINDS.values()]
    document = json.dumps({"log": {"version": "1.2", "creator": {}, "entries": entries}})
    with zipfile.ZipFile(folder / "all.zip", "w") as archive:
        for number, text in enumerate(KINDS.values()):
            (folder / f"{names_for(text)}{number}.har").write_text(document[: -number or None])
            archive.writestr(f"{number}{names_for(text)}.har", document)
    words = [command, ".", *(["-o", str(tmp_path / "out")] if command == "extract" else ["--jobs", "1"])]
    _, told = on_terminal(words, environment, columns=80, cwd=folder)
    assert len(screen(told)) > len(KINDS)
    for one in screen(told):
        check_seen(one)
        assert not COMMANDS.search(one), one


def test_names_of_one_output(tmp_path: Path, environment: Mapping[str, str]) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for text in KINDS.values():
            for suffix in ("json", "json.gz", "xml"):
                archive.writestr(f"a{names_for(text)}.{suffix}", "{}")
    for on_clash in ("refuse", "error", "suffix"):
        words = ["convert", "a.zip", "-o", f"{on_clash}/", "--on-clash", on_clash, "--jobs", "1"]
        _, told = on_terminal([*words, "--report", f"{on_clash}.html"], environment, columns=80, cwd=tmp_path)
        for one in screen(told):
            check_seen(one)
            assert not COMMANDS.search(one), one


def exchange(text: str, method: str) -> dict[str, Any]:
    """Give an entry of a HAR that has a text wherever it may have one."""
    request = {
        "method": method, "url": f"http://api.example/{text[:50]}/api/ConsommationV2?{text[:50]}",
        "headers": [{"name": text[:50], "value": text[:50]}],
        "postData": {"mimeType": f"application/json{text[:50]}", "text": text[:100]},
    }  # fmt: skip
    content = {"mimeType": text[:50], "text": json.dumps({text[:50]: 1})}
    return {"request": request, "response": {"status": 200, "headers": [], "content": content}}


@HOSTILE
def test_descriptions_of_contracts(text: str, tmp_path: Path, run: Run) -> None:
    allowed = re.sub("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", text)  # in XML
    for path in SCHEMAS.iterdir():
        described = path.read_text("utf-8")
        if path.name == f"{PARAM}.xsd":
            described = described.replace("Date de début", f"first\n{escape(allowed, {chr(13): '&#13;'})}")
            assert "first" in described
        (tmp_path / path.name).write_text(described, "utf-8", newline="")
    result = run("contracts", PARAM, "--schemas", tmp_path)
    assert "Debut" in result.stdout
    assert "first" in result.stdout
    for one in result.stdout.split("\n"):
        check_seen(one)
        assert not COMMANDS.search(one.lstrip("│├└─ ")), one
