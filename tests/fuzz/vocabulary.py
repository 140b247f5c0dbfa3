"""The words that mutations put into payloads: what readers of these formats have stumbled over, here and elsewhere."""

from __future__ import annotations

from tests.support import XSI

__all__ = [
    "AROUND", "ATTRIBUTES", "BEFORE", "BYTES", "INSERTED_JSON", "INSERTED_XML", "MEMBERS", "PERCENT", "SCHEMAS",
    "SPACES", "TEXTS", "VALUES",
]  # fmt: skip

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
    "0000-01-01", "/Date(1774136012049+0100)/", "P1Y", "PT0S", "é", "\x85", "\u2028", "\xa07", "a b", "😀", "+5", "5.0",
    "5.", ".5", "1e3", "1E+16", "0.1", "2.50", "3", "-INF", "2147483647", "9223372036854775808", "18446744073709551616",
    "\n 7 \t", "79228162514264337593543950335", "79228162514264337593543950336", "0.30000000000000004",
    "1.7976931348623157E+308", "4.94065645841247E-324", "123456.789", "1.17549435E-38", "3.40282347E+38", "0.1234567",
    "16777217", "True", "2026-03-22T00:33:32", "2026-03-22T00:33:32.10", "2026-03-22T00:33:32.1000",
    "2026-03-22T00:33:32.123456750+01:00", "2026-03-22T00:33:32Z", "2024-02-29T00:00:00+14:00", "2026-02-29",
    "9999-12-31T23:59:59.99999999", "0001-01-01T00:00:00+14:00", " 2026-03-22T00:33:32 ", "P1DT2H3M4.5S", "PT90M",
    "-PT0S", "P400D", "PT1.50S", "1.02:03:04.5", "00:00:00", "3F2504E0-4F89-11D3-9A0C-0305E82C3301",
    "3f2504e0-4f89-11d3-9a0c-0305e82c3301", " 3f2504e0-4f89-11d3-9a0c-0305e82c3301", "AAEC", "AAE=", "AA==", "AB==",
    "AA EC\n", "65", "55296", "urn:x y", " urn:x ", "a&#13;b", "a\r\nb", "a\rb", "&#x1;", "&#xFFFE;", "<![CDATA[x]]>",
    "a<!-- c -->b", "]]>", "&lt;", "&#x10FFFF;",
    "&#1;" * 60, "&lt;" * 90, "<![CDATA[" + "<&>\r" * 40 + "]]>", "\u2028" * 60,
)  # fmt: skip
ATTRIBUTES = (
    ' i:nil="true"', ' i:nil="false"', ' i:nil="1"', ' i:nil=" true "', ' i:nil=""', ' foo="1"', ' i:type="x"',
    ' i:type="z:Personne"', f' xmlns:j="{XSI}" j:nil="true"', ' xml:lang="fr"', ' xmlns=""', ' xmlns:z="urn:z"',
    ' z="&#x1;"', ' z:Id="i1"', ' z:Ref="i1"', ' a="1" a="2"',
    ' xmlns:z="http://schemas.microsoft.com/2003/10/Serialization/" z:Id="i1"',
    ' xmlns:z="http://schemas.microsoft.com/2003/10/Serialization/" z:Ref="i1"', " ", "\n", ' xmlns:q="urn:q"',
    ' xmlns:i="urn:z"', ' xmlns="urn:z"', ' a:b="c"', ' xmlns:i=""', ' xml:space="preserve"', ' xmlns:xmlq="urn:q"',
    f' xmlns:i="{XSI}"', ' nil="true"', " i:nil='true'", ' a="x>y"', ' a=\'"\'', ' a="\'"', " b='>'", ' a="/>"',
    ' a="]]>"', ' a="&lt;&#x3E;&quot;"', ' xmlns:名="urn:>"', ' é="1"', ' xmlns:i="urn:z" i:nil="true"',
    ' xmlns:p=\'urn:">\' p:a=\'>\'',
)  # fmt: skip
INSERTED_XML = (
    "<!-- c -->", "<?pi x?>", "texte", " ", "\n  ", "\r\n", "<![CDATA[x]]>", "<![CDATA[ <b> ]]>", "<Autre>1</Autre>",
    '<Autre xmlns="urn:z"/>', "&#x1;", "&#13;", "&amp;", "&lt;b&gt;", "&#x41;", "\xa0", "<b/>", "]]>", "<!DOCTYPE x>",
    "<a>" * 70, "<a>" * 10 + "</a>" * 10, "x", "&#10;", "<!--->-->", '<!-- "> -->', "<名前/>", "<Имя>1</Имя>",
    '<שם a=">"/>', '<ไทย b="&gt;"></ไทย>', '<é:e xmlns:é="urn:é"/>', "<𐐀/>", "<ℵ>é</ℵ>",
)  # fmt: skip
AROUND = (
    ('<?xml version="1.0"?>', ""), ('<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n', ""),
    ('<?xml version="1.1"?>', ""), ('<?xml version="1.0" encoding="latin1"?>', ""), ("\ufeff", ""), (" \n", "\n"),
    ("<!-- a -->", "<!-- b -->"), ("<?pi?>", ""), ("", "x"), ("", "<a/>"), ("<!DOCTYPE x>", ""),
    (" <?xml version='1.0'?>", ""), ("x", ""), ("", "\0"), ("[", "]"), ("", ","), ("// a\n", "/* b */"),
)  # fmt: skip
VALUES = (
    "null", "true", "false", "0", "-0", "1", "1.0", "1e2", "1E400", "-1", "2147483648", "9" * 400, "9" * 5000, "0.1",
    "1e-1000000000000000000000",
    "01", "0x1F", "NaN", "Infinity", '""', '" "', "'x'", '"7"', '"true"', "{}", "[]", "[[]]", "[null]", '{"a":1}',
    '{"$id":"1"}', '{"$ref":"1"}', '{"$type":"x"}', '"\\u0000"', '"\\ud800"', '"\\/"', '"2026-03-22T00:33:32"',
    '"2026-03-22T00:33:32.10+02:00"', "undefined", "[" * 70, "[" * 40 + "]" * 40, "3", "3.0", "3.10", "1E+16",
    "0.30000000000000004", '"5"', '"a"', '"NaN"', '"Infinity"', "79228162514264337593543950335.0",
    "79228162514264337593543950336", '"2026-03-22"', '"2026-03-22T00:33:32.10"', '"2026-03-22T00:33:32.12345678"',
    '"2026-03-22T00:33:32+01:00"', '"2026-03-22T00:33:32.5Z"', '"1.02:03:04.5"', '"1.02:03:04.5000000"', '"00:00:00"',
    '"-00:00:00"', '"3F2504E0-4F89-11D3-9A0C-0305E82C3301"', '"AAEC"', '"AA EC"', '"\\u0041"', '"\\ud83d\\ude00"',
    '"\\ud83d"', '"\\r\\n"', '" urn:x"', "16777217", "1.7976931348623157E+308", "0.1234567",
    '"' + "<&>\\u0000" * 40 + '"', '"' + '\\"\\\\' * 60 + '"', '"' + "\\u2028\\t" * 40 + '"',
)  # fmt: skip
INSERTED_JSON = (
    " ", "\n", "\t", "/* c */", "// c\n", ",", ":", "{", "}", "[", "]", '"', "\\", "\ufeff", '"a":1,',
    '"__proto__":{},', "null",
)  # fmt: skip
PERCENT = (
    "%", "%00", "%C3%A9", "%C3", "%ZZ", "%u0041", "%26", "%3D", "%2B", "%0D%0A", "+", "&", "=", "&&", ";", "[0]",
    "[0].", ".", "%25",
)  # fmt: skip
BEFORE = (
    '<?xml version="1.0" encoding="utf-8"?>', "<?xml version='1.0' standalone='yes' ?>\n", "\ufeff", " \n",
    '<?xml version="1.0" encoding="UTF-16"?>', '<?xml version="1.1"?>', "<!-- c -->", "<?pi x?>", "<!DOCTYPE r>",
    '<?xml  version = "1.0"  encoding = "Utf-8"?>', '<?xml version="1.0" encoding="utf-8" standalone="maybe"?>',
)  # fmt: skip
SPACES = (" ", "\n", "\n  ", "\r\n", "\t", "\r\n\t")
MEMBERS = (
    '"a":1,', '"__proto__":{},', '"名前":1,', '"Имя":null,', '"שם":"x",', '"é":[],', '"é":{"a":"}"},', '"𐐀":"]",',
    '"\\u0041":2,', '"":0,', '"$type":"x",', '"$id":"1",', '"a\\"b":",",',
)  # fmt: skip
SCHEMAS = (
    '<xs:import namespace="urn:z" schemaLocation="file:///etc/hostname"/>', ' schemaLocation="../../etc/hostname"',
    '<xs:include schemaLocation="http://localhost:1/x.xsd"/>',
    '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>', "&e;", '<!ENTITY a "b">', "<xs:any/>",
    '<xs:choice minOccurs="0">', "</xs:choice>", ' type="xs:int"', ' type="tns:x"', ' name=""', ' name="a b"',
    ' minOccurs="-1"', ' maxOccurs="unbounded"', ' maxOccurs="99999999999"', ' nillable="maybe"', ' default="1"',
    ' fixed="1"', ' abstract="true"', ' ref="xs:x"', ' base="tns:x"', '<xs:pattern value="(a+)+$"/>',
    '<xs:enumeration value="😀"/>', '<xs:maxLength value="-1"/>', "<xs:all>", ' xmlns:xs="urn:x"',
    ' targetNamespace=""', ' elementFormDefault="x"', '"$ref": "#/x",', '"$ref": "http://localhost:1/",',
    '"$ref": "#/components/schemas/A"',
    '"$ref": "file:///etc/hostname",', '"type": 7,', '"type": ["null", "x"],', '"pattern": "(",', '"enum": [],',
    '"required": "x",', '"properties": [],', '"additionalProperties": 1,', '"allOf": {},', '"allOf": [{"$ref": "#"}],',
    '"oneOf": [null],', '"format": {},', '"items": [],', '"$defs": null,', '"$schema": "x",', "public class A : A { }",
    "class B<T> : List<B<B<T>>> { }", "[DataContract", "[DataMember(Order = 1e9)]", "[DataMember(Name = null)]",
    "enum E : ulong { A = 1 << 70, B = A / 0, C = 'x' }", "#if X", "#endif", "/*", "//", '@"', '"""', '$"{a}"',
    "namespace A.B;", "partial", "struct S { public S[] s; }", "Dictionary<,>", "int?[]?", "??", "<table>", "</table>",
    "<h2>", "<tr><td>", "&nbsp;", "<script>", "</body>", "<pre class='wrapped'>", "* ", "# ", "| ", "- &a [*a]", "*a",
    "!!python/object:os.system x", "? ", "{}", "[]", "null", "{", "}", "(", ")", "[", "]", "<", ">", "\x00", "\\ud800",
    "\u202e", "\ufeff", "9" * 400, "-1", "1e999", "\r", "x" * 2000,
)  # fmt: skip
