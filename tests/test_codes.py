"""The one table of codes: complete, consistent, and used."""

from __future__ import annotations

import re

import pytest

from convtool.codes import CODES, PROFILES, Code, Severity, severity
from tests.support import ROOT

SOURCES = [path for path in (ROOT / "convtool").rglob("*.py") if path.name != "codes.py"]


@pytest.mark.parametrize("row", CODES.values(), ids=CODES)
def test_a_row_explains_its_code(row: Code) -> None:
    assert re.fullmatch(r"[a-z]+\.[a-z-]+", row.name)
    assert row.title.endswith(".")
    assert row.meaning
    assert row.remedy.endswith((".", "*"))  # one ends with a list of characters
    assert row.example
    assert len({row.title, row.meaning, row.remedy}) == 3


@pytest.mark.parametrize("row", CODES.values(), ids=CODES)
def test_a_row_means_something_in_a_profile(row: Code) -> None:
    assert row.strict or row.dotnet
    assert row.loss or not row.name.startswith("loss.")
    if row.name.startswith("loss."):
        # A conversion that loses something is no error of the payload, unless .NET refuses what is lost.
        assert row.strict in (None, Severity.NOTICE)


def test_every_row_is_used_and_every_code_has_a_row() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)
    families = "|".join(sorted({name.partition(".")[0] for name in CODES}))
    named = set(re.findall(rf'"((?:{families})\.[a-z-]+)"', text))
    # Some are put together: f"limit.{what}".
    made = {name for name in CODES if name.partition(".")[0] in re.findall(r'f"([a-z]+)\.\{', text)}
    assert set(CODES) - named - made == set()
    assert {name for name in named if not name.endswith((".json", ".xml", ".py"))} - set(CODES) == set()


def test_lossless_makes_errors_of_losses_alone() -> None:
    for name, row in CODES.items():
        for profile in PROFILES:
            plain, lossless = severity(name, profile), severity(name, profile, lossless=True)
            assert lossless == (Severity.ERROR if row.loss and plain is not None else plain)


@pytest.mark.parametrize(
    ("name", "strict", "dotnet"),
    [
        ("member.order", "error", "warning"),
        ("json.relaxed", "error", "notice"),
        ("date.offset", "warning", "notice"),
        ("date.rewritten", "notice", None),
        ("attribute.unknown", "error", None),
        ("loss.attribute", "notice", "notice"),
        ("loss.processing-instruction", "notice", "error"),
        ("value.range", "error", "error"),
    ],
)
def test_profiles(name: str, strict: str | None, dotnet: str | None) -> None:
    assert (severity(name, "strict"), severity(name, "dotnet")) == (strict, dotnet)
