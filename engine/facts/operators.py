"""How each operator of the language answers: picks, tallies, series, courses, sustained runs."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from engine.events.amount import Amount, below, hull
from engine.events.when import FIRST
from engine.facts.folding import Courses, Runs
from engine.facts.lasting import filter_reads_verdicts, looks_at_member
from engine.facts.members import Filtered, Lowest, Members
from engine.facts.terms import compile_term
from engine.facts.windows import look_at, surely_before
from engine.rulebook.definitions import (
    Computed,
    Operation,
    Pick,
    Series,
    Sustained,
    Tally,
    Treatment,
)
from engine.rulebook.types import NumberType
from engine.timeline.courses import CourseFold, EachFold
from engine.timeline.sustained import Occasion

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from engine.events.amount import Truth
    from engine.events.event import Event
    from engine.facts.chart import Chart
    from engine.facts.members import Member
    from engine.facts.program import Program
    from engine.facts.windows import Look
    from engine.rulebook.terms import Term

    Run = Callable[[Chart, Event | None], Any]


def compile_operation(operation: Operation, program: Program) -> Run:
    """Return the function that answers the operation for (chart, the event asked at or None)."""
    match operation:
        case Pick(which="first", window=window):
            return _first(look_at(window, program))
        case Pick(window=window):
            return _latest(program.looks(window))
        case Tally():
            return _tally(operation, program)
        case Series(window=window, lowest=lowest):
            look = look_at(window, program)
            return _lowest(look) if lowest else _members(look)
        case Treatment():
            return _treatment(operation, program)
        case Sustained():
            return _sustained(operation, program)
        case Computed(branches=branches):
            return _computed(branches, program)


def _members(look: Look) -> Callable[[Chart, Event | None], Members]:
    """Return what gives all members of a window."""
    return look.bounded if look.is_settled else look.members


def _first(look: Look) -> Run:
    """Where membership is open, nothing is known; candidates are filtered until one passes."""
    if look.is_settled:
        return look.first

    def first(chart: Chart, here: Event | None) -> Event | None:
        for event, certain in look.forwards(chart, here):
            return event if certain else None
        return None

    return first


def _latest(looks: Sequence[Look]) -> Run:
    """Of one instant the lowest value is picked; where membership is open, nothing is known."""
    if len(looks) == 1 and looks[0].is_settled:
        return looks[0].latest

    def latest(chart: Chart, here: Event | None) -> Event | None:
        picked: Member | None = None
        for look in looks:
            last = look.last(chart, here)
            if last is not None and (
                    picked is None or last[0].at.start > picked[0].at.start):
                picked = last
        return picked[0] if picked is not None and picked[1] else None

    return latest


def _tally(operation: Tally, program: Program) -> Run:
    look = look_at(operation.window, program)
    if operation.which == "any":
        return _any(look)
    if operation.which == "count":
        return lambda chart, here: _count(look.members(chart, here))
    assert operation.value is not None
    value = compile_term(operation.value, program)
    least = operation.which == "min"

    def extreme(chart: Chart, here: Event | None) -> Amount | None:
        found = look.members(chart, here)
        values = [value(chart, here, event) for event, _ in found]
        if not values or any(each is None for each in values) or not all(c for _, c in found):
            return None
        best: Amount = values[0]
        for each in values[1:]:
            lower = below(each, best)
            if lower is None and each != best:
                return None
            best = each if lower is least and each != best else best
        return best

    return extreme


def _any(look: Look) -> Run:
    def any_settled(chart: Chart, here: Event | None) -> Truth:
        found = look.bounded(chart, here)
        return True if found.certain else (None if len(found) else False)

    def any_(chart: Chart, here: Event | None) -> Truth:
        open_ = False
        for _, certain in look.backwards(chart, here):
            if certain:
                return True
            open_ = True
        return None if open_ else False

    return any_settled if look.is_settled else any_


def _count(found: Members) -> Amount:
    return Amount(found.certain, len(found))


def _lowest(look: Look) -> Run:
    members = _members(look)

    def lowest(chart: Chart, here: Event | None) -> Members:
        found = members(chart, here)
        stream: Lowest = chart.stream(lowest, id(found.kept), Lowest, found.kept)
        return stream.members(found, chart.over)

    return lowest


def _treatment(operation: Treatment, program: Program) -> Run:
    words = program.rulebook.vocabulary.kinds[operation.kind].course
    gap = program.rulebook.parameters[operation.rejoin].amount
    assert words is not None and gap is not None and gap.low is not None
    days, fold = int(gap.low), EachFold if operation.each else CourseFold
    where = None if operation.where is None else compile_term(operation.where, program)
    lasts = operation.where is None or looks_at_member(operation.where, program.rulebook)
    questions = [program.by_name[name] for name in operation.amounts]

    def treatment(chart: Chart, here: Event | None) -> Any:
        found = chart.begun[operation.kind]
        if where is not None:
            stream: Filtered = chart.stream(id(questions), id(found.kept), Filtered, found.kept)
            found = stream.passed if stream.gives(found, chart.tick) else stream.members(
                found, chart.now.start if lasts else FIRST,
                lambda event: bool(where(chart, here, event)))
        if here is not None:
            found = surely_before(found, here.at.start)
        courses: Courses = chart.stream(treatment, id(found.kept), Courses, (
            found.kept, fold(words, days, lambda event: [
                chart.answer(question, event) for question in questions])))
        return courses.latest(found, chart.now)

    return treatment


def _sustained(operation: Sustained, program: Program) -> Run:
    members = _members(look_at(operation.window, program))
    holds = compile_term(operation.holds, program)
    establishes = _always(operation.establishes, program, otherwise=True)
    ignoring = _always(operation.ignoring, program, otherwise=False)
    apart = program.rulebook.parameters[operation.apart].amount
    hours = program.rulebook.parameters[operation.apart_hours].amount if (
        operation.apart_hours) else None
    assert apart is not None and apart.low is not None
    days = int(apart.low)
    gap = None if hours is None or hours.low is None else timedelta(hours=float(hours.low))

    terms = [term for term in (operation.holds, operation.establishes, operation.ignoring)
             if term is not None]
    lasts = all(looks_at_member(term, program.rulebook) for term in terms)
    at_once = not any(filter_reads_verdicts(term, program.rulebook) for term in terms)

    def occasion(chart: Chart, here: Event | None, member: Member) -> Occasion:
        event, certain = member
        return Occasion(event, holds(chart, here, event) if certain else None,
                        establishes(chart, here, event), ignoring(chart, here, event))

    def run(chart: Chart, here: Event | None) -> Any:
        found = members(chart, here)
        kept: Runs = chart.stream(run, id(found.kept), Runs, (found.kept, days, gap))
        over = chart.over if at_once else chart.now.start
        return kept.over(found, over if lasts else FIRST,
                         lambda member: occasion(chart, here, member))

    return run


def _always(term: Term | None, program: Program, *, otherwise: bool) -> Any:
    if term is not None:
        return compile_term(term, program)
    return lambda _chart, _here, _it: otherwise


def _computed(branches: tuple[tuple[Term | None, Term], ...], program: Program) -> Run:
    """Of several branches that may be taken the answer is what all of them come to."""
    compiled = [(None if when is None else compile_term(when, program),
                 compile_term(then, program)) for when, then in branches]
    if compiled[0][0] is None:
        return compiled[0][1]
    agreed = hull if isinstance(branches[0][1].type, NumberType) else _same

    def computed(chart: Chart, here: Event | None) -> Any:
        answer = None
        for when, then in compiled:
            holds = True if when is None else when(chart, here, None)
            if holds is False:
                continue
            found = then(chart, here, None)
            answer = found if answer is None or found is None else agreed(answer, found)
            if holds or answer is None:
                return answer
        return None

    return computed


def _same(one: Any, other: Any) -> Any:
    return one if one == other else None
