"""What do the lines of new files change, once those of earlier files are known?

Each patient's lines are kept as state, and every new line has the whole patient assessed again: so
late, corrected and contradicting lines give in the end what they give when all are read at once.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from engine.request import RequestError
from engine.sources.ndjson import SourceError
from engine.spark.frames import JUDGED, KEYED, keyed, row_of
from engine.spark.naming import names_of
from engine.spark.reading import is_parquet, refuse_unreadable, text_lines
from engine.spark.session import said_plainly
from engine.spark.work import is_of_patient, worker_for
from engine.spark.writing import Written, count_in, write_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.spark.work import Work
    from engine.spark.writing import FileForm

_SETTINGS = {
    # The one store of state that the workers of Python can use.
    "spark.sql.streaming.stateStore.providerClass":
        "org.apache.spark.sql.execution.streaming.state.RocksDBStateStoreProvider",
    # No file is read in parts: then a line's number in its part is its number in its file.
    "spark.sql.files.maxPartitionBytes": str(1 << 50),
    "spark.sql.files.openCostInBytes": str(1 << 50),
}
_ANY_AGE = "100000d"  # else a file much older than the newest would be passed over without a word
_BEGUN = "begun"  # beside what Spark keeps: by what the state was begun
_TOO_BUSY, _ATTEMPTS = "failed to connect back", 5  # Spark gives a worker ten seconds to begin
_STATE = "file string, number long, line binary"


def take_new(spark: Any, work: Work, folder: str, checkpoint: str, to: str, form: FileForm,
             files_at_once: int | None = None) -> Written:
    """Assess every patient of whom the folder's new files speak, and write what they come to."""
    from pyspark import StorageLevel

    for name, value in _SETTINGS.items():
        spark.conf.set(name, value)
    refuse_unreadable(folder)
    if is_parquet(folder):
        raise SourceError(f"{folder}: found Parquet, expected a folder of NDJSON, of which alone "
                          "new files are taken in; write it as lines, or assess it whole")
    reader = spark.readStream.option("maxFileAge", _ANY_AGE)
    if files_at_once is not None:
        reader = reader.option("maxFilesPerTrigger", files_at_once)
    texts = text_lines(reader, folder)
    _refuse_other(spark, work, folder, checkpoint)
    lines = texts.mapInArrow(keyed(work, names_of([folder]), {}), KEYED)
    rows = lines.groupBy("key").transformWithStateInPandas(
        statefulProcessor=_processor(work), outputStructType=JUDGED["text"], outputMode="Update",
        timeMode="None")
    batches: dict[int, Written] = {}

    def write(batch: Any, number: int) -> None:
        batch.persist(StorageLevel.DISK_ONLY)
        write_rows(batch, to, form, f"/batch={number}")
        batches[number] = Written()
        count_in(batch, batches[number])
        batch.unpersist()

    _run_through(rows.writeStream.outputMode("update").option(
        "checkpointLocation", checkpoint).trigger(availableNow=True).foreachBatch(write))
    return Written(patients=sum(each.patients for each in batches.values()),
                   refused=sum(each.refused for each in batches.values()),
                   shown=[one for each in batches.values() for one in each.shown])


def _run_through(writing: Any) -> None:
    """Run a query to its end, and again from where it stopped where a busy machine stopped it."""
    from pyspark.errors import StreamingQueryException

    for left in reversed(range(_ATTEMPTS)):
        try:
            writing.start().awaitTermination()
            return
        except StreamingQueryException as error:
            if _TOO_BUSY not in str(error) or not left:
                raise


def _refuse_other(spark: Any, work: Work, folder: str, checkpoint: str) -> None:
    """Refuse to go on where earlier files were assessed otherwise: results would be of two kinds.
    """
    rulebook = work.setup.rulebook
    own = {"folder": folder, "rulebook": f"{rulebook.id} {rulebook.version} ({rulebook.digest})",
           "timezone": work.setup.zone.key, "as_of": work.as_of.text if work.as_of else "newest"}
    place = f"{checkpoint}/{_BEGUN}"
    try:
        with said_plainly():
            row = spark.read.text(place).first()
    except SourceError:
        row = None
    if row is None:  # nothing was read yet: it is the first run, or that was killed at once
        spark.createDataFrame([(json.dumps(own),)], "value string").write.mode(
            "overwrite").text(place)
        return
    begun = json.loads(row["value"])
    for name, value in own.items():
        if value != begun[name]:
            raise RequestError(f"checkpoint: found {value} as {name}, expected {begun[name]}, with "
                               "which this folder was begun; begin another checkpoint")


def _processor(work: Work) -> Any:
    """Return what Spark calls with the new lines of each key."""
    from pyspark.sql.streaming import StatefulProcessor

    class Patients(StatefulProcessor):  # type: ignore[misc]  # Spark has no types here
        def init(self, handle: Any) -> None:
            self._lines = handle.getListState("lines", _STATE)

        def handleInputRows(self, key: Any, rows: Any, timerValues: Any) -> Iterator[Any]:  # noqa: ARG002, N802, N803
            import pandas

            from engine.events.event import Source

            new = [(row.file, int(row.number), bytes(row.line))
                   for frame in rows for row in frame.itertuples(index=False)]
            if is_of_patient(key[0]):
                self._lines.appendList(new)
                new = [*self._lines.get()]
            done = worker_for(work).judge(key[0], (
                (Source(file, number), bytes(line)) for file, number, line in new))
            yield pandas.DataFrame(
                [row_of(done, "text")], columns=["patient", "as_of", "refused", "assessment"])

        def close(self) -> None:
            pass

    return Patients()
