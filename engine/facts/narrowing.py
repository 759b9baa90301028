"""Which members can a filter let pass that compares them with an event, or names them?

So that only those are looked at, however long the history is.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from engine.events.amount import Amount
from engine.events.when import FIRST, LAST, LONGEST_DAY, When
from engine.facts.lasting import conjuncts
from engine.facts.members import NOBODY, Members, Stretch
from engine.facts.terms import compile_term
from engine.rulebook.terms import Ask, Both, Comparing, Constant, Function, Here, It, Term, walk

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.events.event import Event
    from engine.facts.chart import Chart
    from engine.facts.program import Program

    Run = Callable[[Chart, Event | None, Event | None], Any]
    Narrow = Callable[[Chart, Event | None, Members], Members | Stretch]

_LONGEST_SPAN = timedelta(days=100_000)
_SPANS = ("days", "hours")
_LESS, _MORE = ("<", "<="), (">", ">=")


def narrowed_by(conditions: tuple[Term, ...], program: Program) -> Narrow | None:
    """Return what leaves out members that one of these conditions, all of them asked, refuses."""
    for narrow in (_named_by, _together_by, _apart_by, _earlier_by):
        for term in conditions:
            found = narrow(term, program)
            if found is not None:
                return found
    return None


def _together_by(term: Term, _program: Program) -> Narrow | None:
    match term:
        case Function(name="same_instant", arguments=(It(), Here()) | (Here(), It())):
            return _together
    return None


def _together(_chart: Chart, here: Event | None, found: Members) -> Members:
    return found if here is None else (
        Members(NOBODY.kept, 0, found.beginning(here.at.start)))


def _earlier_by(term: Term, _program: Program) -> Narrow | None:
    match term:
        case Function(name="precedes", arguments=(It(), Here())):
            return _earlier
    return None


def _earlier(_chart: Chart, here: Event | None, found: Members) -> Members:
    if here is None:
        return found
    start = here.at.start
    return Members(found.kept, bisect_left(found.kept.starts, start, 0, found.count),
                   [each for each in found.newest if each[0].at.start < start])


def _named_by(term: Term, program: Program) -> Narrow | None:
    """Narrow to the events that a condition names.

    It names them if each of its alternatives asks that a member be the same as a certain event.
    """
    either = term.parts if isinstance(term, Both) and term.operator == "or" else (term,)
    alternatives = [_one_named(each) for each in either]
    if not all(alternatives):
        return None
    return _among([(compile_term(event, program), compile_term(others, program))
                   for event, others in filter(None, alternatives)])


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


def _among(alternatives: list[tuple[Run, Run]]) -> Narrow:
    def among(chart: Chart, here: Event | None, found: Members) -> Members:
        starts = set()
        for named, others in alternatives:
            event = named(chart, here, None)
            if event is not None:
                starts.add(event.at.start)
            elif others(chart, here, None) is not False:
                return found  # it may be any of them
        return Members(NOBODY.kept, 0, [
            each for start in sorted(starts) for each in found.beginning(start)])

    return among


def _apart_by(term: Term, program: Program) -> Narrow | None:
    """Narrow to those near enough to an event, or far enough from it, by the length asked for."""
    if isinstance(term, Function) and term.name in {"certainly", "possibly"}:
        term = term.arguments[0]
    match term:
        case Comparing(operator, Function(name=name, arguments=(start, end)),
                       Constant(value=Amount() as length)) if (
                           name in _SPANS and operator in _LESS + _MORE):
            bound = length.high if operator in _LESS else length.low
            span = None if bound is None else timedelta(**{name: float(bound)})
        case _:
            return None
    if span is None or not timedelta(0) <= span <= _LONGEST_SPAN:
        return None
    if isinstance(start, It) and _is_apart(end):  # it lies so long before the event
        return _far(compile_term(end, program), -span, is_low=operator in _LESS)
    if isinstance(end, It) and _is_apart(start):
        return _far(compile_term(start, program), span, is_low=operator in _MORE)
    return None


def _far(event: Run, span: timedelta, *, is_low: bool) -> Narrow:
    """Narrow to those that begin after (or else before) an event and a span, give or take days."""
    reach = abs(span) + LONGEST_DAY

    def far(chart: Chart, here: Event | None, found: Members) -> Members | Stretch:
        moment = event(chart, here, None)
        if moment is None:
            return found
        at: When = moment if isinstance(moment, When) else moment.at
        anchor = at.start if is_low else at.end
        middle = min(max(anchor, FIRST + reach), LAST - reach) + span
        starts, count = found.kept.starts, found.count
        if is_low:
            return Stretch(found, bisect_left(starts, middle - LONGEST_DAY, 0, count))
        return Members(found.kept, bisect_right(starts, middle + LONGEST_DAY, 0, count),
                       found.newest)

    return far
