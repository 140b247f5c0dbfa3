"""A small client of ``POST api/ConsommationV2``, in either format: what goes out is valid, what comes in is checked."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Literal

import httpx

import convtool
from convtool.http_error import recognise

if TYPE_CHECKING:
    from datetime import date
    from types import TracebackType
    from typing import Self

PATH = "api/ConsommationV2"


class ConsommationError(Exception):
    """The API did not answer as it should."""


class UnavailableError(ConsommationError):
    """There is no answer: no connection, a time limit, a connection that broke off."""


class RefusedError(ConsommationError):
    """The API answered with an error: its status, and what it said."""

    def __init__(self, response: httpx.Response) -> None:
        said = recognise(response.content, failed=True)
        self.status = response.status_code
        self.messages = said.summary() if said else []
        self.members = {key: messages for key, messages, _ in said.model_state} if said else {}
        super().__init__(f"{self.status}: {' '.join(self.messages) or response.reason_phrase}")


class BrokenError(ConsommationError):
    """The answer is not what the contract says: ``report`` has each finding with its place."""

    def __init__(self, report: convtool.Report) -> None:
        self.report = report
        super().__init__(report.text())


class Consommations:
    """The API at a URL; ``format`` is what requests are written in, and what answers are asked for in."""

    def __init__(
        self, url: str, *, format: Literal["json", "xml"] = "json", timeout: float = 10,
        transport: httpx.BaseTransport | None = None,
    ) -> None:  # fmt: skip
        self.format = format
        media_type = f"application/{format}"
        self._http = httpx.Client(
            base_url=url, timeout=timeout, transport=transport,
            headers={"Content-Type": f"{media_type}; charset=utf-8", "Accept": media_type},
        )  # fmt: skip

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._http.close()

    def between(self, debut: date, fin: date, produit: int | None = None) -> list[Any]:
        """Give the consumption of each product between two days: records of ArrayOfReponseV2Model.

        ConsommationError where the API cannot be reached, refuses, or answers with what is no valid list.
        """
        wanted = {"Debut": debut.isoformat(), "Fin": fin.isoformat(), "ProduitId": produit}
        body = convtool.contract("ParamModel").convert(json.dumps(wanted), self.format).data
        try:
            response = self._http.post(PATH, content=body)
        except httpx.TransportError as error:
            raise UnavailableError(str(error)) from error
        if response.is_error:
            raise RefusedError(response)
        try:
            records = convtool.contract("ArrayOfReponseV2Model").read(response.content, format=self.format)
        except convtool.PayloadError as error:
            raise BrokenError(error.report) from error
        return records or []  # .NET may write a list that is null


def total(records: list[Any]) -> int:
    """Give the sum over all meters of all products; what is null or absent counts nothing."""
    meters = [meter for record in records if record for meter in record.ConsommationsSomme or [] if meter]
    return sum(meter.Quantite or 0 for meter in meters)
