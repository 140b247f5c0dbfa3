"""What a payload may come from: bytes, a text, a path, or a binary file; all become bytes, or the text itself."""

from __future__ import annotations

import io
import os
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, TypeAlias

from convtool.errors import ConvtoolError, SourceError, UsageError

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
        try:
            if path.is_dir():
                raise SourceError(f"{path}: is a folder, not a payload")
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
    return guarded(lambda _: file.read(), name)(0), name


def guarded(read: Callable[[int], bytes], name: str) -> Callable[[int], bytes]:
    """Wrap a file's read function: what fails becomes a SourceError, text becomes a UsageError."""

    def checked(size: int) -> bytes:
        called = name or "the source"
        try:
            data = read(size)
        except (ConvtoolError, MemoryError):
            raise
        except (OSError, ValueError, EOFError) as error:
            raise SourceError(f"{called}: {error}") from None
        except Exception as error:  # a file of anybody's: each way to pack has an exception of its own
            raise SourceError(f"{called}: {type(error).__name__}: {error}") from None
        if not isinstance(data, bytes):
            raise UsageError(f"{called} is open in text mode", hint="open it in binary mode, since bytes are checked")
        return data

    return checked
