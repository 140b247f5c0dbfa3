"""The page in a real browser, headless: driven as by hands, by keys, and looked at as a reader of the screen does."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from convtool.catalog import default_catalog
from convtool.operations import load_operations
from convtool.testing.stub.app import Stub
from convtool.testing.stub.listening import Listening
from convtool.trial import Opened, Trial
from tests.chromium import chromium
from tests.reports.test_html import axe
from tests.support import LIST, PARAM, SAMPLES, param

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.chromium import Page

CATALOG = default_catalog()
LOOKED = "document.documentElement.dataset.looked"
BAD = b'{"Debut": "2026-03-22T00:33:32+02:00",\n "Fin": "22/03/2026",\n "ProduitId": 7, "Extra": 1}'
LISTED = (SAMPLES / "valid" / f"{LIST}.json").read_bytes()
OTHER = LISTED.replace(b'"ProduitId": 1', b'"ProduitId": 99', 1)
HAR = (SAMPLES / "captures" / "chromium.har").read_bytes()
MARKUP = "<img src=x onerror=alert(1)><script>alert(2)</script>"


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with chromium(tmp_path_factory.mktemp("profile")) as found:
        yield found


@contextmanager
def served(page: Page, *opened: tuple[str, bytes]) -> Iterator[Listening]:
    """Serve the page with payloads, and open it; at the end it has asked nobody else, and complained about nothing."""
    trial = Trial(CATALOG, opened=tuple(Opened(*one) for one in opened))
    operations = load_operations(CATALOG.folder.path, CATALOG.contracts())
    with Listening(Stub(CATALOG, operations, host="127.0.0.1", trial=trial)) as server:
        page.requests.clear()
        page.said.clear()
        page.sized(1200, 900)
        page.dark(False)
        page.open("about:blank")  # so that an address that differs in its token alone is loaded
        page.open(f"{server.url}/#{trial.token}")
        page.wait(f"document.documentElement.dataset.ready && ({json.dumps(not opened)} || {LOOKED})")
        yield server
        hosts = {urlsplit(url).netloc for url in page.requests if not url.startswith(("about:", "blob:"))}
        assert hosts == {f"127.0.0.1:{server.port}"}
        assert page.said == []


def again(page: Page, script: str) -> None:
    """Do what lets the page look, and wait until it has."""
    before = page.run(f"String({LOOKED})")
    page.run(f"{{ {script} }}")
    page.wait(f"String({LOOKED}) !== {json.dumps(before)}")


def choose(page: Page, name: str, value: str) -> None:
    """Give a field a value, after which the page looks again."""
    field = f"const field = document.getElementById({json.dumps(name)})"
    again(page, f"{field}; field.value = {json.dumps(value)}; field.dispatchEvent(new Event('change'))")


def statuses(page: Page) -> list[str]:
    found: list[str] = page.run("[...document.querySelectorAll('.card b')].map(one => one.textContent)")
    return found


# --- one payload ------------------------------------------------------------------------------------------------------


def test_a_payload_that_was_opened_is_shown_with_its_findings_in_place(page: Page) -> None:
    with served(page, ("bad.json", BAD)):
        assert statuses(page) == ["invalid", "invalid"]
        assert page.text("#said") == "By the schemas: invalid. As .NET reads it: invalid."
        assert page.run("document.title") == "bad.json – convtool"
        marks = page.run("[...document.querySelectorAll('#result mark')].map(one => [one.textContent, one.className])")
        assert marks == [['"2026-03-22T00:33:32+02:00"', "warning"], ['"22/03/2026"', "error"], ['"Extra"', "error"]]
        # The remark stands below the line that it is about.
        below = "[...document.querySelectorAll('pre > .remark')].map(one => one.previousElementSibling.textContent)"
        assert page.run(below) == BAD.decode().split("\n")
        said = (
            "document.getElementById(document.querySelector('mark.error').getAttribute('aria-describedby')).textContent"
        )
        assert page.run(said).startswith("value.lexical")
        assert page.text("pre > .remark:nth-of-type(4)").startswith("value.lexical error '22/03/2026' is not a date as")
        assert "strict: error dotnet: warning" in page.text("pre > .remark:last-child")


def test_what_dotnet_reads_stands_beside_what_the_schemas_say(page: Page) -> None:
    data = param("<Fin>2026-03-31T00:00:00</Fin><Debut>2026-03-22T00:00:00</Debut><ProduitId>7</ProduitId>")
    with served(page, ("a.xml", data)):
        assert statuses(page) == ["invalid", "valid"]
        assert page.text(".panel:last-child h2") == "As JSON"
        assert page.text(".panel:last-child > p") == "As .NET reads it; in the other profile nothing can be written."
        assert '"Debut": "0001-01-01T00:00:00"' in page.text(".panel:last-child pre")


def test_the_other_format_is_indented_or_in_the_wire_form_and_can_be_saved(page: Page, tmp_path: Path) -> None:
    codec = CATALOG.contract(LIST)
    with served(page, ("list.json", LISTED)):
        text = "[...document.querySelectorAll('.panel:last-child .line')].map(one => one.textContent).join('\\n')"
        assert page.run(text) == codec.convert(LISTED, "xml", pretty=True).data.decode().rstrip("\n")
        again(
            page, "[...document.querySelectorAll('.hands button')].find(one => one.textContent === 'Wire form').click()"
        )
        assert page.run(text) == codec.to_xml(LISTED).decode()
        page.downloads(tmp_path)
        page.run("[...document.querySelectorAll('.hands button')].find(one => one.textContent === 'Save').click()")
        while not (tmp_path / "list.xml").exists():
            page.run("new Promise(done => setTimeout(done, 20))")
        assert (tmp_path / "list.xml").read_bytes() == codec.to_xml(LISTED)


def test_a_payload_is_typed_looked_at_and_edited_by_keys_alone(page: Page) -> None:
    with served(page):
        for _ in range(20):
            if page.run("document.activeElement.id") == "text-0":
                break
            page.key("Tab")
        page.type('{"ProduitId": 7, "Debut": "x"}')
        page.key("Enter", 2)
        page.wait(LOOKED)
        assert statuses(page) == ["invalid", "invalid"]
        page.run("document.activeElement.blur()")
        seen = []
        for key in ("n", "n", "p", "p"):
            page.key(key)
            seen.append(page.run("document.activeElement.textContent"))
        assert seen == ["{", '"x"', "{", '"x"']  # round and round
        page.run("document.getElementById('text-0').select()")
        page.type('{"ProduitId": 7}')
        before = page.run(LOOKED)
        page.key("Enter", 2)
        page.wait(f"{LOOKED} !== {json.dumps(before)}")
        assert statuses(page) == ["valid", "valid"]


def test_a_file_is_chosen_and_edited(page: Page, tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_bytes(param("<ProduitId>7</ProduitId>").replace(b"><Pro", b">\r\n<Pro"))
    with served(page):
        page.files('[data-side="0"] input', tmp_path / "a.xml")
        page.wait(LOOKED)
        assert statuses(page) == ["valid", "valid"]
        size = (tmp_path / "a.xml").stat().st_size
        (tmp_path / "a.xml").write_bytes(b"changed since")
        again(page, "document.getElementById('go').click()")
        assert statuses(page) == ["valid", "valid"]
        page.click('[data-side="0"] .edit')
        page.wait("!document.getElementById('text-0').hidden && document.getElementById('text-0').value")
        again(page, "document.getElementById('go').click()")
        assert page.text(".panel .name") == f"a.xml, {size} bytes"  # nothing was typed: its bytes count
        page.run("document.getElementById('text-0').value = document.getElementById('text-0').value.replace('7', 'x')")
        again(page, "document.getElementById('go').click()")
        assert statuses(page)[0] == "invalid"
        page.click('[data-side="0"] .clear')
        page.wait("!document.getElementById('result').childElementCount")


def test_what_is_pasted_is_looked_at_at_once_and_copied_whole(page: Page) -> None:
    with served(page):
        page.allow_clipboard()
        page.run(f"navigator.clipboard.writeText({json.dumps(OTHER.decode())})")
        page.run("document.getElementById('text-0').focus()")
        page.key("v", 2, "paste")
        page.wait(LOOKED)
        assert statuses(page) == ["valid", "valid"]
        assert page.text(".panel .name") == f"pasted, {len(OTHER) / 1000:.1f} kB"
        page.run("[...document.querySelectorAll('.hands button')].find(one => one.textContent === 'Copy').click()")
        page.wait("document.getElementById('said').textContent === 'Copied.'")
        expected = CATALOG.contract(LIST).convert(OTHER, "xml", pretty=True).data.decode()
        assert page.run("navigator.clipboard.readText()").strip() == expected.strip()


DROP = """
  const data = new DataTransfer();
  for (const [name, text] of %s) data.items.add(new File([text], name));
  const event = new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true });
  document.querySelector("%s").dispatchEvent(event);
