"""Catalogs: the contracts of a folder of schema files, ready to use; and which of them a payload is of."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from convtool.convert import Codec, Format
from convtool.detection import detect
from convtool.errors import ContractError
from convtool.formats.text import DEPTH
from convtool.model.folder import Folder, bundled_path

if TYPE_CHECKING:
    from convtool.model.contract import Contract
    from convtool.model.outline import Outline
    from convtool.sources import Payload

__all__ = ["Catalog", "default_catalog"]


class Catalog:
    """The contracts of a folder of schema files: the bundled ones, or a user's own.

    ``path`` defaults to CONVTOOL_SCHEMAS where that is set, else to the bundled folder. ContractError where it is no
    folder.
    """

    def __init__(self, path: str | os.PathLike[str] | None = None) -> None:
        chosen = path if path is not None else os.environ.get("CONVTOOL_SCHEMAS") or bundled_path()
        self.folder = Folder(Path(chosen))
        self._models: dict[str, Contract] = {}
        self._codecs: dict[str, Codec] = {}
        self._outlines: list[Outline] | None = None

    def __repr__(self) -> str:
        return f"<convtool catalog of {self.folder.path}: {', '.join(self.contracts())}>"

    def contracts(self) -> list[str]:
        """Give the names of the contracts, sorted."""
        return self.folder.names()

    def check(self) -> None:
        """ContractError where there is no contract: of an empty folder no payload is of a contract."""
        if not self.contracts():
            raise ContractError(
                f"{self.folder.path}: there is no contract in it (no NAME.schema.json)",
                hint="`convtool contracts derive` makes it of XSDs",
            )

    def contract(self, name: str) -> Codec:
        """Give the codec of a contract, compiled once; ContractError where there is none of that name."""
        codec = self._codecs.get(name)
        if codec is None:
            model = self._model(name)
            codec = self._codecs[name] = Codec(model, self.folder.reference(name) if model.extra else None)
        return codec

    def _model(self, name: str) -> Contract:
        model = self._models.get(name)
        if model is None:
            model = self._models[name] = self.folder.contract(name)
        return model

    def detect(self, payload: Payload, *, depth: int = DEPTH) -> tuple[str, Format]:
        """Give the contract's name and the format of a payload.

        PayloadError where it is of none, or could be of several; ContractError where there is none at all.
        """
        if self._outlines is None:
            self.check()
            self._outlines = self.folder.outlines()
        return detect(payload, self._outlines, depth=depth)


_default: dict[str, Catalog] = {}


def default_catalog() -> Catalog:
    """Give the catalog of CONVTOOL_SCHEMAS or of the bundled contracts; the same one at each call."""
    where = os.environ.get("CONVTOOL_SCHEMAS", "")
    if where not in _default:
        _default[where] = Catalog()
    return _default[where]
