"""In whatever order and in whatever parts lines are ingested, the store answers the same."""

from __future__ import annotations

import json
import random
import tempfile
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st
from oracle.patients import patient

from engine.assess import Assessor
from engine.assessment import assessment_of
from engine.events.event import Source
from engine.events.intake import Intake
from engine.events.when import moment_of
from engine.reports.records import patient_record
from engine.rulebook.definitions import Rulebook
from engine.rulebook.loader import load_rulebook
from engine.sources.patients import PatientReader
from engine.store.file import Store, opened
from engine.store.ingesting import Ingest
from engine.store.reading import lines_received
from engine.store.verify import findings
from engine.timeline.log import known

from .stores import Line

ZONE = ZoneInfo("UTC")
BEGIN = datetime(2040, 1, 1, tzinfo=UTC)
SEEDS = st.integers(0, 10**6)
FEW = settings(max_examples=8)


@cache
def rulebook() -> Rulebook:
    return load_rulebook(Path(__file__).parents[2] / "rules" / "itp-sirolimus")


@cache
def assessor() -> Assessor:
    return Assessor(rulebook(), ZONE)


@cache
def intake() -> Intake:
    return Intake(rulebook().vocabulary, ZONE)


def assessed(store: Store, by: datetime | None = None) -> list[str]:
    reader = PatientReader(intake(), read=lines_received(store, by))
    moment = moment_of(by, ZONE) if by else None
    found = []
    for name, events in reader.gathered([""]):
        what = known(events, moment)
        record = patient_record(assessment_of(name, assessor().assess(what.events, what.as_of)))
        found.append(json.dumps(record))
    return found


def ingested(store: Store, lines: list[Line]) -> None:
    taking = Ingest(store, intake(), timedelta(minutes=10))
    given = [(Source("law", number), json.dumps(line).encode())
             for number, line in enumerate(lines, 1)]
    for _ in taking.groups(given, lambda: BEGIN):
        pass


def lines_of(seed: int) -> list[Line]:
    chance = random.Random(seed)
    return patient(chance, "p") + patient(chance, "q")


def in_parts(store: Store, lines: list[Line], chance: random.Random) -> None:
    left = list(lines)
    while left:
        size = chance.randint(1, len(left))
        ingested(store, left[:size])
        left = left[size:]


class Clock:
    """A clock that goes on by an hour each time it is read."""

    def __init__(self) -> None:
        self.time = BEGIN

    def __call__(self) -> datetime:
        self.time += timedelta(hours=1)
        return self.time


@FEW
@given(SEEDS, st.randoms(use_true_random=False))
def test_order_and_grouping_change_nothing(seed: int, chance: random.Random) -> None:
    lines = lines_of(seed)
    mixed = chance.sample(lines, len(lines)) + chance.sample(lines, len(lines) // 3)
    with (tempfile.TemporaryDirectory() as folder,
          opened(f"{folder}/a", Clock(), make=True) as whole,
          opened(f"{folder}/b", Clock(), make=True) as parts):
        ingested(whole, lines)
        in_parts(parts, mixed, chance)
        assert assessed(parts) == assessed(whole)
        assert not list(findings(parts))
        rows = "SELECT patient, id, line FROM received ORDER BY patient, id, line"
        assert parts.base.execute(rows).fetchall() == whole.base.execute(rows).fetchall()


@FEW
@given(SEEDS, st.randoms(use_true_random=False))
def test_an_earlier_answer_stays_whatever_comes_later(seed: int, chance: random.Random) -> None:
    lines = lines_of(seed)
    chance.shuffle(lines)
    cut = chance.randint(0, len(lines))
    clock = Clock()
    with (tempfile.TemporaryDirectory() as folder,
          opened(f"{folder}/a", clock, make=True) as store):
        in_parts(store, lines[:cut], chance)
        then = clock.time
        before = assessed(store, then)
        in_parts(store, lines[cut:], chance)
        assert assessed(store, then) == before


def test_a_failed_group_leaves_nothing_behind(tmp_path: Path) -> None:
    with opened(str(tmp_path / "S"), Clock(), make=True) as store:
        try:
            with store.writing():
                store.base.execute("UPDATE head SET count = 1 WHERE name = 'none'")
                raise KeyboardInterrupt
        except KeyboardInterrupt:
            pass
        assert not store.base.in_transaction
        assert not list(findings(store))
