"""Which events a question looks at: from where, between which bounds, passing which filter.

Asked at an event, a question sees what may have begun by that event's end; asked now, all that has
begun. A bound at an event that is not there leaves no members. `within` counts hours, calendar days
or calendar months back from `until` or `before`, or else from the moment asked about.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from engine.events.when import LAST, When
from engine.facts.lasting import filter_reads_verdicts, settled_and_open
from engine.facts.members import NOBODY, Filtered, Kept, Members, Stretch
from engine.facts.narrowing import narrowed_by
from engine.facts.sources import source_of
from engine.facts.terms import compile_term
from engine.facts.within import within
from engine.rulebook.terms import Both

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from engine.events.amount import Truth
    from engine.events.event import Event
    from engine.facts.chart import Chart
    from engine.facts.members import Member, Passes
    from engine.facts.program import Program
    from engine.rulebook.definitions import Window

    Bound = Callable[[When, When], bool]

Limits = dict[str, When]
_BOUNDS: dict[str, Bound] = {
    "after": lambda member, bound: member.start > bound.end,
    "before": lambda member, bound: bound.start > member.end,
    "since": lambda member, bound: bound.start <= member.end,
    "until": lambda member, bound: member.start <= bound.end,
}
_LOWER = ("after", "since")
_NO_LIMITS: Limits = {}


class Look:
    """A compiled window: which events lie within its bounds and pass its filter.

    What the filter and the lower bounds say of an event alone is asked once it is over, and kept;
    what depends on the moment or event asked about is asked each time (`open`).
    """

    def __init__(self, window: Window, program: Program) -> None:
        self._source = source_of(window, program)
        self._bounds = [(name, compile_term(term, program)) for name in _BOUNDS
                        if (term := getattr(window, name)) is not None]
        self._has_lower = any(name in _LOWER for name, _ in self._bounds)
        self._has_upper = any(name not in _LOWER for name, _ in self._bounds)
        self._within = within(window, program)
        settled, open_ = settled_and_open(window, program.rulebook)
        self._settled = None if settled is None else compile_term(settled, program)
        self._at_once = settled is None or not filter_reads_verdicts(settled, program.rulebook)
        self._open = compile_term(Both("and", open_), program) if open_ else None
        self._narrow = narrowed_by(open_, program)
        self.is_settled = self._open is None and self._within is None
        self._is_plain = not self._bounds and self._within is None

    def members(self, chart: Chart, here: Event | None) -> Members:
        """Return all members, in order."""
        if self.is_settled:
            return self.bounded(chart, here)
        found = self._candidates(chart, here)
        return Members(NOBODY.kept, 0, list(self._passing(chart, here, found)))

    def forwards(self, chart: Chart, here: Event | None) -> Iterator[Member]:
        """Yield the members one by one, certain (True) or open (None), the first one first."""
        if self.is_settled:
            return iter(self.bounded(chart, here))
        return self._passing(chart, here, self._candidates(chart, here))

    def backwards(self, chart: Chart, here: Event | None) -> Iterator[Member]:
        """Yield the members one by one, the newest one first."""
        if self.is_settled:
            return reversed(self.bounded(chart, here))
        return self._passing(chart, here, reversed(self._candidates(chart, here)))

    def _passing(self, chart: Chart, here: Event | None,
                 candidates: Iterable[Member]) -> Iterator[Member]:
        """Yield those that pass; the chart is told when each leaves a window that ends now."""
        where = self._open
        leaves = self._within(chart, here) if self._within is not None and here is None else None
        for event, certain in candidates:
            passes = True if where is None else where(chart, here, event)
            if passes is False:
                continue
            if leaves is not None:
                leaves.note_leaving(chart, event)
            yield event, certain and passes

    def _candidates(self, chart: Chart, here: Event | None) -> Members | Stretch:
        """Return those that are asked one by one whether they pass what is not settled."""
        found = self.bounded(chart, here)
        return found if self._narrow is None else self._narrow(chart, here, found)

    def first(self, chart: Chart, here: Event | None) -> Event | None:
        """Return the first member of a settled window; none where it is not certain."""
        return self.bounded(chart, here).first()

    def latest(self, chart: Chart, here: Event | None) -> Event | None:
        """Return the first member of the last instant; none where it is not certain."""
        return self.bounded(chart, here).latest()

    def last(self, chart: Chart, here: Event | None) -> Member | None:
        """Return the first member of the last instant, certain or not."""
        if self.is_settled:
            return self.bounded(chart, here).last()
        picked: Member | None = None
        for member in self.backwards(chart, here):
            if picked is not None and member[0].at.start != picked[0].at.start:
                break
            picked = member
        return picked

    def bounded(self, chart: Chart, here: Event | None) -> Members:
        """Return what lies within the bounds and passes what is settled of the filter."""
        found = self._source(chart, here)
        if not found.count and not found.newest:
            return NOBODY
        if self._is_plain:
            if self._settled is not None:
                found = self._filtered(chart, found, _NO_LIMITS)
            if here is not None:
                found = _begun_by(found, here.at.end)
            return found
        limits: Limits = {}
        for name, bound in self._bounds:
            moment = bound(chart, here, None)
            if moment is None:
                return NOBODY
            limits[name] = moment if isinstance(moment, When) else moment.at
        if self._has_upper:
            found = _cut(found, limits, here)
        elif here is not None:
            found = _begun_by(found, here.at.end)
        if self._within is not None:
            return self._lately(chart, here, self._filtered(chart, found, {}), limits)
        if self._settled is not None or self._has_lower:
            found = self._filtered(chart, found, limits)
        return found

    def _filtered(self, chart: Chart, found: Members, limits: Limits) -> Members:
        """Return those of a source that keep the lower limits and pass what is settled."""
        settled, kept = self._settled, found.kept
        after, since = limits.get("after"), limits.get("since")
        has_lower = after is not None or since is not None
        if has_lower:
            key: Any = id(kept), after and after.end, since and since.start
        elif settled is None:
            return found
        else:
            key = id(kept)
        stream: Filtered = chart.stream(self, key, partial(_above, after, since), kept)
        if stream.gives(found, chart.tick):
            return stream.passed
        stream.tick = chart.tick
        passes: Passes = partial(settled, chart, None) if settled is not None else _everybody
        if has_lower:
            passes = _within_limits(after, since, passes)
        return stream.members(found, chart.over if self._at_once else chart.now.start, passes)

    def _lately(self, chart: Chart, here: Event | None, found: Members, limits: Limits) -> Members:
        """Return those of the last hours, days or months, which are never many."""
        assert self._within is not None
        lately = self._within(chart, here)
        end = limits.get("until") or limits.get("before") or (
            chart.now if here is None else here.at)
        near = lately.inside(found.since(lately.earliest(end, chart.zone)), end)
        if self._has_lower:
            keeps = _within_limits(limits.get("after"), limits.get("since"), _everybody)
            near = [each for each in near if keeps(each[0])]
        return Members(NOBODY.kept, 0, near)


def _above(after: When | None, since: When | None, source: Kept) -> Filtered:
    """Return what filters a source from the first that may keep the lower limits on."""
    return Filtered(source, max(0 if after is None else bisect_right(source.starts, after.end),
                                0 if since is None else bisect_left(source.ends, since.start)))


def _everybody(_event: Event) -> Truth:
    return True


def _within_limits(after: When | None, since: When | None, passes: Passes) -> Passes:
    """Return a filter that also keeps the lower limits."""
    def inside(event: Event) -> Truth:
        if (after is not None and event.at.start <= after.end) or (
                since is not None and event.at.end < since.start):
            return False
        return passes(event)

    return inside


def _latest(limits: Limits, here: Event | None) -> datetime:
    """Return an instant after which no member begins."""
    high = LAST if here is None else here.at.end
    for name in ("before", "until"):
        if name in limits:
            high = min(high, limits[name].end)
    return high


def _cut(found: Members, limits: Limits, here: Event | None) -> Members:
    """Return those within the upper limits; asked at an event, of those that may have begun."""
    before = limits.get("before")
    if before is not None:
        found = surely_before(found, before.start)
        if "until" not in limits and (here is None or before.start <= here.at.end):
            return found  # what is over before then has begun by then
    return _begun_by(found, _latest(limits, here))


def _begun_by(found: Members, high: datetime) -> Members:
    """Return those that begin by an instant."""
    starts, count, newest = found.kept.starts, found.count, found.newest
    if newest and newest[-1][0].at.start > high:
        newest = [each for each in newest if each[0].at.start <= high]
    elif not count or starts[count - 1] <= high:
        return found
    return Members(found.kept, bisect_right(starts, high, 0, count), newest)


def surely_before(found: Members, start: datetime) -> Members:
    """Return those that are over before an instant."""
    kept, count, newest = found.kept, found.count, found.newest
    if count and kept.ends[count - 1] >= start:
        begun = bisect_left(kept.starts, start, 0, count)
        count = bisect_left(kept.ends, start, 0, begun)
        newest = [*map(kept.member, range(count, begun)), *newest]
    if newest:
        newest = [each for each in newest if each[0].at.end < start]
    elif count == found.count:
        return found
    return Members(kept, count, newest)


def look_apart(window: Window, program: Program) -> list[Look]:
    """Return a window as one for each of its sources, in their order, where it can be parted.

    Each member comes from one source, so that the last of all is the last of one of them. Of
    verdicts more is settled where a window is over them alone, so those are left together, and so
    is what counts back, for it tells when a member leaves.
    """
    alone = replace(window, kinds=(), facts=(), steps=())
    apart = [*(replace(alone, kinds=(each,)) for each in window.kinds),
             *(replace(alone, facts=(each,)) for each in window.facts),
             *(replace(alone, steps=(each,)) for each in window.steps)]
    if len(apart) < 2 or window.topics or window.within is not None:
        return [look_at(window, program)]
    return [Look(each, program) for each in apart]


def look_at(window: Window, program: Program) -> Look:
    """Return the compiled window; of one window there is one."""
    look = program.windows.get(id(window))
    if look is None:
        look = program.windows[id(window)] = Look(window, program)
    return look


def look_at_all(window: Window, program: Program) -> Look:
    """Return the compiled window without its filter; of one window there is one."""
    look = program.unfiltered.get(id(window))
    if look is None:
        look = program.unfiltered[id(window)] = Look(replace(window, where=None), program)
    return look
