"""Which criteria of a topic are asked, and in which order?

The rules are gone through as they are written. In a group of which all must hold nothing is asked
once one part is false, and in a group of which any may hold, nothing once one is true: whatever the
others are, they decide nothing. A fact that only they would look at need not be worked out.
"""

from __future__ import annotations

from types import EllipsisType
from typing import TYPE_CHECKING, TypeAlias

from engine.facts.terms import Writer
from engine.rulebook.definitions import Criterion
from engine.rulebook.topics import criteria

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from engine.events.amount import Truth
    from engine.events.event import Event
    from engine.facts.chart import Chart
    from engine.facts.program import Program
    from engine.rulebook.definitions import Condition, Topic
    from engine.rulebook.terms import Term

# The truth of each criterion, in the network's order; one that was not asked is `...`.
Truths: TypeAlias = "tuple[Truth | EllipsisType, ...]"


def asking(topic: Topic, inputs: Sequence[Criterion], behind: Sequence[int], program: Program
           ) -> Callable[[Chart, Event | None, Event | None], Truths]:
    """Return a function that asks what can decide; `behind` are the facts behind each criterion."""
    writer = _Asking(program)
    rules, truths = writer.topic(topic, inputs, behind)
    return writer.function(truths, *writer.unasked(), *rules)


def asking_all(topics: Sequence[tuple[Topic, Sequence[Criterion]]], program: Program,
               is_told: Callable[[Term], bool], tell: Callable[[Sequence[Term], Writer], str],
               ) -> tuple[Callable[[Chart, Event | None, Event | None], Truths],
                          list[list[int]]]:
    """Return a function that asks what can decide any of some topics, at one and the same event.

    What several of them ask is asked once; of the truths come the places of each topic's criteria.
    What `is_told` need not be asked: `tell` writes what gives all of that as a tuple.
    """
    writer = _Asking(program, is_told)
    rules = [rule for topic, inputs in topics
             for rule in writer.topic(topic, inputs, [0] * len(inputs))[0]]
    variables = writer.variables
    told = [term for term in variables if is_told(term)]
    given = [f"{', '.join(variables[each] for each in told)}, = {tell(told, writer)}"] * bool(told)
    places = {term: place for place, term in enumerate(variables)}
    return (writer.function(f"({''.join(f'{each}, ' for each in variables.values())})",
                            *writer.unasked(), *given, *rules),
            [[places[each.term] for each in inputs] for _, inputs in topics])


class _Asking(Writer):
    """Writes rules; each criterion has a variable of its own, which may be told beforehand."""

    def __init__(self, program: Program, is_told: Callable[[Term], bool] | None = None) -> None:
        super().__init__(program)
        self.variables: dict[Term, str] = {}
        self._is_told = is_told
        self._behind: dict[Term, int] = {}
        self._mentioned: set[Term] = set()

    def topic(self, topic: Topic, inputs: Sequence[Criterion],
              behind: Sequence[int]) -> tuple[list[str], str]:
        """Return the statements that ask for a topic, and the truths of its criteria."""
        for each, facts in zip(inputs, behind, strict=True):
            self.variables.setdefault(each.term, f"c{len(self.variables)}")
            self._behind[each.term] = facts
        given = [topic.given] if topic.given is not None else []
        rules = [self._rule([*given, rule.when]) for rule in topic.rules
                 if not all(self._tells(each) for each in (*given, rule.when))]
        return rules, f"({''.join(f'{self.variables[each.term]}, ' for each in inputs)})"

    def _tells(self, condition: Condition) -> bool:
        """Whether all of a condition is told beforehand."""
        return self._is_told is not None and all(
            self._is_told(each.term) for each in criteria(condition))

    def unasked(self) -> list[str]:
        """Return the statement that nothing has been asked yet of what is not told beforehand."""
        asked = [name for term, name in self.variables.items()
                 if self._is_told is None or not self._is_told(term)]
        return [" = ".join([*asked, "..."])] if asked else []

    def _rule(self, conditions: Sequence[Condition]) -> str:
        """Return the statement that asks for a rule all of whose conditions must hold."""
        return " and ".join(f"{self._truth(each)} is not False"
                            for condition in conditions for each in _all_of(condition))

    def _truth(self, condition: Condition) -> str:
        if isinstance(condition, Criterion):
            return self._criterion(condition)
        parts = [self._truth(part) for part in condition.parts]
        if condition.word == "none":
            held = self.result()
            return f"(None if ({held} := {self.both(parts, 'True')}) is None else not {held})"
        return self.both(parts, "True" if condition.word == "any" else "False")

    def _criterion(self, criterion: Criterion) -> str:
        term = criterion.term
        name = self.variables[term]
        if self._tells(criterion):
            return name
        asked = f"({name} := {self._brought(self._behind[term])}{self.write(term)})"
        if term in self._mentioned:
            return f"({name} if {name} is not ... else {asked})"
        self._mentioned.add(term)
        return asked

    def _brought(self, facts: int) -> str:
        """Return what brings facts up to date before a criterion looks at them."""
        return f"(chart.waiting & {facts} and chart.bring({facts})) or " if facts else ""


def _all_of(condition: Condition) -> Sequence[Condition]:
    """Return the conditions of a group all of which must hold, one by one."""
    if isinstance(condition, Criterion) or condition.word != "all":
        return [condition]
    return [each for part in condition.parts for each in _all_of(part)]
