"""What fuzzing begins with: contracts, each with small documents of its own in both formats.

``recorded`` are the bundled contracts and those that .NET has recorded; ``drawn`` are drawn at random, loaded from
schema files by the ordinary catalog, their documents written of values drawn at random.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import hypothesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import UnsatisfiedAssumption

from convtool import ConvtoolError, PayloadError
from tests.engine.support import codec, pairs, sources
from tests.property.drawn import contracts
from tests.property.folders import subject
from tests.property.strategies import values

if TYPE_CHECKING:
    from convtool.convert import Codec
    from tests.property.drawn import Drawn

__all__ = ["BUNDLED", "Known", "drawn", "recorded"]

BUNDLED = ["ArrayOfReponseV2Model", "ParamModel"]
_SMALL = 400  # bytes: of a contract's documents those below, and in any case its smallest
_MOST = 60
_SAYING = 40  # bytes of JSON that a drawn contract's documents have together, or there is little in them
_VALUES = 8  # of a drawn contract


@dataclass(frozen=True, slots=True)
class Known:
    """A contract, and the documents that changes begin with, by format."""

    name: str
    codec: Codec
    documents: dict[str, list[bytes]]

    def forms(self) -> list[bytes]:
        """Give the same as bodies of forms, of those that have one."""
        if "form" not in self.documents:
            self.documents["form"] = []
            for data in [] if self.codec.form.refusal() else self.documents["json"]:
                with suppress(PayloadError):
                    self.documents["form"].append(self.codec.convert(data, "form", profile="dotnet").data)
        return self.documents["form"]


def _small(documents: list[bytes]) -> list[bytes]:
    by_size = sorted(set(documents), key=lambda one: (len(one), one))
    few = [one for one in by_size if len(one) < _SMALL]
    return few[:: max(1, len(few) // _MOST)] or by_size[:1]


@cache
def recorded(limit: int | None = None) -> list[Known]:
    """Give the bundled contracts, and of the recorded ones so many."""
    found = []
    for name in [*BUNDLED, *list(sources())[:limit]]:
        try:
            of = codec(name)
        except ConvtoolError:
            continue  # its schemas cannot be derived yet
        if both := pairs(name):
            xml, json = (_small(list(documents)) for documents in zip(*both, strict=True))
            found.append(Known(name, of, {"xml": xml, "json": json}))
    return found


def drawn(number: int, seed: int) -> list[Known]:
    """Draw so many contracts, and keep those whose documents say something; the same seed draws the same ones."""
    found: list[Known] = []

    def keep(one: Drawn, data: st.DataObject) -> None:
        of = subject(one).codec
        documents: dict[str, list[bytes]] = {"xml": [], "json": []}
        for _ in range(_VALUES):
            try:
                value = data.draw(values(of))
                documents["xml"].append(of.write_xml(value))
                documents["json"].append(of.write_json(value))
            except (ConvtoolError, UnsatisfiedAssumption):
                break  # such a value cannot be written, or none could be drawn
        values.cache_clear()
        documents = {form: _small(written) for form, written in documents.items() if written}
        if sum(map(len, documents.get("json", ()))) > _SAYING:
            found.append(Known(of.name, of, documents))

    quick = settings(
        max_examples=number, database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck), print_blob=False,
    )  # fmt: skip
    hypothesis.seed(seed)(quick(given(contracts(), st.data())(keep)))()
    return found
