"""Does each step of a working follow from its parts? Reckoned anew, without the engine.

What only the whole history can tell is taken as it stands, and left to a derivation from the
events: which events a window held, the verdicts on earlier events, how courses were read.
"""

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
    is_root,
    moved,
    number_of,
    reckoned,
    span_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.certificate.shape import Certificate, EventPart, Term

_ZERO = Fraction(0)  # 0 is 0 in every unit
_UNKNOWN = object()  # a step that only the whole history can tell


class Recomputing:
    """Works out single steps from the values written for their parts."""

    def __init__(self, certificate: Certificate) -> None:
        self._certificate = certificate
        self.events: dict[str, EventPart] = {each.event: each for each in certificate.events}

    def differs(self, term: Term, here: str | None, member: str | None = None
                ) -> tuple[Any, Any] | None:
        """Return the value written and the one that follows, where they are not the same."""
        expected = self._step(term, here, member)
        if expected is _UNKNOWN or _same(term.value, expected):
            return None
        return term.value, expected

    def span(self, value: Any) -> Span:
        """Return the time of an event or of a time that is written itself."""
        return span_of(self.event(value).span if _is_event(value) else value)

    def event(self, value: Any) -> EventPart:
        """Return the event that a value names."""
        name = value["event"] if _is_event(value) else value
        found = self.events.get(name)
        if found is None or not found.rests_on:
            raise BrokenError(value, "an event of the certificate, with what it says")
        return found

    def _step(self, term: Term, here: str | None, member: str | None) -> Any:
        values = [part.value for part in term.parts]
        match term.op:
            case "literal" | "verdict":
                return None if term.op == "verdict" and values == [None] else _UNKNOWN
            case "parameter":
                parameter = self._certificate.parameters.get(term.name)
                if parameter is None:
                    raise BrokenError(term.name, "a parameter of the certificate")
                return _parameter(parameter.value, parameter.months)
            case "table":
                parameter = self._certificate.parameters[term.name]
                return parameter.table.get(_only(values)) if _only(values) is not None else None
            case "fact":
                fact = self._certificate.facts.get(term.key)
                if fact is None:
                    raise BrokenError(term.key, "the key of a fact of the certificate")
                return fact.value
            case "conclusion":
                return self._concluded(term.name)
            case "here":
                return _UNKNOWN if here is None else {"event": here}
            case "member":
                return {"event": member}
            case "field":
                return self._field(_only(values), term)
            case "part":
                return _part(_only(values), term)
            case "arithmetic":
                return _arithmetic(term.sign, *_two(values), term.value)
            case "compare":
                return _compare(term.sign, *_two(values))
            case "among":
                return None if _only(values) is None else _only(values) in term.values
            case "elapsed":
                return self._elapsed(term, *_two(values))
            case "and" | "or":
                return _logic(values, decisive=term.op == "or")
            case "not":
                return None if _only(values) is None else not _only(values)
            case "function":
                return self._function(term.name, values, term.value)
        raise BrokenError(term.op, "a step of a working")

    def _concluded(self, name: str) -> Any:
        conclusion = self._certificate.conclusions.get(name)
        if conclusion is None:
            raise BrokenError(name, "a conclusion of the certificate")
        is_open = conclusion.value is None and bool(conclusion.undecided)
        return None if is_open else conclusion.value or ""

    def _field(self, base: Any, term: Term) -> Any:
        if base is None:
            return None
        event = self.event(base)
        if term.name == "status":
            return event.status
        if term.name in event.fields:
            return event.fields[term.name]
        absent = term.value in (None, "") or term.value is False
        return _UNKNOWN if absent or term.name == "direction" else None

    def _elapsed(self, term: Term, since: Any, length: Any) -> bool | None:
        if since is None or length is None:
            return None
        name = term.parts[1].name
        parameter = self._certificate.parameters.get(name) if name else None
        months = parameter.months if parameter and parameter.months is not None else 0
        days = 0 if months or (parameter and parameter.months == 0) else _days(length)
        turns = moved(self.span(since).day, days, months)
        if term.sign in (">", "<="):
            turns = moved(turns, 1)
        return (_day(term.day) >= turns) == (term.sign in (">", ">="))

    def _function(self, name: str, values: Sequence[Any], written: Any) -> Any:
        if name in ("known", "possibly", "certainly", "happened"):
            return _of_unknown(name, _only(values))
        if any(value is None for value in values):
            return None
        if name == "sqrt":
            root, of = number_of(written)[0], number_of(_only(values))[0]
            return written if is_root(root, of) else {"the square root of": values[0]}
        one, other = _two(values)
        if name == "stands":
            return self._stands(one, other)
        if name == "same":
            return one == other
        first = self.span(one)
        if name == "later_by":
            later = moved(first.day, _days(other))
            return written if span_of(written).day == later else {"day": later.isoformat()}
        return _of_times(name, first, self.span(other))

    def _stands(self, one: Any, other: Any) -> bool | None:
        against = _runs(other)[0]

        def after(pair: Any) -> bool:
            return pair is not None and (against is None or self.span(
                {"event": pair["confirmed"]}).start > self.span(
                {"event": against["confirmed"]}).start)

        certain, possible = _runs(one)
        return True if after(certain) else None if after(possible) else False


