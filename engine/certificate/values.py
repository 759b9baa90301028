"""How is an answer written in a certificate? Numbers exactly, events by their id."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.events.amount import Amount
from engine.events.event import Event
from engine.events.when import When
from engine.facts.members import Members
from engine.timeline.courses import Course
from engine.timeline.sustained import Pair, Run

if TYPE_CHECKING:
    from engine.events.amount import Number


def value_record(value: Any) -> Any:
    """Return an answer as JSON can hold it; null is unknown."""
    match value:
        case None | bool() | str():
            return value
        case Amount():
            return amount_record(value)
        case When():
            return when_record(value)
        case Event():
            return {"event": value.id}
        case Course():
            return {"course": _course(value)}
        case Run():
            return {"run": {"certain": _pair(value.certain), "possible": _pair(value.possible)}}
        case list() | tuple() | Members():
            return {"series": [member_record(each) for each in value]}
    raise TypeError(f"an answer of no known kind: {type(value).__name__}")


def amount_record(amount: Amount) -> dict[str, Any]:
    """Return an exact number with its unit, or the interval that a comparator leaves."""
    if amount.is_exact and amount.low is not None:
        return {"number": written_exactly(amount.low), "unit": amount.unit}
    return {"low": None if amount.low is None else written_exactly(amount.low),
            "low_open": amount.low_open,
            "high": None if amount.high is None else written_exactly(amount.high),
            "high_open": amount.high_open, "unit": amount.unit}


def when_record(when: When) -> dict[str, str]:
    """Return a time as it was given, the day it is in the zone, and the span it stands for."""
    return {"time": when.text, "day": when.day.isoformat(), "start": when.start.isoformat(),
            "end": when.end.isoformat()}


def member_record(member: Any) -> dict[str, Any]:
    """Return a member of a series; `sure` is null where it is open whether it belongs."""
    if isinstance(member, Event):
        return {"event": member.id, "sure": True}
    event, certain = member
    return {"event": event.id, "sure": certain}


def written_exactly(number: Number) -> str:
    """Return a decimal where it ends, else a fraction.

    >>> from fractions import Fraction
    >>> written_exactly(Fraction(183, 10)), written_exactly(Fraction(1, 3))
    ('18.3', '1/3')
    """
    rest, places = number.denominator, 0
    for prime in (2, 5):
        count = 0
        while rest % prime == 0:
            rest, count = rest // prime, count + 1
        places = max(places, count)
    if rest != 1:
        return str(number)
    scaled = abs(number.numerator) * 10**places // number.denominator
    digits = str(scaled).rjust(places + 1, "0")
    whole, part = digits[:len(digits) - places], digits[len(digits) - places:]
    return ("-" if number < 0 else "") + whole + (f".{part}" if part else "")


def _course(course: Course) -> dict[str, Any]:
    named = {name: getattr(course, name) for name in ("start", "stop", "resumed", "last_step")}
    return {**{name: event.id if event else None for name, event in named.items()},
            "steps": [event.id for event in course.steps],
            "ignored": [event.id for event in course.ignored]}


def _pair(pair: Pair | None) -> dict[str, str] | None:
    return {"first": pair.first.id, "confirmed": pair.confirmed.id} if pair else None
