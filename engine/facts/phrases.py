"""A criterion read aloud: what was compared with what, with the values that it had."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.events.when import When, hours_between
from engine.facts.evidence import answers_left
from engine.facts.terms import compile_term
from engine.facts.wording import SIGNS, hours_in_words, in_words, parameter_in_words
from engine.rulebook.definitions import Computed
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

if TYPE_CHECKING:
    from engine.events.event import Event
    from engine.facts.chart import Chart
    from engine.rulebook.definitions import Fact

_TIMES = {"*": "times", "+": "plus", "-": "minus", "/": "over"}
_ELAPSED = {">=": "or more have passed since", ">": "have been exceeded since",
            "<": "have not yet passed since", "<=": "have not been exceeded since"}


class Reader:
    """Reads terms aloud as they stand at one event, or `now`: at the moment asked about.

    The chart's own instant is the last one at which anything changed.
    """

    def __init__(self, chart: Chart, here: Event | None, now: When) -> None:
        self._chart, self._here, self._now = chart, here, now

    def value(self, term: Term) -> Any:
        """Return what a term comes to."""
        return compile_term(term, self._chart.program)(self._chart, self._here, None)

    def read(self, term: Term) -> str:
        """Return a condition as a sentence without its full stop."""
        match term:
            case Comparing(operator=operator, left=left, right=right):
                return f"{self.noun(left)} {SIGNS[operator]} {self.noun(right)}"
            case Elapsed(since=since, operator=operator, span=span) if term.in_hours:
                return (f"{self._hours_since(since)} since {self.noun(since)} "
                        f"{SIGNS[operator]} {self.noun(span)}")
            case Elapsed(since=since, operator=operator, span=span):
                return f"{self.noun(span)} {_ELAPSED[operator]} {self.noun(since)}"
            case Among(item=item, values=values, name=name):
                wanted = f"one of the {name}" if name else " or ".join(sorted(values))
                return f"{self.noun(item)} is {wanted}"
            case Both(operator=operator, parts=inner):
                return f" {operator} ".join(self.read(part) for part in inner)
            case Negated(part=part):
                return f"not: {self.read(part)}"
            case Function(name=name, arguments=arguments):
                return self._function(name, arguments)
        return f"{self._name(term)}: {in_words(self.value(term), self._chart)}"

    def _hours_since(self, term: Term) -> str:
        since = self.value(term)
        if since is None:
            return "the time"
        asked = self._now if self._here is None else self._here.at
        return hours_in_words(*hours_between(
            since if isinstance(since, When) else since.at, asked))

    def noun(self, term: Term) -> str:
        """Return a term with its value."""
        value = in_words(self.value(term), self._chart)
        match term:
            case Constant(name=name):
                return f"{parameter_in_words(name, self._chart)} ({name})" if name else value
            case Dated(name=name):
                return f"{value} ({name})"
            case Arithmetics():
                return f"{value}, which is {self.worked_out(term)}"
            case Conclusion(topic=topic):
                may_be = " or ".join(sorted(self._chart.may_be(topic) - {""}))
                return f"{topic} ({f'not decided: {may_be}' if may_be else value})"
        return f"{self._name(term)} ({value})"

    def calculation(self, fact: Fact, value: Any) -> str:
        """Return how the answer of a fact was calculated, to stand behind it; else nothing."""
        if value is None or not isinstance(fact.operation, Computed):
            return ""
        first, *others = answers_left(fact.operation, self._chart, self._here)
        if not others:
            return f", which is {self.worked_out(first)}" if isinstance(first, Arithmetics) else ""
        answers = dict.fromkeys(in_words(self.value(each), self._chart)
                                for each in (first, *others))
        if len(answers) == 1:
            return ", in every case that is still possible"
        return f", as it may still be {' or '.join(answers)}"

    def worked_out(self, term: Arithmetics) -> str:
        """Return a calculation with the values that went into it."""
        left, right = (self._operand(each) for each in (term.left, term.right))
        if isinstance(term.left, Arithmetics) and _binds(term.left) < _binds(term):
            left = f"({left})"
        if isinstance(term.right, Arithmetics) and (
                _binds(term.right) < _binds(term) or term.operator in "-/"):
            right = f"({right})"
        return f"{left} {_TIMES[term.operator]} {right}"

    def _operand(self, term: Term) -> str:
        return self.worked_out(term) if isinstance(term, Arithmetics) else self.noun(term)

    def _main(self, base: Term) -> str | None:
        """Return the field that an event stands for, so that it need not be named."""
        vocabulary = self._chart.program.rulebook.vocabulary
        return vocabulary.main_of(getattr(base.type, "kinds", ()))

    def _field(self, base: Term, field: str) -> str:
        """Return a field as its title has it, for its name may be half a sentence."""
        kinds = self._chart.program.rulebook.vocabulary.kinds
        for kind in getattr(base.type, "kinds", ()):
            plain = kinds[kind].plain.get(field)
            if plain is not None and plain.type == "when":
                return f'"{plain.title.lower()}"'
        return field

    def _function(self, name: str, arguments: tuple[Term, ...]) -> str:
        inner = [self._name(argument) for argument in arguments]
        value = f": {in_words(self.value(arguments[0]), self._chart)}"
        match name:
            case "known":
                return f"there is an answer to: {inner[0]}{value}"
            case "possibly" | "certainly":
                return f"{name}: {self.read(arguments[0])}"
            case "happened":
                return f"{inner[0]} ({in_words(self.value(arguments[0]), self._chart)})"
            case "stands":
                answers = [in_words(self.value(each), self._chart) for each in arguments]
                return (f"{inner[0]} ({answers[0]}) has not been ended since by "
                        f"{inner[1]} ({answers[1]})")
            case "surely_after":
                return f"{self.noun(arguments[0])} came surely after {self.noun(arguments[1])}"
            case "precedes":
                return f"{self.noun(arguments[0])} came before {self.noun(arguments[1])}"
        return f"{name.replace('_', ' ')} of {' and '.join(self.noun(each) for each in arguments)}"

    def _name(self, term: Term) -> str:
        match term:
            case Ask(fact=fact):
                return self._chart.program.rulebook.facts[fact].about or fact
            case FieldOf(base=Here() | It() as base, field=field):
                return self._field(base, field)
            case FieldOf(base=base, field=field) if field == self._main(base):
                return self._name(base)
            case FieldOf(base=base, field=field):
                return f"{field} of {self._name(base)}"
            case PartOf(base=base, part=part):
                return f"{self._name(base)}: {part.replace('_', ' ')}"
            case Here():
                return "this moment" if self._here is None else "this event"
            case It():
                return "it"
            case Verdict(topic=topic):
                return f"the {topic} judged then"
            case Conclusion(topic=topic):
                return topic
            case TableEntry(name=name, key=key):
                return f"{name} for {in_words(self.value(key), self._chart)}"
            case Constant(name=name, value=value) | Dated(name=name, value=value):
                return name or str(value)
            case Function(name="days", arguments=(start, end)):
                return f"days from {self._name(start)} to {self._name(end)}"
            case Function(name=name):
                return name.replace("_", " ")
        return self.read(term)


def _binds(term: Arithmetics) -> bool:
    """Whether a calculation binds its two sides together more closely than a sum does."""
    return term.operator in "*/"
