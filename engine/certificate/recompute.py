"""Does each step of a working follow from its parts? Reckoned anew, without the engine.

What only the whole history can tell is taken as it stands, and left to a derivation from the
events: which events a window held, the verdicts on earlier events, how courses were read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from engine.certificate.numbers import (
    BrokenError,
    Interval,
    Span,
    instant_asked,
    is_number,
    is_root,
    moved,
    number_of,
    span_of,
)
from engine.certificate.operations import (
    UNKNOWN,
    arithmetic,
    compare,
    day_of,
    hours_passed,
    kleene,
    of_several,
    of_times,
    of_unknown,
    parameter,
    part_of,
    runs,
    whole_days,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.certificate.shape import Certificate, EventPart, Term

_Found = TypeVar("_Found")


class Recomputing:
    """Works out single steps from the values written for their parts."""

    def __init__(self, certificate: Certificate) -> None:
        self._certificate = certificate
        self.events: dict[str, EventPart] = {each.event: each for each in certificate.events}

    def differs(self, term: Term, here: str | None, member: str | None = None
                ) -> tuple[Any, Any] | None:
        """Return the value written and the one that follows, where they are not the same."""
        expected = self._step(term, here, member)
        if expected is UNKNOWN or _same(term.value, expected):
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
            case "field":
                return self._field(_only(values), term)
            case "part":
                return part_of(_only(values), term.name)
            case "arithmetic":
                return arithmetic(term.sign, *_two(values), term.value)
            case "compare":
                return self._compared(term, *_two(term.parts))
            case "among":
                may_be = _only(term.parts).may_be
                if may_be:
                    return of_several(may_be, {*term.values}, wanted=True)
                return None if _only(values) is None else _only(values) in term.values
            case "elapsed":
                return self._elapsed(term, *_two(values), member or here)
            case "and" | "or":
                return kleene(values, decisive=term.op == "or")
            case "not":
                return None if _only(values) is None else not _only(values)
            case "function":
                return self._function(term.name, values, term.value)
        return self._looked_up(term, values, here, member)

    def _compared(self, term: Term, one: Term, other: Term) -> bool | None:
        if other.may_be:
            one, other = other, one
        if not one.may_be or other.value is None:
            return compare(term.sign, one.value, other.value)
        return of_several(one.may_be, {other.value}, wanted=term.sign == "==")

    def _looked_up(self, term: Term, values: Sequence[Any], here: str | None,
                   member: str | None) -> Any:
        """Return what stands elsewhere in the certificate, or where the term is asked."""
        whole = self._certificate
        match term.op:
            case "literal":
                return UNKNOWN
            case "verdict":
                return None if values == [None] else UNKNOWN
            case "parameter":
                found = _there(whole.parameters, term.name, "a parameter")
                return parameter(found.value, found.months)
            case "table":
                key, found = _only(values), _there(whole.parameters, term.name, "a parameter")
                return None if key is None else found.table.get(key)
            case "fact":
                return _there(whole.facts, term.key, "the key of a fact").value
            case "conclusion":
                return self._concluded(term)
            case "here":
                return UNKNOWN if here is None else {"event": here}
            case "member":
                return {"event": member}
        raise BrokenError(term.op, "a step of a working")

    def _concluded(self, term: Term) -> Any:
        """Return the value of a conclusion; where no rule is certain it may be one of several."""
        found = _there(self._certificate.conclusions, term.name, "a conclusion")
        value = found.value or ""
        is_open = found.rule is None and bool(found.undecided)
        may_be = sorted({value, "", *found.undecided}) if is_open else []
        if term.may_be != may_be:
            raise BrokenError(term.may_be, f"may_be: {may_be}" if is_open else "no may_be")
        return None if is_open else value

    def _field(self, base: Any, term: Term) -> Any:
        if base is None:
            return None
        event = self.event(base)
        if term.name == "status":
            return event.status
        if term.name in event.fields:
            return event.fields[term.name]
        absent = term.value in (None, "") or term.value is False
        return UNKNOWN if absent or term.name == "direction" else None

    def _elapsed(self, term: Term, since: Any, length: Any, at: str | None) -> bool | None:
        own = None if at is None else self.span({"event": at})
        if term.span or (own and term.day):
            self._asked_at(term, own)
        if since is None or length is None:
            return None
        if number_of(length)[1] == "h":
            return hours_passed(term.sign, self.span(since), span_of(term.span), length)
        name = term.parts[1].name
        span = self._certificate.parameters.get(name) if name else None
        in_months = span is not None and span.months is not None
        passed = set()
        for count in whole_days(length):
            turns = moved(self.span(since).day, *((0, count) if in_months else (count, 0)))
            if term.sign in (">", "<="):
                turns = moved(turns, 1)
            passed.add((day_of(term.day) >= turns) == (term.sign in (">", ">=")))
        return passed.pop() if len(passed) == 1 else None

    def _asked_at(self, term: Term, own: Span | None) -> None:
        """See that the time asked about is that of the event at which it is asked, or the moment.
        """
        whole, asked = self._certificate, span_of(term.span) if term.span else None
        if own is None and asked is not None:
            moment = instant_asked(whole.as_of, whole.timezone)
            if not asked.start == asked.end == moment:
                raise BrokenError(term.span, f"the moment asked about, {whole.as_of}")
        elif own is not None and not (own == asked if asked else own.day == day_of(term.day)):
            raise BrokenError(term.span or term.day, "the time of the event asked about")

    def _function(self, name: str, values: Sequence[Any], written: Any) -> Any:
        if name in ("known", "possibly", "certainly", "happened"):
            return of_unknown(name, _only(values))
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
            if not number_of(other)[0].is_one:
                return None
            later = moved(first.day, *whole_days(other))
            return written if span_of(written).day == later else {"day": later.isoformat()}
        return of_times(name, first, self.span(other))

    def _stands(self, one: Any, other: Any) -> bool | None:
        against = runs(other)[0]

        def after(pair: Any) -> bool:
            return pair is not None and (against is None or self.span(
                {"event": pair["confirmed"]}).start > self.span(
                {"event": against["confirmed"]}).start)

        certain, possible = runs(one)
        return True if after(certain) else None if after(possible) else False


def _same(written: Any, expected: Any) -> bool:
    if is_number(written) and isinstance(expected, Interval):
        return number_of(written)[0] == expected
    if is_number(written) and is_number(expected):
        return number_of(written) == number_of(expected)
    return type(written) is type(expected) and bool(written == expected)


def _is_event(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("event"), str)


def _there(among: Mapping[str, _Found], name: str, what: str) -> _Found:
    if name not in among:
        raise BrokenError(name, f"{what} of the certificate")
    return among[name]


def _only(values: Sequence[Any]) -> Any:
    if len(values) != 1:
        raise BrokenError(f"{len(values)} parts", "one part")
    return values[0]


def _two(values: Sequence[Any]) -> tuple[Any, Any]:
    if len(values) != 2:
        raise BrokenError(f"{len(values)} parts", "two parts")
    return values[0], values[1]
