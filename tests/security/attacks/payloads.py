"""XML, JSON, lines of JSON and forms that nobody means well with."""

from __future__ import annotations

from tests.security.attacks import Attack, validate
from tests.support import DECLARED, LIST, PARAM, ROOT, listed

__all__ = ["ATTACKS"]

_M = 1_000_000
_RECORD = b'{"ProduitId":1,"NomProduit":"x"}'


def _list(between: str) -> bytes:
    record = "<ReponseV2Model><ProduitId>1</ProduitId></ReponseV2Model>"
    return listed(f"{record}{between}{record}")


def _root(inside: str, more: str = "", before: str = "") -> bytes:
    return f"{before}<{PARAM} {DECLARED}{more}>{inside}</{PARAM}>".encode()


# name, document, a part of what is said (behind a "=" where the payload is valid all the same), whether it is heavy
_XML: list[tuple[str, object, str, bool]] = [
    ("a billion laughs", _root("&c;", before='<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;"><!ENTITY c "&b;&b;">]>'), "xml.doctype", False),
    ("an entity that is a file", _root("&a;", before='<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]>'), "xml.doctype", False),
    ("a parameter entity of a server", _root("", before='<!DOCTYPE a [<!ENTITY % a SYSTEM "http://127.0.0.1:9/"> %a;]>'), "xml.doctype", False),
    ("a DOCTYPE behind a comment of 20 MB", lambda: b"<!--" + b"-x" * 10 * _M + b"--><!DOCTYPE a>" + _root(""), "limit.comment", True),
    ("a comment of 100 MB before the root", lambda: b"<!--" + b"x" * 100 * _M + b"-->" + _root(""), "limit.comment", True),
    ("twelve million comments before the root", lambda: b"<!--x-->" * 12 * _M + _root(""), "limit.comment", True),
    ("a comment of 100 MB in a record", lambda: _root("<!--" + "x" * 100 * _M + "-->"), "limit.comment", True),
    ("a comment of 100 MB of brackets", lambda: _root("<!--" + ">" * 100 * _M + "-->"), "limit.comment", True),
    ("an instruction of 100 MB", lambda: b"<?a " + b"x" * 100 * _M + b"?>" + _root(""), "limit.comment", True),
    ("100 MB of white space in a record", lambda: _root(" " * 100 * _M), "limit.space", True),
    ("XInclude", _root('<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="/etc/passwd"/>'), "member.", False),
    ("a style sheet", _root("", before='<?xml-stylesheet href="http://127.0.0.1:9/x.xsl"?>'), "=member.defaulted", False),
    ("a schema to be fetched", _root("", ' i:schemaLocation="urn:x http://127.0.0.1:9/x.xsd"'), "=valid", False),
    ("100,000 levels", lambda: _root("<a>" * 100_000 + "</a>" * 100_000), "limit.depth", False),
    ("a million levels that do not end", lambda: _root("<a>" * _M), "limit.depth", False),
    ("1.5 million attributes", lambda: _root("", "".join(f' a{n}=""' for n in range(1_500_000))), "limit.attributes", True),
    ("50,000 attributes that differ at their ends", lambda: _root("", "".join(f' {"a" * 50}{n}=""' for n in range(50_000))), "limit.attributes", False),
    ("100,000 namespaces", lambda: _root("", "".join(f' xmlns:a{n}="u:{n}"' for n in range(100_000))), "limit.", False),
    ("namespaces in each of 30 levels", lambda: _root("".join(f'<a xmlns:p{n}="u:{n}" xmlns:q{n}="u">' for n in range(30)) + "</a>" * 30), "member.", False),
    ("a name of 20 MB", lambda: _root(f"<{'n' * 20 * _M}/>"), "limit.attributes", True),
    ("a prefix that is declared as xmlns", _root("", ' xmlns:xml="urn:x"'), "xml.", False),
    ("a prefix that nobody declared", _root("<p:a/>"), "xml.", False),
    ("an attribute twice by two prefixes", _root('<a p:x="1" q:x="2"/>', ' xmlns:p="u" xmlns:q="u"'), "xml.", False),
    ("an attribute with a quote and a bracket", _root("<ProduitId xmlns:w='x\">y' i:nil=\"tr&#1;ue\"/>"), "xml.character", False),
    ("nil with a NUL", _root('<ProduitId i:nil="true&#0;"/>'), "xml.character", False),
    ("nil with a surrogate", _root('<ProduitId i:nil="true&#xD800;"/>'), "xml.character", False),
    ("nil with a noncharacter behind CDATA", _root('<Debut><![CDATA[>]]></Debut><ProduitId i:nil="1&#xFFFE;"/>'), "xml.character", False),
    ("nil with a reference beyond Unicode", _root('<ProduitId i:nil="true&#x110000;"/>'), "xml.", False),
    ("a type that is a program", _root("<ProduitId i:type='System.Diagnostics.Process'>1</ProduitId>"), "", False),
    ("a NUL in the middle", _root("\0"), "xml.syntax", False),
    ("UTF-7", b"+ADw-x+AD4-", "json.syntax", False),
    ("UTF-32", _root("").decode().encode("utf-32"), "input.encoding", False),
    ("UTF-16 without a mark", _root("").decode().encode("utf-16-le"), "input.encoding", False),
    ("an encoding that contradicts the bytes", _root("", before='<?xml version="1.0" encoding="utf-16"?>'), "input.encoding", False),
    ("UTF-8 with a character in too many bytes", _root("").replace(b"ParamModel", b"\xc0\xbcModel", 1), "input.encoding", False),
    ("half characters as CESU-8", _root("<Debut>?</Debut>").replace(b"?", b"\xed\xa0\xbd\xed\xb8\x80"), "input.encoding", False),
    ("]]> in a text", _root("<Debut>]]></Debut>"), "xml.syntax", False),
    ("a comment with two hyphens", _root("<!-- a -- b -->"), "xml.syntax", False),
    ("a processing instruction named XML", _root("<?XML x?>"), "xml.syntax", False),
    ("a million processing instructions", lambda: _root("<?a?>" * _M), "=more findings, which were counted only", True),
    ("a million comments between members", lambda: _root("<!---->" * _M), "=more findings, which were counted only", True),
    ("three million references", lambda: _root(f"<Debut>{'&amp;' * 3 * _M}</Debut>"), "value.", True),
    ("two million empty CDATA sections", lambda: _root(f"<Debut>{'<![CDATA[]]>' * 2 * _M}2026-03-22</Debut>"), "=date.rewritten", True),
    ("50 MB of text between records", lambda: _list("x" * 50 * _M), "member.text", True),
    ("five million lines of text between records", lambda: _list("x\n" * 5 * _M), "member.text", True),
    ("500,000 controls between records", lambda: _list("&#x1;" * 500_000), "member.text", True),
    ("500,000 elements that are no records", lambda: _list("<x/>" * 500_000), "member.unknown", True),
    ("a million processing instructions between records", lambda: _list("<?a?>" * _M), "=valid", True),
    ("three million empty CDATA sections between records", lambda: _list("<![CDATA[]]>" * 3 * _M), "=valid", True),
    ("a tag of 100 MB", lambda: _root(f'<a b="{"c" * 100 * _M}"/>'), "limit.attributes", True),
    ("a tag of 100 MB between records", lambda: _list(f'<a b="{"c" * 100 * _M}"/>'), "limit.attributes", True),
    ("a tag with 50 MB of > between records", lambda: _list(f'<a b="{">" * 50 * _M}"/>'), "limit.attributes", True),
    ("100 MB of < between records", lambda: _list("<" * 100 * _M), "xml.syntax", True),
    ("brackets that never close", lambda: _root("<" * 5 * _M), "xml.syntax", True),
    ("300,000 members that there are not", lambda: _root("<a/>" * 300_000), "member.unknown", True),
    ("300,000 times the same member", lambda: _root("<ProduitId>1</ProduitId>" * 300_000), "member.duplicate", True),
    ("a number of 300,000 digits", lambda: _root(f"<ProduitId>{'9' * 300_000}</ProduitId>"), "value.range", False),
    ("a date of the year 10^9", _root("<Debut>1000000000-01-01T00:00:00</Debut>"), "date.refused", False),
    ("an offset of 99 hours", _root("<Debut>2026-03-22T00:00:00+99:99</Debut>"), "value.", False),
    ("Arabic digits", _root("<ProduitId>\u0661\u0662</ProduitId>"), "value.lexical", False),
    ("two roots", _root("") + _root(""), "xml.syntax", False),
    ("text behind the root", _root("") + b"x", "xml.syntax", False),
]  # fmt: skip
_JSON: list[tuple[str, object, str, bool]] = [
    ("a comment of 100 MB before the value", lambda: b"/*" + b"x" * 100 * _M + b"*/{}", "limit.comment", True),
    ("100 MB of white space in an object", lambda: b"{" + b" " * 100 * _M + b"}", "limit.space", True),
    ("a million brackets", lambda: b"[" * _M, "limit.depth", False),
    ("a million brackets that close", lambda: b"[" * _M + b"]" * _M, "limit.depth", False),
    ("100,000 objects in objects", lambda: b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "limit.depth", False),
    ("a string of 30 MB that does not end", lambda: b'{"Debut":"' + b"a" * 30 * _M, "json.syntax", True),
    ("a number of a million digits", lambda: b'{"ProduitId":' + b"9" * _M + b"}", "limit.token", False),
    ("an exponent of nine digits", b'{"ProduitId":1e999999999}', "value.", False),
    ("an exponent below nothing", b'{"ProduitId":1e-999999999}', "value.", False),
    ("0.1 with a million zeros before", lambda: b'{"ProduitId":0.' + b"0" * _M + b"1}", "limit.token", False),
    ("200,000 times the same member", lambda: b"{" + b",".join([b'"ProduitId":1'] * 200_000) + b"}", "member.duplicate", True),
    ("200,000 members that there are not", lambda: b"{" + b",".join(b'"a%d":1' % n for n in range(200_000)) + b"}", "member.unknown", True),
    ("a member that differs by case", b'{"produitid":1,"ProduitId":2,"PRODUITID":3}', "member.", False),
    ("__proto__ and constructor", b'{"__proto__":{"x":1},"constructor":{"prototype":1}}', "member.unknown", False),
    ("a $type that is a program", b'{"$type":"System.Diagnostics.Process, System","ProduitId":1}', "member.unknown", False),
    ("$ref to nothing", b'{"$ref":"1"}', "value.coerced", False),
    ("half a surrogate pair in a key", b'{"\\ud800":1}', "member.", False),
    ("half a surrogate pair in a value", b'{"Debut":"\\ud800"}', "value.", False),
    ("NUL in a key", b'{"Produit\\u0000Id":1}', "member.unknown", False),
    ("a control character as it is", b'{"Debut":"\x01"}', "json.relaxed", False),
    ("NaN", b'{"ProduitId":NaN}', "json.", False),
    ("Infinity", b'{"ProduitId":-Infinity}', "json.", False),
    ("a mark in the middle", b'{"Debut":\xef\xbb\xbf"x"}', "json.", False),
    ("invalid UTF-8 in a string", b'{"Debut":"\xff"}', "input.encoding", False),
    ("five million comments before a comma", lambda: b"[{}" + b"/**/" * 5 * _M + b",{}]", "json.relaxed", True),
    ("five million comments behind a comma", lambda: b"[{}," + b"//\n" * 5 * _M + b"{}]", "json.relaxed", True),
    ("50 million brackets in a list", lambda: b"[{}," + b"[" * 50 * _M, "limit.depth", True),
    ("100 million commas in a row", lambda: b"[{}" + b"," * 100 * _M + b"{}]", "json.syntax", True),
    ("50 million records without a comma", lambda: b"[" + b"{}" * 50 * _M + b"]", "json.syntax", True),
    ("50 million words without a comma", lambda: b"[{} " + b"x " * 50 * _M + b",{}]", "json.syntax", True),
    ("comments of 20 MB", lambda: b"/*" + b"*" * 20 * _M + b'*/{"ProduitId":1}', "limit.comment", True),
    ("a comment that does not end", lambda: b"/*" * 5 * _M, "json.", True),
    ("/Date of a thousand digits", b'{"Debut":"/Date(' + b"9" * 1000 + b')/"}', "", False),
    ("a date that overflows", b'{"Debut":"9999-12-31T23:59:59.9999999-14:00"}', "=date.offset", False),
    ("a string of 3 million escapes", lambda: b'{"Debut":"' + b"\\u0041" * 3 * _M + b'"}', "value.", True),
    ("a JSON string of JSON of JSON", b'"\\"{\\\\\\"a\\\\\\":1}\\""', "value.kind", False),
    ("500,000 nulls", lambda: b"[" + b"null," * 500_000 + b"null]", "=valid", True),
    ("300,000 empty objects", lambda: b"[" + b"{}," * 300_000 + b"{}]", "=300001 times", True),
    ("300,000 objects of nothing that is known", lambda: b"[" + b'{"x":1},' * 300_000 + b"{}]", "member.unknown", True),
    ("a list of lists of lists", lambda: b"[" + b"[[[]]]," * 100_000 + b"[]]", "", False),
    ("leading zeros, plus, hex, octal", b'[{"ProduitId":007},{"ProduitId":+1},{"ProduitId":0x10},{"ProduitId":0o7}]', "json.", False),
    ("quotes and commas of another language", b"{'ProduitId':1,}", "json.relaxed", False),
    ("a colour in a key", b'{"\\u001b[31mred":1}', "member.unknown", False),
    ("a workflow command in a key", b'{"\\n::error file=x::forged":1}', "member.unknown", False),
    ("a key of 5 MB", lambda: b'{"' + b"k" * 5 * _M + b'":1}', "member.unknown", True),
]  # fmt: skip
_GRAPHS: list[tuple[str, object, str, bool]] = [
    ("10,000 references to an object of 100 KB", lambda: b'{"Entree":{"$id":"1","Nom":"' + b"x" * 100_000 + b'"},"Stations":[' + b",".join([b'{"$ref":"1"}'] * 10_000) + b"]}", "limit.repeated", True),
    ("50,000 references to a small object", lambda: b'{"Entree":{"$id":"1","Nom":"x"},"Stations":[' + b",".join([b'{"$ref":"1"}'] * 50_000) + b"]}", "=more findings, which were counted only", True),
    ("references to an object within itself", b'{"Entree":{"$id":"1","Suivante":{"$ref":"1"}}}', "graph.cycle", False),
]  # fmt: skip
_LINES: list[tuple[str, object, str, bool]] = [
    ("a line of 20 MB that is no record", lambda: _RECORD + b"\n" + b"x" * 20 * _M, "json.", True),
    ("two million blank lines", lambda: _RECORD + b"\n" * 2 * _M + _RECORD + b"\n", "=valid", True),
    ("50 million blank lines", lambda: _RECORD + b"\n" + _RECORD + b"\n" * 50 * _M + _RECORD + b"\n", "=valid", True),
    ("a mark before each line", (b"\xef\xbb\xbf" + _RECORD + b"\n") * 3, "", False),
    ("ends of lines of every kind", _RECORD + b"\r\n" + _RECORD + b"\r" + _RECORD + b"\xe2\x80\xa8" + _RECORD + b"\n", "json.", False),
    ("a line that is a list", _RECORD + b"\n[" + _RECORD + b"]\n", "value.kind", False),
    ("half a record in each line", _RECORD.replace(b",", b",\n") * 50, "json.", False),
    ("a line of 60 levels and one of 100,000", lambda: _RECORD + b"\n" + b'{"a":' * 100_000 + b"\n", "limit.depth", False),
]  # fmt: skip
_FORMS: list[tuple[str, bytes, str]] = [
    ("200,000 fields", b"&".join(b"a%d=1" % n for n in range(200_000)), "member.unknown"),
    ("the same field 50,000 times", b"&".join([b"ProduitId=1"] * 50_000), "member.duplicate"),
    ("escapes that are none", b"Debut=%zz%%%&ProduitId=%", "form."),
    ("bytes that are no text", b"Debut=%ff%fe&ProduitId=1", ""),
    ("a NUL and a line", b"Pro%00duitId=1&Debut=%0a::error::x", "member.unknown"),
]  # fmt: skip

