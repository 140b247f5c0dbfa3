"""C# source → tokens, and what declarations are made of: attributes with their values, constants, names."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from convtool.errors import ContractError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "Attribute",
    "arguments_of",
    "before_name",
    "constant_of",
    "further",
    "joined",
    "names_of",
    "split",
    "tokens_of",
    "unquoted",
]

_TOKEN = re.compile(
    r"""(?P<skip>\s+|//[^\n]*|/\*.*?\*/|^[ \t]*\#[^\n]*)
      |(?P<string>\$?@\$?"(?:[^"]|"")*"|\$?"(?:[^"\\\n]|\\.)*"|'(?:[^'\\]|\\.)+')
      |(?P<word>@?(?:[^\W\d]|[^\x00-\x7f\s\ufeff])(?:\w|[^\x00-\x7f\s\ufeff])*)  # combining marks are no \w
      |(?P<number>\d[\w.]*)
      |(?P<mark>=>|::|.)""",
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)
_GETTERS = (
    (("get", "{", "return"), (";", "}", "}")), (("get", "=>"), (";", "}")), (("=>",), ()),
)  # fmt: skip
_HOLE = re.compile(r"\{(\w+)\}")  # of an interpolated text
_ESCAPES = {"0": "\0", "a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


def tokens_of(text: str) -> list[str]:
    """Give the tokens of source, without white space, comments and what is for the preprocessor."""
    return [match[0] for match in _TOKEN.finditer(text) if match.lastgroup != "skip"]


@dataclass
class Attribute:
    """An attribute: its name, and the tokens of its arguments."""

    name: str
    arguments: list[str]
    constants: dict[str, str] = field(default_factory=dict)  # of the source: its texts by name

    def value(self, name: str) -> str | None:
        """Give the value of a named argument (``Order = 1``, ``Name = "x"``), a constant's too; else its text."""
        tokens = self._tokens(name)
        known = constant_of(tokens, self.constants)
        return known if known is not None else "".join(tokens) or None

    def first(self) -> str | None:
        """Give the first argument where it is a text without a name: ``[JsonProperty("id")]``."""
        parts = split(self.arguments)
        return constant_of(parts[0], self.constants) if parts and parts[0][1:2] != ["="] else None

    def unknown(self, name: str) -> str:
        """Give the text of a named argument that is none of text, number or constant of the source; else nothing."""
        tokens = self._tokens(name)
        return "" if constant_of(tokens, self.constants) is not None else "".join(tokens)

    def _tokens(self, name: str) -> list[str]:
        for part in split(self.arguments):
            if part[:2] == [name, "="]:
                return part[2:]
        return []


def constant_of(tokens: list[str], constants: dict[str, str]) -> str | None:
    """Give the value of texts, numbers and constants with ``+`` between them; None where there is something else."""
    found = []
    for part in "\0".join(tokens).split("\0+\0"):
        words = part.split("\0")
        if words[0] == "nameof" and len(words) > 3:
            found.append(words[-2])
        elif len(words) == 1 and words[0][:1] in ('"', "@"):
            found.append(unquoted(words[0]))
        elif words in (["true"], ["false"]) or re.fullmatch(r"-?\d+", "".join(words)):
            found.append("".join(words))
        elif words[-1] in constants and set(words[1::2]) <= {"."}:
            found.append(constants[words[-1]])
        else:
            return None
    return "".join(found)


def joined(body: Sequence[str]) -> tuple[str, ...]:
    """Give what a getter joins (``get { return A + "/" + B; }``): texts and names in turn; nothing for any other."""
    words = next(
        (body[len(before) : len(body) - len(behind)] for before, behind in _GETTERS
         if tuple(body[: len(before)]) == before and tuple(body[len(body) - len(behind) :]) == behind),
        (),
    )  # fmt: skip
    found = [""]
    for part in "\0".join(words).split("\0+\0"):
        word = part.removeprefix("this\0.\0")
        if word.startswith('$"'):
            text, *more = _HOLE.split(unquoted(word[1:]))
            found = [*found[:-1], found[-1] + text, *more]
        elif word.startswith(('"', '@"')):
            found[-1] += unquoted(word)
        elif word.lstrip("@").isidentifier():
            found += [word.lstrip("@"), ""]
        else:
            return ()
    return tuple(found) if len(found) > 1 and not any(mark in text for text in found[::2] for mark in "{}") else ()


def arguments_of(part: list[str], names: list[str]) -> list[str]:
    """Give an attribute's arguments: what is between the parentheses behind its name."""
    return part[len(names) + 1 : -1] if part[-1:] == [")"] else part[len(names) + 1 :]


def unquoted(text: str) -> str:
    """Give the content of a string literal, plain, verbatim or with escapes; other text as it is.

    Two escapes may make up one character; ContractError where one is none, or half of one.
    """
    if text.startswith('@"'):
        return text[2:-1].replace('""', '"')
    if not text.startswith('"'):
        return text
    pattern = r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|x([0-9A-Fa-f]{1,4})|(.))"
    try:
        plain = re.sub(pattern, _unescaped, text[1:-1])
        return plain.encode("utf-16", "surrogatepass").decode("utf-16")
    except (ValueError, OverflowError):
        raise ContractError(f"the C# text {text} has an escape that is no character") from None


def _unescaped(match: re.Match[str]) -> str:
    digits = match[1] or match[2] or match[3]
    return chr(int(digits, 16)) if digits else _ESCAPES.get(match[4], match[4])


def split(tokens: list[str]) -> list[list[str]]:
    """Split at the commas outside of brackets and generics."""
    parts: list[list[str]] = [[]]
    depth = 0
    for token in tokens:
        depth += (token in "([{<") - (token in ")]}>") if len(token) == 1 else 0
        if token == "," and depth == 0:
            parts.append([])
        else:
            parts[-1].append(token)
    return [part for part in parts if part]


def names_of(head: list[str]) -> list[str]:
    """Give the declared names: the last word of each part."""
    words = ([token for token in part if token[:1].isalpha() or token[:1] in "_@"] for part in split(head))
    return [found[-1] for found in words if found]


def further(rest: list[str]) -> list[str]:
    """Give the names that a field's declaration goes on with: ``a = 1, b``."""
    parts = split(rest)[1:] if rest[:1] == ["="] else []
    return [part[0] for part in parts if len(part) == 1 or part[1] == "="]


def before_name(head: list[str]) -> list[str]:
    """Give what stands before the declared name, which is the last word: ``Ville Ville`` has a type of that name."""
    words = [at for at, token in enumerate(head) if token[:1].isalpha() or token[:1] in "_@"]
    return head[: words[-1]] if words else []
