import os
import stat
from pathlib import Path

import pytest

from convtool.authoring.check import check_folder
from convtool.authoring.derive import derive
from convtool.authoring.derive import write as write_derived
from convtool.authoring.xsd_writer import file_name, write_xsds
from convtool.errors import ContractError
from convtool.model import folder as module
from convtool.model.contract import Array, Contract, Scalar
from convtool.model.folder import Folder, bundled_path, cache_path
from tests.model.schemas import JSON, XSD, write, xsd
from tests.support import member


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CONVTOOL_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def schemas(tmp_path: Path) -> Folder:
    return Folder(write(tmp_path / "s"))


@pytest.fixture
def compilations(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Name the contracts that have been compiled since."""
    names: list[str] = []
    compile_ = Folder.compile

    def noted(self: Folder, name: str) -> Contract:
        names.append(name)
        return compile_(self, name)

    monkeypatch.setattr(Folder, "compile", noted)
    return names


# --- finding files --------------------------------------------------------------------------------------------------


def test_a_contract_is_named_after_its_json_schema(schemas: Folder) -> None:
    (schemas.path / "notes.txt").touch()
    (schemas.path / "folder.schema.json").mkdir()
    assert schemas.names() == ["Order"]
    assert schemas.contract("Order").name == "Order"


def test_the_xsd_may_have_any_name_where_it_has_the_element(schemas: Folder) -> None:
    (schemas.path / "Order.xsd").rename(schemas.path / "urn_t.xsd")
    (schemas.path / "urn_o.xsd").write_text(xsd("").replace("urn:t", "urn:o"))
    assert schemas.xsd("Order").name == "urn_t.xsd"
    assert schemas.contract("Order").namespace == "urn:t"


def test_two_files_with_the_element_are_an_error(schemas: Folder) -> None:
    (schemas.path / "Order.xsd").rename(schemas.path / "a.xsd")
    (schemas.path / "b.xsd").write_text(xsd())
    with pytest.raises(ContractError, match=r"'Order' is in a\.xsd and b\.xsd; exactly one"):
        schemas.contract("Order")


def test_a_file_without_the_element_is_an_error(schemas: Folder) -> None:
    (schemas.path / "Order.xsd").unlink()
    with pytest.raises(ContractError, match="'Order' is in none of the XSD files"):
        schemas.contract("Order")


def test_an_unknown_name_lists_those_there_are(schemas: Folder) -> None:
    with pytest.raises(ContractError, match=r"no contract 'Ordre' in .*; did you mean Order"):
        schemas.contract("Ordre")


@pytest.mark.parametrize("name", ["../s/Order", "/etc/passwd", "", ".", "Order\0"])
def test_a_name_is_no_path(schemas: Folder, name: str) -> None:
    with pytest.raises(ContractError, match="there is no contract"):
        schemas.contract(name)


def test_a_folder_of_xsds_alone_says_what_is_missing(tmp_path: Path) -> None:
    (tmp_path / "a.xsd").write_text(xsd())
    with pytest.raises(ContractError, match="contracts derive"):
        Folder(tmp_path).contract("Order")


def test_a_folder_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ContractError, match="does not exist"):
        Folder(tmp_path / "missing")
    with pytest.raises(ContractError, match="is not a folder"):
        Folder(tmp_path / "file")


def test_the_bundled_folder_has_contracts() -> None:
    assert Folder(bundled_path()).names()


# --- the cache ------------------------------------------------------------------------------------------------------


def test_a_contract_is_compiled_once(schemas: Folder, cache: Path, compilations: list[str]) -> None:
    first = schemas.contract("Order")
    again = Folder(schemas.path).contract("Order")
    assert compilations == ["Order"]
    assert again == first
    assert [path.suffix for path in cache.iterdir()] == [".contract"]
    assert stat.S_IMODE(cache.stat().st_mode) == 0o700


@pytest.mark.parametrize("change", ["xsd", "json", "more", "renamed"])
def test_a_change_of_any_schema_file_compiles_anew(
    schemas: Folder, cache: Path, compilations: list[str], change: str
) -> None:
    schemas.contract("Order")
    if change == "xsd":
        (schemas.path / "Order.xsd").write_text(xsd(XSD + "<!-- x -->"))
    elif change == "json":
        write(schemas.path, schema={**JSON, "title": "x"})
    elif change == "more":
        (schemas.path / "other.xsd").write_text(xsd("").replace("urn:t", "urn:o"))
    else:
        (schemas.path / "Order.xsd").rename(schemas.path / "a.xsd")
    schemas.contract("Order")
    assert compilations == ["Order", "Order"]


def test_another_version_compiles_anew(
    schemas: Folder, cache: Path, compilations: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    schemas.contract("Order")
    monkeypatch.setattr(module, "__version__", "999")
    schemas.contract("Order")
    assert compilations == ["Order", "Order"]


@pytest.mark.parametrize("content", [b"", b"\x00", b"\x81\xa3key", None], ids=["empty", "garbage", "other", "torn"])
def test_a_torn_file_is_compiled_anew_and_replaced(
    schemas: Folder, cache: Path, compilations: list[str], content: bytes | None
) -> None:
    expected = schemas.contract("Order")
    (file,) = cache.iterdir()
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2] if content is None else content)
    assert schemas.contract("Order") == expected
    assert compilations == ["Order", "Order"]
    assert file.read_bytes() == whole


def test_a_file_of_another_contract_under_its_name_is_not_taken(
    schemas: Folder, cache: Path, compilations: list[str]
) -> None:
    expected = schemas.contract("Order")
    (file,) = cache.iterdir()
    (schemas.path / "Order.xsd").write_text(xsd(XSD.replace('"Amount" type="xs:int"', '"Amount" type="xs:int" ')))
    schemas.contract("Order")
    (other,) = set(cache.iterdir()) - {file}
    file.replace(other)
    assert schemas.contract("Order").types == expected.types
    assert compilations == ["Order", "Order", "Order"]


def test_no_cache_where_it_is_turned_off(
    schemas: Folder, compilations: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CONVTOOL_CACHE", "")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert cache_path() is None
    schemas.contract("Order")
    schemas.contract("Order")
    assert compilations == ["Order", "Order"]
    assert not (tmp_path / "xdg").exists()


@pytest.mark.parametrize("kind", ["file", "nul"])
def test_a_cache_that_cannot_be_written_costs_time_only(
    schemas: Folder, compilations: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, kind: str
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("CONVTOOL_CACHE", str(tmp_path / "file" / "below") if kind == "file" else "/dev/null/x")
    assert schemas.contract("Order").name == "Order"
    assert compilations == ["Order"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_cache_without_permission(
    schemas: Folder, compilations: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "shut").mkdir(mode=0o500)
    monkeypatch.setenv("CONVTOOL_CACHE", str(tmp_path / "shut"))
    assert schemas.contract("Order").name == "Order"


def test_where_the_cache_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CONVTOOL_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", "/x")
    assert cache_path() == Path("/x/convtool")
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.delenv("LOCALAPPDATA", raising=False)
    monkeypatch.setenv("HOME", "/home/someone")
    assert cache_path() == Path("/home/someone/.cache/convtool")
    monkeypatch.setenv("CONVTOOL_CACHE", "/chosen")
    assert cache_path() == Path("/chosen")


def test_a_contract_may_be_called_as_one_of_dotnets_simple_types(tmp_path: Path) -> None:
    key = Scalar("{http://schemas.microsoft.com/2003/10/Serialization/}guid", "guid")
    contract = Contract(
        "int", "urn:t", "{urn:t}int", {"{urn:t}int": Array("{urn:t}int", member("A", key.key)), key.key: key}
    )
    for namespace, text in write_xsds([contract]).items():
        (tmp_path / file_name(namespace)).write_text(text, encoding="utf-8")
    assert len([*tmp_path.iterdir()]) == 2
    write_derived(derive([tmp_path], roots=["int"]), tmp_path)
    assert Folder(tmp_path).contract("int").root == "{urn:t}int"
    assert check_folder(tmp_path) == []
