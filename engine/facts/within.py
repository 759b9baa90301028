"""How far back does a window count, in days or months, and when does each member leave it?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.events.amount import Amount
from engine.events.when import When, add_days, add_months, midnight
from engine.facts.terms import compile_term
from engine.rulebook.terms import Constant, Dated

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from engine.events.event import Event
    from engine.facts.chart import Chart
    from engine.facts.program import Program
    from engine.rulebook.definitions import Window
    from engine.rulebook.terms import Term

    InForce = Callable[[Chart, Event | None], "Within"]

_ROUNDED_MONTH = 4  # days by which the last day of a longer month is cut short


def within(window: Window, program: Program) -> InForce | None:
    """Return what gives the days or months that a window counts back, where it is asked."""
    length = window.within
    if isinstance(length, Dated):
        in_force = compile_term(length, program)
        each = {value: Within(window, program, Constant(value, length.type, length.name))
                for value in (length.value, *(value for _, value in length.later))}
        return lambda chart, here: each[in_force(chart, here, None)]
    if length is None:
        return None
    within = Within(window, program, length)
    return lambda _chart, _here: within


class Within:
    """A window that counts back in days or months, and knows when each member will leave it."""

    def __init__(self, window: Window, program: Program, length: Term) -> None:
        assert isinstance(length, Constant)
        self._months = program.rulebook.parameters[length.name].months
        amount = length.value
        self._days = int(amount.low or 0) if isinstance(amount, Amount) else 0
        end: Term | None = window.until or window.before
        self._end = None if end is None else compile_term(end, program)

    def earliest(self, chart: Chart, last: date) -> datetime:
        """Return an instant before which no member of the window begins."""
        if self._months is not None:
            first = add_days(add_months(last, -self._months), -_ROUNDED_MONTH)
        else:
            first = add_days(last, -self._days)
        return midnight(first, chart.zone)

    def last(self, chart: Chart, here: Event | None) -> date:
        """Return the day from which the window counts back."""
        end = here if self._end is None else self._end(chart, here, None)
        return chart.now.day if end is None else (end if isinstance(end, When) else end.at).day

    def leaves(self, event: Event) -> date:
        """Return the first day on which the event is too long ago."""
        if self._months is not None:
            return add_days(add_months(event.at.day, self._months), 1)
        return add_days(event.at.day, self._days + 1)

    def note_leaving(self, chart: Chart, event: Event) -> None:
        """Tell the chart when a member leaves, if the window ends now."""
        if self._end is None:
            chart.horizon = min(chart.horizon, midnight(self.leaves(event), chart.zone))
