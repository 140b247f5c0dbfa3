import ctypes
import errno
import os
import resource
import stat
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest

from convtool.errors import SinkError, SourceError
from convtool.places import atomic_writer, disks, writing
from convtool.places.writing import Group


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


@pytest.fixture(params=["the file system", "each file"])
def synced(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both ways of putting files on disk, 64 at a time."""
    monkeypatch.setattr(writing, "_TOGETHER", 64)
    if request.param == "each file":
        monkeypatch.setattr(disks, "_syncs_whole", lambda _: False)
    way: str = request.param
    return way


def test_a_group_manages_without_threads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, synced: str) -> None:
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
    disks._threads.cache_clear()
    group = Group()
    for number in range(300):
        group.put(str(tmp_path / f"{number}"), b"%d" % number)
    group.commit()
    disks._threads.cache_clear()
    assert started > 2
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {f"{n}": b"%d" % n for n in range(300)}


def test_a_group_has_few_files_open_and_names_them_when_they_are_on_disk(
    tmp_path: Path, synced: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []  # what happens to which files, in its order
    sync, replace = disks.Disk.sync, os.replace

    def noted_sync(self: disks.Disk, descriptors: list[int]) -> list[OSError | None]:
        done.extend(str(Path(f"/proc/self/fd/{one}").readlink()) for one in descriptors)
        return sync(self, descriptors)

    def noted_replace(here: str, there: str) -> None:
        assert here in done
        replace(here, there)

    monkeypatch.setattr(disks.Disk, "sync", noted_sync)
    monkeypatch.setattr(os, "replace", noted_replace)
    group = Group()
    most = 0
    for number in range(400):
        group.put(str(tmp_path / f"{number}"), b"x")
        most = max(most, sum(one.descriptor >= 0 for one in list(group._written)))
    assert most <= 128
    group.discard()
    named = {path.name for path in tmp_path.iterdir()}
    assert named == {f"{number}" for number in range(len(named))}  # the others are gone
    assert 200 < len(named) < 400


def put(group: Group, folder: Path, count: int) -> None:
    for number in range(count):
        group.put(str(folder / f"{number}"), b"x")


def test_a_disk_that_fails_is_told_once_and_leaves_what_has_a_name(
    tmp_path: Path, synced: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    turn = iter([False, True])

    def failing(self: disks.Disk, descriptors: list[int]) -> list[OSError | None]:
        if not next(turn):
            return [None] * len(descriptors)
        if synced == "the file system":
            raise OSError(5, "Input/output error")
        return [None, OSError(5, "Input/output error"), *[None] * (len(descriptors) - 2)]

    monkeypatch.setattr(disks.Disk, "sync", failing)
    group = Group()
    with pytest.raises(SinkError, match=r"cannot be written: Input/output error"):
        put(group, tmp_path, 400)
    group.discard()
    group.discard()
    assert names(tmp_path) == sorted(f"{number}" for number in range(64))


@pytest.mark.parametrize("number", [errno.ENOSYS, errno.EPERM, errno.EIO])
def test_a_sandbox_without_syncfs_syncs_each_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    if not disks._syncs_whole(str(tmp_path)):
        pytest.skip("this file system is not put on disk as a whole")
    synced: list[int] = []

    def refused(_: int) -> int:
        ctypes.set_errno(number)
        return -1

    monkeypatch.setattr(disks, "_library", lambda: SimpleNamespace(syncfs=refused, statfs=lambda *_: -1))
    monkeypatch.setattr(disks, "_syncs_whole", lambda _: True)
    monkeypatch.setattr(disks, "_sync", synced.append)
    group = Group()
    put(group, tmp_path, 20)
    if number == errno.EIO:
        with pytest.raises(SinkError, match="Input/output error"):
            group.commit()
        group.discard()
    else:
        group.commit()
    assert len(names(tmp_path)) == len(synced) == (0 if number == errno.EIO else 20)


def test_a_file_system_that_passes_things_on_is_not_trusted_with_all_of_it(tmp_path: Path) -> None:
    if not disks._has_syncfs():
        pytest.skip("syncfs does not tell here what it could not do")
    assert not disks._syncs_whole("/proc")
    assert not disks._syncs_whole(str(tmp_path / "nowhere"))


def test_a_process_that_may_have_few_files_open_has_fewer_in_a_group(monkeypatch: pytest.MonkeyPatch) -> None:
    for most, together in ((256, 64), (40_000, 10_000), (resource.RLIM_INFINITY, 256)):
        writing._room.cache_clear()
        monkeypatch.setattr(resource, "getrlimit", lambda _, most=most: (most, most))
        assert writing._room() == together
    writing._room.cache_clear()


def test_files_that_are_held_against_a_hash_are_not_put_on_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disks.Disk, "sync", lambda *_: pytest.fail("synced"))
    group = Group(lasting=False)
    group.put(str(tmp_path / "a"), b"x")
    group.commit()
    assert names(tmp_path) == ["a"]
