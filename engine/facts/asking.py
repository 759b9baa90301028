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


def asking_all(topics: Sequence[tuple[Topic, Sequence[Criterion]]], program: Program
               ) -> Callable[[Chart, Event | None, Event | None], tuple[Truths, ...]]:
    """Return a function that asks what can decide each of some topics, at one and the same event.

    What several of them ask is asked once.
    """
    writer = _Asking(program)
    asked = [writer.topic(topic, inputs, [0] * len(inputs)) for topic, inputs in topics]
    return writer.function(f"({''.join(f'{truths}, ' for _, truths in asked)})",
                           *writer.unasked(), *(rule for rules, _ in asked for rule in rules))


class _Asking(Writer):
    """Writes rules; each criterion has a variable of its own."""

    def __init__(self, program: Program) -> None:
        super().__init__(program)
        self._variables: dict[Term, str] = {}
        self._behind: dict[Term, int] = {}
        self._mentioned: set[Term] = set()

    def topic(self, topic: Topic, inputs: Sequence[Criterion],
              behind: Sequence[int]) -> tuple[list[str], str]:
        """Return the statements that ask for a topic, and the truths of its criteria."""
        for each, facts in zip(inputs, behind, strict=True):
            self._variables.setdefault(each.term, f"c{len(self._variables)}")
            self._behind[each.term] = facts
        given = [topic.given] if topic.given is not None else []
        rules = [self._rule([*given, rule.when]) for rule in topic.rules]
        return rules, f"({''.join(f'{self._variables[each.term]}, ' for each in inputs)})"

    def unasked(self) -> list[str]:
        """Return the statement that nothing has been asked yet."""
        return [" = ".join([*self._variables.values(), "..."])] if self._variables else []

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
        name = self._variables[term]
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
