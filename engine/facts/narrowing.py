"""Between which instants can a filter that compares a member with the event asked at let one pass?

So that only those near the event are looked at, however long the history is.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from engine.facts.members import NOBODY, Members
from engine.rulebook.terms import Function, Here, It

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.events.event import Event
    from engine.rulebook.terms import Term

    Narrow = Callable[[Members, Event], Members]


def narrowed_by(conjuncts: tuple[Term, ...]) -> Narrow | None:
    """Return what leaves out members that one of these conditions, all of them asked, refuses."""
    for term in conjuncts:
        match term:
            case Function(name="same_instant", arguments=(It(), Here()) | (Here(), It())):
                return _together
            case Function(name="precedes", arguments=(It(), Here())):
                return _earlier
    return None


def _together(found: Members, here: Event) -> Members:
    return Members(NOBODY.kept, 0, found.between(here.at.start, here.at.start))


def _earlier(found: Members, here: Event) -> Members:
    start = here.at.start
    return Members(found.kept, bisect_left(found.kept.starts, start, 0, found.count),
                   [each for each in found.newest if each[0].at.start < start])
