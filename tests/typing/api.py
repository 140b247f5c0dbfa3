"""The public API, used with types: mypy reads this file in strict mode; nothing runs it."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, assert_type

import convtool

if TYPE_CHECKING:
    from pathlib import Path


def use(path: Path) -> None:
    codec = convtool.contract("Order")
    assert_type(codec, convtool.Codec)
    report = codec.validate(path)
    assert_type(report, convtool.Report)
    if not report:
        for diagnostic in report:
            assert_type(diagnostic, convtool.Diagnostic)
            assert_type(diagnostic.severity, convtool.Severity)
            assert_type(diagnostic.location, convtool.Location | None)
    assert_type(codec.to_json(b"<Order />", pretty=True, profile="dotnet", lossless=True), bytes)
    assert_type(codec.to_xml("{}", format="json"), bytes)
    assert_type(codec.convert(path, "json"), convtool.Conversion)
    value = codec.read(path)
    assert_type(codec.write_json(value), bytes)
    assert_type(codec.write_xml(value, pretty=True), bytes)
    for _record in codec.iter_read(path, format="ndjson"):
        pass
    assert_type(codec.convert_stream(path, io.BytesIO(), to="ndjson").records, int)
    assert_type(convtool.contracts(), list[str])
    name, form = convtool.detect(path)
    assert_type(name, str)
    print(form)
    assert_type(convtool.Catalog(path).contract("Order"), convtool.Codec)
    try:
        codec.read(path)
    except convtool.PayloadError as error:
        assert_type(error.report, convtool.Report)
