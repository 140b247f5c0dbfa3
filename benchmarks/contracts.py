"""Measure folders of schemas: 130 contracts of 390 types in ten namespaces, derived, and each used a first time.

    python -m benchmarks.contracts                # seconds; prints only
    python -m benchmarks.contracts --each 2

The XSDs are as .NET's exporter writes them, a file for each namespace. Nothing is cached on disk, and the clock is the
process's CPU time, imports included. Exit 1 if a contract takes what is none of its payloads, and never because of a
time.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path
from unittest.mock import patch

_NAMESPACES = 10
_XS = "http://www.w3.org/2001/XMLSchema"
#: what is measured → the seconds of CPU time that it may take for all 130 contracts
TARGETS = {"derive": 6.0, "first validate": 4.0}


def _type(name: str, members: list[tuple[str, str]]) -> str:
    elements = (f'<xs:element minOccurs="0" name="{member}" nillable="true" type="{of}"/>' for member, of in members)
    content = f'<xs:complexType name="{name}"><xs:sequence>{"".join(elements)}</xs:sequence></xs:complexType>'
    return f'{content}<xs:element name="{name}" nillable="true" type="tns:{name}"/>'


def make(folder: Path, each: int) -> None:
    """Write the XSDs: ``each`` contracts in each namespace, of a record with two records in it."""
    simple = [(f"M{index}", "xs:string" if index % 2 else "xs:int") for index in range(6)]
    for number in range(_NAMESPACES):
        types = []
        for index in range(each):
            inner = [f"{letter}{number}_{index}" for letter in "AB"]
            types += [_type(name, simple) for name in inner]
            types.append(_type(f"C{number}_{index}", [(name[0], f"tns:{name}") for name in inner]))
        namespace = f'"http://schemas.datacontract.org/2004/07/Large.N{number}"'
        head = f'<xs:schema xmlns:xs="{_XS}" xmlns:tns={namespace} targetNamespace={namespace}'
        text = f'{head} elementFormDefault="qualified">{"".join(types)}</xs:schema>'
        (folder / f"N{number}.xsd").write_text(text, "utf-8")


def main(arguments: list[str] | None = None) -> int:
    """Read the command line, measure and print."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.contracts", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--each", type=int, default=13, metavar="N", help="contracts in a namespace (default: 13)")
    args = parser.parse_args(arguments)
    with patch.dict(os.environ, CONVTOOL_CACHE=""), tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make(folder, args.each)
        start = time.process_time()
        from convtool import Catalog
        from convtool.authoring.derive import derive, write

        derived = derive([folder])
        write(derived, folder)
        middle = time.process_time()
        catalog = Catalog(folder)
        good = all(catalog.contract(one.name).validate(b'{"A":{"M0":1,"M1":"x"}}') for one in derived)
        bad = any(catalog.contract(one.name).validate(b'{"A":{"M0":"x"}}') for one in derived)
        taken = {"derive": middle - start, "first validate": time.process_time() - middle}
    for what, seconds in taken.items():
        print(f"{len(derived)} contracts: {what:14} {seconds:6.2f} s of CPU (130 contracts: ≤ {TARGETS[what]} s)")
    return int(not good or bad or len(derived) != _NAMESPACES * args.each)


if __name__ == "__main__":
    sys.exit(main())
