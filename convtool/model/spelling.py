"""How names are spelled: in XML, and as Json.NET has them, which escapes nothing and may be told to use camel case.

Sources: XML Names 1.0, section 3. Newtonsoft.Json, StringUtils.ToCamelCase; recordings: ``contracts/dialects``.
System.Xml, XmlConvert.DecodeName.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from convtool._lazy import pattern

if TYPE_CHECKING:
    import re

__all__ = ["NCNAME", "camel", "decoded", "pascal"]

_START = (
    "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef"
    "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
NCNAME = f"[{_START}][{_START}.0-9\\-\u00b7\u0300-\u036f\u203f\u2040]*"  # a name of XML without a prefix, as a pattern
_ESCAPED = pattern("_x([0-9A-Fa-f]{4}|[0-9A-Fa-f]{8})_")


def decoded(name: str) -> str:
    """Give a name without XML's escapes: ``_x003C_Id_x003E_k__BackingField`` is ``<Id>k__BackingField``."""
    return _ESCAPED.sub(_character, name)


def _character(escape: re.Match[str]) -> str:
    code = int(escape[1], 16)
    return chr(code) if code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else escape[0]


def camel(name: str) -> str:
    """Give a name in camel case: ``URLDuSite`` is ``urlDuSite``, ``Id`` is ``id``."""
    letters = list(name)
    for at, letter in enumerate(letters):
        after = letters[at + 1] if at + 1 < len(letters) else ""
        if not letters[0].isupper() or (at == 1 and not letter.isupper()):
            break
        ends = at > 0 and after != "" and not after.isupper()
        if not ends or after.isspace():
            letters[at] = letter.lower() if len(letter.lower()) == 1 else letter
        if ends:
            break
    return "".join(letters)


def pascal(name: str) -> str:
    """Give the name that is probably meant by one in camel case: ``urlDuSite`` is ``UrlDuSite``, ``Id`` is ``Id``."""
    found = name[:1].upper() + name[1:]
    return found if camel(found) == name else name
