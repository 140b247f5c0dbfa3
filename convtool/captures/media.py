"""Media types as Web API negotiates them: which format each is, which charsets there are, and what bytes really are."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from convtool.sniff import Format

__all__ = [
    "FORMATS", "actual_format", "charset_note", "code_points", "format_of", "header", "lengths", "parse",
    "wire_bytes",
]  # fmt: skip

FORMATS: dict[str, Format] = {
    "application/json": "json",
    "text/json": "json",
    "application/xml": "xml",
    "text/xml": "xml",
    "application/x-www-form-urlencoded": "form",
}
_SUFFIXES: tuple[tuple[str, Format], ...] = (("+json", "json"), ("+xml", "xml"))
_PARAMETER = re.compile(r';\s*([!#$%&\'*+.^_`|~0-9A-Za-z-]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^;\s]*)')
_FORM = re.compile(rb"[A-Za-z_%][^\x00-\x20=&<>{}\[\]\"]*(?:\[\])?=")
_DECLARED = re.compile(r"""<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_UTF16 = frozenset({"utf-16", "utf-16le", "utf-16be", "unicode"})
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def header(headers: tuple[tuple[str, str], ...], name: str) -> str:
    """Give the value of a header, or nothing; several of one name are joined by commas, as HTTP says."""
    return ", ".join(value.strip() for key, value in headers if key.lower() == name)


def parse(content_type: str) -> tuple[str, str]:
    """Give the media type and the charset of a Content-Type, both in lower case and empty where there is none."""
    media_type = content_type.partition(";")[0].partition(",")[0].strip().lower()
    for name, value in _PARAMETER.findall(content_type):
        if name.lower() == "charset":
            return media_type, value.strip('"').lower()
    return media_type, ""


def format_of(media_type: str) -> Format | None:
    """Give the format that a media type means, or None."""
    found = FORMATS.get(media_type)
    return found or next((form for suffix, form in _SUFFIXES if media_type.endswith(suffix)), None)


def _encoding(body: bytes) -> tuple[str, bytes]:
    """Give the encoding of a body's byte order mark (UTF-8 without one), and what follows the mark."""
    for mark, name in _BOMS:
        if body.startswith(mark):
            return name, body[len(mark) :]
    return "utf-8", body


def actual_format(body: bytes) -> Format | None:
    """Give the format that a body is in, by its first characters, or None."""
    start = _encoding(body)[1].replace(b"\0", b"")[:4096].lstrip(b" \t\r\n")
    if start.startswith(b"<"):
        return "xml"
    if start[:1] in (b"{", b"[", b'"'):
        return "json"
    if _FORM.match(start):
        return "form"
    return None


def charset_note(charset: str, body: bytes) -> str:
    """Say in which way a body contradicts the charset of its Content-Type, or nothing."""
    if not charset:
        return ""
    actual, rest = _encoding(body)
    wanted = "utf-16" if charset in _UTF16 else charset
    if wanted not in ("utf-8", "utf-16", "us-ascii", "utf8"):
        return f"The Content-Type names the charset {charset!r}; Web API takes and writes UTF-8 and UTF-16."
    if wanted == "us-ascii":
        return "" if body.isascii() else "The Content-Type names US-ASCII, and the body is not all ASCII."
    if wanted == "utf-16" and actual == "utf-8":
        looks = "UTF-16 without a byte order mark" if rest[:4].count(0) else "UTF-8"
        return f"The Content-Type names {charset!r}, and the body is {looks}."
    if wanted != "utf-16" and actual == "utf-16":
        return f"The Content-Type names {charset!r}, and the body is UTF-16."
    return ""


def wire_bytes(text: str, charset: str) -> bytes:
    """Give the bytes of a body that a capture holds as text: in the charset of its headers or its XML declaration.

    UTF-16 gets the byte order mark that Web API writes. Halves of surrogate pairs become bytes that no reader takes.
    """
    declared = _DECLARED.match(text.lstrip("\ufeff"))
    name = charset or (declared[1].lower() if declared else "")
    if name in _UTF16:
        big = name == "utf-16be"
        mark = codecs.BOM_UTF16_BE if big else codecs.BOM_UTF16_LE
        body = text.removeprefix("\ufeff").encode("utf-16-be" if big else "utf-16-le", "surrogatepass")
        return mark + body
    return text.encode("utf-8", "surrogatepass")


def _page(name: str) -> str:
    """Give what each byte is in a code page; bytes that are nothing in it are controls, as Windows takes them."""
    return "".join(bytes([byte]).decode(name, "ignore") or chr(byte) for byte in range(256))


# What recorders and shells take bytes for: browsers and libraries Latin-1 or Windows-1252, PowerShell the console's.
_PAGES = tuple(codecs.charmap_build(_page(name)) for name in ("latin-1", "cp1252", "cp437", "cp850"))
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")  # which no payload has
_PACKED = (b"\x1f\x8b", b"\x28\xb5\x2f\xfd", codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def code_points(text: str, *, coded: bool = False) -> bytes | None:
    """Give the bytes that a text holds as characters, one for each byte, or None where it is a text like others.

    It is none where the bytes are UTF-8 of other characters than ASCII, UTF-16 with its mark, or compressed: ``coded``
    says that the headers name a Content-Encoding, of which not every one begins in a way of its own.
    """
    if text.isascii():
        return None
    for number, page in enumerate(_PAGES):
        try:
            data, _ = codecs.charmap_encode(text, "strict", page)
        except UnicodeEncodeError:
            continue
        if number == 0 and (data.startswith(_PACKED) or (coded and _CONTROL.search(text))):
            return data
        try:
            data.decode()
        except UnicodeDecodeError:
            continue
        return data
    return None


def lengths(data: bytes) -> set[int]:
    """Give the sizes that a text may have had before its lines were ended in another way, or a last one was added."""
    bare = data.count(b"\n")
    single = len(data) - data.count(b"\r\n")
    return {size - less for size in (len(data), single, single + bare) for less in (0, 1, 2)}
