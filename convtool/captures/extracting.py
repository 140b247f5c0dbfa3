"""Captures → folders: the bodies as files with stable names, as they were or converted, and an index of them.

A name is the number of the exchange, its operation and its side: ``0003-post-api-orders-id-request.json``. The index,
``index.json``, has an entry for each body: where it comes from, what it is, and its verdict.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from convtool.captures.judging import judge
from convtool.captures.model import LIMIT
from convtool.codes import CODES
from convtool.errors import PayloadError, SourceError, UsageError
from convtool.findings import Report
from convtool.http_error import convert_error
from convtool.limits import LIMITS
from convtool.places import atomic_writer

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator

    from convtool.captures.judging import Judged, Judgement
    from convtool.captures.kinds import Capture
    from convtool.catalog import Catalog
    from convtool.codes import Profile
    from convtool.convert import Conversion
    from convtool.sniff import Format

__all__ = ["INDEX", "INDEX_VERSION", "Extracted", "extract"]

INDEX = "index.json"
INDEX_VERSION = 1  # raised when a reader of the old form would misunderstand the new one
_SLUG = 60  # characters of a name that tell the operation: with the rest far below every file system's limit
_WITH_BODY = frozenset({"valid", "invalid", "error response", "not judged"})


@dataclass(frozen=True, slots=True)
class Extracted:
    """One body: its file's name (empty where there is no body to write), and whether it has been converted.

    ``losses``: what the converted one would not give back.
    """

    judgement: Judgement
    judged: Judged
    file: str
    converted: bool
    losses: Report = field(default_factory=Report)

    def to_dict(self) -> dict[str, Any]:
        """Give the index's entry."""
        exchange, message = self.judgement.exchange, self.judged.message
        assert exchange is not None
        assert message is not None
        return {
            "exchange": exchange.number,
            "operation": exchange.operation.name if exchange.operation is not None else "",
            "method": exchange.method,
            "status": exchange.status,
            "side": message.side,
            "file": self.file,
            "media_type": message.media_type,
            "charset": message.charset,
            "contract": self.judged.contract,
            "format": self.judged.format or "",
            "converted": self.converted,
            "verdict": self.judged.verdict,
            "losses": dict(Counter(found.code for found in self.losses)),
        }


def extract(
    path: Capture, folder: str | os.PathLike[str], catalog: Catalog, *, to: Format | None = None,
    pretty: bool = False, profile: Profile = "strict", contract: str | None = None, limit: int = LIMIT,
    depth: int = LIMITS.depth,
) -> Iterator[tuple[Judgement, list[Extracted]]]:  # fmt: skip
    """Write the bodies of a capture's exchanges into a folder, one by one, and at the end its index.

    Yields each judgement with what has been written of it. ``to``: bodies that are valid, and error responses, are
    converted (``pretty``: indented); others are written as they were. Files of the same names are replaced.
    SourceError where the folder cannot be written; others as ``captures.judge``.
    """
    if to not in (None, "json", "xml"):
        raise UsageError(f"bodies are extracted to json or xml, not {to!r}")
    target = Path(folder)
    try:
        target.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        raise SourceError(f"{target}: {getattr(error, 'strerror', None) or error}") from None
    entries: list[dict[str, Any]] = []
    write = _Writing(target, catalog, to, {"profile": profile, "pretty": pretty, "depth": depth})
    for judgement in judge(path, catalog, profile=profile, contract=contract, limit=limit, depth=depth):
        bodies = judgement.parts if judgement.exchange is not None else ()
        written = [write(judgement, judged) for judged in bodies]
        entries += [one.to_dict() for one in written if one.judged.verdict != "no body"]
        yield judgement, [one for one in written if one.file]
    index = {"version": INDEX_VERSION, "bodies": entries}
    _put(target / INDEX, json.dumps(index, ensure_ascii=False, indent=2).encode("utf-8", "backslashreplace") + b"\n")


@dataclass(frozen=True, slots=True)
class _Writing:
    """How bodies are written: where to, in which format (None: as they were), with which options of ``convert``."""

    target: Path
    catalog: Catalog
    to: Format | None
    options: dict[str, Any]

    def __call__(self, judgement: Judgement, judged: Judged) -> Extracted:
        """Write a body, if there is one."""
        body = judged.message.body if judged.message is not None else None
        if body is None or judged.verdict not in _WITH_BODY:
            return Extracted(judgement, judged, "", converted=False)
        result = self._converted(judged, body, self.to) if self.to is not None else None
        suffix = self.to if result is not None else judged.format
        name = f"{_name(judgement)}-{judged.side}.{suffix or 'bin'}"
        _put(self.target / name, body if result is None else result.data)
        losses = _losses(result.report.named(judged.report.source)) if result is not None else Report()
        return Extracted(judgement, judged, name, converted=result is not None, losses=losses)

    def _converted(self, judged: Judged, body: bytes, to: Format) -> Conversion | None:
        """Give a body in another format (or its own, in the wire form); None where it stays as it was."""
        try:
            if judged.verdict == "error response":
                return convert_error(body, to, pretty=self.options["pretty"])
            if judged.body is not None and judged.body.valid:
                codec = self.catalog.contract(judged.contract)
                return codec.convert(body, to, format=judged.format, **self.options)
        except PayloadError:
            pass  # an error page; a value that the format cannot hold
        return None


def _losses(report: Report) -> Report:
    found = tuple(one for one in report if CODES[one.code].loss)
    return Report(found, report.contract, report.format, report.profile, report.source, records=report.records)


def _name(judgement: Judgement) -> str:
    exchange = judgement.exchange
    assert exchange is not None
    called = exchange.operation.name if exchange.operation is not None else exchange.method or "body"
    slug = re.sub(r"[^a-z0-9]+", "-", called.lower()).strip("-")[:_SLUG].rstrip("-")
    return f"{exchange.number:04}-{slug}"


def _put(path: Path, data: bytes) -> None:
    with atomic_writer(path) as file:
        file.write(data)
