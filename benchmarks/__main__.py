"""Measure convtool and its peers: make documents, prove every case right, time, report.

Exit 0, or 1 if a check failed (a wrong result, a broken document taken); never because of a time.
"""

from __future__ import annotations

import argparse
import sys
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import report
from benchmarks.broken import unbroken
from benchmarks.cases import Case, rows
from benchmarks.data import describe, make
from benchmarks.documents import FORMATS, Document
from benchmarks.fingerprint import fingerprint
from benchmarks.measure import HEAVY, Pool, Row, applies, check, measure
from benchmarks.plans import PLANS, Plan

if TYPE_CHECKING:
    from collections.abc import Sequence


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--size", choices=PLANS, default="full", help="how much to measure (default: %(default)s)")
    parser.add_argument("--cases", default="*", metavar="PATTERNS", help="such as 'xml-json/*,*/convtool*'")
    parser.add_argument("--documents", default="*", metavar="PATTERNS", help="such as 'typical-wire-*,*-pretty-*'")
    parser.add_argument("--list", action="store_true", help="name the cases and documents, and stop")
    parser.add_argument(
        "-o", dest="folder", type=Path, metavar="DIR",
        help="where README.md, growth.svg and results.json go (default: a full run renews those in benchmarks/)",
    )  # fmt: skip
    return parser.parse_args(argv)


def _say(line: str) -> None:
    print(line, flush=True)


def _chosen(name: str, patterns: str) -> bool:
    return any(fnmatch(name, pattern.strip()) for pattern in patterns.split(","))


def main(argv: Sequence[str] | None = None) -> int:
    """Run the benchmarks; give 0, or 1 if any case gave a wrong result or took a broken document."""
    options = _arguments(argv)
    plan = PLANS[options.size]
    documents = [Document.named(name) for name in plan.documents if _chosen(name, options.documents)]
    cases = [case for case in rows() if _chosen(case.name, options.cases)]
    if options.list:
        _say("\n".join([*(case.name for case in cases), *(document.name for document in documents)]))
        return 0
    failures = _prepare(documents)
    before = fingerprint()
    light = all(document.target < HEAVY for document in documents)
    with Pool(shared=light) as pool:
        proven, failed = _prove(cases, documents, plan, pool)
        failures += failed
        measured = _measure(proven, documents, plan, pool, failures)
    if fingerprint() != before:
        failures.append("convtool changed while it was measured: what was timed is not what was proven")
    _say(report.table(measured))
    # Parts of a full run do not replace the results of a whole one unless a folder is named.
    whole = options.size == "full" and options.cases == options.documents == "*"
    folder = options.folder or (Path(__file__).parent if whole else None)
    if folder is not None and not failures:
        report.write(folder, measured, plan, raw=options.folder is not None)
    for failure in failures:
        _say(f"FAILED {failure}")
    return 1 if failures else 0


def _prepare(documents: list[Document]) -> list[str]:
    """Make the documents; give the planted errors that are none."""
    for document in dict.fromkeys([Document("typical", "wire", "4K"), *documents]):
        make(document)
        _say(describe(document))
    return [f"not an error: {plant}" for form in FORMATS for plant in unbroken(form, "4K")]


def _prove(cases: list[Case], documents: list[Document], plan: Plan, pool: Pool) -> tuple[list[Case], list[str]]:
    """Check every case; give those that may be timed, and what failed. What is not there is named and left out."""
    proven, failures = [], []
    for case in cases:
        chosen = [document for document in documents if applies(case, document, plan)]
        answer = check(case, chosen, plan, pool) if chosen else {"missing": "on none of these documents"}
        if "missing" in answer:
            _say(f"left out: {case.name}: {answer['missing']}")
        elif "failed" in answer:
            failures.append(f"{case.name}: {answer['failed']}")
        else:
            proven.append(case)
            _say(f"proven: {case.name}" + (f", {answer['refused']} broken refused" if answer["refused"] else ""))
    return proven, failures


def _measure(
    cases: list[Case], documents: list[Document], plan: Plan, pool: Pool, failures: list[str]
) -> list[Row]:  # fmt: skip
    """Measure the cases on every document, each with the baselines that its ratio needs."""
    known = {case.name: case for case in rows()}
    measured: list[Row] = []
    for document in documents:
        chosen = [case for case in cases if applies(case, document, plan)]
        baselines = [known[name] for name in dict.fromkeys(case.baseline for case in chosen)]
        taking_part = {case.name: case for case in (*baselines, *chosen)}
        measured += measure(list(taking_part.values()), document, plan, pool, failures)
        _say(f"measured: {document.name}, {len(taking_part)} cases")
    return measured


if __name__ == "__main__":
    sys.exit(main())
