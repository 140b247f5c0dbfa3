"""What System.Uri takes (``UriKind.RelativeOrAbsolute``), and the canonical text that DataContractSerializer writes.

Modelled are relative references, and URIs with a host of the usual kind or without one. Of what is refused as not
modelled, IP addresses in odd forms, hosts beyond ASCII and dots written as %2E, nothing is said but that: .NET may
take it. Whether a text that begins with a slash is a file's path depends on the server's system.
"""

from __future__ import annotations

import re
from urllib.parse import quote

from convtool._lazy import pattern
from convtool.model.lenient.dates import SPACES
from convtool.model.numbers import LexicalError

__all__ = ["URI", "settled", "written"]

_SCHEME = pattern(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*):(?P<rest>.*)", re.DOTALL)
_DRIVE = pattern(r"[A-Za-z](?::[/\\]|\|)(?P<path>.*)", re.DOTALL)
_PORTS = {"http": "80", "https": "443", "ftp": "21", "ws": "80", "wss": "443"}
_WITH_HOST = frozenset({*_PORTS, "file", "net.tcp", "net.pipe", "gopher", "telnet", "ldap", "nntp"})
_WITHOUT_QUERY = _WITH_HOST - {"http", "https", "ws", "wss"}
_OPAQUE = frozenset({"mailto", "news", "uuid"})  # with rules of their own
_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9])?"
_AUTHORITY = pattern(rf"(?P<user>[A-Za-z0-9._~:-]*@)?(?P<host>{_LABEL}(?:\.{_LABEL})*)(?::(?P<port>[1-9][0-9]*))?")
_BYTE = "25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9]"
_ADDRESS = pattern(rf"(?:(?:{_BYTE})\.){{3}}(?:{_BYTE})")
_NUMERIC = pattern(r"(?:.*\.)?(?:[0-9]+|0[xX][0-9A-Fa-f]*)")
_PARTS = pattern(r"(?P<authority>[^/\\?#]*)(?P<path>[^?#]*)(?P<rest>.*)", re.DOTALL)
_ESCAPES = pattern("(?:%[0-9A-Fa-f]{2})+")
_ENCODED_DOT = pattern(r"%2[eE]")
_KEPT = ";/?:@&=+$,-_.!~*'()#[]"
_KEPT_ESCAPED = " /%?#[]&=+@"
# Made by escaping: what is canonical stays so; controls are among what .NET's UriHelper holds unsafe to unescape.
_MADE = frozenset(("22", "3C", "3E", "5C", "5E", "60", "7B", "7C", "7D", "7F", *(f"{code:02X}" for code in range(32))))
_DOTS = pattern(r"/\.{1,2}(?:/|\Z)")
_STRAY = pattern("%(?![0-9A-Fa-f]{2})")
_PLAIN_PATH = pattern("/[A-Za-z0-9]?")
_ODD_DRIVE = pattern(r"[%?#]|[/\\]\.|.\|")
_SPACE_BEHIND = pattern("[^:]+://[^/?#%]*/[!-~]*(?<!/\\.)(?<!/\\.\\.)")  # where .NET drops the white space behind
_LARGEST_PORT = 65535
# The wire form, of which .NET changes nothing.
_NAME = "[a-z](?:[a-z0-9-]{0,30}[a-z0-9])?"
URI = (
    rf"https?://{_NAME}(?:\.{_NAME}){{0,6}}(?::(?!80/|443/)[1-9][0-9]{{0,3}})?/[A-Za-z0-9_~/-]*(?:\.[A-Za-z0-9]+)?"
    r"(?:\?[A-Za-z0-9_~=&-]*)?|[A-Za-z0-9_~-]+"
)
_REFUSED = "a URI that .NET takes"
_NOT_MODELLED = "a URI whose reading by .NET is known"


def written(text: str, json: bool = True) -> str:
    """Give the URI as .NET writes it to XML after reading it from JSON; of one from XML, .NET keeps the text.

    LexicalError where .NET refuses it, or what it does is not known.
    """
    if json:
        return _canonical(text)
    if text and not text.startswith("/"):
        _canonical(text)
    return text


def settled(text: str) -> str:
    """Give the URI as .NET writes it to XML; the text itself where that is not known."""
    try:
        return written(text)
    except LexicalError:
        return text


