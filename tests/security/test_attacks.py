"""The attacks of ``attacks/``, all but the heavy ones, by the command within this process: see the package."""

from __future__ import annotations

import collections
from typing import TYPE_CHECKING

import pytest

from convtool.cli import app
from tests.security.attacks import Attack
from tests.security.attacks.__main__ import LOG, Came, every, run, wrong

if TYPE_CHECKING:
    from pathlib import Path

ATTACKS = every()
LIGHT = [attack for attack in ATTACKS if not attack.heavy]


@pytest.mark.parametrize("attack", LIGHT, ids=lambda attack: f"{attack.area}: {attack.name}")
@pytest.mark.short(24)
def test_an_attack(attack: Attack, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    words = attack.make(tmp_path)
    code = app.run(words)
    said = b"".join(capfdbinary.readouterr()).decode("utf-8", "replace")
    assert wrong(attack, Came(code, said, 0, 0), tmp_path) == ""


def test_an_attack_is_measured_in_a_process_of_its_own() -> None:
    came, problem = run(LIGHT[0])
    assert problem == ""
    assert 0 < came.seconds < 4
    assert 10 < came.megabytes < 200


def test_what_is_not_as_it_should_be_is_told(tmp_path: Path) -> None:
    one = Attack("x", "y", lambda _: [], 1, "[x.y]", after=lambda folder: folder.is_file())
    for came, told in (
        (Came(0, "", 0, 0), "exit code 0, not 1"),
        (Came(1, "Traceback", 0, 0), "says 'Traceback'"),
        (Came(1, "\x1b[31m", 0, 0), "says '\\x1b'"),
        (Came(1, "[x.y]\n::error::x", 0, 0), "says a command to a runner"),
        (Came(1, "", 0, 0), "does not say '[x.y]'"),
        (Came(1, "[x.y]", 0, 0), "leaves something other than it should"),
    ):
        assert wrong(one, came, tmp_path) == told


def test_every_attack_is_in_the_log() -> None:
    told = LOG.read_text("utf-8")
    assert len(ATTACKS) >= 250
    assert [attack.name for attack in ATTACKS if f"| {attack.name} |" not in told] == []
    names = collections.Counter((attack.area, attack.name) for attack in ATTACKS)
    assert names.most_common(1)[0][1] == 1
