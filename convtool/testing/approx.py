"""``assert response == approx_payload(expected)``: equality of payloads in any formats, which explains itself."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from convtool.errors import ContractError, ConvtoolError, UsageError
from convtool.testing.asserts import differences, subject
from convtool.testing.defaults import catalog
from convtool.testing.received import received, several
from convtool.testing.telling import tell_differences

if TYPE_CHECKING:
    from collections.abc import Iterable

    from convtool.codes import Profile
    from convtool.compare import Dates
    from convtool.convert import Codec
    from convtool.testing.received import Received

__all__ = ["ApproxPayload", "approx_payload"]


class ApproxPayload:
    """Equal to each payload or response that is the same value; see ``approx_payload``."""

    __hash__ = None  # type: ignore[assignment]  # equal to bytes and to responses, whose hashes it cannot have

    def __init__(self, expected: Any, options: dict[str, Any]) -> None:
        self.expected = expected
        self.options = options
        self._is_right = False  # as soon as it has been seen
        self._last: tuple[object, Received] | None = None  # what was compared, since a file gives its bytes once

    @cached_property
    def _came(self) -> Received:
        """What is expected, which is read once."""
        return received(self.expected)

    def __repr__(self) -> str:
        try:
            one = subject(self._came, self.options["contract"])
        except (AssertionError, ConvtoolError):
            return "approx_payload(…)"
        return f"approx_payload(<{one.codec.name}>)"

    def __eq__(self, other: object) -> bool:
        __tracebackhide__ = True
        self._check(self._came)
        try:
            self._last = other, received(other)
            return not self._explain(self._last[1])
        except UsageError:
            return NotImplemented
        except AssertionError:
            return False

    def explain(self, other: object) -> list[str]:
        """Give the lines that say how a payload differs; none where it does not."""
        try:
            known = self._last if self._last is not None and self._last[0] is other else (other, received(other))
            return self._explain(known[1])
        except AssertionError as error:
            return str(error).splitlines()
        except ConvtoolError as error:
            return [str(error)]

    def _check(self, expected: Received) -> None:
        """Raise what shows that the test cannot be right, whatever is compared: else ``!=`` would pass by it.

        What is expected may be of several contracts, or be taken for another; it has to be a payload of one.
        """
        __tracebackhide__ = True
        if self._is_right:
            return
        contract = self.options["contract"]
        wrong = self._fault(expected, contract)
        if wrong is not None and (
            contract is not None or all(self._fault(expected, name) is not None for name in catalog().contracts())
        ):
            raise wrong
        self._is_right = True

    def _fault(self, expected: Received, contract: str | Codec | None) -> ConvtoolError | None:
        """Give what is wrong with what is expected, or with an option, for a contract; None where nothing is."""
        try:
            differences(expected, expected, **self.options | {"contract": contract})
        except AssertionError as error:
            return UsageError(f"approx_payload(…): what is expected cannot be\n{error}")
        except (UsageError, ContractError) as error:
            return error
        return None

    def _explain(self, other: Received) -> list[str]:
        found = differences(other, self._came, **self.options)
        return tell_differences(found, "payload", "expected").splitlines() if found else []


def approx_payload(
    expected: Any, *, ignore: Iterable[str] = (), dates: Dates = "text", contract: str | Codec | None = None,
    profile: Profile = "strict",
) -> Any:  # fmt: skip
    """Give an object that is equal to each payload or response of the same value, in either format.

    The options are those of ``assert_same``. pytest shows the differences by path. A comparison, be it by ``==`` or
    ``!=``, is a UsageError where ``expected`` itself is invalid or an option cannot be meant.
    """
    options = {"ignore": several("ignore", ignore), "dates": dates, "contract": contract, "profile": profile}
    return ApproxPayload(expected, options)
