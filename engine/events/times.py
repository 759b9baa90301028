"""Which time does a text of a line stand for, and what should be written where it is none?"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from engine.events.fault import Unreadable
from engine.events.when import When, parse_when
from engine.wording import describe

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

TIME_EXPECTED = "a date (2015-03-07), or a date-time with offset (2015-03-07T09:30Z)"
_ADVICE = (
    (re.compile(r"[0-9]{4}(-[0-9]{1,2})?"), "give the day: a month or a year is not enough"),
    (re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9:.]+"),
     "add the offset from UTC: Z, or for example +01:00"),
    (re.compile(r"[0-9]{1,2}[./-][0-9]{1,2}[./-][0-9]{2,4}"),
     "write year-month-day: which number is the month is not guessed"),
)
_SHAPED = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}([Tt ][0-9:.]+([Zz]|[+-][0-9:]+))?")

_DAY = len("2015-03-07")
_KEPT = 1 << 16
# Every third character from the year's end on, and the length: no pattern need be asked of these.
_USUAL = {text[4::3]: len(text) for text in (
    "2015-03-07T09:30:00Z", "2015-03-07T09:30Z", "2015-03-07T09:30:00+00:00",
    "2015-03-07T09:30+00:00", "2015-03-07T09:30:00-00:00", "2015-03-07T09:30-00:00")}


class TimeReader:
    """Reads the times of lines in a zone; a date met before is not read again."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone, self._is_utc = zone, zone.key == "UTC"
        self._dates: dict[str, When] = {}

    def read(self, text: str) -> When:
        """Return the span that a text stands for, or raise Unreadable with advice."""
        if _USUAL.get(text[4::3]) != len(text):
            return self._dates.get(text) or self._carefully(text)
        try:
            instant = datetime.fromisoformat(text)
            if instant.tzinfo is not UTC:
                instant = instant.astimezone(UTC)
            local = instant if self._is_utc else instant.astimezone(self._zone)
        except (ValueError, OverflowError):
            return self._carefully(text)
        return When(instant, instant, local.date(), text)

    def _carefully(self, text: str) -> When:
        when = read_when(text, self._zone)
        if len(text) == _DAY:
            if len(self._dates) >= _KEPT:
                self._dates.clear()
            self._dates[text] = when
        return when


def read_when(text: str, zone: ZoneInfo) -> When:
    """Return the span that a text stands for, or raise Unreadable with advice."""
    try:
        return parse_when(text, zone)
    except (ValueError, OverflowError):
        raise Unreadable("", describe(text), *_missed(text)) from None


def _missed(text: str) -> tuple[str, str]:
    if _SHAPED.fullmatch(text):
        return "a day and a time that exist", "there is no such day or time in the calendar"
    for pattern, advice in _ADVICE:
        if pattern.fullmatch(text.strip()):
            return TIME_EXPECTED, advice
    return TIME_EXPECTED, "write year-month-day, with hours and offset where the time is known"
