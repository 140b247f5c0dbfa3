"""The heads of HTTP messages: where one begins, its fields, and the URL that a request is for."""

from __future__ import annotations

import re

from convtool.captures.media import header

__all__ = ["START", "fields", "url_of"]

_VERSION = rb"HTTP/[0-9](?:\.[0-9])?"
_RESPONSE = rb"%s (?P<status>[1-9][0-9]{2})(?: (?P<reason>[^\r\n]*))?\r?\n" % _VERSION
_REQUEST = rb"(?P<method>[A-Z]{1,20}) (?P<target>[!-~]+) %s\r?\n" % _VERSION
START = re.compile(rb"%s|%s" % (_RESPONSE, _REQUEST))
_FIELD = re.compile(rb"(:?[!#$%&'*+.^_`|~0-9A-Za-z-]+)[ \t]*:[ \t]*(.*)", re.DOTALL)


def fields(lines: bytes) -> tuple[tuple[str, str], ...] | None:
    """Give the headers of a head (RFC 9112, 5), those of HTTP/2 that begin with a colon as well; None where it is none.

    Lines that begin with white space go on with the one before, as in old messages.
    """
    found: list[tuple[str, list[str]]] = []
    for line in lines.rstrip(b"\r\n").split(b"\n") if lines.strip() else ():
        text = line.rstrip(b"\r")
        if found and text[:1] in (b" ", b"\t"):
            found[-1][1].append(text.strip().decode("latin-1"))
            continue
        match = _FIELD.fullmatch(text)
        if match is None:
            return None
        found.append((match[1].decode("latin-1"), [match[2].strip(b" \t").decode("latin-1")]))
    return tuple((name, " ".join(parts)) for name, parts in found)


def url_of(target: str, headers: tuple[tuple[str, str], ...]) -> str:
    """Give the URL of a request's target: its host is in a header, or what an editor fills in."""
    host = header(headers, "host") or header(headers, ":authority") or "unknown"
    return (
        target
        if "://" in target or target.startswith("{{")
        else f"http://{host}{target if target.startswith('/') else '/'}"
    )
