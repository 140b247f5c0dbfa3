import os
import stat
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.cli.payloads import COMMENTED_XML, DOTNET_JSON, INVALID_JSON, JSON, PRETTY_JSON, XML


@pytest.fixture
def xml_file(tmp_path: Path) -> Path:
    path = tmp_path / "in.xml"
    path.write_bytes(XML)
    return path


def test_converts_into_the_other_format_and_says_nothing_else(run: Run, xml_file: Path) -> None:
    result = run("convert", xml_file)
    assert (result.exit_code, result.stdout_bytes, result.stderr) == (0, JSON, "")


@pytest.mark.parametrize("arguments", [(), ("-",), ("-", "-o", "-")])
def test_reads_standard_input(run: Run, arguments: tuple[str, ...]) -> None:
    result = run("convert", *arguments, stdin=JSON)
    assert (result.exit_code, result.stdout_bytes, result.stderr) == (0, XML, "")


@pytest.mark.parametrize(
    ("payload", "options", "expected"),
    [
        (XML, ["--contract", "ParamModel"], JSON),
        (JSON, ["--contract", "ParamModel"], XML),
        (JSON, ["--from", "json"], XML),
        (XML, ["--from", "xml", "--contract", "ParamModel"], JSON),
        (XML, ["--to", "xml"], XML),
        (PRETTY_JSON, ["--to", "json"], JSON),
        (JSON, ["--to", "json", "--pretty"], PRETTY_JSON),
        (XML, ["--pretty"], PRETTY_JSON),
        (XML, ["--lossless"], JSON),
        (XML.decode().encode("utf-16"), ["--contract", "ParamModel"], JSON),
    ],
)
def test_options_choose_formats_and_form(run: Run, payload: bytes, options: list[str], expected: bytes) -> None:
    result = run("convert", *options, stdin=payload)
    assert (result.exit_code, result.stdout_bytes) == (0, expected)


def test_an_invalid_payload_is_reported_and_nothing_is_written(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "out.xml"
    result = run("convert", "-o", target, stdin=INVALID_JSON)
    assert (result.exit_code, result.stdout_bytes) == (1, b"")
    assert "[value.range]" in result.stderr
    assert "[member.unknown]" in result.stderr
    assert not target.exists()


def test_a_loss_is_said_on_standard_error_and_the_result_is_clean(run: Run) -> None:
    result = run("convert", stdin=COMMENTED_XML)
    assert (result.exit_code, result.stdout_bytes) == (0, JSON)
    assert "[loss.comment]" in result.stderr


def test_lossless_refuses_a_loss(run: Run) -> None:
    result = run("convert", "--lossless", stdin=COMMENTED_XML)
    assert (result.exit_code, result.stdout_bytes) == (1, b"")
    assert "error: " in result.stderr
    assert "[loss.comment]" in result.stderr


def test_the_profile_decides_what_is_an_error(run: Run) -> None:
    strict, dotnet = run("convert", stdin=DOTNET_JSON), run("convert", "--profile", "dotnet", stdin=DOTNET_JSON)
    assert (strict.exit_code, dotnet.exit_code) == (1, 0)
    assert dotnet.stdout_bytes == XML
    assert "[value.coerced]" in dotnet.stderr


def test_output_goes_into_a_file_and_nowhere_else(run: Run, xml_file: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.json"
    result = run("convert", xml_file, "-o", target)
    assert (result.exit_code, result.output) == (0, "")
    assert target.read_bytes() == JSON
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.xml", "out.json"]


def test_a_file_is_not_converted_in_place(run: Run, xml_file: Path) -> None:
    for more in ((), ("--overwrite",)):
        result = run("convert", xml_file, "-o", xml_file, *more)
        assert (result.exit_code, "is a source itself" in result.stderr) == (2, True)
        assert xml_file.read_bytes() == XML


def test_what_is_there_is_replaced_on_request_and_keeps_its_permissions(
    run: Run, xml_file: Path, tmp_path: Path
) -> None:
    target = tmp_path / "out.json"
    target.write_bytes(b"before")
    target.chmod(0o640)
    result = run("convert", xml_file, "-o", target)
    assert (result.exit_code, "is there already\n  hint: --overwrite replaces it" in result.stderr) == (2, True)
    assert target.read_bytes() == b"before"
    assert run("convert", xml_file, "-o", target, "--overwrite").exit_code == 0
    assert target.read_bytes() == JSON
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


@pytest.mark.parametrize(
    ("target", "says"),
    [("missing/out.json", "missing does not exist"), ("in.xml/x.json", "in.xml is not a folder")],
)
def test_an_output_that_cannot_be_written_is_an_error(run: Run, xml_file: Path, target: str, says: str) -> None:
    result = run("convert", xml_file, "-o", xml_file.parent / target)
    assert result.exit_code == 2
    assert says in result.stderr
    assert [path.name for path in xml_file.parent.iterdir()] == ["in.xml"]


def test_a_pipe_with_a_name_is_read_once(run: Run) -> None:
    # As bash's <(command) gives it: a second look at it would find nothing.
    reading, writing = os.pipe()
    os.write(writing, JSON)
    os.close(writing)
    try:
        result = run("convert", f"/dev/fd/{reading}")
    finally:
        os.close(reading)
    assert (result.exit_code, result.stdout_bytes) == (0, XML)


def test_schemas_of_ones_own(run: Run, tmp_path: Path) -> None:
    result = run("convert", "--schemas", tmp_path / "missing", stdin=JSON)
    assert result.exit_code == 2
    assert "missing: the schema folder does not exist" in result.stderr


def test_an_unknown_contract_is_a_failure_that_says_which_there_are(run: Run) -> None:
    result = run("convert", "--contract", "Parammodel", stdin=JSON)
    assert result.exit_code == 2
    assert "Did you mean ParamModel?" in result.stderr
    listed = run("convert", "--contract", "qqqq", stdin=JSON)
    assert "There are: ArrayOfReponseV2Model, ParamModel" in listed.stderr
