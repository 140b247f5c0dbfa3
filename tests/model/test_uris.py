"""What .NET makes of URIs is what it makes of what it has written."""

from __future__ import annotations

from random import Random

import pytest

from convtool.model.lenient.uris import written
from convtool.model.numbers import LexicalError

WORDS = ["é", "\u2028", "😀", "http://x", "urn:", "%20", "%0D", "/../", "//", "C:\\", "?a=b", "#c"]
PARTS = [*map(chr, range(128)), *WORDS]


def test_what_has_been_written_is_read_and_written_again() -> None:
    random, known = Random(7), 0
    for _ in range(20_000):
        text = "".join(random.choices(PARTS, k=random.randint(1, 6)))
        try:
            made = written(text)
        except LexicalError:
            continue
        known += 1
        if not made.startswith("/"):  # a path of the server's system
            assert written(made) == made, text
    assert known > 5000


@pytest.mark.parametrize(("text", "made"), [("a\nb", "a%0Ab"), ("htt\rp://x/a%20b", "htt%0Dp://x/a%20b")])
def test_controls_are_escaped_and_stay_so(text: str, made: str) -> None:
    assert written(text) == made
    assert written(made) == made
