"""Has so much time passed since something, and at which instant does the answer change?

Days and months are those of the calendar. Hours are real ones, whatever the clocks do: where only
a day is known the answer is open between the hours from its end and those from its beginning.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.events.when import FIRST, LAST, When, add_days, add_months, hours_later, midnight

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from engine.events.amount import Amount, Truth
    from engine.events.event import Event
    from engine.facts.chart import Chart

    Elapsed = Callable[[Chart, Any, Amount, Event | None], Truth]


def days_passed(operator: str, months: int | None) -> Elapsed:
    """Return what compares the days (or calendar months) since an event with a number of them."""
    later = operator in {">", "<="}  # the answer turns on the day after, not on the day
    reached = operator in {">", ">="}

    def elapsed(chart: Chart, since: Any, length: Amount, at: Event | None) -> bool:
        day = _when(since).day
        turns = add_months(day, months) if months is not None else _plus(day, length)
        if later:
            turns = add_days(turns, 1)
        today = chart.now.day if at is None else at.at.day
        if at is None and today < turns:
            chart.horizon = min(chart.horizon, midnight(turns, chart.zone))
        return (today >= turns) == reached

    return elapsed


def hours_passed(operator: str) -> Elapsed:
    """Return what compares the hours since an event with a number of them."""
    exceeded = operator in {">", "<="}
    reached = operator in {">", ">="}

    def elapsed(chart: Chart, since: Any, length: Amount, at: Event | None) -> Truth:
        may, must = turning_instants(_when(since), length, exceeded=exceeded)
        asked = chart.now if at is None else at.at
        if at is None:
            for turns in (may, must):
                if asked.start < turns:
                    chart.horizon = min(chart.horizon, turns)
        if asked.start >= must:
            return reached
        return not reached if asked.end < may else None

    return elapsed


def turning_instants(since: When, hours: Amount, *, exceeded: bool) -> tuple[datetime, datetime]:
    """Return from when on so many hours may have passed, and from when on they surely have.

    With `exceeded`, it is more than so many.
    """
    may = FIRST if hours.low is None else hours_later(
        since.start, hours.low, exceeded=exceeded or hours.low_open)
    must = LAST if hours.high is None else hours_later(
        since.end, hours.high, exceeded=exceeded and not hours.high_open)
    return may, must


def _when(moment: Event | When) -> When:
    return moment if isinstance(moment, When) else moment.at


def _plus(day: date, length: Amount) -> date:
    return add_days(day, int(length.low or 0))
