"""Text from outside, as it is shown: names of files and members, URLs, headers, payloads, descriptions of contracts.

Whoever writes such a text must not be able to say something in convtool's name: what moves a terminal's cursor, turns
the order of reading around, is not seen, or begins a line of its own is shown as an escape, as Python writes it. What
a runner of pipelines would take for a command (``::name::`` at the beginning of a line; ``##[name]`` and
``##vso[name]`` anywhere) is broken by an escape as well. Sources: Unicode's general categories C and Z, UAX 44's
Default_Ignorable_Code_Point; actions/runner, ActionCommand.cs; Azure Pipelines, *Logging commands*.
"""

from __future__ import annotations

from convtool._lazy import pattern

__all__ = ["LONGEST", "block", "counted", "json_text", "line", "parts", "runs", "terminal_text"]

LONGEST = 4_000  # characters of one text: a path of Linux has 4,096 bytes; what is longer is cut in its middle

# What str.isprintable() takes for printable, since it is a letter or a mark, and nobody sees.
_UNSEEN = pattern("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")
_COMMAND = pattern(r"##(?=[A-Za-z0-9_.-]*\[)")
_STYLE = pattern(r"(\x1b\[[0-9;]*m)")


def line(text: str, longest: int = LONGEST) -> str:
    """Give a text as a part of one line, with nothing in it that is not seen; a very long one without its middle."""
    if len(text) > longest:
        half = longest // 2
        left_out = len(text) - 2 * half
        return f"{line(text[:half])}…({left_out:,} characters)…{_escaped(text[-half:])}"
    start = text.find("::")
    if start >= 0 and not text[:start].strip():
        return f"{_escaped(text[:start])}\\x3a{_escaped(text[start + 1 :])}"
    return _escaped(text)


def counted(number: int, what: str) -> str:
    """Give how many there are of something: ``1 file``, ``2 files``."""
    return f"{number} {what}{'' if number == 1 else 's'}"


def parts(*texts: str) -> list[str]:
    """Give texts that stand side by side, at the beginning of a line, each as ``line`` gives it."""
    given = [line(text) for text in texts]
    whole = "".join(given)
    if line(whole, len(whole)) != whole:  # together they are a command
        given = [text.replace(":", "\\x3a").replace("#", "\\x23") for text in given]
    return given


def block(text: str) -> str:
    """Give a text of several lines, of which all but the first are indented: none can be taken for a line of ours."""
    first, *others = text.split("\n")
    return "\n".join([line(first), *(f"{'' if other[:1] == ' ' else '  '}{line(other)}" for other in others)])


def runs(text: str) -> list[tuple[str, bool]]:
    """Give the parts of a text as a page shows them: what is seen (tabs as well) as it is; the rest (True) escaped."""
    if _all_seen(text):
        return [(text, False)] if text else []
    from itertools import groupby  # most texts have nothing that is not seen

    found = groupby(text, lambda one: one == "\t" or _is_seen(one))
    pieces = [("".join(characters), seen) for seen, characters in found]
    return [(part, False) if seen else ("".join(ascii(one)[1:-1] for one in part), True) for part, seen in pieces]


def json_text(text: str) -> str:
    """Give a JSON document whose texts have what ``line`` escapes as escapes of JSON: it means the same."""
    if "##" in text:  # which only texts have
        text = _COMMAND.sub(r"#\\u0023", text)
    if text.isascii() and "\x7f" not in text:
        return text
    return "\n".join(
        one if _all_seen(one) else "".join(c if _is_seen(c) else _json_escape(c) for c in one)
        for one in text.split("\n")
    )


def terminal_text(text: str, *, styled: bool) -> str:
    """Give what is about to be written to a terminal or a log: lines, and (``styled``) colours, but nothing else.

    Parts of it that came from outside have been through ``line`` or ``block``; this is for those that were forgotten.
    """
    if text.replace("\n", "").isprintable():
        return text
    if not styled:
        return "\n".join(map(_escaped, _STYLE.sub("", text).split("\n")))
    parts = _STYLE.split(text)
    parts[::2] = ["\n".join(map(_escaped, part.split("\n"))) for part in parts[::2]]
    return "".join(parts)


def _escaped(text: str) -> str:
    if not _all_seen(text):
        text = "".join(c if _is_seen(c) else ascii(c)[1:-1] for c in text)
    return _COMMAND.sub(r"#\\x23", text) if "##" in text else text


def _all_seen(text: str) -> bool:
    return text.isprintable() and (text.isascii() or not _UNSEEN.search(text))


def _is_seen(character: str) -> bool:
    return character.isprintable() and not _UNSEEN.match(character)


def _json_escape(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))
