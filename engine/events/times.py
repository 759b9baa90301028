"""Which time does a text of a line stand for, and what should be written where it is none?"""

from __future__ import annotations

import re
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
