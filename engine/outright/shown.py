"""On which events a value rests, gathered as soon as it is judged: nothing later changes it.

What `engine.facts.evidence` finds by going through terms is compiled here, once for each rule.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.events.event import Event
from engine.facts.evidence import in_time
from engine.facts.terms import compile_term
from engine.facts.windows import look_at
from engine.rulebook.definitions import Computed, Pick, Tally

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from engine.facts.program import Question
    from engine.facts.terms import Work
    from engine.facts.windows import Look
    from engine.outright.past import Past
    from engine.outright.program import OutrightProgram
    from engine.rulebook.terms import Term

    Found = dict[Event, None]
    Gather = Callable[[Past, Event, Found], None]


def evidence_of(terms: Iterable[Term],
                program: OutrightProgram) -> Callable[[Past, Event], tuple[str, ...]]:
    """Return what gathers the ids of the events that terms rest on, in order of time."""
    gather = _gather_all(terms, program)
    if gather == [_itself]:
        return lambda _past, here: (here.id,)

    def evidence(past: Past, here: Event) -> tuple[str, ...]:
        found: Found = {}
        for each in gather:
            each(past, here, found)
        return tuple([event.id for event in (
            sorted(found, key=in_time) if len(found) > 1 else found)])

    return evidence


def _gather_all(terms: Iterable[Term], program: OutrightProgram) -> list[Gather]:
    asked = {-1 if each is None else each.number: each
             for term in terms for each in program.asked_in(term)}
    return [_itself if each is None else _gather(each, program) for each in asked.values()]


def _itself(_past: Past, here: Event, found: Found) -> None:
    found[here] = None


def _gather(question: Question, program: OutrightProgram) -> Gather:
    """Return what gathers the events that an answer at an event rests on."""
    operation = question.fact.operation
    match operation:
        case Pick(window=window):
            return _of_pick(question, _gather_all(window.bounds, program))
        case Tally(window=window):
            return _of_tally(question, look_at(window, program))
        case Computed(branches=branches):
            return _of_computed(question, [
                (None if when is None else compile_term(when, program),
                 [] if when is None else _gather_all([when], program),
                 _gather_all([then], program)) for when, then in branches])
    raise AssertionError(f"{question.fact.name} is not covered")


def _of_pick(question: Question, bounds: list[Gather]) -> Gather:
    def gather(past: Past, here: Event, found: Found) -> None:
        event = past.answer(question, here)
        if event is not None:
            found[event] = None
            for each in bounds:
                each(past, here, found)

    return gather


def _of_tally(question: Question, look: Look) -> Gather:
    def gather(past: Past, here: Event, found: Found) -> None:
        if past.answer(question, here) is not False:
            found.update(dict.fromkeys(look.bounded(past, here).events()))

    return gather


def _of_computed(question: Question,
                 branches: list[tuple[Work | None, list[Gather], list[Gather]]]) -> Gather:
    def gather(past: Past, here: Event, found: Found) -> None:
        value = past.answer(question, here)
        if value is None or isinstance(value, Event):
            found.update({} if value is None else {value: None})
            return
        for when, conditions, answers in branches:
            holds = True if when is None else when(past, here, None)
            for each in (*conditions, *(answers if holds is not False else ())):
                each(past, here, found)
            if holds:
                return

    return gather
