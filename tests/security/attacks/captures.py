"""Captures that nobody means well with."""

from __future__ import annotations

import base64
import gzip
import io
import json
import zipfile
import zlib
from typing import TYPE_CHECKING, Any

from tests.captures.support import REQUEST, RESPONSE, entry, har
from tests.security.attacks import Attack, validate

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["ATTACKS"]

_M = 1_000_000


def _with(**response: Any) -> bytes:
    one = entry()
    one["response"] |= response
    return har(one)


def _content(**content: Any) -> bytes:
    return har(entry(**content))


def _coded(name: str, data: bytes) -> bytes:
    return har(entry(body=data, fields={"Content-Encoding": name}))


def _http(head: str, body: bytes = b"[]") -> bytes:
    return f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n{head}\r\n\r\n".encode() + body


def _cassette(request: str = "", more: str = "") -> bytes:
    return (
        f"interactions:\n- request:\n    method: POST\n    uri: http://x/api/ConsommationV2\n    body: '{{}}'\n{request}"
        f"  response:\n    status: {{code: 200}}\n    headers: {{}}\n    body: {{string: '[]'}}\n{more}version: 1\n"
    ).encode()


def _aliases(levels: int) -> bytes:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, levels)]
    inside = "".join(f"    {line}\n" for line in lines)
    return _cassette(f"{inside}    headers: {{x: *a{levels - 1}}}\n")


def _warc(head: str, body: bytes = b"") -> bytes:
    return f"WARC/1.1\r\n{head}\r\n\r\n".encode() + body + b"\r\n\r\n"


def _response(**more: str) -> bytes:
    block = _http("")
    fields = {"WARC-Type": "response", "WARC-Target-URI": "http://x/api/ConsommationV2", "Content-Type": "application/http;msgtype=response",
              "Content-Length": str(len(block)), **{name.replace("_", "-"): value for name, value in more.items()}}  # fmt: skip
    return _warc("\r\n".join(f"{name}: {value}" for name, value in fields.items()), block)


