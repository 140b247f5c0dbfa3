"""A soak of the stub: very many requests, good, bad and broken, to a server of its own whose memory is looked at.

python -m tests.testing.soak --requests 100000
"""

from __future__ import annotations

import argparse
import re
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from tests.testing.raw import announced, chunked, exchange, request, status_of

# Each with the status that it is answered with.
KINDS = (
    (request(), 200),
    (request(b'{"Debut":"2026-03-22","ProduitId":7}', head="Content-Type: text/json\r\nAccept: text/xml\r\n"), 200),
    (request(b'{"a":' + b'{"a":1},"b":' * 200 + b"1}"), 400),
    (request(b'{"\\ud800":"' + b"x" * 20_000 + b'"}'), 400),
    (chunked(b"F" * 16 + b'\r\n{"ProduitId":7}'), 413),
    (chunked(b'4\r\n{"ProduitId":7}\r\n0\r\n\r\n'), 400),
    (announced("Content-Length: 1000"), 400),
    (announced("Content-Length: 99999999999999999999"), 413),
    (request(b'{"status":503,"times":1}', "/_convtool/rules"), 204),
    (request(b"", "/_convtool/rules", "DELETE"), 204),
    (request(path="/nothing/%1b"), 404),
    (request(host="a b"), 400),
)
_THREADS = 4


@dataclass
class Grown:
    """What a soak saw: by how much the server's memory grew after its first quarter, and wrong answers."""

    requests: int
    seconds: float = 0.0
    memory: list[float] = field(default_factory=list)  # MB, at each eighth
    failures: list[str] = field(default_factory=list)

    @property
    def megabytes(self) -> float:
        """By how much memory grew from the second eighth on, when everything had been used once."""
        return max(self.memory[2:]) - self.memory[1]


def soak(requests: int) -> Grown:
    """Send so many requests, and look at the memory eight times."""
    command = [sys.executable, "-c", "from convtool.cli import main; main()", "serve", "--port", "0"]
    grown = Grown(requests)
    with subprocess.Popen(
        [*command, "--max-recorded", "2000000"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        try:
            assert server.stdout is not None
            port = int(server.stdout.readline().strip().rpartition(":")[2])
            started = time.monotonic()
            with ThreadPoolExecutor(_THREADS) as pool:
                for _ in range(8):
                    for wrong in pool.map(_send, [port] * (requests // 8), range(requests // 8)):
                        grown.failures += wrong
                    grown.memory.append(_megabytes(server.pid))
            grown.seconds = time.monotonic() - started
        finally:
            server.send_signal(signal.SIGTERM)
    return grown


def _send(port: int, number: int) -> list[str]:
    data, status = KINDS[number % len(KINDS)]
    seen = status_of(exchange(port, data))
    right = seen == status or (seen == 503 and status in (200, 400))  # by a rule that another thread has set
    return [] if right else [f"{seen}, not {status}: {data[:80]!r}"]


def _megabytes(process: int) -> float:
    """Give the memory of a process that is in use."""
    status = Path(f"/proc/{process}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+)", status)
    assert found
    return int(found[1]) / 1024


def main() -> None:
    """Run a soak, and say what was seen."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--requests", type=int, default=100_000)
    grown = soak(parser.parse_args().requests)
    memory = ", ".join(f"{megabytes:.1f}" for megabytes in grown.memory)
    print(f"{grown.requests} requests in {grown.seconds:.0f} s; MB at each eighth: {memory}")
    print(f"grown by {grown.megabytes:.1f} MB")
    print(*grown.failures[:20], sep="\n")
    sys.exit(bool(grown.failures) or grown.megabytes > 12)


if __name__ == "__main__":
    main()
