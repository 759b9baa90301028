"""Was a condition sustained: surely, possibly, or not? Against every resolution of the unknown."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from timeline.made import event

from engine.events.event import Event
from engine.timeline.sustained import Occasion, Pair, Run, stands, sustained

Truth = bool | None


def occasion(at: str, holds: Truth = True, establishes: Truth = True,
             ignored: Truth = False) -> Occasion:
    return Occasion(event(at, at), holds, establishes, ignored)


def pair(found: Pair | None) -> tuple[str, str] | None:
    return None if found is None else (found.first.id, found.confirmed.id)


@pytest.mark.parametrize(("second", "hours", "far"), [
    ("2020-01-07T23:59Z", None, False), ("2020-01-08", None, True),
    ("2020-01-08T00:00Z", None, True), ("2020-01-08T07:59Z", 7 * 24, False),
    ("2020-01-08T08:00Z", 7 * 24, True), ("2020-01-08", 7 * 24, True),
])
def test_how_far_apart_two_occasions_must_be(second: str, hours: int | None, far: bool) -> None:
    found = sustained([occasion("2020-01-01T08:00Z"), occasion(second)], 7,
                      None if hours is None else timedelta(hours=hours))
    assert (found.certain is not None) == far
    assert found.happened is far


def test_one_occasion_does_not_sustain_itself() -> None:
    assert sustained([occasion("2020-01-01")], 0, None).happened is False


def test_the_newest_confirmation_and_the_first_of_its_run() -> None:
    run = sustained([occasion("2020-01-01"), occasion("2020-01-05"), occasion("2020-01-09"),
                     occasion("2020-02-01", holds=False), occasion("2020-03-01"),
                     occasion("2020-03-05")], 7, None)
    assert pair(run.certain) == ("2020-01-01", "2020-01-09")
    later = sustained([occasion("2020-01-01"), occasion("2020-01-09"), occasion("2020-02-01")],
                      7, None)
    assert pair(later.certain) == ("2020-01-01", "2020-02-01")


def test_what_fails_between_breaks_it_unless_it_is_passed_over() -> None:
    def with_between(between: Occasion) -> Truth:
        return sustained([occasion("2020-01-01"), between, occasion("2020-01-09")],
                         7, None).happened

    assert with_between(occasion("2020-01-05", holds=False)) is False
    assert with_between(occasion("2020-01-05", holds=False, ignored=True)) is True
    assert with_between(occasion("2020-01-05", holds=False, ignored=None)) is None
    assert with_between(occasion("2020-01-05", holds=None)) is None
    assert with_between(occasion("2020-01-05", holds=None, ignored=True)) is True
    assert with_between(occasion("2020-01-05", establishes=False)) is True


def test_what_may_not_establish_neither_begins_nor_confirms() -> None:
    assert sustained([occasion("2020-01-01", establishes=False), occasion("2020-01-09")],
                     7, None).happened is False
    assert sustained([occasion("2020-01-01"), occasion("2020-01-09", establishes=None)],
                     7, None).happened is None


def resolutions(truth: Truth) -> tuple[bool, ...]:
    return (True, False) if truth is None else (truth,)


def all_resolved(occasions: Sequence[Occasion]) -> Iterator[list[Occasion]]:
    each = [[replace(one, holds=h, establishes=e, ignored=i)
             for h in resolutions(one.holds) for e in resolutions(one.establishes)
             for i in resolutions(one.ignored)] for one in occasions]
    for chosen in itertools.product(*each):
        yield list(chosen)


def pairs_by_definition(occasions: Sequence[Occasion], days: int,
                        hours: timedelta | None) -> list[tuple[int, int]]:
    """Two that hold and establish, far enough apart, with nothing between that ends the run."""

    def far(one: Event, other: Event) -> bool:
        timed = not one.at.is_date and not other.at.is_date
        return (other.at.day - one.at.day).days >= days and (
            hours is None or not timed or other.at.start - one.at.start >= hours)

    return [(i, j) for i, j in itertools.combinations(range(len(occasions)), 2)
            if all(occasions[k].holds and occasions[k].establishes for k in (i, j))
            and far(occasions[i].event, occasions[j].event)
            and all(between.holds or between.ignored for between in occasions[i + 1:j])]


TRUTHS = st.sampled_from([True, False, None])
OCCASIONS = st.lists(st.tuples(st.integers(1, 9), st.sampled_from(["", "T06:00Z", "T20:00Z"]),
                               TRUTHS, TRUTHS, TRUTHS), max_size=5)


@settings(deadline=None, max_examples=150)
@given(OCCASIONS, st.integers(1, 4), st.sampled_from([None, 12, 24]))
def test_certain_and_possible_agree_with_every_resolution(
        drawn: list[tuple[int, str, Truth, Truth, Truth]], days: int, hours: int | None) -> None:
    occasions = sorted((occasion(f"2020-01-{day:02}{time}", *truths)
                        for day, time, *truths in drawn), key=lambda one: one.event.at.start)
    gap = None if hours is None else timedelta(hours=hours)
    found = [bool(pairs_by_definition(each, days, gap)) for each in all_resolved(occasions)]
    run = sustained(occasions, days, gap)
    assert run.happened is (True if all(found) else None if any(found) else False)


@given(OCCASIONS, st.integers(1, 4))
def test_the_newest_pair_by_its_definition(
        drawn: list[tuple[int, str, Truth, Truth, Truth]], days: int) -> None:
    occasions = sorted((occasion(f"2020-01-{day:02}{time}", h is True, e is True, i is True)
                        for day, time, h, e, i in drawn), key=lambda one: one.event.at.start)
    pairs = pairs_by_definition(occasions, days, None)
    run = sustained(occasions, days, None)
    newest = max((j for _, j in pairs), default=None)
    if newest is None:
        assert run.certain is None
    else:
        first = min(i for i, j in pairs if j == newest)
        assert run.certain == Pair(occasions[first].event, occasions[newest].event)


def run(certain: str | None, possible: str | None) -> Run:
    def made(at: str | None) -> Pair | None:
        return None if at is None else Pair(event("first", "2020-01-01"), event(at, at))

    return Run(made(certain), made(possible))


@pytest.mark.parametrize(("reached", "against", "truth"), [
    (run("2020-02-01", "2020-02-01"), run(None, None), True),
    (run("2020-02-01", "2020-02-01"), run("2020-01-31", "2020-01-31"), True),
    (run("2020-02-01", "2020-02-01"), run("2020-02-02", "2020-02-02"), False),
    (run("2020-02-01", "2020-02-01"), run(None, "2020-02-02"), True),
    (run("2020-02-01", "2020-02-03"), run("2020-02-02", "2020-02-02"), None),
    (run(None, "2020-02-01"), run(None, None), None),
    (run(None, "2020-02-01"), run("2020-02-01", "2020-02-01"), False),
    (run(None, None), run(None, None), False),
])
def test_what_stands_until_it_is_surely_ended(reached: Run, against: Run, truth: Truth) -> None:
    assert stands(reached, against) is truth
