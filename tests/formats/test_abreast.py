"""Records read by several threads: the same bytes, the same findings with the same places, as one gives."""

from __future__ import annotations

import io
import json
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from convtool import ConvtoolError, PayloadError
from convtool.convert import Codec
from convtool.formats import abreast
from convtool.model.contract import Array
from tests.engine.support import built
from tests.support import chunked, document, member, model, record

if TYPE_CHECKING:
    from collections.abc import Callable

    from convtool.engine import Run
    from convtool.findings import Report
    from convtool.formats.units import Bad

pytestmark = built

POINT = record(
    "P",
    member("A", "urn:int"),
    member("B", "urn:string", nillable=True),
    member("D", "urn:dateTime"),
    member("L", "{urn:t}L", nillable=True),
    member("N", "urn:decimal"),
)
LIST = Codec(model("L", POINT, Array("{urn:t}L", member("P", "{urn:t}P", nillable=True))))
# The last ones are wrong, or worth a word. Some look like borders and are none.
XML = (
    "<P><A>1</A><B>x</B></P>",
    "<P><A>1</A><B>&lt;/P&gt;<![CDATA[</P><P>]]></B><D>2026-03-22T00:33:32Z</D><N>1</N></P>",
    "<P><B>é€😀</B><L><P><A>3</A></P><P /></L></P>",
    "<!-- </P><P> --><P><A>2</A></P>",
    '<P i:nil="true" />',
    "<P><A>1</A><D>2026-03-22T00:33:32+01:00</D></P>",
    "<P><A>01</A><N>3</N></P>",
    "<P><A>x</A></P>",
    "<P><Z>1</Z><A>2</A></P>",
)
JSON = (
    '{"A":1,"B":"x"}',
    '{"A":1,"B":"},{\\"A\\":","L":[{"A":1},{"A":2}],"D":"2026-03-22T00:33:32Z","N":1.0}',
    '{"B":"é€😀","A":1}',
    "null",
    '{"A":1,"D":"2026-03-22T00:33:32+01:00"}',
    '{"A":1,"N":3}',
    '{"A":"1"}',
    '{"Z":1,"A":2}',
)


def drawn(random: Random, form: str, size: int, wrong: float) -> bytes:
    """Give a list of so many records, few of them wrong."""
    of = XML if form == "xml" else JSON
    good = of[: -2 if random.random() < 0.5 else len(of) // 2]
    chosen = [random.choice(of if random.random() < wrong else good) for _ in range(size)]
    gap = random.choice(("", "", "\n", "\r\n  "))
    if form == "ndjson":
        return "".join(f"{one}\n" for one in chosen).encode()
    if form == "json":
        text = f"[{gap}{f',{gap}'.join(chosen)}{gap}]"
        return (json.dumps(json.loads(text), indent=2) if random.random() < 0.3 else text).encode()
    text = document(gap.join(chosen)).decode()
    return text.encode("utf-16") if random.random() < 0.2 else text.encode()


def told(form: str, data: bytes, jobs: int, **options: Any) -> list[Any]:
    """Give all that is said and written of a document."""
    of, found, to = LIST, list[Any](), "json" if form == "xml" else "xml"
    found.append(of.validate(io.BytesIO(data), format=form, jobs=jobs).to_dict())  # type: ignore[arg-type]
    for on_error in ("stop", "skip"):
        sink, bad = io.BytesIO(), list[Any]()

        def aside(one: Bad, report: Report, bad: list[Any] = bad) -> None:
            bad.append((one.record, one.text.strip(), report.to_dict()))

        try:
            result = of.convert_stream(
                io.BytesIO(data),
                sink,
                to,
                format=form,
                jobs=jobs,
                on_error=on_error,
                on_bad=aside,
                **options,  # type: ignore[arg-type]
            )
            found += [sink.getvalue(), result.records, result.skipped, result.report.to_dict(), bad]
        except ConvtoolError as error:
            found.append(error.report.to_dict() if isinstance(error, PayloadError) else repr(error))
    for one in found:
        for row in one.get("diagnostics", ()) if isinstance(one, dict) else ():
            row.pop("excerpt", None)  # of what is in hand, which may be less than a line
    for row in (row for one in found if isinstance(one, list) for _, _, report in one for row in report["diagnostics"]):
        row.pop("excerpt", None)
    return found


@pytest.fixture
def fed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Let pieces be small; gives the sizes of those that threads are given."""
    sizes: list[int] = []
    of: Callable[[Run, bytes], Any] = abreast._fed

    def counted(run: Run, data: bytes) -> Any:
        sizes.append(len(data))
        return of(run, data)

    monkeypatch.setattr(abreast, "PIECE", 200)
    monkeypatch.setattr(abreast, "_fed", counted)
    return sizes


@pytest.mark.parametrize("form", ["xml", "json", "ndjson"])
@pytest.mark.parametrize("wrong", [0, 0.02, 0.5])
@pytest.mark.short(3)
def test_threads_say_and_write_what_one_does(form: str, wrong: float, fed: list[int]) -> None:
    random = Random(f"{form} {wrong}")
    for _ in range(12):
        data = drawn(random, form, random.randint(1, 120), wrong)
        options: dict[str, Any] = {"profile": random.choice(("strict", "dotnet"))}
        with chunked(random.choice((50, 400))):
            assert told(form, data, 3, **options) == told(form, data, 1, **options)
    assert len(fed) > 5  # threads have read; how much they are given depends on who is first


def test_a_guess_that_was_wrong_is_read_again(fed: list[int]) -> None:
    nested = "<P><L>" + "<P><A>1</A></P>" * 5 + "</L></P>"  # most ends of a P are those of another list's
    data = document(nested * 60)
    with chunked(100):
        assert told("xml", data, 2) == told("xml", data, 1)
    assert fed


def test_what_threads_have_in_hand_is_bounded(fed: list[int]) -> None:
    data, read = document("<P><A>1</A><B>xyz</B></P>" * 3_000), list[int]()

    class Counted(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            found = super().read(size)
            read.append(self.tell())
            return found

    class Sink(io.BytesIO):
        def write(self, piece: Any) -> int:
            assert read[-1] - sum(fed[: len(fed) - 3]) < 3_000  # three pieces at most are ahead
            return super().write(piece)

    with chunked(100):
        LIST.convert_stream(Counted(data), Sink(), "json", jobs=2)
