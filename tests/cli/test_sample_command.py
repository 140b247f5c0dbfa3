from convtool import contract
from tests.cli.conftest import Run


def test_the_sample_is_indented_json(run: Run) -> None:
    result = run("sample", "ParamModel")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith('{\n  "Debut": "2026-03-22T00:33:32.0494548+01:00",\n')
    assert result.stdout.endswith("}\n")


def test_the_wire_form_is_what_conversion_gives(run: Run) -> None:
    xml = run("sample", "ArrayOfReponseV2Model", "--to", "xml", "--wire").stdout_bytes
    json = run("sample", "ArrayOfReponseV2Model", "--wire").stdout_bytes
    assert contract("ArrayOfReponseV2Model").to_json(xml) == json


def test_the_moment_can_be_chosen(run: Run) -> None:
    assert '"Fin": "2025-01-31"' not in run("sample", "ParamModel").stdout
    assert '"Fin": "2025-01-31T08:00:00Z"' in run("sample", "ParamModel", "--moment", "2025-01-31T08:00:00Z").stdout
    refused = run("sample", "ParamModel", "--moment", "yesterday")
    assert refused.exit_code == 2
    assert "the moment 'yesterday' is not a date" in refused.stderr


def test_the_name_is_needed_and_must_be_known(run: Run) -> None:
    assert run("sample").exit_code == 2
    unknown = run("sample", "Nope")
    assert unknown.exit_code == 2
    assert "there is no contract 'Nope'" in unknown.stderr
