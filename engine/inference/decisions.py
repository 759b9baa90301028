"""Which value does a topic come to, where the network has said which of its rules hold?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from engine.inference.inference import Answer
    from engine.rulebook.definitions import Topic


class Decision(Struct, frozen=True):
    """The value that holds by its rule, the values that may yet hold, and those it goes before."""

    value: str | None
    rule: str | None
    undecided: tuple[str, ...]
    overrode: tuple[str, ...]


def decision_of(topic: Topic, answer: Answer) -> Decision:
    """Return the first value in order that is certain, or else the fallback of what is open."""
    certain = {rule.value: rule.id for rule in reversed(topic.rules) if rule.id in answer.certain}
    possible = {rule.value for rule in topic.rules if rule.id in answer.possible}
    value = next((each for each in topic.values if each in certain), None)
    rank = topic.values.index(value) if value else len(topic.values)
    undecided = tuple(each for each in topic.values[:rank]
                      if each in possible and each not in certain)
    rule = certain.get(value) if value else None
    if value is None and undecided:
        value = topic.fallback
    overrode = tuple(each for each in topic.values if each in certain and each != value)
    return Decision(value, rule, undecided, overrode)
