"""Which lines stand as of a moment, whatever the order in which they came?"""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.events.amount import Amount
from engine.events.event import Event, Source
from engine.events.when import When, moment_of, parse_when
from engine.timeline.log import known

ZONE = ZoneInfo("UTC")


def when(text: str) -> When:
    return parse_when(text, ZONE)


def line(id: str = "a", value: int = 1, recorded: str = "2015-01-01", at: str = "2015-01-01",
         status: str = "final", written: str = "", source: int = 1) -> Event:
    return Event(id, "p", "count", when(at), when(recorded), status,
                 {} if status == "cancelled" else {"value": Amount.exact(value)},
                 line=json.dumps({"value": written or str(value)}).encode(),
                 source=Source("f", source))


def ids(*lines: Event, as_of: str | None = None) -> list[tuple[str, Fraction | None]]:
    found = known(lines, when(as_of) if as_of else None)
    amounts = [(event.id, event.fields["value"]) for event in found.events]
    return [(name, value.low) for name, value in amounts if isinstance(value, Amount)]


def test_a_later_recorded_line_supersedes_and_a_void_one_withdraws() -> None:
    old, new = line(value=1), line(value=2, recorded="2015-01-02")
    void = line(status="cancelled", recorded="2015-01-03")
    assert ids(old, new) == [("a", 2)]
    assert ids(old, new, void) == []
    assert ids(old, new, void, as_of="2015-01-01") == [("a", 1)]
    assert ids(old, void, line(value=4, recorded="2015-01-04")) == [("a", 4)]


def test_a_date_is_known_from_the_start_of_its_day_and_as_of_means_its_end() -> None:
    timed = line(recorded="2015-01-02T18:00Z")
    assert ids(timed, as_of="2015-01-02") == [("a", 1)]
    assert ids(timed, as_of="2015-01-02T17:59Z") == []
    assert ids(line(recorded="2015-01-02"), as_of="2015-01-02T00:00Z") == [("a", 1)]


def test_the_moment_is_by_default_the_newest_recorded_and_a_date_counts_to_its_end() -> None:
    timed, dated = line(recorded="2015-01-02T18:00Z"), line("b", recorded="2015-01-02")
    assert known([timed, dated]).as_of.text == "2015-01-02"
    void = line("c", status="cancelled", recorded="2015-02-01")
    assert known([timed, dated, void]).as_of.text == "2015-02-01"
    with pytest.raises(ValueError, match="without a line"):
        known([])


def test_equal_lines_are_one_and_the_kept_one_does_not_depend_on_arrival() -> None:
    one, other = line(written="1.0", source=1), line(written="1", source=2)
    assert known([one, other]).events == known([other, one]).events == (other,)
    assert known([one, other]).refused == ()


def test_contradicting_lines_are_all_refused_and_the_older_version_stands() -> None:
    old = line(value=1)
    left = line(value=2, recorded="2015-01-02", source=7)
    right = line(value=3, recorded="2015-01-02", source=4)
    found = known([left, old, right])
    assert found.events == (old,)
    assert [(one.line, one.field, one.found, one.expected, one.reason) for one in found.refused] \
        == [(number, "id", "different lines with the id 'a', all recorded 2015-01-02",
             "one line for each id and recorded time",
             "f:4 and f:7 contradict each other: give the right one a later 'recorded'")
            for number in (4, 7)]


def test_a_later_version_makes_a_contradiction_moot_once_it_is_known() -> None:
    left, right = line(value=2), line(value=3)
    later = line(value=4, recorded="2015-01-05")
    assert known([left, right, later]).refused == ()
    assert len(known([left, right, later], when("2015-01-04")).refused) == 2


def test_events_stand_in_the_order_of_time_and_id() -> None:
    assert ids(line("z", 1), line("b", 5), line("a", 5), line("y", 0, at="2015-01-02")) \
        == [("a", 5), ("b", 5), ("z", 1), ("y", 0)]


LINES = st.lists(st.builds(
    lambda id, value, day, status: line(id, value, f"2015-01-0{day}", status=status,
                                        written=f"{value}.{day}"),
    st.sampled_from("abc"), st.integers(1, 2), st.integers(1, 3),
    st.sampled_from(["final", "final", "corrected", "cancelled"])), min_size=1, max_size=8)


@given(LINES, st.integers(0, 2**32), st.integers(1, 4))
def test_the_order_of_lines_changes_nothing(lines: list[Event], seed: int, day: int) -> None:
    shuffled = random.Random(seed).sample(lines, len(lines))
    for as_of in (None, when(f"2015-01-0{day}")):
        left, right = known(lines, as_of), known(shuffled, as_of)
        assert [(one.id, one.given, one.status) for one in left.events] \
            == [(one.id, one.given, one.status) for one in right.events]
        assert [one.found for one in left.refused] == [one.found for one in right.refused]
        assert left.as_of == right.as_of


@given(LINES, st.integers(1, 3))
def test_as_of_equals_a_replay_up_to_that_moment(lines: list[Event], day: int) -> None:
    as_of = when(f"2015-01-0{day}")
    by_then = [one for one in lines if one.recorded.start <= as_of.end]
    assert known(lines, as_of).events == known(by_then, as_of).events


@given(LINES, st.integers(1, 4))
def test_lines_that_come_twice_say_what_they_say_once(lines: list[Event], day: int) -> None:
    apart = [*{one.id: one for one in lines}.values()]  # alone, these need not be held together
    for as_of in (None, when(f"2015-01-0{day}")):
        once, twice = known(apart, as_of), known([*apart, *apart], as_of)
        assert once.events == twice.events
        assert (once.refused, once.as_of) == (twice.refused, twice.as_of) == ((), once.as_of)


def test_microseconds_count() -> None:
    base = datetime(2015, 1, 1, tzinfo=UTC)
    late = Event("a", "p", "count", when("2015-01-01"),
                 moment_of(base + timedelta(microseconds=1), ZONE), "final", {})
    assert known([late], moment_of(base, ZONE)).events == ()
