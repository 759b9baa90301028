"""How is it said what a rulebook overrides, who decided it, why, and what it was before?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.rulebook.definitions import Rulebook
    from engine.rulebook.provenance import Override


def override_in_words(override: Override) -> str:
    """Return a sentence, without its full stop, that says all there is to an override."""
    return f"{decision_in_words(override)}; reason: {override.reason.rstrip('.')}"


def decision_in_words(override: Override) -> str:
    """Return what was decided, where, by whom and when, without the reason."""
    decided = f" on {override.decided}" if override.decided else ""
    word = "added" if override.added else "overridden"
    said = "" if override.added else f": {changes_in_words(override)}"
    return f"{word} in {override.rulebook} by {override.author}{decided}{said}"


def changes_in_words(override: Override) -> str:
    """Return every key that differs, with the text before and after."""
    return ", ".join(f"{key} {before or '(nothing)'} -> {after or '(nothing)'}"
                     for key, before, after in override.changes)


def extension_record(rulebook: Rulebook) -> dict[str, Any]:
    """Return which rulebooks one extends and what it overrides; nothing if it extends none."""
    if not rulebook.extends:
        return {}
    return {"extends": list(rulebook.extends),
            "overrides": [override_record(each) for each in rulebook.overrides]}


def override_record(override: Override) -> dict[str, Any]:
    """Return what was overridden, by whom and why, and what it was before."""
    return {"what": override.what, "name": override.name, "author": override.author,
            "reason": override.reason, "decided": override.decided or None,
            "rulebook": override.rulebook,
            "changes": [{"key": key, "before": before or None, "after": after or None}
                        for key, before, after in override.changes]}
