"""Spark itself, on two cores of this machine, comes to what the local run comes to.

Needs Java and the extra `spark`; without them nothing here runs (`make spark` runs it).
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from command_line.program import ANNA, written

from engine.reports.output import as_json
from engine.reports.records import refusal_records
from engine.request import RequestError
from engine.run import OnError
from engine.sources.ndjson import SourceError
from engine.spark.running import SparkRun
from engine.spark.session import lacking, said_plainly, session

from .made import local_run, printed, written_in

pytestmark = pytest.mark.skipif(bool(lacking()), reason=lacking() or "everything is here")


@pytest.fixture(name="spark", scope="module")
def _spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with session("tests", 2, tmp_path_factory.mktemp("scratch")) as spark:
        yield spark


def run_by(spark: Any, on_error: OnError = "skip", as_of: str | None = None,
           wanted: tuple[str, ...] = ()) -> SparkRun:
    local = local_run(as_of, wanted)
    return SparkRun(local.setup, local.reader, local.as_of, on_error, spark=spark)


def texts_in(folder: Path) -> list[str]:
    return sorted(line for part in folder.glob("part-*.txt")
                  for line in part.read_text("utf-8").splitlines())


def last_words(to: Path) -> dict[str, bytes]:
    """Return what the newest batch that speaks of a patient says."""
    batches = sorted((to / "assessments").glob("batch=*"),
                     key=lambda each: int(each.name.removeprefix("batch=")))
    return {json.loads(line)["patient"]: line.encode()
            for batch in batches for line in texts_in(batch)}


def test_a_file_read_in_many_blocks_keeps_its_places(spark: Any, tmp_path: Path) -> None:
    paths = written_in(tmp_path / "in", 12, ["a.ndjson"])
    spark.conf.set("spark.sql.files.maxPartitionBytes", str(Path(paths[0]).stat().st_size // 4))
    ask = {"as_of": "2018-01-01", "wanted": ("p1", "p3", "who")}
    done = run_by(spark, **ask)
    got = printed(done, *paths)
    spark.conf.unset("spark.sql.files.maxPartitionBytes")
    local = local_run(**ask)
    assert got == printed(local, *paths)
    assert [*got] == sorted(got)
    assert len(local.refused) > 2
    assert set(done.refused) == set(local.refused)
    assert done.reader.missing == local.reader.missing == {"who"}


def test_a_refusal_stops_it_and_nothing_is_written(spark: Any, tmp_path: Path) -> None:
    paths = written_in(tmp_path / "in", 13, ["a.ndjson"])
    done = run_by(spark, "stop").write(paths, str(tmp_path / "to"), "ndjson")
    assert (done.is_written, done.patients, done.refused > 0) == (False, 0, True)
    assert not (tmp_path / "to").exists()


def test_parquet_comes_in_and_goes_out(spark: Any, tmp_path: Path) -> None:
    import pyarrow
    from pyarrow import parquet

    texts = [json.dumps(line) for line in ANNA]
    whose = [line["patient"] for line in ANNA]
    fields = [{**line, "value": str(line["value"])} if "value" in line else line for line in ANNA]
    columns = sorted({name for line in fields for name in line})
    tables = {
        "lines": pyarrow.table({"line": texts, "patient": whose}),
        "elsewhere": pyarrow.table({"line": texts[:1], "patient": ["zoe"]}),
        "fields": pyarrow.table({name: [line.get(name) for line in fields] for name in columns}),
    }
    paths = {name: str(tmp_path / f"{name}.parquet") for name in tables}
    for name, table in tables.items():
        parquet.write_table(table, paths[name])
    wanted = printed(local_run(), written(ANNA, tmp_path))["anna"]
    assert printed(run_by(spark), paths["fields"]) == {"anna": wanted}

    to = tmp_path / "to"
    done = run_by(spark).write([paths["lines"], paths["elsewhere"]], str(to), "parquet")
    assert (done.patients, done.refused) == (1, 1)
    made = parquet.read_table(to / "assessments").to_pylist()
    assert made == [{"patient": "anna", "as_of": "2014-09-02", "assessment": wanted.decode()}]
    refused = parquet.read_table(to / "refused").to_pylist()
    assert [(each["source"], each["line"], each["found"]) for each in refused] == [
        (paths["elsewhere"], 1, "'anna'")]


def test_files_that_come_in_any_order_have_the_same_last_word(spark: Any, tmp_path: Path) -> None:
    ready = written_in(tmp_path / "ready", 5, ["0.ndjson", "1.ndjson", "2.ndjson.gz"])
    events, to, state = tmp_path / "events", tmp_path / "to", str(tmp_path / "state")
    (events / "ward").mkdir(parents=True)
    paths = [Path(path).rename(events / "ward" / Path(path).name) for path in ready]
    for path in paths[1:]:
        path.rename(tmp_path / path.name)
    assert run_by(spark).take_new(str(events), state, str(to), "ndjson").patients == 5
    for path in paths[1:]:
        (tmp_path / path.name).rename(path)
        os.utime(path, (0, 0))  # far older than what was read before
    done = run_by(spark).take_new(str(events), state, str(to), "ndjson", files_at_once=1)
    assert sorted(each.name for each in (to / "assessments").iterdir()) == [
        "batch=0", "batch=1", "batch=2"]
    local = local_run()
    assert last_words(to) == printed(local, *map(str, paths))
    told = {line for batch in (to / "refused").iterdir() for line in texts_in(batch)}
    assert {as_json(each).decode() for each in refusal_records(local.refused)} <= told
    assert done.refused > 0

    assert run_by(spark).take_new(str(events), state, str(to), "ndjson").patients == 0
    with pytest.raises(RequestError, match="found 2018-01-01 as as_of, expected newest"):
        run_by(spark, as_of="2018-01-01").take_new(str(events), state, str(to), "ndjson")


def test_a_checkpoint_whose_first_run_was_killed_at_once_is_begun_again(
        spark: Any, tmp_path: Path) -> None:
    written_in(tmp_path / "events", 7, ["0.ndjson"])
    (tmp_path / "state" / "begun" / "_temporary").mkdir(parents=True)
    ask = (str(tmp_path / "events"), str(tmp_path / "state"), str(tmp_path / "to"), "ndjson")
    assert run_by(spark).take_new(*ask).patients == 5
    with pytest.raises(RequestError, match="found 2018-01-01 as as_of, expected newest"):
        run_by(spark, as_of="2018-01-01").take_new(*ask)


def test_what_is_not_there_is_said_plainly(spark: Any, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="nothing: there is no such file or folder"), \
            said_plainly():
        printed(run_by(spark), str(tmp_path / "nothing"))
    damaged = tmp_path / "d.parquet"
    damaged.write_bytes(b"no table")
    with pytest.raises(SourceError, match=r"d\.parquet: the file is damaged"), said_plainly():
        printed(run_by(spark), str(damaged))
