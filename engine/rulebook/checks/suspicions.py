"""Everything that can be said against a rulebook that loads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.rulebook.checks.never import check_never_true
from engine.rulebook.checks.notes import Notes
from engine.rulebook.checks.shadows import check_shadows
from engine.rulebook.checks.usage import check_usage

if TYPE_CHECKING:
    from engine.problems import Problem
    from engine.rulebook.loader import Loaded


def suspicions(loaded: Loaded) -> list[Problem]:
    """Return what cannot be meant, as errors, and what can hardly be meant, as warnings."""
    notes = Notes(loaded)
    for check in (check_never_true, check_shadows, check_usage):
        check(notes)
    return sorted(notes.problems)
