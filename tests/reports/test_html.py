"""The page in a real browser, headless: driven by what a reader does, and looked at as a reader of the screen does."""

from __future__ import annotations

import base64
import json
import random
import re
import zlib
from importlib import resources
from typing import TYPE_CHECKING, Any

import pytest
from lxml import etree

from convtool.codes import CODES
from convtool.outcome import Outcome
from convtool.reports import About, write_report
from convtool.reports.summary import Summary
from tests.browser import dom

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

NASTY = "<img src=x onerror=alert(1)>&amp;</script>"
SIZES = [10, 1000]
SOME = [name for name in CODES if name.startswith(("value.", "date.", "member."))]


def found(code: str, draw: random.Random) -> dict[str, Any]:
    return {
        "code": code, "severity": "error", "message": f"{draw.randrange(10**6)} is no number. {NASTY}", "hint": "Look.",
        "path": f"/List/Order[{draw.randrange(99)}]/Count", "line": draw.randrange(1, 99), "column": 2, "offset": 5,
        "excerpt": {"before": "<a>", "span": NASTY, "after": "</a>"},
    }  # fmt: skip


def outcomes(count: int) -> list[Outcome]:
    draw = random.Random(count)
    made = []
    for number in range(count):
        name = f"archive/2024/{draw.randrange(12)}/a-folder-with-a-long-name/{draw.randrange(10**6):06}-{number}.xml"
        if number % 10 == 9:
            made.append(Outcome(number, name, "skipped", reason="is empty"))
        else:
            codes = draw.sample(SOME, draw.choice((1, 1, 3)))
            status: Any = draw.choice(("invalid", "invalid", "failed"))
            told = tuple(found(code, draw) for code in codes)
            made.append(Outcome(number, name, status, contract="Order", format="xml", diagnostics=told))
    return made


def captured() -> Outcome:
    exchange = {"method": "POST", "url": "https://api.example/orders", "status": 422, "operation": "POST orders"}
    body = Outcome(0, "a.har#1", "invalid", diagnostics=(found("value.kind", random.Random(1)),), exchange=exchange)
    return Outcome(0, "a.har", "invalid", format="capture", judged=(body,))


def page(folder: Path, made: Sequence[Outcome], **told: Any) -> tuple[Path, About]:
    summary = Summary()
    for one in made:
        summary.add(one)
    about = About("validate", summary, **told)
    write_report(str(folder / "page.html"), about, made)
    return folder / "page.html", about


DRIVER = """<script>%s</script><script>
(async function () {
  var seen = [], alerts = 0;
  window.alert = function () { alerts += 1; };
  function $(id) { return document.getElementById(id); }
  function wait() { return new Promise(function (done) { setTimeout(done, 30); }); }
  function type(text) { $("text").value = text; $("text").dispatchEvent(new Event("input", {bubbles: true})); }
  function press(key) { document.activeElement.dispatchEvent(new KeyboardEvent("keydown", {key: key, bubbles: true})); }
  function all(what) { return Array.from(document.querySelectorAll(what)); }
  function rows() { return all("#files tr.row").filter(function (row) { return row.offsetParent; }); }
  function names() { return rows().map(function (row) { return row.querySelector(".path").textContent; }); }
  function shown() { return $("shown").textContent; }
  while (!document.documentElement.dataset.loaded) { await wait(); }
  try { %s } catch (error) { seen.push(String(error.stack)); }
  var pre = document.createElement("pre");
  pre.id = "seen";
  pre.textContent = JSON.stringify({seen: seen, alerts: alerts});
  document.body.appendChild(pre);
})();
</script>"""


def driven(path: Path, steps: str, *options: str, script: str = "", address: str = "") -> list[Any]:
    """Run steps in the page, which push onto ``seen`` what they saw."""
    driver = path.with_name("driven.html")
    text = path.read_text("utf-8").replace("</body>", DRIVER % (script, steps) + "</body>")
    driver.write_text(text, "utf-8")
    profile = path.with_name("profile")
    document = dom(driver.as_uri() + address, profile, "--virtual-time-budget=30000", *options)
    told = json.loads(etree.HTML(document).xpath("string(//pre[@id='seen'])"))
    assert told["alerts"] == 0  # no name and no payload has become a script
    seen: list[Any] = told["seen"]
    return seen


def code_fits(one: Outcome, code: str) -> bool:
    return any(entry["code"] == code or entry["code"].startswith(f"{code}.") for entry in one.diagnostics)


