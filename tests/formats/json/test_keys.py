"""Keys of dictionaries in JSON: what .NET makes of them is told as it is of values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.csharp import codec_of
from tests.property.lanes import assert_lanes_agree

if TYPE_CHECKING:
    from pathlib import Path

    from convtool import Codec

SOURCE = (
    "using System; using System.Collections.Generic; namespace N { public class A { public Dictionary<Uri,int> D; } }"
)


@pytest.fixture
def uris(tmp_path: Path) -> Codec:
    return codec_of(SOURCE, "A", tmp_path)


@pytest.mark.parametrize("key", [b"a\\u0000b", b"c d", b"http://h/\\u00e9"])
def test_a_uri_that_is_written_otherwise_is_told(uris: Codec, key: bytes) -> None:
    payload = b'{"D":{"%s":1}}' % key
    report = uris.convert(payload, "xml", profile="dotnet").report
    assert [found.code for found in report] == ["value.rewritten"]
    assert len(uris.convert(payload, "xml").report) == 0
    for profile in ("strict", "dotnet"):
        assert_lanes_agree(uris, "json", payload, profile)


def test_a_uri_that_stays_is_not(uris: Codec) -> None:
    assert len(uris.convert(b'{"D":{"http://h/":1}}', "xml", profile="dotnet").report) == 0
