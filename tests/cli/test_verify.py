from pathlib import Path
from typing import Any

import pytest

from convtool.codes import CODES
from convtool.convert import Codec
from tests.cli.conftest import Run
from tests.cli.payloads import COMMENTED_XML, JSON, XML

PROVEN = "verified: converting back gives the same document\n"


@pytest.mark.parametrize("payload", [XML, JSON, b"<?xml version='1.0'?>\n" + XML.replace(b"><", b">\n<")])
@pytest.mark.parametrize("to", ["xml", "json"])
def test_a_conversion_without_loss_is_proven(run: Run, payload: bytes, to: str) -> None:
    result = run("convert", "--verify", "--to", to, stdin=payload)
    assert (result.exit_code, result.stderr) == (0, PROVEN)
    assert result.stdout_bytes == (XML if to == "xml" else JSON)


def test_a_loss_that_was_reported_needs_no_proof(run: Run) -> None:
    result = run("convert", "--verify", stdin=COMMENTED_XML)
    assert (result.exit_code, result.stdout_bytes) == (0, JSON)
    assert "[loss.comment]" in result.stderr
    assert result.stderr.endswith("converting back gives another document: see the losses above\n")


def test_an_invalid_payload_is_reported_as_ever(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "bad.json"
    path.write_bytes(JSON[:-1])
    result = run("convert", "--verify", path)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(f"{path}:1:")


def test_a_loss_in_silence_is_an_error(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What no test can make happen otherwise: convtool is made to forget a member, or to write what it cannot read."""
    convert = Codec.convert

    def broken(change: Any) -> Any:
        def converted(self: Codec, payload: Any, to: Any, **options: Any) -> Any:
            result = convert(self, payload, to, **options)
            return result if options.get("verify") else type(result)(change(result.data), result.report)

        return converted

    path, output = tmp_path / "a.xml", tmp_path / "b.json"
    path.write_bytes(XML)
    monkeypatch.setattr(Codec, "convert", broken(lambda data: data.replace(b',"ProduitId":7', b"")))
    result = run("convert", "--verify", path, "-o", output)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "[verify.mismatch]" in result.stderr
    assert CODES["verify.mismatch"].remedy in result.stderr
    assert not output.exists()
    monkeypatch.setattr(Codec, "convert", broken(lambda data: data[:-1]))
    result = run("convert", "--verify", path)
    assert result.exit_code == 1
    assert "the result cannot be read" in result.stderr
