"""From a typed term to a Python function that works it out; unknown is None throughout.

A term is written out as one Python expression and compiled once, for a call of a function costs
more than most of what a term does. Both sides of a comparison are always worked out: an answer may
name the next instant at which it changes, whatever the other side is.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol

from engine.facts.comparing import ARITHMETIC, compared
from engine.facts.dated import compile_dated
from engine.facts.elapsed import days_passed, hours_passed
from engine.facts.functions import function_of
from engine.facts.lengths import at_both_ends
from engine.rulebook.terms import (
    Among,
    Arithmetics,
    Ask,
    Both,
    Comparing,
    Conclusion,
    Constant,
    Dated,
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
    from collections.abc import Sequence
    from types import CodeType

    from engine.events.event import Event
    from engine.facts.chart import Chart
    from engine.facts.program import Program


class Work(Protocol):
    """A compiled term."""

    def __call__(self, chart: Chart, here: Event | None, it: Event | None = None, /) -> Any:
        """Work it out at an event, or now (None); `it` is the member that is filtered."""


# A flag that is not given is false; a name that is not given equals no name; a number is unknown.
_NOT_GIVEN: dict[type, Any] = {TruthType: False, SymbolType: ""}
_NO_COURSE = Course()
_DEEPEST = 20  # Python reads an expression of some two hundred brackets, and none of more


def compile_term(term: Term, program: Program) -> Work:
    """Return a function of (chart, the event asked at or None, the member filtered or None).

    The member may be left out.
    """
    work = program.works.get(id(term))
    if work is None:
        writer = Writer(program)
        work = program.works[id(term)] = writer.function(writer.write(term))
        program.terms.append(term)  # keeps the term alive, and so its identity its own
    return work


def compile_terms(terms: Sequence[Term], program: Program) -> Work:
    """Return one function that works out several terms, as a tuple."""
    writer = Writer(program)
    return writer.function(f"({''.join(f'{writer.write(term)}, ' for term in terms)})")


@lru_cache(maxsize=1 << 12)
def _code_of(text: str) -> CodeType:
    """Return the code of a function: nearly half of all are written as another one is."""
    return compile(text, "<term>", "exec")


class Writer:
    """Writes a function; `names` are the values that its text refers to."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._names: dict[str, Any] = {}
        self._results = self._depth = 0

    def function(self, expression: str, *before: str) -> Work:
        """Return the function that works out an expression after some statements."""
        lines = "".join(f"    {line}\n" for line in (*before, f"return {expression}"))
        exec(_code_of(f"def work(chart, here, it=None):\n{lines}"), self._names)
        work: Work = self._names["work"]
        return work

    def name(self, value: Any) -> str:
        """Return a name for a value."""
        name = f"v{len(self._names)}"
        self._names[name] = value
        return name

    def result(self) -> str:
        """Return a name for a result on the way."""
        self._results += 1
        return f"r{self._results}"

    def write(self, term: Term) -> str:
        """Return the expression of a term; what lies deep in it is a function of its own."""
        if self._depth >= _DEEPEST:
            return f"{self.name(compile_term(term, self.program))}(chart, here, it)"
        self._depth += 1
        expression = self._expression(term)
        self._depth -= 1
        return expression

    def _expression(self, term: Term) -> str:
        match term:
            case Constant(value=value):
                return repr(value) if value is None or value in (True, False) else (
                    self.name(value))
            case Dated():
                return f"{self.name(compile_dated(term))}(chart, here, it)"
            case Here(type=EventType()):
                return "here"
            case Here():
                return "(chart.now if here is None else here)"
            case It():
                return "it"
            case Ask(fact=fact, at_it=at_it):
                return self.program.asking(self, fact, "it" if at_it else "here")
            case FieldOf():
                return self._field(term)
            case PartOf(base=base, part=part):
                return self._part(self.write(base), part)
            case Verdict(topic=topic, base=base):
                return f"chart.judged({topic!r}).get({self.write(base)})"
            case Conclusion(topic=topic):
                return f"chart.concluded({topic!r})"
            case TableEntry(name=name, key=key):
                table = self.name(self.program.rulebook.parameters[name].table)
                return f"{table}.get({self.write(key)})"
            case Arithmetics(operator=operator, left=left, right=right):
                unit = units_text(term.type.units)
                return self.of_known((left, right), lambda one, other: (
                    f"{self.name(ARITHMETIC[operator])}({one}, {other}, {unit!r})"))
            case Comparing():
                return compared(term, self)
            case Among(item=Conclusion(topic=topic), values=values):
                return f"chart.is_concluded({topic!r}, {self.name(values)})"
            case Among(item=item, values=values):
                return self.of_known(
                    (item,), lambda name: f"{name} in {self.name(values)}")
            case Elapsed():
                return self._elapsed(term)
            case Both(operator=operator, parts=parts):
                return self.both([self.write(part) for part in parts],
                                 "True" if operator == "or" else "False")
            case Negated(part=part):
                return self.of_known((part,), lambda value: f"not {value}")
            case Function():
                return self._function(term)

    def of_known(self, terms: Sequence[Term], told: Callable[..., str]) -> str:
        """Return what is told of the values of terms, or None where one of them is unknown."""
        results = [self.result() for _ in terms]
        unknown = " | ".join(f"(({result} := {self.write(term)}) is None)"
                             for result, term in zip(results, terms, strict=True))
        return f"(None if {unknown} else {told(*results)})"

    def _field(self, term: FieldOf) -> str:
        event, base, name = self.result(), self.write(term.base), term.field
        unknown = f"None if ({event} := {base}) is None"
        if name == "status":
            return f"({unknown} else {event}.status)"
        absent = _NOT_GIVEN.get(type(term.type))
        given = f"{name!r}" if absent is None else f"{name!r}, {absent!r}"
        return f"({unknown} else {event}.fields.get({given}))"

    def _part(self, base: str, part: str) -> str:
        whole = self.result()
        if part in {"first", "confirmed"}:
            return (f"({whole}.certain.{part} if ({whole} := {base}) is not None "
                    f"and {whole}.certain else None)")
        return f"({base} or {self.name(_NO_COURSE)}).{part}"

    def both(self, parts: Sequence[str], decisive: str) -> str:
        """Return `and` or `or`: the first part that decides does, and no later one is asked."""
        other = "False" if decisive == "True" else "True"
        if not parts:
            return other
        results = [self.result() for _ in parts]
        decided = " or ".join(f"({result} := {part}) is {decisive}"
                              for result, part in zip(results, parts, strict=True))
        unknown = " or ".join(f"{result} is None" for result in results)
        return f"({decisive} if {decided} else None if {unknown} else {other})"

    def _function(self, term: Function) -> str:
        unit = units_text(term.type.units) if isinstance(term.type, NumberType) else ""
        function = function_of(term.name, unit)
        name = self.name(function.work)
        if function.takes_unknown:
            return f"{name}({self.write(term.arguments[0])})"
        zone = ", chart.zone" if function.takes_zone else ""
        return self.of_known(term.arguments, lambda *values: f"{name}({', '.join(values)}{zone})")

    def _elapsed(self, term: Elapsed) -> str:
        span = term.span
        months = self.program.rulebook.parameters[span.name].months if (
            isinstance(span, Constant) and span.name) else None
        passed: Callable[..., Any] = hours_passed(term.operator) if term.in_hours else (
            days_passed(term.operator, months))
        is_exact = isinstance(span, Constant) and getattr(span.value, "is_exact", True)
        if not is_exact and not term.in_hours:  # hours take an interval as it is
            passed = at_both_ends(passed)
        elapsed = self.name(passed)
        return self.of_known((term.since, span), lambda since, length: (
            f"{elapsed}(chart, {since}, {length}, here if it is None else it)"))
