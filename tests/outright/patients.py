"""Patients made at random for the rulebooks of `made`: much comes together, or is known loosely."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from outright.made import KINDS, MEASURED

if TYPE_CHECKING:
    import random


def patient(rng: random.Random, *, days: float = 0.1, most: int = 14) -> list[bytes]:
    """Return the lines of a patient, many of them at one instant; `days` of them without a time."""
    lines = []
    for number in range(rng.randint(0 if rng.random() < 0.1 else 1, most)):
        line: dict[str, Any] = {"id": f"{rng.choice('zyxabc')}{number}", "patient": "p",
                                "kind": rng.choice(KINDS), "at": _at(rng, days)}
        if rng.random() < 0.2:
            line["recorded"] = rng.choice(["2020-01-04", "2020-01-08T00:00Z", "2020-01-20"])
        if rng.random() < 0.2:
            line["status"] = rng.choice(
                ["preliminary", "corrected", "cancelled", "entered-in-error"])
        line |= _said(rng, line["kind"])
        lines.append(line)
        if rng.random() < 0.1:
            lines.append({**line, **_said(rng, line["kind"]), "recorded": "2020-01-21"})
    return [json.dumps(line).encode() for line in lines]


def _at(rng: random.Random, days: float) -> str:
    day = f"2020-01-{rng.randint(1, 7):02}"
    if rng.random() < days:
        return day
    hour, zone = rng.choice([0, 8, 8, 8, 23]), rng.choice(["Z", "Z", "+01:00", "-05:00"])
    return f"{day}T{hour:02}:{rng.choice(['00', '00', '30'])}{zone}"


def _said(rng: random.Random, kind: str) -> dict[str, Any]:
    """Return what an event of a kind says."""
    said: dict[str, Any] = {}
    if kind in MEASURED and (kind == "count" or rng.random() < 0.8):
        number = rng.choice(["5", "10", "10.0", "12.5", "20.5", "30", "15"])
        if rng.random() < 0.1:
            said |= {"value": f"{number}000", "unit": "mg/L"} if "." not in number else {
                "value": number, "unit": "g/L"}
        else:
            said |= {"value": rng.choice(["", "", "", "<", ">", "<=", ">="]) + number,
                     "unit": "g/L"}
    if kind in MEASURED and rng.random() < 0.4:
        said["taken"] = _at(rng, 0.3)
    if kind == "count":
        said |= {"method": rng.choice(["machine", "eye"])} if rng.random() < 0.6 else {}
        said |= {"doubtful": rng.random() < 0.5} if rng.random() < 0.6 else {}
    if kind in ("level", "pill"):
        said["drug"] = rng.choice(["a", "b", "c"])
    if kind == "pill":
        said["action"] = rng.choice(["start", "change", "stop"])
        said |= {"dose": rng.choice(["1", "2", "3"]), "unit": "g"} if rng.random() < 0.6 else {}
    if kind == "fall":
        said["grade"] = rng.randint(0, 4)
    return said
