"""What the tests of Spark share: awkward lines of patients, and what a local run says of them."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from oracle.patients import patient

from engine.events.intake import Intake
from engine.events.times import read_when
from engine.pool import Setup
from engine.reports.output import as_json
from engine.reports.records import patient_record
from engine.rulebook.loader import load_rulebook
from engine.run import Run
from engine.sources.patients import PatientReader

ROOT = Path(__file__).parents[2]
UTC = ZoneInfo("UTC")
UNUSABLE = (
    b"not json", b"[]", b'{"patient": 7, "id": "x"}', b'{"patient": "p0", "patient": "p1"}',
    b'{"patient": "p0", "id": "\xff"}', b'{"id": "x", "patient": "p1", "kind": "nothing"}',
    b'{"id": "x", "patient": "nobody", "kind": "platelet_count", "at": "yesterday"}',
)


@cache
def setup() -> Setup:
    """Return the shipped rulebook's setup, made once."""
    return Setup(load_rulebook(ROOT / "rules" / "itp-sirolimus"), UTC)


def awkward(dice: random.Random, patients: int) -> list[bytes]:
    """Return lines out of order: with corrections, contradictions, repeats, and lines of no use."""
    lines: list[bytes] = []
    for number in range(patients):
        own = patient(dice, f"p{number}")
        again = [_corrected(dice, each) for each in dice.sample(own, len(own) // 4)]
        lines += [json.dumps(each).encode() for each in [*own, *again]]
    lines += dice.sample(lines, len(lines) // 10)
    lines += dice.sample(UNUSABLE, dice.randrange(len(UNUSABLE) + 1))
    dice.shuffle(lines)
    if lines and lines[0].startswith(b"{"):
        lines[0] = b"\xef\xbb\xbf" + lines[0] + b"\r"  # as some editors begin a file and end a line
    lines.insert(len(lines) // 2, b"  ")
    return lines


def _corrected(dice: random.Random, line: dict[str, object]) -> dict[str, object]:
    """Return another version of a line: later recorded, or of the same time and so contradicting.
    """
    what = dice.choice([{"status": "entered-in-error"}, {"note": "another one"}])
    later = {"recorded": "2030-01-01"} if dice.random() < 0.7 else {}
    return {**line, **what, **later}


def written_in(folder: Path, seed: int, names: Sequence[str]) -> list[str]:
    """Write awkward lines to files, packed where a name ends so, and return their paths."""
    folder.mkdir()
    lines = awkward(random.Random(seed), 5)
    for number, name in enumerate(names):
        whole = b"\n".join(lines[number::len(names)])
        (folder / name).write_bytes(gzip.compress(whole) if name.endswith(".gz") else whole)
    return [str(folder / name) for name in names]


def local_run(as_of: str | None = None, wanted: tuple[str, ...] = ()) -> Run:
    """Return a run in this process, which assesses what it can."""
    reader = PatientReader(Intake(setup().rulebook.vocabulary, UTC), wanted)
    return Run(setup(), reader, read_when(as_of, UTC) if as_of else None, "skip")


def printed(run: Run, *paths: str) -> dict[str, bytes]:
    """Return what a run prints of each patient."""
    return {each.patient: as_json(patient_record(each)) for each in run.assessments(paths)}
