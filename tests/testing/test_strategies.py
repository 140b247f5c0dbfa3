"""The strategies give what they promise: valid payloads of every corner, breaks of one rule; and they find bugs."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, find, given, settings

import convtool
import convtool.testing
from convtool.convert import Codec
from convtool.testing import invalid_payloads, payloads, values
from tests.support import LIST, PARAM, errors, member, model, record
from tests.testing.mutants import MUTANTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from convtool.catalog import Catalog
    from tests.testing.mutants import Mutant

SECOND = ["Arbre", "ArrayOfMesure", "Facture"]


def run(strategy: Any, check: Callable[[Any], None], examples: int) -> None:
    """Check so many examples, the same ones at each run."""
    chosen = settings(
        max_examples=examples, derandomize=True, database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    chosen(given(strategy)(check))()


def codec_of(name: str, second: Catalog) -> Codec:
    return second.contract(name) if name in SECOND else convtool.contract(name)


# --- valid ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("format", ["xml", "json"])
@pytest.mark.parametrize("name", [PARAM, LIST, *SECOND])
@pytest.mark.short(1)
def test_payloads_are_valid_in_whatever_layout(name: str, format: Any, second: Catalog) -> None:
    of = codec_of(name, second)
    starts: Counter[bytes] = Counter()

    def check(payload: bytes) -> None:
        assert of.validate(payload)
        starts[payload[:2]] += 1

    run(payloads(of, format=format), check, 150 if name == PARAM else 60)
    if name == PARAM:
        assert {b"\xff\xfe", b"\xef\xbb", b"\n "} <= set(starts)  # UTF-16, a mark and white space are among them

    def check_wire(payload: bytes) -> None:
        assert of.convert(payload, format).data == payload

    run(payloads(of, format=format, wire=True), check_wire, 40)


@pytest.mark.long
def test_every_corner_is_reached() -> None:
    seen: set[str] = set()

    def note(value: Any) -> None:
        for line in value or ():
            if line is None:
                continue
            text, number, lists = line.NomProduit, line.ProduitId, line.ConsommationsSomme
            seen.update(f"{one}" for one in (text, number, lists) if one in (None, msgspec.UNSET, "", []))
            seen.update(str(number) for number in [number] if number in (2**31 - 1, -(2**31), 0))
            for one in (text, line.Identifiant):
                if isinstance(one, str):
                    seen.update(name for name, chars in CLASSES.items() if set(chars) & set(one))
        if value is None:
            seen.add("nil root")

    run(values(LIST), note, 500)
    wanted = {"None", "UNSET", "", "[]", "2147483647", "-2147483648", "0", "nil root", *CLASSES}
    assert wanted <= seen


CLASSES = {
    "white space": " \t\n", "CR": "\r", "controls": "\x01\x0b\x1f", "no characters": "\ufffe\uffff", "markup": "&<>",
    "quotes": "\"'\\", "accents": "é", "combining": "\u0301", "astral": "😀\U00010000", "NUL": "\0", "CJK": "日本語",
    "separators": "\x85\u2028\u2029", "mark": "\ufeff",
}  # fmt: skip


def test_dates_have_up_to_seven_digits_and_every_kind_of_zone() -> None:
    seen: set[tuple[int, str]] = set()

    def note(value: Any) -> None:
        if value is not None and isinstance(value.Debut, str) and "T" in value.Debut:
            _, _, time = value.Debut.partition("T")
            zone = time.lstrip("0123456789:.")
            digits = time.partition(".")[2].partition("Z")[0].partition("+")[0].partition("-")[0]
            seen.add((len(digits), zone[:1]))

    run(values(PARAM, exact=True), note, 500)
    assert {0, 1, 3, 7} <= {digits for digits, _ in seen}
    assert {zone for _, zone in seen} == {"", "Z", "+", "-"}
    assert max(digits for digits, _ in seen) == 7


@pytest.mark.parametrize("names", [(), ("Straße", "id", "ID")], ids=["no members", "names of a case each"])
@pytest.mark.parametrize("format", ["xml", "json"])
def test_breaks_fit_records_of_every_shape(names: tuple[str, ...], format: Any) -> None:
    of = Codec(model("Été", record("Été", *(member(name, "urn:int", nillable=True) for name in names))))

    def check(found: convtool.testing.Invalid) -> None:
        assert found.code in errors(of.validate(found.payload)), found

    run(invalid_payloads(of, format=format), check, 200)


@pytest.mark.long
def test_failures_shrink_to_a_short_payload() -> None:
    quick = settings(max_examples=600, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    shown = find(payloads(LIST, wire=True), lambda payload: b"\\r" in payload, settings=quick)
    assert shown == b'[{"NomProduit":"\\r"}]' or len(shown) < 60
    number = find(payloads(PARAM, wire=True), lambda payload: b"2147483647" in payload, settings=quick)
    assert number == b'{"ProduitId":2147483647}'


# --- invalid --------------------------------------------------------------------------------------------------------

EXPECTED = {
    "xml": {
        "input.empty", "input.format", "input.encoding", "limit.depth", "xml.syntax", "xml.doctype", "xml.character",
        "root.name", "member.unknown", "member.namespace", "member.order", "member.duplicate", "member.text",
        "member.child", "nil.forbidden", "nil.content", "nil.lexical", "attribute.unknown", "value.lexical",
        "value.range", "date.refused", "date.relaxed",
    },
    "json": {
        "input.empty", "input.format", "input.encoding", "limit.depth", "json.syntax", "json.trailing",
        "json.relaxed", "member.unknown", "member.case", "member.duplicate", "nil.forbidden", "value.kind",
        "value.coerced", "value.lexical", "value.range", "date.refused", "date.relaxed",
    },
}  # fmt: skip


ONLY = {"Arbre": "member.required", "Facture": "value.enumeration"}  # rules that the bundled contracts do not have


@pytest.mark.parametrize("format", ["xml", "json"])
@pytest.mark.parametrize("name", [PARAM, LIST, "Arbre", "Facture"])
@pytest.mark.short(1)
def test_invalid_payloads_break_exactly_the_rule_they_say(name: str, format: Any, second: Catalog) -> None:
    of = codec_of(name, second)
    seen: set[str] = set()

    def check(found: Any) -> None:
        payload, code = found
        assert errors(of.validate(payload)) == [code], payload
        seen.add(code)

    run(invalid_payloads(of, format=format), check, 300 if name == PARAM else 120)
    if name == PARAM:
        assert EXPECTED[format] <= seen
    elif name in ONLY:
        run(invalid_payloads(of, format=format, codes=[ONLY[name]]), check, 5)


def test_the_rules_to_break_can_be_chosen() -> None:
    def check(found: Any) -> None:
        assert found.code in ("value.range", "member.order")

    run(invalid_payloads(PARAM, format="xml", codes=["value.range", "member.order"]), check, 50)
    with pytest.raises(
        convtool.UsageError, match=r"JSON cannot be made to break member\.order; there are: date\.refused"
    ):
        invalid_payloads(PARAM, codes=["member.order"])
    with pytest.raises(convtool.UsageError, match=r"codes='member\.unknown': a list is meant; write codes="):
        invalid_payloads(PARAM, codes="member.unknown")
    with pytest.raises(convtool.UsageError, match="there is no format 'yaml'"):
        payloads(PARAM, format="yaml")  # type: ignore[arg-type]
    with pytest.raises(convtool.ContractError, match="no contract 'Nope'"):
        values("Nope")


def test_not_valid_means_broken() -> None:
    run(payloads(PARAM, valid=False), refuted, 30)


def refuted(payload: bytes) -> None:
    assert not convtool.contract(PARAM).validate(payload)


# --- planted bugs ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name.replace(" ", "-"))
@pytest.mark.short(3)
def test_a_planted_bug_is_found_within_500_examples(mutant: Mutant) -> None:
    good = convtool.contract(LIST)
    with mutant.planted():
        bad = Codec(good.model)  # its readers and writers are generated with the bug

    def check(payload: bytes) -> None:
        value = good.read(payload)
        wire = good.formats[mutant.format].write(value)
        with mutant.planted():
            assert repr(bad.read(payload)) == repr(value)  # each codec has classes of its own
            assert bad.formats[mutant.format].write(bad.read(wire)) == wire

    with pytest.raises((AssertionError, convtool.PayloadError)):
        run(payloads(good, format=mutant.format), check, 500)  # type: ignore[arg-type]


@pytest.mark.parametrize("format", ["xml", "json"])
def test_without_a_bug_nothing_is_found(format: Any) -> None:
    good = convtool.contract(LIST)
    fresh = Codec(good.model)

    def check(payload: bytes) -> None:
        value = good.read(payload)
        assert repr(fresh.read(payload)) == repr(value)
        assert fresh.formats[format].write(fresh.read(payload)) == good.formats[format].write(value)

    run(payloads(good, format=format), check, 100)
