"""Output folders in whose place somebody puts something else while a run goes on: nothing is written there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from convtool.batch import Job, run
from convtool.errors import SinkError
from convtool.places import disks
from tests.batch.tree import GOOD_XML

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def to_a_link(out: Path, elsewhere: Path) -> None:
    (out / "sub").rename(out / "was")
    (out / "sub").symlink_to(elsewhere)


def to_another(out: Path, elsewhere: Path) -> None:
    (out / "sub").rename(out / "was")
    elsewhere.rename(out / "sub")
    elsewhere.symlink_to(out / "sub")


def above_it(out: Path, elsewhere: Path) -> None:
    out.rename(out.with_name("was"))
    (elsewhere / "sub").mkdir()
    out.symlink_to(elsewhere)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    (tmp_path / "in" / "sub").mkdir(parents=True)
    for number in range(40):
        (tmp_path / "in" / "sub" / f"{number:02}.xml").write_bytes(GOOD_XML)
    return tmp_path / "in"


@pytest.mark.parametrize("swap", [to_a_link, to_another, above_it])
@pytest.mark.parametrize("when", ["between tasks", "within a task"])
def test_a_folder_that_is_swapped(
    swap: Callable[[Path, Path], None], when: str, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere, out = tmp_path / "elsewhere", tmp_path / "out"
    elsewhere.mkdir()
    monkeypatch.setattr("convtool.batch.tasks._FILES", 10)
    done, before = 0, disks.Disk.sync

    def swapped(self: disks.Disk, descriptors: list[int]) -> list[OSError | None]:
        if not done:
            swap(out, elsewhere)
        return before(self, descriptors)

    if when == "within a task":
        monkeypatch.setattr(disks.Disk, "sync", swapped)
    with run([source], out, job=Job(to="json")) as going:
        found = iter(going)
        if when == "between tasks":
            done = sum(1 for _ in zip(range(10), found, strict=False))
            swap(out, elsewhere)
        with pytest.raises(SinkError, match="cannot be written: "):
            list(found)
    files = [path for folder in (elsewhere, out) for path in folder.rglob("*.json")]
    assert [path for path in files if "was" not in path.parts] == []


def test_links_that_were_there_are_followed(source: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "large").mkdir()
    (tmp_path / "out" / "sub").symlink_to(tmp_path / "large")
    with run([source], tmp_path / "out", job=Job(to="json")) as going:
        assert {one.status for one in going} == {"converted"}
    assert len(list((tmp_path / "large").iterdir())) == 40


def test_another_run_may_have_another_folder_of_the_same_name(source: Path, tmp_path: Path) -> None:
    for name in ("first", "second"):
        with run([source], tmp_path / "out", job=Job(to="json"), journal=str(tmp_path / name)) as going:
            assert {one.status for one in going} == {"converted"}
        (tmp_path / "out").rename(tmp_path / f"out-{name}")
