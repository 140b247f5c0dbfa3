"""One protocol, two stores: what holds of files of this machine holds of objects."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from convtool.errors import SinkError, SourceError
from convtool.places import LIMITS, Store, atomic_writer, join, listing, open_found, store_of
from convtool.places.local import Local
from convtool.places.objects import Objects

FILES = {"a.xml": b"<a/>", "b/c.json": b"[1, 2]", "b/d/e": b"", "z": b"0123456789"}


@pytest.fixture(params=["local", "objects"])
def root(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give an empty folder of each store."""
    if request.param == "local":
        return str(tmp_path)
    fsspec = pytest.importorskip("fsspec", reason="fsspec is not installed (extra remote)")
    memory = fsspec.filesystem("memory")
    memory.store.clear()
    memory.pseudo_dirs[:] = [""]
    return "memory://root"


@pytest.fixture
def store(root: str) -> Store:
    """Give the store of the folder, in which FILES are."""
    store = store_of(root)
    group = store.group()
    for name, data in FILES.items():
        group.put(join(root, name), data)
    group.commit()
    return store


def test_paths_and_urls_belong_to_their_stores() -> None:
    assert isinstance(store_of("/a/b"), Local)
    assert isinstance(store_of("a:b"), Local)
    assert isinstance(store_of("s3://bucket/a"), Objects)
    assert isinstance(store_of("https://host/a"), Objects)
    assert store_of("a") is store_of("b")


def test_what_is_there(store: Store, root: str) -> None:
    file, folder, none = (join(root, name) for name in ("a.xml", "b", "none"))
    assert [store.exists(at) for at in (file, folder, none)] == [True, True, False]
    assert [store.is_folder(at) for at in (file, folder, none)] == [False, True, False]
    assert [store.size(at) for at in (file, none)] == [4, -1]
    assert sorted(store.names(root)) == ["a.xml", "b", "z"]
    assert store.names(join(root, "none")) == []
    assert store.identity(root) == store.identity(f"{root}/")
    assert store.identity(join(root, "a.xml")) != store.identity(join(root, "z"))


def test_what_is_below_a_folder(store: Store, root: str) -> None:
    sizes, occupied = store.sizes(root), store.occupied(root)
    assert {name: sizes(name) for name in (*FILES, "none")} == {**{n: len(d) for n, d in FILES.items()}, "none": -1}
    assert {name: occupied(name) for name in (*FILES, "none")} == {**dict.fromkeys(FILES, "file"), "none": ""}
    listed = [(one.name, one.is_folder, one.size, one.verdict) for one in store.folder(root) if not one.is_folder]
    assert listed == [("a.xml", False, 4, ""), ("z", False, 10, "")]
    assert [(one.path, one.is_folder) for one in store.folder(root)][1] == (join(root, "b"), True)
    matched = store.glob(join(root, "*.xml"))
    assert [store.size(path) for path in matched] == [4]
    assert store.glob(join(root, "*.none")) == []


def test_an_entry_says_what_is_wrong(store: Store, root: str) -> None:
    good, none = store.entry(join(root, "z")), store.entry(join(root, "none"))
    assert (good.name, good.size, good.verdict) == ("z", 10, "")
    assert (none.verdict, none.reason) == ("failed", "No such file or directory")


def test_reading(store: Store, root: str) -> None:
    path = join(root, "z")
    with store.open(path) as raw:
        assert (raw.read(3), raw.seek(-2, 2), raw.read()) == (b"012", 8, b"89")
    with store.open(path, 4) as raw:
        assert raw.read(4) == b"0123"
    with store.window(path, 3, 4) as part:
        assert (part.seek(3), part.read(2), part.seek(5), part.read(2)) == (3, b"34", 5, b"56")
    with pytest.raises(SourceError, match="No such file or directory"):
        store.open(join(root, "none")).read()


def test_listed_and_opened_by_one_way(store: Store, root: str) -> None:
    found = list(listing(root, "", LIMITS))
    assert [one.name for one in found] == ["a.xml", "z", "b/c.json", "b/d/e"]
    contents = {}
    for one in found:
        with open_found(one, LIMITS) as raw:
            contents[one.name] = raw.read()
    assert contents == FILES
    left_out = {store.identity(join(root, "b/d")), store.identity(join(root, "z"))}
    names = [one.name for one in listing(root, "in", LIMITS, frozenset(filter(None, left_out)))]
    assert names == ["in/a.xml", "in/b/c.json"]


def test_writing_whole_or_not_at_all(store: Store, root: str) -> None:
    path = join(root, "a.xml")

    def broken_off() -> None:
        with atomic_writer(path) as file:
            file.write(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        broken_off()
    assert store.size(path) == 4
    with atomic_writer(path) as file:
        file.write(b"whole")
    assert store.size(path) == 5


def test_a_group_has_its_names_together(store: Store, root: str) -> None:
    group = store.group()
    new, other = join(root, "new/f"), join(root, "new/g")
    with group.writer(new) as file:
        file.write(b"first")
        file.restart()
        start = file.size
        file.write(b"second")
        file.rewind(start)
        file.restart()
        file.write(b"2nd")
        digest = file.hexdigest()
    group.put(other, b"g")
    assert (store.exists(new), store.exists(other)) == (False, False)
    group.commit()
    with store.open(new) as raw:
        assert raw.read() == b"first2nd"
    assert digest == hashlib.sha256(b"2nd").hexdigest()
    group = store.group()
    group.put(join(root, "gone"), b"x")
    group.discard()
    group.commit()
    assert not store.exists(join(root, "gone"))


def test_removing(store: Store, root: str) -> None:
    store.remove(join(root, "z"))
    store.remove(join(root, "z"))
    store.drop_folder(join(root, "b"))
    store.drop_folder(join(root, "b"))
    assert [one.name for one in listing(root, "", LIMITS)] == ["a.xml"]


def test_folders_and_leftovers_are_of_this_machine(store: Store, root: str) -> None:
    made = join(root, "made/deep")
    assert store.make_folder(made) == store.is_local
    assert not store.make_folder(made)
    if store.is_local:
        for name in ("made/.convtool-batch-1.tmp", "made/deep/.convtool-batch-2.tmp", "made/deep/.convtool-other"):
            Path(root, name).touch()
        store.sweep(join(root, "made"), deep=False)
        assert store.names(join(root, "made")) == ["deep"]
        assert len(store.names(made)) == 2
    store.sweep(root)
    assert store.names(made) == ([".convtool-other"] if store.is_local else [])


def test_a_store_names_what_cannot_be_a_name(store: Store) -> None:
    assert bool(store.problem("a\\b")) != store.is_local
    assert not store.problem("a/b.xml")


def test_the_web_is_only_read() -> None:
    pytest.importorskip("fsspec", reason="fsspec is not installed (extra remote)")
    store = store_of("https://h/a")
    assert not store.is_folder("https://h/a")
    with pytest.raises(SinkError, match="https://h/a: cannot be written: the web is only read"):
        store.group().put("https://h/a?token=1", b"")
