"""Schema folders with something wrong in them: they are trusted, but nothing is fetched, and none is an internal error."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

from tests.security.attacks import Attack
from tests.support import PARAM, SCHEMAS, param

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["ATTACKS"]

_XSD = "http://www.w3.org/2001/XMLSchema"


def _folder(name: str, change: Callable[[str], str], *words: str) -> Callable[[Path], list[str]]:
    """Give what judges a payload by the bundled schemas, one file of which is changed."""

    def make(folder: Path) -> list[str]:
        shutil.copytree(SCHEMAS, folder / "schemas")
        path = folder / "schemas" / name
        path.write_text(change(path.read_text("utf-8") if path.exists() else ""), "utf-8")
        (folder / "a.xml").write_bytes(param("<Debut>2026-03-22</Debut><Fin>2026-03-31</Fin><ProduitId>1</ProduitId>"))
        return [
            *(words or ("validate", str(folder / "a.xml"), "--contract", PARAM)),
            "--schemas",
            str(folder / "schemas"),
        ]

    return make


def _json(change: Callable[[Any], Any]) -> Callable[[Path], list[str]]:
    return _folder(f"{PARAM}.schema.json", lambda text: json.dumps(change(json.loads(text))))


def _with(schema: Any, debut: Any) -> Any:
    """Give a schema with something else said of its first member."""
    schema["$defs"][PARAM]["properties"]["Debut"] = debut
    return schema


def _xsd(change: Callable[[str], str]) -> Callable[[Path], list[str]]:
    return _folder(f"{PARAM}.xsd", change)


_ATTACKS: list[tuple[str, Callable[[Path], list[str]], int, str]] = [
    ("an XSD with an entity that is a file", _xsd(lambda text: f'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>{text.partition("?>")[2] or text}'), 2, f"{PARAM}.xsd"),
    ("an XSD that includes one of a server", _xsd(lambda text: text.replace("<xs:complexType", '<xs:include schemaLocation="http://127.0.0.1:9/x.xsd"/><xs:complexType', 1)), 2, f"{PARAM}.xsd"),
    ("an XSD that imports one of another folder", _xsd(lambda text: text.replace("<xs:complexType", '<xs:import namespace="urn:x" schemaLocation="../../../etc/passwd"/><xs:complexType', 1)), 0, "valid"),
    ("an XSD cut off", _xsd(lambda text: text[:200]), 2, f"{PARAM}.xsd"),
    ("an XSD that is empty", _xsd(lambda text: ""), 2, f"{PARAM}.xsd"),
    ("an XSD that is JSON", _xsd(lambda text: "{}"), 2, f"{PARAM}.xsd"),
    ("an XSD of NULs", _xsd(lambda text: "\0" * 500), 2, f"{PARAM}.xsd"),
    ("an XSD of 20,000 levels", _xsd(lambda text: f'<xs:schema xmlns:xs="{_XSD}">' + "<xs:annotation><xs:appinfo>" + "<a>" * 20_000), 2, f"{PARAM}.xsd"),
    ("a type that is its own base", _xsd(lambda text: text.replace("<xs:complexType", '<xs:complexType name="A"><xs:complexContent><xs:extension base="tns:A"/></xs:complexContent></xs:complexType><xs:complexType', 1)), 2, f"{PARAM}"),
    ("a JSON Schema cut off", _folder(f"{PARAM}.schema.json", lambda text: text[:40]), 2, f"{PARAM}.schema.json"),
    ("a JSON Schema that is a list", _json(lambda schema: [schema]), 2, f"{PARAM}.schema.json"),
    ("a JSON Schema of 20,000 levels", _folder(f"{PARAM}.schema.json", lambda text: '{"properties":' * 20_000), 2, f"{PARAM}.schema.json"),
    ("a reference to itself", _json(lambda schema: {**schema, "anyOf": [{"$ref": "#"}]}), 2, f"{PARAM}.schema.json"),
    ("a reference to a server", _json(lambda schema: _with(schema, {"$ref": "http://127.0.0.1:9/x"})), 2, f"{PARAM}.schema.json"),
    ("a reference to a file", _json(lambda schema: _with(schema, {"$ref": "file:///etc/passwd"})), 2, f"{PARAM}.schema.json"),
    ("halves that disagree", _json(lambda schema: _with(schema, {"type": "integer"})), 2, "disagree"),
    ("operations that are no TOML", _folder("operations.toml", lambda text: text + "\n[[["), 0, "valid"),
    ("operations of contracts that there are not", _folder("operations.toml", lambda text: text + '\n["GET x"]\nresponse = "No\\u001b[31m"\n', "contracts", "check"), 1, r"\x1b[31m"),
    ("a contract whose name has a colour", _folder("A\x1b[31m.xsd", lambda text: "<x/>", "contracts"), 0, PARAM),
    ("a name in another script, the same by NFKC", _xsd(lambda text: text.replace('name="Debut"', 'name="\uff24ebut"')), 2, "disagree"),
]  # fmt: skip

ATTACKS = [Attack("schemas", name, make, code, says) for name, make, code, says in _ATTACKS]
