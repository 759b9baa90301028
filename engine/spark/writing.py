"""What do the workers write, and where: the assessments, and beside them all that was refused?"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from engine.reports.refusals import MOST_SHOWN
from engine.spark.frames import refusal_of

if TYPE_CHECKING:
    from engine.events.event import Refusal

FileForm = Literal["ndjson", "parquet"]
ASSESSMENTS, REFUSED = "assessments", "refused"
_REFUSAL = "source string, line long, field string, found string, expected string, reason string"


@dataclass(slots=True)
class Written:
    """What came of a run: how many were assessed, and how many lines refused, the first few kept.

    `is_written` is false where a refusal stopped the run.
    """

    is_written: bool = True
    patients: int = 0
    refused: int = 0
    shown: list[Refusal] = field(default_factory=list)


def refused_in(rows: Any) -> Any:
    """Return what was refused in judged rows, one text a row."""
    return rows.selectExpr("explode(refused) AS text")


def made_in(rows: Any) -> Any:
    """Return the assessments in judged rows."""
    return rows.where("assessment IS NOT NULL").select("patient", "as_of", "assessment")


def count_in(rows: Any, written: Written) -> None:
    """Count judged rows in: patients assessed, and lines refused."""
    written.patients += made_in(rows).count()
    refused = refused_in(rows)
    lines = refused.selectExpr("get_json_object(text, '$.source') AS source",
                               "get_json_object(text, '$.line') AS line").distinct().count()
    written.refused += lines
    room = MOST_SHOWN + 1 - len(written.shown)
    if lines and room > 0:
        first = refused.orderBy("text").limit(room).collect()
        written.shown += (refusal_of(row["text"]) for row in first)


def write_rows(rows: Any, folder: str, form: FileForm, part: str = "") -> None:
    """Write judged rows into a folder; a part that was begun before is written anew."""
    from pyspark.sql import functions as f

    made, refused = made_in(rows), refused_in(rows)
    mode = "overwrite" if part else "errorifexists"
    if form == "ndjson":
        made.select("assessment").write.mode(mode).text(f"{folder}/{ASSESSMENTS}{part}")
        refused.write.mode(mode).text(f"{folder}/{REFUSED}{part}")
        return
    made.write.mode(mode).parquet(f"{folder}/{ASSESSMENTS}{part}")
    refused.select(f.from_json("text", _REFUSAL).alias("r")).select("r.*").write.mode(
        mode).parquet(f"{folder}/{REFUSED}{part}")
