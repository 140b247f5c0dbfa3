"""The engine's rules one by one, each against an implementation that shares nothing with it."""

from __future__ import annotations

import json
import struct
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from random import Random
from typing import TYPE_CHECKING

import pytest
from lxml import etree

from convtool.engine import State, library
from convtool.model.datatypes import DATATYPES
from tests.engine.support import built, engine_of, feed
from tests.support import document, one_member

if TYPE_CHECKING:
    from collections.abc import Iterator

    from convtool.engine import Engine

pytestmark = built

ALL = 0xFFFFFFFF  # whatever is worth a word is refused: what is taken is the wire form


def engine(datatype: str) -> Engine:
    return engine_of(one_member(datatype))


def as_json(of: Engine, text: bytes, *, refuse: int = ALL) -> bytes | None:
    """Give the JSON of an XML text, or None where the engine leaves it."""
    state, out, _ = feed(
        of, "xml", "json", document("").replace(b"></Root>", b"><A>" + text + b"</A></Root>"), refuse=refuse
    )
    return b"".join(out)[len(b'{"A":') : -1] if state == State.DONE else None


def as_xml(of: Engine, token: bytes, *, refuse: int = ALL) -> bytes | None:
    """Give the XML text of a JSON token, or None where the engine leaves it."""
    state, out, _ = feed(of, "json", "xml", b'{"A":' + token + b"}", refuse=refuse)
    written = b"".join(out)
    return written[written.index(b"<A") : -len(b"</Root>")] if state == State.DONE else None


# --- UTF-8 ----------------------------------------------------------------------------------------------------------


def sequences() -> Iterator[bytes]:
    edges = (0x00, 0x41, 0x7F, 0x80, 0x85, 0x8F, 0x90, 0x9F, 0xA0, 0xA8, 0xA9, 0xBD, 0xBE, 0xBF, 0xC0, 0xFF)
    for first in range(0x80, 0x100):
        yield bytes((first,))
        for second in edges:
            yield bytes((first, second))
            if first >= 0xE0:
                yield from (bytes((first, second, third)) for third in edges)
            if first >= 0xEF:
                yield from (bytes((first, second, third, fourth)) for third in edges for fourth in edges)


def test_utf8_is_what_python_decodes() -> None:
    of, found = engine("string"), library()
    assert found is not None
    for data in sequences():
        try:
            text: str | None = data.decode()
        except UnicodeDecodeError:
            text = None
        assert bool(found.is_text(b"0123456789abcdef" * 2 + data, len(b"0123456789abcdef" * 2 + data), 3)) is (
            text is not None
        )
        plain = text is not None and all(c >= " " for c in text)
        assert (as_xml(of, b'"' + data + b'"') is not None) is plain, data
        in_xml = text is not None and "\0" not in text and not set(text) & {"\ufffe", "\uffff"}
        assert (as_json(of, data) is not None) is in_xml, data


# --- dates ----------------------------------------------------------------------------------------------------------


def is_date(text: str) -> bool:
    """Tell whether a text is a DateTime in .NET's own form, by Python's calendar."""
    moment, zone = text, ""
    if moment.endswith("Z"):
        moment = moment[:-1]
    elif moment[-6:-5] in ("+", "-") and len(moment) > 6:
        moment, zone = moment[:-6], moment[-6:]
    moment, dot, fraction = moment.partition(".")
    try:
        when = datetime.strptime(moment, "%Y-%m-%dT%H:%M:%S")
        minutes = timedelta(hours=int(zone[1:3]), minutes=int(zone[4:])) if zone else timedelta()
    except ValueError:
        return False
    exact = when.isoformat() == moment and (
        not zone or (zone[3] == ":" and zone[4:] <= "59" and zone[1:].replace(":", "").isdigit())
    )
    digits = not dot or (
        fraction.isdigit() and fraction.isascii() and len(fraction) <= 7 and not fraction.endswith("0")
    )
    return exact and digits and minutes <= timedelta(hours=14)


def dates(random: Random, number: int) -> Iterator[str]:
    seeds = ("2024-02-29T23:59:59.9999999+14:00", "0001-01-01T00:00:00", "9999-12-31T23:59:59Z",
             "1900-02-28T12:30:00.5-00:00", "2023-11-30T00:00:00.0000001-13:59")  # fmt: skip
    for _ in range(number):
        text = list(random.choice(seeds))
        for _ in range(random.choice((0, 1, 1, 2, 3))):
            at = random.randrange(len(text))
            kind = random.random()
            if kind < 0.7:
                text[at] = random.choice("0123456789-:TZ+.")
            elif kind < 0.85:
                del text[at]
            else:
                text.insert(at, random.choice("0123456789-:TZ+. "))
        yield "".join(text)


