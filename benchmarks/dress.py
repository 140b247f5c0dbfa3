"""One document in the dress of other tools: 15 layouts of XML and 7 of JSON, and what else has a target.

Each measurement has a process of its own, forked when all is imported and warm, so that memory is as new as in a
program's first run; ratios are to ``lxml.etree.parse`` of the wire form in the same round. Every result is held
against the reference before it counts. ``python -m benchmarks.dress`` prints the tables; ``--size 2M`` is a quick look.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import struct
import sys
import time
from importlib import import_module
from io import BytesIO
from typing import TYPE_CHECKING, Any

from lxml import etree

from benchmarks.data import make
from benchmarks.documents import Document
from benchmarks.shape import CONTRACT, XSI

if TYPE_CHECKING:
    from collections.abc import Callable

_DECLARATIONS = re.compile(rb'(?<=\w)( xmlns:i="[^"]*")( xmlns="[^"]*")')
_NAME = re.compile(rb"<(/?)(?=[A-Z])")
_NIL = re.compile(rb'<(\w+) i:nil="true" />')
_TEXT = re.compile(rb"<(Libelle|Dossier)>([^<&]*)</")
_RECORD = b"<ReponseV2Model>"
_END = f"</{CONTRACT}>".encode()
_FEW = 3_000


def _indented(data: bytes) -> bytes:
    return bytes(etree.tostring(etree.fromstring(data), pretty_print=True, encoding="utf-8"))


def _value(data: bytes, **options: Any) -> bytes:
    return json.dumps(json.loads(data), **options).encode()


XML: dict[str, Callable[[bytes], bytes]] = {
    "wire form": lambda data: data,
    "declarations in another order": lambda data: _DECLARATIONS.sub(rb"\2\1", data, count=1),
    'declaration, standalone="yes"': lambda data: b'<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n' + data,
    "an unused namespace": lambda data: _DECLARATIONS.sub(rb' xmlns:x="urn:x"\1\2', data, count=1),
    "prefixes": lambda data: _NAME.sub(rb"<\1a:", data).replace(b" xmlns=", b" xmlns:a=", 1),
    "nil without a space": lambda data: data.replace(b" />", b"/>"),
    "nil with an end tag": lambda data: _NIL.sub(rb'<\1 i:nil="true"></\1>', data),
    "xsi for i": lambda data: data.replace(b"xmlns:i=", b"xmlns:xsi=").replace(b"i:nil", b"xsi:nil"),
    "single quotes": lambda data: data.replace(b'"', b"'"),
    "a comment before each record": lambda data: data.replace(_RECORD, b"<!-- c -->" + _RECORD),
    "indented by lxml": _indented,
    "indented, CRLF": lambda data: _indented(data).replace(b"\n", b"\r\n"),
    "numeric references": lambda data: bytes(etree.tostring(etree.fromstring(data), encoding="us-ascii")),
    "CDATA": lambda data: _TEXT.sub(rb"<\1><![CDATA[\2]]></", data),
    "UTF-16": lambda data: data.decode().encode("utf-16"),
}
JSON: dict[str, Callable[[bytes], bytes]] = {
    "wire form": lambda data: data,
    "spaces": lambda data: _value(data, ensure_ascii=False),
    r"\u escapes (Python's default)": lambda data: _value(data, separators=(",", ":")),
    r"\/": lambda data: data.replace(b"/", rb"\/"),
    "indented": lambda data: _value(data, ensure_ascii=False, indent=2),
    "members in another order": lambda data: _value(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")),
    "UTF-16": lambda data: data.decode().encode("utf-16"),
}
HARD = ("UTF-16", r"\u escapes (Python's default)", "numeric references")


def seconds(run: Callable[[], object]) -> float:
    """Give the CPU time of one run in a process of its own; what it gives is freed after the clock has stopped."""
    reading, writing = os.pipe()
    if not (child := os.fork()):
        begun = time.process_time()
        result = run()
        os.write(writing, struct.pack("d", time.process_time() - begun))
        del result
        os._exit(0)
    os.close(writing)
    found = os.read(reading, 8)
    os.close(reading)
    os.waitpid(child, 0)
    return float(struct.unpack("d", found)[0])


def medians(runs: dict[str, Callable[[], object]], rounds: int, base: Callable[[], object]) -> dict[str, float]:
    """Give each run's ratio to the base, in turns, as the median of the rounds."""
    ratios: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(rounds):
        one = seconds(base)
        for name, run in runs.items():
            ratios[name].append(seconds(run) / one)
    return {name: statistics.median(found) for name, found in ratios.items()}


def _parse(data: bytes) -> Callable[[], object]:
    return lambda: etree.parse(BytesIO(data))


def _streamed(codec: Any, data: bytes, to: str) -> bytes:
    sink = BytesIO()
    codec.convert_stream(BytesIO(data), sink, to)
    return sink.getvalue()


