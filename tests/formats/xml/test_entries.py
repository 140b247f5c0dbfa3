"""Entries of dictionaries in XML."""

from __future__ import annotations

from typing import Any

import pytest

from convtool.sample import sample
from tests.engine.support import disagreement
from tests.property.contracts import codec


@pytest.mark.parametrize("nil", [b"true", b" true ", b"1"])
@pytest.mark.parametrize("profile", ["strict", "dotnet"])
def test_an_entry_cannot_be_null(nil: bytes, profile: Any) -> None:
    of = codec("Facture")
    good = of.write_xml(sample(of.model, of.instances))
    bad = good.replace(b":KeyValueOfintdecimal>", b':KeyValueOfintdecimal i:nil="%s">' % nil, 1)
    assert bad != good
    assert [found.code for found in of.validate(bad, profile=profile) if found.severity == "error"] == ["nil.forbidden"]
    assert disagreement(of, "xml", bad, profile) == ""
