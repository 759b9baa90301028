"""Where are days counted from the later of two events to the earlier, to be shown or worked with?

Where they are compared, the comparison is never true or always: that is told of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.rulebook.checks.nature import Nature
from engine.rulebook.terms import Function, walk
from engine.rulebook.types import TruthType

if TYPE_CHECKING:
    from engine.rulebook.checks.notes import Notes


def check_reversed(notes: Notes) -> None:
    """Note each number of days or hours that can never be above none."""
    nature = Nature(notes.rulebook)
    for at, whole in notes.loaded.loading.terms:
        if at.path[-1] not in ("is", "then", "value") or isinstance(whole.type, TruthType):
            continue
        for term in walk(whole):
            if not isinstance(term, Function) or term.name not in ("days", "hours"):
                continue
            natural = nature.between(term)
            if natural is not None and natural.numbers.high == 0:
                notes.warn(notes.within(at, term.name), "days-reversed",
                           f"{term.name} that are never above 0", "them from the earlier to the "
                           "later", natural.why)
