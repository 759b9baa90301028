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

# The truth of each criterion, in the network's order; one that was not asked is `...`.
Truths: TypeAlias = "tuple[Truth | EllipsisType, ...]"


def asking(topic: Topic, inputs: Sequence[Criterion], behind: Sequence[int], program: Program
           ) -> Callable[[Chart, Event | None, Event | None], Truths]:
    """Return a function that asks what can decide; `behind` are the facts behind each criterion."""
    names = {each.text: f"c{index}" for index, each in enumerate(inputs)}
    writer = _Asking(program, names, {each.text: facts for each, facts in zip(
        inputs, behind, strict=True)})
    given = [topic.given] if topic.given is not None else []
    rules = [writer.rule([*given, rule.when]) for rule in topic.rules]
    unasked = " = ".join([*names.values(), "..."])
    return writer.function(f"({''.join(f'{name}, ' for name in names.values())})", unasked, *rules)


class _Asking(Writer):
    """Writes rules; `names` are the variables of the criteria, by their text."""

    def __init__(self, program: Program, names: dict[str, str], behind: dict[str, int]) -> None:
        super().__init__(program)
        self._variables, self._behind = names, behind
        self._mentioned: set[str] = set()

    def rule(self, conditions: Sequence[Condition]) -> str:
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
        text = criterion.text
        name, behind = self._variables[text], self._behind[text]
        asked = f"({name} := {self._brought(behind)}{self.write(criterion.term)})"
        if text in self._mentioned:
            return f"({name} if {name} is not ... else {asked})"
        self._mentioned.add(text)
        return asked

    def _brought(self, facts: int) -> str:
        """Return what brings facts up to date before a criterion looks at them."""
        return f"(chart.waiting & {facts} and chart.bring({facts})) or " if facts else ""


def _all_of(condition: Condition) -> Sequence[Condition]:
    """Return the conditions of a group all of which must hold, one by one."""
    if isinstance(condition, Criterion) or condition.word != "all":
        return [condition]
    return [each for part in condition.parts for each in _all_of(part)]
