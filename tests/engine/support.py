"""What the engine's tests share: contracts beyond the bundled ones, both lanes, and the engine itself, fed by hand."""

from __future__ import annotations

import atexit
import io
import json
import shutil
import tempfile
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import convtool.formats.lane
from convtool import Catalog, ConvtoolError, PayloadError
from convtool.authoring.derive import derive
from convtool.engine import Engine, State, about, library
from convtool.formats.xml.layout import Layout
from convtool.model.program import program
from tests.support import ROOT, SCHEMAS, VECTORS, chunked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from convtool.convert import Codec
    from convtool.findings import Report
    from convtool.formats.units import Bad

RECORDED = ROOT / "tests" / "data" / "contracts"
PAIRS = {"xml": "json", "json": "xml"}

built = pytest.mark.skipif(library() is None, reason=about())


@contextmanager
def careful() -> Iterator[None]:
    """Let the careful lane read alone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(convtool.formats.lane.Lane, "engine", lambda _: None)
        yield


# --- contracts ------------------------------------------------------------------------------------------------------


@cache
def _catalog(xsd: Path, source: Path) -> Catalog:
    """Give the catalog of a folder of XSDs, completed by what C# source says of JSON."""
    folder = Path(tempfile.mkdtemp(prefix="convtool-engine-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    shutil.copytree(xsd, folder, dirs_exist_ok=True)
    roots = [name for name, (of, _, _) in sources().items() if of == xsd]
    for one in derive([folder], roots=roots, order_from=[source]):
        (folder / one.file).write_text(one.text(), encoding="utf-8")
    return Catalog(folder)


def sources() -> dict[str, tuple[Path, Path, Path]]:
    """Give the recorded contracts: the XSDs, the declarations and the recordings of each."""
    found = {
        path.parent.name: (folder / "xsd", RECORDED / "contracts.cs", path)
        for folder in (RECORDED, RECORDED / "nested")
        for path in sorted(folder.glob("*/wire.jsonl"))
    }
    for path in sorted([*RECORDED.glob("random/*/wire.jsonl"), *RECORDED.glob("drawn/*/wire.jsonl")]):
        own = sorted(path.parent.glob("*.cs"))
        found[path.parent.name] = (path.parent / "xsd", own[0] if own else path.parent.parent / "Random.cs", path)
    return found


@cache
def codec(name: str) -> Codec:
    """Give the codec of a bundled or recorded contract; ContractError where its schemas cannot be derived."""
    if name in sources():
        xsd, source, _ = sources()[name]
        return _catalog(xsd, source).contract(name)
    return Catalog(SCHEMAS).contract(name)


@cache
def pairs(name: str) -> list[tuple[bytes, bytes]]:
    """Give the recorded pairs (xml, json) of a contract."""
    path = sources()[name][2] if name in sources() else VECTORS / "wire.jsonl"
    lines = path.read_text(encoding="utf-8").split("\n")  # splitlines would cut at U+2028
    rows = [json.loads(line) for line in lines if line]
    return [(row["xml"].encode(), row["json"].encode()) for row in rows if row.get("contract", name) == name]


# --- the engine, by hand --------------------------------------------------------------------------------------------


@cache
def engine(name: str) -> Engine:
    """Give the engine for a contract."""
    return engine_of(codec(name))


def engine_of(of: Codec) -> Engine:
    """Give the engine of a codec's contract, with rows for the deepest documents."""
    found, made = library(), program(of.model, Layout(of.model), 70)
    assert found is not None
    assert made is not None
    return Engine(found, made)


def feed(
    of: Engine, form: str, to: str, data: bytes, size: int = 0, *, depth: int = 64, refuse: int = 0, charset: int = 0
) -> tuple[int, list[bytes], int]:  # fmt: skip
    """Feed a document in pieces of ``size`` bytes (0: whole); give the state, what was written, and the records."""
    run, out, buffer, at = of.run(), list[bytes](), b"", 0
    run.start(form, to, depth=depth, events=10_000, refuse=refuse, charset=charset)
    try:
        while True:
            piece = data[at : at + size] if size else data
            at += len(piece)
            buffer += piece
            final = at >= len(data)
            state = run.feed(buffer, 0, final=final, out=out)
            if state != State.MORE or final:
                return state, out, run.result.records
            buffer = buffer[run.result.at :]
    finally:
        run.take(0)
        of.done(run)


def takes(of: Codec, form: str, data: bytes, **options: Any) -> bool:
    """Tell whether the engine takes all of a document, in which nothing is worth a word."""
    return feed(engine_of(of), form, "", data, **options)[0] == State.DONE


# --- both lanes -----------------------------------------------------------------------------------------------------


def _without_excerpts(report: dict[str, Any]) -> dict[str, Any]:
    for found in report["diagnostics"]:
        found.pop("excerpt", None)  # a window shows what it holds, which may be less than a line
    return report


def whole(of: Codec, form: str, data: bytes, profile: Any, *, lossless: bool) -> list[Any]:
    """Give all there is to say of a document in hand: verdict, value, and both conversions with their reports."""
    options: dict[str, Any] = {"format": form, "profile": profile}
    told: list[Any] = []
    try:
        report = of.validate(data, **options)
        told += [report.to_dict(), report.records]
    except ConvtoolError as error:
        told.append(repr(error))
    try:
        told.append(repr(of.read(data, **options)))
    except ConvtoolError as error:
        told.append(error.report.to_dict() if isinstance(error, PayloadError) else repr(error))
    except Exception as error:
        told.append(f"crash: {error!r}")
    for to in PAIRS:
        try:
            made = of.convert(data, to, lossless=lossless, **options)  # type: ignore[arg-type]
            told += [made.data, made.report.to_dict(), made.report.records]
        except PayloadError as error:
            told += [error.report.to_dict()]
        except Exception as error:  # a fault of the careful lane: the engine may not hide it, nor add another
            told += [f"crash: {error!r}"]
    return told


def _noting(bad: list[int]) -> Callable[[Bad, Report], None]:
    return lambda one, _: bad.append(one.record)


def streamed(of: Codec, form: str, data: bytes, profile: Any, size: int, to: str) -> list[Any]:
    """Give what a stream says of a document that comes in pieces of ``size`` bytes."""
    options: dict[str, Any] = {"format": form, "profile": profile}
    told: list[Any] = []
    with chunked(size):
        told.append(_without_excerpts(of.validate(io.BytesIO(data), **options).to_dict()))
        for skip in ("skip", "stop"):
            sink, bad, result = io.BytesIO(), list[Any](), None
            try:
                result = of.convert_stream(io.BytesIO(data), sink, to, on_error=skip, on_bad=_noting(bad), **options)  # type: ignore[arg-type]
                told += [sink.getvalue(), result.records, result.skipped, _without_excerpts(result.report.to_dict())]
            except ConvtoolError as error:
                report = _without_excerpts(error.report.to_dict()) if isinstance(error, PayloadError) else {}
                told.append(report or repr(error))
            except Exception as error:
                told.append(f"crash: {error!r}")
            told.append(bad)
            if result is not None and not result.skipped:
                break  # there is nothing to stop at
    return told


def disagreement(
    of: Codec, form: str, data: bytes, profile: Any = "strict", *, lossless: bool = False, size: int = 0, to: str = "",
    in_pieces_only: bool = False,
) -> str:  # fmt: skip
    """Give how the two lanes differ over a document, whole and in pieces of ``size``; nothing where they do not."""
    looks = [] if in_pieces_only else [("whole", lambda: whole(of, form, data, profile, lossless=lossless))]
    if size:
        lines = "ndjson" if form == "json" and not data.startswith(b"[") and of.model.item is not None else form
        looks.append(("streamed", lambda: streamed(of, lines, data, profile, size, to or PAIRS[form])))
    for name, look in looks:
        by_engine = look()
        with careful():
            by_hand = look()
        if (
            "input.encoding" in f"{by_engine}{by_hand}" and name == "streamed"
        ):  # how far bytes had been read is not said
            by_engine, by_hand = (
                [one["valid"] for one in told if isinstance(one, dict)][:1] for told in (by_engine, by_hand)
            )
        if by_engine != by_hand:
            return f"{name}:\n  engine  {by_engine}\n  careful {by_hand}"
    return ""
