"""Payloads that say the same in other words, or nearly: everything that XML and JSON allow beside the wire form."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from tests.support import XSI

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["respelled"]

_SPACES = (" ", "\n", "\t", "\r\n", "\r", "  \n  ")


@st.composite
def respelled(draw: st.DrawFn, data: bytes, form: str) -> bytes:
    """Give a document with some changes of its spelling, in some encoding."""
    text = data.decode()
    changes = _XML if form == "xml" else _JSON
    for _ in range(draw(st.integers(0, 4))):
        text = draw(st.sampled_from(changes))(draw, text)
    if form == "xml":
        return draw(_encoded(text))
    start = draw(st.sampled_from(["", "", "\ufeff"]))
    return (start + text).encode() if draw(st.integers(0, 5)) else ("\ufeff" + text).encode("utf-16-le")


@st.composite
def _encoded(draw: st.DrawFn, text: str) -> bytes:
    how = draw(st.sampled_from(["plain", "plain", "plain", "bom", "utf-8", "utf-16-le", "utf-16-be"]))
    mark = "\ufeff" if how not in ("plain", "utf-8") else ""
    if text.startswith("<?xml") or not draw(st.booleans()):
        declaration = ""
    else:
        named = "utf-16" if how.startswith("utf-16") else "UTF-8"
        quote, alone = draw(st.sampled_from("\"'")), draw(st.sampled_from(["", ' standalone="yes"', " "]))
        encoding = draw(st.sampled_from(["", f" encoding={quote}{named}{quote}"]))
        declaration = f"<?xml version={quote}1.0{quote}{encoding}{alone}?>{draw(st.sampled_from(['', *_SPACES]))}"
    return (mark + declaration + text).encode(how if how.startswith("utf-16") else "utf-8")


def _somewhere(draw: st.DrawFn, text: str, pattern: str, new: Callable[[re.Match[str]], str]) -> str:
    """Replace one match of a pattern, if there is one."""
    found = list(re.finditer(pattern, text))
    if not found:
        return text
    match = draw(st.sampled_from(found))
    return text[: match.start()] + new(match) + text[match.end() :]


# --- XML ------------------------------------------------------------------------------------------------------------

_TEXT = r"(?<=>)[^<>]+(?=<)"  # a text between two tags, which may be white space
_EXTRAS = (
    ' foo="1"',
    ' xml:space="preserve"',
    ' xml:lang="fr"',
    ' xmlns:unused="urn:z"',
    ' i:nil="false"',
    ' i:nil="0"',
    ' i:type="x"',
    f' xmlns:xsi="{XSI}" xsi:schemaLocation="a b"',
    f' xmlns:j="{XSI}"',
    f" xmlns:j='{XSI}' j:nil='0'",
    ' xmlns:i="urn:z"',
    ' i:type="i:x"',
    ' i:noNamespaceSchemaLocation="a"',
)
_NOTES = ("<!-- c -->", "<!---->", "<?pi?>", "<?pi with data?>")
_PIECES = (
    "<![CDATA[]]>",
    "<![CDATA[x<y]]>",
    "<![CDATA[ ]]>",
    "&#32;",
    "&#x0;",
    "&#001;",
    "&#xFFFE;",
    "&#13;",
    "&#10;",
    "&#9;",
    "\r",
    "\r\n",
    "&quot;",
    "&apos;",
    "&gt;",
    "]]&gt;",
    " ",
    "\u2028",
    "\u0085",
)


def _between(draw: st.DrawFn, text: str) -> str:
    put = draw(st.sampled_from([*_SPACES, *_SPACES, *_NOTES]))
    return _somewhere(draw, text, r"(?=<)|$", lambda _: put)


def _in_text(draw: st.DrawFn, text: str) -> str:
    """Put something into a text: at its beginning, its end, or between two of its characters."""

    def changed(match: re.Match[str]) -> str:
        pieces = re.findall(r"&#?\w+;|[^&]", match[0]) or [""]
        at = draw(st.integers(0, len(pieces)))
        return "".join([*pieces[:at], draw(st.sampled_from([*_PIECES, *_NOTES])), *pieces[at:]])

    return _somewhere(draw, text, _TEXT, changed)


def _referred(draw: st.DrawFn, text: str) -> str:
    """Write one character of a text as a reference."""
    form = draw(st.sampled_from(["&#{};", "&#000{};", "&#x{:x};", "&#x{:X};", "&#x00{:X};"]))

    def changed(match: re.Match[str]) -> str:
        pieces = re.findall(r"&#?\w+;|[^&]", match[0])
        at = draw(st.integers(0, len(pieces) - 1))
        if len(pieces[at]) == 1:
            pieces[at] = form.format(ord(pieces[at]))
        return "".join(pieces)

    return _somewhere(draw, text, _TEXT, changed)


def _as_cdata(draw: st.DrawFn, text: str) -> str:
    return _somewhere(draw, text, _TEXT, lambda m: m[0] if "&" in m[0] or "]]" in m[0] else f"<![CDATA[{m[0]}]]>")


def _numbers(draw: st.DrawFn, text: str) -> str:
    """Write a number, a date or another value in another lexical form."""
    spell = draw(
        st.sampled_from(
            [
                lambda n: f"+{n}",
                lambda n: f"00{n}",
                lambda n: f" {n} ",
                lambda n: f"\n{n}",
                lambda n: f"-{n}",
                lambda n: f"{n}.0",
                lambda n: f"{n}0",
                lambda n: f"{n}.",
                lambda n: n.replace("T", "T0"),
                lambda n: n.replace("Z", "z"),
                lambda n: n[:10],
                lambda n: n + "Z",
                lambda n: n + ".10",
                lambda n: n + ".12345678",
                lambda n: n + "+01:00",
                str.upper,
                str.lower,
                lambda n: f"{n}E0",
                lambda n: n.replace("true", "1").replace("false", "0"),
                lambda n: n.replace(".", ".0"),
                lambda n: f"-0{n}",
            ]
        )
    )
    return _somewhere(draw, text, r"(?<=>)[-0-9A-Za-z.:+]+(?=<)", lambda m: spell(m[0]))


def _attribute(draw: st.DrawFn, text: str) -> str:
    extra = draw(st.sampled_from(_EXTRAS))
    return _somewhere(draw, text, r"(?<=<)[^\s<>/!?]+", lambda m: m[0] + extra)


def _nil(draw: st.DrawFn, text: str) -> str:
    written = draw(
        st.sampled_from(['i:nil="1"', 'i:nil=" true "', "i:nil='true'", 'i:nil="&#116;rue"', 'i:nil = "true"'])
    )
    text = _somewhere(draw, text, r'i:nil="true"', lambda _: written)
    return _somewhere(draw, text, r" />", lambda _: draw(st.sampled_from(["/>", "\n/>", " /><!-- n -->"])))


def _tags(draw: st.DrawFn, text: str) -> str:
    """Spell tags otherwise: white space in them, other quotes, empty elements in the two ways."""
    change = draw(
        st.sampled_from(
            [
                (r"(?<=<)[^\s<>/!?]+", lambda m: m[0] + "\n "),
                (r"</[^<>]+(?=>)", lambda m: m[0] + " "),
                (r'="[^"\'<>]*"', lambda m: "='" + m[0][2:-1] + "'"),
                (r"<([^\s<>/!?]+)></\1>", lambda m: f"<{m[1]}/>"),
                (r"<([^\s<>/!?]+) />", lambda m: f"<{m[1]}></{m[1]}>"),
                (r"<([^\s<>/!?]+) />", lambda m: f"<{m[1]}> \n</{m[1]}>"),
            ]
        )
    )
    return _somewhere(draw, text, *change)


def _prefixed(draw: st.DrawFn, text: str) -> str:
    """Give the default namespace a prefix, where the document has but one."""
    del draw
    if len(re.findall(r"xmlns=|i:type|<!|<\?", text)) != 1 or "xmlns:p=" in text:
        return text
    return re.sub(r"(</?)(?=[^\s:<>/!?]+[\s/>])", r"\1p:", text).replace("xmlns=", "xmlns:p=")


def _unknown(draw: st.DrawFn, text: str) -> str:
    """Put in an element that no contract has."""
    put = draw(
        st.sampled_from(["<Unheard>1</Unheard>", '<Unheard xmlns="" />', '<u:Unheard xmlns:u="urn:u"><a/></u:Unheard>'])
    )
    return _somewhere(draw, text, r"(?=<[^\s<>/!?]+)", lambda _: put)


_ELEMENT = r"(?P<{0}><(?P<{1}>[^\s<>/!?]+)[^<>]*(?:/>|>[^<>]*</(?P={1})>))"


def _moved(draw: st.DrawFn, text: str) -> str:
    """Exchange two elements that follow each other, or give one twice."""
    twice = draw(st.booleans())
    if twice:
        return _somewhere(draw, text, _ELEMENT.format("one", "a"), lambda m: m[0] * 2)
    pair = _ELEMENT.format("one", "a") + _ELEMENT.format("other", "b")
    return _somewhere(draw, text, pair, lambda m: m["other"] + m["one"])


_XML = [
    _between,
    _between,
    _in_text,
    _in_text,
    _referred,
    _as_cdata,
    _numbers,
    _numbers,
    _attribute,
    _nil,
    _tags,
    _tags,
    _prefixed,
    _moved,
    _unknown,
]


# --- JSON -----------------------------------------------------------------------------------------------------------

_TOKEN = r'"(?:[^"\\]|\\.)*"|[-0-9][-+0-9.eE]*|true|false|null|[\[\]{},:]'
_STRING = r'"(?:[^"\\]|\\.)*"'


def _json_space(draw: st.DrawFn, text: str) -> str:
    put = draw(st.sampled_from([" ", "\n", "\t", "\r\n", "/* c */", "// c\n", "/**/"]))
    found = [match.end() for match in re.finditer(_TOKEN, text)] + [0]
    at = draw(st.sampled_from(found))
    return text[:at] + put + text[at:]


def _json_escape(draw: st.DrawFn, text: str) -> str:
    """Write one character of a string or a name as an escape."""
    form = draw(st.sampled_from(["\\u{:04x}", "\\u{:04X}"]))

    def changed(match: re.Match[str]) -> str:
        pieces = re.findall(r"\\u.{4}|\\.|.", match[0][1:-1], re.DOTALL)
        if not pieces:
            return match[0]
        at = draw(st.integers(0, len(pieces) - 1))
        if pieces[at] == "/":
            pieces[at] = "\\/"
        elif len(pieces[at]) == 1:
            units = pieces[at].encode("utf-16-be", "surrogatepass")
            pieces[at] = "".join(form.format(int.from_bytes(units[i : i + 2], "big")) for i in range(0, len(units), 2))
        return '"' + "".join(pieces) + '"'

    return _somewhere(draw, text, _STRING, changed)


def _json_number(draw: st.DrawFn, text: str) -> str:
    spell = draw(
        st.sampled_from(
            [
                lambda n: f"{n}.0",
                lambda n: f"{n}e0",
                lambda n: f"{n}E+1",
                lambda n: f"-{n}",
                lambda n: f"{n}0",
                lambda n: f'"{n}"',
                lambda n: f'" {n} "',
                lambda n: f'"+{n}"',
                lambda n: "-0",
                lambda n: "-0.0",
                lambda n: "0x10",
                lambda n: f"0{n}",
                lambda n: f"{n}00",
                lambda n: "1e400",
                lambda n: f'"{n}.0"',
                lambda n: "1.10e1",
                lambda n: "0.1e1",
                lambda n: "12345678901234567890",
                lambda n: "0.30000000000000004",
            ]
        )
    )
    return _somewhere(draw, text, r"(?<=[:\[,])-?[0-9][-+0-9.eE]*(?=[,\]}])", lambda m: spell(m[0]))


def _json_kind(draw: st.DrawFn, text: str) -> str:
    """Put a value of another kind in a value's place."""
    new = draw(
        st.sampled_from(
            [
                '""',
                "true",
                "false",
                "null",
                "1",
                "1.50",
                '"1"',
                "[]",
                "{}",
                '"True"',
                "'x'",
                '"2026-03-22"',
                "1e2",
                '"/Date(1774136012049+0100)/"',
                '"2026-03-22T00:33:32.10"',
                '"2026-03-22T00:33:32+01:00"',
                "-0",
            ]
        )
    )
    return _somewhere(
        draw, text, rf"(?<=[:\[,])(?:{_STRING}|[-0-9][-+0-9.eE]*|true|false|null)(?=[,\]}}])", lambda _: new
    )


