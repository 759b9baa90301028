"""What comes of an operation on the values of a certificate? Unknown is None throughout."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from engine.certificate.numbers import (
    BrokenError,
    Interval,
    Span,
    compared,
    is_number,
    number_of,
    reckoned,
    spanned,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

ZERO = Fraction(0)  # 0 is 0 in every unit
UNKNOWN = object()  # a step that only the whole history can tell


def parameter(value: Any, months: int | None) -> Any:
    """Return the value that a parameter must have in a step."""
    if value is not None or months is None:
        return UNKNOWN if value is None else value
    return Interval(Fraction(months), Fraction(months))


def arithmetic(sign: str, one: Any, other: Any, written: Any) -> Any:
    """Return what comes of an operation; None is unknown."""
    if one is None or other is None:
        return None
    (left, unit), (right, other_unit) = number_of(one), number_of(other)
    if sign in ("+", "-") and unit != other_unit:
        raise BrokenError(f"{unit} {sign} {other_unit}", "one unit")
    made = reckoned(sign, left, right)
    if made is not None and written is not None:
        number_of(written)
    return made


def compare(sign: str, one: Any, other: Any) -> bool | None:
    """Return whether a comparison holds; names are compared where there is no number."""
    if one is None or other is None:
        return None
    if not is_number(one):
        return bool(one == other != "") == (sign == "==")
    (left, unit), (right, other_unit) = number_of(one), number_of(other)
    if unit != other_unit and Interval(ZERO, ZERO) not in (left, right):
        raise BrokenError(f"{unit or 'no unit'} beside {other_unit or 'no unit'}", "one unit")
    return compared(sign, left, right)


def of_several(may_be: Sequence[str], names: set[Any], *, wanted: bool) -> bool | None:
    """Return whether what may be one of several is one of these names, or not, as is `wanted`."""
    inside = {*may_be} & (names - {""})
    if inside and inside < {*may_be}:
        return None
    return bool(inside) == wanted


def in_common(answers: Sequence[Any]) -> Any:
    """Return what several answers come to, one of which holds: of numbers what holds them all."""
    if not answers or None in answers:
        return None
    if len(answers) > 1 and all(is_number(each) for each in answers):
        return spanned([number_of(each)[0] for each in answers])
    return answers[0] if all(each == answers[0] for each in answers) else None


def logic(values: Sequence[bool | None], word: str) -> bool | None:
    """Return whether all, any or none of some truths hold; None where that is open."""
    if word == "none":
        found = logic(values, "any")
        return None if found is None else not found
    return kleene(values, decisive=word == "any")


def kleene(values: Sequence[Any], *, decisive: bool) -> bool | None:
    """Return `and`, or `or` where true is decisive, of truths that may be unknown."""
    if decisive in values:
        return decisive
    return None if None in values else not decisive


def of_unknown(name: str, value: Any) -> bool | None:
    """Return what a function gives that may be asked of what is unknown."""
    if name == "possibly":
        return value is not False
    if name == "certainly":
        return value is True
    if isinstance(value, dict) and "run" in value:
        certain, possible = runs(value)
        happened = True if certain is not None else False if possible is None else None
        return happened is not None if name == "known" else happened
    return value is not None and value != "" if name == "known" else None


def runs(value: Any) -> tuple[Any, Any]:
    """Return the pair that is certain and the pair that is possible of a sustained run."""
    if not isinstance(value, dict) or not isinstance(value.get("run"), dict):
        raise BrokenError(value, "a sustained run")
    return value["run"].get("certain"), value["run"].get("possible")


def of_times(name: str, one: Span, other: Span) -> Any:
    """Return what a function of two times gives."""
    match name:
        case "days":
            return {"number": str((other.day - one.day).days), "unit": "d"}
        case "hours":
            low, high = other.start - one.end, other.end - one.start
            return Interval(hours(low), hours(high))
        case "same_day":
            return one.day == other.day
        case "same_instant":
            return one.start == other.start
        case "precedes":
            return one.start < other.start
        case "surely_after":
            return one.start > other.end
    raise BrokenError(name, "a function of the language")


def hours_passed(sign: str, since: Span, asked: Span, length: Any) -> bool | None:
    """Return whether so many hours lie from one time to another, whatever each of them is exactly.
    """
    return compared(sign, of_times("hours", since, asked), number_of(length)[0])


def hours(length: timedelta) -> Fraction:
    microseconds = (length.days * 86400 + length.seconds) * 10**6 + length.microseconds
    return Fraction(microseconds, 3600 * 10**6)


def part_of(base: Any, name: str) -> Any:
    """Return a part of a course, or of a sustained run."""
    if name in ("first", "confirmed"):
        certain = None if base is None else runs(base)[0]
        return None if certain is None else {"event": certain[name]}
    course = {"start": None, "stop": None} if base is None else base.get("course")
    if not isinstance(course, dict):
        raise BrokenError(base, "a course")
    begun, ended = course.get("start") is not None, course.get("stop") is not None
    match name:
        case "begun":
            return begun
        case "running":
            return begun and not ended
        case "stopped":
            return ended
        case "steps" | "ignored":
            return {"series": [{"event": each, "sure": True} for each in course.get(name, ())]}
    found = course.get(name)
    return None if found is None else {"event": found}


def whole_days(value: Any) -> list[int]:
    """Return a length in whole days; its two ends where it is no single number, if it has them."""
    length = number_of(value)[0]
    ends = [length.low] if length.is_one else [length.low, length.high]
    return [] if None in ends else [int(each) for each in ends if each is not None]


def day_of(text: str) -> date:
    """Return the day that a text writes."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BrokenError(text, "a day") from None