SEARCHES = {
    "": lambda one: True,
    "folder-with": lambda one: True,
    "code:date": lambda one: code_fits(one, "date"),
    "code:value.kind": lambda one: code_fits(one, "value.kind"),
    "-code:date status:invalid": lambda one: one.status == "invalid" and not code_fits(one, "date"),
    "status:skipped": lambda one: one.status == "skipped",
    'file:"2024/1/" -status:failed': lambda one: "2024/1/" in one.name and one.status != "failed",
    "IS EMPTY": lambda one: one.reason == "is empty",
    '"is empty" contract:order': lambda one: False,
    "severity:error contract:Order": lambda one: bool(one.diagnostics),
}


@pytest.mark.parametrize("size", SIZES)
def test_search_takes_words_phrases_and_tokens(tmp_path: Path, size: int) -> None:
    made = outcomes(size)
    path, _ = page(tmp_path, made)
    steps = f"for (var q of {json.dumps(list(SEARCHES))}) {{ type(q); seen.push([shown(), names()]); }}"
    for (query, fits), (shown, names) in zip(SEARCHES.items(), driven(path, steps), strict=True):
        expected = [one.name for one in made if fits(one)]
        assert shown == f"{len(expected):,} of {size:,} files", query
        assert names == expected[:100], query


@pytest.mark.long
def test_counts_lead_to_their_files_and_addresses_hold_what_is_shown(tmp_path: Path) -> None:
    made = outcomes(1000)
    path, about = page(tmp_path, made)
    steps = """
      for (var link of document.querySelectorAll("a.card, #codes a")) {
        location.hash = link.getAttribute("href"); await wait(); await wait();
        seen.push([link.textContent, shown()]);
      }
      type("code:date"); seen.push(location.hash);
    """
    *links, address = driven(path, steps)
    counts = {code: row.files for code, row in about.summary.codes.items()}
    counts |= {f"{count}{status}": count for status, count in about.summary.statuses.items() if count}
    assert dict(links) == {key: f"{count:,} of 1,000 files" for key, count in counts.items()}
    assert address == "#q=code%3Adate"
    [again] = driven(path, "seen.push([$('text').value, shown()]);", address=address)
    expected = [one for one in made if code_fits(one, "date")]
    assert again == ["code:date", f"{len(expected)} of 1,000 files"]
    far = driven(path, "seen.push(names(), document.activeElement.id, $('place').textContent);", address="#f737")
    assert far == [[one.name for one in made[700:800]], "f737", "page 8 of 10"]


def listed(path: Path) -> tuple[Any, list[Any], list[str], str]:
    """Give what is there without a browser: what the page is about, the data of its files, its rows, and its text."""
    tree = etree.HTML(path.read_text("utf-8"))
    about = json.loads(tree.xpath("string(//script[@id='about'])"))
    packed = tree.xpath("//script[@data-files]/text()")
    data = [row for text in packed for row in json.loads(zlib.decompress(base64.b64decode(text)))]
    rows = [f"{row.get('id')} {row.xpath('string(.//a/@title)')}" for row in tree.xpath("//tr[@class='row']")]
    return about, data, rows, " ".join(" ".join(tree.xpath("//main//text()[not(parent::script)]")).split())


def good(count: int, code: str = "member.unknown") -> list[Outcome]:
    told = ({**found(code, random.Random(1)), "severity": "warning"},)
    return [Outcome(at, f"good/{at}.xml", "valid", diagnostics=told if at % 2 else ()) for at in range(count)]


@pytest.mark.parametrize("wrong", [0, 3])
@pytest.mark.parametrize("fine", [0, 1, 20])
def test_each_count_of_a_code_is_that_of_files_in_the_list(tmp_path: Path, wrong: int, fine: int) -> None:
    made = [*good(fine), *outcomes(wrong)]
    both = Outcome(0, "both.xml", "valid", judged=(good(2)[1], Outcome(0, "both.xml", "skipped", reason="no")))
    path, about = page(tmp_path, [*made, both] if fine > 1 else made)
    told, data, rows, text = listed(path)
    for code, row in about.summary.codes.items():
        at = told["codes"].index(code)
        assert row.files == sum(any(one[0] == at for one in file[4]) for file in data), code
    with_findings = fine // 2 + (fine > 1)
    assert [row[1] for row in data] == [*(row[1] for row in data[:wrong]), *[1] * with_findings]  # 1: valid
    assert len(data) == told["total"] == wrong + with_findings
    assert rows == [f"f{number} {row[0]}" for number, row in enumerate(data)]
    assert ("All files are good." in text) == (wrong == 0)
    assert {
        (True, True): "Files that are not good, then good ones in which something was found",
        (True, False): "Files that are not good", (False, True): "Good files in which something was found",
        (False, False): "Files",
    }[wrong > 0, with_findings > 0] in text  # fmt: skip
    assert ("valid" in re.findall(r"<option>(.*?)</option>", path.read_text("utf-8"))) == (with_findings > 0)


