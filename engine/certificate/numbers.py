"""Numbers and times of a certificate, reckoned anew: nothing here comes from the engine's own.

A number is an interval of fractions. A comparison is true or false only where every number of both
agrees; else it is None, which is unknown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

if TYPE_CHECKING:
    from collections.abc import Sequence

_NUMBER = re.compile(r"-?[0-9]{1,400}(\.[0-9]{1,400})?|-?[0-9]{1,400}/0*[1-9][0-9]{0,399}")
_ZERO = Fraction(0)
_ROOT_WIDTH = Fraction(1, 10**39)


class BrokenError(Exception):
    """Something that cannot be read as what it should be."""

    def __init__(self, found: object, expected: str) -> None:
        super().__init__(expected)
        self.found, self.expected = found, expected


@dataclass(frozen=True, slots=True)
class Interval:
    """Every number between two bounds; None is no bound."""

    low: Fraction | None
    high: Fraction | None
    low_open: bool = False
    high_open: bool = False

    @property
    def is_one(self) -> bool:
        """Whether it is a single number."""
        return self.low is not None and self.low == self.high


def is_number(value: Any) -> bool:
    """Whether a value is written as a number."""
    return isinstance(value, dict) and ("number" in value or "low" in value)


def number_of(value: Any) -> tuple[Interval, str]:
    """Return the number that a value writes, and its unit."""
    if not isinstance(value, dict) or not isinstance(value.get("unit"), str):
        raise BrokenError(value, "a number with its unit")
    unit = value["unit"] if value["unit"] != "1" else ""  # both are a pure number
    if "number" in value:
        number = fraction(value["number"])
        return Interval(number, number), unit
    low, high = (None if value.get(name) is None else fraction(value[name])
                 for name in ("low", "high"))
    return Interval(low, high, value.get("low_open") is True,
                    value.get("high_open") is True), unit


def fraction(text: Any) -> Fraction:
    """Return the fraction that a text writes exactly."""
    if not isinstance(text, str) or not _NUMBER.fullmatch(text):
        raise BrokenError(text, "a number in quotes, such as \"18.3\" or \"1/3\"")
    return Fraction(text)


def compared(sign: str, one: Interval, other: Interval) -> bool | None:
    """Return whether a comparison holds for every pair of numbers, for none, or else None."""
    match sign:
        case "<":
            return _verdict(_below(one, other), _reaches(one, other))
        case "<=":
            return _verdict(_reaches(other, one), _below(other, one))
        case ">":
            return compared("<", other, one)
        case ">=":
            return compared("<=", other, one)
        case "==" | "!=":
            same = _verdict(one.is_one and other.is_one and one.low == other.low,
                            _below(one, other) or _below(other, one))
            return same if same is None else same == (sign == "==")
    raise BrokenError(sign, "one of < <= == != >= >")


def _verdict(yes: bool, no: bool) -> bool | None:
    return True if yes else False if no else None


def _below(one: Interval, other: Interval) -> bool:
    """Whether every number of one is less than every number of the other."""
    if one.high is None or other.low is None:
        return False
    return one.high < other.low or (
        one.high == other.low and (one.high_open or other.low_open))


def _reaches(one: Interval, other: Interval) -> bool:
    """Whether every number of one is at least as great as every number of the other."""
    return one.low is not None and other.high is not None and one.low >= other.high


def reckoned(sign: str, one: Interval, other: Interval) -> Interval | None:
    """Return what an operation gives; None where a negative number or 0 forbids it."""
    match sign:
        case "+":
            return Interval(_sum(one.low, other.low), _sum(one.high, other.high),
                            one.low_open or other.low_open, one.high_open or other.high_open)
        case "-":
            return reckoned("+", one, Interval(
                None if other.high is None else -other.high,
                None if other.low is None else -other.low, other.high_open, other.low_open))
        case "*":
            return _product(one, other)
        case "/":
            if other.low is None or other.low < 0 or other.high == 0 or (
                    other.low == 0 and one.is_one and one.low == 0):
                return None
            return _product(one, Interval(
                _ZERO if other.high is None else 1 / other.high,
                1 / other.low if other.low else None,
                other.high is None or other.high_open, other.low_open))
    raise BrokenError(sign, "one of + - * /")


def spanned(numbers: Sequence[Interval]) -> Interval:
    """Return the least interval in which all of these lie."""
    lows = [(each.low, each.low_open) for each in numbers if each.low is not None]
    highs = [(each.high, not each.high_open) for each in numbers if each.high is not None]
    low, low_open = min(lows) if len(lows) == len(numbers) else (None, False)
    high, is_closed = max(highs) if len(highs) == len(numbers) else (None, True)
    return Interval(low, high, low_open, not is_closed)


def _sum(one: Fraction | None, other: Fraction | None) -> Fraction | None:
    return None if one is None or other is None else one + other


def _product(one: Interval, other: Interval) -> Interval | None:
    if one.low is None or other.low is None or one.low < 0 or other.low < 0:
        return None
    low, low_open = _corner((one.low, one.low_open), (other.low, other.low_open))
    high, high_open = _corner((one.high, one.high_open), (other.high, other.high_open))
    return Interval(low, high, low_open, high_open)


def _corner(one: tuple[Fraction | None, bool],
            other: tuple[Fraction | None, bool]) -> tuple[Fraction | None, bool]:
    """Return the product of two bounds; 0 that is reached gives 0, whatever the other is."""
    if (_ZERO, False) in (one, other):
        return _ZERO, False
    if one[0] is None or other[0] is None:
        return None, False
    return one[0] * other[0], one[1] or other[1]


def is_root(root: Interval, of: Interval) -> bool:
    """Whether an interval encloses the square root of another, and hardly more."""
    def encloses(bound: Fraction | None, square: Fraction | None) -> bool:
        if bound is None or square is None:
            return bound is square
        return max(bound - _ROOT_WIDTH, _ZERO)**2 <= square <= (bound + _ROOT_WIDTH)**2

    return encloses(root.low, of.low) and encloses(root.high, of.high)


@dataclass(frozen=True, slots=True)
class Span:
    """A time: its day in the patient's zone, its first and its last moment."""

    day: date
    start: datetime
    end: datetime


