"""The words that mutations put into payloads: what readers of these formats have stumbled over, here and elsewhere."""

from __future__ import annotations

from tests.support import XSI

__all__ = ["AROUND", "ATTRIBUTES", "BYTES", "INSERTED_JSON", "INSERTED_XML", "PERCENT", "TEXTS", "VALUES"]

BYTES = (
    b"<", b">", b"&", b'"', b"'", b"/", b"\\", b"{", b"}", b"[", b"]", b",", b":", b"0", b"1", b"-", b"+", b".", b"e",
    b" ", b"\n", b"\r", b"\t", b"\x00", b"\x01", b"\x7f", b"\xc3", b"\xff", b"\xc3\xa9", b"\xef\xbf\xbe",
    b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xe2\x80\xa8", b"&#x1;", b"&#0;", b"&#13;", b"&#xFFFE;", b"&#xD800;",
    b"&nbsp;", b"&amp;", b"]]>", b"<![CDATA[", b"<!--", b"-->", b"<?", b"?>", b"<!DOCTYPE", b"null", b"//", b"/*",
    b"*/", b"\\u0000", b"\\ud800", b"\\ud83d\\ude00", b"\\x", b"xmlns", b"i:nil", b"&_x1;",
)  # fmt: skip
TEXTS = (
    "", " ", " 7 ", "+7", "007", "-0", "3.0", "1e2", "2147483648", "-2147483649", "99999999999999999999", "9" * 5000,
    "0" * 5000, "٣", "1_000", "0x10", "true", "TRUE", "1", "0", "NaN", "INF", "1E400", "1e-400", "2026-03-22",
    "2026-03-22Z", "2026-02-30", "2026-03-22T24:00:00", "2026-03-22T00:33:60", "2026-03-22T00:33:32.12345678",
    "2026-03-22T00:33:32+01:00", "2026-03-22T00:33:32+14:01", "2026-03-22T00:33:32z", "10000-01-01T00:00:00",
    "0000-01-01", "/Date(1774136012049+0100)/", "P1Y", "PT0S", "é", "\u0085", "\u2028", "\xa07", "a b", "😀",
)  # fmt: skip
ATTRIBUTES = (
    ' i:nil="true"', ' i:nil="false"', ' i:nil="1"', ' i:nil=" true "', ' i:nil=""', ' foo="1"', ' i:type="x"',
    ' i:type="z:Personne"', f' xmlns:j="{XSI}" j:nil="true"', ' xml:lang="fr"', ' xmlns=""', ' xmlns:z="urn:z"',
    ' z="&#x1;"', ' z:Id="i1"', ' z:Ref="i1"', ' a="1" a="2"',
    ' xmlns:z="http://schemas.microsoft.com/2003/10/Serialization/" z:Id="i1"',
    ' xmlns:z="http://schemas.microsoft.com/2003/10/Serialization/" z:Ref="i1"',
)  # fmt: skip
INSERTED_XML = (
    "<!-- c -->", "<?pi x?>", "texte", " ", "\n  ", "\r\n", "<![CDATA[x]]>", "<![CDATA[ <b> ]]>", "<Autre>1</Autre>",
    '<Autre xmlns="urn:z"/>', "&#x1;", "&#13;", "&amp;", "&lt;b&gt;", "&#x41;", "\u00a0", "<b/>", "]]>",
    "<!DOCTYPE x>", "<a>" * 70, "<a>" * 10 + "</a>" * 10,
)  # fmt: skip
AROUND = (
    ('<?xml version="1.0"?>', ""), ('<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n', ""),
    ('<?xml version="1.1"?>', ""), ('<?xml version="1.0" encoding="latin1"?>', ""), ("\ufeff", ""), (" \n", "\n"),
    ("<!-- a -->", "<!-- b -->"), ("<?pi?>", ""), ("", "x"), ("", "<a/>"), ("<!DOCTYPE x>", ""),
    (" <?xml version='1.0'?>", ""), ("x", ""), ("", "\0"), ("[", "]"), ("", ","), ("// a\n", "/* b */"),
)  # fmt: skip
VALUES = (
    "null", "true", "false", "0", "-0", "1", "1.0", "1e2", "1E400", "-1", "2147483648", "9" * 400, "9" * 5000, "0.1",
    "01", "0x1F", "NaN", "Infinity", '""', '" "', "'x'", '"7"', '"true"', "{}", "[]", "[[]]", "[null]", '{"a":1}',
    '{"$id":"1"}', '{"$ref":"1"}', '{"$type":"x"}', '"\\u0000"', '"\\ud800"', '"\\/"', '"2026-03-22T00:33:32"',
    '"2026-03-22T00:33:32.10+02:00"', "undefined", "[" * 70, "[" * 40 + "]" * 40,
)  # fmt: skip
INSERTED_JSON = (
    " ", "\n", "\t", "/* c */", "// c\n", ",", ":", "{", "}", "[", "]", '"', "\\", "\ufeff", '"a":1,',
    '"__proto__":{},', "null",
)  # fmt: skip
PERCENT = (
    "%", "%00", "%C3%A9", "%C3", "%ZZ", "%u0041", "%26", "%3D", "%2B", "%0D%0A", "+", "&", "=", "&&", ";", "[0]",
    "[0].", ".", "%25",
)  # fmt: skip
