"""Do the changes of a history, one after another, make the assessment right at its end?"""

from __future__ import annotations

import random
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from laws.assessed import UTC, assessor, read
from oracle.patients import patient

from engine.assessment import assessment_of
from engine.events.event import Event
from engine.events.when import FIRST, When, moment_of
from engine.history.comparing import State, replayed
from engine.history.lines import Arrival
from engine.history.steps import Era, History
from engine.timeline.log import known

FEW = settings(max_examples=6)
SEEDS = st.integers(0, 10**6)


def history(lines: list[Event], start: When | None = None, end: When | None = None) -> History:
    arrivals = tuple(Arrival(line, line.recorded.start) for line in lines)
    return History("p", [Era(FIRST, assessor("reference"), arrivals)], start,
                   end or known(lines).as_of)


def assessed(lines: list[Event], moment: When) -> State:
    ready = assessor("reference")
    what = known(lines, moment)
    return State.of(assessment_of("p", ready.assess(what.events, moment)))


def same(one: State, other: State) -> bool:
    return all(sorted(map(repr, left)) == sorted(map(repr, right)) for left, right in (
        (one.conclusions, other.conclusions), (one.alerts, other.alerts),
        (one.undecided, other.undecided)))


def lines_of(seed: int) -> list[Event]:
    return read(patient(random.Random(seed), "p"))


@FEW
@given(SEEDS, st.data())
def test_the_changes_make_each_assessment_as_of_its_moment(seed: int, data: st.DataObject) -> None:
    lines = lines_of(seed)
    steps, state = [*history(lines).steps()], State()
    tried = data.draw(st.integers(0, len(steps) - 1))
    for number, step in enumerate(steps):
        state = replayed(state, step.changes)
        if number == tried:
            assert same(state, assessed(lines, step.moment))
    assert same(state, assessed(lines, known(lines).as_of))


@FEW
@given(SEEDS, st.data())
def test_a_part_of_a_history_is_a_part_of_the_whole(seed: int, data: st.DataObject) -> None:
    lines = lines_of(seed)
    whole = [*history(lines).steps()]
    first = data.draw(st.integers(0, len(whole) - 1))
    start = whole[first].moment
    part = [*history(lines, start).steps()]
    assert [(each.moment, each.changes) for each in part] == [
        (each.moment, each.changes) for each in whole[first:]]
    end = moment_of(start.start - timedelta(seconds=1), UTC)
    before = [*history(lines, end=end).steps()]
    assert [each.changes for each in before if each.learnt] == [
        each.changes for each in whole[:first] if each.learnt]


@FEW
@given(SEEDS, st.randoms(use_true_random=False))
def test_the_order_of_lines_changes_no_history(seed: int, chance: random.Random) -> None:
    lines = lines_of(seed)
    mixed = chance.sample(lines, len(lines))
    assert [(each.moment, each.changes) for each in history(mixed).steps()] == [
        (each.moment, each.changes) for each in history(lines).steps()]
