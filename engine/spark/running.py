"""How does Spark assess all patients of some files, with the same result as one process?

Lines go to a worker by their patient, so that each patient's lines meet in one place; there the
same pure function assesses them. What comes back is the same, whatever went where.
"""

from __future__ import annotations

import pickle
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.request import RequestError
from engine.run import Run
from engine.spark.frames import JUDGED, KEYED, judged, keyed, refusal_of
from engine.spark.naming import names_of
from engine.spark.reading import lines_of
from engine.spark.streaming import take_new
from engine.spark.work import Work
from engine.spark.writing import Written, count_in, made_in, refused_in, write_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from engine.assessment import Assessment
    from engine.spark.frames import Form
    from engine.spark.writing import FileForm


class SparkRun(Run):
    """A run that Spark does; the assessments come back by name of patient."""

    spark: Any = None

    def assessments(self, paths: Iterable[str]) -> Iterator[Assessment]:
        """Return the assessments by name of patient; all that was refused is known before them."""
        with self._rows(list(paths), "object") as rows:
            self.refused.extend(refusal_of(row["text"]) for row in refused_in(rows).collect())
            if self.is_stopped:
                return
            for row in made_in(rows).orderBy("patient").toLocalIterator():
                yield pickle.loads(row["assessment"])

    def write(self, paths: Sequence[str], folder: str, form: FileForm) -> Written:
        """Let the workers write into a folder; nothing at all where a refusal stops the run."""
        if Path(folder).exists():
            raise RequestError(f"to: found {folder!r}, expected a folder that is not there yet; "
                               "name another, so that no results are mixed")
        with self._rows(paths, "text") as rows:
            written = Written()
            count_in(rows, written)
            if written.refused and self.on_error == "stop":
                written.is_written, written.patients = False, 0
            else:
                write_rows(rows, folder, form)
            return written

    def take_new(self, folder: str, checkpoint: str, to: str, form: FileForm,
                 files_at_once: int | None = None) -> Written:
        """Take in what is new in a folder, and write what it changes."""
        work = Work(self.setup, self.as_of)
        return take_new(self.spark, work, folder, checkpoint, to, form, files_at_once)

    @contextmanager
    def _rows(self, paths: Sequence[str], form: Form) -> Iterator[Any]:
        """Give what the lines come to, worked out once however often it is asked for."""
        from pyspark import StorageLevel

        wanted = frozenset(self.reader.missing)
        work = Work(self.setup, self.as_of, wanted)
        lines, before = lines_of(self.spark, paths)
        together = lines.mapInArrow(keyed(work, names_of(paths), before), KEYED).repartition(
            "key").sortWithinPartitions("key")
        rows = together.mapInArrow(judged(work, form), JUDGED[form])
        rows.persist(StorageLevel.DISK_ONLY)
        try:
            if wanted:
                found = rows.where("patient IS NOT NULL").select("patient").collect()
                self.reader.missing -= {row["patient"] for row in found}
            yield rows
        finally:
            rows.unpersist()
