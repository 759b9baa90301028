"""The laws of an assessment: it depends on what is known, and on nothing else."""

from __future__ import annotations

import json
import random
import sys
import tracemalloc
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from laws.assessed import Line, assess, assessor, read
from oracle.patients import patient
from oracle.reading import assess as read_independently

from engine.assessment import assessment_of
from engine.events.event import Event
from engine.events.when import When
from engine.facts.members import Members
from engine.passage import Passage
from engine.reports.records import patient_record
from engine.timeline.courses import Course
from engine.timeline.log import Known, known

SEEDS = st.integers(0, 10**6)
FEW = settings(max_examples=12, deadline=None)


def lines_of(seed: int) -> list[Line]:
    return patient(random.Random(seed), "p")


@FEW
@given(SEEDS, st.randoms(use_true_random=False))
def test_the_order_of_arrival_changes_nothing(seed: int, shuffler: random.Random) -> None:
    lines = lines_of(seed)
    shuffled = list(lines)
    shuffler.shuffle(shuffled)
    assert assess(shuffled) == assess(lines)


@FEW
@given(SEEDS)
def test_a_line_that_comes_twice_adds_nothing(seed: int) -> None:
    lines = lines_of(seed)
    assert assess(lines + lines[::2]) == assess(lines)


@FEW
@given(SEEDS)
def test_answers_are_the_same_whether_kept_or_asked_anew(seed: int) -> None:
    lines = lines_of(seed)
    assert assess(lines, keep=False) == assess(lines)


@FEW
@given(SEEDS)
def test_both_networks_conclude_the_same(seed: int) -> None:
    pytest.importorskip("durable")
    lines = lines_of(seed)
    assert assess(lines, network="durable") == assess(lines, network="reference")


@FEW
@given(SEEDS, st.integers(0, 10**6))
def test_as_of_a_moment_equals_a_replay_up_to_it(seed: int, chooser: int) -> None:
    lines = lines_of(seed)
    events = read(lines)
    chosen = sorted(events, key=lambda event: (event.recorded.start, event.id))[
        chooser % len(events)]
    moment = chosen.recorded
    by_then = [line for line, event in zip(_readable(lines), events, strict=True)
               if event.recorded.start <= moment.end]
    assert assess(lines, moment.text) == assess(by_then, moment.text)


def _readable(lines: list[Line]) -> list[Line]:
    return [line for line in lines if read([line])]


@FEW
@given(SEEDS)
def test_the_spelling_of_a_unit_changes_no_class(seed: int) -> None:
    lines = lines_of(seed)
    respelt = [_respelt(line) for line in lines]
    assert _classes(assess(respelt)) == _classes(assess(lines))


def _respelt(line: Line) -> Line:
    """Write a count per litre as the same count per microlitre, exactly."""
    if line.get("unit") not in {"10*9/L", "10*3/uL", "K/uL", "G/L"} or "value" not in line:
        return line
    text = str(line["value"]).lstrip("<>=")
    if Fraction(text) < 1:
        return line  # below 1 per microlitre the unit is suspect, and so it should be
    sign = str(line["value"])[: len(str(line["value"])) - len(text)]
    per_microlitre = Fraction(text) * 1000
    if per_microlitre.denominator != 1:
        return line
    return {**line, "value": f"{sign}{per_microlitre}", "unit": "/uL"}


def _classes(record: str) -> Any:
    if not record:
        return None
    parsed = json.loads(record)
    alerts = [(each["rule"], each["from"], each["to"], each["severity"])
              for each in parsed["alerts"]]
    return parsed["summary"], alerts


@FEW
@given(SEEDS)
def test_every_conclusion_rests_on_events_known_by_then(seed: int) -> None:
    lines = lines_of(seed)
    record = assess(lines)
    ids = {event.id for event in known(read(lines)).events} if record else set()
    for each in json.loads(record or '{"conclusions": [], "alerts": []}')["conclusions"]:
        assert set(each["evidence"]) <= ids


def test_nothing_is_concluded_from_nothing() -> None:
    only = [{"id": "1", "patient": "p", "kind": "person", "at": "2015-01-01", "sex": "female"}]
    record = json.loads(assess(only))
    assert record["alerts"] == []
    assert [each["value"] for each in record["conclusions"]] == ["none"]
    assert set(record["summary"].values()) == {None, "none"}


@pytest.mark.parametrize("as_of", [None, "2015-06-01"])
def test_lines_that_are_all_void_are_judged_at_the_moment(as_of: str | None) -> None:
    only = [{"id": "1", "patient": "p", "kind": "platelet_count", "at": "2015-01-01",
             "status": "entered-in-error"}]
    record = json.loads(assess(only, as_of))
    moment = as_of or "2015-01-01"
    assert [(each["value"], each["from"]) for each in record["conclusions"]] == [("none", moment)]
    assert record["summary"]["mmf"] == "none" == read_independently(only)["p"]["summary"]["mmf"]


def test_events_after_the_moment_leave_it_to_be_judged() -> None:
    later = [{"id": "1", "patient": "p", "kind": "person", "at": "2015-01-01T12:00Z",
              "recorded": "2015-01-01T11:55Z", "sex": "female"}]
    assert json.loads(assess(later, "2015-01-01T11:58Z"))["summary"]["mmf"] == "none"


