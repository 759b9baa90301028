"""Where do the assessments of a run go: a table for people, or JSON written as they come?

Where a refusal stops a run, no assessment reaches the standard output, not even an earlier one.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any, BinaryIO

from engine.reports.records import CONTRACT, patient_record, refusal_records, rulebook_record
from engine.reports.tables import by_name, print_table, row_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rich.console import Console

    from engine.assessment import Assessment
    from engine.events.event import Refusal
    from engine.events.when import When
    from engine.rulebook.definitions import Rulebook
    from engine.run import Run

_PAGE_WIDTH = 100


def print_assessments(run: Run, assessments: Iterable[Assessment], form: str) -> None:
    """Print all assessments of a run in a form: "table", "json" or "ndjson"."""
    rulebook = run.setup.rulebook
    if form == "table":
        rows = [row_of(each) for each in assessments]
        if not run.is_stopped:
            ordered = rows if run.grouped else by_name(rows)
            console = page_console()
            with console.capture() as page:  # a pipe that closes is for the caller to judge
                print_table(console, rulebook, run.as_of, ordered, run.refused)
            sys.stdout.write(page.get())
        return
    out = sys.stdout.buffer
    may_stop = run.grouped and run.on_error == "stop"
    with _held_back(out, run) if may_stop else nullcontext(out) as file:
        if form == "json":
            write_object(file, rulebook, run.as_of, assessments, run.refused)
        else:
            write_lines(file, assessments)
    if may_stop and run.is_stopped and form == "json":
        write_object(out, rulebook, run.as_of, [], run.refused)


def write_lines(out: BinaryIO, assessments: Iterable[Assessment]) -> None:
    """Write one patient a line, each as soon as it is assessed."""
    for assessment in assessments:
        out.write(as_json(patient_record(assessment)) + b"\n")
        out.flush()


def write_object(out: BinaryIO, rulebook: Rulebook, as_of: When | None,
                 assessments: Iterable[Assessment], refused: Sequence[Refusal]) -> None:
    """Write the object of the contract, one patient and one refusal a line.

    `refused` is read last: it may grow while the assessments are taken.
    """
    head = as_json({"contract": CONTRACT, "rulebook": rulebook_record(rulebook),
                    "as_of": as_of.text if as_of else None})
    out.write(head.removesuffix(b"}") + b',\n "patients": ')
    _write_list(out, map(patient_record, assessments))
    out.write(b',\n "refused": ')
    _write_list(out, refusal_records(refused))
    out.write(b"}\n")
    out.flush()


@contextmanager
def _held_back(out: BinaryIO, run: Run) -> Iterator[BinaryIO]:
    """Give a file to write to; what is in it reaches `out` at the end, unless the run stopped."""
    with tempfile.TemporaryFile() as held:
        yield held
        if not run.is_stopped:
            held.seek(0)
            shutil.copyfileobj(held, out)
            out.flush()


def page_console() -> Console:
    """Return the terminal, or else a page of a fixed width unless COLUMNS says another."""
    from rich.console import Console

    if sys.stdout.isatty():
        return Console()
    return Console(width=shutil.get_terminal_size((_PAGE_WIDTH, 1)).columns)


def as_json(record: dict[str, Any]) -> bytes:
    """Return one record as one line of JSON in UTF-8."""
    # Names of files may hold bytes that are no text; everything else was read as UTF-8.
    return json.dumps(record, ensure_ascii=False).encode("utf-8", "backslashreplace")


def _write_list(out: BinaryIO, records: Iterable[dict[str, Any]]) -> None:
    between = b"[\n  "
    for record in records:
        out.write(between + as_json(record))
        between = b",\n  "
    out.write(b"[]" if between.startswith(b"[") else b"]")
