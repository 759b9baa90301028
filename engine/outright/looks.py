"""Which events of a row lie within the bounds of a window?

As each event has one instant and is over with it, that is found by bisection.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from engine.events.when import When
from engine.facts.terms import compile_term
from engine.facts.windows import Look
from engine.outright.past import Past, Row, Stretch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from engine.events.event import Event
    from engine.facts.chart import Chart
    from engine.facts.members import Member
    from engine.outright.program import OutrightProgram
    from engine.rulebook.definitions import Window

_NOBODY = Row(), 0, 0
# Where the members of a window begin, or end, if they are bounded by a time.
_BEGIN: dict[str, Callable[[Sequence[datetime], When], int]] = {
    "after": lambda starts, bound: bisect_right(starts, bound.end),
    "since": lambda starts, bound: bisect_left(starts, bound.start),
}
_END: dict[str, Callable[[Sequence[datetime], When], int]] = {
    "before": lambda starts, bound: bisect_left(starts, bound.start),
    "until": lambda starts, bound: bisect_right(starts, bound.end),
}


class RowLook(Look):
    """A compiled window over the row of those events that pass its filter."""

    def __init__(self, window: Window, place: int, program: OutrightProgram) -> None:
        self.is_settled, self._place = True, place
        self._begin, self._end = ([
            (find, compile_term(term, program)) for name, find in finders.items()
            if (term := getattr(window, name)) is not None] for finders in (_BEGIN, _END))

    def bounded(self, chart: Chart, here: Event | None) -> Stretch:
        """Return what lies within the bounds; asked at an event, of what began by its end."""
        return Stretch(*self._between(chart, here))

    def members(self, chart: Chart, here: Event | None) -> Stretch:
        """Return all members, in order."""
        return self.bounded(chart, here)

    def forwards(self, chart: Chart, here: Event | None) -> Iterator[Member]:
        """Yield the members one by one, the first one first."""
        return iter(self.bounded(chart, here))

    def backwards(self, chart: Chart, here: Event | None) -> Iterator[Member]:
        """Yield the members one by one, the newest one first."""
        return reversed(self.bounded(chart, here))

    def first(self, chart: Chart, here: Event | None) -> Event | None:
        """Return the first member; none where it is not certain."""
        row, low, high = self._between(chart, here)
        return row.certainly(low) if low < high else None

    def latest(self, chart: Chart, here: Event | None) -> Event | None:
        """Return the first member of the last instant; none where it is not certain."""
        row, low, high = self._between(chart, here)
        return row.certainly(row.together(low, high)) if low < high else None

    def _between(self, chart: Chart, here: Event | None) -> tuple[Row, int, int]:
        """Return the row, and the places in it between which the members are."""
        assert isinstance(chart, Past)
        row = chart.rows[self._place]
        starts = row.starts
        low, high = 0, len(starts)
        if here is not None and high and starts[-1] > here.at.end:
            high = bisect_right(starts, here.at.end)
        for find, bound in self._begin:
            moment = bound(chart, here, None)
            if moment is None:
                return _NOBODY
            place = find(starts, moment if isinstance(moment, When) else moment.at)
            if place > low:
                low = place
        for find, bound in self._end:
            moment = bound(chart, here, None)
            if moment is None:
                return _NOBODY
            place = find(starts, moment if isinstance(moment, When) else moment.at)
            if place < high:
                high = place
        return row, low, high
