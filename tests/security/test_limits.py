"""Each limit has a code of its own, and the last thing that is allowed is read; the environment sets them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import asdict

import pytest

import convtool
from convtool.findings import Findings
from convtool.formats.json.syntax import Parser as JsonParser
from convtool.formats.text import Fatal, Text
from convtool.formats.xml.syntax import Parser as XmlParser
from convtool.limits import CAPTURES, DEEPEST, LIMITS, STUB_LIMITS, TRIAL_LIMITS, Limits, settings
from tests.property.contracts import codec
from tests.support import LIST, PARAM, ROOT, codes, param, read

SMALL = Limits(attributes=3, declarations=2, name=5, token=4, elements=6, text=9)


def xml_codes(document: str, limits: Limits = SMALL) -> list[str]:
    text, findings = Text(document.encode()), Findings()
    findings.places = text
    try:
        XmlParser(text, findings, limits=limits).feed(text.data, final=True)
    except Fatal:
        assert findings.errors
    return codes(findings.report())


def json_codes(document: str, limits: Limits = SMALL) -> list[str]:
    text, findings = Text(document.encode()), Findings()
    findings.places = text
    try:
        JsonParser(text, findings, limits=limits).document()
    except Fatal:
        assert findings.errors
    return codes(findings.report())


@pytest.mark.parametrize(
    ("good", "bad", "code"),
    [
        ("<r>{}</r>".format("<a/>" * 5), "<r>{}</r>".format("<a/>" * 6), "limit.elements"),
        ("<r a='' b='' c=''/>", "<r a='' b='' c='' d=''/>", "limit.attributes"),
        ("<r xmlns='u:1' xmlns:b='u:2'/>", "<r xmlns='u:1' xmlns:b='u:2' xmlns:c='u:3'/>", "limit.declarations"),
        ("<r xmlns:a='u' xmlns:b='u'/>", "<r xmlns:a='u' xmlns:b='u'><t xmlns:c='u'/></r>", "limit.declarations"),
        ("<abcde/>", "<abcdef/>", "limit.name"),
        ("<r abcde=''/>", "<r abcdef=''/>", "limit.name"),
        ("<r xmlns='abcde'/>", "<r xmlns='abcdef'/>", "limit.name"),
        ("<r xmlns:abcde='u'/>", "<r xmlns:abcdef='u'/>", "limit.name"),
        ("<r>123456789<b/>123456789</r>", "<r>1234567890</r>", "limit.text"),
        ("<r>1234<![CDATA[56789]]></r>", "<r>12345<![CDATA[6789]]>&amp;</r>", "limit.text"),
    ],
)  # fmt: skip
def test_xml(good: str, bad: str, code: str) -> None:
    assert xml_codes(good) == []
    assert xml_codes(bad) == [code]
    assert xml_codes(bad, LIMITS) == []


@pytest.mark.parametrize(
    ("good", "bad", "code"),
    [
        ("[1,2,3,4,5]", "[1,2,3,4,5,6]", "limit.elements"),
        ('{"abcdef":1}', '{"abcdefghij":1}', "limit.text"),
        ('"123456789"', '"1234567890"', "limit.text"),
        (r'"12345678\n"', r'"123456789\n"', "limit.text"),
        ("1234", "12345", "limit.token"),
        ("-1e3", "-0.25", "limit.token"),
    ],
)
def test_json(good: str, bad: str, code: str) -> None:
    assert json_codes(good) == []
    assert json_codes(bad) == [code]
    assert json_codes(bad, LIMITS) == []


@pytest.mark.parametrize(("open_", "close"), [("<a>", "</a>"), ("[", "]")])
@pytest.mark.parametrize("depth", [1, 5, 64, DEEPEST])
def test_depth_is_an_option(open_: str, close: str, depth: int) -> None:
    of = convtool.contract(PARAM)
    for levels, wanted in ((depth, False), (depth + 1, True)):
        payload = open_ * levels + close * levels
        assert ("limit.depth" in codes(of.validate(payload, depth=depth))) is wanted


@pytest.mark.parametrize("depth", [0, -1, DEEPEST + 1, 100_000])
def test_a_depth_that_python_could_not_follow_is_refused(depth: int) -> None:
    of = convtool.contract(PARAM)
    for verb in (of.validate, of.read, of.to_json):
        with pytest.raises(convtool.UsageError, match="depth"):
            verb(b"[]", depth=depth)
    with pytest.raises(convtool.UsageError, match="depth"):
        list(convtool.contract(LIST).iter_read(b"[]", depth=depth))


@pytest.mark.parametrize("digits", [1_001, 4_301, 100_000])
def test_a_number_is_bounded_before_it_is_converted(digits: int) -> None:
    of, number = convtool.contract(PARAM), "9" * digits
    for careful in (False, True):
        _, report = read(of, "json", f'{{"ProduitId":{number}}}'.encode(), careful=careful)
        assert "limit.token" in codes(report)
        _, report = read(of, "xml", param(f"<ProduitId>{number}</ProduitId>"), careful=careful)
        assert "value.range" in codes(report)


def test_what_findings_repeat_of_a_long_key_is_bounded() -> None:
    of, key = codec("Facture"), "k" * 200_000
    report = of.validate(f'{{"{key}": 1, "Metadonnees": {{"{key}": 1}}}}')
    assert "member.unknown" in codes(report)
    assert all(len(found.path) < 1_100 and len(found.message) < 1_200 for found in report)


@pytest.mark.parametrize("data", ["<r>x<!-- c --><a {}/></r>", "<r>x<a {}", "<a {}>"])
def test_a_start_tag_of_a_megabyte_is_refused_before_it_is_parsed(data: str) -> None:
    attributes = " ".join(f'a{n}=""' for n in range(150_000))
    text, findings = Text(data.format(attributes).encode()), Findings()
    findings.places = text
    parser = XmlParser(text, findings)
    with pytest.raises(Fatal):
        parser.feed(text.data, final=True)
    report = findings.report()
    assert codes(report)[-1:] == ["limit.attributes"]
    [location] = [found.location for found in report if found.code == "limit.attributes"]
    assert location is not None
    assert location.offset == data.index("<a")


@pytest.mark.parametrize("section", ["<![CDATA[{}]]>", "<!--{}-->", "<?x {}?>"])
def test_what_looks_like_one_in_a_section_is_none(section: str) -> None:
    document = f"<r>{section.format('<a ' + 'x' * 1_100_000)}</r>"
    assert "limit.attributes" not in xml_codes(document, LIMITS)


def test_whether_a_document_may_have_too_much_is_told_without_reading_it() -> None:
    limits = Limits(elements=4, text=20)
    assert limits.hold(b"[1,2,3]", (b",", b"["))  # no more than two bytes for each of four values
    assert limits.hold(b"[1,      2,     3]", (b",", b"["))
    assert not limits.hold(b"[1,2,3,4,5,6]", (b",", b"["))
    assert not limits.hold(b"[" + b" " * 20 + b"]", (b",", b"["))


# --- as the environment sets them ---

GROUPS = {"payload": LIMITS, "capture": CAPTURES, "stub": STUB_LIMITS, "trial": TRIAL_LIMITS}


def under(limits: str, *words: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "CONVTOOL_LIMITS": limits}
    command = [sys.executable, "-m", "convtool", *words]
    return subprocess.run(command, input=stdin, capture_output=True, env=environment, check=False)


def test_every_limit_is_in_the_table() -> None:
    rows = re.findall(
        r"^\| `([a-z]+\.[a-z]+)` \| ([0-9,.]+) \|", (ROOT / "SECURITY.md").read_text("utf-8"), re.MULTILINE
    )
    wanted = {f"{group}.{name}": value for group, of in GROUPS.items() for name, value in asdict(of).items()}
    assert {name: float(told.replace(",", "")) for name, told in rows} == wanted


@pytest.mark.parametrize(
    ("limits", "payload", "says"),
    [
        ("payload.depth=2", b'{"Debut":[[1]]}', b"[limit.depth]"),
        ("payload.text=1K", b'{"Debut":"' + b"x" * 1025 + b'"}', b"[limit.text]"),
        ("payload.token=40, payload.text=2M", b'{"ProduitId":' + b"1" * 50 + b"}", b"[limit.token]"),
        ("capture.head=50", b"HTTP/1.1 200 OK\r\nA: " + b"b" * 60 + b"\r\n\r\n[]", b"endless head"),
    ],
)
@pytest.mark.short(1)
def test_a_limit_that_is_set(limits: str, payload: bytes, says: bytes) -> None:
    assert says not in under("", "validate", "-", "--contract", PARAM, stdin=payload).stdout
    assert says in under(limits, "validate", "-", "--contract", PARAM, stdin=payload).stdout


@pytest.mark.parametrize(
    "wrong", ["payload.depht=1", "payload.depth", "payload.depth=0", "payload.text=-1", "depth=3", "payload.depth=151",
              "payload.text=many", "\x1b[31m=1", "capture.body=1e9"],
)  # fmt: skip
def test_a_setting_that_is_none_is_said(wrong: str) -> None:
    with pytest.raises(convtool.UsageError):
        settings(wrong)


def test_a_command_says_so_before_anything_is_read() -> None:
    result = under("payload.\x1b[31mx=1", "validate", "-")
    assert (result.returncode, b"Traceback" in result.stderr, b"\x1b" in result.stderr) == (2, False, False)
    assert result.stderr.startswith(b"convtool: error: CONVTOOL_LIMITS: ")
