"""Time spans, exact intervals and three-valued logic (design.md section 4)."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

Truth = bool | None
TICK = timedelta(microseconds=1)


# --- three values -------------------------------------------------------------------------------
def all_of(*values: Truth) -> Truth:
    if any(v is False for v in values):
        return False
    return None if any(v is None for v in values) else True


def any_of(*values: Truth) -> Truth:
    if any(v is True for v in values):
        return True
    return None if any(v is None for v in values) else False


def not_(value: Truth) -> Truth:
    return None if value is None else not value


# --- time ---------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Span:
    """When something happened: a moment, or (date only) a whole day in the patient's zone."""

    start: datetime
    last: datetime
    day: date
    timed: bool
    text: str


def span(text: str, zone: ZoneInfo) -> Span:
    if len(text) == 10:
        day = date.fromisoformat(text)
        return Span(
            midnight(day, zone), midnight(day + timedelta(1), zone) - TICK, day, False, text
        )
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"no offset: {text}")
    utc = moment.astimezone(UTC)
    return Span(utc, utc, utc.astimezone(zone).date(), True, text)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def after(x: Span, y: Span) -> bool:
    """x surely begins after y ends; its negation is "x at or before y"."""
    return x.start > y.last


def days(x: Span, y: Span) -> int:
    """Calendar days from x to y."""
    return (y.day - x.day).days


def add_months(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


# --- values -------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Interval:
    """What a reported number says: lo .. hi, hi None = no upper end."""

    lo: Fraction
    hi: Fraction | None
    lo_open: bool = False
    hi_open: bool = False

    def times(self, k: Fraction | int) -> Interval:
        hi = None if self.hi is None else self.hi * k
        return Interval(self.lo * k, hi, self.lo_open, self.hi_open)

    @property
    def exact(self) -> bool:
        return self.lo == self.hi


ANYTHING = Interval(Fraction(0), None)


def quantity(value: object, comparator: str | None = None) -> Interval:
    """A number, or the text as printed ("<2.0"), or value + comparator."""
    text = str(value).strip().replace("\u2264", "<=").replace("\u2265", ">=")
    found = re.match(r"(<=|>=|<|>)?\s*(.*)$", text)
    assert found
    sign = found.group(1) or comparator
    x = Fraction(found.group(2))
    if sign in ("<", "<="):
        return Interval(Fraction(0), x, False, sign == "<")
    if sign in (">", ">="):
        return Interval(x, None, sign == ">", False)
    return Interval(x, x)


def ge(a: Interval, b: Interval | Fraction | int) -> Truth:
    """a >= b for certain, certainly not, or unknown."""
    if not isinstance(b, Interval):
        b = Interval(Fraction(b), Fraction(b))
    if b.hi is not None and a.lo >= b.hi:
        return True
    if a.hi is not None and (a.hi < b.lo or (a.hi == b.lo and (a.hi_open or b.lo_open))):
        return False
    return None


def gt(a: Interval, b: Fraction | int) -> Truth:
    """a > b."""
    if a.lo > b or (a.lo == b and a.lo_open):
        return True
    if a.hi is not None and a.hi <= b:
        return False
    return None


def lt(a: Interval, b: Fraction | int) -> Truth:
    return not_(ge(a, b))


def lowest(values: list[Interval]) -> Interval:
    """The minimum of several values, as an interval."""
    lo, lo_open = min((v.lo, v.lo_open) for v in values)
    bounded = [(v.hi, not v.hi_open) for v in values if v.hi is not None]
    if not bounded:
        return Interval(lo, None, lo_open)
    hi, closed = min(bounded)
    return Interval(lo, hi, lo_open, not closed)


def number(x: Fraction) -> int | float:
    return int(x) if x.denominator == 1 else float(x)


def shown(value: Interval) -> int | float | dict[str, object]:
    """As the contract writes a baseline: a number, or an object with value and comparator."""
    if value.exact:
        return number(value.lo)
    if value.hi is None:
        return {"value": number(value.lo), "comparator": ">" if value.lo_open else ">="}
    return {"value": number(value.hi), "comparator": "<" if value.hi_open else "<="}
