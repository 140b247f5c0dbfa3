"""Bytes to the stub as no client sends them, and what comes back."""

from __future__ import annotations

import socket

__all__ = ["PATH", "announced", "chunked", "exchange", "request", "status_of"]

PATH = "/api/ConsommationV2"
JSON = "Content-Type: application/json\r\n"


def request(
    body: bytes = b'{"ProduitId":7}', path: str = PATH, method: str = "POST", head: str = JSON, host: str = "x"
) -> bytes:
    """Give a request whose length is right."""
    head = f"{method} {path} HTTP/1.1\r\nHost: {host}\r\n{head}Content-Length: {len(body)}\r\n\r\n"
    return head.encode("latin-1") + body


def announced(head: str, body: bytes = b"{}") -> bytes:
    """Give a request whose head announces its body as it likes."""
    return f"POST {PATH} HTTP/1.1\r\nHost: x\r\n{JSON}{head}\r\n\r\n".encode("latin-1") + body


def chunked(body: bytes) -> bytes:
    """Give a request whose body comes in chunks, be they right or not."""
    return announced("Transfer-Encoding: chunked", body)


def exchange(port: int, data: bytes, *, ended: bool = True, seconds: float = 30) -> bytes:
    """Send bytes, and close that direction where they are ``ended``; give all that is answered."""
    with socket.create_connection(("127.0.0.1", port), timeout=seconds) as connection:
        connection.sendall(data)
        if ended:
            connection.shutdown(socket.SHUT_WR)
        answer = b""
        while part := connection.recv(1 << 16):
            answer += part
    return answer


def status_of(answer: bytes) -> int:
    """Give the status of an answer; 0 where there is none."""
    words = answer.split(b" ", 2)
    return int(words[1]) if words[0].startswith(b"HTTP/1.") else 0
