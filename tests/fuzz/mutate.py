"""Payloads that are nearly right: changed by the byte, by the token of their format, or by splicing two of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.fuzz import vocabulary as words

if TYPE_CHECKING:
    from random import Random

__all__ = ["by_bytes", "mutate"]

_TOKENS = {
    "xml": re.compile(r"<[^<>]*>|[^<>]+|[<>]"),
    "json": re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+|\s+|"', re.DOTALL),
    "form": re.compile(r"[&=]|[^&=]+"),
}
_LONGEST = 40_000  # bytes: longer inputs show little more, and take the time of many short ones


def mutate(random: Random, form: str, seeds: list[bytes]) -> bytes:
    """Give a seed with one to four changes; in one of thirty cases it is also in another encoding."""
    data = random.choice(seeds)
    for _ in range(random.choice((1, 1, 2, 3, 4))):
        kind = random.random()
        if kind < 0.35:
            data = by_bytes(random, data)
        elif kind < 0.95:
            data = _tokens(random, form, data)
        else:
            data = _splice(random, data, random.choice(seeds))
    if random.random() < 1 / 30:
        encoding = random.choice(("utf-16", "utf-16-le", "utf-8-sig", "latin-1", "utf-32"))
        data = data.decode("utf-8", "replace").encode(encoding, "replace")
    return data[:_LONGEST]


def by_bytes(random: Random, data: bytes) -> bytes:
    """Give data with bytes put in, replaced or taken away at one place."""
    at = random.randint(0, len(data))
    end = min(len(data), at + random.choice((1, 1, 2, 5, 20)))
    match random.randrange(7):
        case 0 | 1:
            return data[:at] + random.choice(words.BYTES) + data[at:]
        case 2:
            return data[:at] + random.choice(words.BYTES) + data[end:]
        case 3:
            return data[:at] + random.randbytes(1) + data[end:]
        case 4:
            return data[:at] + data[end:]
        case 5:
            return data[:end] + data[at:]
        case _:
            return data[:at]


def _splice(random: Random, one: bytes, other: bytes) -> bytes:
    start = random.randint(0, len(other))
    at, end = sorted((random.randint(0, len(one)), random.randint(0, len(one))))
    return one[:at] + other[start : start + random.choice((5, 50, 500))] + one[random.choice((at, end)) :]


def _tokens(random: Random, form: str, data: bytes) -> bytes:
    tokens = _TOKENS[form].findall(data.decode("utf-8", "surrogateescape"))
    if tokens:
        at = random.randrange(len(tokens))
        match random.randrange(8):
            case 0:
                del tokens[at : at + random.choice((1, 1, 2, 3, 5))]
            case 1:
                end = at + random.choice((1, 2, 3, 4, 5, 9))
                tokens[at:at] = tokens[at:end]
            case 2:
                other = random.randrange(len(tokens))
                tokens[at], tokens[other] = tokens[other], tokens[at]
            case 3:
                first, last = random.choice(words.AROUND)
                tokens = [first, *tokens, last]
            case 4:
                tokens[at] = random.choice((tokens[at].lower(), tokens[at].upper(), tokens[at][::-1], tokens[at] * 2))
            case _:
                _word(random, form, tokens, at)
    return "".join(tokens).encode("utf-8", "surrogateescape")


def _word(random: Random, form: str, tokens: list[str], at: int) -> None:
    """Put a word of the format in the place of a token, into it, or before it."""
    if form == "xml":
        token = tokens[at]
        if token.startswith("<") and random.random() < 0.4:
            tokens[at] = token.rstrip("/>") + random.choice(words.ATTRIBUTES) + ("/>" if token.endswith("/>") else ">")
        elif token.startswith("<"):
            tokens.insert(at, random.choice(words.INSERTED_XML))
        else:
            tokens[at] = random.choice(words.TEXTS)
    elif form == "json":
        if random.random() < 0.3:
            tokens.insert(at, random.choice(words.INSERTED_JSON))
        else:
            tokens[at] = random.choice(words.VALUES)
    elif random.random() < 0.5:
        tokens[at] = random.choice(words.TEXTS)
    else:
        tokens.insert(at, random.choice(words.PERCENT))
