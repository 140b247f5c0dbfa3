"""Error responses as files of their own: shown, converted both ways, and never taken for broken payloads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support import SAMPLES, outcomes

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run

JSON = '{"Message":"The request is invalid.","ModelState":{"param.Debut":["is missing"]}}'
XML = (
    "<Error><Message>The request is invalid.</Message><ModelState><param.Debut>is missing</param.Debut></ModelState>"
    "</Error>"
)


@pytest.fixture(params=["json", "xml"])
def error(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / f"error.{request.param}"
    path.write_text({"json": JSON, "xml": XML}[request.param])
    return path


def test_an_error_response_is_converted_both_ways(run: Run, error: Path, tmp_path: Path) -> None:
    other = XML if error.suffix == ".json" else JSON
    result = run("convert", error)
    assert (result.exit_code, result.stdout) == (0, other)
    assert result.stderr == f"{error}: error response ({error.suffix[1:]})\n"
    assert run("convert", stdin=error.read_bytes()).stdout == other
    assert run("convert", error, "--to", error.suffix[1:]).stdout == error.read_text()
    assert run("convert", error, "-o", tmp_path / "out").exit_code == 0
    assert (tmp_path / "out").read_text() == other


def test_it_is_indented_on_request(run: Run, error: Path, tmp_path: Path) -> None:
    pretty = run("convert", error, "--pretty").stdout
    assert pretty.count("\n  ") == (4 if error.suffix == ".json" else 6)
    assert pretty.endswith("}\n" if error.suffix == ".xml" else "\n</Error>\n")
    assert run("convert", stdin=pretty.encode()).stdout == error.read_text()


def test_it_is_shown_and_no_broken_payload(run: Run, error: Path) -> None:
    result = run("validate", error)
    assert result.exit_code == 0
    assert "notice: The server said: The request is invalid. [http.error]" in result.stdout
    assert "the server said: is missing (key 'param.Debut') [http.model-state]" in result.stdout
    assert run("validate", "--profile", "both", stdin=error.read_bytes()).exit_code == 0
    [one] = outcomes(run("validate", "--output-format", "json", error).stdout)
    assert (one["source"], one["status"]) == (str(error), "error response")


def test_where_a_contract_is_named_it_is_none_of_it(run: Run, error: Path) -> None:
    for verb in ("validate", "convert"):
        assert run(verb, error, "--contract", "ParamModel").exit_code == 1


def test_what_would_be_lost_is_refused_on_request(run: Run) -> None:
    path = SAMPLES / "error" / "Error-loss.http-error.json"
    result = run("convert", path)
    assert result.exit_code == 0
    assert f"{path}:1:38: notice: 7 becomes one text in XML. [loss.http-error]" in result.stderr
    refused = run("convert", path, "--lossless")
    assert (refused.exit_code, refused.stdout) == (1, "")


def test_what_an_error_response_cannot_be(run: Run, error: Path) -> None:
    assert "no format 'form'" in run("convert", error, "--to", "form").stderr
    other = "json" if error.suffix == ".xml" else "xml"
    assert run("convert", error, "--from", other).exit_code == 1
    lines = run("convert", error, "--ndjson")  # it has no records
    assert (lines.exit_code, lines.stdout, "notice: The server said" in lines.stderr) == (0, "", True)


def test_it_is_verified_like_any_other(run: Run, error: Path) -> None:
    result = run("convert", error, "--verify")
    assert (result.exit_code, result.stdout) == (0, XML if error.suffix == ".json" else JSON)
    assert "verified: converting back gives the same document" in result.stderr


@pytest.mark.parametrize("body", [b'{"Message":"No.","Total":3}', b"<Error><Total>3</Total></Error>", b"<Error />"])
def test_other_shapes_are_none(run: Run, body: bytes) -> None:
    for verb in ("validate", "convert"):
        result = run(verb, stdin=body)
        assert result.exit_code == 1
        assert "[root.name]" in result.stdout + result.stderr
