"""Laws of what is judged outright: a passage tells the same; the work grows with the events."""

from __future__ import annotations

import random
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.assess import Assessor
from engine.assessment import assessment_of
from engine.outright.walk import Walk
from engine.passage import Passage
from engine.reports.output import patient_line
from engine.rulebook.loader import load_rulebook
from engine.timeline.log import known
from outright.both import alike, assessor, events, line
from outright.made import Book
from outright.patients import patient

LETTER = Path(__file__).parents[2] / "benchmarks" / "letter"
ZONES = st.sampled_from(["UTC", "Europe/Rome", "America/New_York"])
MOMENTS = (None, "2020-01-04T08:00Z", "2020-01-05")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("made")


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**9), ZONES)
def test_both_ways_tell_the_same(folder: Path, seed: int, zone: str) -> None:
    """Of events at instants alone, all are judged outright."""
    rng = random.Random(seed)
    ready = assessor(folder, Book(rng).files(), zone)
    assert ready.outright is not None
    for _ in range(4):
        lines = patient(rng, days=0)
        if events(ready, lines):
            stated = known(events(ready, lines))
            assert type(alike(ready, lines)) is (Walk if stated.events else Passage)
            for as_of in MOMENTS[1:]:
                alike(ready, lines, as_of)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**9), ZONES, st.sampled_from([0.1, 0.5, 1.0]))
def test_both_ways_tell_the_same_of_days(
        folder: Path, seed: int, zone: str, days: float) -> None:
    rng = random.Random(seed)
    ready = assessor(folder, Book(rng).files(), zone)
    for _ in range(4):
        lines = patient(rng, days=days)
        for as_of in MOMENTS if events(ready, lines) else MOMENTS[1:]:
            alike(ready, lines, as_of)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**9), ZONES)
def test_what_is_taken_for_covered_is(folder: Path, seed: int, zone: str) -> None:
    """Among rulebooks some of which ask the present, none is judged outright by mistake."""
    rng = random.Random(seed)
    ready = assessor(folder, Book(rng, odd=0.25).files(), zone)
    if ready.outright is not None:
        for _ in range(4):
            alike(ready, patient(rng, days=0), "2020-02-01")


def test_the_work_grows_with_the_events() -> None:
    """Calls of functions are counted, for they are the same on every machine.

    Sirolimus is never stopped: a recurrence names all responses before it, so that what is told of
    many recurrences grows faster than the events.
    """
    ready = Assessor(load_rulebook(LETTER), ZoneInfo("UTC"), "reference")
    calls(ready, 20)  # what is kept for all patients is made first
    few, many = calls(ready, 300), calls(ready, 3_000)
    assert many < 10.5 * few, (few, many)


def calls(ready: Assessor, count: int) -> int:
    """Return how many functions the assessment of one long patient calls."""
    begin = datetime(2015, 1, 1, tzinfo=UTC)
    turns: list[dict[str, Any]] = [
        {"kind": "platelet_count", "value": 40, "unit": "10*9/L"},
        {"kind": "drug_level", "drug": "sirolimus", "value": 9, "unit": "ng/mL"},
        {"kind": "bleeding", "grade": 2},
        {"kind": "platelet_count", "value": 12, "unit": "10*9/L", "comparator": "<"},
        {"kind": "medication", "drug": "sirolimus", "action": "start"},
        {"kind": "platelet_count", "value": 110, "unit": "10*9/L"}]
    stated = known(events(ready, [
        line(at, (begin + timedelta(hours=at)).isoformat(), **turns[at % len(turns)])
        for at in range(count)]))
    assert len(stated.events) == count
    counted = 0

    def count_one(_frame: Any, what: str, _argument: Any) -> None:
        nonlocal counted
        counted += what == "call"

    sys.setprofile(count_one)
    try:
        told = ready.assess(stated.events, stated.as_of)
        patient_line(assessment_of("p", told))
    finally:
        sys.setprofile(None)
    assert type(told) is Walk
    return counted
