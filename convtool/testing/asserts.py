"""What a test asserts of a payload; the message says what is wrong: findings with their places, differences by path.

Only AssertionError says that a payload is not what it should be; ConvtoolErrors say that the test itself cannot be
right: no such contract, an unreadable file, an unknown option.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from convtool.errors import PayloadError, UsageError
from convtool.testing.defaults import catalog
from convtool.testing.defaults import codec as codec_of
from convtool.testing.received import Received, received, several
from convtool.testing.telling import tell_differences, tell_problem, tell_report

if TYPE_CHECKING:
    from collections.abc import Iterable

    from convtool.codes import Profile
    from convtool.compare import Dates, Difference
    from convtool.convert import Codec
    from convtool.sniff import Format

__all__ = ["Subject", "assert_converts", "assert_same", "assert_valid", "differences", "subject"]


class Subject:
    """A payload that has been seen to be of a contract: its codec, its content and its format."""

    def __init__(self, came: Received, codec: Codec, profile: Profile) -> None:
        self.came = came
        self.codec = codec
        self.profile = profile

    @property
    def content(self) -> bytes | str:
        """The payload: bytes, or its text."""
        return self.came.content

    @property
    def format(self) -> Format | None:
        """The format that the media type names, if any."""
        return self.came.format

    def read(self) -> Any:
        """Give the typed value; AssertionError with the findings where the payload is invalid."""
        __tracebackhide__ = True
        came = self.came
        try:
            return self.codec.read(came.content, format=came.format, profile=self.profile)
        except PayloadError as error:
            message = tell_report(error.report.named(came.name), came, self.codec)
        raise AssertionError(message)


def subject(payload: Any, contract: str | Codec | None = None, profile: Profile = "strict") -> Subject:
    """Give a payload with the codec of its contract, which is recognised where it is not named.

    AssertionError where the payload is of none; ContractError where there is no contract of that name.
    """
    __tracebackhide__ = True
    came = received(payload)
    named = None if contract is None else codec_of(contract)
    problem = came.problem(profile)
    if problem:
        raise AssertionError(tell_problem(problem, came, named))
    if named is not None:
        return Subject(came, named, profile)
    try:
        return Subject(came, codec_of(catalog().detect(came.content)[0]), profile)
    except PayloadError as error:
        message = tell_report(error.report.named(came.name), came, None)
    raise AssertionError(message)


def assert_valid(payload: Any, contract: str | Codec | None = None, *, profile: Profile = "strict") -> Any:
    """Assert that a payload or response is valid, and give its typed value.

    ``payload``: bytes, a text, a path, or a response, whose media type and charset count. ``contract`` is recognised
    where it is not named. AssertionError shows each error with its place.
    """
    __tracebackhide__ = True
    return subject(payload, contract, profile).read()


def assert_same(
    left: Any, right: Any, *, ignore: Iterable[str] = (), dates: Dates = "text", contract: str | Codec | None = None,
    profile: Profile = "strict",
) -> None:  # fmt: skip
    """Assert that two payloads, each in either format, are the same value.

    ``ignore``: JSON Pointers of what does not count, with ``*`` for any step. ``dates``: compared as "text" or
    "instant". AssertionError lists the differences by path, with both places.
    """
    __tracebackhide__ = True
    found = differences(left, right, ignore=ignore, dates=dates, contract=contract, profile=profile)
    if found:
        raise AssertionError(tell_differences(found, "left", "right"))


def differences(
    left: Any, right: Any, *, ignore: Iterable[str] = (), dates: Dates = "text", contract: str | Codec | None = None,
    profile: Profile = "strict",
) -> list[Difference]:  # fmt: skip
    """Give the differences of two payloads; AssertionError where one of them is invalid."""
    __tracebackhide__ = True
    ignore = several("ignore", ignore)
    one, other = _both(received(left), received(right), contract, profile)
    for side in (one, other):
        side.read()  # for the message: which of the two is wrong, and where
    return one.codec.compare(_plain(one), _plain(other), ignore=ignore, dates=dates, profile=profile)


def _both(left: Received, right: Received, contract: str | Codec | None, profile: Profile) -> tuple[Subject, Subject]:
    """Give both payloads; where only one shows its contract (the other is an empty list), it is that of both."""
    __tracebackhide__ = True
    if contract is not None:
        return subject(left, contract, profile), subject(right, contract, profile)
    try:
        one = subject(left, None, profile)
    except AssertionError:
        other = subject(right, None, profile)
        return subject(left, other.codec, profile), other
    return one, subject(right, one.codec, profile)


def _plain(side: Subject) -> bytes | str:
    """Give a payload in a format that is seen from its first character."""
    if side.format != "form":
        return side.content
    return side.codec.to_json(side.content, format="form")


def assert_converts(payload: Any, contract: str | Codec | None = None) -> bytes:
    """Assert that a payload converts into the other format and back without loss; give it in the other format.

    AssertionError shows what would be lost, and where.
    """
    __tracebackhide__ = True
    one = subject(payload, contract)
    one.read()
    came, codec = one.came, one.codec
    if came.format not in (None, "xml", "json"):
        raise UsageError(f"a {came.format} has no other format: there are xml and json")
    to: Format = "json" if _is_xml(came) else "xml"
    try:
        return codec.convert(came.content, to, format=came.format, lossless=True, verify=True).data
    except PayloadError as error:
        message = tell_report(error.report.named(came.name), came, codec, f"it does not convert into {to} without loss")
    raise AssertionError(message)


def _is_xml(came: Received) -> bool:
    if came.format is not None:
        return came.format == "xml"
    text = came.content if isinstance(came.content, str) else came.content.lstrip(_BEFORE)[:1].decode("latin-1")
    return text.lstrip("\ufeff \t\r\n").startswith("<")


_BEFORE = b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"  # byte order marks, halves of characters of UTF-16, white space
