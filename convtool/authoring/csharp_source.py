"""C# source → its tokens with their lines, where it is whole: every bracket, text, comment and ``#if`` has its end.

``csharp_tokens`` knows words, numbers and marks. Here is what goes beyond a line or has source within it: raw texts,
interpolated ones, comments, the preprocessor. Source: ECMA-334, Lexical structure, and Microsoft's specifications of
raw string literals and of interpolated ones.

Which branch of an ``#if`` is compiled the source does not tell. Every branch is read, where that gives source that is
whole; else those that are compiled with no symbol, with all of them, or with one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from convtool.authoring.csharp_tokens import tokens_of

__all__ = ["PAIRS", "Broken", "Source", "source_of", "spelled", "views_of"]

PAIRS = {"(": ")", "{": "}", "[": "]"}

_PIECE = re.compile(
    r"""(?P<comment>//[^\n]*|/\*.*?\*/)
      |(?P<open>/\*)
      |(?P<directive>^[ \t]*\#[^\n]*)
      |(?P<raw>\$*"{3,})
      |(?P<holed>(?:\$@|@\$|\$)")
      |(?P<text>@"(?:[^"]|"")*"|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.){1,12}')
      |(?P<loose>@?")
      |(?P<line>\n)
      |(?P<code>[^\n"'$@/\#]+|.)""",
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)
_CONDITIONAL = re.compile(r"^[ \t]*#[ \t]*(if|elif|else|endif)\b([^\n]*)", re.MULTILINE)
_DIRECTIVE = re.compile(r"[ \t]*#[ \t]*(if|elif|else|endif|define|undef)\b([^\n]*)")
_SYMBOL = re.compile(r"[^\W\d]\w*")
_IN_TEXT = re.compile(r'["{}\\\n]')  # of an interpolated text
_IN_RAW = re.compile(r'"+|\{+')
_IN_HOLE = re.compile(r"""[(){}\[\]:"'@$/]""")
_MOST_SYMBOLS = 8  # which are tried one by one
_MOST_CONDITION = 500  # characters of the condition of an #if
_MOST_FORMAT = 1000  # characters of a format in a hole, ``{Day:yyyy-MM-dd}``
_MOST_SPELLED = 60  # characters of source that a message shows


class Broken(Exception):
    """Source that is cut off or does not compile: the line, and what is missing."""

    def __init__(self, line: int, what: str) -> None:
        super().__init__(what)
        self.line = line


@dataclass
class Source:
    """The tokens of source, and the line of each."""

    tokens: list[str] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)

    def add(self, code: str, line: int) -> None:
        """Add the tokens of code on one line, which has neither texts nor comments."""
        for token in tokens_of(code):
            self.literal(token, line)

    def literal(self, token: str, line: int) -> None:
        """Add a token."""
        self.tokens.append(token)
        self.lines.append(line)


def spelled(tokens: list[str]) -> str:
    """Give tokens as one may have written them, for a message; of many the first."""
    text, before = "", ""
    for token in tokens[:_MOST_SPELLED]:
        text += f" {token}" if _is_word(before[-1:]) and _is_word(token[:1]) else token
        before = token
    return text if len(text) <= _MOST_SPELLED else f"{text[:_MOST_SPELLED]}…"


def _is_word(character: str) -> bool:
    return character.isalnum() or character in ("_", "@", '"', "'") if character else False


def views_of(text: str) -> list[frozenset[str] | None]:
    """Give the ways to read source: None for every branch of each ``#if``, or symbols that are taken for defined."""
    symbols: dict[str, None] = {}
    found = list(_CONDITIONAL.finditer(text))
    for one in found:
        if one[1] in ("if", "elif"):
            symbols.update(dict.fromkeys(_SYMBOL.findall(one[2][:_MOST_CONDITION].partition("//")[0])))
    if not found:
        return [None]
    ones = [frozenset({one}) for one in list(symbols)[:_MOST_SYMBOLS]]
    return [None, *dict.fromkeys([frozenset(), frozenset(symbols), *ones])]


def source_of(text: str, defined: frozenset[str] | None = None) -> Source:
    """Give the tokens of source as one of its ``views_of`` has it; Broken where something in it does not end."""
    source = Source()
    branches = _Branches(defined)
    at, line = 0, 1
    code, code_line = "", 1
    while at < len(text):
        if branches.skips:
            found = _CONDITIONAL.search(text, at)
            end = found.end() if found else len(text)
            line += text.count("\n", at, end)
            if found:
                branches.take(found[1], found[2], line)
            at = end
            continue
        piece = _PIECE.match(text, at)
        assert piece is not None  # the last alternative takes anything
        if piece.lastgroup == "code" and piece[0] != "'":
            code += piece[0]
            at = piece.end()
            continue
        source.add(code, code_line)
        code = ""
        end = _taken(text, piece, line, source, branches)
        line += text.count("\n", at, end)
        at, code_line = end, line
    source.add(code, code_line)
    branches.ended()
    _check_brackets(source)
    return source


def _taken(text: str, piece: re.Match[str], line: int, source: Source, branches: _Branches) -> int:
    """Take a piece that is no plain code; give the place behind it."""
    kind, end = piece.lastgroup, piece.end()
    if kind == "open":
        raise Broken(line, "a comment does not end: a */ is missing")
    if kind == "directive":
        found = _DIRECTIVE.match(piece[0])
        if found:
            branches.take(found[1], found[2], line)
    elif kind == "code":  # a quotation mark that is none of a character's: there is one in what an #if leaves out
        source.literal(piece[0], line)
    elif kind not in ("comment", "line"):
        end = _end_of_text(text, piece)
        if end < 0:
            raise Broken(line, f"a text does not end: a {spelled([piece[0].lstrip('@$')])} is missing")
        source.literal(_plain(piece, text[piece.end() : end]) if kind == "raw" else text[piece.start() : end], line)
    return end


# --- the preprocessor -------------------------------------------------------------------------------------------------


@dataclass
class _Branch:
    """An ``#if`` that is open: its line, whether what is around it is read, whether this branch is, and one was."""

    line: int
    around: bool
    kept: bool
    had: bool


class _Branches:
    """Follows ``#if``, ``#elif``, ``#else`` and ``#endif``; ``skips`` says that what comes is not read."""

    def __init__(self, defined: frozenset[str] | None) -> None:
        self.every = defined is None
        self.defined = set(defined or ())
        self.open: list[_Branch] = []

    @property
    def skips(self) -> bool:
        return bool(self.open) and not self.open[-1].kept

    def take(self, word: str, rest: str, line: int) -> None:
        """Take a directive; an ``#else`` or ``#endif`` without ``#if`` counts for nothing."""
        if word == "if":
            around, holds = not self.skips, self._holds(rest)
            self.open.append(_Branch(line, around, around and holds, holds))
        elif word in ("define", "undef"):
            change = self.defined.add if word == "define" else self.defined.discard
            change(rest.partition("//")[0].strip())
        elif not self.open:
            return
        elif word == "endif":
            self.open.pop()
        elif not self.every:
            branch = self.open[-1]
            branch.kept = branch.around and not branch.had and (word == "else" or self._holds(rest))
            branch.had |= branch.kept

    def ended(self) -> None:
        """Take the end of the file."""
        if self.open:
            raise Broken(self.open[-1].line, "the #if does not end: an #endif is missing")

    def _holds(self, condition: str) -> bool:
        return self.every or _holds(condition.partition("//")[0], self.defined)


def _holds(condition: str, defined: set[str]) -> bool:
    """Tell whether the condition of an ``#if`` holds; one too long to be looked at does not."""
    if len(condition) > _MOST_CONDITION:
        return False
    text, more = condition, 1
    while more:  # the innermost parentheses first
        text, more = re.subn(r"\(([^()]*)\)", lambda inner: f" {str(_holds_flat(inner[1], defined)).lower()} ", text)
    return _holds_flat(text, defined)


def _holds_flat(condition: str, defined: set[str]) -> bool:
    """Tell whether a condition without parentheses holds: ``!`` before ``==`` before ``&&`` before ``||``."""
    return any(all(_equal(one, defined) for one in part.split("&&")) for part in condition.split("||"))


def _equal(condition: str, defined: set[str]) -> bool:
    first, *more = re.split(r"([=!]=)", condition)
    result = _is_defined(first, defined)
    for sign, one in zip(more[::2], more[1::2], strict=True):
        result = (result == _is_defined(one, defined)) == (sign == "==")
    return result


def _is_defined(word: str, defined: set[str]) -> bool:
    name = word.replace("!", "").strip()
    return (name == "true" or (name != "false" and name in defined)) != (word.count("!") % 2 == 1)


# --- texts ------------------------------------------------------------------------------------------------------------


def _end_of_text(text: str, piece: re.Match[str]) -> int:
    """Give the place behind a text that begins with a piece; -1 where it does not end."""
    kind, opened = piece.lastgroup, piece[0]
    if kind == "raw":
        braces = len(opened) - len(opened.lstrip("$"))
        return _end_of_raw(text, piece.end(), len(opened) - braces, braces)
    if kind == "holed":
        return _end_of_holed(text, piece.end(), verbatim="@" in opened)
    return -1 if kind == "loose" else piece.end()


def _end_of_raw(text: str, at: int, quotes: int, braces: int) -> int:
    """Give the place behind a raw text, in which ``braces`` open a hole, if any do."""
    while (mark := _IN_RAW.search(text, at)) is not None:
        at, count = mark.end(), len(mark[0])
        if mark[0][0] == '"' and count >= quotes:
            return at
        if mark[0][0] == "{" and 0 < braces <= count:
            at = _end_of_hole(text, at, braces)
            if at < 0:
                break
    return -1


def _end_of_holed(text: str, at: int, *, verbatim: bool) -> int:
    """Give the place behind an interpolated text."""
    while at >= 0 and (mark := _IN_TEXT.search(text, at)) is not None:
        at, twice = mark.end(), text.startswith(mark[0], mark.end())
        if mark[0] == '"' and not (verbatim and twice):
            return at
        if mark[0] == "\n" and not verbatim:
            return -1
        if mark[0] == "{" and not twice:
            at = _end_of_hole(text, at, 1)
        elif (mark[0] in '"{' and twice) or (mark[0] == "\\" and not verbatim):
            at += 1
    return -1


def _end_of_hole(text: str, at: int, braces: int) -> int:
    """Give the place behind the source in a hole, ``{Lines.Count(one => one.Ok):N0}``, and the braces that end it."""
    depth = 0
    while (mark := _IN_HOLE.search(text, at)) is not None:
        at, sign = mark.end(), mark[0]
        if not depth and sign == "}":
            return mark.start() + braces
        if not depth and sign == ":" and not text.startswith(":", at):
            end = text.find("}", at, at + _MOST_FORMAT)
            return end + braces if end >= 0 else -1
        if sign in "\"'@$/":
            piece = _PIECE.match(text, mark.start())
            assert piece is not None
            if piece.lastgroup != "code":
                at = -1 if piece.lastgroup == "open" else _end_of_text(text, piece)
            if at < 0:
                break
        else:
            at += sign == ":"
            depth += (sign in PAIRS) - (sign in PAIRS.values())
    return -1


def _plain(piece: re.Match[str], rest: str) -> str:
    """Give a raw text as a plain one, which ``csharp_tokens`` knows; one with holes of several braces as it is."""
    dollars, quotes = piece[0].count("$"), piece[0].count('"')
    if dollars > 1:
        return piece[0] + rest
    lines = rest[:-quotes].split("\n")
    if len(lines) > 1 and not lines[0].strip() and not lines[-1].strip():
        indent = len(lines[-1])
        lines = [line[indent:] for line in lines[1:-1]]
    content = "\\n".join(line.replace("\\", "\\\\").replace('"', '\\"') for line in lines)
    return f'{"$" * dollars}"{content}"'


# --- brackets ---------------------------------------------------------------------------------------------------------


def _check_brackets(source: Source) -> None:
    """Raise Broken for the first bracket that closes nothing or something else, or else the last that stays open."""
    waiting: list[tuple[str, int]] = []
    for token, line in zip(source.tokens, source.lines, strict=True):
        if token in PAIRS:
            waiting.append((token, line))
        elif token in PAIRS.values():
            opened, of = waiting.pop() if waiting else ("", 0)
            if not opened:
                raise Broken(line, f"the {token} closes nothing")
            if PAIRS[opened] != token:
                raise Broken(
                    line, f"a {PAIRS[opened]} is missing before the {token}: the {opened} of line {of} is open"
                )
    if waiting:
        opened, line = waiting[-1]
        raise Broken(line, f"the {opened} is not closed by the end of the file: a {PAIRS[opened]} is missing")
