"""Which events a question looks at: from where, between which bounds, passing which filter.

Asked at an event, a question sees what may have begun by that event's end; asked now, all that has
begun. A bound at an event that is not there leaves no members. `within` counts calendar days, or
calendar months, back from `until` or `before`, or else from the moment asked about.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from engine.events.amount import Amount
from engine.events.when import FIRST, LAST, When, add_days, add_months, midnight
from engine.facts.lasting import looks_at_member
from engine.facts.terms import compile_term
from engine.rulebook.terms import Constant, Dated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from engine.events.amount import Truth
    from engine.events.event import Event
    from engine.facts.chart import Chart
    from engine.facts.program import Program
    from engine.rulebook.definitions import Window
    from engine.rulebook.terms import Term

    Member = tuple[Event, Truth]
    Bound = Callable[[When, When], bool]
    Source = Callable[[Chart, Event | None, datetime, datetime], list[Member]]

_BOUNDS: dict[str, Bound] = {
    "after": lambda member, bound: member.surely_after(bound),
    "before": lambda member, bound: bound.surely_after(member),
    "since": lambda member, bound: bound.may_be_by(member),
    "until": lambda member, bound: member.may_be_by(bound),
}
_LONGEST_DAY = timedelta(days=2)  # a date without a time, across any shift of the clock
_ROUNDED_MONTH = 4  # days by which the last day of a longer month is cut short


class Look:
    """A compiled window: its candidates by time alone, and which of them pass its filter."""

    def __init__(self, window: Window, program: Program) -> None:
        self._sources = _sources(window, program)
        self._bounds = [(name, compile_term(term, program)) for name in _BOUNDS
                        if (term := getattr(window, name)) is not None]
        self._within = _within(window, program)
        self._where = None if window.where is None else compile_term(window.where, program)
        lasts = window.where is not None and looks_at_member(window.where, program.rulebook)
        self._settled = id(self) if lasts else None

    def candidates(self, chart: Chart, here: Event | None) -> list[Member]:
        """Return the members within the bounds, in order, before any filter."""
        limits = []
        low, high = FIRST, LAST if here is None else here.at.end
        for name, bound in self._bounds:
            moment = bound(chart, here, None)
            if moment is None:
                return []
            limit = moment if isinstance(moment, When) else moment.at
            limits.append((_BOUNDS[name], limit))
            low, high = _narrowed(name, limit, low, high)
        if self._within is not None:
            low = max(low, self._within.earliest(chart, here))
        found = self._sources(chart, here, low, high)
        for keeps, limit in limits:
            found = [member for member in found if keeps(member[0].at, limit)]
        return found if self._within is None else self._within(chart, here, found)

    def passing(self, chart: Chart, here: Event | None,
                candidates: Iterable[Member]) -> Iterator[Member]:
        """Yield the candidates that pass, certain (True) or open (None), filtered one by one.

        The chart is told when each of them leaves a window that ends now. What a filter says of a
        member that is over is kept, where nothing can change it.
        """
        where = self._where
        leaves = self._within if here is None else None
        settled = chart.settled[self._settled] if self._settled is not None else None
        for event, certain in candidates:
            if where is None:
                passes = certain
            elif settled is None:
                passes = where(chart, here, event)
            elif event in settled:
                passes = settled[event]
            else:
                passes = where(chart, here, event)
                if event.at.end < chart.now.start:
                    settled[event] = passes
            if passes is False:
                continue
            if leaves is not None:
                leaves.note_leaving(chart, event)
            yield event, certain and passes

    def members(self, chart: Chart, here: Event | None) -> list[Member]:
        """Return all members, in order."""
        return list(self.passing(chart, here, self.candidates(chart, here)))


def _narrowed(name: str, limit: When, low: datetime, high: datetime) -> tuple[datetime, datetime]:
    """Return the span in which a member must begin to keep a bound; the bound itself decides."""
    if name == "after":
        return max(low, limit.end), high
    if name == "since":
        return max(low, max(limit.start, FIRST + _LONGEST_DAY) - _LONGEST_DAY), high
    return low, min(high, limit.end)


def _sources(window: Window, program: Program) -> Source:
    questions = [program.by_name[name] for name in window.facts]
    steps = [compile_term(term, program) for term in window.steps]
    several = len(window.kinds) + len(questions) + len(steps) + len(window.topics) > 1

    def visible(chart: Chart, here: Event | None, low: datetime, high: datetime) -> list[Member]:
        found: list[Member] = []
        for kind in window.kinds:
            found += [(event, True) for event in chart.between(kind, low, high)]
        for question in questions:
            found += _slice(chart.answer(question, here) or [], low, high)
        for topic in window.topics:
            judged = sorted(chart.verdicts.get(topic, ()), key=_order)
            found += _slice([(event, True) for event in judged], low, high)
        for step in steps:
            found += _slice([(event, True) for event in step(chart, here, None)], low, high)
        return sorted(found, key=_start) if several else found

    return visible


def _slice(members: list[Member], low: datetime, high: datetime) -> list[Member]:
    return members[bisect_left(members, low, key=_start):bisect_right(members, high, key=_start)]


def _order(event: Event) -> datetime:
    return event.at.start


def _start(member: Member) -> datetime:
    return member[0].at.start


def _within(window: Window, program: Program) -> _Within | _DatedWithin | None:
    if isinstance(window.within, Dated):
        return _DatedWithin(window.within, window, program)
    return _Within(window, program, window.within) if window.within is not None else None


class _Within:
    """A window that counts back in days or months, and knows when each member will leave it."""

    def __init__(self, window: Window, program: Program, length: Term) -> None:
        assert isinstance(length, Constant)
        self._months = program.rulebook.parameters[length.name].months
        amount = length.value
        self._days = int(amount.low or 0) if isinstance(amount, Amount) else 0
        end: Term | None = window.until or window.before
        self._end = None if end is None else compile_term(end, program)

    def __call__(self, chart: Chart, here: Event | None, found: list[Member]) -> list[Member]:
        last = self._last(chart, here)
        return [member for member in found if self._leaves(member[0]) > last]

    def earliest(self, chart: Chart, here: Event | None) -> datetime:
        """Return an instant before which no member of the window begins."""
        last = self._last(chart, here)
        if self._months is not None:
            first = add_days(add_months(last, -self._months), -_ROUNDED_MONTH)
        else:
            first = add_days(last, -self._days)
        return midnight(first, chart.zone)

    def _last(self, chart: Chart, here: Event | None) -> date:
        end = here if self._end is None else self._end(chart, here, None)
        return chart.now.day if end is None else (end if isinstance(end, When) else end.at).day

    def _leaves(self, event: Event) -> date:
        """Return the first day on which the event is too long ago."""
        if self._months is not None:
            return add_days(add_months(event.at.day, self._months), 1)
        return add_days(event.at.day, self._days + 1)

    def note_leaving(self, chart: Chart, event: Event) -> None:
        """Tell the chart when a member leaves, if the window ends now."""
        if self._end is None:
            chart.horizon = min(chart.horizon, midnight(self._leaves(event), chart.zone))


class _DatedWithin:
    """A window whose length changes with time: the one that is in force where it is asked."""

    def __init__(self, length: Dated, window: Window, program: Program) -> None:
        self._length = compile_term(length, program)
        lengths = [length.value, *(value for _, value in length.later)]
        self._each = {value: _Within(window, program, Constant(value, length.type, length.name))
                      for value in lengths}

    def __call__(self, chart: Chart, here: Event | None, found: list[Member]) -> list[Member]:
        return self._in_force(chart, here)(chart, here, found)

    def earliest(self, chart: Chart, here: Event | None) -> datetime:
        return self._in_force(chart, here).earliest(chart, here)

    def note_leaving(self, chart: Chart, event: Event) -> None:
        self._in_force(chart, None).note_leaving(chart, event)

    def _in_force(self, chart: Chart, here: Event | None) -> _Within:
        return self._each[self._length(chart, here, None)]
