"""Members gone through bit by bit, as time passes, are those found at one go."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from timeline.made import event

from engine.events.event import Event
from engine.events.when import just_after
from engine.facts.members import Filtered, Kept, Lowest, Members
from engine.facts.merging import Merged
from engine.facts.verdicts import Judged

# dated, or timed: at the very beginning of a day a timed one is over, and a dated one is not
TIMES = st.sampled_from(["", "", "T00:00:00Z", "T00:00:00Z", "T08:00:00Z"])
EVENTS = st.lists(
    st.tuples(st.integers(1, 3), TIMES, st.sampled_from([True, True, None, False])),
    min_size=1, max_size=8).map(lambda found: sorted(
        ((event(str(at), f"2020-01-0{day}{time}"), truth)
         for at, (day, time, truth) in enumerate(found)), key=lambda each: each[0].at.start))


def as_time_passes(events: list[tuple[Event, Any]]) -> Any:
    """Yield each instant with the events that begin at it."""
    for start, begun in groupby(events, key=lambda each: each[0].at.start):
        yield start, [each for each, _ in begun]


@given(EVENTS)
def test_a_filter(events: list[tuple[Event, Any]]) -> None:
    source, truths = Kept(), dict(events)
    stream, seen = Filtered(source), []
    for now, begun in as_time_passes(events):
        for each in begun:
            source.add(each)
        seen += begun
        for count in {0, len(seen) - len(begun), len(seen)}:  # the past is asked about as well
            found = stream.members(Members(source, count), now, truths.__getitem__)
            assert list(found) == [(each, truths[each]) for each in seen[:count]
                                   if truths[each] is not False]
            assert found.certain == sum(truths[each] is True for each in seen[:count])


@given(EVENTS)
def test_the_lowest_of_each_instant(events: list[tuple[Event, Any]]) -> None:
    possible = [each for each in events if each[1] is not False]
    source, seen = Kept(), []
    stream = Lowest(source)
    for now, begun in as_time_passes(possible):
        for each in begun:
            source.add(each, dict(possible)[each])
        seen += begun
        expected = []
        for _, group in groupby(seen, key=lambda each: each.at.start):
            together = list(group)
            certain = [each for each in together if dict(possible)[each]]
            first = together[0]
            expected.append((first, True) if first in certain
                            else ((certain or together[:1])[-1], None))
        for count in range(len(seen), -1, -1):  # some of those kept may be given one by one
            found = Members(source, count, [source.member(at) for at in range(count, len(seen))])
            assert list(stream.members(found, now)) == expected


@given(EVENTS, EVENTS)
def test_several_sources(left: list[tuple[Event, Any]], right: list[tuple[Event, Any]]) -> None:
    sources = Kept(), Kept()
    stream = Merged(sources)
    both = [(each, 0) for each, _ in left] + [(each, 1) for each, _ in right]
    both.sort(key=lambda each: each[0].at.start)
    for now, begun in as_time_passes(both):
        for each in begun:
            sources[dict(both)[each]].add(each)
        expected = sorted([*sources[0], *sources[1]], key=lambda each: each.at.start)
        found = stream.members([Members(each, len(each)) for each in sources], now)
        assert [each for each, _ in found] == expected


@given(EVENTS, EVENTS, st.randoms(use_true_random=False))
def test_several_sources_some_of_which_lag_behind(
        left: list[tuple[Event, Any]], right: list[tuple[Event, Any]], rng: Any) -> None:
    """What is over may still be given one by one, and the past is asked about as well."""
    sources = Kept(), Kept()
    stream = Merged(sources)
    both = [(each, 0) for each, _ in left] + [(each, 1) for each, _ in right]
    both.sort(key=lambda each: each[0].at.start)
    truths = dict([*left, *right])
    given_so_far: tuple[list[Event], list[Event]] = [], []
    for now, begun in as_time_passes(both):
        for each in begun:
            if truths[each] is not False:
                given_so_far[dict(both)[each]].append(each)
        for seen, source in zip(given_so_far, sources, strict=True):
            for each in seen[len(source):len(source) + rng.randint(0, len(seen) - len(source))]:
                if each.at.end < now:
                    source.add(each, truths[each])
        for back in (0, 1, 0):
            found = []
            for seen, source in zip(given_so_far, sources, strict=True):
                told = seen[:max(len(seen) - back, 0)]
                count = min(len(source), len(told))
                found.append(Members(source, count, [(each, truths[each])
                                                     for each in told[count:]]))
            expected = sorted([*found[0], *found[1]], key=lambda each: each[0].at.start)
            assert list(stream.members(found, now)) == expected


@given(EVENTS, st.integers(0, 5))
def test_a_source_that_comes_later_than_others(
        events: list[tuple[Event, Any]], lag: int) -> None:
    """Verdicts may be on events before the newest: they still stand in their place."""
    all_, lagging = Kept(), Kept()
    stream, told = Merged((all_, lagging)), [each for each, _ in events]
    for at, each in enumerate(told):
        all_.add(each)
        if at >= lag:
            lagging.add(told[at - lag])
        for back in (0, 1, 0):
            counts = len(all_) - back, max(len(lagging) - back, 0)
            found = stream.members([Members(source, count) for source, count in zip(
                (all_, lagging), counts, strict=True)], each.at.start)
            assert [event for event, _ in found] == sorted(
                [*told[:counts[0]], *told[:counts[1]]], key=lambda one: one.at.start)


def test_a_source_that_always_comes_later_is_not_merged_anew_each_time() -> None:
    told = [event(str(at), f"20{10 + at // 336}-{1 + at // 28 % 12:02}-{1 + at % 28:02}T08:00:00Z")
            for at in range(400)]
    all_, lagging = Kept(), Kept()
    stream, begun = Merged((all_, lagging)), {}
    for at, each in enumerate(told):
        all_.add(each)
        if at >= 3:
            lagging.add(told[at - 3])
        stream.members([Members(source, len(source)) for source in (all_, lagging)],
                       just_after(each.at.start))
        begun[id(stream.kept)] = stream.kept
    assert len(begun) < 5
    assert len(stream.kept) > 780  # a few of the newest wait


@given(EVENTS, st.lists(st.tuples(st.integers(0, 7), st.sampled_from(["high", "low", ""]))))
def test_verdicts(events: list[tuple[Event, Any]], said: list[tuple[int, str]]) -> None:
    """Said of any event at any time, and taken back: a filter over them sees what is said now."""
    judged, plain = Judged(), {}
    streams: dict[int, tuple[Kept, Filtered]] = {}
    for place, value in said:
        one = events[place % len(events)][0]
        judged = judged.without(one)
        plain.pop(one, None)
        if value:
            judged = judged.saying(one, value)
            plain[one] = value
        found = judged.members()
        assert [each for each, _ in found] == sorted(plain, key=lambda each: each.at.start)
        _, stream = streams.setdefault(id(found.kept), (found.kept, Filtered(found.kept)))
        told = {each: judged.get(each) == "high" for each, _ in found}
        high = stream.members(found, events[-1][0].at.end, told.__getitem__)
        assert {each for each, _ in high} == {each for each, what in plain.items()
                                              if what == "high"}
