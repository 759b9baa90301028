"""Which members can a filter let pass that compares them with the event asked at, or names them?

So that only those are looked at, however long the history is.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Any

from engine.facts.lasting import conjuncts
from engine.facts.members import NOBODY, Members
from engine.facts.terms import compile_term
from engine.rulebook.terms import Ask, Both, Function, Here, It, Term, walk

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.events.event import Event
    from engine.facts.chart import Chart
    from engine.facts.program import Program

    Narrow = Callable[[Members, Event], Members]
    Run = Callable[[Chart, Event | None, Event | None], Any]
    Named = Callable[[Chart, Event | None, Members], Members]


def narrowed_by(conjuncts: tuple[Term, ...]) -> Narrow | None:
    """Return what leaves out members that one of these conditions, all of them asked, refuses."""
    for term in conjuncts:
        match term:
            case Function(name="same_instant", arguments=(It(), Here()) | (Here(), It())):
                return _together
            case Function(name="precedes", arguments=(It(), Here())):
                return _earlier
    return None


def _together(found: Members, here: Event) -> Members:
    return Members(NOBODY.kept, 0, found.between(here.at.start, here.at.start))


def _earlier(found: Members, here: Event) -> Members:
    start = here.at.start
    return Members(found.kept, bisect_left(found.kept.starts, start, 0, found.count),
                   [each for each in found.newest if each[0].at.start < start])


def named_by(conjuncts: tuple[Term, ...], program: Program) -> Named | None:
    """Return what leaves out members that are none of those named by a condition.

    It names them if each of its alternatives asks that a member be the same as a certain event.
    """
    for term in conjuncts:
        either = term.parts if isinstance(term, Both) and term.operator == "or" else (term,)
        alternatives = [_one_named(each) for each in either]
        if all(alternatives):
            return _among([(compile_term(event, program), compile_term(others, program))
                           for event, others in filter(None, alternatives)])
    return None


def _one_named(term: Term) -> tuple[Term, Term] | None:
    """Return the event that a member has to be, and what else has to hold, whatever the member."""
    parts = conjuncts(term)
    for part in parts:
        match part:
            case Function(name="same", arguments=(It(), event) | (event, It())) if _is_apart(event):
                return event, Both("and", tuple(each for each in parts if _is_apart(each)))
    return None


def _is_apart(term: Term) -> bool:
    """Whether a term comes to the same for every member."""
    return not any(isinstance(part, It) or (isinstance(part, Ask) and part.at_it)
                   for part in walk(term))


def _among(alternatives: list[tuple[Run, Run]]) -> Named:
    def among(chart: Chart, here: Event | None, found: Members) -> Members:
        starts = set()
        for named, others in alternatives:
            event = named(chart, here, None)
            if event is not None:
                starts.add(event.at.start)
            elif others(chart, here, None) is not False:
                return found  # it may be any of them
        return Members(NOBODY.kept, 0, [
            each for start in sorted(starts) for each in found.between(start, start)])

    return among
