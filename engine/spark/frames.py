"""How do lines and assessments stand in Arrow's tables, in which they go from worker to worker?"""

from __future__ import annotations

import json
import pickle
from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING, Any, Literal

from engine.events.event import Refusal, Source
from engine.reports.output import as_json, patient_line
from engine.reports.records import refusal_records
from engine.spark.work import Judged, routed, worker_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from engine.assessment import Assessment
    from engine.spark.naming import Names
    from engine.spark.work import Work

    Batches = Iterator[Any]  # of pyarrow.RecordBatch
    Block = tuple[str, int]

# An assessment goes to another program as text, and back to this one as it is.
Form = Literal["text", "object"]
KEYED = "key string, file string, number long, line binary"
_JUDGED = "patient string, as_of string, refused array<string>, assessment"
JUDGED: dict[Form, str] = {"text": f"{_JUDGED} string", "object": f"{_JUDGED} binary"}
_HANDFUL = 64  # patients that go on together


def keyed(work: Work, names: Names,
          before: Mapping[Block, int]) -> Callable[[Batches], Batches]:
    """Return what gives each line its place and its key.

    A line's number is in the column `number`, or else counted: a block's lines come in their order,
    and `before` says how many stand before it in its file.
    """

    def run(batches: Batches) -> Batches:
        import pyarrow

        counted: Counter[Block] = Counter()
        for batch in batches:
            rows = []
            for row in batch.to_pylist():
                block = (row["file"], row["block"])
                counted[block] += 1
                number = row["number"] or before.get(block, 0) + counted[block]
                line = row["line"] or b""
                if line.isspace() or not line:
                    continue
                source = Source(names.shown(row["file"]), number)
                key = routed(work, line, source, row["patient"])
                if key is not None:
                    rows.append((key, source.name, number, line))
            yield _batch(pyarrow, rows, key="string", file="string", number="int64", line="binary")

    return run


def judged(work: Work, form: Form) -> Callable[[Batches], Batches]:
    """Return what assesses keyed lines, of which those of one key follow upon each other."""

    def run(batches: Batches) -> Batches:
        import pyarrow

        worker, rows = worker_for(work), []
        for key, lines in groupby(_lines(batches), key=lambda each: each[0]):
            rows.append(row_of(worker.judge(key, (line[1:] for line in lines)), form))
            if len(rows) == _HANDFUL:
                yield _judged_batch(pyarrow, rows, form)
                rows = []
        yield _judged_batch(pyarrow, rows, form)

    return run


def row_of(done: Judged, form: Form) -> tuple[str | None, str | None, list[str], Any]:
    """Return what the lines of a key come to as a row of `JUDGED`."""
    made = done.assessment
    written = None if made is None else _text(made) if form == "text" else pickle.dumps(made)
    refused = [as_json(each).decode() for each in refusal_records(done.refused)]
    return done.patient, None if made is None else made.as_of.text, refused, written


def refusal_of(text: str) -> Refusal:
    """Return a refusal from its text in a row."""
    return Refusal(**json.loads(text))


def _text(assessment: Assessment) -> str:
    return patient_line(assessment).decode()


def _lines(batches: Batches) -> Iterator[tuple[str, Source, bytes]]:
    for batch in batches:
        for row in batch.to_pylist():
            yield row["key"], Source(row["file"], row["number"]), row["line"]


def _judged_batch(pyarrow: Any, rows: list[Any], form: Form) -> Any:
    kind = "string" if form == "text" else "binary"
    return _batch(pyarrow, rows, patient="string", as_of="string",
                  refused=pyarrow.list_(pyarrow.string()), assessment=kind)


def _batch(pyarrow: Any, rows: Iterable[tuple[Any, ...]], **columns: Any) -> Any:
    names = [*columns]
    types = [pyarrow.type_for_alias(each) if isinstance(each, str) else each
             for each in columns.values()]
    values = list(zip(*rows, strict=True)) or [()] * len(names)
    return pyarrow.RecordBatch.from_arrays(
        [pyarrow.array(column, type_) for column, type_ in zip(values, types, strict=True)], names)
