"""Two payloads → where they differ: each opened as any other, and both of one contract."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any, cast

from convtool.detection import Detector
from convtool.errors import PayloadError, UsageError
from convtool.recognise import passed_over, recognise
from convtool.shown import line

if TYPE_CHECKING:
    from convtool.catalog import Catalog
    from convtool.compare import Difference
    from convtool.payload import Payload

__all__ = ["differences"]


def differences(
    catalog: Catalog, left: Payload, right: Payload, *, contract: str | None = None, **options: Any
) -> tuple[str, list[Difference]]:
    """Give the contract of two payloads, and their differences; ``options`` are those of ``Codec.compare``.

    Without a ``contract`` it is the one that either payload can only be of. PayloadError where one is invalid,
    UsageError where one is lines or a capture, or where both are of different contracts.
    """
    for payload in (left, right):
        _check_kind(payload)
    names = [contract] if contract else _recognised(left, right, catalog)
    codec = catalog.contract(names[0])
    try:
        return codec.name, codec.compare(cast("IO[bytes]", left), cast("IO[bytes]", right), **options)
    except PayloadError:
        if len(names) == 1:
            raise
        told = f"{line(left.name)} is of {names[0]}, and {line(right.name)} of {names[1]}: they have no value in common"
        raise UsageError(told, hint="name with --contract what both are to be read as") from None


def _check_kind(payload: Payload) -> None:
    kind = recognise(payload.head(), payload.name)
    if kind.name == "lines":
        told = f"{payload.name}: is lines of JSON, a payload each, and one value is compared with another"
        raise UsageError(told, hint="`convtool convert FILE --to json` makes a list of lines")
    if kind.group == "capture":
        raise UsageError(f"{payload.name}: {passed_over(kind, payload.name, named=True)}")


def _recognised(left: Payload, right: Payload, catalog: Catalog) -> list[str]:
    """Give the contracts that payloads can only be of, each once, the first one's first; PayloadError without any."""
    names: list[str] = []
    errors = []
    for payload in (left, right):
        source: Any = payload
        try:
            names.append(Detector(catalog.detect).contract(source, payload.head()))
        except PayloadError as error:
            errors.append(error)
    if not names:
        raise errors[0]
    return list(dict.fromkeys(names))
