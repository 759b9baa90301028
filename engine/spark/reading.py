"""Which lines do files hold, wherever they are: NDJSON, or Parquet of lines or of fields?

Every line comes with the file and the part of it (`block`) in which it stands, and with its number
where the file knows it. Lines are bytes: what is no UTF-8 must be refused, not mended.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.sources.ndjson import STANDARD_INPUT, SourceError
from engine.wording import one_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.spark.frames import Block

PARQUET = ".parquet"
_LINE, _PATIENT = "line", "patient"
_FIELDS = ("id", _PATIENT, "kind", "at")


def lines_of(spark: Any, paths: Sequence[str]) -> tuple[Any, Mapping[Block, int]]:
    """Return all lines of some paths, and how many stand before each block of NDJSON."""
    once = dict.fromkeys(paths)
    for path in once:
        refuse_unreadable(path)
    plain = [path for path in once if not is_parquet(path)]
    frames = [_parquet(spark.read.parquet(path), path) for path in once if is_parquet(path)]
    before: Mapping[Block, int] = {}
    if plain:
        texts = text_lines(spark.read, plain)
        frames.append(texts)
        before = _before(texts)
    lines = frames[0]
    for more in frames[1:]:
        lines = lines.unionByName(more)
    return lines, before


def refuse_unreadable(path: str) -> None:
    """Refuse what Spark cannot read, or would pass over without a word."""
    if path == STANDARD_INPUT:
        raise SourceError("-: Spark reads files and folders, not the standard input; name them")
    name = path.rstrip("/").rpartition("/")[2]
    if name.startswith(("_", ".")) and name.strip("."):
        raise SourceError(f"{path}: Spark passes over names that begin with {name[0]!r}; "
                          "give it another name")


def is_parquet(path: str) -> bool:
    """Whether a path names a file or a folder of Parquet."""
    return path.rstrip("/").endswith(PARQUET)


def text_lines(reader: Any, paths: Any) -> Any:
    """Return the lines of files of NDJSON, plain or packed (`.gz`), by a reader of Spark."""
    from pyspark.sql import functions as f

    whole = reader.option("lineSep", "\n").option("recursiveFileLookup", "true")
    return whole.text(paths).select(
        f.col("_metadata.file_path").alias("file"),
        f.col("_metadata.file_block_start").alias("block"),
        f.lit(None).cast("long").alias("number"),
        f.col("value").cast("binary").alias("line"),
        f.lit(None).cast("string").alias(_PATIENT))


def _before(texts: Any) -> dict[Block, int]:
    """Return how many lines stand before each block of a file; a large file has several."""
    counted = texts.groupBy("file", "block").count().orderBy("file", "block").collect()
    before: dict[Block, int] = {}
    file, total = "", 0
    for row in counted:
        if row["file"] != file:
            file, total = row["file"], 0
        before[file, row["block"]] = total
        total += row["count"]
    return before


def _parquet(frame: Any, path: str) -> Any:
    """Return the lines of Parquet: its column `line`, or its columns as the fields of events."""
    from pyspark.sql import functions as f

    if _LINE in frame.columns:
        line = f.col(_LINE)
        patient = f.col(_PATIENT) if _PATIENT in frame.columns else f.lit(None)
    elif set(_FIELDS) <= set(frame.columns):
        line = f.to_json(f.struct(*[f.col(f"`{name}`") for name in frame.columns]))
        patient = f.lit(None)
    else:
        raise SourceError(f"{path}: found the columns {one_of(frame.columns)}; expected a column "
                          f"'line' with the text of each event, or one for each field, at least "
                          f"{one_of(list(_FIELDS))}")
    return frame.select(
        f.col("_metadata.file_path").alias("file"), f.lit(0).cast("long").alias("block"),
        (f.col("_metadata.row_index") + 1).alias("number"), line.cast("binary").alias("line"),
        patient.cast("string").alias(_PATIENT))