@FEW
@given(SEEDS, st.integers(0, 200))
def test_a_copy_goes_on_by_itself(seed: int, place: int) -> None:
    """A passage copied on the way, and both gone on with: as two runs that knew nothing of it."""
    stated = known(read(lines_of(seed)))
    steps: list[tuple[When, list[Event]]] = []
    alone = Passage(assessor(), stated.as_of)
    for step in assessor().instants(stated.events, alone):
        alone.step(*step)
        steps.append(step)
    first = Passage(assessor(), stated.as_of)
    place %= len(steps) + 1
    for step in steps[:place]:
        first.step(*step)
    second = first.copy()
    for step in steps[place:place + 3]:  # the one is ahead of the other, which must not notice
        second.step(*step)
    for step in steps[place:]:
        first.step(*step)
    for step in steps[place + 3:]:
        second.step(*step)
    assert record_of(first) == record_of(second) == record_of(alone)


@FEW
@given(SEEDS, st.integers(0, 200))
def test_what_decides_nothing_need_not_be_asked(seed: int, place: int) -> None:
    """The same is concluded, and shown, whether every criterion is asked or not."""
    lines = lines_of(seed)
    at = sorted(line["at"] for line in lines)[place % len(lines)] if place % 2 else None
    assert assess(lines, at) == assess(lines, at, whole=True)


@FEW
@given(SEEDS)
def test_what_is_worked_out_bit_by_bit_is_what_is_found_at_one_go(seed: int) -> None:
    """All that was kept on the way is thrown away, and every fact is asked again."""
    stated = known(read(lines_of(seed)))
    chart = assessor().passage(stated.events, stated.as_of, whole=True).chart
    anew = chart.without_answers()
    for question in chart.program.questions:
        if not question.fact.of:
            assert comparable(anew.answer(question, None)) == comparable(
                chart.answer(question, None)), question.fact.name


def comparable(value: Any) -> Any:
    """Return an answer as it can be compared: the steps of a course are made for it anew."""
    if isinstance(value, Members):
        return [(event.id, certain) for event, certain in value]
    if isinstance(value, Course):
        return ([comparable(each) for each in (*value.steps, *value.ignored)],
                *map(comparable, (value.start, value.stop, value.resumed, value.last_step)))
    return (value.id, dict(value.fields)) if isinstance(value, Event) else value


def record_of(passage: Passage) -> Any:
    return patient_record(assessment_of("p", passage.with_moment()))


COUNT = {"kind": "platelet_count", "unit": "10*9/L"}
PILL = {"kind": "medication", "drug": "sirolimus", "unit": "mg/m2/d"}
DAY, SECONDS = timedelta(days=1), timedelta(seconds=20)
SHAPES: dict[str, tuple[timedelta, list[Line]]] = {
    "of every kind": (DAY, [
        {**COUNT, "value": 12}, {"kind": "bleeding", "grade": 1}, {**COUNT, "value": 110},
        {**PILL, "action": "change", "dose": 3}, {**COUNT, "value": 74}, {"kind": "bleeding",
        "grade": 0}, {**COUNT, "value": 40}, {**PILL, "action": "change", "dose": 2}]),
    "all critical": (DAY, [{**COUNT, "value": 5}, {**COUNT, "value": 7}]),
    "all bleeding": (DAY, [{"kind": "bleeding", "grade": at} for at in range(5)]),
    "all open": (timedelta(hours=1), [{**COUNT, "value": 30, "comparator": "<"}]),
    "one drug over and over": (DAY, [
        {"kind": "medication", "drug": "clarithromycin", "action": each}
        for each in ("start", "stop")]),
    "a day of changes": (SECONDS, [{**PILL, "action": "change", "dose": at} for at in (2, 3)]),
    "a day of courses": (SECONDS, [
        {"kind": "medication", "drug": "sirolimus", "action": "stop"},
        {**PILL, "action": "start", "dose": 2}]),
    "all levels": (DAY, [{"kind": "drug_level", "drug": "sirolimus", "value": at, "unit": "ng/mL"}
                         for at in (3, 9, 21)]),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_the_work_grows_with_the_events(shape: str) -> None:
    """Calls of functions are counted, for they are the same on every machine."""
    calls(shape, 20)  # what is kept for all patients is made first, whatever ran before this test
    some, more, most = (calls(shape, count) for count in (100, 200, 400))
    assert more < 2.05 * some
    assert most < 2.05 * more


@pytest.mark.parametrize("shape", SHAPES)
def test_the_memory_grows_with_the_events(shape: str) -> None:
    peak(shape, 20)
    some, more = (peak(shape, count) for count in (300, 600))
    assert more < 2.15 * some


def calls(shape: str, count: int) -> int:
    """Return how many functions the assessment of one long patient calls."""
    stated, counted = of_shape(shape, count), 0

    def count_one(_frame: Any, what: str, _argument: Any) -> None:
        nonlocal counted
        counted += what == "call"

    sys.setprofile(count_one)
    try:
        record_of(assessor("reference").assess(stated.events, stated.as_of))
    finally:
        sys.setprofile(None)
    return counted


def peak(shape: str, count: int) -> int:
    """Return the most memory, in bytes, that the assessment of one long patient takes."""
    stated, ready = of_shape(shape, count), assessor("reference")
    tracemalloc.start()
    try:
        ready.assess(stated.events, stated.as_of)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def of_shape(shape: str, count: int) -> Known:
    """Return one patient with so many events of a shape."""
    begin, (apart, turns) = datetime(2015, 1, 1, tzinfo=UTC), SHAPES[shape]
    lines: list[Line] = [
        {"kind": "diagnosis", "condition": "itp"}, {**COUNT, "value": 12},
        {"kind": "medication", "drug": "mycophenolate-mofetil", "action": "start"},
        {**PILL, "action": "start", "dose": 2}]
    before = len(lines)
    lines += [turns[at % len(turns)] for at in range(count)]
    events = read([{**line, "id": f"e{at}", "patient": "p", "at": str(
        (begin + apart * (at - before)).isoformat())} for at, line in enumerate(lines)])
    assert len(events) == len(lines)
    return known(events)
