"""How .NET names data contracts: namespaces of CLR namespaces, XML's spelling of names, generic types and their hashes.

Source: the reference sources of DataContractSerializer (DataContract.GetStableName, GetDefaultStableLocalName,
GetNamespacesDigest, ExpandGenericParameters; XmlConvert.EncodeLocalName), held against .NET's exporter.
"""

from __future__ import annotations

import base64
import hashlib
import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from convtool.model.contract import SERIALIZATION, XSD

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["ARRAYS", "CLR", "clr_namespace", "collection_namespace", "encoded", "expanded", "generic_name"]

CLR = "http://schemas.datacontract.org/2004/07/"  # what a CLR namespace stands behind
ARRAYS = f"{SERIALIZATION}Arrays"  # of lists of simple types, and of dictionaries
_BUILT_IN = (XSD, SERIALIZATION)
_URI = "!#$%&'()*+,/:;=?@[]~"  # what an absolute URI has as it is, beside letters, digits and -._
_NAME_START = r"A-Z_a-z\xc0-\xd6\xd8-\xf6\xf8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd"  # fmt: skip  # noqa: E501
_NO_START = re.compile(rf"_(?=x[0-9A-Fa-f]{{4}}_)|[^{_NAME_START}]")
_NO_PART = re.compile(rf"_(?=x[0-9A-Fa-f]{{4}}_)|[^{_NAME_START}\-.0-9\xb7\u0300-\u036f\u203f\u2040]")


def clr_namespace(name: str) -> str:
    """Give the namespace of the contracts of a CLR namespace."""
    return CLR + quote(name, safe=_URI)


def collection_namespace(item: str) -> str:
    """Give the namespace of lists without one of their own, by that of their items."""
    return ARRAYS if item in _BUILT_IN else item


def encoded(name: str) -> str:
    """Give a name as an element has it: ``a b`` is ``a_x0020_b``."""
    first = _NO_START.match(name)
    return (_escape(first) if first else name[:1]) + _NO_PART.sub(_escape, name[1:])


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"_x{code:04X}_" if code < 0x10000 else f"_x{code:08X}_"


def generic_name(name: str, counts: Sequence[int], arguments: Sequence[tuple[str, str]]) -> str:
    """Give the name of a generic type: ``PaireOfstringint``, with a hash where an argument's namespace is not built in.

    ``counts``: how many arguments the type and each around it have, outermost first; ``arguments``: namespace and name.
    """
    whole = f"{name}Of{''.join(argument for _, argument in arguments)}"
    if len(counts) > 1 or not all(namespace in _BUILT_IN for namespace, _ in arguments):
        return whole + _digest(counts, arguments)
    return whole


def expanded(pattern: str, counts: Sequence[int], arguments: Sequence[tuple[str, str]]) -> str:
    """Give a name that an attribute says of a generic type: ``{0}`` is an argument's name, ``{#}`` the hash."""

    def part(match: re.Match[str]) -> str:
        if match[1] == "#":
            built_in = len(counts) < 2 and all(namespace in _BUILT_IN for namespace, _ in arguments)
            return "" if built_in else _digest(counts, arguments)
        return arguments[int(match[1])][1] if int(match[1]) < len(arguments) else match[0]

    return re.sub(r"\{(\d{1,4}|#)\}", part, pattern)


def _digest(counts: Sequence[int], arguments: Sequence[tuple[str, str]]) -> str:
    """Give the hash of the arguments' namespaces: six bytes of their MD5 in base 64, spelled as a name can have it."""
    text = "".join(f" {part}" for part in [*reversed(counts), *(namespace for namespace, _ in arguments)])
    digest = hashlib.md5(text.encode(), usedforsecurity=False).digest()[:6]
    return base64.b64encode(digest).decode().replace("/", "_S").replace("+", "_P")
