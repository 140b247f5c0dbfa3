"""The bodies of many captures in one tree: a folder for each, an index, and what is said of the files that are none."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

from click.testing import CliRunner

from convtool.cli.app import app
from tests.captures.support import REQUEST, RESPONSE, entry, har
from tests.captures.test_cases import CASES, RIGHT
from tests.places.test_contents import PACK, tarred, zipped

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

ASKED, ANSWERED = (f"0001-post-api-consommationv2-{side}.json" for side in ("request", "response"))


def extracted(*words: object) -> Result:
    return CliRunner().invoke(app, ["extract", *map(str, words)], prog_name="convtool")


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_captures_without_exchanges_are_fine_and_none_is_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.har").write_bytes(har())
    (folder / "index.json").write_bytes(har())
    for source in (folder, folder / "a.har", f"{folder}/*"):
        result = extracted(source, "-o", tmp_path / "out", "--overwrite")
        assert result.exit_code == 0, result.stderr
    result = extracted(f"{folder}/*.json", "-o", folder, "--overwrite")
    assert result.exit_code == 2
    assert "index.json: is a source itself" in result.stderr
    assert (folder / "index.json").read_bytes() == har()


def test_captures_of_a_folder_and_of_archives(tmp_path: Path) -> None:
    source = tmp_path / "in"
    (source / "deep").mkdir(parents=True)
    (source / "a.har").write_bytes(har(entry()))
    (source / "deep" / "a.har").write_bytes(har(entry()))
    (source / "more.zip").write_bytes(zipped({"b\\c.har": b"", "x/b.har": har(entry())}))
    (source / "more.tar.gz").write_bytes(PACK["gz"](tarred({"b.har": har(entry()), "d.har": har(entry())})))
    (source / "alone.json").write_bytes(RESPONSE)
    (source / ".DS_Store").write_bytes(b"\0")
    result = extracted(source, "-o", tmp_path / "out")
    tree = {"a.har", "deep/a.har", "more.zip/x/b.har", "more.tar.gz/b.har", "more.tar.gz/d.har"}
    assert files(tmp_path / "out") == {f"{at}/{name}" for at in tree for name in (ASKED, ANSWERED, "index.json")} | {
        "index.json"
    }
    assert (tmp_path / "out" / "deep" / "a.har" / ASKED).read_bytes() == REQUEST
    rows = json.loads((tmp_path / "out" / "index.json").read_bytes())["captures"]
    assert {row["folder"]: row["bodies"] for row in rows} == dict.fromkeys(tree, 2)
    assert len(result.stdout.splitlines()) == 10
    assert result.exit_code == 1  # a name with a backslash is refused
    said = result.stderr.splitlines()
    assert said[0].endswith("has a backslash in its name")
    assert said[1:] == [
        "5 captures; 1 file is none",
        "POST api/ConsommationV2 200: 5 exchanges",
        "  request: 5 valid",
        "  response: 5 valid",
    ]


def test_names_that_differ_by_case_alone_and_the_index_s_own(tmp_path: Path) -> None:
    (tmp_path / "all.zip").write_bytes(zipped({name: har(entry()) for name in ("a.har", "A.har", "index.json")}))
    assert extracted(tmp_path / "all.zip", "-o", tmp_path / "out").exit_code == 0
    assert {name.partition("/")[0] for name in files(tmp_path / "out")} == {
        "a.har", "A-2.har", "index.json.bodies", "index.json",
    }  # fmt: skip


def test_one_bad_capture_costs_itself(tmp_path: Path) -> None:
    source = tmp_path / "in"
    source.mkdir()
    (source / "a.har").write_bytes(har(entry()))
    (source / "b.har").write_bytes(har(entry())[:-30])
    (source / "c.har.gz").write_bytes(PACK["gz"](har(entry()))[:-9])
    (source / "d.har").write_bytes(har(entry()))
    result = extracted(source, "-o", tmp_path / "out", "--to", "xml")
    assert result.exit_code == 1
    assert (tmp_path / "out" / "d.har" / ASKED.replace("json", "xml")).is_file()
    assert "[capture.syntax]" in result.stderr
    assert "c.har.gz: the compressed data are broken" in result.stderr


def test_a_tree_of_no_capture_is_not_well(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.json").write_bytes(RESPONSE)
    result = extracted(tmp_path / "in", "-o", tmp_path / "out")
    assert (result.exit_code, result.stderr) == (1, "0 captures; 1 file is none\n")


def test_what_is_there_stays_and_a_tree_within_the_source_is_none_of_it(tmp_path: Path) -> None:
    source = tmp_path / "in"
    source.mkdir()
    (source / "a.har").write_bytes(har(entry()))
    assert extracted(source, "-o", source / "out").exit_code == 0
    assert extracted(source, "-o", source / "out").exit_code == 2
    assert files(source) == {
        "a.har",
        "out/index.json",
        *(f"out/a.har/{name}" for name in (ASKED, ANSWERED, "index.json")),
    }


def test_every_kind_is_accounted_for(tmp_path: Path) -> None:
    shutil.copytree(CASES, tmp_path / "in")
    result = extracted(tmp_path / "in", "-o", tmp_path / "out")
    verdicts = [one for told, _ in RIGHT.values() for one in told]
    assert result.exit_code == 0
    assert len(result.stdout.splitlines()) == sum(not one.endswith(("no body", "no verdict")) for one in verdicts)
    assert f"{len(RIGHT)} captures; 1 file is none" in result.stderr