"""


def test_files_are_dropped_anywhere_two_are_compared(page: Page) -> None:
    with served(page):
        again(page, DROP % (json.dumps([["a.json", BAD.decode()]]), "footer"))
        assert statuses(page) == ["invalid", "invalid"]
        again(page, DROP % (json.dumps([["a.json", LISTED.decode()], ["a.json", OTHER.decode()]]), "h1"))
        assert statuses(page) == ["1 difference"]
        assert page.text(".card p") == "a.json and a.json (2)"
        again(page, DROP % (json.dumps([["b.json", LISTED.decode()]]), "footer"))
        assert statuses(page) == ["the same value"]


def test_a_contract_and_a_format_can_be_named(page: Page) -> None:
    with served(page, ("pasted", b"ProduitId=7")):
        assert statuses(page) == ["invalid", "invalid"]
        choose(page, "contract", "ParamModel")
        choose(page, "format", "form")
        assert statuses(page) == ["valid", "valid"]
        assert PARAM in page.text(".card")


@pytest.mark.long
def test_of_a_large_payload_it_says_what_is_cut(page: Page) -> None:
    data = json.dumps([{"ProduitId": "x"} for _ in range(9_000)], indent=1).encode()
    with served(page, ("large.json", data)):
        assert page.text(".panel > p") == f"Only the beginning is shown: 2,000 lines, of {len(data) / 1000:.1f} kB."
        assert page.run("document.querySelectorAll('.panel:first-child .line').length") == 2000
        assert page.text(".found > li:last-child").endswith("more, which the command line lists")
        assert page.run("document.querySelector('.edit').hidden")
        assert page.run("document.querySelectorAll('.found > li').length") < 10  # those of a kind are one


# --- captures and pairs -----------------------------------------------------------------------------------------------


def test_the_exchanges_of_a_capture_are_listed_and_each_can_be_looked_at(page: Page) -> None:
    with served(page, ("session.har", HAR)):
        assert statuses(page) == ["invalid"]
        assert page.run("document.querySelectorAll('tbody tr').length") == 9
        again(page, "document.querySelector('[aria-label=\"Look at the response of exchange 8\"]').click()")
        assert statuses(page)[1:] == ["invalid", "invalid"]
        assert page.text("tr[aria-current]").startswith("8 POST")
        assert page.run("document.querySelectorAll('.panel mark.error').length") > 0
        again(page, "document.querySelector('[aria-label=\"Look at the request of exchange 4\"]').click()")
        assert statuses(page)[1:] == ["valid", "valid"]  # a form, whose contract the operation says
        assert page.text(".panel:last-child h2") == "As JSON"


def test_the_places_where_two_payloads_differ_are_marked_in_both(page: Page) -> None:
    with served(page, ("a.json", LISTED), ("b.json", OTHER)):
        assert statuses(page) == ["1 difference"]
        assert page.text(".found li").startswith("/0/ProduitId the values differ first 1 3:18 second 99 3:18")
        page.click(".found .link:last-of-type")
        page.run("document.querySelectorAll('.found .link')[1].click()")
        assert page.run("document.activeElement.dataset.marks") == "b0"
        assert page.run("document.activeElement.textContent") == "99"
        choose(page, "without", "/*/ProduitId")
        assert statuses(page) == ["the same value"]
        choose(page, "without", "/x")
        assert "leads to nothing that ArrayOfReponseV2Model has" in page.text("#said.wrong")
        page.said.clear()  # the browser tells of the answer, which is 400
        again(
            page,
            "document.getElementById('without').value = ''; document.querySelector('[data-side=\"1\"] .clear').click()",
        )
        assert statuses(page) == ["valid", "valid"]


def test_an_invalid_one_of_two_is_shown_with_its_findings(page: Page) -> None:
    with served(page, ("a.json", BAD), ("b.json", b'{"ProduitId": 7}')):
        assert statuses(page) == ["a.json is invalid: it has no value to compare"]
        assert page.run("document.querySelectorAll('.panel:first-child .remark').length") > 0


# --- attacks ----------------------------------------------------------------------------------------------------------

HOSTILE = {
    "names of members": ("a.json", json.dumps({MARKUP: 1, "ProduitId": MARKUP}).encode()),
    "its own name": (f"{MARKUP}.json", BAD),
    "XML": ("a.xml", param(f"<Debut>{MARKUP}</Debut>")),
    "no payload": (MARKUP, MARKUP.encode()),
    "an error response": ("a.json", json.dumps({"Message": MARKUP, "ModelState": {MARKUP: [MARKUP]}}).encode()),
    "a capture": ("a.har", HAR.replace(b"ConsommationV2", MARKUP.replace('"', "").encode())),
    "what is not seen": ("a\u202e.json", '{"\u202e\u200b\x1b": "\u2066"}'.encode()),
}


@pytest.mark.parametrize(("name", "data"), HOSTILE.values(), ids=HOSTILE)
def test_what_comes_from_outside_is_text(page: Page, name: str, data: bytes) -> None:
    with served(page, (name, data)):
        if page.run("Boolean(document.querySelector('td .link'))"):
            again(page, "document.querySelector('td .link').click()")
        assert (
            page.run("document.querySelectorAll('#result img, #result script, #asked img, #asked script').length") == 0
        )
        text = page.run("document.body.textContent")
        assert not any(one in text for one in "\u202e\u2066\x1b")
        assert page.run("document.querySelectorAll('.panel').length") == 2 or "a.har" in name


def test_its_policy_lets_no_text_become_a_script_and_nothing_leave(page: Page) -> None:
    with served(page):
        assert page.run("try { document.body.innerHTML = 'x'; 'taken' } catch (error) { error.name }") == "TypeError"
        assert page.run("try { eval('1'); 'taken' } catch (error) { error.name }") == "EvalError"
        script = "const one = document.createElement('script'); one.textContent"
        assert (
            page.run(f"try {{ {script} = 'window.x = 1'; document.body.append(one); 'x' in window }} catch {{ false }}")
            is False
        )
        gone = "fetch('http://localhost:1/').then(() => 'left', error => error.name)"
        assert page.run(gone) == "TypeError"
        page.requests[:] = [url for url in page.requests if "localhost:1/" not in url]
        page.said.clear()  # the policy's complaints


def test_when_the_server_is_gone_it_says_so(page: Page) -> None:
    with served(page, ("a.json", BAD)) as server:
        server.stop()
        again(page, "document.getElementById('go').click()")
        assert page.text("#said.wrong") == "The server does not answer: is convtool still running?"
        page.said.clear()


# --- how it looks -----------------------------------------------------------------------------------------------------

SHOWN = {
    "nothing": (), "a payload": (("bad.json", BAD),), "a capture": (("session.har", HAR),),
    "a pair": (("a.json", LISTED), ("b.json", OTHER)),
    "long names": ((f"{'name' * 60}.json", json.dumps({"x" * 500: "y" * 500}).encode()),),
}  # fmt: skip


@pytest.mark.parametrize("opened", SHOWN.values(), ids=SHOWN)
@pytest.mark.short(1)
def test_axe_sees_nothing_wrong_light_dark_and_narrow(page: Page, opened: tuple[tuple[str, bytes], ...]) -> None:
    with served(page, *opened):
        if page.run("Boolean(document.querySelector('td .link'))"):
            again(page, "document.querySelector('td .link').click()")
        for width in (1200, 500, 400):
            page.sized(width, 900)
            assert page.run("document.documentElement.scrollWidth <= innerWidth"), width
            for dark in (False, True):
                page.dark(dark)
                assert page.violations(axe()) == [], (width, dark)


def test_axe_sees_what_is_wrong(page: Page) -> None:
    with served(page, ("bad.json", BAD)):
        page.run(
            "document.querySelector('label[for=text-0]').remove(); document.querySelector('h1').style.color = '#eee'"
        )
        found = " ".join(page.violations(axe()))
        assert "color-contrast" in found


def test_its_colours_are_the_systems_or_chosen(page: Page) -> None:
    with served(page):
        paper = "getComputedStyle(document.body).backgroundColor"
        light = page.run(paper)
        page.dark()
        dark = page.run(paper)
        assert light != dark
        seen = []
        for _ in range(3):
            page.click("#theme")
            seen.append((page.text("#theme"), page.run(paper)))
        assert seen == [("Colours: dark", dark), ("Colours: light", light), ("Colours: as the system", dark)]
