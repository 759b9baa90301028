"""Where do the assessments of a run go: a table for people, or JSON written as they come?

Where a refusal stops a run, no assessment reaches the standard output, not even an earlier one.
"""

from __future__ import annotations

import json
import shutil
import sys
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import msgspec

from engine.reports.records import CONTRACT, patient_record, refusal_records, rulebook_record
from engine.reports.tables import Row, by_name, print_table, row_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from rich.console import Console

    from engine.assessment import Assessment
    from engine.events.event import Refusal
    from engine.events.when import When
    from engine.rulebook.definitions import Rulebook
    from engine.run import Run

_PAGE_WIDTH = 100


def teller(form: str) -> Callable[[Assessment], Row | bytes]:
    """Return what a form needs of each assessment: the rest may be forgotten at once."""
    return row_of if form == "table" else patient_line


def patient_line(assessment: Assessment) -> bytes:
    """Return one patient's part of the output as JSON."""
    # Only the summary holds numbers, and msgspec writes exponents otherwise than `json` does.
    record = {"patient": assessment.patient, "as_of": assessment.as_of.text,
              "summary": msgspec.Raw(as_json(assessment.summary)),
              "conclusions": assessment.conclusions, "alerts": assessment.alerts,
              "undecided": assessment.undecided}
    try:
        return msgspec.json.encode(record)
    except UnicodeEncodeError:  # half of a character
        return as_json(patient_record(assessment))


def print_assessments(run: Run, told: Iterable[Row | bytes], form: str) -> None:
    """Print all that a run tells of its patients in a form: "table", "json" or "ndjson"."""
    rulebook = run.setup.rulebook
    if form == "table":
        rows = list(cast("Iterable[Row]", told))
        if not run.is_stopped:
            ordered = rows if run.grouped else by_name(rows)
            console = page_console()
            with console.capture() as page:  # a pipe that closes is for the caller to judge
                print_table(console, rulebook, run.as_of, ordered, run.refused)
            sys.stdout.write(page.get())
        return
    lines = cast("Iterable[bytes]", told)
    out = sys.stdout.buffer
    with _held_back(out, run) if run.may_stop_late else nullcontext(out) as file:
        if form == "json":
            write_object(file, rulebook, run.as_of, lines, run.refused)
        else:
            write_lines(file, lines)
    if run.may_stop_late and run.is_stopped and form == "json":
        write_object(out, rulebook, run.as_of, [], run.refused)


def write_lines(out: BinaryIO, patients: Iterable[bytes]) -> None:
    """Write one patient a line, each as soon as it is assessed."""
    for patient in patients:
        out.write(patient + b"\n")
        out.flush()


def write_object(out: BinaryIO, rulebook: Rulebook, as_of: When | None,
                 patients: Iterable[bytes], refused: Sequence[Refusal]) -> None:
    """Write the object of the contract, one patient and one refusal a line.

    `refused` is read last: it may grow while the patients are taken.
    """
    head = as_json({"contract": CONTRACT, "rulebook": rulebook_record(rulebook),
                    "as_of": as_of.text if as_of else None})
    out.write(head.removesuffix(b"}") + b',\n "patients": ')
    _write_list(out, patients)
    out.write(b',\n "refused": ')
    _write_list(out, map(as_json, refusal_records(refused)))
    out.write(b"}\n")
    out.flush()


@contextmanager
def _held_back(out: BinaryIO, run: Run) -> Iterator[BinaryIO]:
    """Give a file to write to; what is in it reaches `out` at the end, unless the run stopped."""
    import tempfile  # which only a run that may stop late needs

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
        return Console(emoji=False)
    return Console(emoji=False, width=shutil.get_terminal_size((_PAGE_WIDTH, 1)).columns)


def as_json(record: dict[str, Any]) -> bytes:
    """Return one record as one line of JSON in UTF-8, without spaces between."""
    # Names of files may hold bytes that are no text; everything else was read as UTF-8.
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode(
        "utf-8", "backslashreplace")


def _write_list(out: BinaryIO, records: Iterable[bytes]) -> None:
    between = b"[\n  "
    for record in records:
        out.write(between + record)
        between = b",\n  "
    out.write(b"[]" if between.startswith(b"[") else b"]")