def test_a_file_that_both_profiles_judge_is_one_row(tmp_path: Path) -> None:
    entry = found("member.order", random.Random(1))
    strict = Outcome(0, "b.xml", "invalid", contract="Order", profile="strict", diagnostics=(entry,))
    milder = ({**entry, "severity": "warning"}, {**entry, "path": "/a", "severity": "notice"})
    dotnet = Outcome(0, "b.xml", "valid", contract="Order", profile="dotnet", diagnostics=milder)
    whole = Outcome(0, "b.xml", "invalid", contract="Order", profile="both", judged=(strict, dotnet))
    path, about = page(tmp_path, [whole])
    _, [row], rows, _ = listed(path)
    assert rows == ["f0 b.xml"]
    assert len(row[4]) == 2
    assert (about.summary.codes["member.order"].count, about.summary.codes["member.order"].severity) == (2, "error")


def test_a_file_of_many_findings_is_behind_each_of_its_codes(tmp_path: Path) -> None:
    codes = [SOME[0]] * 12 + [SOME[1]] * 2 + SOME[2:4]
    told = tuple(found(code, random.Random(at)) | {"path": f"/{chr(97 + at)}"} for at, code in enumerate(codes))
    path, _ = page(tmp_path, [Outcome(0, "a.xml", "invalid", diagnostics=told)])
    about, [row], _, text = listed(path)
    kept = [about["codes"][one[0]] for one in row[4]]
    assert kept == [*codes[:10], *SOME[1:4]]
    assert row[5] == len(codes) - len(kept)
    assert f"and {len(codes) - len(kept)} more" in text


def test_good_files_make_way_for_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("convtool.reports.html._MOST", 30)
    monkeypatch.setattr("convtool.reports.html._PACKED", 10)
    for wrong, kept in ((25, 0), (20, 10), (5, 20), (40, 0)):
        made = [*good(60), *outcomes(wrong)]
        told, data, rows, text = listed(page(tmp_path, made)[0])
        assert [row[0] for row in data] == [one.name for one in (*made[60:90], *made[1 : 2 * kept : 2])]
        assert (told["total"], len(rows)) == (wrong + 30, min(100, wrong + 30))
        assert f"{wrong + 30 - len(data)} more files are in the other forms of the report." in text


def test_files_are_sorted_paged_and_grouped_by_code(tmp_path: Path) -> None:
    made = outcomes(1000)
    path, about = page(tmp_path, made)
    steps = """
      var heads = document.querySelectorAll("#files th[data-sort]");
      function told() { seen.push([names(), all("th[data-sort]").map(function (h) { return h.ariaSort; })]); }
      heads[0].querySelector("button").click(); told();
      heads[0].querySelector("button").click(); told();
      heads[0].querySelector("button").click(); told();
      $("after").click(); seen.push([names(), $("place").textContent, $("before").disabled]);
      document.querySelector("button[data-view=code]").click();
      seen.push(all("#files tr.group").map(function (row) { return row.textContent; }));
    """
    up, down, none, second, groups = driven(path, steps)
    names = [one.name for one in made]
    assert up == [sorted(names)[:100], ["ascending", "none", "none"]]
    assert down == [sorted(names, reverse=True)[:100], ["descending", "none", "none"]]
    assert none == [names[:100], ["none", "none", "none"]]
    assert second == [names[100:200], "page 2 of 10", False]
    counts = {code: row.files for code, row in about.summary.codes.items()}
    skipped = about.summary.statuses["skipped"]
    assert dict(re.findall(r"^(.+?) · ([\d,]+) files?$", "\n".join(groups), re.MULTILINE)) == {
        key: str(count) for key, count in {**counts, "(skipped)": skipped}.items()
    }


def test_it_is_used_by_keys_alone(tmp_path: Path) -> None:
    made = outcomes(1000)
    path, _ = page(tmp_path, made)
    steps = """
      press("/"); seen.push(document.activeElement.id);
      type("date"); press("Escape"); seen.push(shown());
      document.activeElement.blur();
      press("n"); seen.push($("place").textContent);
      press("p"); seen.push($("place").textContent);
      press("j"); seen.push(document.activeElement.id); press("j"); seen.push(document.activeElement.id);
      press("k"); seen.push(document.activeElement.id);
      press("c"); seen.push(document.querySelector("[aria-pressed=true]").dataset.view);
      $("theme").click(); seen.push(document.documentElement.dataset.theme);
    """
    assert driven(path, steps) == [
        "text", "1,000 of 1,000 files", "page 2 of 10", "page 1 of 10", "f0", "f1", "f0", "code", "dark",
    ]  # fmt: skip


