"""The plugin beside others: processes of pytest-xdist, any order, event loops, and without parts of pytest."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.support import BESIDE, ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

JSON = '{"Debut":"2026-03-22T00:33:32","Fin":"2026-03-23T00:00:00Z","ProduitId":7}'
HEAD = "import os, pytest\nfrom convtool.testing import *\n"
WRITTEN, UNUSED = "samples written", "samples that no assertion read"
PERHAPS = f"{UNUSED}, but not all tests beside them were run and passed"
WAYS = {
    "alone": [*BESIDE],
    "without much": [*BESIDE[2:], *(f"-pno:{name}" for name in ("cacheprovider", "junitxml", "doctest", "unittest"))],
    "in two processes in any order": ["-n", "2", "--dist", "loadfile", "-p", "randomly"],
}


class Project:
    """A project with tests of its own, which a pytest of its own runs."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.code = -1
        self.told = ""

    def write(self, name: str, body: str) -> None:
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(HEAD + body)

    def run(self, *arguments: str, env: Mapping[str, str] | None = None) -> str:
        """Run it; give what was told."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "COV_"))}
        command = [sys.executable, "-m", "pytest", "-p", "no:hypothesispytest", *arguments]
        done = subprocess.run(
            command, cwd=self.path, env={**kept, "PYTHONPATH": str(ROOT), **(env or {})}, capture_output=True,
            text=True, check=False, timeout=120,
        )  # fmt: skip
        self.code, self.told = done.returncode, done.stdout + done.stderr
        return self.told

    def section(self, title: str) -> list[str]:
        """Give what stands below a headline, names of samples relative to the project."""
        found = re.search(rf"(?m)^=+ convtool: {re.escape(title)} =+\n((?:(?!=).*\n)*)", self.told)
        lines = found[1].splitlines() if found else []
        return sorted(os.path.relpath(line, self.path) for line in lines if line)

    def sample(self, *names: str) -> None:
        """Put samples into the project."""
        for name in names:
            file = self.path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(JSON)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    return Project(tmp_path)


def calls(name: str) -> str:
    return f"def test_{name}():\n    assert_matches_sample('{JSON}', '{name}')\n"


# --- samples --------------------------------------------------------------------------------------------------------


EVERYTHING = """
import asyncio, httpx, pytest_asyncio

@pytest_asyncio.fixture
async def client(contract_server):
    async with httpx.AsyncClient(base_url=contract_server.url) as client:
        yield client

@pytest.mark.asyncio
@pytest.mark.parametrize("number", range(3))
async def test_the_server_is_asked_in_a_loop(client, contract_server, number):
    asked = (client.post("/api/ConsommationV2", json={"ProduitId": number}) for _ in range(5))
    for answer in await asyncio.gather(*asked):
        assert_valid(answer)
    contract_server.assert_requested(times=5, payload='{"ProduitId": %d}' % number)

@pytest.mark.asyncio
async def test_samples_within_a_loop():
    await asyncio.sleep(0)
    assert_matches_sample(PAYLOAD, "async")

class TestInAClass:
    def test_samples(self, contracts):
        assert "ParamModel" in contracts.contracts()
        assert_matches_sample(PAYLOAD, "class")
"""


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
@pytest.mark.long
def test_what_is_written_and_what_is_not_used_is_told(project: Project, way: list[str]) -> None:
    with_loops = "no:asyncio" not in way
    project.write("test_a.py", f"PAYLOAD = '{JSON}'\n" + calls("a") + calls("b") + (EVERYTHING if with_loops else ""))
    project.write("deep/test_b.py", calls("c") + "def test_more():\n    pass\n")
    written = ["deep/samples/c.json", "samples/a.json", "samples/b.json"]
    written += ["samples/async.json", "samples/class.json"] if with_loops else []
    project.run(*way, "--convtool-update")
    assert project.code == 0, project.told
    assert project.section(WRITTEN) == sorted(written)
    assert UNUSED not in project.told
    unused = ["deep/samples/old.json", "samples/a.xml", "samples/deeper/old.xml", "samples/old.json"]
    project.sample(*unused, "samples/note.txt", "elsewhere/samples/old.json")
    project.run(*way, "--convtool-unused")
    assert project.code == 0, project.told  # it is told, and no failure
    assert WRITTEN not in project.told
    assert project.section(UNUSED) == unused
    assert PERHAPS not in project.told


@pytest.mark.long
def test_what_assertions_read_by_a_path_is_used(project: Project) -> None:
    names = ("valid", "same", "approx", "file", "answer")
    project.sample(*(f"samples/{name}.json" for name in (*names, "old")))
    project.write(
        "test_a.py",
        f"""
from pathlib import Path
SAMPLES = Path(__file__).parent / "samples"
def test_a(monkeypatch):
    monkeypatch.chdir(SAMPLES)
    assert_valid(Path("valid.json"))
    assert_same('{JSON}', SAMPLES / ".." / "samples" / "same.json")
    assert '{JSON}' == approx_payload(SAMPLES / "approx.json")
    assert_valid((SAMPLES / "file.json").open("rb"))
def test_b(contract_server):
    contract_server.respond(payload=SAMPLES / "answer.json")
