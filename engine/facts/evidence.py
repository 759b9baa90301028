"""On which events an answer rests, and which questions behind it have no answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.events.event import Event
from engine.facts.terms import compile_term
from engine.facts.windows import Look
from engine.rulebook.definitions import (
    Computed,
    Pick,
    Series,
    Sustained,
    Tally,
    Treatment,
    Window,
)
from engine.rulebook.terms import Ask, Conclusion, Function, Here, Term, walk
from engine.timeline.courses import Course
from engine.timeline.sustained import Run

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.facts.chart import Chart
    from engine.rulebook.definitions import Fact


def evidence(terms: Iterable[Term], chart: Chart, here: Event | None) -> list[Event]:
    """Return the events that terms rest on, in order of time; each once."""
    gathered: dict[str, Event] = {}
    for term in terms:
        _gather(term, chart, here, gathered, set())
    return sorted(gathered.values(), key=lambda event: (event.at.start, event.id))


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


def _gather(term: Term, chart: Chart, here: Event | None, gathered: dict[str, Event],
            seen: set[tuple[str, Event | None]]) -> None:
    for part in chart.program.asked_in(term):
        if isinstance(part, Here):
            if here is not None:
                gathered.setdefault(here.id, here)
            continue
        if (part.fact, here) in seen:
            continue
        seen.add((part.fact, here))
        question = chart.program.by_name[part.fact]
        value, place = chart.answer(question, here), asked_at(question.fact, chart, here)
        found = events_of(value)
        if not found and value is not None:
            for inner in _inner(question.fact, chart, place):
                _gather(inner, chart, place, gathered, seen)
        for event in found:
            gathered.setdefault(event.id, event)
        if found and isinstance(question.fact.operation, Pick):
            for bound in _bounds(question.fact.operation.window):
                _gather(bound, chart, place, gathered, seen)
        if isinstance(question.fact.operation, Tally) and value is not False:
            for event in members_of(question.fact, chart, place):
                gathered.setdefault(event.id, event)


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
    windows = chart.program.windows
    if fact.name not in windows:
        windows[fact.name] = Look(fact.operation.window, chart.program)
    return list(windows[fact.name].members(chart, here).events())


def _bounds(window: Window) -> list[Term]:
    return [term for term in (window.after, window.before, window.since, window.until)
            if term is not None]


def _inner(fact: Fact, chart: Chart, here: Event | None) -> list[Term]:
    operation = fact.operation
    if not isinstance(operation, Computed):
        return []
    terms: list[Term] = []
    for when, then in operation.branches:
        if when is not None:
            terms.append(when)
            if compile_term(when, chart.program)(chart, here, None) is False:
                continue
        return [*terms, then]
    return terms


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
        if not unknown and not getattr(value, "fields", None):
            continue
        if fact.needs and unknown:
            needs[fact.needs] = None
        elif unknown:
            for inner in _behind(fact, chart, place):
                _missing(inner, chart, place, needs, seen)


def _behind(fact: Fact, chart: Chart, here: Event | None) -> list[Term]:
    operation = fact.operation
    match operation:
        case Computed():
            return _inner(fact, chart, here)
        case Pick(window=window) | Tally(window=window) | Series(window=window):
            return _bounds(window)
        case Sustained() | Treatment():
            return []
