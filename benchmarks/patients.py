"""What does a stream of many invented patients look like, so that every rule of the letter fires?

``python benchmarks/patients.py --patients 1000 --events 60 [--shuffled] [--seed 1] > FILE`` writes
NDJSON as `itp-cds assess` reads it. A patient depends on the seed and on its number alone: more
patients change none of the earlier ones. Nobody real is in it, and its frequencies mean nothing.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

FEWEST = 12
_FIRST_DAY = datetime(2008, 1, 1, tzinfo=UTC)
_COURSES = (("complete", 0.4), ("partial", 0.25), ("none", 0.35))  # share of each kind of patient
_MIDDLE = {"complete": 150, "partial": 60, "none": 22}  # around which the counts of each lie

Fields = dict[str, Any]


def lines(patients: int, events: int, seed: int = 1) -> Iterator[bytes]:
    """Yield the lines of all patients, each patient's together and in the order of time."""
    for number in range(patients):
        yield from patient(number, events, seed)


def shuffled(grouped: Iterable[bytes], seed: int = 1) -> list[bytes]:
    """Return the lines in an order that is no order; all of them are kept in memory."""
    found = list(grouped)
    random.Random(seed).shuffle(found)
    return found


def patient(number: int, events: int, seed: int = 1) -> Iterator[bytes]:
    """Yield one patient's lines; no two events of a patient begin together."""
    dice = random.Random(f"{seed}:{number}")
    at = _FIRST_DAY + timedelta(days=dice.randrange(2000))
    for place, fields in enumerate(_story(dice, events)):
        at += timedelta(days=dice.randrange(1, 9), minutes=dice.randrange(1, 600))
        head = {"id": f"e{place}", "patient": f"p{number:06}", "kind": fields.pop("kind"),
                "at": at.isoformat(timespec="seconds")}
        yield json.dumps({**head, **fields}, separators=(",", ":")).encode() + b"\n"


def _story(dice: random.Random, events: int) -> Iterator[Fields]:
    """Yield a patient's events: before sirolimus, on it, and for some off it and on it again."""
    course = dice.choices([name for name, _ in _COURSES], [share for _, share in _COURSES])[0]
    baseline = dice.randrange(3, 36)
    before = [
        {"kind": "diagnosis", "condition": "itp"},
        _medication("mycophenolate-mofetil" if dice.random() < 0.9 else "prednisone", "start"),
        *(_count(dice.randrange(3, 45)) for _ in range(dice.randrange(1, 4))),
        _count(baseline),
        _medication("sirolimus", "start", dose=dice.choice([2, 2.5]), unit="mg/m2/d"),
    ]
    yield from before
    left = events - len(before)
    off = int(left * dice.uniform(0.5, 0.8)) if dice.random() < 0.35 else None
    on_again = off + (left - off) // 2 if off is not None and dice.random() < 0.4 else None
    middle = _MIDDLE[course]
    for place in range(left):
        if place == off:
            middle = dice.choice([middle, 25])  # the response lasts, or is lost
            yield _medication("sirolimus", "stop")
        elif place == on_again:
            middle = _MIDDLE[course]
            yield _medication("sirolimus", "start", dose=2, unit="mg/m2/d")
        else:
            is_running = off is None or place < off or (on_again is not None and place > on_again)
            yield _observed(dice, middle, baseline, is_running)


def _observed(dice: random.Random, middle: int, baseline: int, is_running: bool) -> Fields:
    drawn = dice.random()
    if drawn < 0.64:
        edges = [29, 30, 99, 100, 2 * baseline - 1, 2 * baseline]
        return _count(dice.choice(edges) if dice.random() < 0.06
                      else max(1, round(dice.lognormvariate(0, 0.5) * middle)))
    if drawn < 0.93:
        level = dice.choice([4.9, 5, 15, 15.1]) if dice.random() < 0.06 else max(
            0.5, round(dice.gauss(9, 4.2), 1))
        return {"kind": "drug_level", "drug": "sirolimus", "value": level, "unit": "ng/mL",
                "sample": "trough"}
    if drawn < 0.97:
        return {"kind": "bleeding", "grade": dice.choice([0, 1, 1, 2, 3]),
                "cause": "trauma" if dice.random() < 0.2 else "spontaneous"}
    if drawn < 0.99 and is_running:
        return _medication("sirolimus", "taper", dose=dice.choice([1, 1.5]), unit="mg/m2/d")
    return _medication("prednisone", dice.choice(["start", "stop"]))


def _count(value: int) -> Fields:
    return {"kind": "platelet_count", "value": value, "unit": "10*9/L"}


def _medication(drug: str, action: str, **dose: Any) -> Fields:
    return {"kind": "medication", "drug": drug, "action": action, **dose}


def write(path: Path, patients: int, events: int, seed: int = 1) -> Path:
    """Write a grouped stream to a file; return its path."""
    with path.open("wb") as file:
        file.writelines(lines(patients, events, seed))
    return path


def events_wanted(text: str) -> int:
    """Return a number of events for a patient, or complain that it is too small for a story."""
    if not text.isdecimal() or int(text) < FEWEST:
        raise argparse.ArgumentTypeError(f"found {text!r}, expected a whole number from {FEWEST} "
                                         "on: a patient has no story in fewer events")
    return int(text)


def main() -> None:
    """Write the stream to the standard output."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--patients", type=int, default=1000)
    options.add_argument("--events", type=events_wanted, default=60, help="of each patient")
    options.add_argument("--seed", type=int, default=1)
    order = options.add_mutually_exclusive_group()
    order.add_argument("--grouped", action="store_true", help="each patient's lines together "
                       "(this is so anyway)")
    order.add_argument("--shuffled", action="store_true", help="lines in any order")
    chosen = options.parse_args()
    made: Iterable[bytes] = lines(chosen.patients, chosen.events, chosen.seed)
    sys.stdout.buffer.writelines(shuffled(made, chosen.seed) if chosen.shuffled else made)


if __name__ == "__main__":
    main()
