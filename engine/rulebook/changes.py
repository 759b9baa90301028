"""How is it said what a rulebook overrides, who decided it, why, and what it was before?"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.rulebook.provenance import Override


def override_in_words(override: Override) -> str:
    """Return a sentence, without its full stop, that says all there is to an override."""
    decided = f" on {override.decided}" if override.decided else ""
    return (f"overridden in {override.rulebook} by {override.author}{decided}: "
            f"{changes_in_words(override)}; reason: {override.reason.rstrip('.')}")


def changes_in_words(override: Override) -> str:
    """Return every key that differs, with the text before and after."""
    return ", ".join(f"{key} {before or '(nothing)'} -> {after or '(nothing)'}"
                     for key, before, after in override.changes)
