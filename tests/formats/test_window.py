import io
from collections.abc import Callable

import pytest

from convtool.findings import Findings, Location
from convtool.formats.text import Fatal
from convtool.formats.window import Window

TEXT = "<é>\n😀 日本\r\n</é>" * 5


def window(data: bytes, chunk: int = 1, findings: Findings | None = None) -> Window:
    return Window(io.BytesIO(data).read, findings or Findings(), chunk)


def to_the_end(of: Window) -> None:
    while of.more():
        pass


@pytest.mark.parametrize("chunk", [1, 2, 3, 5, 7, 97, 10_000])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_all_of_the_text_comes_whatever_the_pieces(chunk: int, encoding: str) -> None:
    of = window(TEXT.encode(encoding), chunk)
    to_the_end(of)
    assert of.text == TEXT


@pytest.mark.parametrize("step", [1, 2, 7, 1000])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_places_are_those_of_the_whole_payload(step: int, encoding: str) -> None:
    of, done = window(TEXT.encode(encoding), 4), 0  # characters of the payload that have been passed
    mark, plain = {"utf-8": (0, "utf-8"), "utf-8-sig": (3, "utf-8"), "utf-16": (2, "utf-16-le")}[encoding]
    while True:
        before = TEXT[:done]
        size = mark + len(before.encode(plain))
        assert of.place(of.at) == Location(before.count("\n") + 1, len(before) - before.rfind("\n"), size)
        while len(of.text) - of.at < step and of.more():
            pass
        passed = min(step, len(of.text) - of.at)
        if not passed:
            break
        of.at += passed
        done += passed
    assert done == len(TEXT)


def test_a_window_forgets_what_is_done_and_doubles_what_is_not() -> None:
    of = window(b"x" * 1000, 4)
    sizes = []
    while of.more():
        sizes.append(len(of.text))
    assert sizes == [8, 16, 32, 64, 128, 256, 512, 1000]
    of = window(b"x" * 1000, 4)
    while of.more():
        assert len(of.text) <= 8
        of.at = len(of.text)


def test_nothing_changes_at_the_end() -> None:
    of = window(b"abc", 100)
    of.at = 2
    assert not of.more()
    assert (of.text, of.at) == ("abc", 2)


def test_a_pipe_may_give_less_than_it_is_asked_for() -> None:
    def dribble(data: bytes) -> Callable[[int], bytes]:
        rest = list(data)
        return lambda _size: bytes([rest.pop(0)]) if rest else b""

    of = Window(dribble(TEXT.encode()), Findings(), 1000)
    assert of.text == TEXT
    assert of.ended


@pytest.mark.parametrize("chunk", [1, 2, 3, 100])
def test_bad_bytes_are_reported_behind_what_is_good(chunk: int) -> None:
    findings = Findings()
    of = window("<é>\n".encode() + b"\xff</a>", chunk, findings)
    with pytest.raises(Fatal):
        to_the_end(of)
    assert of.text == "<é>\n"
    (found,) = findings.found
    assert (found.code, found.location) == ("input.encoding", Location(2, 1, 5))


@pytest.mark.parametrize("chunk", [1, 100])
def test_a_character_that_the_end_cuts_off_is_a_bad_byte(chunk: int) -> None:
    findings = Findings()
    of = window(b"a\xc3", chunk, findings)
    with pytest.raises(Fatal):
        to_the_end(of)
    assert findings.found[0].code == "input.encoding"


def test_excerpts_remember_a_little_of_what_is_forgotten() -> None:
    of = window(b"0123456789" * 20, 50)
    of.at = 45
    of.more()
    assert of.places(0, 5).excerpt(0, 5).before == ("0123456789" * 20)[5:45]