def layouts(codec: Any, xml: bytes, json_data: bytes, rounds: int) -> None:
    """Print a row for each layout: converted whole and streamed, validated, for .NET, read, and parsed by lxml."""
    columns = ("whole", "streamed", "validated", "dotnet", "read")
    print(f"\n| layout | {' | '.join(columns)} | lxml |\n|---|{'---:|' * (len(columns) + 1)}")
    for form, of, wire, want in (("XML", XML, xml, json_data), ("JSON", JSON, json_data, xml)):
        to = "json" if form == "XML" else "xml"
        for name, dress in of.items():
            data = dress(wire)
            if codec.convert(data, to).data != want or _streamed(codec, data, to) != want or not codec.validate(data):
                sys.exit(f"{form}, {name}: the result is not the reference")
            runs: dict[str, Callable[[], object]] = {
                "whole": lambda data=data, to=to: codec.convert(data, to),
                "streamed": lambda data=data, to=to: _streamed(codec, data, to),
                "validated": lambda data=data: codec.validate(data),
                "dotnet": lambda data=data, to=to: codec.convert(data, to, profile="dotnet"),
                "read": lambda data=data: codec.read(data),
            }
            if form == "XML":
                runs["lxml"] = _parse(data)
            found = medians(runs, rounds, _parse(xml))
            shown = [f"{found[column]:.2f}" if column in found else "" for column in (*columns, "lxml")]
            print(f"| {form}, {name} | {' | '.join(shown)} |", flush=True)


def others(codec: Any, xml: bytes, json_data: bytes, rounds: int) -> None:
    """Print what else has a target: a bad record among many, small documents, and the bare parse of other libraries."""
    few = b"".join(xml.partition(_RECORD)[:1]) + b"".join(_RECORD + one for one in xml.split(_RECORD)[1 : _FEW + 1])
    few = few.removesuffix(_END) + _END
    bad = _broken(few)
    runs = {"good": lambda: _streamed(codec, few, "json"), "bad": lambda: _skipping(codec, bad)}
    found = medians(runs, rounds, _parse(xml))
    print(f"\none bad record of {_FEW}, put aside, to the same without it: {found['bad'] / found['good']:.2f}")
    print("\n| 4 KB, a library call | µs | to lxml.etree.parse |\n|---|---:|---:|")
    small = {form: Document("typical", "wire", "4K").path(form).read_bytes() for form in ("xml", "json")}
    calls: dict[str, Callable[[], object]] = {
        "lxml.etree.parse": _parse(small["xml"]),
        "XML → JSON": lambda: codec.to_json(small["xml"]), "JSON → XML": lambda: codec.to_xml(small["json"]),
        "validate XML": lambda: codec.validate(small["xml"]), "validate JSON": lambda: codec.validate(small["json"]),
        "read XML": lambda: codec.read(small["xml"]), "read JSON": lambda: codec.read(small["json"]),
    }  # fmt: skip
    taken = {name: [_each(call) for _ in range(15)] for name, call in calls.items()}
    for name, times in taken.items():
        ratio = statistics.median(a / b for a, b in zip(times, taken["lxml.etree.parse"], strict=True))
        print(f"| {name} | {statistics.median(times) * 1e6:.1f} | {ratio:.2f} |")
    print("\n| a bare call, types not repaired | ratio |\n|---|---:|")
    for name, ratio in medians(_bare(xml, json_data), min(rounds, 3), _parse(xml)).items():
        print(f"| {name} | {ratio:.2f} |")


def _broken(xml: bytes) -> bytes:
    """Give a document with one bad record in its middle."""
    start = xml.index(_RECORD, len(xml) // 2) + len(_RECORD)
    return xml[:start] + b"<Zz/>" + xml[start:]


def _skipping(codec: Any, data: bytes) -> object:
    return codec.convert_stream(BytesIO(data), BytesIO(), "json", on_error="skip", on_bad=lambda *_: None)


def _each(call: Callable[[], object], times: int = 300) -> float:
    call()
    begun = time.process_time()
    for _ in range(times):
        call()
    return (time.process_time() - begun) / times


def _bare(xml: bytes, json_data: bytes) -> dict[str, Callable[[], object]]:
    """Give the calls of libraries that read or write such documents loosely, where they are installed."""
    value = {CONTRACT: {"@xmlns:i": XSI, "ReponseV2Model": json.loads(json_data)}}
    calls: dict[str, Callable[[], object]] = {}
    for name, module, verb, given in (
        ("xmltodict.parse", "xmltodict", "parse", xml),
        ("xmltodict-rs: parse", "xmltodict_rs", "parse", xml),
        ("quick-xmltodict: parse", "quick_xmltodict", "parse", xml),
        ("json2xml-rs: dicttoxml", "json2xml_rs", "dicttoxml", value),
    ):
        try:
            call = getattr(import_module(module), verb)
        except ModuleNotFoundError:
            continue
        calls[name] = lambda call=call, given=given: call(given)
    return calls


def main() -> None:
    """Measure, and print the tables."""
    import convtool

    parser = argparse.ArgumentParser(prog="python -m benchmarks.dress", description=__doc__)
    parser.add_argument("--size", default="20M", help="of the document's wire form in XML (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    documents = [Document("typical", "wire", size) for size in (options.size, "4K")]
    for document in documents:
        make(document)
    xml, json_data = (documents[0].path(form).read_bytes() for form in ("xml", "json"))
    codec = convtool.contract(CONTRACT)
    for form in ("xml", "json"):  # all is imported and compiled before it is measured
        small = documents[1].path(form).read_bytes()
        for to in ("xml", "json"):
            codec.convert(small, to, profile="dotnet")
            _streamed(codec, small, to)
        codec.read(small)
    _skipping(codec, _broken(documents[1].path("xml").read_bytes()))
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    layouts(codec, xml, json_data, options.rounds)
    others(codec, xml, json_data, options.rounds)


if __name__ == "__main__":
    main()
