"""Where does a course begin, resume and end, and in which direction does each step go?"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from timeline.made import WORDS, step

from engine.events.amount import Amount
from engine.events.event import Event
from engine.timeline.courses import Course, each_course, latest_course

GAP = 28


def course(*steps: Event, gap: int = GAP) -> Course:
    return latest_course(steps, WORDS, gap, lambda each: [each.fields.get("dose")])


def ids(events: Iterable[Event]) -> list[str]:
    return [each.id for each in events]


def directions(found: Course) -> list[str]:
    return [str(each.fields["direction"]) for each in found.steps]


def test_without_events_there_is_no_course() -> None:
    empty = course()
    assert (empty.begun, empty.running, empty.stopped) == (False, False, False)
    assert empty == Course()


def test_a_course_runs_until_it_is_stopped() -> None:
    begun = course(step("1", "2020-01-01", "start"))
    assert (begun.begun, begun.running, begun.stopped) == (True, True, False)
    ended = course(step("1", "2020-01-01", "start"), step("2", "2020-02-01", "stop"))
    assert (ended.begun, ended.running, ended.stopped) == (True, False, True)
    assert ended.stop is not None and ended.stop.id == "2"
    assert ended.last_step is not None and ended.last_step.id == "1"


@pytest.mark.parametrize(("restart", "first"), [("2020-02-28", "1"), ("2020-02-29", "1"),
                                                ("2020-03-01", "3"), ("2020-02-29T23:59Z", "1"),
                                                ("2020-03-01T00:00Z", "3")])
def test_a_gap_of_28_days_continues_and_one_of_29_begins_anew(restart: str, first: str) -> None:
    found = course(step("1", "2020-01-01", "start"), step("2", "2020-02-01", "stop"),
                   step("3", restart, "start"))
    assert found.start is not None and found.start.id == first
    assert found.resumed is not None and found.resumed.id == "3"
    assert found.running


@pytest.mark.parametrize(("stop", "start"), [
    ("2020-02-01", "2020-02-01"), ("2020-02-01", "2020-02-01T08:00Z"),
    ("2020-02-01T08:00Z", "2020-02-01"), ("2020-02-01T08:00Z", "2020-02-01T08:00Z"),
])
def test_a_stop_and_start_of_one_date_that_cannot_be_told_apart_are_no_gap(
        stop: str, start: str) -> None:
    found = course(step("1", "2020-01-01", "start"), step("2", stop, "stop"),
                   step("3", start, "start"))
    assert found.running
    assert found.resumed is not None and found.resumed.id == "1"
    assert "stop" not in directions(found)


def test_a_stop_surely_before_a_start_of_its_date_is_a_gap_of_no_days() -> None:
    found = course(step("1", "2020-01-01", "start"), step("2", "2020-02-01T08:00Z", "stop"),
                   step("3", "2020-02-01T09:00Z", "start"))
    assert found.running and directions(found) == ["start", "stop", "start"]
    assert found.resumed is not None and found.resumed.id == "3"


def test_a_stop_surely_after_a_start_of_its_date_ends_it() -> None:
    found = course(step("1", "2020-02-01T08:00Z", "start"), step("2", "2020-02-01T09:00Z", "stop"))
    assert found.stopped


def test_a_stop_of_another_drug_on_the_date_of_a_start_ends_that_drug() -> None:
    found = course(step("1", "2020-01-01", "start", "a"), step("2", "2020-02-01", "stop", "a"),
                   step("3", "2020-02-01", "start", "b"), step("4", "2020-03-01", "stop", "b"))
    assert directions(found) == ["start", "start", "stop", "stop"]
    assert found.start is not None and found.start.id == "1"
    assert found.stop is not None and found.stop.id == "4"


def test_a_course_over_several_drugs_runs_while_any_of_them_does() -> None:
    two = [step("1", "2020-01-01", "start", "a"), step("2", "2020-01-10", "start", "b"),
           step("3", "2020-02-01", "stop", "a")]
    assert course(*two).running
    ended = course(*two, step("4", "2020-05-01", "stop", "b"))
    assert ended.stop is not None and ended.stop.id == "4"
    assert ended.resumed is not None and ended.resumed.id == "1"


def test_a_set_of_drugs_restarts_from_its_last_stop() -> None:
    """The gap counts from when nothing ran, whichever drug is begun then."""
    steps = [step("1", "2020-01-01", "start", "a"), step("2", "2020-02-01", "stop", "a"),
             step("3", "2020-02-20", "start", "b"), step("4", "2020-03-01", "stop", "b"),
             step("5", "2020-03-29", "start", "a")]
    assert course(*steps).start.id == "1"  # type: ignore[union-attr]
    assert course(*steps, gap=27).start.id == "5"  # type: ignore[union-attr]


def test_told_apart_each_drug_has_its_own_course() -> None:
    steps = [step("1", "2020-01-01", "start", "a"), step("2", "2020-01-02", "start", "b"),
             step("3", "2020-02-01", "stop", "a"), step("4", "2020-06-01", "start", "a"),
             step("5", "2020-06-02", "change", "c")]
    found = each_course(steps, WORDS, GAP, lambda _: [])
    assert ids(found.steps) == ["2", "4"]
    assert found.running and ids(found.ignored) == ["5"]
    assert not each_course([*steps, step("6", "2020-07-01", "stop", "a"),
                            step("7", "2020-07-02", "stop", "b")], WORDS, GAP,
                           lambda _: []).running


@pytest.mark.parametrize(("old", "new", "action", "direction"), [
    (2, 3, "change", "up"), (3, 2, "change", "down"), (2, 2, "change", "same"),
    (2, None, "change", "unknown"), (None, 2, "change", "unknown"),
    (None, None, "change", "unknown"), (2, None, "taper", "down"), (2, 3, "taper", "up"),
    (2, 2, "taper", "same"), (2, 3, "start", "up"), (2, None, "start", "unknown"),
    (2, Amount(Fraction(0), Fraction(2), high_open=True), "change", "down"),
    (2, Amount(Fraction(1), Fraction(3)), "change", "unknown"),
    (2, Amount(Fraction(1), Fraction(3)), "taper", "down"),
])
def test_the_direction_of_a_step(old: object, new: object, action: str, direction: str) -> None:
    dose = {} if old is None else {"dose": old}
    changed = {} if new is None else {"dose": new}
    found = course(step("1", "2020-01-01", "start", **dose),
                   step("2", "2020-01-09", action, **changed))
    assert directions(found) == ["start", direction]


def test_doses_are_compared_in_the_best_way_that_both_have() -> None:
    steps = [step("1", "2020-01-01", "start", each_day=2, surface=9),
             step("2", "2020-01-02", "change", each_day=1),
             step("3", "2020-01-03", "change", each_day=3, surface=8)]
    found = latest_course(steps, WORDS, GAP, lambda each: [each.fields.get("surface"),
                                                           each.fields.get("each_day")])
    assert directions(found) == ["start", "down", "up"]


def test_a_restart_compares_with_no_earlier_dose() -> None:
    found = course(step("1", "2020-01-01", "start", dose=5), step("2", "2020-01-02", "stop"),
                   step("3", "2020-01-09", "start", dose=9), step("4", "2020-01-10", "change",
                                                                  dose=7))
    assert directions(found) == ["start", "stop", "start", "down"]


def test_what_belongs_to_no_course_is_ignored() -> None:
    found = course(step("1", "2019-12-01", "stop"), step("2", "2019-12-02", "change"),
                   step("3", "2020-01-01", "start"), step("4", "2020-01-02", "change", "b"),
                   step("5", "2020-02-01", "stop"), step("6", "2020-02-02", "taper"),
                   step("7", "2020-02-03", "stop"))
    assert ids(found.steps) == ["3", "5"]
    assert ids(found.ignored) == ["1", "2", "4", "6", "7"]
    assert not course(step("1", "2019-12-01", "stop")).begun


def test_of_one_instant_a_start_comes_first_and_the_lower_dose() -> None:
    at = "2020-01-01T08:00Z"
    steps = [step("9", at, "change", dose=2), step("8", at, "change", dose=1),
             step("7", at, "start", dose=5), step("6", "2020-01-02", "stop")]
    for order in itertools.permutations(steps):
        assert ids(course(*order).steps) == ["7", "8", "9", "6"]


STEPS = st.lists(st.tuples(st.integers(1, 28), st.sampled_from(["start", "change", "stop"]),
                           st.sampled_from("ab"), st.booleans()), max_size=8)


@given(STEPS, st.integers(0, 5), st.randoms(use_true_random=False))
def test_the_order_in_which_steps_are_given_changes_nothing(
        drawn: list[tuple[int, str, str, bool]], gap: int, shuffler: object) -> None:
    steps = [step(f"{index}", f"2020-01-{day:02}{'T08:00Z' if timed else ''}", action, drug)
             for index, (day, action, drug, timed) in enumerate(drawn)]
    shuffled = list(steps)
    shuffler.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = course(*steps, gap=gap), course(*shuffled, gap=gap)
    assert ids(one.steps) == ids(other.steps)
    assert directions(one) == directions(other)
    assert one.begun == (one.running or one.stopped)
    assert not (one.running and one.stopped)
    assert (one.start is None) == (one.resumed is None) == (one.last_step is None)
