"""The verbs on one contract: what they take, what they give, and that only errors of convtool leave them."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest

import convtool
from convtool import ConvtoolError, PayloadError, SourceError, UsageError
from tests.support import LIST, PARAM, chunked, codes, listed, param

if TYPE_CHECKING:
    from pathlib import Path

CODEC = convtool.contract(PARAM)
ITEMS = convtool.contract(LIST)
XML = param("<Debut>2026-03-22T00:33:32</Debut><Fin>2026-03-23T00:00:00Z</Fin><ProduitId>7</ProduitId>")
JSON = b'{"Debut":"2026-03-22T00:33:32","Fin":"2026-03-23T00:00:00Z","ProduitId":7}'


class Broken(io.RawIOBase):
    """A file that breaks while it is read."""

    name = "broken"

    def read(self, size: int = -1) -> bytes:
        raise OSError(5, "Input/output error")


# --- payloads -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["bytes", "bytearray", "memoryview", "str", "path", "file", "BytesIO"])
def test_all_kinds_of_payloads(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "a.xml"
    path.write_bytes(XML)
    with path.open("rb") as file:
        payload: Any = {
            "bytes": XML, "bytearray": bytearray(XML), "memoryview": memoryview(XML), "str": XML.decode(), "path": path,
            "file": file, "BytesIO": io.BytesIO(XML),
        }[kind]  # fmt: skip
        assert CODEC.to_json(payload) == JSON
    report = CODEC.validate(path if kind == "path" else XML)
    assert report
    assert report.source == (str(path) if kind == "path" else "")


@pytest.mark.parametrize("payload", [None, 5, [XML], {"a": 1}, object()])
def test_what_is_no_payload_is_an_error_of_use(payload: Any) -> None:
    for verb in (CODEC.validate, CODEC.read, CODEC.to_json, convtool.detect, lambda p: list(CODEC.iter_read(p))):
        with pytest.raises(UsageError, match=f"not {type(payload).__name__}"):
            verb(payload)


def test_a_text_file_is_an_error_of_use(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_bytes(XML)
    with path.open(encoding="utf-8") as file:
        for verb in (CODEC.validate, CODEC.to_json, lambda p: list(CODEC.iter_read(p))):
            with pytest.raises(UsageError, match="text mode"):
                verb(file)


@pytest.mark.parametrize("name", ["missing", "folder", "nul\0"])
def test_a_path_that_cannot_be_read(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    for verb in (CODEC.validate, CODEC.read, CODEC.to_json, convtool.detect, lambda p: list(CODEC.iter_read(p))):
        with pytest.raises(SourceError, match=name[:3]):
            verb(tmp_path / name)


def test_a_file_that_breaks_is_an_error_of_the_source() -> None:
    for verb in (CODEC.validate, CODEC.read, CODEC.to_json, lambda p: list(CODEC.iter_read(p))):
        with pytest.raises(SourceError, match=r"broken: .*Input/output error"):
            verb(Broken())
    closed = io.BytesIO(XML)
    closed.close()
    with pytest.raises(SourceError):
        CODEC.read(closed)


# --- verbs ----------------------------------------------------------------------------------------------------------


def test_reading_gives_a_typed_value_and_writing_gives_it_back() -> None:
    value = CODEC.read(XML)
    assert (value.Debut, value.Fin, value.ProduitId) == ("2026-03-22T00:33:32", "2026-03-23T00:00:00Z", 7)
    assert value == CODEC.read(JSON)
    assert value == CODEC.types[PARAM]("2026-03-22T00:33:32", "2026-03-23T00:00:00Z", 7)
    assert repr(value) == "ParamModel(Debut='2026-03-22T00:33:32', Fin='2026-03-23T00:00:00Z', ProduitId=7)"
    assert (CODEC.write_xml(value), CODEC.write_json(value)) == (XML, JSON)


def test_conversions_in_all_directions() -> None:
    for source in (XML, JSON):
        assert (CODEC.to_json(source), CODEC.to_xml(source)) == (JSON, XML)
        assert CODEC.convert(source, "json").report.format == ("xml" if source is XML else "json")
    assert CODEC.to_json(JSON, pretty=True).count(b"\n") == 4
    assert CODEC.to_xml(CODEC.to_xml(XML, pretty=True)) == XML


def test_a_format_that_is_given_is_not_sniffed() -> None:
    report = CODEC.validate(XML, format="json")
    assert (report.format, codes(report)) == ("json", ["json.syntax"])
    assert codes(CODEC.validate(JSON, format="xml")) == ["xml.syntax"]


def test_an_invalid_payload_is_an_error_with_its_report() -> None:
    bad = param("<ProduitId>x</ProduitId><Q/>")
    assert not CODEC.validate(bad)
    for verb in (CODEC.read, CODEC.to_json, CODEC.to_xml, lambda p: list(CODEC.iter_read(p))):
        with pytest.raises(PayloadError) as error:
            verb(bad)
        assert [c for c in codes(error.value.report) if not c.startswith("member.defaulted")] == [
            "value.lexical", "member.unknown",
        ]  # fmt: skip
        assert "payload:1:" in str(error.value)


def test_losses_are_notices_and_errors_where_nothing_may_be_lost() -> None:
    commented = XML.replace(b"<Fin>", b"<!-- c --><Fin>")
    conversion = CODEC.convert(commented, "json")
    assert (conversion.data, codes(conversion.report)) == (JSON, ["loss.comment"])
    assert codes(CODEC.validate(commented)) == []  # a verdict has no use for it
    with pytest.raises(PayloadError):
        CODEC.to_json(commented, lossless=True)
    with pytest.raises(PayloadError):
        CODEC.read(commented, lossless=True)
    assert CODEC.to_json(XML, lossless=True) == JSON


def test_profiles() -> None:
    late = param("<Fin>2026-03-23T00:00:00Z</Fin><Debut>2026-03-22T00:33:32</Debut>")
    with pytest.raises(PayloadError):
        CODEC.to_json(late)
    expected = b'{"Debut":"0001-01-01T00:00:00","Fin":"2026-03-23T00:00:00Z","ProduitId":null}'
    assert CODEC.to_json(late, profile="dotnet") == expected
    assert CODEC.read(late, profile="dotnet").ProduitId is None


@pytest.mark.parametrize(
    "options", [{"profile": "lax"}, {"format": "yaml"}, {"format": "ndjson"}, {"depth": 0}, {"depth": 10**9}]
)
def test_options_that_mean_nothing(options: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        CODEC.read(XML, **options)
    with pytest.raises(UsageError):
        CODEC.convert(XML, "yaml")  # type: ignore[arg-type]
    with pytest.raises(UsageError):
        CODEC.convert_stream(XML, io.BytesIO(), "yaml")


def test_depth_is_an_option() -> None:
    assert CODEC.validate(XML, depth=2)
    assert codes(CODEC.validate(XML, depth=1)) == ["limit.depth"]
    assert codes(CODEC.validate(io.BytesIO(XML), depth=1)) == ["limit.depth"]


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (5, "value.kind"),
        ([], "value.kind"),
        ({"Debut": "2026-03-22"}, "value.kind"),
        (CODEC.types[PARAM].of(Debut="never"), "value.lexical"),
        (CODEC.types[PARAM].of(Debut=5), "value.kind"),
        (CODEC.types[PARAM].of(Debut=None), "nil.forbidden"),
        (CODEC.types[PARAM].of(ProduitId=2**31), "value.range"),
        (CODEC.types[PARAM].of(ProduitId=True), "value.kind"),
        (CODEC.types[PARAM].of(ProduitId=1.0), "value.kind"),
        (ITEMS.types["CompteurModel"](), "value.kind"),
    ],
)
def test_what_is_no_value_of_the_contract_is_not_written(value: Any, code: str) -> None:
    for write in (CODEC.write_xml, CODEC.write_json):
        with pytest.raises(PayloadError) as error:
            write(value)
        assert codes(error.value.report) == [code]


def test_a_list_is_checked_to_its_leaves() -> None:
    counter = ITEMS.types["CompteurModel"]
    value = [ITEMS.types["ReponseV2Model"].of(ConsommationsSomme=[counter(), None, counter.of(Libelle="a\ud800")])]
    with pytest.raises(PayloadError) as error:
        ITEMS.write_json(value)
    assert [(one.code, one.path) for one in error.value.report] == [
        ("value.surrogate", "/0/ConsommationsSomme/2/Libelle")
    ]


# --- streams --------------------------------------------------------------------------------------------------------

GOOD, BAD = (
    "<ReponseV2Model><ProduitId>1</ProduitId></ReponseV2Model>",
    "<ReponseV2Model><ProduitId>x</ProduitId></ReponseV2Model>",
)


@pytest.mark.parametrize("size", [3, 1 << 18])
def test_records_stream_in_every_direction(size: int) -> None:
    formats = {
        "xml": listed(GOOD * 3),
        "json": b'[{"ProduitId":1},{"ProduitId":1},{"ProduitId":1}]',
        "ndjson": b'{"ProduitId":1}\n' * 3,
    }
    with chunked(size):
        for source, data in formats.items():
            assert [value.ProduitId for value in ITEMS.iter_read(io.BytesIO(data), format=source)] == [1, 1, 1]
            for to, expected in formats.items():
                sink = io.BytesIO()
                result = ITEMS.convert_stream(io.BytesIO(data), sink, to, format=source)
                assert (sink.getvalue(), result.records, result.skipped) == (expected, 3, 0)


def test_bad_records_may_be_skipped() -> None:
    sink, seen = io.BytesIO(), []
    result = ITEMS.convert_stream(
        io.BytesIO(listed(GOOD + BAD + GOOD)),
        sink,
        "ndjson",
        on_error="skip",
        on_bad=lambda bad, report: seen.append((bad.text, codes(report))),
    )
    assert sink.getvalue() == b'{"ProduitId":1}\n' * 2
    assert (result.records, result.skipped) == (2, 1)
    assert seen == [(BAD, ["value.lexical"])]
    with pytest.raises(PayloadError):
        ITEMS.convert_stream(io.BytesIO(listed(GOOD + BAD)), io.BytesIO(), "json")


@pytest.mark.parametrize("data", [b"", b"junk", b"<Other/>", listed(BAD), listed("")[:-3], b"\xff", b"[", b'[{"X"'])
def test_a_document_without_a_good_record_is_an_error_even_where_bad_ones_are_skipped(data: bytes) -> None:
    if data == listed(BAD):
        assert ITEMS.convert_stream(io.BytesIO(data), io.BytesIO(), "json", on_error="skip").skipped == 1
        return
    with pytest.raises(PayloadError):
        ITEMS.convert_stream(io.BytesIO(data), io.BytesIO(), "json", on_error="skip")


@pytest.mark.parametrize(
    "data", [b"[{},]", listed(GOOD) + b"x", listed(GOOD + "x"), b"[{}] x", b"[{}", b"[/* c */{}]", listed("x" + GOOD)]
)
def test_what_is_invalid_as_a_whole_is_an_error_of_a_stream_too(data: bytes) -> None:
    for size in (1, 3, 64, 1 << 18):
        with chunked(size), pytest.raises(PayloadError):
            ITEMS.convert_stream(io.BytesIO(data), io.BytesIO(), "json")
        with chunked(size):
            assert not ITEMS.validate(io.BytesIO(data))


@pytest.mark.parametrize("nothing", [listed(""), b"[]"])
def test_empty_and_null_lists(nothing: bytes) -> None:
    sink = io.BytesIO()
    ITEMS.convert_stream(io.BytesIO(nothing), sink, "json")
    assert sink.getvalue() == b"[]"
    null = io.BytesIO()
    ITEMS.convert_stream(io.BytesIO(b"null"), null, "xml")
    assert b'i:nil="true"' in null.getvalue()


def test_a_sink_that_fails_is_an_error_of_the_source() -> None:
    class Full(io.BytesIO):
        name = "full"

        def write(self, data: Any) -> int:
            raise OSError(28, "No space left on device")

    with pytest.raises(SourceError, match="full: No space left on device"):
        ITEMS.convert_stream(io.BytesIO(listed(GOOD)), Full(), "json")


# --- only errors of convtool ----------------------------------------------------------------------------------------

NASTY = [
    b"", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"<", b"&", b"[" * 100_000, b'{"a":' * 100_000, b"<a>" * 100_000,
    b'"' * 1001,
    b'"\\ud800"', b"9" * 100_000, b"-" * 1000, b"<!DOCTYPE a [" + b'<!ENTITY b "c">' * 1000, b"<?xml",
    b"<?xml version='1.0'?>",
    b"\x1f\x8b\x08\x00", b"PK\x03\x04", b"'", b"/*", b"//", b"{'a':'\\'", b"[0x]", b"NaN",
    param("<Debut>" + "9" * 100_000 + "</Debut>"),
    param("<ProduitId>" + "0" * 100_000 + "7</ProduitId>"), b'{"ProduitId":' + b"1" * 100_000 + b"}", XML[:-1],
    XML * 2, JSON * 2, JSON[:-1],
]  # fmt: skip


@pytest.mark.parametrize("data", NASTY, ids=range(len(NASTY)))
@pytest.mark.parametrize("profile", ["strict", "dotnet"])
def test_nothing_else_leaves_whatever_the_input(data: bytes, profile: Any) -> None:
    for codec in (CODEC, ITEMS):
        for form in (None, "xml", "json"):
            codec.validate(data, format=form, profile=profile)  # type: ignore[arg-type]
            codec.validate(io.BytesIO(data), format=form, profile=profile)  # type: ignore[arg-type]
            for to in ("xml", "json"):
                try:
                    codec.convert(data, to, format=form, profile=profile)  # type: ignore[arg-type]
                    codec.convert_stream(io.BytesIO(data), io.BytesIO(), to, format=form, profile=profile)
                except ConvtoolError as error:
                    assert str(error)  # noqa: PT017 - that it is one is what is shown
    try:
        convtool.detect(data)
    except ConvtoolError as error:
        assert str(error)  # noqa: PT017