def test_dates_are_those_of_the_calendar() -> None:
    of, offset = engine("dateTime"), ALL & ~(1 << 1)  # an offset is worth a word, and no more
    years = (
        f"{year:04d}-{rest}T00:00:00"
        for year in range(1, 10_000, 7)
        for rest in ("02-28", "02-29", "02-30", "04-31", "13-01")
    )
    taken = 0
    for text in [*dates(Random(1), 6_000), *years]:
        found = as_xml(of, f'"{text}"'.encode(), refuse=offset) is not None
        assert found is is_date(text), text
        taken += found
    assert taken > 1_500


def test_offsets_are_shifted_as_python_shifts_them() -> None:
    from convtool.convert import Codec
    from tests.support import member, model, record

    of = engine_of(Codec(model("R", record("R", member("A", DATATYPES["dateTimeOffset"].key)))))
    random = Random(2)
    for _ in range(3_000):
        moment = datetime(1, 1, 1) + timedelta(minutes=random.randrange(0, 5_258_964_959))
        minutes = random.choice((0, 60, -60, 330, 840, -840, random.randrange(-840, 841)))
        sign = "-" if minutes < 0 else "+"
        token = f'"{moment.isoformat()}{sign}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"'
        try:
            instant = moment - timedelta(minutes=minutes)
        except OverflowError:
            assert as_xml(of, token.encode()) is None
            continue
        written = as_xml(of, token.encode())
        assert written is not None
        assert f"DateTime>{instant.isoformat()}Z<".encode() in written
        assert f"OffsetMinutes>{minutes}<".encode() in written


# --- numbers --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name, kind in DATATYPES.items() if kind.bounds])
def test_integers_are_those_of_their_width(name: str) -> None:
    bounds = DATATYPES[name].bounds
    assert bounds is not None
    of, random = engine(name), Random(3)
    for _ in range(1_500):
        value = random.choice(
            (*bounds, 0, 10 ** random.randrange(22), random.randrange(-(2**66), 2**66))
        ) + random.randrange(-2, 3)
        text = random.choice(("", "", "", "+", "0", " ")) + str(value) + random.choice(("", "", "", ".0", " ", "x"))
        wire = text == str(value) and bounds[0] <= value <= bounds[1]
        assert (as_json(of, text.encode()) == text.encode()) is wire, text
        assert (as_xml(of, text.encode()) is not None) is (
            wire or (text.strip() == str(value) and bounds[0] <= value <= bounds[1])
        )


def test_decimals_are_96_bits_with_their_scale() -> None:
    of, random, taken = engine("decimal"), Random(4), 0
    corners = (
        "79228162514264337593543950335", "79228162514264337593543950336", "7.9228162514264337593543950335",
        "7.9228162514264337593543950336", "-0", "-0.00", f"0.{'0' * 27}1", f"0.{'0' * 28}1",
    )  # fmt: skip
    for _ in range(8_000):
        digits = "".join(random.choice("0123456789") for _ in range(random.randrange(1, 32)))
        at = random.randrange(0, len(digits) + 1)
        text = random.choice(("", "-")) + (digits[:at] or "0") + ("." + digits[at:] if digits[at:] else "")
        if random.random() < 0.1:
            text = random.choice(corners)
        try:
            value = Decimal(text)
            sign, kept, scale = value.as_tuple()
            whole = int("".join(map(str, kept)))
            wire = f"{value:f}" == text and whole < 2**96 and -28 <= int(scale) <= 0 and not (sign and not value)
        except InvalidOperation:
            wire = False
        found = as_json(of, text.encode(), refuse=ALL & ~(1 << 4))  # a whole number loses its scale
        assert (found is not None) is wire, text
        assert found is None or found == (text if "." in text else f"{text}.0").encode()
        taken += wire
    assert taken > 2_000


def wire_double(value: float, digits: int, more: int, parse: type[float] | object) -> str:
    """Give .NET's text of a double by way of Python's decimals, which are exact."""
    for count in (digits, more):
        exact = Decimal(value)
        exponent = exact.adjusted() if value else 0
        step = Decimal(1).scaleb(exponent - count + 1)
        rounded = (abs(exact) / step + Decimal("0.5")).to_integral_value(rounding="ROUND_FLOOR") * step
        if count == more or parse(f"{rounded:e}") == abs(value):  # type: ignore[operator]
            break
    scientific = f"{rounded:e}"
    mantissa, _, power = scientific.partition("e")
    figures = mantissa.replace(".", "").rstrip("0")
    first = int(power)
    sign = "-" if value < 0 else ""
    if not -5 < first < count:
        rest = f".{figures[1:]}" if len(figures) > 1 else ""
        return f"{sign}{figures[0]}{rest}E{'-' if first < 0 else '+'}{abs(first):02d}"
    if first < 0:
        return f"{sign}0.{'0' * (-first - 1)}{figures}"
    whole, fraction = figures[: first + 1].ljust(first + 1, "0"), figures[first + 1 :]
    return f"{sign}{whole}.{fraction}" if fraction else f"{sign}{whole}"


