"""Fuzzing guided by coverage, with atheris, which is no dependency of the suite: ``pip install atheris``.

The first byte of an input chooses the contract and the options; the rest is the payload. The corpus in ``corpus/`` is
small on purpose: one recorded payload of each contract and format, and what is worth starting from besides.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from random import Random

__all__ = ["CORPUS", "main", "one"]

CORPUS = Path(__file__).parent / "corpus"


def one(form: str, data: bytes) -> None:
    """Try one input."""
    from tests.fuzz.check import check, contracts

    if data:
        names = contracts(form)
        check(form, names[data[0] % len(names)], data[1:], Random(data[0]))


def main(form: str) -> None:
    """Run until libFuzzer has had enough."""
    try:
        import atheris
    except ImportError:
        sys.exit("atheris is not installed: pip install atheris, or python -m tests.fuzz, which needs nothing")
    os.environ.setdefault("CONVTOOL_CACHE", tempfile.mkdtemp(prefix="convtool-fuzz-"))
    with atheris.instrument_imports(include=["convtool"]):
        import convtool.convert  # noqa: F401 - what is imported here is followed
    arguments = sys.argv if len(sys.argv) > 1 and not sys.argv[-1].startswith("-") else [*sys.argv, str(CORPUS / form)]
    atheris.Setup(arguments, lambda data: one(form, data))
    atheris.Fuzz()
