"""Which moment does a time of an example stand for, counted from its first day?

`14d` is a day, `14d 09:00` an instant of it in the example's time zone, `6mo`, `-8y` or `6mo-1d`
count calendar months and years; a date or date-time is itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from engine.events.fault import Unreadable
from engine.events.times import read_when
from engine.events.when import add_months

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from engine.events.when import When

EXPECTED = "a time like 14d, -2mo, 14d 09:00 or 2015-03-15"
CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
_STEP = re.compile(r"([+-]?)([0-9]{1,5})(d|mo|y)")
_DAY = re.compile(f"(?:{_STEP.pattern.replace('(', '(?:')})+")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_YEAR = re.compile(r"[0-9]{4}(-|$)")
_MONTHS = {"mo": 1, "y": 12}


class TimeError(ValueError):
    """A text that is no time of an example; says what was expected instead, and what to do."""

    def __init__(self, expected: str, advice: str = "") -> None:
        super().__init__(expected)
        self.advice = advice


@dataclass(frozen=True, slots=True)
class Calendar:
    """The first day of an example, and the zone in which its clocks run."""

    start: date
    zone: ZoneInfo

    def when(self, text: str) -> When:
        """Return the span that a text stands for, or raise TimeError."""
        try:
            return read_when(self.written(text), self.zone)
        except Unreadable as unreadable:
            raise TimeError(unreadable.fault.expected) from None

    def written(self, text: str) -> str:
        """Return a text as a line of events has it: a date, or a date-time with its offset."""
        day, _, clock = text.strip().partition(" ")
        if _DATE.fullmatch(day) and CLOCK.fullmatch(clock):
            counted = _existing(day)
        elif _DAY.fullmatch(day):
            counted = self._counted(day)
        elif _YEAR.match(day):  # as a line may have it; whether it is a time is for intake to say
            return text.strip()
        else:
            raise TimeError(EXPECTED, meant(text))
        if not clock:
            return counted.isoformat()
        match = CLOCK.fullmatch(clock.strip())
        if not match:
            raise TimeError("hours and minutes, like 09:00", meant_clock(clock))
        local = datetime.combine(counted, time(int(match[1]), int(match[2])), self.zone)
        if local.astimezone(UTC).astimezone(self.zone).time() != local.time():
            raise TimeError("a time that the clocks of that day show")
        return local.isoformat(timespec="minutes")

    def _counted(self, text: str) -> date:
        day = self.start
        try:
            for sign, number, unit in _STEP.findall(text):
                count = -int(number) if sign == "-" else int(number)
                day = (day + timedelta(days=count) if unit == "d"
                       else add_months(day, count * _MONTHS[unit]))
                if day in (date.min, date.max):  # where the calendar ends
                    raise OverflowError
        except (OverflowError, ValueError):
            raise TimeError("a day of the calendar") from None
        return day


def meant(text: str) -> str:
    """Return how a time may be written that is written otherwise, or an empty text.

    >>> meant("10 days"), meant("2w"), meant("30.01.2024"), meant("soon")
    ('write 10d', 'write 14d: a week is 7d', 'write 2024-01-30', '')
    >>> meant("50h")
    'write 2d 02:00: a time is a day, and a clock where it matters'
    """
    if text.endswith(";"):
        return "part items with a comma"
    text = text.strip().lower().rstrip(".")
    if found := re.fullmatch(r"(?:day|d)\s*(-?[0-9]{1,5})|(-?[0-9]{1,5})\s*(?:d|days?)?", text):
        return f"write {found[1] or found[2]}d"
    if found := re.fullmatch(r"(-?[0-9]{1,4})\s*(?:w|wks?|weeks?)", text):
        return f"write {7 * int(found[1])}d: a week is 7d"
    if found := re.fullmatch(r"(-?[0-9]{1,5})\s*(m|mos?|months?|yr?s?|years?)", text):
        return f"write {found[1]}{'mo' if found[2].startswith('m') else 'y'}"
    if found := re.fullmatch(r"([0-9]{1,5})\s*(?:h|hours?)", text):
        days, hours = divmod(int(found[1]), 24)
        return f"write {days}d {hours:02}:00: a time is a day, and a clock where it matters"
    if found := re.fullmatch(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})", text):
        return f"write {found[3]}-{int(found[2]):02}-{int(found[1]):02}"
    return "write a date as year-month-day: 2024-01-30" if re.fullmatch(
        r"[0-9]+[/.][0-9]+[/.][0-9]+", text) else ""


def meant_clock(text: str) -> str:
    """Return how hours and minutes may be written that are written otherwise.

    >>> meant_clock("9:00"), meant_clock("09h30"), meant_clock("8pm"), meant_clock("25:00")
    ('write 09:00', 'write 09:30', 'write 20:00', '')
    """
    found = re.fullmatch(r"([0-9]{1,2})(?:[:h.]([0-9]{2}))?(?:h|([ap])m)?", text.strip().lower())
    hour = 12 * (found[3] == "p") + int(found[1]) % (12 if found[3] else 100) if found else 0
    clock = f"{hour:02}:{found[2] or '00'}" if found else ""
    return f"write {clock}" if CLOCK.fullmatch(clock) else ""


def is_relative(text: str) -> bool:
    """Whether a text counts from the first day.

    >>> is_relative("14d"), is_relative("6mo-1d"), is_relative("2015-03-15")
    (True, True, False)
    """
    return _DAY.fullmatch(text) is not None


def _existing(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise TimeError("a day of the calendar") from None
