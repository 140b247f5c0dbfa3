import os
import stat
import threading
from pathlib import Path

import pytest

from convtool.errors import SourceError
from convtool.places import atomic_writer
from convtool.places.writing import LEFTOVER, Group, _threads


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_file_appears_when_the_block_ends(tmp_path: Path) -> None:
    with atomic_writer(tmp_path / "out") as file:
        file.write(b"whole")
        assert "out" not in names(tmp_path)
    assert (tmp_path / "out").read_bytes() == b"whole"
    assert names(tmp_path) == ["out"]


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, SystemExit])
def test_a_block_that_fails_leaves_everything_as_it_was(tmp_path: Path, error: type[BaseException]) -> None:
    (tmp_path / "out").write_bytes(b"old")
    with pytest.raises(error):  # noqa: SIM117, PT012 - the block that fails is what is tested
        with atomic_writer(tmp_path / "out") as file:
            file.write(b"half")
            raise error
    assert (tmp_path / "out").read_bytes() == b"old"
    assert names(tmp_path) == ["out"]


def test_an_error_of_the_disk_is_a_source_error_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(SourceError, match="out: cannot be written: No space left on device"):  # noqa: SIM117
        with atomic_writer(tmp_path / "out") as file:
            file.write(b"half")
    assert names(tmp_path) == []


def test_a_new_file_has_the_permissions_of_the_umask_and_a_replaced_one_its_own(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        with atomic_writer(tmp_path / "new"):
            pass
    finally:
        os.umask(before)
    (tmp_path / "old").touch(mode=0o600)
    with atomic_writer(tmp_path / "old"):
        pass
    assert [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("new", "old")] == [0o640, 0o600]


def test_a_link_keeps_pointing_to_its_target(tmp_path: Path) -> None:
    (tmp_path / "target").write_bytes(b"old")
    (tmp_path / "link").symlink_to("target")
    with atomic_writer(tmp_path / "link") as file:
        file.write(b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "target").read_bytes() == b"new"


def test_a_pipe_is_written_in_place(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    reading = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    with atomic_writer(tmp_path / "pipe") as file:
        file.write(b"through")
    assert os.read(reading, 100) == b"through"
    os.close(reading)
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        (".", "is a folder; name a file to write to"),
        ("missing/out", "cannot be written: No such file or directory"),
        ("a" * 300, "cannot be written: File name too long"),
        ("nul\0", "cannot be written: "),
    ],
)
def test_a_name_that_cannot_be_written(tmp_path: Path, name: str, says: str) -> None:
    with pytest.raises(SourceError, match=says), atomic_writer(tmp_path / name):
        pass
    assert names(tmp_path) == []


def test_a_long_name_is_no_obstacle(tmp_path: Path) -> None:
    with atomic_writer(tmp_path / ("a" * 255)) as file:
        file.write(b"x")
    assert names(tmp_path) == ["a" * 255]


def test_a_group_manages_without_threads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A container may allow a process few of them: what was begun by some is finished without the others."""
    started = 0
    real = threading.Thread.start

    def start(self: threading.Thread) -> None:
        nonlocal started
        started += 1
        if started > 2:
            raise RuntimeError("can't start new thread")
        real(self)

    monkeypatch.setattr(threading.Thread, "start", start)
    _threads.cache_clear()
    group = Group()
    for number in range(200):
        group.put(str(tmp_path / f"{number}"), b"%d" % number)
    group.commit()
    _threads.cache_clear()
    assert started > 2
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {f"{n}": b"%d" % n for n in range(200)}


def test_a_group_has_few_files_open(tmp_path: Path) -> None:
    group = Group()
    most = 0
    for number in range(400):
        group.put(str(tmp_path / f"{number}"), b"x")
        most = max(most, sum(one.descriptor >= 0 for one in group._written))
    assert most == 128
    assert not [path for path in tmp_path.iterdir() if not path.name.startswith(LEFTOVER)]
    group.discard()
    assert list(tmp_path.iterdir()) == []
