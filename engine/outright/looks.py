"""Which events of a row lie within the bounds of a window? That is found by bisection."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from engine.events.when import When
from engine.facts.members import NOBODY, Members
from engine.facts.terms import compile_term
from engine.facts.windows import Look
from engine.facts.within import within
from engine.outright.past import Past, Row, Stretch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.events.event import Event
    from engine.facts.chart import Chart
    from engine.facts.terms import Work
    from engine.outright.program import OutrightProgram
    from engine.rulebook.definitions import Window

_NOBODY = Row(), 0, 0


class RowLook(Look):
    """A compiled window over the row of those events that pass its filter."""

    def __init__(self, windows: Sequence[Window], place: int, program: OutrightProgram) -> None:
        def bounds(name: str) -> list[Work]:
            terms = (getattr(each, name) for each in windows)
            return [compile_term(term, program) for term in terms if term is not None]

        self.is_settled, self._place = True, place
        self._after, self._since = bounds("after"), bounds("since")
        self._before, self._until = bounds("before"), bounds("until")
        self._within = within(windows[0], program)

    def bounded(self, chart: Chart, here: Event | None) -> Members:
        """Return what lies within the bounds; asked at an event, of what began by its end."""
        row, low, high = self._between(chart, here)
        if self._within is None:
            return Stretch(row, low, high)
        lately = self._within(chart, here)
        end = lately.end(chart, here)
        low = max(low, bisect_left(row.starts, lately.earliest(end, chart.zone)))
        return Members(NOBODY.kept, 0, lately.inside([*Stretch(row, low, high)], end))

    def first(self, chart: Chart, here: Event | None) -> Event | None:
        """Return the first member; none where it is not certain."""
        if self._within is not None:
            return self.bounded(chart, here).first()
        row, low, high = self._between(chart, here)
        return row.certainly(low) if low < high else None

    def latest(self, chart: Chart, here: Event | None) -> Event | None:
        """Return the first member of the last instant; none where it is not certain."""
        if self._within is not None:
            return self.bounded(chart, here).latest()
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
        for bound in self._after:
            if (after := bound(chart, here)) is None:
                return _NOBODY
            low = max(low, bisect_right(starts, _when(after).end))
        for bound in self._since:
            if (since := bound(chart, here)) is None:
                return _NOBODY
            low = max(low, bisect_left(row.ends, _when(since).start))
        for bound in self._before:
            if (before := bound(chart, here)) is None:
                return _NOBODY
            high = min(high, bisect_left(row.ends, _when(before).start))
        for bound in self._until:
            if (until := bound(chart, here)) is None:
                return _NOBODY
            high = min(high, bisect_right(starts, _when(until).end))
        return row, low, high


def _when(moment: Event | When) -> When:
    return moment if isinstance(moment, When) else moment.at
