"""What is measured: a case is one way to do one job, prepared on a file and then run as often as wanted.

Jobs, ways and documents multiply to the table; the rows are collected here from the modules that know the libraries.
Nothing is imported from any library before a case is prepared, so a case's process holds what the case needs only.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["BASELINES", "JOBS", "MEMORY_REACHES", "Case", "Ended", "Job", "NotThere", "Run", "find", "rows"]

#: Bytes of XML up to which payloads are taken whole; a user with more has files.
MEMORY_REACHES = 50_000_000

#: Does the job once; gives the output as bytes or text or a Path to it, or the verdict of a validation, or an Ended.
Run = Callable[[], object]


class NotThere(Exception):
    """The case cannot run here: a peer that is not installed, a part of convtool that does not exist yet."""


@dataclass(frozen=True, slots=True)
class Ended:
    """What is known of a process that did the job: its result, its time in seconds, its peak memory in bytes."""

    result: object
    cpu: float
    wall: float
    peak: int


@dataclass(frozen=True, slots=True)
class Job:
    """What is done: from which format, and to which (none: validated)."""

    name: str
    title: str
    source: str
    target: str | None


JOBS = {
    job.name: job
    for job in (
        Job("parse", "lxml.etree.parse", "xml", None),
        Job("xml-json", "XML → JSON", "xml", "json"),
        Job("json-xml", "JSON → XML", "json", "xml"),
        Job("validate-xml", "validate XML", "xml", None),
        Job("validate-json", "validate JSON", "json", None),
        Job("start", "start of the program", "xml", None),
        Job("program-json", "XML → JSON, the program", "xml", "json"),
        Job("program-xml", "JSON → XML, the program", "json", "xml"),
    )
}


@dataclass(frozen=True, slots=True)
class Case:
    """One way to do a job. ``prepare`` takes the source file and a scratch folder, and gives what is timed.

    ``ours`` cases must reproduce the reference byte for byte and refuse every broken document; others must give the
    same value. ``reaches`` is the largest document (bytes of XML) on which the case runs. ``baseline`` is the case
    whose time the ratio is to.
    """

    job: str
    way: str
    prepare: Callable[[Path, Path], Run]
    baseline: str = "parse/file"
    ours: bool = False
    reaches: int = 10**12

    @property
    def name(self) -> str:
        """Job and way in one word, as ``--cases`` takes it."""
        return f"{self.job}/{self.way}"


def _parse_file(source: Path, _scratch: Path) -> Run:
    from lxml import etree

    name = str(source)
    return lambda: etree.parse(name)


def _parse_bytes(source: Path, _scratch: Path) -> Run:
    from lxml import etree

    data = source.read_bytes()
    return lambda: etree.parse(BytesIO(data))


BASELINES = (
    Case("parse", "file", _parse_file),
    Case("parse", "bytes", _parse_bytes, baseline="parse/bytes", reaches=MEMORY_REACHES),
)


def rows() -> tuple[Case, ...]:
    """Give all cases: baselines first, then convtool's, then the peers'."""
    from benchmarks import convtool_cases, peers, process_cases

    return (*BASELINES, *process_cases.CASES, *convtool_cases.CASES, *peers.CASES)


def find(name: str) -> Case:
    """Give the case of a name; raise KeyError if there is none."""
    return {case.name: case for case in rows()}[name]
