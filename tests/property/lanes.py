"""Ways of reading that have to agree: quick and careful, whole and in pieces."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from convtool import PayloadError
from tests.engine.support import careful
from tests.support import chunked, read

if TYPE_CHECKING:
    from convtool.convert import Codec

__all__ = ["assert_lanes_agree", "assert_streams_agree", "same"]


def same(one: Any, other: Any) -> bool:
    """Tell whether two values are the same; NaN, which equals nothing, by how it shows."""
    return one == other or repr(one) == repr(other)


def assert_lanes_agree(of: Codec, form: str, data: bytes, profile: Any, *, lossless: bool = False) -> None:
    """Whatever the quick way gives, the careful lane gives alone: the value, findings, and bytes in each format."""
    fast, fast_report = read(of, form, data, profile=profile, lossless=lossless)
    slow, slow_report = read(of, form, data, careful=True, profile=profile, lossless=lossless)
    assert bool(fast_report) == bool(slow_report)
    assert fast_report.to_dict() == slow_report.to_dict()
    if slow_report:  # the value of an invalid payload is nobody's business
        assert same(fast, slow)
    for to in ("xml", "json"):
        found = _converted(of, form, data, to, profile, lossless)
        with careful():
            assert found == _converted(of, form, data, to, profile, lossless)


def _converted(
    of: Codec, form: Any, data: bytes, to: Any, profile: Any, lossless: bool
) -> tuple[bytes, dict[str, Any]]:
    try:
        result = of.convert(data, to, format=form, profile=profile, lossless=lossless)
    except PayloadError as error:
        return b"", error.report.to_dict()
    return result.data, result.report.to_dict()


def outcome(of: Codec, form: str, source: Any, profile: Any, *, stream: bool) -> tuple[dict[str, Any], Any]:
    """Give the report, and what a conversion into the other format gives: its bytes, or the code of the first error."""
    to, sink = ("json" if form == "xml" else "xml"), io.BytesIO()
    report = of.validate(source(), format=form, profile=profile).to_dict()  # type: ignore[arg-type]
    for found in report["diagnostics"]:
        found.pop("excerpt", None)  # a window shows what it holds, which may be less than a line
    try:
        if stream:
            of.convert_stream(source(), sink, to, format=form, profile=profile)
        else:
            sink.write(of.convert(source(), to, format=form, profile=profile).data)  # type: ignore[arg-type]
    except PayloadError as error:
        return report, next(found.code for found in error.report if found.severity == "error")
    return report, sink.getvalue()


def assert_streams_agree(of: Codec, form: str, data: bytes, profile: Any, size: int) -> None:
    expected, converted = outcome(of, form, lambda: data, profile, stream=False)
    with chunked(size):
        report, streamed = outcome(of, form, lambda: io.BytesIO(data), profile, stream=True)
    if any(found["code"] == "input.encoding" for found in expected["diagnostics"]):
        # In memory nothing is read of bytes that are no text; a stream has read what comes before them.
        assert not report["valid"]
        assert isinstance(streamed, str)
    else:
        assert report == expected
        assert streamed == converted
