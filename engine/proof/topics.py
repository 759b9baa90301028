"""What a topic concludes in every state of its inputs, as formulas."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.proof.values import Formula, Truth, all_of, any_of, every, no

if TYPE_CHECKING:
    from engine.proof.encoding import Encoder
    from engine.rulebook.definitions import Rule, Topic


@dataclass(frozen=True, slots=True)
class Judged:
    """A topic whose rules are formulas; each rule's truth has the condition `given` in it."""

    topic: Topic
    given: Truth
    rules: tuple[tuple[Rule, Truth], ...]

    def certain(self, value: str) -> Formula:
        """Whether a rule for the value is surely true."""
        return any_of(*(found.yes for rule, found in self.rules if rule.value == value))

    def possible(self, value: str) -> Formula:
        """Whether a rule for the value may be true."""
        return any_of(*(no(found.no) for rule, found in self.rules if rule.value == value))

    def stands(self, value: str) -> Formula:
        """Whether the value is the one that is concluded, a fallback apart."""
        before = self.topic.values[:self.topic.values.index(value)]
        return all_of(self.certain(value), *(no(self.certain(each)) for each in before))

    def decides(self, rule: Rule) -> Formula:
        """Whether this rule is the one that the conclusion names: the first true for its value."""
        earlier: list[Formula] = []
        for each, found in self.rules:
            if each is rule:
                return all_of(self.stands(rule.value), found.yes, *(no(one) for one in earlier))
            if each.value == rule.value:
                earlier.append(found.yes)
        raise ValueError(rule.id)

    def open(self, value: str) -> Formula:
        """Whether the value may yet be true, and nothing before it or itself is certain."""
        upto = self.topic.values[:self.topic.values.index(value) + 1]
        return all_of(self.possible(value), *(no(self.certain(each)) for each in upto))

    @property
    def silent(self) -> Formula:
        """Whether every rule is surely false."""
        return all_of(*(found.no for _, found in self.rules))

    @property
    def undecided(self) -> Formula:
        """Whether no rule is certain and one is possible."""
        return all_of(*(no(found.yes) for _, found in self.rules), no(self.silent))


def judged(topic: Topic, encoder: Encoder) -> Judged:
    """Return a topic as formulas over the inputs of the encoder."""
    place = encoder.place(topic.of)
    given = encoder.condition(topic.given, place)
    return Judged(topic, given, tuple(
        (rule, every([given, encoder.condition(rule.when, place)])) for rule in topic.rules))
