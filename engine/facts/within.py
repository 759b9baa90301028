"""How far back does a window count, in hours, days or months; when does each member leave it?"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from engine.events.amount import Amount
from engine.events.when import (
    FIRST,
    LONGEST_DAY,
    When,
    add_days,
    add_months,
    hours_later,
    midnight,
)
from engine.facts.elapsed import turning_instants
from engine.facts.terms import compile_term
from engine.rulebook.terms import Constant, Dated
from engine.rulebook.types import HOURS, NumberType

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime
    from zoneinfo import ZoneInfo

    from engine.events.event import Event
    from engine.facts.chart import Chart
    from engine.facts.members import Member
    from engine.facts.program import Program
    from engine.rulebook.definitions import Window
    from engine.rulebook.terms import Term

    InForce = Callable[[Chart, Event | None], "Within"]

_ROUNDED_MONTH = 4  # days by which the last day of a longer month is cut short
_HOURS_OF_A_DAY = LONGEST_DAY // timedelta(hours=1)


def within(window: Window, program: Program) -> InForce | None:
    """Return what gives the time that a window counts back, where it is asked."""
    length = window.within
    if isinstance(length, Dated):
        in_force = compile_term(length, program)
        each = {value: _of(window, program, Constant(value, length.type, length.name))
                for value in (length.value, *(value for _, value in length.later))}
        return lambda chart, here: each[in_force(chart, here, None)]
    if length is None:
        return None
    within = _of(window, program, length)
    return lambda _chart, _here: within


def _of(window: Window, program: Program, length: Term) -> Within:
    return (WithinHours if length.type == NumberType(HOURS) else WithinDays)(
        window, program, length)


class Within:
    """A window that counts back, and knows when each member will leave it."""

    def __init__(self, window: Window, program: Program, length: Term) -> None:
        assert isinstance(length, Constant)
        self._months = program.rulebook.parameters[length.name].months
        self._amount = length.value if isinstance(length.value, Amount) else Amount.exact(0)
        end: Term | None = window.until or window.before
        self._end = None if end is None else compile_term(end, program)

    def end(self, chart: Chart, here: Event | None) -> When:
        """Return the time from which the window counts back."""
        end = here if self._end is None else self._end(chart, here, None)
        return chart.now if end is None else end if isinstance(end, When) else end.at

    def earliest(self, end: When, zone: ZoneInfo) -> datetime:
        """Return an instant before which no member of the window begins."""
        raise NotImplementedError

    def inside(self, near: list[Member], end: When) -> list[Member]:
        """Return those that are not too long ago, or may not be; they come in order."""
        raise NotImplementedError

    def note_leaving(self, chart: Chart, event: Event) -> None:
        """Tell the chart when a member leaves, if the window ends now."""
        if self._end is None:
            for leaves in self._leaves(event, chart.zone):
                if chart.now.start < leaves:
                    chart.horizon = min(chart.horizon, leaves)

    def _leaves(self, event: Event, zone: ZoneInfo) -> tuple[datetime, ...]:
        raise NotImplementedError


class WithinDays(Within):
    """A window that counts back in calendar days or months."""

    def earliest(self, end: When, zone: ZoneInfo) -> datetime:
        """Return an instant before which no member of the window begins."""
        if self._months is not None:
            first = add_days(add_months(end.day, -self._months), -_ROUNDED_MONTH)
        else:
            first = add_days(end.day, -int(self._amount.low or 0))
        return midnight(first, zone)

    def inside(self, near: list[Member], end: When) -> list[Member]:
        """Return those that are not too long ago; once one is not, no later one is."""
        if self._months is None:
            return near  # of so many days none is cut short, as a month may be
        first = next((at for at, each in enumerate(near) if self._first_out(each[0]) > end.day),
                     len(near))
        return near[first:]

    def _first_out(self, event: Event) -> date:
        """Return the first day on which the event is too long ago."""
        if self._months is not None:
            return add_days(add_months(event.at.day, self._months), 1)
        return add_days(event.at.day, int(self._amount.low or 0) + 1)

    def _leaves(self, event: Event, zone: ZoneInfo) -> tuple[datetime, ...]:
        return (midnight(self._first_out(event), zone),)


class WithinHours(Within):
    """A window that counts back in real hours: a date without a time may be inside or not."""

    def earliest(self, end: When, _zone: ZoneInfo) -> datetime:
        """Return an instant before which no member of the window begins."""
        if self._amount.high is None:
            return FIRST
        return hours_later(end.start, -self._amount.high - _HOURS_OF_A_DAY, exceeded=False)

    def inside(self, near: list[Member], end: When) -> list[Member]:
        """Return those that are surely not too long ago, and, as open, those that may not be."""
        found = []
        for event, certain in near:
            may, must = turning_instants(event.at, self._amount, exceeded=True)
            if end.start < must:
                found.append((event, certain if end.end < may else None))
        return found

    def _leaves(self, event: Event, _zone: ZoneInfo) -> tuple[datetime, ...]:
        return turning_instants(event.at, self._amount, exceeded=True)
