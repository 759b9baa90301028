"""What is in a rulebook, in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.counting import counted

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


def _extending(rulebook: Rulebook) -> str:
    if not rulebook.extends:
        return ""
    names = ", ".join(dict.fromkeys(each.name for each in rulebook.overrides)) or "nothing"
    return f"; extends {rulebook.extends[0]} and overrides {names}"