def span_of(value: Any) -> Span:
    """Return the time that a value writes."""
    try:
        span = Span(date.fromisoformat(value["day"]), datetime.fromisoformat(value["start"]),
                    datetime.fromisoformat(value["end"]))
        span.start <= span.end  # noqa: B015 - raises where one of them has no zone
    except (KeyError, TypeError, ValueError):
        raise BrokenError(value, "a time with its day, start and end") from None
    return span


def instant_asked(text: str, zone: str) -> datetime:
    """Return the instant of a moment asked about: of a day it is its last."""
    try:
        asked = datetime.fromisoformat(text.upper().replace(" ", "T"))
        if "T" in text.upper() or " " in text:
            return asked if asked.tzinfo else asked.replace(tzinfo=UTC)
        after = datetime.combine(moved(asked.date(), 1), time(), ZoneInfo(zone))
        return after.astimezone(UTC) - timedelta(microseconds=1)
    except (OverflowError, ValueError, ZoneInfoNotFoundError):
        raise BrokenError(text, f"a moment in {zone}") from None


def moved(day: date, days: int, months: int = 0) -> date:
    """Return the day so many days and calendar months later, within the calendar."""
    if months:
        count = day.year * 12 + day.month - 1 + months
        year, month = divmod(count, 12)
        if not 1 <= year <= 9999:
            return date.min if year < 1 else date.max
        last = (date(year + month // 11, (month + 1) % 12 + 1, 1) - timedelta(1)).day if (
            (year, month) != (9999, 11)) else 31
        day = date(year, month + 1, min(day.day, last))
    return date.fromordinal(min(max(day.toordinal() + days, 1), date.max.toordinal()))
