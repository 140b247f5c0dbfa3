"""Whatever a file holds: one clear error with its place, exit code 1 or 2, and no traceback."""

from pathlib import Path

import pytest

from tests.cli.conftest import RunProcess
from tests.cli.payloads import NAMESPACE, XML
from tests.support import outcomes

ZIP = b"PK\x03\x04\x14\x00\x00\x00\x08\x00" + bytes(range(256))
RECORD = f'<ReponseV2Model xmlns="{NAMESPACE}"/>'.encode()

# name: (content, place, code)
FILES = {
    "empty": (b"", ":1:1", "input.empty"),
    "blank": (b" \r\n\t", ":1:1", "input.empty"),
    "truncated.xml": (XML[:-30], ":1:", "xml.syntax"),
    "truncated.json": (b'{"Debut": "2026-03', ":1:", "json.syntax"),
    "binary": (ZIP, ":1:1", "input.format"),
    "zeros": (bytes(64), ":1:1", "input."),
    "wrong-root.xml": (XML.replace(b"ParamModel", b"Autre"), ":1:1", "root.name"),
    "wrong-root.json": (b'{"Nom": 1}', ":1:1", "root.name"),
    "wrong-namespace.xml": (XML.replace(NAMESPACE.encode(), b"urn:autre"), ":1:1", "root.name"),
    "item-alone.xml": (RECORD, ":1:1", "root.name"),
    "latin1.xml": (XML.replace(b"<Fin>", "<Été>".encode("latin-1")), ":1:", "input.encoding"),
    "latin1.json": ('{"Débit": 1}'.encode("latin-1"), ":1:4", "input.encoding"),
    "utf16-odd": (XML.decode().encode("utf-16")[:-1], ":", "input.encoding"),
    "doctype.xml": (b'<!DOCTYPE r [<!ENTITY e "x">]>' + XML, ":1:", "xml.doctype"),
    "deep.json": (b"[" * 100_000, ":1:", "limit.depth"),
    "deep.xml": (b"<a>" * 100_000, ":1:", ""),
    "html": (b"<html><body>502 Bad Gateway</body></html>", ":1:1", "input.format"),
}


@pytest.fixture
def bad(tmp_path: Path) -> dict[str, Path]:
    for name, (content, _, _) in FILES.items():
        (tmp_path / name).write_bytes(content)
    return {name: tmp_path / name for name in FILES}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("command", ["validate", "convert"])
@pytest.mark.short(6)
def test_a_bad_payload_is_invalid(run_process: RunProcess, bad: dict[str, Path], name: str, command: str) -> None:
    _, place, code = FILES[name]
    done = run_process(command, bad[name])
    report, rest = (done.stdout, done.stderr) if command == "validate" else (done.stderr, done.stdout)
    assert (done.returncode, rest) == (1, b"")
    text = report.decode()
    assert text.startswith(f"{bad[name]}{place}")
    assert f"[{code}" in text.splitlines()[0]
    assert "Traceback" not in text


@pytest.mark.parametrize("command", ["validate", "convert"])
def test_the_other_contract(run_process: RunProcess, command: str) -> None:
    done = run_process(command, "--contract", "ArrayOfReponseV2Model", stdin=XML)
    text = (done.stdout + done.stderr).decode()
    assert done.returncode == 1
    assert text.startswith("<stdin>:1:1: error: ")
    assert "[root.name]" in text.splitlines()[0]


@pytest.mark.parametrize("command", ["validate", "convert"])
@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("missing.xml", "No such file or directory"),
        ("a" * 300, "File name too long"),
        ("file/below", "Not a directory"),
    ],
)
@pytest.mark.short(2)
def test_a_source_that_is_no_file(run_process: RunProcess, tmp_path: Path, command: str, name: str, says: str) -> None:
    (tmp_path / "file").write_bytes(XML)
    done = run_process(command, tmp_path / name)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode() == f"convtool: error: {tmp_path / name}: {says}\n"


def test_a_file_name_that_is_no_text(run_process: RunProcess, tmp_path: Path) -> None:
    path = Path(f"{tmp_path}/caf\udce9.xml")  # the byte E9, which is not UTF-8
    try:
        path.write_bytes(XML)
    except OSError:
        pytest.skip("this file system takes texts only")
    for options in ((), ("--output-format", "json")):
        done = run_process("validate", path, *options)
        assert (done.returncode, done.stderr) == (0, b"")
        shown = outcomes(done.stdout)[0]["source"] if options else done.stdout.decode()
        assert r"caf\udce9.xml" in shown
