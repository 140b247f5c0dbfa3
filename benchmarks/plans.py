"""How much is measured: the documents, rounds and seconds of each size, and the targets that a full run is held to."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["PLANS", "TARGETS", "Plan", "Target"]


@dataclass(frozen=True, slots=True)
class Plan:
    """One choice of ``--size``.

    Peers run on the typical documents of the wire form up to ``peers_reach`` bytes of XML. ``plants`` is the size of
    the document into which errors are planted; whole processes get each ``step``-th of its broken versions.
    ``rounds`` gives the number of rounds by the document's size, ``peer_rounds`` the most that a peer takes part in.
    """

    documents: tuple[str, ...]
    rounds: dict[str, int]
    peer_rounds: int
    peers_reach: int
    seconds: float
    plants: str
    step: int


_WORST = ("absent-wire", "holes-wire", "escapes-wire", "lists-wire", "typical-comments", "single-wire")

PLANS = {
    "tiny": Plan(
        documents=("typical-wire-4K", "typical-pretty-4K", *(f"{name}-4K" for name in _WORST)),
        rounds={"4K": 1},
        peer_rounds=1,
        peers_reach=4_000,
        seconds=0.002,
        plants="8K",
        step=16,
    ),
    "small": Plan(
        documents=("typical-wire-4K", "typical-wire-2M", "typical-pretty-2M", *(f"{name}-2M" for name in _WORST)),
        rounds={"4K": 9, "2M": 5},
        peer_rounds=3,
        peers_reach=2_000_000,
        seconds=0.2,
        plants="256K",
        step=1,
    ),
    "full": Plan(
        documents=(
            *(f"typical-wire-{size}" for size in ("4K", "2M", "20M", "200M")),
            "typical-pretty-4K",
            "typical-pretty-20M",
            *(f"{name}-20M" for name in _WORST),
        ),
        rounds={"4K": 15, "2M": 9, "20M": 5, "200M": 3},
        peer_rounds=3,
        peers_reach=20_000_000,
        seconds=0.3,
        plants="256K",
        step=1,
    ),
}


@dataclass(frozen=True, slots=True)
class Target:
    """What a median ratio and, for documents of megabytes, the peak memory (in MB) may be at most."""

    ratio: float
    megabytes: float | None = None


_MEGABYTES = 45  # whatever the number of records

#: (document, case) → target; the documents in megabytes are the typical ones in the wire form.
TARGETS: dict[tuple[str, str], Target] = {
    **{
        (f"typical-wire-{size}", case): Target(ratio, _MEGABYTES)
        for size in ("20M", "200M")
        for case, ratio in (
            ("xml-json/convtool-stream", 0.4),
            ("json-xml/convtool-stream", 0.4),
            ("validate-xml/convtool-file", 0.3),
            ("validate-json/convtool-file", 0.22),
        )
    },
    **{
        ("typical-wire-20M", case): Target(ratio)
        for case, ratio in (
            ("xml-json/convtool", 0.4),
            ("json-xml/convtool", 0.4),
            ("validate-xml/convtool", 0.3),
            ("validate-json/convtool", 0.22),
        )
    },
    ("typical-wire-4K", "xml-json/convtool"): Target(0.6),
    ("typical-wire-4K", "json-xml/convtool"): Target(0.6),
    ("typical-wire-4K", "start/convtool-help"): Target(2.5),
    ("typical-wire-4K", "program-json/convtool"): Target(2.0),
    ("typical-wire-4K", "program-xml/convtool"): Target(2.0),
}
