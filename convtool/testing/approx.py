"""``assert response == approx_payload(expected)``: equality of payloads in any formats, which explains itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from convtool.errors import ConvtoolError, UsageError
from convtool.testing.asserts import differences, subject
from convtool.testing.telling import tell_differences

if TYPE_CHECKING:
    from collections.abc import Iterable

    from convtool.codes import Profile
    from convtool.compare import Dates
    from convtool.convert import Codec

__all__ = ["ApproxPayload", "approx_payload"]


class ApproxPayload:
    """Equal to each payload or response that is the same value; see ``approx_payload``."""

    __hash__ = None  # type: ignore[assignment]  # equal to bytes and to responses, whose hashes it cannot have

    def __init__(self, expected: Any, options: dict[str, Any]) -> None:
        self.expected = expected
        self.options = options

    def __repr__(self) -> str:
        try:
            one = subject(self.expected, self.options["contract"])
        except (AssertionError, ConvtoolError):
            return "approx_payload(…)"
        return f"approx_payload(<{one.codec.name}>)"

    def __eq__(self, other: object) -> bool:
        try:
            return not self._explain(other)
        except UsageError:
            return NotImplemented
        except AssertionError:
            return False

    def explain(self, other: object) -> list[str]:
        """Give the lines that say how a payload differs; none where it does not."""
        try:
            return self._explain(other)
        except AssertionError as error:
            return str(error).splitlines()
        except ConvtoolError as error:
            return [str(error)]

    def _explain(self, other: object) -> list[str]:
        found = differences(other, self.expected, **self.options)
        return tell_differences(found, "payload", "expected").splitlines() if found else []


def approx_payload(
    expected: Any, *, ignore: Iterable[str] = (), dates: Dates = "text", contract: str | Codec | None = None,
    profile: Profile = "strict",
) -> Any:  # fmt: skip
    """Give an object that is equal to each payload or response of the same value, in either format.

    The options are those of ``assert_same``. pytest shows the differences by path.
    """
    options = {"ignore": tuple(ignore), "dates": dates, "contract": contract, "profile": profile}
    return ApproxPayload(expected, options)
