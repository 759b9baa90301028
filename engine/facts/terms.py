"""From a typed term to a function that works it out; unknown is None throughout."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from engine.events import arithmetic
from engine.events.amount import Amount, Truth, at_most, below, equal
from engine.events.when import When, add_days, add_months, midnight
from engine.facts.functions import compile_function
from engine.rulebook.terms import (
    Among,
    Arithmetics,
    Ask,
    Both,
    Comparing,
    Conclusion,
    Constant,
    Elapsed,
    FieldOf,
    Function,
    Here,
    It,
    Negated,
    PartOf,
    TableEntry,
    Term,
    Verdict,
)
from engine.rulebook.types import EventType, NumberType, SymbolType, TruthType, units_text
from engine.timeline.courses import Course

if TYPE_CHECKING:
    from datetime import date

    from engine.events.event import Event
    from engine.facts.chart import Chart
    from engine.facts.program import Program

    Run = Callable[[Chart, Event | None, Event | None], Any]

# A flag that is not given is false; a name that is not given equals no name; a number is unknown.
_NOT_GIVEN: dict[type, Any] = {TruthType: False, SymbolType: ""}
_ARITHMETIC = {"+": arithmetic.plus, "-": arithmetic.minus, "*": arithmetic.times,
               "/": arithmetic.divided}


def _differ(one: Amount, other: Amount) -> Truth:
    same = equal(one, other)
    return None if same is None else not same


_COMPARISONS: dict[str, Callable[[Amount, Amount], Truth]] = {
    "<": below, "<=": at_most, "==": equal, "!=": _differ,
    ">": lambda one, other: below(other, one), ">=": lambda one, other: at_most(other, one),
}


def compile_term(term: Term, program: Program) -> Run:
    """Return a function of (chart, the event asked at or None, the member filtered or None)."""
    work = program.works.get(id(term))
    if work is None:
        work = program.works[id(term)] = _compile(term, program)
        program.terms.append(term)  # keeps the term alive, and so its identity its own
    return work


def _compile(term: Term, program: Program) -> Run:
    match term:
        case Constant(value=value):
            return lambda _chart, _here, _it: value
        case Here(type=EventType()):
            return lambda _chart, here, _it: here
        case Here():
            return lambda chart, here, _it: chart.now if here is None else here
        case It():
            return lambda _chart, _here, it: it
        case Ask():
            return _ask(term, program)
        case FieldOf():
            return _field(term, program)
        case PartOf():
            return _part(term, program)
        case Verdict(topic=topic, base=base):
            run = compile_term(base, program)
            return lambda chart, here, it: chart.judged(topic).get(run(chart, here, it))
        case Conclusion(topic=topic):
            return lambda chart, _here, _it: chart.concluded(topic)
        case TableEntry(name=name, key=key):
            table, run = program.rulebook.parameters[name].table, compile_term(key, program)
            return lambda chart, here, it: table.get(run(chart, here, it))
        case Arithmetics():
            return _arithmetics(term, program)
        case Comparing():
            return _comparing(term, program)
        case Among():
            return _among(term, program)
        case Elapsed():
            return _elapsed(term, program)
        case Both():
            return _both(term, program)
        case Negated(part=part):
            run = compile_term(part, program)

            def negated(chart: Chart, here: Event | None, it: Event | None) -> Any:
                value = run(chart, here, it)
                return None if value is None else not value

            return negated
        case Function(name=name, arguments=arguments):
            return compile_function(name, [compile_term(each, program) for each in arguments],
                                    units_text(term.type.units)
                                    if isinstance(term.type, NumberType) else "")


def _ask(term: Ask, program: Program) -> Run:
    question = program.by_name[term.fact]
    if term.at_it:
        return lambda chart, _here, it: chart.answer(question, it)
    return lambda chart, here, _it: chart.answer(question, here)


def _field(term: FieldOf, program: Program) -> Run:
    name, base = term.field, compile_term(term.base, program)
    if name == "status":
        return lambda chart, here, it: getattr(base(chart, here, it), "status", None)
    absent = _NOT_GIVEN.get(type(term.type))

    def value(chart: Chart, here: Event | None, it: Event | None) -> Any:
        event = base(chart, here, it)
        return None if event is None else event.fields.get(name, absent)

    return value


def _part(term: PartOf, program: Program) -> Run:
    part, base = term.part, compile_term(term.base, program)
    if part in {"first", "confirmed"}:
        def of_run(chart: Chart, here: Event | None, it: Event | None) -> Any:
            run = base(chart, here, it)
            return getattr(run.certain, part) if run is not None and run.certain else None

        return of_run
    empty = Course()
    return lambda chart, here, it: getattr(base(chart, here, it) or empty, part)


def _arithmetics(term: Arithmetics, program: Program) -> Run:
    operate, unit = _ARITHMETIC[term.operator], units_text(term.type.units)
    left, right = compile_term(term.left, program), compile_term(term.right, program)

    def worked_out(chart: Chart, here: Event | None, it: Event | None) -> Amount | None:
        one, other = left(chart, here, it), right(chart, here, it)
        return None if one is None or other is None else operate(one, other, unit)

    return worked_out


def _comparing(term: Comparing, program: Program) -> Run:
    left, right = compile_term(term.left, program), compile_term(term.right, program)
    if isinstance(term.left.type, SymbolType):
        return _comparing_names(term, left, right)
    compare = _COMPARISONS[term.operator]

    def compared(chart: Chart, here: Event | None, it: Event | None) -> Any:
        one, other = left(chart, here, it), right(chart, here, it)
        return None if one is None or other is None else compare(one, other)

    return compared


def _comparing_names(term: Comparing, left: Run, right: Run) -> Run:
    wanted = term.operator == "=="

    def compared(chart: Chart, here: Event | None, it: Event | None) -> Any:
        one = left(chart, here, it)
        return None if one is None else (one == right(chart, here, it)) == wanted

    return compared


def _among(term: Among, program: Program) -> Run:
    item, values = compile_term(term.item, program), term.values

    def among(chart: Chart, here: Event | None, it: Event | None) -> Any:
        name = item(chart, here, it)
        return None if name is None else name in values

    return among


def _both(term: Both, program: Program) -> Run:
    runs = [compile_term(part, program) for part in term.parts]
    decisive = term.operator == "or"

    def both(chart: Chart, here: Event | None, it: Event | None) -> Any:
        unknown = False
        for run in runs:
            value = run(chart, here, it)
            if value is decisive:
                return decisive
            if value is None:
                unknown = True
        return None if unknown else not decisive

    return both


def _elapsed(term: Elapsed, program: Program) -> Run:
    since, span = compile_term(term.since, program), compile_term(term.span, program)
    months = program.rulebook.parameters[term.span.name].months if isinstance(
        term.span, Constant) and term.span.name else None
    later = term.operator in {">", "<="}  # the answer turns on the day after, not on the day
    reached = term.operator in {">", ">="}

    def elapsed(chart: Chart, here: Event | None, it: Event | None) -> Any:
        from_, length = since(chart, here, it), span(chart, here, it)
        if from_ is None or length is None:
            return None
        day = _day(from_)
        turns = add_months(day, months) if months is not None else _plus(day, length)
        if later:
            turns = add_days(turns, 1)
        at = it if it is not None else here
        today = chart.now.day if at is None else at.at.day
        if at is None and today < turns:
            chart.horizon = min(chart.horizon, midnight(turns, chart.zone))
        return (today >= turns) == reached

    return elapsed


def _day(moment: Any) -> date:
    return moment.day if isinstance(moment, When) else moment.at.day


def _plus(day: date, length: Amount) -> date:
    return add_days(day, int(length.low or 0))
