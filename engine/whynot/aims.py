"""Which field of which event, or which day, would have to be another for a comparison to turn?

A comparison is followed through arithmetic and facts that are worked out, back to the events.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING

from engine.events.amount import Amount
from engine.events.event import Event
from engine.events.when import When, add_days, add_months, hours_later
from engine.facts.elapsed import turning_instants
from engine.rulebook.definitions import Computed, Pick
from engine.rulebook.ranges import DENIED, TURNED, Range
from engine.rulebook.terms import (
    Among,
    Arithmetics,
    Ask,
    Comparing,
    Constant,
    Elapsed,
    FieldOf,
    Function,
    Here,
    It,
    PartOf,
    Term,
    is_moment,
)
from engine.rulebook.types import SymbolType
from engine.whynot.wants import Given, Names, Want, range_for, scaled

if TYPE_CHECKING:
    from collections.abc import Iterator
    from zoneinfo import ZoneInfo

    from engine.rulebook.definitions import Parameter
    from engine.whynot.unmet import Place, Unmet


@dataclass(frozen=True, slots=True)
class Days:
    """From one day to another; `text` is the one moment that will do, where there is one."""

    low: date | None = None
    high: date | None = None
    text: str = ""

    def within(self, other: Days) -> Days:
        """Return the days that are in both."""
        low = max((each for each in (self.low, other.low) if each), default=None)
        high = min((each for each in (self.high, other.high) if each), default=None)
        return Days(low, high, self.text or other.text)

    def nearest(self, day: date) -> date | None:
        """Return the day nearest to one, or None where there is no day at all."""
        if self.low is not None and self.high is not None and self.low > self.high:
            return None
        day = day if self.low is None else max(day, self.low)
        return day if self.high is None else min(day, self.high)


_MINUTE = Fraction(1, 60)
ANYTHING, ANY_DAY = Given(), Days()


@dataclass(frozen=True, slots=True)
class Aim:
    """The event that a term stands for (None: there is none), and what it would have to say.

    Without a `field`, what matters is when it happened: on one of the `days`.
    """

    base: Term
    place: Place
    event: Event | None
    field: str = ""
    want: Want = ANYTHING
    days: Days = ANY_DAY


def aims_of(leaf: Unmet) -> Iterator[Aim]:
    """Yield what would turn a leaf of a condition."""
    term, wanted, place = leaf.term, leaf.wanted, leaf.place
    assert place is not None
    match term:
        case Comparing(operator=operator, left=left, right=right):
            sign = operator if wanted else DENIED[operator]
            if isinstance(left.type, SymbolType):
                yield from _names(sign, left, right, place)
            else:
                yield from _numbers(sign, left, right, place)
        case Among(item=item, values=values):
            yield from aims(item, Names(values) if wanted else Names(None, values), place)
        case FieldOf():
            yield from aims(term, wanted, place)
        case Elapsed() if term.in_hours:
            yield from _hours_passed(term, wanted, place)
        case Elapsed():
            yield from _elapsed(term, wanted, place)
        case Function(name="known", arguments=(inner,)) if wanted:
            yield from aims(inner, Given(), place)
        case Function(name=name, arguments=(one, other)) if wanted:
            yield from _order(name, one, other, place)


def aims(term: Term, want: Want, place: Place) -> Iterator[Aim]:
    """Yield which field of which event would have to be as wanted for a term to be so."""
    match term:
        case FieldOf(base=base, field=field):
            event = place.value(base)
            yield Aim(base, place, event if isinstance(event, Event) else None, field, want)
        case Arithmetics(operator=operator, left=left, right=right) if isinstance(want, Range):
            for side, other, is_left in ((left, right, True), (right, left, False)):
                value = place.value(other)
                back = scaled(want, operator, value, is_left=is_left) if isinstance(
                    value, Amount) else None
                if back is not None:
                    yield from aims(side, back, place)
        case Function(name="days", arguments=(start, end)) if isinstance(want, Range):
            yield from _days_between(want, start, end, place)
        case Function(name="days", arguments=arguments):
            for each in arguments:
                yield from _when(each, Days(), place)
        case Ask(fact=name):
            fact = place.passage.assessor.rulebook.facts[name]
            if isinstance(fact.operation, Computed):
                inside = place.inside(term, fact)
                for when, then in fact.operation.branches:
                    if when is None or inside.value(when) is not False:
                        yield from aims(then, want, inside)
            elif isinstance(fact.operation, Pick):
                yield from _when(term, Days(), place)
        case PartOf() if isinstance(want, Given):
            yield from _when(term, Days(), place)


def _numbers(sign: str, left: Term, right: Term, place: Place) -> Iterator[Aim]:
    one, other = place.value(left), place.value(right)
    for side, against, operator in ((left, other, sign), (right, one, TURNED[sign])):
        want = range_for(operator, against) if isinstance(against, Amount) else None
        yield from aims(side, want or Given(), place)


def _names(sign: str, left: Term, right: Term, place: Place) -> Iterator[Aim]:
    for side, other in ((left, right), (right, left)):
        value = place.value(other)
        if isinstance(value, str) and not isinstance(side, Constant):
            only = frozenset({value})
            yield from aims(side, Names(only) if sign == "==" else Names(None, only), place)


def _days_between(want: Range, start: Term, end: Term, place: Place) -> Iterator[Aim]:
    low = None if want.low is None else (
        floor(want.low) + 1 if want.low_open else ceil(want.low))
    high = None if want.high is None else (
        ceil(want.high) - 1 if want.high_open else floor(want.high))
    first, last = _day(place.value(start)), _day(place.value(end))
    if first is not None:
        yield from _when(end, Days(_later(first, low), _later(first, high)), place)
    if last is not None:
        yield from _when(start, Days(_later(last, high, -1), _later(last, low, -1)), place)
    for each, day in ((start, first), (end, last)):
        if day is None:
            yield from _when(each, Days(), place)


def _elapsed(term: Elapsed, wanted: bool, place: Place) -> Iterator[Aim]:
    since, at = place.value(term.since), place.it or place.here
    sign = term.operator if wanted else DENIED[term.operator]
    parameter = _parameter(term.span, place)
    if since is None:
        yield from _when(term.since, Days(), place)
    if since is None or parameter is None:
        return
    today = place.passage.chart.now.day if at is None else at.at.day
    reached, extra = sign in {">", ">="}, 1 if sign in {">", "<="} else 0
    turns = add_days(_back(_day(since) or today, parameter, 1), extra)
    begun = add_days(_back(today, parameter, -1), -extra)
    if reached:
        yield from _when(term.since, Days(high=begun), place)
    else:
        yield from _when(term.since, Days(low=add_days(begun, 1)), place)
    if at is not None:
        where: Term = It(term.since.type) if place.it is not None else Here(  # type: ignore[arg-type]
            term.since.type)
        days = Days(low=turns) if reached else Days(high=add_days(turns, -1))
        yield Aim(where, place, at, days=days)


def _hours_passed(term: Elapsed, wanted: bool, place: Place) -> Iterator[Aim]:
    """Yield the times to the minute that would turn it: of the event, and of what is judged."""
    since, hours, at = place.value(term.since), place.value(term.span), place.it or place.here
    if since is None or hours is None:
        yield from _when(term.since, Days(), place)
        return
    sign = term.operator if wanted else DENIED[term.operator]
    reached, zone = sign in {">", ">="}, place.passage.assessor.zone
    bound = hours.high if reached else hours.low
    if bound is None:
        return
    # on which side of the boundary, where that itself does not count
    aside = {">": _MINUTE, "<": -_MINUTE}.get(sign, 0) + bound
    asked = place.passage.moment if at is None else at.at
    back = hours_later(asked.start if reached else asked.end, -aside, exceeded=False)
    yield from _when(term.since, _moment(back, zone, up=not reached), place)
    if at is not None:
        own = since if isinstance(since, When) else since.at
        on = hours_later(own.end if reached else own.start, aside, exceeded=False)
        where: Term = It(term.since.type) if place.it is not None else Here(  # type: ignore[arg-type]
            term.since.type)
        yield Aim(where, place, at, days=_moment(on, zone, up=reached))


def _moment(instant: datetime, zone: ZoneInfo, *, up: bool) -> Days:
    """Return an instant to the whole minute before it, or after it."""
    over = timedelta(seconds=instant.second, microseconds=instant.microsecond)
    local = (instant - over + timedelta(minutes=1 if up and over else 0)).astimezone(zone)
    return Days(local.date(), local.date(), local.isoformat(timespec="minutes"))


def turning_instant(term: Elapsed, place: Place) -> datetime | None:
    """Return the instant at which so many hours have surely passed since an event."""
    since, hours = place.value(term.since), place.value(term.span)
    if since is None or hours is None:
        return None
    return turning_instants(since if isinstance(since, When) else since.at, hours,
                            exceeded=term.operator in {">", "<="})[1]


def turning_day(term: Elapsed, place: Place) -> date | None:
    """Return the day on which enough time has passed since an event."""
    since, parameter = place.value(term.since), _parameter(term.span, place)
    day = _day(since)
    if day is None or parameter is None:
        return None
    return add_days(_back(day, parameter, 1), 1 if term.operator in {">", "<="} else 0)


def _parameter(span: Term, place: Place) -> Parameter | None:
    named = isinstance(span, Constant) and span.name
    return place.passage.assessor.rulebook.parameters[span.name] if (
        named and isinstance(span, Constant)) else None


def _back(day: date, parameter: Parameter, sign: int) -> date:
    if parameter.months is not None:
        return add_months(day, sign * parameter.months)
    length = parameter.amount.low if parameter.amount is not None else None
    return add_days(day, sign * int(length or 0))


def _order(name: str, one: Term, other: Term, place: Place) -> Iterator[Aim]:
    """Yield the days that would put two moments into the order that is asked for."""
    first, second = place.value(one), place.value(other)
    for side, moment, after in ((one, second, True), (other, first, False)):
        if not isinstance(moment, Event | When):
            continue
        when = moment if isinstance(moment, When) else moment.at
        later, earlier = when.day + timedelta(1), when.day - timedelta(1)
        match name:
            case "same_instant":
                yield from _when(side, Days(when.day, when.day, when.text), place)
            case "same_day":
                yield from _when(side, Days(when.day, when.day), place)
            case "surely_after":
                yield from _when(side, Days(low=later) if after else Days(high=earlier), place)
            case "precedes":
                yield from _when(side, Days(high=earlier) if after else Days(low=later), place)


def _when(term: Term, days: Days, place: Place) -> Iterator[Aim]:
    if isinstance(term, FieldOf):
        event = place.value(term.base)
        day = days.low or days.high
        yield Aim(term.base, place, event if isinstance(event, Event) else None, term.field,
                  day or Given())
    elif is_moment(term.type):
        event = place.value(term)
        yield Aim(term, place, event if isinstance(event, Event) else None, days=days)


def _day(moment: object) -> date | None:
    if isinstance(moment, When):
        return moment.day
    return moment.at.day if isinstance(moment, Event) else None


def _later(day: date, days: int | None, sign: int = 1) -> date | None:
    return None if days is None else add_days(day, sign * days)
