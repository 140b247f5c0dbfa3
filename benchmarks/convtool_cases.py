"""convtool's own cases, through its public interface only: the library in memory, and streams.

What does not exist yet is left out with a word, not failed: only missing public names count as that.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from benchmarks.cases import MEMORY_REACHES, Case, NotThere, Run
from benchmarks.shape import CONTRACT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["CASES", "refuses"]


def _verb(name: str) -> Callable[..., Any]:
    """Give a method of the contract; raise NotThere if the library has none of that name."""
    try:
        contract = import_module("convtool").contract
    except (ImportError, AttributeError) as error:
        raise NotThere(f"not there yet: convtool.contract ({error})") from error
    if not callable(contract):  # the package of the same name, while the function does not hide it
        raise NotThere("not there yet: convtool.contract()")
    verb = getattr(contract(CONTRACT), name, None)
    if verb is None:
        raise NotThere(f"not there yet: {name}()")
    return verb


def refuses(run: Run) -> bool:
    """Tell whether a run ends in convtool's own error or a false verdict; any other exception is a failure."""
    error = import_module("convtool").ConvtoolError
    try:
        result = run()
    except error:
        return True
    return isinstance(result, bool) and not result


def _memory(name: str) -> Callable[[Path, Path], Run]:
    def prepare(source: Path, _scratch: Path) -> Run:
        verb = _verb(name)
        data = source.read_bytes()
        return lambda: verb(data)

    return prepare


def _stream(form: str) -> Callable[[Path, Path], Run]:
    def prepare(source: Path, scratch: Path) -> Run:
        convert_stream = _verb("convert_stream")
        out = scratch / f"out.{form}"

        def run() -> Path:
            with source.open("rb") as reading, out.open("wb") as writing:
                convert_stream(reading, writing, to=form)
            return out

        return run

    return prepare


def _validate(source: Path, _scratch: Path) -> Run:
    validate = _verb("validate")
    return lambda: bool(validate(source))


def _validate_bytes(source: Path, _scratch: Path) -> Run:
    validate = _verb("validate")
    data = source.read_bytes()
    return lambda: bool(validate(data))


CASES = (
    Case("xml-json", "convtool", _memory("to_json"), "parse/bytes", ours=True, reaches=MEMORY_REACHES),
    Case("xml-json", "convtool-stream", _stream("json"), ours=True),
    Case("json-xml", "convtool", _memory("to_xml"), "parse/bytes", ours=True, reaches=MEMORY_REACHES),
    Case("json-xml", "convtool-stream", _stream("xml"), ours=True),
    Case("validate-xml", "convtool", _validate_bytes, "parse/bytes", ours=True, reaches=MEMORY_REACHES),
    Case("validate-xml", "convtool-file", _validate, ours=True),
    Case("validate-json", "convtool", _validate_bytes, "parse/bytes", ours=True, reaches=MEMORY_REACHES),
    Case("validate-json", "convtool-file", _validate, ours=True),
)
