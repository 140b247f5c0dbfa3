"""How the samples in ``samples/captures`` were recorded: by the tools themselves, against the stub server.

    python tests/captures/record.py [har] [attached] [cassettes] [old] [flows] [warc] [wget] [curl] [proxied] [raw]

Needs what each tool needs: vcrpy, requests, httpx; mitmproxy; warcio; curl and wget; for HARs Node with playwright-core
(in NODE_PATH) and Chromium (CHROMIUM names it); for ``old`` a Python with vcrpy 4 and httpx (OLD_PYTHON names it). The
environment may name a folder to write to (SAMPLES). Reports beside them: ``CONVTOOL_UPDATE=1 pytest tests/captures``.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.captures.stub import ROOT, VALID, proxy, stub

SAMPLES = Path(os.environ.get("SAMPLES") or ROOT / "samples" / "captures")
PORT, RELAY, PROXY = 8765, 8767, 8768  # fixed, so that recording again changes little
PATH = "/facturation/api/ConsommationV2"
REQUEST_JSON = (VALID / "ParamModel.json").read_bytes().strip()
REQUEST_XML = (VALID / "ParamModel.xml").read_bytes().strip()
FORM = b"Debut=2026-03-22&Fin=2026-03-31&ProduitId=1"
WRONG = b'{"Debut":"2026-03-22","Fin":"2026-03-31","ProduitId":"x"}'
# Content-Type, body, answer, codings of the answer
EXCHANGES = [
    ("application/json", REQUEST_JSON, "json", "gzip"),
    ("application/xml; charset=utf-8", REQUEST_XML, "xml", "deflate"),
    ("application/x-www-form-urlencoded", FORM, "json-utf-16", ""),
    ("application/xml; charset=utf-16", REQUEST_XML.decode().encode("utf-16"), "xml-utf-16", "gzip"),
    ("application/json; charset=utf-8", WRONG, "state", ""),
    ("text/xml", REQUEST_XML, "thrown", ""),
    ("text/json", REQUEST_JSON, "wrong", "chunked"),
    ("application/json", REQUEST_JSON, "nothing", ""),
]
HEAVY = [("application/json", REQUEST_JSON, "json", "br"), ("application/json", REQUEST_JSON, "xml", "zstd chunked")]

SCRIPT = """
const { chromium } = require('playwright-core');
(async () => {
  const [url, path, out, given, content] = process.argv.slice(2);
  const exchanges = JSON.parse(given);
  const executablePath = process.env.CHROMIUM || '/usr/bin/chromium';
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  const context = await browser.newContext({ recordHar: { path: out, content } });
  const page = await context.newPage();
  await page.goto(url + '/');
  await page.evaluate(async ([path, exchanges]) => {
    for (const [type, body, answer, coding] of exchanges) {
      const bytes = Uint8Array.from(atob(body), c => c.charCodeAt(0));
      const headers = { 'Content-Type': type, 'X-Answer': answer, 'X-Coding': coding };
      await (await fetch(path, { method: 'POST', headers, body: bytes })).arrayBuffer();
    }
  }, [path, exchanges]);
  await context.close();
  await browser.close();
})();
"""


def headers(content_type: str, answer: str, coding: str) -> dict[str, str]:
    return {"Content-Type": content_type, "X-Answer": answer, "X-Coding": coding}


def post_all(
    url: str, proxies: dict[str, str] | None = None, exchanges: list[tuple[str, bytes, str, str]] | None = None
) -> None:
    import requests

    with requests.Session() as session:
        session.trust_env = False
        for content_type, body, answer, coding in exchanges or EXCHANGES:
            session.post(
                url + PATH, data=body, headers=headers(content_type, answer, coding), proxies=proxies, timeout=10
            )
        session.get(url + "/health", proxies=proxies, timeout=10)


def har(url: str) -> None:
    _har(url, SAMPLES / "chromium.har", "embed", EXCHANGES)


def attached(url: str) -> None:
    """Keep bodies beside the HAR, in its zip; and nothing of them, as browsers do with what is too large."""
    _har(url, SAMPLES / "playwright.zip", "attach", [EXCHANGES[i] for i in (0, 1, 4)])
    _har(url, SAMPLES / "playwright-omit.har", "omit", [EXCHANGES[0]])


def _har(url: str, out: Path, content: str, taken: list[tuple[str, bytes, str, str]]) -> None:
    from base64 import b64encode

    exchanges = json.dumps([(kind, b64encode(body).decode(), answer, coding) for kind, body, answer, coding in taken])
    subprocess.run(["node", "-e", SCRIPT, "-", url, PATH, str(out), exchanges, content], check=True)


def cassettes(url: str) -> None:
    import vcr

    for suffix, serializer, exchanges in (
        ("yaml", "yaml", EXCHANGES + HEAVY),
        ("json", "json", [EXCHANGES[i] for i in (1, 4, 7)]),
    ):
        out = SAMPLES / f"vcrpy.{suffix}"
        out.unlink(missing_ok=True)
        # JSON cassettes hold no bytes: vcrpy undoes the codings for them.
        with vcr.VCR(serializer=serializer, decode_compressed_response=suffix == "json").use_cassette(str(out)):
            post_all(url, exchanges=exchanges)


OLD = """
import sys, httpx, vcr
url, path, out, *exchanges = sys.argv[1:]
with vcr.use_cassette(out), httpx.Client() as client:
    for at in range(0, len(exchanges), 2):
        fields = {"Content-Type": "application/json", "X-Answer": exchanges[at]}
        client.post(url + path, content=exchanges[at + 1].encode(), headers=fields)
