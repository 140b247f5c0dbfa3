"""Makes records, as XML and as JSON side by side, by plain string building from a seeded generator.

A record is a pair of texts in the wire form: what .NET's DataContractSerializer and Json.NET write for one value. The
kinds of content are the rows of CONTENTS; each is a function from a random generator to an endless stream of pairs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from benchmarks.shape import SHAPE, xml_order

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from random import Random

__all__ = ["CONTENTS", "Pair", "giant"]


class Pair(NamedTuple):
    """One value in both formats."""

    xml: str
    json: str


# In text .NET escapes three characters by name; a CR survives every reader only as a reference.
_XML = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#xD;"})
_JSON = str.maketrans(
    {chr(code): f"\\u{code:04x}" for code in (*range(0x20), 0x85, 0x2028, 0x2029)}
    | {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}
)

# A member's value in both formats; None is an absent member.
Value = Pair | None
NIL = Pair(' i:nil="true" />', "null")

PRODUCTS = ("Kbis", "Extrait cadastral", "Relevé — annuel", "Bilan & liasse", "État d'endettement", "Œuvre n° 7")
LABELS = ("Recherche", "Consultation", "Téléchargement", "Pages imprimées", "Crédits €", "Actes > 10 p.")
PEOPLE = ("m.durand", "i.lefèvre", "étude.nord", "agence-42", "archives", "j.o'neil")
ZONES = ("+01:00", "+02:00", "Z", "")
#: Every character that any of the two formats writes as an escape, beside letters of several scripts.
NOISE = "&<>\"\\\t\n\r/'\u0085\u2028\u2029é日😀a"


def _text(text: str) -> Pair:
    return Pair(f">{text.translate(_XML)}<", f'"{text.translate(_JSON)}"')


def _int(number: int) -> Pair:
    return Pair(f">{number}<", str(number))


def _record(record: str, values: dict[str, Value]) -> Pair:
    """Join members to a record: in ordinal order for XML, in declaration order for JSON."""
    present = {name: value for name, value in values.items() if value is not None}
    xml = "".join([_element(name, present[name].xml) for name in _XML_ORDER[record] if name in present])
    json = ",".join([f'"{name}":{present[name].json}' for name in SHAPE[record] if name in present])
    return Pair(f"<{record}>{xml}</{record}>" if xml else f"<{record} />", f"{{{json}}}")


_XML_ORDER = {record: xml_order(record) for record in SHAPE}


def _element(name: str, content: str) -> str:
    """Wrap ``>text<`` in the element's tags; an element without an end tag brings its own ending."""
    return f"<{name}{content}/{name}>" if content[-1] == "<" else f"<{name}{content}"


def _list(items: list[Pair]) -> Pair:
    if not items:
        return Pair(" />", "[]")
    return Pair(">" + "".join([item.xml for item in items]) + "<", "[" + ",".join([item.json for item in items]) + "]")


def _date(rng: Random) -> Pair:
    """Give a dateTime with 0 to 7 fraction digits and no trailing zeros, as .NET writes it."""
    fraction = f".{rng.randrange(10_000_000):07}".rstrip("0").rstrip(".")
    day = f"20{rng.randrange(10, 27)}-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}"
    clock = f"{rng.randrange(24):02}:{rng.randrange(60):02}:{rng.randrange(60):02}"
    return _text(f"{day}T{clock}{fraction}{rng.choice(ZONES)}")


def _label(rng: Random, words: tuple[str, ...]) -> Pair:
    """Give one of the words with a number, or nil in one of 25: what archives of this kind look like."""
    return NIL if rng.random() < 0.04 else _text(f"{rng.choice(words)} {rng.randrange(1000)}")


def _counter(rng: Random) -> Pair:
    values: dict[str, Value] = {
        "Sequence": _int(rng.randrange(1, 9)),
        "Libelle": _label(rng, LABELS),
        "Quantite": _int(rng.choice((0, 3, rng.randrange(500), rng.randrange(-(2**31), 2**31)))),
    }
    return _record("CompteurModel", values)


def _counters(rng: Random, most: int) -> Pair:
    return NIL if rng.random() < 0.02 else _list([_counter(rng) for _ in range(rng.randrange(most + 1))])


