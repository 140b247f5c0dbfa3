"""``convtool serve`` as tests in other languages meet it: a process on a real port, asked by curl and a browser."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

import pytest

import convtool
from convtool.testing import ContractServer, RecordedRequest
from tests.browser import dom, shown
from tests.cli.conftest import COMMAND, Run
from tests.support import LIST, PARAM

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

JSON = b'{"Debut":"2026-03-22","Fin":"2026-03-31","ProduitId":7}'
XML = convtool.contract(PARAM).to_xml(JSON)
AS_JSON, AS_XML = "Content-Type: application/json", "Content-Type: application/xml; charset=utf-8"


class Served:
    """A running ``convtool serve``: its address, and, once it has ended, its code and what it said."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.code = -1
        self.said: list[str] = []

    @property
    def api(self) -> str:
        return f"{self.url}/any/prefix/api/ConsommationV2"


@contextmanager
def served(environment: dict[str, str], *arguments: str | Path) -> Iterator[Served]:
    """Run the command on any free port, and end it with Ctrl-C."""
    command = [*COMMAND, "serve", "--port", "0", *map(str, arguments)]
    pipe = subprocess.PIPE
    heeds = partial(signal.signal, signal.SIGINT, signal.default_int_handler)  # whatever the tests' own parent ignores
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, env=environment, preexec_fn=heeds) as process:  # noqa: PLW1509
        assert process.stdout is not None
        server = Served(process.stdout.readline().strip())
        try:
            assert server.url.startswith("http://127.0.0.1:"), process.communicate(timeout=20)
            yield server
            process.send_signal(signal.SIGINT)
            rest, said = process.communicate(timeout=20)
            assert rest == ""
            server.code, server.said = process.returncode, said.splitlines()
        finally:
            process.kill()


def curl(url: str, *arguments: str, body: bytes | None = None) -> tuple[int, str, bytes]:
    """Ask with curl: the status, the media type and the body of the answer."""
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    command = ["curl", "-sS", "-m", "20", "--noproxy", "*", "-w", "\n%{http_code} %{content_type}", *arguments, url]
    sent = [] if body is None else ["--data-binary", "@-"]
    done = subprocess.run([*command, *sent], input=body, capture_output=True, check=True, timeout=60)
    answer, _, last = done.stdout.rpartition(b"\n")
    status, _, content_type = last.decode().partition(" ")
    return int(status), content_type, answer


def test_curl_gets_either_format_in_either_charset(environment: dict[str, str]) -> None:
    codec = convtool.contract(LIST)
    with served(environment) as server:
        for body, sent, accept, content_type in (
            (JSON, AS_JSON, "*/*", "application/json; charset=utf-8"),
            (JSON, AS_JSON, "application/xml", "application/xml; charset=utf-8"),
            (XML, AS_XML, "", "application/xml; charset=utf-8"),  # without Accept the request's own format counts
            (XML, AS_XML, "*/*", "application/json; charset=utf-8"),
            (XML, AS_XML, "text/json", "text/json; charset=utf-8"),
            (JSON.decode().encode("utf-16"), "Content-Type: text/json; charset=utf-16", "text/xml; q=0.5, image/png",
             "text/xml; charset=utf-16"),
            (JSON, AS_JSON, "image/png", "application/json; charset=utf-8"),
        ):  # fmt: skip
            status, got, answer = curl(server.api, "-H", sent, "-H", f"Accept:{accept}", body=body)
            assert (status, got) == (200, content_type)
            assert codec.validate(answer)
    assert server.code == 130
    assert server.said[0] == (
        f"1 operation, described at {server.url}/Help; payloads can be tried at {server.url}/; Ctrl-C ends"
    )
    assert server.said[1:] == [f"200 POST {server.api}"] * 7


def test_curl_is_told_what_is_wrong(environment: dict[str, str]) -> None:
    with served(environment) as server:
        status, kind, answer = curl(server.api, "-H", AS_JSON, body=b'{"Debut":"x","ProduitId":"7"}')
        assert (status, kind) == (400, "application/json; charset=utf-8")
        assert list(json.loads(answer)["ModelState"]) == ["model.Debut", "model.ProduitId"]
        status, kind, answer = curl(server.api, "-H", AS_XML, "-H", "Accept: application/xml", body=XML[:-3])
        assert (status, kind) == (400, "application/xml; charset=utf-8")
        assert answer.startswith(b"<Error><Message>The request is invalid.</Message><ModelState>")
        assert curl(server.api, "-H", "Content-Type: text/csv", body=b"1;2")[0] == 415
        assert curl(server.api)[0] == 405
        assert curl(f"{server.url}/api/Nope")[0] == 404
        assert curl(f"{server.url}/%0A::error::x%1B%E2%80%AE", "-X", "POST\u202e")[0] == 400
        assert curl(f"{server.url}/%0A::error::x%1B%E2%80%AE")[0] == 404
    assert [line.split()[0] for line in server.said[1:]] == ["400", "400", "415", "405", "404", "404"]
    assert all(line.isprintable() for line in server.said)


