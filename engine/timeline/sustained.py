"""Whether a condition held on two occasions far enough apart, with nothing against it between.

Each occasion meets the condition, fails it, or leaves it open. The answer is given twice: for what
is certain (every open occasion taken for the worse) and for what is possible (for the better).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import timedelta

    from engine.events.amount import Truth
    from engine.events.event import Event


@dataclass(frozen=True, slots=True)
class Pair:
    """The first occasion of an unbroken run, and the newest that confirmed it."""

    first: Event
    confirmed: Event


@dataclass(frozen=True, slots=True)
class Run:
    """The newest pair that is certain, and the newest that is possible."""

    certain: Pair | None
    possible: Pair | None

    @property
    def happened(self) -> Truth:
        """Whether it was ever sustained."""
        if self.certain is not None:
            return True
        return False if self.possible is None else None


@dataclass(frozen=True, slots=True)
class Occasion:
    """An event, whether it meets the condition, may establish it, and is passed over if not."""

    event: Event
    holds: Truth
    establishes: Truth
    ignored: Truth


def sustained(occasions: Sequence[Occasion], days: int, hours: timedelta | None) -> Run:
    """Return the newest run; two occasions count if `days` apart, and `hours` where both timed."""
    return Run(_newest(occasions, days, hours, certain=True),
               _newest(occasions, days, hours, certain=False))


def stands(run: Run, against: Run) -> Truth:
    """Return whether what a run reached still stands against a run that would end it.

    What was surely reached stands until the other is surely reached: an occasion that is open may
    hint at something better (unknown), but does not take away what stands.
    """
    if _after(run.certain, against.certain):
        return True
    return None if _after(run.possible, against.certain) else False


def _after(pair: Pair | None, other: Pair | None) -> bool:
    if pair is None:
        return False
    return other is None or pair.confirmed.at.start > other.confirmed.at.start


def _newest(occasions: Iterable[Occasion], days: int, hours: timedelta | None, *,
            certain: bool) -> Pair | None:
    newest: Pair | None = None
    first: Event | None = None
    for occasion in occasions:
        holds = occasion.holds is True or (occasion.holds is None and not certain)
        if not holds:
            skipped = occasion.ignored is True or (occasion.ignored is None and not certain)
            first = first if skipped else None
            continue
        if occasion.establishes is False or (occasion.establishes is None and certain):
            continue
        if first is None:
            first = occasion.event
        elif _far_enough(first, occasion.event, days, hours):
            newest = Pair(first, occasion.event)
    return newest


def _far_enough(first: Event, second: Event, days: int, hours: timedelta | None) -> bool:
    if (second.at.day - first.at.day).days < days:
        return False
    both_timed = not first.at.is_date and not second.at.is_date
    return hours is None or not both_timed or second.at.start - first.at.start >= hours
