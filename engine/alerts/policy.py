"""What does the rulebook say about alerts that repeat, wait, or have one cause?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.rulebook.definitions import SeverityPolicy

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import timedelta

    from engine.rulebook.definitions import Rulebook

_NONE = SeverityPolicy()


@dataclass(frozen=True, slots=True)
class Policy:
    """The policy of every severity, and of each rule where it has its own."""

    severities: Mapping[str, SeverityPolicy]
    again: Mapping[str, timedelta]
    quiet: Mapping[str, timedelta]
    wider: Mapping[str, tuple[str, ...]]
    titles: Mapping[str, str]

    def again_after(self, rule: str, severity: str) -> timedelta | None:
        """How long an acknowledgement holds; None is as long as the alert."""
        return self.again.get(rule) or self.severity(severity).again_after

    def severity(self, name: str) -> SeverityPolicy:
        """Return the policy of a severity; one that says nothing where there is none."""
        return self.severities.get(name, _NONE)


def policy_of(rulebook: Rulebook) -> Policy:
    """Return the policy that a rulebook has for its alerts."""
    parts = {topic.name: topic.alert for topic in rulebook.topics if topic.alert is not None}
    return Policy(
        rulebook.severities,
        {name: part.again_after for name, part in parts.items() if part.again_after},
        {name: part.quiet_for for name, part in parts.items() if part.quiet_for},
        {name: tuple(wider for wider, part in parts.items() if name in part.subsumes)
         for name in parts},
        {topic.name: topic.title for topic in rulebook.topics})
