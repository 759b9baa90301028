"""Which rulebook is it, and what is in it, in one line?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from engine.counting import counted

if TYPE_CHECKING:
    from engine.rulebook.definitions import Rulebook

_DIGITS = 12


class Versioned(Protocol):
    """What has a name, a version and a digest: a rulebook, or what is kept of one."""

    @property
    def id(self) -> str:
        """Return the name."""

    @property
    def version(self) -> str:
        """Return the version."""

    @property
    def digest(self) -> str:
        """Return the digest of all that is in it."""


def short(digest: str) -> str:
    """Return as much of a digest as a person compares."""
    return digest[:_DIGITS]


def name_of(rulebook: Versioned, beside: str = "") -> str:
    """Return a rulebook's name and version; its digest is in brackets, with what stands beside."""
    return f"{rulebook.id} {rulebook.version} ({short(rulebook.digest)}{beside})"


def rulebook_in_one_line(rulebook: Rulebook) -> str:
    """Return what a rulebook holds, in numbers, for somebody who wants to know that it loads."""
    alerts = [topic for topic in rulebook.topics if topic.alert is not None]
    classified = [topic for topic in rulebook.topics if topic.alert is None]
    rules = sum(len(topic.rules) for topic in classified)
    return (f"{name_of(rulebook)}: "
            f"{counted(len(rulebook.vocabulary.kinds), 'kind')} of event, "
            f"{counted(len(rulebook.parameters), 'parameter')}, "
            f"{counted(len(rulebook.facts), 'fact')}, "
            f"{counted(len(classified), 'classification')} with {counted(rules, 'rule')}, "
            f"{counted(len(alerts), 'alert')}{_extending(rulebook)}")


def _extending(rulebook: Rulebook) -> str:
    if not rulebook.extends:
        return ""
    overridden, added = (", ".join(dict.fromkeys(
        f"severity {each.name}" if each.what == "severity" else each.name
        for each in rulebook.overrides if each.added == is_added))
        for is_added in (False, True))
    also = f" and adds {added}" if added else ""
    return f"; extends {rulebook.extends[0]} and overrides {overridden or 'nothing'}{also}"