def test_a_long_name_is_shortened_in_its_middle_and_whole_where_one_looks(tmp_path: Path) -> None:
    name = "archive/" + "a-very-long-folder/" * 12 + "the-end-of-the-name.xml"
    path, _ = page(tmp_path, [Outcome(0, name, "invalid", diagnostics=(found("value.kind", random.Random(1)),))])
    steps = """
      var link = document.querySelector(".path"), cell = link.closest("td"), tail = link.querySelector(".tail");
      seen.push(link.textContent, link.title);
      seen.push(link.scrollWidth <= cell.clientWidth, tail.scrollWidth <= tail.clientWidth);
      seen.push(link.clientHeight < 40);
      link.focus(); seen.push(link.clientHeight > 40, document.documentElement.scrollWidth <= innerWidth);
    """
    for width in ("1200", "500"):
        assert driven(path, steps, f"--window-size={width},900") == [name, name, True, True, True, True, True]


def test_a_captured_body_has_its_exchange(tmp_path: Path) -> None:
    path, _ = page(tmp_path, [captured()])
    steps = """
      for (var q of ["method:post", "operation:orders", "method:get"]) { type(q); seen.push(shown()); }
      type(""); seen.push(rows()[0].cells[0].textContent);
    """
    one, two, three, cell = driven(path, steps)
    assert (one, two, three) == ("1 of 1 file", "1 of 1 file", "0 of 1 file")
    assert cell == "a.har#1POST https://api.example/orders 422 POST orders"


AXE = """
  var told = await axe.run(document);
  seen.push(told.violations.map(function (one) { return one.id + ": " + one.nodes[0].html; }));
  seen.push(told.passes.length > 10);
"""


def axe() -> str:
    text = resources.files("axe_core_python").joinpath("axe.min.js").read_text("utf-8")
    return text.replace("</script", "<\\/script")


@pytest.mark.parametrize("look", ["light", "dark", "narrow", "by code", "printed"])
@pytest.mark.short(1)
def test_axe_sees_nothing_wrong(tmp_path: Path, look: str) -> None:
    path, _ = page(tmp_path, [*outcomes(30), captured()], command="convtool validate", started="2026", schemas="x")
    if look == "printed":
        path.write_text(path.read_text("utf-8").replace("@media print", "@media screen"), "utf-8")
    steps = {"by code": "press('c'); await wait();"}.get(look, "") + AXE
    options = {"dark": ["--blink-settings=preferredColorScheme=0"], "narrow": ["--window-size=500,900"]}.get(look, [])
    assert driven(path, steps, *options, script=axe()) == [[], True]


def test_axe_sees_what_is_wrong(tmp_path: Path) -> None:
    path, _ = page(tmp_path, outcomes(3))
    text = path.read_text("utf-8").replace('aria-label="Search"', "").replace("--soft: #55616f", "--soft: #ddd")
    path.write_text(text, "utf-8")
    wrong, _ = driven(path, AXE, script=axe())
    assert "color-contrast" in " ".join(wrong)


@pytest.mark.long
def test_fifty_thousand_files_are_a_small_page_that_is_there_at_once(tmp_path: Path) -> None:
    made = outcomes(50_000)
    path, _ = page(tmp_path, made)
    assert path.stat().st_size < 3_000_000
    shown, names, rows = driven(path, "seen.push(shown(), names(), document.querySelectorAll('tr.row').length);")
    assert (shown, rows) == ("50,000 of 50,000 files", 100)
    assert names == [one.name for one in made[:100]]


@pytest.mark.long
def test_fifty_thousand_good_files_are_a_small_page_too(tmp_path: Path) -> None:
    path, _ = page(tmp_path, good(100_000))
    assert path.stat().st_size < 3_000_000
    told, data, rows, _ = listed(path)
    assert (told["total"], len(data), len(rows)) == (50_000, 50_000, 100)


def test_what_was_run_is_said(tmp_path: Path) -> None:
    path, _ = page(
        tmp_path, outcomes(3), command=f"convtool validate {NASTY}", started="2026-11-26 23:00:00 +0100", seconds=83.2,
        profile="dotnet", schemas="/srv/schemas",
    )  # fmt: skip
    tree = etree.HTML(path.read_text("utf-8"))
    told = dict(zip(tree.xpath("//dl/dt/text()"), tree.xpath("//dl/dd/text()"), strict=True))
    assert told["command"] == f"convtool validate {NASTY}"
    assert (told["took"], told["profile"], told["schemas"]) == ("1 min 23 s", "dotnet", "/srv/schemas")
