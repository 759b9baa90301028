"""In which parameters do the days of their values stand in another order than they come?

They are sorted as they are read, so a rulebook with them is used; but a day behind a later one is
most often a slip in the year.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.rulebook.checks.notes import Notes


def check_disorder(notes: Notes) -> None:
    """Note each day that stands behind a later one."""
    for name, parameter in notes.rulebook.parameters.items():
        if not parameter.dated:
            continue
        at = notes.at_name("parameters.yaml", name) / "from"
        days = [str(day) for day in at.value] if isinstance(at.value, dict) else []
        for before, after in pairwise(days):
            if after < before:
                notes.warn_key(at / after, "dates-disordered", f"{after} behind {before}",
                               "days in their order", "put the earlier day first")
