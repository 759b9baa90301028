"""Which topics have no examples, and which rules fires none of them?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.examples.running import Outcome
    from engine.problems import Place
    from engine.rulebook.definitions import Rulebook


@dataclass(frozen=True, slots=True)
class Uncovered:
    """Topics (files) without an example, and rules that fire in none."""

    topics: tuple[str, ...]
    rules: tuple[tuple[str, Place], ...]


def uncovered(rulebook: Rulebook, outcomes: Iterable[Outcome]) -> Uncovered:
    """Return what no example shows; of one that extends another, only of what is its own."""
    outcomes = list(outcomes)
    shown = {outcome.example.topic for outcome in outcomes}
    fired = frozenset().union(*(outcome.fired for outcome in outcomes))
    chapters = [each for each in rulebook.chapters if each.rulebook not in rulebook.extends]
    own = {name for chapter in chapters for name in chapter.topics}
    changed = {each.name for each in rulebook.overrides}
    rules = [rule for topic in rulebook.topics for rule in topic.rules
             if topic.name in own or changed & {rule.id, topic.name}]
    files = {each.name for each in chapters if each.facts or each.topics}
    return Uncovered(
        tuple(sorted(files - shown)),
        tuple(sorted({(rule.id, rule.place) for rule in rules if rule.id not in fired})))
