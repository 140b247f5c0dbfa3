import pytest

from tests.cli.conftest import Run

DEEP = b'{"Debut":' + b"[" * 70 + b"]" * 70 + b"}"


@pytest.mark.parametrize("contract", [[], ["--contract", "ParamModel"]])
def test_depth_is_an_option(run: Run, contract: list[str]) -> None:
    for verb in ("validate", "convert"):
        shallow = run(verb, *contract, stdin=DEEP)
        assert "limit.depth" in shallow.stdout + shallow.stderr
        deep = run(verb, "--depth", "80", *contract, stdin=DEEP)
        assert deep.exit_code == 1
        assert "limit.depth" not in deep.stdout + deep.stderr


@pytest.mark.parametrize("depth", ["0", "151", "x"])
def test_a_depth_that_is_none_is_refused(run: Run, depth: str) -> None:
    result = run("validate", "--depth", depth, stdin=DEEP)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--depth" in result.stderr
