"""What is known of events, courses and runs, and of the time between them?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import z3

from engine.proof.naming import words_of
from engine.proof.numbers import Number, compare, exactly
from engine.proof.values import (
    NOW,
    Course,
    Members,
    Moment,
    Name,
    Run,
    Truth,
    all_of,
    any_of,
    no,
    real,
    truth,
)
from engine.rulebook.terms import Constant, Elapsed, Function, Here, It, PartOf
from engine.rulebook.types import HOURS, EventType, NumberType, TimeType, units_text

if TYPE_CHECKING:
    from engine.proof.encoding import Encoder
    from engine.proof.inputs import Place

_HOURS_A_DAY = 24


def part(encoder: Encoder, term: PartOf, whole: Course | Run, place: Place) -> Any:
    """Return a part of a course or of a run."""
    key, words = f"{whole.key}.{term.part}", words_of(term, encoder.rulebook)
    inputs, here = encoder.inputs, place.here or NOW
    if isinstance(whole, Run):
        return inputs.moment(key, words, term, place, present=whole.happened.yes, until=here)
    match term.part:
        case "begun":
            return Truth(whole.begun, no(whole.begun))
        case "running":
            return Truth(whole.running, no(whole.running))
        case "stopped":
            stopped = all_of(whole.begun, no(whole.running))
            return Truth(stopped, no(stopped))
        case "steps" | "ignored":
            return Members(key)
    exists = all_of(whole.begun, no(whole.running)) if term.part == "stop" else whole.begun
    event = inputs.moment(key, words, term, place, present=exists, until=here)
    if term.part != "start":
        start = part(encoder, PartOf(term.base, "start", term.type), whole, place)
        inputs.hold(start.day <= event.day)
    return event


def elapsed(encoder: Encoder, term: Elapsed, place: Place) -> Truth:
    """Return whether so much time has passed since an event."""
    since: Moment = encoder.value(term.since, place)
    span: Number = encoder.value(term.span, place)
    until = place.it or place.here or NOW
    if term.in_hours:
        return compare(term.operator, _hours(encoder, term, since, until, place), span)
    passed: Any = until.day - since.day
    months = encoder.rulebook.parameters[term.span.name].months if isinstance(
        term.span, Constant) and term.span.name else None
    ends: list[Any] = [z3.ToInt(real(end.at)) for end in (span.low, span.high)]
    if months is not None:
        key = f"months from {since.key} to {until.key}"
        words = words_of(term.since, encoder.rulebook)
        ends, passed = [z3.RealVal(months)], encoder.inputs.months(
            key, words, term.since, place, since, until)
    if span.is_exact is True:
        ends = ends[:1]
    reached = [{">=": passed >= end, ">": passed > end, "<": passed < end,
                "<=": passed <= end}[term.operator] for end in ends]
    known = all_of(since.exists, until.exists, span.known, *(
        end.there for end in (span.low, span.high)))
    return Truth(all_of(known, *reached), all_of(known, *(no(each) for each in reached)))


def function(encoder: Encoder, name: str, term: Function, given: list[Any], place: Place) -> Any:
    """Return what a function of the language comes to."""
    match name:
        case "known":
            return _known(given[0])
        case "possibly":
            return Truth(no(given[0].no), given[0].no)
        case "certainly":
            return Truth(given[0].yes, no(given[0].yes))
        case "happened":
            return given[0].happened
        case "stands":
            return _stands(encoder, term, given[0], given[1], place)
        case "sqrt":
            return _root(encoder, term, given[0], place)
        case "later_by":
            start, days = given
            return Moment(all_of(start.exists, days.known, days.is_exact),
                          start.day + z3.ToInt(real(days.low.at)),
                          f"{start.key}+{days.low.at}")
    return _of_two(encoder, name, term, (given[0], given[1]), place)


def _hours(encoder: Encoder, term: Function | Elapsed, one: Moment, other: Moment,
           place: Place) -> Number:
    """Return the hours from one moment to another: as many as their days leave."""
    words = words_of(term, encoder.rulebook)
    if isinstance(term, Elapsed):
        until = It(EventType(frozenset())) if place.it is not None else Here(
            TimeType() if place.here is None else EventType(frozenset()))
        term = Function("hours", (term.since, until), NumberType(HOURS))
    found = encoder.inputs.spread(
        f"hours({one.key}, {other.key})", words, term, place,
        present=all_of(one.exists, other.exists), unit="h")
    days = z3.ToReal(other.day - one.day)
    encoder.inputs.hold(real(found.low.at) >= _HOURS_A_DAY * (days - 2),
                        real(found.high.at) <= _HOURS_A_DAY * (days + 2))
    return found


def _known(value: Any) -> Truth:
    match value:
        case Truth():
            known = value.known
        case Number():
            known = value.known
        case Name():
            known = all_of(value.known, value.code != 0)
        case Moment():
            known = value.exists
        case Run():
            known = value.happened.known
        case _:
            known = True
    return Truth(known, no(known))


def _stands(encoder: Encoder, term: Function, run: Run, against: Run, place: Place) -> Truth:
    """Return whether a run stands: only one that happened does, and surely if nothing ends it."""
    found = encoder.inputs.flag(f"stands({run.key}, {against.key})",
                                words_of(term, encoder.rulebook), term, place)
    may_happen = no(run.happened.no)
    encoder.inputs.hold(
        any_of(no(found.yes), run.happened.yes), any_of(found.no, may_happen),
        any_of(no(all_of(run.happened.yes, no(against.happened.yes))), found.yes),
        any_of(no(all_of(may_happen, no(against.happened.yes))), no(found.no)))
    return found


def _root(encoder: Encoder, term: Function, value: Number, place: Place) -> Number:
    unit = units_text(term.type.units) if isinstance(term.type, NumberType) else ""
    key = f"root of {value.low.at}, {value.high.at}"
    found = encoder.inputs.spread(key, words_of(term, encoder.rulebook), term, place,
                                  present=all_of(value.known, value.low.there,
                                                 no(real(value.low.at) < 0)), unit=unit)
    encoder.inputs.hold(real(found.low.at) >= 0)
    return found


def _of_two(encoder: Encoder, name: str, term: Function, given: tuple[Moment, Moment],
            place: Place) -> Any:
    one, other = given
    both = all_of(one.exists, other.exists)
    if name == "days":
        return exactly(both, z3.ToReal(other.day - one.day))
    if name == "same_day":
        return truth(both, one.day == other.day)
    if name == "hours":
        return _hours(encoder, term, one, other, place)
    words = words_of(term, encoder.rulebook)
    key = f"{name}({one.key}, {other.key})"
    holds = encoder.inputs.flag(key, words, term, place, present=both, open_=False)
    order = {"same": one.day == other.day, "same_instant": one.day == other.day,
             "precedes": one.day <= other.day, "surely_after": one.day >= other.day}[name]
    encoder.inputs.hold(any_of(no(holds.yes), order))
    if one.key == other.key:
        itself = name in {"same", "same_instant"}
        return truth(both, itself)
    if name in {"precedes", "surely_after"}:
        apart = one.day < other.day if name == "precedes" else one.day > other.day
        encoder.inputs.hold(any_of(no(all_of(both, apart)), holds.yes))
    return holds