""",
    )
    project.run("--convtool-unused", *BESIDE)
    assert project.code == 0, project.told
    assert project.section(UNUSED) == ["samples/old.json"]


TWO = "that two tests want, each with a payload of its own: name them apart"


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
@pytest.mark.long
def test_two_tests_that_want_one_sample_are_told(project: Project, way: list[str]) -> None:
    for number in (7, 8):
        project.write(f"test_{number}.py", calls("one").replace(":7}", f":{number}}}"))
        project.write(f"deep/test_same_{number}.py", calls("one"))  # which one payload wants twice
    project.run(*way, "--convtool-update")
    in_one = "two payloads of this run want the sample"
    assert in_one in project.told or project.section(f"samples {TWO}") == ["samples/one.json"], project.told
    assert (project.code == 1) is (in_one in project.told)


NOT_ALL = [
    ["-k", "not test_b"], ["test_a.py::test_a"], ["-m", "not slow"],
    ["-n", "2", "-k", "not test_b"],
]  # fmt: skip


@pytest.mark.parametrize("less", NOT_ALL, ids=" ".join)
@pytest.mark.long
def test_what_tests_use_that_were_not_run_is_not_known(project: Project, less: list[str]) -> None:
    (project.path / "pytest.ini").write_text("[pytest]\nmarkers = slow\n")
    project.write("test_a.py", calls("a") + "@pytest.mark.slow\n" + calls("b"))
    project.write("test_other.py", calls("c"))
    project.sample("samples/a.json", "samples/b.json", "samples/c.json")
    project.run("--convtool-unused", *less)
    assert project.code == 0, project.told
    assert project.section(UNUSED) == []
    assert project.section(PERHAPS)
    assert set(project.section(PERHAPS)) <= {"samples/b.json", "samples/c.json"}


@pytest.mark.parametrize("way", [BESIDE, ["-n", "2"]], ids=["alone", "in two processes"])
@pytest.mark.long
def test_nor_what_tests_use_that_did_not_come_to_their_end(project: Project, way: list[str]) -> None:
    for name, body in (("fails", "assert False"), ("skipped", "pytest.skip('n')"), ("expected", "pytest.xfail('n')")):
        project.write(
            f"{name}/test_{name}.py", f"def test_b():\n    {body}\n    assert_matches_sample('{JSON}', 'b')\n"
        )
        project.sample(f"{name}/samples/b.json")
    project.run(*way, "--convtool-unused")
    assert project.section(UNUSED) == []
    assert project.section(PERHAPS) == [f"{name}/samples/b.json" for name in ("expected", "fails", "skipped")]


@pytest.mark.long
def test_a_run_that_ends_early_knows_less(project: Project) -> None:
    project.write("a/test_a.py", calls("a"))
    project.write("b/test_b.py", "def test_b():\n    assert False\n")
    project.write("c/test_c.py", calls("c"))
    project.sample("a/samples/a.json", "a/samples/old.json", "c/samples/c.json")
    project.run("--convtool-unused", "-x", *BESIDE)
    assert project.section(UNUSED) == []
    assert project.section(PERHAPS) == ["a/samples/old.json"]  # it may be used elsewhere; c was not come to


@pytest.mark.parametrize("end", ["pytest.exit('enough')", "raise KeyboardInterrupt"])
@pytest.mark.long
def test_a_run_that_is_ended_knows_less(project: Project, end: str) -> None:
    project.write("test_a.py", calls("a") + f"def test_end():\n    {end}\n" + calls("c"))
    project.sample("samples/a.json", "samples/c.json")
    project.run("--convtool-unused", "-p", "no:randomly", *BESIDE)
    assert project.section(UNUSED) == []
    assert "samples/c.json" in project.section(PERHAPS)
    assert "samples/a.json" not in project.told


@pytest.mark.long
def test_what_was_written_before_a_worker_died_is_told(project: Project) -> None:
    project.write("test_a.py", calls("a") + calls("b") + "def test_end():\n    os._exit(1)\n")
    project.run("-n", "1", "--max-worker-restart", "0", "--convtool-update", "-p", "no:randomly")
    assert project.code != 0
    assert "crashed" in project.told
    assert project.section(WRITTEN) == ["samples/a.json", "samples/b.json"]


@pytest.mark.long
def test_names_of_samples_are_shown_on_one_line(project: Project) -> None:
    project.write("test_a.py", calls("a"))
    project.sample("samples/a.json", "samples/a\x1b[2J\n::error::x.json")
    project.run("--convtool-unused", *BESIDE)
    assert r"a\x1b[2J\n::error::x.json" in project.told
    assert "\x1b[2J" not in project.told


# --- the rest of it -------------------------------------------------------------------------------------------------


@pytest.mark.long
def test_the_folder_of_schemas_counts_in_each_process(project: Project, second_folder: Path) -> None:
    (project.path / "mine").symlink_to(second_folder)
    body = "def test_it(contracts):\n    assert 'Facture' in contracts.contracts()\n"
    project.write("test_a.py", body)
    project.write("deep/test_b.py", body)
    project.run("-n", "2", "--convtool-schemas", "mine")
    assert project.code == 0, project.told


@pytest.mark.long
def test_without_the_plugin_assertions_work(project: Project) -> None:
    project.write("test_a.py", calls("a") + f"def test_valid():\n    assert_valid('{JSON}')\n")
    project.run("-p", "no:convtool")
    assert re.search("1 failed, 1 passed", project.told), project.told
    (project.path / "samples").mkdir()
    (project.path / "samples" / "a.json").write_text(JSON)
    project.run("-p", "no:convtool")
    assert project.code == 0, project.told


def test_without_a_terminal_nothing_is_told_and_nothing_breaks(project: Project) -> None:
    project.write("test_a.py", calls("a"))
    project.run("-p", "no:terminal", "--convtool-update", "--convtool-unused")
    assert project.code == 0, project.told
    assert (project.path / "samples" / "a.json").is_file()


def test_loaded_by_name_where_nothing_is_loaded_by_itself(project: Project) -> None:
    project.write("test_a.py", calls("a"))
    project.run("-p", "convtool.testing.plugin", "--convtool-update", env={"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"})
    assert project.code == 0, project.told
    assert project.section(WRITTEN) == ["samples/a.json"]