def _same(written: Any, expected: Any) -> bool:
    if is_number(written) and isinstance(expected, Interval):
        return number_of(written)[0] == expected
    if is_number(written) and is_number(expected):
        return number_of(written) == number_of(expected)
    return type(written) is type(expected) and bool(written == expected)


def _is_event(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("event"), str)


def _only(values: Sequence[Any]) -> Any:
    if len(values) != 1:
        raise BrokenError(f"{len(values)} parts", "one part")
    return values[0]


def _two(values: Sequence[Any]) -> tuple[Any, Any]:
    if len(values) != 2:
        raise BrokenError(f"{len(values)} parts", "two parts")
    return values[0], values[1]


def _parameter(value: Any, months: int | None) -> Any:
    if value is not None or months is None:
        return _UNKNOWN if value is None else value
    return Interval(Fraction(months), Fraction(months))


def _arithmetic(sign: str, one: Any, other: Any, written: Any) -> Any:
    if one is None or other is None:
        return None
    (left, unit), (right, other_unit) = number_of(one), number_of(other)
    if sign in ("+", "-") and unit != other_unit:
        raise BrokenError(f"{unit} {sign} {other_unit}", "one unit")
    made = reckoned(sign, left, right)
    if made is not None and written is not None:
        number_of(written)
    return made


def _compare(sign: str, one: Any, other: Any) -> bool | None:
    if one is None or (other is None and is_number(one)):
        return None
    if not is_number(one):
        return bool(one == other) == (sign == "==")
    (left, unit), (right, other_unit) = number_of(one), number_of(other)
    if unit != other_unit and Interval(_ZERO, _ZERO) not in (left, right):
        raise BrokenError(f"{unit or 'no unit'} beside {other_unit or 'no unit'}", "one unit")
    return compared(sign, left, right)


def logic(values: Sequence[bool | None], word: str) -> bool | None:
    """Return whether all, any or none of some truths hold; None where that is open."""
    if word == "none":
        found = logic(values, "any")
        return None if found is None else not found
    return _logic(values, decisive=word == "any")


def _logic(values: Sequence[Any], *, decisive: bool) -> bool | None:
    if decisive in values:
        return decisive
    return None if None in values else not decisive


def _of_unknown(name: str, value: Any) -> bool | None:
    if name == "possibly":
        return value is not False
    if name == "certainly":
        return value is True
    if isinstance(value, dict) and "run" in value:
        certain, possible = _runs(value)
        happened = True if certain is not None else False if possible is None else None
        return happened is not None if name == "known" else happened
    return value is not None and value != "" if name == "known" else None


def _runs(value: Any) -> tuple[Any, Any]:
    if not isinstance(value, dict) or not isinstance(value.get("run"), dict):
        raise BrokenError(value, "a sustained run")
    return value["run"].get("certain"), value["run"].get("possible")


def _of_times(name: str, one: Span, other: Span) -> Any:
    match name:
        case "days":
            return {"number": str((other.day - one.day).days), "unit": "d"}
        case "hours":
            low, high = other.start - one.end, other.end - one.start
            return Interval(_hours(low), _hours(high))
        case "same_day":
            return one.day == other.day
        case "same_instant":
            return one.start == other.start
        case "precedes":
            return one.start < other.start
        case "surely_after":
            return one.start > other.end
    raise BrokenError(name, "a function of the language")


def _hours(length: timedelta) -> Fraction:
    microseconds = (length.days * 86400 + length.seconds) * 10**6 + length.microseconds
    return Fraction(microseconds, 3600 * 10**6)


def _part(base: Any, term: Term) -> Any:
    name = term.name
    if name in ("first", "confirmed"):
        certain = None if base is None else _runs(base)[0]
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


def _days(value: Any) -> int:
    low = number_of(value)[0].low
    return int(low or 0)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BrokenError(text, "a day") from None