_LISTED = {
    *(name for name, *_ in _LINES),
    "500,000 nulls", "300,000 empty objects", "300,000 objects of nothing that is known", "a list of lists of lists",
    "leading zeros, plus, hex, octal", "a million brackets that close", "500,000 elements that are no records",
    "50 million brackets in a list", "100 million commas in a row", "50 million records without a comma",
    "50 million words without a comma", "five million comments before a comma", "five million comments behind a comma",
    *(name for name, *_ in _XML if "between records" in name),
}  # fmt: skip


def _attacks(area: str, rows: list[tuple[str, object, str, bool]], name: str, *more: str) -> list[Attack]:
    return [
        Attack(
            area,
            called,
            validate(name, data, "--contract", LIST if called in _LISTED else PARAM, *more),  # type: ignore[arg-type]
            int(says[:1] != "="),
            says.removeprefix("="),
            heavy,
        )
        for called, data, says, heavy in rows
    ]


ATTACKS = [
    *_attacks("XML", _XML, "a.xml"),
    *_attacks("JSON", _JSON, "a.json"),
    *_attacks("objects", _GRAPHS, "a.json", "--schemas", str(ROOT / "tests/data/inventaire"), "--contract", "Reseau"),
    *_attacks("lines of JSON", _LINES, "a.ndjson"),
    *_attacks("forms", [(name, data, says, False) for name, data, says in _FORMS], "a.form", "--from", "form"),
]  # fmt: skip
