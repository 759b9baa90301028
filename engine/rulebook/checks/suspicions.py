"""Everything that can be said against a rulebook that loads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.rulebook.checks.added import check_added
from engine.rulebook.checks.copies import check_copies
from engine.rulebook.checks.disorder import check_disorder
from engine.rulebook.checks.factors import check_factors
from engine.rulebook.checks.fallbacks import check_fallbacks
from engine.rulebook.checks.implied import check_implied
from engine.rulebook.checks.intervals import check_intervals
from engine.rulebook.checks.listed import check_listed
from engine.rulebook.checks.messages import check_messages
from engine.rulebook.checks.never import check_never_true
from engine.rulebook.checks.notes import Notes
from engine.rulebook.checks.plausible import check_plausible
from engine.rulebook.checks.reversed import check_reversed
from engine.rulebook.checks.shadows import check_shadows
from engine.rulebook.checks.twice import check_twice
from engine.rulebook.checks.usage import check_usage
from engine.rulebook.checks.wholes import check_wholes
from engine.rulebook.checks.windows import check_policies, check_windows

if TYPE_CHECKING:
    from engine.problems import Problem
    from engine.rulebook.loading import Loaded

_CHECKS = (check_factors, check_plausible, check_windows, check_policies,
           check_reversed, check_fallbacks, check_never_true,
           check_twice, check_implied, check_intervals, check_shadows, check_usage, check_listed,
           check_disorder, check_copies, check_messages, check_wholes, check_added)


def suspicions(loaded: Loaded) -> list[Problem]:
    """Return what cannot be meant, as errors, and what can hardly be meant, as warnings."""
    notes = Notes(loaded)
    for check in _CHECKS:
        check(notes)
    return sorted(notes.problems)