"""


def old(url: str) -> None:
    """Record httpx with an old vcrpy, which has a form of its own for it, and with the present one."""
    pairs = ["json", REQUEST_JSON.decode(), "state", WRONG.decode()]
    for python, name in ((os.environ["OLD_PYTHON"], "vcrpy-4-httpx.yaml"), (sys.executable, "vcrpy-httpx.yaml")):
        out = SAMPLES / name
        out.unlink(missing_ok=True)
        subprocess.run([python, "-c", OLD, url, PATH, str(out), *pairs], check=True)


def flows(url: str) -> None:
    out = SAMPLES / "mitmproxy.flows"
    out.unlink(missing_ok=True)
    tool = Path(sys.executable).parent / "mitmdump"
    with subprocess.Popen(
        [tool, "-q", "-p", "8766", "-w", str(out), "--set", "confdir=/tmp/mitmproxy-record"]
    ) as process:
        time.sleep(5)
        post_all(url, {"http": "http://127.0.0.1:8766"}, EXCHANGES + HEAVY)
        time.sleep(1)
        process.terminate()


def warc(url: str) -> None:
    from warcio.capture_http import capture_http  # before requests: it patches http.client

    out = SAMPLES / "warcio.warc.gz"
    out.unlink(missing_ok=True)
    with capture_http(str(out)):
        post_all(url, exchanges=EXCHANGES + HEAVY)


def curl(url: str) -> None:
    assert shutil.which("curl")
    called = {
        "curl-i.http": (EXCHANGES[1], ["-i"]),
        "curl-i-chunked.http": (EXCHANGES[6], ["-i"]),
        "curl-i-compressed.http": (EXCHANGES[0], ["-i", "--compressed"]),
        "curl-i-error.http": (EXCHANGES[4], ["-i"]),
        "curl-raw.http": (EXCHANGES[6], ["-i", "--raw"]),
    }
    for name, ((content_type, body, answer, coding), options) in called.items():
        fields = [f"-H{key}: {value}" for key, value in headers(content_type, answer, coding).items() if value]
        coded = ["-HX-Coding:"] if not coding else []
        command = ["curl", "-s", *options, *fields, *coded, "--data-binary", "@-", url + PATH]
        (SAMPLES / name).write_bytes(subprocess.run(command, input=body, capture_output=True, check=True).stdout)


def wget(url: str) -> None:
    """Record with wget, which writes records about itself as well, and names halves by the other's identifier."""
    out = SAMPLES / "wget.warc.gz"
    out.unlink(missing_ok=True)
    for number, (content_type, body, answer, coding) in enumerate((EXCHANGES[1], EXCHANGES[4], EXCHANGES[6])):
        fields = [f"--header={key}: {value}" for key, value in headers(content_type, answer, coding).items() if value]
        part = out.with_name(f"part{number}")
        command = ["wget", "-q", "-O", os.devnull, f"--warc-file={part.name}", *fields, f"--post-data={body.decode()}"]
        subprocess.run([*command, url + PATH], cwd=SAMPLES, check=False)  # 8 where the server answers with an error
        with out.open("ab") as whole:
            whole.write(part.with_name(part.name + ".warc.gz").read_bytes())
        part.with_name(part.name + ".warc.gz").unlink()


def proxied(url: str) -> None:
    """Keep what curl prints of a tunnel, a challenge of the proxy and one of the server, and a redirect."""
    fields = [f"-H{key}: {value}" for key, value in headers(*EXCHANGES[0][::2], "").items() if value]
    with proxy(PROXY) as through:
        ways = ["-sL", "-p", "-x", through, "--proxy-anyauth", "-Ua:b", "--anyauth", "-ua:b", "-HX-Challenge: yes"]
        for name, more in (("curl-proxied.http", ["-i"]), ("curl-verbose.txt", ["-v"])):
            command = ["curl", *ways, *more, *fields, "-d", REQUEST_JSON.decode(), f"{url}{PATH}/moved"]
            out = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=True).stdout
            (SAMPLES / name).write_bytes(out)


def raw(url: str) -> None:
    """Keep what curl and the stub say to each other, byte for byte: it goes through a relay."""
    kept = bytearray()
    host, port = url.removeprefix("http://").split(":")
    with socket.create_server(("127.0.0.1", RELAY)) as listening:
        for content_type, body, answer, coding in (EXCHANGES[1], EXCHANGES[4], EXCHANGES[6]):
            fields = [f"-H{key}: {value}" for key, value in headers(content_type, answer, coding).items() if value]
            command = [
                "curl",
                "-s",
                "-HConnection: close",
                *fields,
                "--data-binary",
                "@-",
                f"http://127.0.0.1:{RELAY}{PATH}",
            ]
            with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as client:
                assert client.stdin is not None
                client.stdin.write(body)
                client.stdin.close()
                near, _ = listening.accept()
                with near, socket.create_connection((host, int(port))) as far:
                    request = b""
                    while not request.endswith(body):
                        request += near.recv(65536)
                    far.sendall(request)
                    response = b"".join(iter(lambda: far.recv(65536), b""))
                    near.sendall(response)
                kept += request + response
    (SAMPLES / "conversation.http").write_bytes(kept)


if __name__ == "__main__":
    SAMPLES.mkdir(exist_ok=True)
    recorders = {
        "har": har, "attached": attached, "cassettes": cassettes, "old": old, "flows": flows, "warc": warc,
        "wget": wget, "curl": curl, "proxied": proxied, "raw": raw,
    }  # fmt: skip
    os.environ["no_proxy"] = ""
    names = sys.argv[1:] or list(recorders)
    if len(names) > 1:
        for name in names:  # each in a process of its own: warcio patches http.client, and has to be first
            subprocess.run([sys.executable, __file__, name], check=True)
    else:
        with stub(PORT) as server:
            recorders[names[0]](server)
