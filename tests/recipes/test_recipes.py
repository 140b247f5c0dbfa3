"""The recipes of docs/recipes.md on real engines, where they are installed: the blocks of the document are run."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import Any

import pytest

import convtool
from tests.batch.tree import BROKEN, documents

ROOT = Path(__file__).parents[2]
BLOCKS = re.findall(r"^```py\n(.*?)^```$", (ROOT / "docs" / "recipes.md").read_text(encoding="utf-8"), re.M | re.S)
NAME = "ArrayOfReponseV2Model"


@pytest.fixture
def payloads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """Forty good payloads and three bad ones, also as files; rows.py is where workers can import it."""
    source = documents("recipes", 800)
    found = {f"{at}.xml": data for at in range(60) if (data := next(source)[1]).startswith(b"<ArrayOf")}
    found |= {f"bad-{kind}.xml": BROKEN[kind][1] for kind in ("cut", "range", "empty")}
    (tmp_path / "in").mkdir()
    for name, data in found.items():
        (tmp_path / "in" / name).write_bytes(data)
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "rows.py").write_text(BLOCKS[0])
    monkeypatch.syspath_prepend(tmp_path / "lib")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path / "lib"), str(ROOT)]))
    monkeypatch.delitem(sys.modules, "rows", raising=False)
    return found


def check(found: list[tuple[str, Any, str | None]], payloads: dict[str, bytes]) -> None:
    codec = convtool.contract(NAME)
    read: dict[str, list[Any]] = {}
    bad = set()
    for path, record, error in found:
        name = path.rpartition("/")[2]
        assert (record is None) != (error is None)
        if error is None:
            read.setdefault(name, []).append(record)
        else:
            bad.add(name)
    assert bad == {name for name in payloads if name.startswith("bad-")}
    assert read.keys() == payloads.keys() - bad
    import msgspec

    for name, records in read.items():
        assert records == [msgspec.to_builtins(one, str_keys=True) for one in codec.iter_read(payloads[name])]


def run(block: str, **given: Any) -> dict[str, Any]:
    exec(compile(block, "recipes.md", "exec"), given)
    return given


def test_the_rows_by_themselves(payloads: dict[str, bytes]) -> None:
    import pickle

    codec = pickle.loads(pickle.dumps(convtool.contract(NAME)))
    namespace = run(BLOCKS[0])
    check(list(namespace["rows"](codec, payloads.items())), payloads)


@pytest.mark.filterwarnings("ignore")  # of the engine's own
def test_spark(payloads: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pyspark", reason="pyspark is not installed")
    from pyspark.sql import SparkSession

    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)  # for the workers, as for the driver
    monkeypatch.setenv("PYSPARK_DRIVER_PYTHON", sys.executable)
    spark = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
    try:
        block = BLOCKS[1].replace("s3a://archive/2025/", f"file://{tmp_path}/in").replace("=64", "=4")
        namespace = run(block, spark=spark)
        check(namespace["found"].collect(), payloads)
        assert namespace["bad"].count() == 3
    finally:
        spark.stop()


@pytest.mark.filterwarnings("ignore")
def test_ray(payloads: dict[str, bytes]) -> None:
    ray = pytest.importorskip("ray", reason="ray is not installed")
    items = list(payloads.items())
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    try:
        namespace = run(BLOCKS[2], batches=[items[at : at + 10] for at in range(0, len(items), 10)])
        check(namespace["found"], payloads)
    finally:
        ray.shutdown()


@pytest.mark.filterwarnings("ignore")
def test_beam(payloads: dict[str, bytes], tmp_path: Path) -> None:
    beam = pytest.importorskip("apache_beam", reason="apache-beam is not installed")
    from apache_beam.options.pipeline_options import PipelineOptions

    block = BLOCKS[3].replace("gs://archive/2025/", f"{tmp_path}/in/")
    # What comes out is written by the pipeline itself, since a runner gives nothing back.
    block += "    found | beam.Map(repr) | beam.io.WriteToText(str(out))\n"
    options = PipelineOptions(["--runner=DirectRunner"])
    run(block, options=options, out=tmp_path / "rows")
    assert beam is not None
    lines = [line for part in tmp_path.glob("rows-*") for line in part.read_text().splitlines()]
    found = [eval(line, {"inf": float("inf"), "nan": float("nan")}) for line in lines]
    check(found, payloads)
