"""What a help page does not say and had to be guessed: kept by reason, with the members that each reason is about."""

from __future__ import annotations

__all__ = ["Guesses"]


class Guesses:
    """Reasons in the order in which they came up; each is said once, with its members."""

    def __init__(self) -> None:
        self._found: dict[str, list[str]] = {}

    def add(self, reason: str, where: str = "") -> None:
        """Note a guess about a member, or about everything where ``where`` is empty."""
        places = self._found.setdefault(reason, [])
        if where and where not in places:
            places.append(where)

    def texts(self) -> list[str]:
        """Give one line per reason."""
        return [f"{', '.join(places)}: {reason}" if places else reason for reason, places in self._found.items()]