def _canonical(text: str) -> str:
    trimmed = text.strip(SPACES)
    drive = _DRIVE.fullmatch(trimmed)
    if drive is not None and (_ODD_DRIVE.search(trimmed) or text.rstrip(SPACES) != text):
        raise LexicalError("refused", _NOT_MODELLED)
    if drive is not None:
        return f"file:///{trimmed[:2]}/{_escaped(drive['path'].replace(chr(92), '/'))}"
    absolute = _SCHEME.fullmatch(trimmed)
    if absolute is not None:
        behind = text[len(text.rstrip(SPACES)) :]
        if behind and (re.search("[?#%]", text) or not behind.isascii() or not _SPACE_BEHIND.fullmatch(trimmed)):
            raise LexicalError("refused", _NOT_MODELLED)
        return _absolute(absolute["scheme"].lower(), absolute["rest"])
    if text[:1] in SPACES and "%" in text:
        raise LexicalError("refused", _NOT_MODELLED)
    if text[:1] in ("/", "\\") and not _PLAIN_PATH.fullmatch(text):
        raise LexicalError("unknown", "a path that means the same on every system: a server may take it for a file's")
    return _escaped(text)


def _absolute(scheme: str, rest: str) -> str:
    if not rest.startswith("//"):
        if len(scheme) < 2 or scheme in _WITH_HOST or scheme in _OPAQUE or rest[:1] in ("/", "\\", ""):
            raise LexicalError("refused", _NOT_MODELLED)
        return f"{scheme}:{_escaped(rest)}"
    parts = _PARTS.fullmatch(rest[2:])
    assert parts is not None
    if scheme == "file":
        if parts["authority"] or not parts["path"] or parts["rest"] or _escaped(parts["path"]) != parts["path"]:
            raise LexicalError("refused", _NOT_MODELLED)
        return f"file://{_without_dots(parts['path'])}"
    path = parts["path"]
    if scheme in _PORTS:
        path = path.replace("\\", "/")
    if scheme in _WITHOUT_QUERY and "?" in parts["rest"]:
        raise LexicalError("refused", _NOT_MODELLED)
    if scheme not in _PORTS and (scheme.startswith("net.") or _DOTS.search(path)):
        raise LexicalError("refused", _NOT_MODELLED)
    if "\\" in path or _ENCODED_DOT.search(path):
        raise LexicalError("refused", _NOT_MODELLED)
    return (
        f"{scheme}://{_authority(scheme, parts['authority'])}{_without_dots(_escaped(path))}{_escaped(parts['rest'])}"
    )


def _authority(scheme: str, text: str) -> str:
    match = _AUTHORITY.fullmatch(text)
    if match is None or len(match["host"]) > 255 or int(match["port"] or 0) > _LARGEST_PORT:
        raise LexicalError("refused", _REFUSED)
    if match["user"] and scheme not in _PORTS:
        raise LexicalError("refused", _NOT_MODELLED)
    host = match["host"].lower()
    if _NUMERIC.fullmatch(host) and not _ADDRESS.fullmatch(host):
        raise LexicalError("refused", _NOT_MODELLED)
    port = str(int(match["port"])) if match["port"] else ""
    return f"{match['user'] or ''}{host}{f':{port}' if port and port != _PORTS.get(scheme) else ''}"


def _without_dots(path: str) -> str:
    """Resolve the dot segments of an absolute path (RFC 3986, 5.2.4)."""
    found: list[str] = []
    segments = path.split("/")[1:] or [""]
    for index, segment in enumerate(segments):
        if segment in (".", ".."):
            del found[len(found) - (segment == "..") :]
            if index == len(segments) - 1:
                found.append("")
        else:
            found.append(segment)
    return "/" + "/".join(found)


def _escaped(text: str) -> str:
    """Escape what is not allowed in a URI, and unescape what need not be escaped."""
    if _STRAY.search(text) and (_ESCAPES.search(text) or not text.isascii()):
        raise LexicalError("refused", _NOT_MODELLED)
    parts, at = [], 0
    for match in _ESCAPES.finditer(text):
        parts += [_quoted(text[at : match.start()]), _normal(match[0])]
        at = match.end()
    return "".join([*parts, _quoted(text[at:])])


def _quoted(text: str) -> str:
    return quote(text, safe=_KEPT)


def _normal(escapes: str) -> str:
    """Give escaped bytes as .NET writes them: unreserved characters as such, those beyond ASCII in capitals."""
    found = []
    for code in re.findall("%(..)", escapes):
        character = chr(int(code, 16))
        if character.isascii() and (character.isalnum() or character in "-._~"):
            found.append(character)
        elif character.isascii() and character not in _KEPT_ESCAPED and code not in _MADE:
            raise LexicalError("refused", _NOT_MODELLED)
        else:
            found.append(f"%{code.upper() if ord(character) > 127 else code}")
    try:
        bytes(int(code, 16) for code in re.findall("%(..)", escapes)).decode()
    except UnicodeDecodeError:
        raise LexicalError("refused", _NOT_MODELLED) from None
    return "".join(found)
