"""What a payload may come from: bytes, a text, a path, or a binary file; all become bytes, or the text itself."""

from __future__ import annotations

import io
import os
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, TypeAlias

from convtool.errors import SourceError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["IN_MEMORY", "Payload", "guarded", "load", "opened", "read_path"]

IN_MEMORY = 4 << 20  # bytes up to which a file is read whole, which is faster; larger ones are streamed

Payload: TypeAlias = bytes | bytearray | memoryview | str | os.PathLike[str] | IO[bytes] | io.RawIOBase


def load(payload: Payload) -> tuple[bytes | str, str]:
    """Give a payload's content and its name for reports; SourceError where it cannot be read."""
    if isinstance(payload, (bytes, str)):
        return payload, ""
    if isinstance(payload, (bytearray, memoryview)):
        return bytes(payload), ""
    if isinstance(payload, os.PathLike):
        return read_path(Path(payload)), os.fspath(payload)
    if hasattr(payload, "read"):
        return _read_file(payload)
    raise UsageError(f"a payload is bytes, a text, a path or a binary file, not {type(payload).__name__}")


def read_path(path: Path) -> bytes:
    """Give a file's bytes, as they are: nothing is inflated behind anyone's back."""
    try:
        if path.is_dir():
            raise SourceError(f"{path}: is a folder, not a payload")
        return path.read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise SourceError(f"{path}: {getattr(error, 'strerror', None) or error}") from None


@contextmanager
def opened(payload: Payload) -> Iterator[tuple[Callable[[int], bytes], str]]:
    """Open a payload for reading in pieces: give its read function and its name; SourceError where that fails."""
    if isinstance(payload, (bytes, bytearray, memoryview, str)):
        data = payload.encode("utf-8", "surrogatepass") if isinstance(payload, str) else bytes(payload)
        yield io.BytesIO(data).read, ""
    elif isinstance(payload, os.PathLike):
        path = Path(payload)
        if path.is_dir():
            raise SourceError(f"{path}: is a folder, not a payload")
        try:
            file = path.open("rb")
        except (OSError, ValueError) as error:
            raise SourceError(f"{path}: {getattr(error, 'strerror', None) or error}") from None
        with file:
            yield file.read, os.fspath(payload)
    elif hasattr(payload, "read"):
        name = getattr(payload, "name", "")
        yield payload.read, name if isinstance(name, str) else ""
    else:
        raise UsageError(f"a payload is bytes, a text, a path or a binary file, not {type(payload).__name__}")


def _read_file(file: IO[bytes] | io.RawIOBase) -> tuple[bytes, str]:
    name = getattr(file, "name", "")
    name = name if isinstance(name, str) else ""
    try:
        data = file.read()
    except (OSError, ValueError) as error:
        raise SourceError(f"{name or 'the file'}: {error}") from None
    if not isinstance(data, bytes):
        raise UsageError(
            f"{name or 'the file'} is open in text mode", hint="open it in binary mode, since bytes are checked"
        )
    return data, name


def guarded(read: Callable[[int], bytes], name: str) -> Callable[[int], bytes]:
    """Wrap a file's read function: what fails becomes a SourceError, text becomes a UsageError."""

    def checked(size: int) -> bytes:
        try:
            data = read(size)
        except (OSError, ValueError, EOFError) as error:
            raise SourceError(f"{name or 'the source'}: {error}") from None
        if not isinstance(data, bytes):
            raise UsageError(
                f"{name or 'the source'} is open in text mode; open it in binary mode, since bytes are checked"
            )
        return data

    return checked