def single(text: str) -> float:
    found: float = struct.unpack("<f", struct.pack("<f", float(text)))[0]
    return found


@pytest.mark.parametrize(("name", "digits", "more"), [("double", 15, 17), ("float", 7, 9)])
def test_doubles_are_written_as_their_exact_values_say(name: str, digits: int, more: int) -> None:
    import decimal

    of, random = engine(name), Random(5)
    parse = float if name == "double" else single
    with decimal.localcontext(prec=1200):
        for number in range(4_000):
            if number % 4 == 0:
                bits = (
                    struct.pack("<Q", random.getrandbits(64))
                    if name == "double"
                    else struct.pack("<I", random.getrandbits(32))
                )
                value = struct.unpack("<d" if name == "double" else "<f", bits)[0]
            else:
                value = parse(f"{random.uniform(-1, 1) * 10 ** random.randrange(-8, 20):.{random.randrange(1, 18)}g}")
            if value != value or value in (float("inf"), float("-inf"), 0.0):
                continue
            text = wire_double(value, digits, more, parse)
            found = as_json(of, text.encode())
            normal = abs(value) >= (2.3e-308 if name == "double" else 1.2e-38)
            assert found is not None or not normal, text
            token = text if "." in text or "E" in text else f"{text}.0"
            assert found in (None, token.encode())
            # Any other text of the number is written the same way.
            other = as_json(of, f"{Decimal(text):e}".encode(), refuse=0)
            assert other in (None, token.encode())
            assert other is not None or not normal, text


# --- references and names -------------------------------------------------------------------------------------------


def test_references_are_what_libxml2_makes_of_them() -> None:
    of, random = engine("string"), Random(6)
    parts = (
        "&",
        "#",
        "x",
        "X",
        ";",
        "amp",
        "lt",
        "gt",
        "quot",
        "apos",
        "nbsp",
        "0",
        "9",
        "10",
        "13",
        "1F600",
        "D800",
        "FFFE",
        "110000",
        "a",
        " ",
    )
    for _ in range(6_000):
        text = "&" + "".join(random.choice(parts) for _ in range(random.randrange(1, 5))) + ";"
        if text.count(";") > 1 or text.count("&") > 1:
            continue
        data = document(f"<A>{text}</A>")
        try:
            wanted: str | None = etree.fromstring(data)[0].text or ""
        except etree.XMLSyntaxError:
            wanted = None
        found = as_json(of, text.encode())
        if wanted is not None:
            assert found is not None, text
            assert json.loads(found) == wanted, text
        elif found is not None:  # references that XML 1.0 leaves out and .NET reads
            code = text[2:-1]
            number = int(code[1:], 16) if code[:1] == "x" else int(code)
            assert number < 0x20 or number in (0xFFFE, 0xFFFF), text


def test_names_and_attributes_are_well_formed_where_libxml2_says_so() -> None:
    of, random = engine("string"), Random(7)
    parts = (
        "xmlns",
        ":",
        "a",
        "xml",
        "1",
        "-",
        "=",
        '"',
        "'",
        " ",
        "\n",
        "urn:t",
        "urn:o",
        "&",
        "<",
        "é",
        "q",
        "nil",
        "true",
    )
    for _ in range(6_000):
        inside = "".join(random.choice(parts) for _ in range(random.randrange(0, 9)))
        data = document(f"<A {inside}>t</A>")
        if feed(of, "xml", "", data)[0] == State.DONE:
            etree.fromstring(data)  # it is well-formed, then, namespaces included


# --- lines and columns ----------------------------------------------------------------------------------------------


def test_lines_and_columns_are_counted_as_python_counts_them() -> None:
    run, random = engine("string").run(), Random(5)
    for size in (*range(40), 300, 5_000, 9_000):  # beyond what one row of the processor's counters holds
        for feeds in (0, 1, 30):
            text = "".join(random.choices("aé€😀\n", weights=(30, 9, 9, 9, feeds), k=size))
            line, column = random.randint(1, 9), random.randint(1, 9)
            found = text.count("\n")
            behind = (1 if found else column) + len(text) - (text.rfind("\n") + 1)
            assert run.place(text.encode(), line, column) == (line + found, behind)