def _json_relaxed(draw: st.DrawFn, text: str) -> str:
    how = draw(st.sampled_from(["single", "bare", "comma", "trailing", "tab"]))
    if how == "single":
        return _somewhere(draw, text, r'"([^"\'\\]*)"', lambda m: f"'{m[1]}'")
    if how == "bare":
        return _somewhere(draw, text, r'"(\w+)"(?=:)', lambda m: m[1])
    if how == "comma":
        return _somewhere(draw, text, r"[\]}]", lambda m: f",{m[0]}")
    if how == "tab":
        return _somewhere(draw, text, r'(?<=:")', lambda _: "\t")
    return text + draw(st.sampled_from([" junk", "{}", "// c", " /* c */"]))


def _json_unknown(draw: st.DrawFn, text: str) -> str:
    put = draw(st.sampled_from(['"Unheard":1', '"Unheard":{"a":[]}', '"":null']))
    return _somewhere(draw, text, r"\{(?=\")", lambda _: "{" + put + ",")


def _json_names(draw: st.DrawFn, text: str) -> str:
    change = draw(st.sampled_from([str.lower, str.upper, lambda name: f"{name}2"]))
    return _somewhere(draw, text, r'"(\w+)"(?=:)', lambda m: f'"{change(m[1])}"')


def _json_order(draw: st.DrawFn, text: str) -> str:
    """Shuffle the members of all objects, or give one twice; where the text is no longer JSON, it stays as it is."""
    try:
        value = json.loads(text, object_pairs_hook=_Pairs, parse_int=_Token, parse_float=_Token)
    except ValueError:
        return text
    twice = draw(st.booleans())

    def written(one: Any) -> str:
        if isinstance(one, _Pairs):
            pairs = draw(st.permutations(one)) if one else []
            if twice and pairs and draw(st.booleans()):
                pairs = [*pairs, draw(st.sampled_from(pairs))]
            return (
                "{" + ",".join(f"{json.dumps(name, ensure_ascii=False)}:{written(item)}" for name, item in pairs) + "}"
            )
        if isinstance(one, list):
            return "[" + ",".join(map(written, one)) + "]"
        return str(one) if isinstance(one, _Token) else json.dumps(one, ensure_ascii=False)

    return written(value)


class _Pairs(list):  # type: ignore[type-arg]
    """The members of an object, in order."""


class _Token(str):
    """A number as it is written."""

    __slots__ = ()


_JSON = [
    _json_space,
    _json_escape,
    _json_escape,
    _json_number,
    _json_number,
    _json_kind,
    _json_relaxed,
    _json_names,
    _json_order,
    _json_unknown,
]
