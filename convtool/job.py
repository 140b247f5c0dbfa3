"""What is to be done with each payload: everything that decides what comes out, as plain data."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from convtool.limits import LIMITS as OF_PAYLOADS
from convtool.outcome import KEPT
from convtool.places import LIMITS, Limits

__all__ = ["Job"]


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """What is done with each payload. All but the limits decides what the outputs are.

    ``to`` is json, xml or form; empty: the format that a payload is not in. ``given`` is the format to read; empty: as
    its bytes say. ``profile`` may be "both" to validate. ``lines``: one record a line. ``skip``: bad records are put
    aside, the others are converted. ``with_source``: each line names its payload. ``kept``: findings of one payload
    that its outcome keeps. ``seconds`` and ``memory`` (bytes) bound what one file may take; 0: no bound. ``sink`` says
    where outputs go: ``folder`` (files), ``parts`` (a working folder, from which one file is made), ``file`` (the one
    payload's own file, or standard output where ``where`` is empty), or empty (nothing is written).
    """

    verb: Literal["convert", "validate"] = "convert"
    to: Literal["json", "xml", "form", ""] = ""
    given: Literal["json", "xml", "form", ""] = ""
    contract: str = ""
    profile: Literal["strict", "dotnet", "both"] = "strict"
    depth: int = OF_PAYLOADS.depth
    lossless: bool = False
    verify: bool = False
    pretty: bool = False
    lines: bool = False
    with_source: bool = False
    skip: bool = False
    aside: str = ""  # the file, or of many the folder, that bad records are put into
    kept: int = KEPT
    schemas: str = ""
    sink: Literal["folder", "parts", "file", ""] = ""
    where: str = ""
    packing: str = ""  # of the one file
    on_clash: Literal["refuse", "suffix", "error"] = "refuse"  # what is done about files that would have one output
    zip_encoding: str = ""  # of names in zips that do not say theirs
    limits: Limits = LIMITS
    seconds: float = 0
    memory: int = 0

    def settings(self) -> dict[str, Any]:
        """Give what an earlier run must have had as well, for its outputs to be the same."""
        names = (
            "verb", "to", "given", "contract", "profile", "depth", "lossless", "verify", "pretty", "lines",
            "with_source", "skip", "sink", "on_clash", "zip_encoding",
        )  # fmt: skip
        return {name: getattr(self, name) for name in names}
