"""On which events an answer rests, and which questions behind it have no answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.events.amount import Amount
from engine.events.event import Event
from engine.facts.terms import compile_term
from engine.facts.windows import look_at
from engine.rulebook.definitions import (
    Computed,
    Pick,
    Series,
    Sustained,
    Tally,
    Treatment,
)
from engine.rulebook.strata import fact_terms
from engine.rulebook.terms import Ask, Conclusion, Function, Term, walk
from engine.timeline.courses import Course
from engine.timeline.sustained import Run

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from engine.events.amount import Truth
    from engine.facts.chart import Chart
    from engine.facts.members import Members
    from engine.rulebook.definitions import Fact


class Rests:
    """The events that something rests on; they are put in order when somebody asks for them."""

    __slots__ = ("_events", "_ids", "_members", "_others")

    def __init__(self) -> None:
        self._events: dict[Event, None] = {}
        self._members: tuple[Members, ...] = ()
        self._others: tuple[Rests, ...] = ()
        self._ids: tuple[str, ...] | None = None

    def note(self, event: Event) -> None:
        """Add an event."""
        self._events[event] = None

    def note_all(self, members: Members) -> None:
        """Add all members of a window, as they are now."""
        self._members += (members,)

    def follow(self, other: Rests) -> None:
        """Add what something else rests on; it goes last."""
        self._others += (other,)

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the events, in order of time; each once."""
        if self._ids is None:
            found = {event.id: event for event in self._events}
            for members in self._members:
                found.update((event.id, event) for event in members.events())
            ordered = sorted(found.values(), key=in_time) if len(found) > 1 else found.values()
            ids = {event.id: None for event in ordered}
            for other in self._others:
                ids.update(dict.fromkeys(other.ids))
            self._ids = tuple(ids)
            self._events, self._members, self._others = {}, (), ()
        return self._ids


def in_time(event: Event) -> tuple[datetime, str]:
    """Return what events are put in order by."""
    return event.at.start, event.id


def evidence(terms: Iterable[Term], chart: Chart, here: Event | None) -> Rests:
    """Return the events that terms rest on."""
    rests = Rests()
    seen: set[tuple[int, Event | None]] = set()
    for term in terms:
        _gather(term, chart, here, rests, seen)
    return rests


def conclusions_named(terms: Iterable[Term]) -> list[str]:
    """Return the conclusions that terms read themselves, in the order in which they are named."""
    return list(dict.fromkeys(part.topic for term in terms for part in walk(term)
                              if isinstance(part, Conclusion)))


def open_questions(terms: Iterable[Term], chart: Chart, here: Event | None) -> list[str]:
    """Return which data would decide terms that are unknown, in the rulebook's own words."""
    needs: dict[str, None] = {}
    for term in terms:
        if compile_term(term, chart.program)(chart, here, None) is None:
            _missing(term, chart, here, needs, set())
    return sorted(needs)


def _gather(term: Term, chart: Chart, here: Event | None, rests: Rests,
            seen: set[tuple[int, Event | None]]) -> None:
    for question in chart.program.asked_in(term):
        if question is None:
            if here is not None:
                rests.note(here)
            continue
        if (question.number, here) in seen:
            continue
        seen.add((question.number, here))
        fact, operation = question.fact, question.fact.operation
        value = chart.answer(question, here)
        place = asked_at(fact, chart, here) if fact.now or fact.at is not None else here
        found = events_of(value)
        for event in found:
            rests.note(event)
        if isinstance(operation, Tally):
            if value is not False:
                rests.note_all(look_at(operation.window, chart.program).members(chart, place))
        elif found and isinstance(operation, Pick):
            for bound in operation.window.bounds:
                _gather(bound, chart, place, rests, seen)
        elif not found and value is not None:
            for inner in worked_out_from(fact, chart, place):
                _gather(inner, chart, place, rests, seen)


def asked_at(fact: Fact, chart: Chart, here: Event | None) -> Event | None:
    """Return the event at which a fact is really asked: none where it is asked now."""
    if fact.now:
        here = None
    if fact.at is not None:
        found = compile_term(fact.at, chart.program)(chart, here, None)
        return found if isinstance(found, Event) else None
    return here


def events_of(value: Any) -> list[Event]:
    """Return the events that an answer consists of."""
    if isinstance(value, Event):
        return [value]
    if isinstance(value, Course):
        return [step for step in (value.start, value.stop or value.last_step) if step]
    if isinstance(value, Run):
        pair = value.certain or value.possible
        return [pair.first, pair.confirmed] if pair else []
    return []


def members_of(fact: Fact, chart: Chart, here: Event | None) -> list[Event]:
    """Return the members that a tally counted."""
    assert isinstance(fact.operation, Tally)
    look = look_at(fact.operation.window, chart.program)
    return list(look.members(chart, here).events())


def worked_out_from(fact: Fact, chart: Chart, here: Event | None) -> list[Term]:
    """Return what a computed answer came from: no branch that was passed over, or never reached."""
    operation = fact.operation
    if not isinstance(operation, Computed):
        return []
    terms: list[Term] = []
    for when, then, holds in branches_reached(operation, chart, here):
        terms += [each for each in (when, then if holds is not False else None) if each is not None]
    return terms


def answers_left(operation: Computed, chart: Chart, here: Event | None) -> list[Term]:
    """Return the answers of the branches that may be taken."""
    return [then for _, then, holds in branches_reached(operation, chart, here)
            if holds is not False]


def branches_reached(operation: Computed, chart: Chart, here: Event | None
                     ) -> Iterator[tuple[Term | None, Term, Truth]]:
    """Yield each branch and whether its condition holds, up to the first that surely does."""
    for when, then in operation.branches:
        holds = True if when is None else compile_term(when, chart.program)(chart, here, None)
        yield when, then, holds
        if holds:
            return


def came_from(fact: Fact, value: Any, chart: Chart, here: Event | None) -> list[Term]:
    """Return what an answer was worked out from, or what it would rest on where there is none."""
    if isinstance(fact.operation, Computed) and (fact.at is None or here is not None):
        return [*([fact.at] if fact.at is not None else []), *worked_out_from(fact, chart, here)]
    return fact_terms(fact, chart.program.rulebook.facts) if value is None else []


def _missing(term: Term, chart: Chart, here: Event | None, needs: dict[str, None],
             seen: set[tuple[str, Event | None]]) -> None:
    for part in walk(term):
        if isinstance(part, Function) and part.name in {"known", "possibly", "certainly"}:
            continue
        if not isinstance(part, Ask) or part.at_it or (part.fact, here) in seen:
            continue
        seen.add((part.fact, here))
        question = chart.program.by_name[part.fact]
        fact, place = question.fact, asked_at(question.fact, chart, here)
        value = chart.answer(question, here)
        unknown = value is None or (isinstance(value, Run) and value.happened is None)
        loose = False
        if isinstance(fact.operation, Computed) and isinstance(value, Amount):
            loose = not value.is_exact  # it may lie between what two branches come to
            unknown = loose and len(answers_left(fact.operation, chart, place)) > 1
        if fact.needs and unknown:
            needs[fact.needs] = None
        elif unknown or loose:
            for inner in _behind(fact, chart, place):
                _missing(inner, chart, place, needs, seen)


def _behind(fact: Fact, chart: Chart, here: Event | None) -> list[Term]:
    operation = fact.operation
    match operation:
        case Computed():
            return worked_out_from(fact, chart, here)
        case Pick(window=window) | Tally(window=window) | Series(window=window):
            return [*window.bounds]
        case Sustained() | Treatment():
            return []
