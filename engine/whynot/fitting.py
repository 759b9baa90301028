"""Which event would belong to those that a question looks at: its kind, its day, what it says?

A line is taken that is there already, and made to pass: the bounds of the window give the day, and
what its filter fails on gives the fields.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil
from typing import TYPE_CHECKING

from engine.events.event import Event
from engine.events.when import When, add_days, add_months
from engine.rulebook.definitions import Pick, Series, Treatment, Window
from engine.rulebook.terms import Ask, Constant, PartOf, Term
from engine.rulebook.types import HOURS, NumberType
from engine.whynot.aims import Days, aims_of
from engine.whynot.unmet import Place, unmet
from engine.whynot.wants import Given, Names, Want, together

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from engine.events.kinds import CourseWords
    from engine.rulebook.definitions import Fact
    from engine.whynot.scribe import Scribe

_ROUNDS = 4
_ALTERNATIVES = 3


@dataclass(frozen=True, slots=True)
class Opening:
    """What an event must be to belong: of this kind, on one of these days, passing the filters."""

    kind: str
    days: Days
    filters: tuple[tuple[Term, Place], ...] = ()
    wants: tuple[tuple[str, Want], ...] = ()


def openings(window: Window, place: Place) -> Iterator[Opening]:
    """Yield how an event could come into a window; none if a bound of it is not there."""
    days = _days(window, place)
    if days is None:
        return
    own = () if window.where is None else ((window.where, place),)
    facts = place.passage.assessor.rulebook.facts
    inner = [Opening(kind, Days()) for kind in window.kinds]
    for name in window.facts:
        inner += _of_fact(facts[name], place)
    for topic in window.topics:
        judged = place.passage.assessor.by_name[topic]
        if judged.topic.of is not None:
            inner += _of_fact(facts[judged.topic.of], replace(place, here=None))
    for steps in window.steps:
        inner += _of_course(steps, place)
    for opening in inner:
        yield replace(opening, days=opening.days.within(days), filters=(*opening.filters, *own))


def _of_fact(fact: Fact, place: Place) -> list[Opening]:
    if isinstance(fact.operation, Pick | Series):
        return list(openings(fact.operation.window, place))
    return []


def _of_course(term: Term, place: Place) -> list[Opening]:
    course = course_of(term, place)
    return [] if course is None else [course_opening(course, "", place)]


def course_of(term: Term, place: Place) -> Treatment | None:
    """Return the treatment whose course, or part of a course, a term is."""
    base = term.base if isinstance(term, PartOf) else term
    if not isinstance(base, Ask):
        return None
    operation = place.passage.assessor.rulebook.facts[base.fact].operation
    return operation if isinstance(operation, Treatment) else None


def course_opening(course: Treatment, action: str, place: Place) -> Opening:
    """Return what an event must be that begins (start) or ends (stop) a course."""
    words = place.passage.assessor.rulebook.vocabulary.kinds[course.kind].course
    assert words is not None
    wants: tuple[tuple[str, Want], ...] = ()
    if action:
        wants = ((words.action, Names(words.start if action == "start" else words.stop)),)
    filters = () if course.where is None else ((course.where, replace(place, here=None)),)
    return Opening(course.kind, Days(), filters, wants)


def _days(window: Window, place: Place) -> Days | None:
    days = Days() if place.here is None else Days(high=place.here.at.day)
    for name in ("after", "since", "before", "until"):
        bound = getattr(window, name)
        if bound is None:
            continue
        moment = _moment(place.value(bound))
        if moment is None:
            return None
        day = moment.day
        days = days.within({"after": Days(low=add_days(day, 1)), "since": Days(low=day),
                            "before": Days(high=add_days(day, -1)), "until": Days(high=day)}[name])
    if isinstance(window.within, Constant):
        end = window.until or window.before
        last = _moment(place.value(end)) if end is not None else (
            place.here.at if place.here is not None else None)
        if last is not None:
            days = days.within(Days(low=back(window, last.day, place, -1)))
    return days


def back(window: Window, day: date, place: Place, sign: int) -> date:
    """Return the day that is as long before (or after) another as a window reaches.

    Where it counts hours, that is a day no nearer.
    """
    assert isinstance(window.within, Constant)
    parameter = place.passage.assessor.rulebook.parameters[window.within.name]
    if parameter.months is not None:
        return add_months(day, sign * parameter.months)
    length = parameter.amount.low if parameter.amount is not None else None
    days = (length or 0) / (24 if parameter.type == NumberType(HOURS) else 1)
    return add_days(day, sign * ceil(days))


def _moment(value: object) -> When | None:
    return value.at if isinstance(value, Event) else value if isinstance(value, When) else None


class Fitter:
    """Makes events that fit an opening."""

    def __init__(self, scribe: Scribe, identity: str, standing: Mapping[str, Event]) -> None:
        self._scribe, self._identity, self._standing = scribe, identity, standing

    def fitting(self, opening: Opening, day: date, wants: Mapping[str, Want] | None = None,
                template: Event | None = None, *, lenient: bool = False) -> Event | None:
        """Return an event on the day nearest to one that passes every filter, or None.

        A `lenient` one passes as far as what it says itself can make it.
        """
        on = opening.days.nearest(day)
        if on is None:
            return None
        text = opening.days.text or on.isoformat()
        needed: dict[str, Want] = dict(opening.wants)
        for name, want in (wants or {}).items():
            both = together(needed.get(name, Given()), want)
            if both is None:
                return None
            needed[name] = both
        event = self._written(opening, text, needed, template)
        for _ in range(_ROUNDS):
            if event is None:
                return None
            asked, moved = _lacking(opening, event)
            if asked is None:
                return event
            if not asked and not moved:
                return event if lenient else None
            before = dict(needed)
            for name, want in asked.items():
                both = together(needed.get(name, Given()), want)
                if both is None:
                    return None
                needed[name] = both
            if needed == before and not moved:
                return event if lenient else None
            if moved:
                text = moved
            event = self._written(opening, text, needed, template)
        return None

    def _written(self, opening: Opening, text: str, wants: Mapping[str, Want],
                 template: Event | None) -> Event | None:
        """Return the line after one that says the same already, else with what it must say."""
        if template is None:
            template = self._alike(opening, wants)
        if template is not None:
            return self._scribe.like(template, self._identity, text, wants)
        return self._scribe.fresh(opening.kind, self._identity, text, wants)

    def _alike(self, opening: Opening, wants: Mapping[str, Want]) -> Event | None:
        """Return the newest event of the kind whose names and flags are as they are needed."""
        named = {name: want for name, want in wants.items() if isinstance(want, Names | bool)}
        alike = [event for event in self._standing.values() if event.kind == opening.kind
                 and all(_says(event, name, want) for name, want in named.items())]
        if alike and any(isinstance(want, Names) for want in named.values()):
            return max(alike, key=lambda event: (event.at.start, event.id))
        passing = [event for event in alike if all(
            replace(place, it=event).value(term) is not False for term, place in opening.filters)]
        return max(passing, key=lambda event: (event.at.start, event.id), default=None)


def _says(event: Event, name: str, want: Names | bool) -> bool:
    value = event.status if name == "status" else event.fields.get(name)
    if isinstance(want, bool):
        return (value or False) is want
    return isinstance(value, str) and value not in want.refused and (
        want.wanted is None or value in want.wanted)


def _lacking(opening: Opening, event: Event) -> tuple[dict[str, Want] | None, str]:
    """Return what an event would have to say to pass every filter; None where it passes."""
    asked: dict[str, Want] = {}
    moved = ""
    passes = True
    for term, place in opening.filters:
        probe, words = _as_step(event, place)
        against = unmet(term, True, replace(place, it=probe))
        if against is None:
            continue
        passes = False
        for leaf in list(against.leaves())[:2 * _ALTERNATIVES]:
            for aim in aims_of(leaf):
                if aim.event is not probe:
                    continue
                if aim.field == "direction" and words is not None:
                    asked[words.action] = _action(aim.want, words)
                    break
                if aim.field and aim.field not in asked:
                    asked[aim.field] = aim.want
                    break
                if not aim.field:
                    moved = _moved(aim.days, event) or moved
                    break
    return (None if passes else asked), moved


def _as_step(event: Event, place: Place) -> tuple[Event, CourseWords | None]:
    """Return an event with the direction that it would have as a step of a course."""
    words = place.passage.assessor.rulebook.vocabulary.kinds[event.kind].course
    if words is None:
        return event, None
    action = event.fields.get(words.action)
    direction = ("start" if action in words.start else "stop" if action in words.stop
                 else "down" if action in words.lower else "up")
    return event.with_field("direction", direction), words


def _action(want: Want, words: CourseWords) -> Want:
    """Return the actions that make a step of one of the directions wanted."""
    actions = {"start": words.start, "stop": words.stop, "down": words.lower,
               "up": words.change, "same": words.change, "unknown": words.change}
    if not isinstance(want, Names):
        return want
    return Names(frozenset(action for direction, named in actions.items() for action in named
                           if direction not in want.refused
                           and (want.wanted is None or direction in want.wanted)))


def _moved(days: Days, event: Event) -> str:
    if days.text:
        return days.text
    day = days.nearest(event.at.day)
    return day.isoformat() if day is not None and day != event.at.day else ""
