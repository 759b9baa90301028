"""Is a patient who is followed line by line assessed as if everything had been known at once?"""

from __future__ import annotations

import json
import random

from hypothesis import given, settings
from hypothesis import strategies as st
from laws.assessed import UTC, Line, assess, assessor, read
from oracle.patients import patient

from engine.assessment import assessment_of
from engine.events.event import Event
from engine.events.when import LAST, When, parse_when
from engine.facts.chart import NEVER
from engine.live import LivePatient
from engine.reports.records import patient_record

SEEDS = st.integers(0, 10**6)
FEW = settings(max_examples=8, deadline=None)
LATER = parse_when("2040-01-01", UTC)


def lines_of(seed: int) -> list[Line]:
    return patient(random.Random(seed), "p")


def followed(live: LivePatient, events: list[Event], as_of: When) -> str:
    for event in events:
        live.take(event)
    record = patient_record(assessment_of("p", live.passage(as_of)))
    return json.dumps(record, sort_keys=True)


def fresh() -> LivePatient:
    return LivePatient(assessor(), "p")


@FEW
@given(SEEDS, st.randoms(use_true_random=False))
def test_lines_in_any_order_and_in_any_groups(seed: int, chooser: random.Random) -> None:
    lines = lines_of(seed)
    expected = assess(lines, "2040-01-01")
    chooser.shuffle(lines)
    live, got = fresh(), ""
    while lines:
        size = chooser.choice((1, 1, 2, 5, 30))
        group, lines = lines[:size], lines[size:]
        got = followed(live, read(group), LATER)
    assert got == expected


@FEW
@given(SEEDS)
def test_every_moment_on_the_way_is_as_if_known_at_once(seed: int) -> None:
    lines = lines_of(seed)
    events = sorted(read(lines), key=lambda event: event.recorded.start)
    live = fresh()
    for number, event in enumerate(events):
        live.take(event)
        following = events[number + 1].recorded.start if number + 1 < len(events) else LAST
        if (number % 7 and following != LAST) or following <= event.recorded.end:
            continue  # an assessment of every moment would take long
        so_far = patient_record(assessment_of("p", live.passage(event.recorded)))
        assert json.dumps(so_far, sort_keys=True) == assess(lines, event.recorded.text)


def test_an_event_in_order_takes_one_step() -> None:
    live = fresh()
    counts = [{"id": str(n), "patient": "p", "kind": "platelet_count", "value": 20, "unit":
               "10*9/L", "at": f"2015-{1 + n // 28:02}-{1 + n % 28:02}T08:00:00Z"}
              for n in range(120)]
    for event in read(counts):
        before = live.steps
        followed(live, [event], event.recorded)
        assert live.steps - before <= 2  # the count, and at most what time alone has changed


def test_a_late_event_goes_back_no_further_than_it_must() -> None:
    live = fresh()
    counts = [{"id": str(n), "patient": "p", "kind": "platelet_count", "value": 20, "unit":
               "10*9/L", "at": f"2015-{1 + n // 28:02}-{1 + n % 28:02}T08:00:00Z"}
              for n in range(112)]
    followed(live, read(counts), parse_when("2015-05-01", UTC))
    before = live.steps
    beside = {**counts[-1], "id": "beside", "kind": "bleeding", "grade": 1}
    del beside["value"], beside["unit"]
    followed(live, read([beside]), parse_when("2015-05-01", UTC))
    assert live.steps - before <= 3
    before = live.steps
    followed(live, read([{**counts[-4], "value": 25, "recorded": "2015-04-30"}]),
             parse_when("2015-05-01", UTC))
    assert live.steps - before <= 12


def test_time_alone_is_followed_too() -> None:
    live = fresh()
    line = {"id": "1", "patient": "p", "kind": "bleeding", "at": "2015-01-01", "grade": 3}
    followed(live, read([line]), parse_when("2015-01-02", UTC))
    due = live.next_change()
    assert due > parse_when("2015-01-02", UTC).end
    assert due < parse_when("2015-02-01", UTC).start


def test_of_what_decides_nothing_no_instant_is_waited_for() -> None:
    live = fresh()
    line = {"id": "1", "patient": "p", "kind": "bleeding", "at": "2015-01-01", "grade": 0}
    followed(live, read([line]), parse_when("2015-01-02", UTC))
    assert live.next_change() == NEVER


def test_a_line_recorded_later_waits_until_then() -> None:
    live = fresh()
    line = {"id": "1", "patient": "p", "kind": "bleeding", "at": "2015-01-01", "grade": 2,
            "recorded": "2015-01-05"}
    followed(live, read([line]), parse_when("2015-01-02", UTC))
    assert not live.events
    assert live.next_change() == parse_when("2015-01-05", UTC).start
    live.passage(parse_when("2015-01-05", UTC))
    assert list(live.events) == ["1"]


def test_a_patient_whose_lines_are_all_void_is_judged_at_the_moment() -> None:
    lines = [{"id": "1", "patient": "p", "kind": "bleeding", "at": "2015-01-01", "grade": 2},
             {"id": "1", "patient": "p", "kind": "bleeding", "at": "2015-01-01", "grade": 2,
              "status": "entered-in-error", "recorded": "2015-01-03"},
             {"id": "2", "patient": "p", "kind": "bleeding", "at": "2015-01-07", "grade": 2}]
    live = fresh()
    for number, moment in enumerate(("2015-01-02", "2015-01-05", "2015-01-06", "2015-01-08")):
        now = followed(live, read(lines[number:number + 1] if number < 2 else
                                  lines[2:] if number == 3 else []), parse_when(moment, UTC))
        assert now == assess(lines[:min(number + 1, 2) if number < 3 else 3], moment), moment
