"""Which value of a parameter that changes with time is in force where it is asked for?

What is said of an event is said by the value of that event's day; what is asked now, by today's,
and the chart is told of the next day that brings another.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from engine.events.when import midnight

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.events.amount import Amount
    from engine.events.event import Event
    from engine.facts.chart import Chart
    from engine.rulebook.terms import Dated


def compile_dated(term: Dated) -> Callable[[Chart, Event | None, Event | None], Amount]:
    """Return a function of (chart, the event asked at or None, the member filtered or None)."""
    days = [day for day, _ in term.later]
    values = [term.value, *(value for _, value in term.later)]

    def in_force(chart: Chart, here: Event | None, it: Event | None) -> Amount:
        at = it if it is not None else here
        day = chart.now.day if at is None else at.at.day
        passed = bisect_right(days, day)
        if at is None and passed < len(days):
            chart.horizon = min(chart.horizon, midnight(days[passed], chart.zone))
        return values[passed]

    return in_force
