"""When something happened, as precisely as it was written: a date or a date-time.

A date without a time is the whole day. `X at or before Y` holds if X may have begun by the end of
Y; `X surely after Y` holds only if X begins after Y has ended. Days between two events are the
difference of their calendar dates in the patient's zone.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_DATE_TIME = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?([Zz]|[+-]\d{2}:?\d{2})"
)
FIRST, LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
_KEPT = 1 << 15  # days, of which a patient has some thousands
_SHORTEST = timedelta(microseconds=1)
LONGEST_DAY = timedelta(days=2)
"""More than a date without a time lasts, across any shift of the clock."""
_HOUR = timedelta(hours=1) // _SHORTEST
_LONGEST = (LAST - FIRST) // _SHORTEST


class When(Struct, frozen=True, gc=False):
    """A span of time: `start` and inclusive `end` in UTC, the local `day`, and the text given."""

    start: datetime
    end: datetime
    day: date
    text: str

    @property
    def is_date(self) -> bool:
        """Whether only the day is known."""
        return self.start != self.end

    def surely_after(self, other: When) -> bool:
        """Whether this begins only after the other has ended."""
        return self.start > other.end

    def may_be_by(self, other: When) -> bool:
        """Whether this may have begun by the end of the other: at or before it."""
        return self.start <= other.end


def parse_when(text: str, zone: ZoneInfo) -> When:
    """Return the span that an ISO 8601 date, or date-time with offset, stands for.

    Raises ValueError with a sentence for the reader where it is neither.
    """
    if _DATE.fullmatch(text):
        return whole_day(date.fromisoformat(text), zone, text)
    if not _DATE_TIME.fullmatch(text):
        raise ValueError("a date (2015-03-07), or a date-time with offset (2015-03-07T09:30Z)")
    moment = datetime.fromisoformat(text.upper().replace(" ", "T"))
    return moment_of(moment.astimezone(UTC), zone, text)


def whole_day(day: date, zone: ZoneInfo, text: str = "") -> When:
    """Return the span of one calendar day in the zone."""
    end = LAST if day == date.max else midnight(add_days(day, 1), zone) - _SHORTEST
    return When(midnight(day, zone), end, day, text or day.isoformat())


def moment_of(instant: datetime, zone: ZoneInfo, text: str = "") -> When:
    """Return the span of one instant; its text is the local time, or the date at midnight."""
    local = instant.astimezone(zone)
    if not text:
        at_midnight = local.time() == time()
        text = local.date().isoformat() if at_midnight else local.isoformat()
    return When(instant, instant, local.date(), text)


@lru_cache(maxsize=_KEPT)
def midnight(day: date, zone: ZoneInfo) -> datetime:
    """Return the instant at which a calendar day begins in the zone, in UTC.

    At the ends of the calendar it is the first or last instant that can be written.
    """
    try:
        return datetime.combine(day, time(), zone).astimezone(UTC)
    except OverflowError:
        return FIRST if day.year == date.min.year else LAST


def just_before(instant: datetime) -> datetime:
    """Return the last instant before one."""
    return max(instant, FIRST + _SHORTEST) - _SHORTEST


def just_after(instant: datetime) -> datetime:
    """Return the first instant after one."""
    return min(instant, LAST - _SHORTEST) + _SHORTEST


def hours_later(instant: datetime, hours: Fraction | int, *, exceeded: bool) -> datetime:
    """Return the first instant that is so many hours later, or, `exceeded`, more than so many.

    >>> hours_later(datetime(2020, 1, 1, 20, tzinfo=UTC), 12, exceeded=False).isoformat()
    '2020-01-02T08:00:00+00:00'
    """
    length = hours * _HOUR
    steps = (instant - FIRST) // _SHORTEST + (floor(length) + 1 if exceeded else ceil(length))
    return FIRST + min(max(steps, 0), _LONGEST) * _SHORTEST


def hours_between(start: When, end: When) -> tuple[Fraction, Fraction]:
    """Return the fewest and the most hours that may lie from one time to another, exactly."""
    shortest, longest = end.start - start.end, end.end - start.start
    return Fraction(shortest // _SHORTEST, _HOUR), Fraction(longest // _SHORTEST, _HOUR)


def hours_lacking(asked: When, until: When) -> Fraction:
    """Return how many hours lie from the end of one time to another, to the minute."""
    return Fraction(max(round((until.start - asked.end) / timedelta(minutes=1)), 1), 60)


def later(instant: datetime, span: timedelta) -> datetime:
    """Return the instant so much later, or the last instant that can be written."""
    return instant + span if span <= LAST - instant else LAST


def add_days(day: date, days: int) -> date:
    """Return the day so many days later, or the last or first day of the calendar.

    >>> add_days(date(9999, 12, 30), 5)
    datetime.date(9999, 12, 31)
    """
    ordinal = min(max(day.toordinal() + days, date.min.toordinal()), date.max.toordinal())
    return date.fromordinal(ordinal)


def add_months(day: date, months: int) -> date:
    """Return the same day so many calendar months later, or the last day of that month.

    >>> add_months(date(2015, 8, 31), 6)
    datetime.date(2016, 2, 29)
    """
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    if not date.min.year <= year <= date.max.year:
        return date.min if year < date.min.year else date.max
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
