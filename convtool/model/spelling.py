"""How Json.NET spells names where it is told to: in camel case.

Source: Newtonsoft.Json, StringUtils.ToCamelCase; recordings: ``contracts/dialects``.
"""

from __future__ import annotations

__all__ = ["camel", "pascal"]


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
