"""Fuzzing guided by coverage, with atheris, which is no dependency of the suite: ``pip install atheris``.

    python -m tests.fuzz.oss.fuzz_payloads [libFuzzer's options] [corpus]        also fuzz_captures, fuzz_schemas
    python -m tests.fuzz.guided FOLDER                   writes what to begin with, a folder for each target

Inputs are held to the same as by ``python -m tests.fuzz``. The first two bytes of one choose what it is and how it is
read; of a capture every byte is its own.
"""

from __future__ import annotations

import os
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from convtool import ConvtoolError
from tests.fuzz import captures, schemas
from tests.fuzz.corpora import recorded
from tests.fuzz.mutate import mutate
from tests.fuzz.payloads import check

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.fuzz.corpora import Known

__all__ = ["TARGETS", "corpus", "main", "one", "write"]

TARGETS = ("payloads", "captures", "schemas")
_HEAD = 2  # bytes that choose
_FORMS = ("xml", "json", "form")
_PROFILES = ("strict", "dotnet")
_RECORDED = 3  # contracts, beside the bundled ones: what is loaded is loaded before the first input
_SEEDS = 20  # of a contract


def _chosen(data: bytes) -> tuple[Known, str, str, int]:
    known = recorded(_RECORDED)
    how = data[1]
    return known[data[0] % len(known)], _FORMS[how % 3], _PROFILES[how // 3 % 2], how // 6


def one(target: str, data: bytes) -> None:
    """Try one input."""
    if target == "captures":
        captures.check(data)
    elif len(data) >= _HEAD:
        if target == "payloads":
            known, form, profile, size = _chosen(data)
            if form != "form" or not known.codec.form.refusal():
                check(known.codec, form, data[_HEAD:], profile, size)
        else:
            with suppress(ConvtoolError):
                schemas.check(schemas.nth(data[0], data[1]), data[_HEAD:], Random(data[1]))


def corpus(target: str) -> Iterator[bytes]:
    """Yield what to begin with."""
    if target == "captures":
        yield from captures.seeds()
    elif target == "schemas":
        for kind in range(len(schemas.KINDS)):
            for case in range(256):
                try:
                    yield bytes([case, kind]) + schemas.nth(case, kind).target.read_bytes()
                except IndexError:
                    break
    else:
        for at, known in enumerate(recorded(_RECORDED)):
            for how in range(6):
                yield from (bytes([at, how]) + data for data in known.documents.get(_FORMS[how % 3], ())[:_SEEDS])


def _mutator(target: str) -> Callable[[bytes, int, int], bytes]:
    """Give what changes inputs: half of them as their format has it."""
    import atheris

    def changed(data: bytes, most: int, seed: int) -> bytes:
        random = Random(seed)
        if random.random() < 0.5 or len(data) <= _HEAD:
            made: bytes = atheris.Mutate(data, len(data))
            return made[:most]
        if target == "captures":
            return captures.changed(random, data)[:most]
        if target == "schemas":
            return (data[:_HEAD] + schemas.changed(random, schemas.nth(data[0], data[1]).kind, data[_HEAD:]))[:most]
        return (data[:_HEAD] + mutate(random, _FORMS[data[1] % 3], [data[_HEAD:]]))[:most]

    return changed


def main(target: str, arguments: list[str]) -> None:
    """Run until libFuzzer has had enough: ``arguments`` are a program's, its name among them."""
    import atheris

    os.environ["CONVTOOL_CACHE"] = ""
    with tempfile.TemporaryDirectory(prefix="convtool-corpus-") as folder:
        if arguments[-1].startswith("-") or len(arguments) == 1:
            write(target, Path(folder))
            arguments = [*arguments, folder]
        atheris.Setup(arguments, lambda data: one(target, data), custom_mutator=_mutator(target))
        atheris.Fuzz()


def write(target: str, folder: Path) -> None:
    """Write what to begin with into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(corpus(target)):
        (folder / f"{number:04}").write_bytes(data)


if __name__ == "__main__":
    for name in TARGETS:
        write(name, Path(sys.argv[1], f"fuzz_{name}"))
