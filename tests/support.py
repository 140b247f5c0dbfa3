"""What tests of several rooms share: small documents, small contracts, windows of any size, both lanes of a format."""

from __future__ import annotations

import json
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

import convtool.stream
from convtool.convert import Codec
from convtool.findings import Findings, Report
from convtool.formats.leaf import BAD
from convtool.formats.text import DEPTH, decode
from convtool.model.contract import Contract, Member, Record, Scalar, Type
from convtool.model.datatypes import BY_KEY, DATATYPES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from convtool.codes import Profile

ROOT = Path(__file__).parents[1]
SCHEMAS = ROOT / "schemas"
SAMPLES = ROOT / "samples"
# Plugins of pytest that the tests of ours are run beside, and nothing else.
BESIDE = ["-p", "no:asyncio", "-p", "no:randomly", "-p", "no:xdist"]
VECTORS = ROOT / "tests" / "vectors"

NAMESPACE = "http://schemas.datacontract.org/2004/07/Facturation.Api.Models"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
DECLARED = f'xmlns:i="{XSI}" xmlns="{NAMESPACE}"'
PARAM = "ParamModel"
LIST = "ArrayOfReponseV2Model"


def param(content: str) -> bytes:
    """Give a ParamModel document."""
    return f"<{PARAM} {DECLARED}>{content}</{PARAM}>".encode("utf-8", "surrogatepass")


def listed(content: str) -> bytes:
    """Give an ArrayOfReponseV2Model document."""
    return f"<{LIST} {DECLARED}>{content}</{LIST}>".encode("utf-8", "surrogatepass")


# --- small contracts ------------------------------------------------------------------------------------------------


def member(name: str, key: str, *, nillable: bool = False, required: bool = False, emit_default: bool = True) -> Member:
    """Give a member in the namespace of ``model``'s contracts."""
    return Member(name, "urn:t", key, nillable, required, emit_default)


def record(name: str, *members: Member, order: tuple[int, ...] = (), base: str = "") -> Record:
    """Give a record in the namespace of ``model``'s contracts, its key being ``{urn:t}name``."""
    return Record(f"{{urn:t}}{name}", members, order or tuple(range(len(members))), base=base)


def model(root: str, *types: Type, **more: Any) -> Contract:
    """Give a contract ``Root`` in ``urn:t`` of the type ``{urn:t}root``; simple types are named ``urn:DATATYPE``."""
    scalars: dict[str, Type] = {f"urn:{name}": Scalar(f"urn:{name}", name) for name in DATATYPES}
    scalars |= {key: Scalar(key, row.name) for key, row in BY_KEY.items()}  # parts of values have their own keys
    return Contract("Root", "urn:t", f"{{urn:t}}{root}", {**scalars, **{kind.key: kind for kind in types}}, **more)


def one_member(datatype: str, *, nillable: bool = False) -> Codec:
    """Give the codec of a contract whose record has one member ``A``."""
    return Codec(model("R", record("R", member("A", f"urn:{datatype}", nillable=nillable))))


def document(content: str, name: str = "Root") -> bytes:
    """Give an XML document of a contract of ``model``."""
    return f'<{name} xmlns:i="{XSI}" xmlns="urn:t">{content}</{name}>'.encode()


# --- what is printed --------------------------------------------------------------------------------------------------


@cache
def schema_of(name: str) -> Draft202012Validator:
    """Give what checks a document against a schema that convtool ships: ``run``, ``outcome`` or ``report``."""
    paths = ("reports/run.schema.json", "reports/outcome.schema.json", "report.schema.json")
    schemas = {
        path.partition(".")[0].rpartition("/")[2]: json.loads((ROOT / "convtool" / path).read_bytes()) for path in paths
    }
    for one in schemas.values():
        Draft202012Validator.check_schema(one)
    known: Registry[Any] = Registry().with_resources(
        (one["$id"], Resource.from_contents(one)) for one in schemas.values()
    )
    return Draft202012Validator(schemas[name], registry=known)


def outcomes(printed: str | bytes) -> list[dict[str, Any]]:
    """Give the outcomes of what ``--output-format json`` prints, or of a report; it is as its schema says."""
    document = json.loads(printed)
    schema_of("run").validate(document)
    found: list[dict[str, Any]] = document["outcomes"]
    return found


# --- lanes and windows ----------------------------------------------------------------------------------------------


def read(
    codec: Codec, form: str, data: bytes, *, careful: bool = False, profile: Profile = "strict", depth: int = DEPTH,
    lossless: bool = False,
) -> tuple[Any, Report]:  # fmt: skip
    """Read with a format: as callers do, or with the careful lane alone."""
    findings = Findings(profile, lossless)
    text = decode(data, findings)
    if text is None:
        return BAD, findings.report(codec.name, form)
    of = codec.formats[form]
    value = (of.read_carefully if careful else of.read)(text, findings, depth=depth)
    return value, findings.report(codec.name, form)


def codes(report: Report) -> list[str]:
    """Give the codes of a report, in its order."""
    return [found.code for found in report]


def errors(report: Report) -> list[str]:
    """Give the codes of a report's errors, in its order."""
    return [found.code for found in report if found.severity == "error"]


@contextmanager
def chunked(size: int) -> Iterator[None]:
    """Let streams read ``size`` bytes at a time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(convtool.stream, "CHUNK", size)
        yield
