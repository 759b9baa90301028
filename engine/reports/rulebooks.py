"""What is in a rulebook, in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.rulebook.definitions import Rulebook

_DIGEST_SHOWN = 12


def rulebook_in_one_line(rulebook: Rulebook) -> str:
    """Return what a rulebook holds, in numbers, for somebody who wants to know that it loads."""
    alerts = [topic for topic in rulebook.topics if topic.alert is not None]
    classified = [topic for topic in rulebook.topics if topic.alert is None]
    rules = sum(len(topic.rules) for topic in classified)
    return (f"{rulebook.id} {rulebook.version} ({rulebook.digest[:_DIGEST_SHOWN]}): "
            f"{counted(len(rulebook.vocabulary.kinds), 'kind')} of event, "
            f"{counted(len(rulebook.parameters), 'parameter')}, "
            f"{counted(len(rulebook.facts), 'fact')}, "
            f"{counted(len(classified), 'classification')} with {counted(rules, 'rule')}, "
            f"{counted(len(alerts), 'alert')}{_extending(rulebook)}")


def counted(number: int, word: str) -> str:
    """Return how many there are, in words.

    >>> counted(1, "rule"), counted(0, "rule")
    ('1 rule', '0 rules')
    """
    return f"{number} {word}{'' if number == 1 else 's'}"


def _extending(rulebook: Rulebook) -> str:
    if not rulebook.extends:
        return ""
    overridden, added = (", ".join(dict.fromkeys(
        each.name for each in rulebook.overrides if each.added == is_added))
        for is_added in (False, True))
    also = f" and adds {added}" if added else ""
    return f"; extends {rulebook.extends[0]} and overrides {overridden or 'nothing'}{also}"
