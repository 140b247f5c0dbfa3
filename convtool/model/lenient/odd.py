"""Booleans, texts and bytes that Json.NET makes of JSON values of other kinds, and base64 as XML readers take it."""

from __future__ import annotations

import base64
import binascii
import math

from convtool._lazy import pattern
from convtool.model.lenient.dates import SPACES
from convtool.model.lenient.numbers import double_of_number
from convtool.model.numbers import LexicalError, general, parse_integer

__all__ = ["CONVERTED", "XML_WHITE", "boolean", "boolean_of_number", "bytes_of_list", "padded_base64", "text_of_number"]

XML_WHITE = " \t\n\r"  # XML's white space, which is base64's to .NET as well
CONVERTED = "\t\n\v\f\r "  # what .NET's number converters remove
_DROPPED = str.maketrans("", "", XML_WHITE)
_INTEGER = pattern("-?[0-9]+")
_LONG = (-(2**63), 2**63 - 1)
_BLOCK = pattern("[A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=")


def boolean(text: str) -> bool:
    """Give the boolean of Boolean.Parse: true and false in any letters, with white space and NULs around."""
    word = text.strip(SPACES + "\0").lower()
    if word not in ("true", "false"):
        raise LexicalError("lexical", "true or false")
    return word == "true"


def boolean_of_number(token: str) -> bool:
    """Give what Convert.ToBoolean makes of a number: false of 0 alone."""
    if _INTEGER.fullmatch(token):
        return parse_integer(token, *_LONG, "an integer of 64 bits") != 0
    return double_of_number(token) != 0


def text_of_number(token: str) -> str:
    """Give the text of a JSON number as .NET writes it: as an integer, or as a double with 15 digits."""
    if _INTEGER.fullmatch(token):
        digits = token.lstrip("-").lstrip("0") or "0"
        return f"-{digits}" if token.startswith("-") and digits != "0" else digits
    value = double_of_number(token)
    if math.isinf(value) or math.isnan(value):
        return token
    return general(value, single=False) if value else "0"


def bytes_of_list(tokens: str) -> bytes:
    """Give the bytes of a list of numbers, whose tokens come with commas between them."""
    parts = tokens.split(",") if tokens else []
    return bytes(parse_integer(token, 0, 255, "a list of numbers from 0 to 255") for token in parts)


def padded_base64(text: str) -> bytes:
    """Give the bytes of base64 that goes on behind its padding: XML readers decode each four characters alone."""
    joined = text.translate(_DROPPED)
    blocks = [joined[at : at + 4] for at in range(0, len(joined), 4)]
    if not all(_BLOCK.fullmatch(block) for block in blocks):
        raise LexicalError("lexical", "base64")
    try:
        return b"".join(base64.b64decode(block, validate=True) for block in blocks)
    except binascii.Error:
        raise LexicalError("lexical", "base64") from None
