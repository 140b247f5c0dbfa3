"""Two payloads → where they differ: each opened as any other, and both of one contract."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any, cast

from convtool.detection import Detector
from convtool.errors import PayloadError, UsageError
from convtool.recognise import recognise

if TYPE_CHECKING:
    from convtool.catalog import Catalog
    from convtool.compare import Difference
    from convtool.convert import Codec
    from convtool.payload import Payload

__all__ = ["differences"]


def differences(
    catalog: Catalog, left: Payload, right: Payload, *, contract: str | None = None, **options: Any
) -> tuple[str, list[Difference]]:
    """Give the contract of two payloads, and their differences; ``options`` are those of ``Codec.compare``.

    Without a ``contract`` it is the one that either payload can only be of. PayloadError where one is invalid,
    UsageError where one is lines.
    """
    for payload in (left, right):
        if recognise(payload.head(), payload.name).name == "lines":
            told = f"{payload.name}: is lines of JSON, a payload each, and one value is compared with another"
            raise UsageError(told, hint="`convtool convert FILE --to json` makes a list of lines")
    codec = _codec(left, right, catalog, contract)
    found = codec.compare(cast("IO[bytes]", left), cast("IO[bytes]", right), **options)
    return codec.name, found


def _codec(left: Payload, right: Payload, catalog: Catalog, contract: str | None) -> Codec:
    if contract:
        return catalog.contract(contract)
    try:
        return _recognised(left, catalog)
    except PayloadError as first:
        try:
            return _recognised(right, catalog)
        except PayloadError:
            raise first from None


def _recognised(payload: Payload, catalog: Catalog) -> Codec:
    source: Any = payload
    return catalog.contract(Detector(catalog.detect).contract(source, payload.head()))