def _zipped(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def _beside(name: str) -> bytes:
    return har(entry(body=None, _file=name))


_NO = "no verdict"
# name, the file's name, its bytes, the exit code, a part of what is said, whether it is heavy
_FILES: list[tuple[str, str, Callable[[], bytes], int, str, bool]] = [
    ("a body beside it, up three folders", "a.har", lambda: _beside("../../../etc/passwd"), 1, "is not in the capture's folder", False),
    ("a body beside it, at the root", "a.har", lambda: _beside("/etc/passwd"), 1, "is not in the capture's folder", False),
    ("a body beside it, of a drive", "a.har", lambda: _beside("C:\\\\Windows\\\\win.ini"), 1, "is not in the capture's folder", False),
    ("a body beside it with a NUL in its name", "a.har", lambda: _beside("a\0b"), 1, "is not in the capture's folder", False),
    ("a body beside it that is its folder", "a.har", lambda: _beside("."), 1, "is no regular file", False),
    ("a HAR whose entries do not end", "a.har", lambda: b'{"log":{"version":"1.2","entries":[' + har(entry())[80:], 1, "capture.syntax", False),
    ("a HAR of 100,000 brackets", "a.har", lambda: b'{"log":{"version":"1.2","entries":[' + b"[" * 100_000, 1, "capture.syntax", False),
    ("an entry of 30 MB that does not end", "a.har", lambda: b'{"log":{"version":"1.2","entries":[{"x":"' + b"a" * 30 * _M, 1, "capture.", True),
    ("200,000 entries that are none", "a.har", lambda: b'{"log":{"version":"1.2","entries":[' + b"1," * 200_000 + b"1]}}", 1, "capture.limit", True),
    ("a member of 20 MB before the entries", "a.har", lambda: b'{"log":{"version":"1.2","comment":"' + b"x" * 20 * _M + b'","entries":[]}}', 1, "without an exchange", True),
    ("base64 that is none", "a.har", lambda: _content(text="=" * 10_000), 1, "capture.encoding", False),
    ("an encoding that is none", "a.har", lambda: _content(encoding="rot13"), 1, "capture.encoding", False),
    ("a size of 10^400", "a.har", lambda: har(entry()).replace(b'"size": 110', b'"size": 1' + b"0" * 400), 0, "", False),
    ("a status of letters", "a.har", lambda: _with(status="\x1b[31m200"), 0, "capture.field", False),
    ("a status below nothing", "a.har", lambda: _with(status=-(10**30)), 0, "", False),
    ("headers that are no list", "a.har", lambda: _with(headers={"a": [1, 2]}), 0, "capture.field", False),
    ("a hundred thousand headers", "a.har", lambda: _with(headers=[{"name": "X", "value": "y"}] * 100_000), 0, "", True),
    ("a URL of 2 MB", "a.har", lambda: har(entry()).replace(b"https://", b"https://" + b"a" * 2 * _M), 0, "", False),
    ("a URL with a colour and a command", "a.har", lambda: har(entry()).replace(b"/api/Cons", b"/\\u001b[31m\\n::error::x/api/Cons"), 0, "", False),
    ("a media type of 1 MB", "a.har", lambda: har(entry(content_type="application/json;" + "a=b;" * 250_000)), 0, "", True),
    ("a charset that is a codec of Python's", "a.har", lambda: har(entry(content_type="application/json; charset=zip_codec")), 1, "capture.charset", False),
    ("gzip of 200 MB", "a.har", lambda: _coded("gzip", gzip.compress(bytes(200 * _M), 1)), 1, "capture.limit", True),
    ("deflate of 200 MB", "a.har", lambda: _coded("deflate", zlib.compress(bytes(200 * _M), 1)), 1, "capture.limit", True),
    ("gzip in gzip in gzip, of 60 MB", "a.har", lambda: _coded("gzip, gzip, gzip", gzip.compress(gzip.compress(gzip.compress(bytes(60 * _M), 1)))), 1, "", True),
    ("a thousand codings", "a.har", lambda: _coded(", ".join(["gzip"] * 1000), gzip.compress(RESPONSE)), 1, "capture.coding", False),
    ("a coding with a colour", "a.har", lambda: _coded("\x1b[31mx", b"\x80\x81\x82"), 1, r"\x1b[31mx", False),
    ("20,000 gzip members", "a.har", lambda: _coded("gzip", gzip.compress(b"") * 20_000), 1, "capture.limit", False),
    ("20,000 gzip members with a byte each", "a.har", lambda: _coded("gzip", gzip.compress(b" ") * 20_000), 1, "capture.limit", False),
    ("a gzip member that is cut off behind 5,000", "a.har", lambda: _coded("gzip", (gzip.compress(b" ") * 5_000)[:-9]), 1, "capture.truncated", False),
    ("a Content-Length of 20 digits", "a.http", lambda: _http("Content-Length: 99999999999999999999"), 0, "valid", False),
    ("a Content-Length below nothing", "a.http", lambda: _http("Content-Length: -1"), 0, "valid", False),
    ("chunks larger than what comes", "a.http", lambda: _http("Transfer-Encoding: chunked", b"FFFFFFFF\r\n[]"), 1, _NO, False),
    ("chunks of 10^30 bytes", "a.http", lambda: _http("Transfer-Encoding: chunked", b"F" * 25 + b"\r\n[]"), 1, "input.format", False),
    ("a chunk below nothing", "a.http", lambda: _http("Transfer-Encoding: chunked", b"-1\r\n[]"), 1, "", False),
    ("300,000 chunks of a byte", "a.http", lambda: _http("Transfer-Encoding: chunked", b"1\r\n \r\n" * 300_000 + b"0\r\n\r\n"), 1, "", True),
    ("a head of 1 MB", "a.http", lambda: _http("X: " + "a" * _M), 1, "endless head", False),
    ("100,000 heads without an end", "a.http", lambda: b"HTTP/1.1 200 OK\r\n" * 100_000, 1, "capture.", True),
    ("20,000 responses of nothing", "a.http", lambda: b"HTTP/1.1 204 No Content\r\n\r\n" * 20_000, 1, "", True),
    ("a header that goes on for 60,000 lines", "a.http", lambda: _http("X: a\r\n" + " b\r\n" * 60_000 + "Y: z"), 0, "valid", False),
    ("requests and responses smuggled in a body", "a.http", lambda: _http("Content-Length: 2", b"[]GET /api HTTP/1.1\r\nHost: x\r\n\r\nHTTP/1.1 200 OK\r\n\r\n[]"), 0, "1 more not ours", False),
    ("a cassette that asks for an object", "a.yaml", lambda: _cassette("    x: !!python/object/apply:os.system ['touch /tmp/evil']\n"), 1, "capture.unsafe", False),
    ("a cassette that asks for a module", "a.yaml", lambda: _cassette("    x: !!python/module:os\n"), 1, "capture.unsafe", False),
    ("a cassette that asks for an instance with state", "a.yaml", lambda: _cassette("    x: !!python/object/new:subprocess.Popen {args: [['id']]}\n"), 1, "capture.unsafe", False),
    ("a cassette that asks for Ruby's object", "a.yaml", lambda: _cassette("    x: !ruby/object:Gem::Installer {i: x}\n"), 1, "capture.unsafe", False),
    ("aliases of seven levels", "a.yaml", lambda: _aliases(7), 1, "capture.limit", False),
    ("aliases of nine levels", "a.yaml", lambda: _aliases(9), 1, "capture.limit", False),
    ("aliases of sixty levels", "a.yaml", lambda: _aliases(60), 1, "capture.limit", False),
    ("an alias of itself", "a.yaml", lambda: _cassette("    headers: &h {x: *h}\n"), 1, "capture.syntax", False),
    ("50,000 levels of YAML", "a.yaml", lambda: _cassette(f"    headers: {'[' * 50_000}\n"), 1, "capture.syntax", True),
    ("a hundred thousand anchors", "a.yaml", lambda: _cassette("    headers:\n" + "".join(f"      a{n}: &a{n} x\n" for n in range(100_000))), 0, "", True),
    ("merge keys of merge keys", "a.yaml", lambda: _cassette("    headers: {<<: [{<<: {a: b}}, {<<: {a: c}}]}\n"), 0, "", False),
    ("a date that there is not, a number that is none", "a.yaml", lambda: _cassette("    headers: {a: 2026-02-30, b: .inf, c: 0o9}\n"), 0, "", False),
    ("a WARC record of 10^18 bytes", "a.warc", lambda: _response(Content_Length=str(10**18)), 1, _NO, False),
    ("a WARC record of fewer bytes than it has", "a.warc", lambda: _response(Content_Length="3"), 1, "", False),
    ("a WARC record below nothing", "a.warc", lambda: _response(Content_Length="-5"), 1, "", False),
    ("20,000 records that name each other", "a.warc", lambda: b"".join(_response(WARC_Concurrent_To="<urn:x>", WARC_Record_ID="<urn:x>") for _ in range(20_000)), 0, "", True),
    ("a WARC in 3,000 gzip members of nothing", "a.warc.gz", lambda: gzip.compress(_response()) + gzip.compress(b"") * 3_000, 0, "", False),
    ("a flow of 10^11 bytes", "a.flows", lambda: b"99999999999:7:version;", 1, "capture.", False),
    ("flows of 50,000 levels", "a.flows", lambda: b"12:7:version;2:21#}" + b"9:" * 50_000, 1, "capture.", False),
    ("Fiddler's sessions in folders that lead out", "a.saz", lambda: _zipped({"raw/1_c.txt": b"GET / HTTP/1.1\r\n\r\n", "raw/../../1_s.txt": b"HTTP/1.1 200 OK\r\n\r\n[]"}), 1, "", False),
    ("a zipped HAR with a body of 400 MB", "a.zip", lambda: _zipped({"h.har": _beside("a" * 40), "a" * 40: bytes(400 * _M)}), 1, "is not unpacked", True),
    ("a zipped HAR that names a body that is not there", "a.zip", lambda: _zipped({"h.har": _beside("b" * 40), "a" * 40: b"[]"}), 1, "is not in the zip", False),
    ("requests with a hundred thousand variables", "a.http", lambda: b"".join(b"@a%d = {{a%d}}\n" % (n, n + 1) for n in range(100_000)) + b"POST http://x/{{a0}}\n\n{}", 1, "", True),
    ("a variable that is its own value", "a.http", lambda: b"@a = {{a}}{{a}}\nPOST http://x/api/ConsommationV2\nContent-Type: application/json\n\n{{a}}", 1, _NO, False),
    ("a file beside a request, up three folders", "a.http", lambda: b"POST http://x/api/ConsommationV2\nContent-Type: application/json\n\n< ../../../etc/passwd", 1, _NO, False),
    ("multipart of 10,000 parts named JSON", "a.har", lambda: har(entry(request=b"--x\r\n\r\n" * 10_000, request_type="multipart/form-data; boundary=x")), 1, "capture.media-type", False),
    ("a mark of another encoding in a body", "a.har", lambda: har(entry(body=REQUEST.decode().encode("utf-32"))), 1, "input.encoding", False),
]  # fmt: skip


def _linked(folder: Path) -> list[str]:
    (folder / "a").mkdir()
    (folder / "secret").write_bytes(RESPONSE)
    (folder / "a" / "x").symlink_to("../secret")
    (folder / "a" / "a.har").write_bytes(_beside("x"))
    return ["validate", str(folder / "a" / "a.har")]


def _extracted(folder: Path) -> list[str]:
    one = json.loads(har(entry(body=base64.b64encode(RESPONSE))))
    one["log"]["entries"][0]["request"]["url"] = "https://x/../../../../tmp/evil/api/ConsommationV2"
    (folder / "a.har").write_text(json.dumps(one))
    return ["extract", str(folder / "a.har"), "-o", str(folder / "out")]


ATTACKS = [
    *(Attack("captures", called, validate(name, data), code, says, heavy)
      for called, name, data, code, says, heavy in _FILES),
    Attack("captures", "a body beside it that a link leads out to", _linked, 1, "is not in the capture's folder"),
    Attack("captures", "bodies whose URL leads out", _extracted, 0, "1 exchange",
           after=lambda folder: {path.name for path in folder.iterdir()} == {"a.har", "out"}),
]  # fmt: skip
