"""Assessments as JSON: one object, or one patient a line, written as they come."""

from __future__ import annotations

import json
import shutil
import tempfile
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, BinaryIO

from engine.reports.records import CONTRACT, patient_record, refusal_records, rulebook_record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from engine.assessment import Assessment
    from engine.events.event import Refusal
    from engine.events.when import When
    from engine.rulebook.definitions import Rulebook


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
def held_back(out: BinaryIO, is_wanted: Callable[[], bool]) -> Iterator[BinaryIO]:
    """Give a file to write to; what is in it reaches `out` at the end, if it is wanted then."""
    with tempfile.TemporaryFile() as held:
        yield held
        if is_wanted():
            held.seek(0)
            shutil.copyfileobj(held, out)
            out.flush()


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