def test_the_options_of_the_command(environment: dict[str, str], second_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "ConsommationV2.json").write_bytes(b'[{"ProduitId":42}]')
    loose = b"{'debut':'2026-03-22','ProduitId':'7'}"
    with served(environment, "--responses", tmp_path, "--profile", "dotnet") as server:
        assert curl(server.api, "-H", AS_JSON, body=loose)[::2] == (200, b'[{"ProduitId":42}]')
    given = []
    for _ in range(2):
        with served(environment, "--schemas", second_folder, "--seed", "5") as server:
            given.append([curl(f"{server.url}/v1/factures/{number}")[2] for number in (1, 2)])
    assert given[0] == given[1]
    assert given[0][0] != given[0][1]
    assert convtool.Catalog(second_folder).contract("Facture").validate(given[0][0])


def test_other_languages_inject_errors_and_ask_what_was_requested(environment: dict[str, str]) -> None:
    with served(environment) as server:
        rule = b'{"status":503,"message":"Back soon.","times":1,"headers":{"Retry-After":"2"}}'
        assert curl(f"{server.url}/_convtool/rules", body=rule)[0] == 204
        assert curl(server.api, "-H", AS_JSON, body=JSON)[::2] == (503, b'{"Message":"Back soon."}')
        assert curl(f"{server.url}/_convtool/rules", body=b'{"broken":"truncated"}')[0] == 204
        assert not convtool.contract(LIST).validate(curl(server.api, "-H", AS_JSON, body=JSON)[2])
        listed = json.loads(curl(f"{server.url}/_convtool/requests")[2])
    assert [(one["status"], one["body"]) for one in listed] == [(503, JSON.decode()), (200, JSON.decode())]


def test_a_browser_shows_the_operations(environment: dict[str, str], second_folder: Path, tmp_path: Path) -> None:
    with served(environment) as server:
        bundled = shown(dom(f"{server.url}/Help", tmp_path / "bundled"))
    assert bundled.startswith("POST api/ConsommationV2 Permet d'obtenir les consommations par identifiant API. Request")
    assert "ProduitId Permet de filtrer sur un produit en particulier" in bundled
    assert '"NomProduit": "sample string 2"' in bundled
    assert "<NomProduit>sample string 2</NomProduit>" in bundled
    with served(environment, "--schemas", second_folder) as server:
        own = shown(dom(f"{server.url}/Help", tmp_path / "own"))
    assert own.startswith("API 4 operations, served by a stub that checks what it is sent. API Description GET v1/fact")
    for name in ("GET v1/factures/{numero}", "PUT v1/factures/{numero}", "POST v1/mesures?site={site}"):
        assert own.count(name) == 2


def test_a_contract_that_cannot_be_had_ends_it_at_once(run: Run, second_folder: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(second_folder, tmp_path / "api")
    (folder / "Facture.schema.json").write_text("{")
    broken = run("serve", "--schemas", folder, "--port", "0")
    assert broken.exit_code == 2
    assert "Facture.schema.json: not JSON" in broken.stderr


def test_why_there_is_no_answer_is_told(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def ask(server: ContractServer) -> None:
        answered = RecordedRequest("GET", "http://a/api/X\x1b", status=500, error="there is none:\nX\x1b")
        assert server.stub.on_request is not None
        server.stub.on_request(answered)
        server.stop()

    monkeypatch.setattr(ContractServer, "run", ask)
    told = run("serve", "--port", "0").stderr
    assert told.endswith("500 GET http://a/api/X\\x1b\n  there is none:\n  X\\x1b\n")


def test_what_cannot_be_served(run: Run, tmp_path: Path) -> None:
    empty = run("serve", "--schemas", tmp_path)
    assert empty.exit_code == 2
    taken = run("serve", "--host", "203.0.113.1", "--port", "0")  # an address of documents, which no machine has
    assert taken.exit_code == 2
    assert "cannot be listened on" in taken.stderr
    nowhere = run("serve", "--responses", tmp_path / "nowhere")
    assert nowhere.exit_code == 2
    assert "is not a folder of payloads" in nowhere.stderr