def _detail(rng: Random, counters: int = 3) -> Pair:
    values: dict[str, Value] = {
        "Dossier": _text(f"D-{rng.randrange(10**6):06}"),
        "DateDossier": _date(rng),
        "Identifiant": _label(rng, PEOPLE),
        "Compteur": _counters(rng, counters),
    }
    return _record("ConsoV2Model", values)


def _response(rng: Random, product: int, details: Pair) -> Pair:
    values: dict[str, Value] = {
        "ProduitId": _int(product),
        "NomProduit": _label(rng, PRODUCTS),
        "Identifiant": _label(rng, PEOPLE),
        "ConsommationsSomme": _counters(rng, 4),
        "ConsommationsDetails": details,
    }
    return _record("ReponseV2Model", values)


def _typical(rng: Random) -> Iterator[Pair]:
    """Give records of about 1.5 KB with nil members and empty lists; no empty strings, which a peer cannot tell."""
    product = 0
    while True:
        product += 1
        yield _response(rng, product, _list([_detail(rng) for _ in range(rng.randrange(6))]))


def _absent(rng: Random) -> Iterator[Pair]:
    """Give records with every member absent; now and then one that holds lists of such records."""
    empty = _record("ReponseV2Model", {})
    while True:
        inner = [_record("ConsoV2Model", {})] * rng.randrange(1, 4)
        yield _record("ReponseV2Model", {"ConsommationsDetails": _list(inner)}) if rng.random() < 0.1 else empty


def _holes(rng: Random) -> Iterator[Pair]:
    """Give records in which each member is at random absent, nil, empty or filled."""

    def hole(*choices: Value) -> Value:
        return rng.choice((None, *choices))

    def counters() -> Value:
        return hole(NIL, _list([]), _list([NIL_RECORD["CompteurModel"], counter(), counter()]))

    def counter() -> Pair:
        values = {"Sequence": hole(_int(1)), "Libelle": hole(NIL, _text(""), _text(" ")), "Quantite": hole(_int(-7))}
        return _record("CompteurModel", values)

    def detail() -> Pair:
        values = {"Dossier": hole(NIL, _text("")), "DateDossier": hole(_date(rng)), "Compteur": counters()}
        return _record("ConsoV2Model", values)

    while True:
        values = {
            "ProduitId": hole(_int(rng.randrange(2**31))),
            "NomProduit": hole(NIL, _text(""), _text("x")),
            "Identifiant": hole(NIL, _text("\n"), _text("0")),
            "ConsommationsSomme": counters(),
            "ConsommationsDetails": hole(NIL, _list([]), _list([detail(), NIL_RECORD["ConsoV2Model"], detail()])),
        }
        yield NIL_RECORD["ReponseV2Model"] if rng.random() < 0.05 else _record("ReponseV2Model", values)


NIL_RECORD = {record: Pair(f'<{record} i:nil="true" />', "null") for record in SHAPE}


def _escapes(rng: Random) -> Iterator[Pair]:
    """Give records whose strings consist of characters that are escaped, in one format or the other."""
    while True:
        noise = [_text("".join(rng.choices(NOISE, k=rng.randrange(20, 120)))) for _ in range(4)]
        counter = _record("CompteurModel", {"Sequence": _int(1), "Libelle": noise[0], "Quantite": _int(2)})
        detail = {"Dossier": noise[1], "DateDossier": _date(rng), "Identifiant": noise[2], "Compteur": _list([counter])}
        yield _record(
            "ReponseV2Model",
            {
                "ProduitId": _int(rng.randrange(100)),
                "NomProduit": noise[3],
                "Identifiant": noise[0],
                "ConsommationsSomme": _list([counter]),
                "ConsommationsDetails": _list([_record("ConsoV2Model", detail)]),
            },
        )


def _lists(rng: Random) -> Iterator[Pair]:
    """Give records of about 200 KB: lists of lists, as deep as the contract goes and long at each level."""
    while True:
        yield _response(rng, 1, _list([_detail(rng, counters=60) for _ in range(80)]))


def giant(rng: Random, size: int) -> Pair:
    """Give a single record whose XML has at least the size given, in bytes."""
    details: list[Pair] = []
    while size > 0:
        details.append(_detail(rng))
        size -= len(details[-1].xml.encode())
    return _response(rng, 1, _list(details))


CONTENTS: dict[str, Callable[[Random], Iterator[Pair]]] = {
    "typical": _typical,
    "absent": _absent,
    "holes": _holes,
    "escapes": _escapes,
    "lists": _lists,
}
