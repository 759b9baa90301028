"""Whether a condition held on two occasions far enough apart, with nothing against it between.

Each occasion meets the condition, fails it, or leaves it open. The answer is given twice: for what
is certain (every open occasion taken for the worse) and for what is possible (for the better).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import timedelta

    from engine.events.amount import Truth
    from engine.events.event import Event


class Pair(Struct, frozen=True, gc=False):
    """The first occasion of an unbroken run, and the newest that confirmed it."""

    first: Event
    confirmed: Event


class Run(Struct, frozen=True, gc=False):
    """The newest pair that is certain, and the newest that is possible."""

    certain: Pair | None
    possible: Pair | None

    @property
    def happened(self) -> Truth:
        """Whether it was ever sustained."""
        if self.certain is not None:
            return True
        return False if self.possible is None else None


class Occasion(Struct, frozen=True, gc=False):
    """An event, whether it meets the condition, may establish it, and is passed over if not."""

    event: Event
    holds: Truth
    establishes: Truth
    ignored: Truth


def sustained(occasions: Iterable[Occasion], days: int, hours: timedelta | None) -> Run:
    """Return the newest run; two occasions count if `days` apart, and `hours` where both timed."""
    fold = RunFold(days, hours)
    for occasion in occasions:
        fold.add(occasion)
    return fold.run()


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


class RunFold:
    """The run so far, while occasions are read one after the other."""

    __slots__ = ("_certain", "_possible")

    def __init__(self, days: int, hours: timedelta | None) -> None:
        self._certain = _Newest(days, hours)
        self._possible = _Newest(days, hours)

    def copy(self) -> RunFold:
        """Return a fold that goes on by itself from here."""
        twin = RunFold.__new__(RunFold)
        twin._certain, twin._possible = self._certain.copy(), self._possible.copy()
        return twin

    def add(self, occasion: Occasion) -> None:
        """Read the next occasion, once for the worse and once for the better."""
        holds, establishes, ignored = occasion.holds, occasion.establishes, occasion.ignored
        self._certain.add(occasion.event, holds is True, establishes is True, ignored is True)
        self._possible.add(occasion.event, holds is not False, establishes is not False,
                           ignored is not False)

    def run(self) -> Run:
        """Return the newest run of what was read."""
        return Run(self._certain.pair, self._possible.pair)


class _Newest:
    """The newest pair, and the first occasion of the run that has not been broken since."""

    __slots__ = ("_days", "_first", "_hours", "pair")

    def __init__(self, days: int, hours: timedelta | None) -> None:
        self._days, self._hours = days, hours
        self.pair: Pair | None = None
        self._first: Event | None = None

    def copy(self) -> _Newest:
        twin = _Newest(self._days, self._hours)
        twin.pair, twin._first = self.pair, self._first
        return twin

    def add(self, event: Event, holds: bool, establishes: bool, ignored: bool) -> None:
        if not holds:
            if not ignored:
                self._first = None
        elif not establishes:
            return
        elif self._first is None:
            self._first = event
        elif _far_enough(self._first, event, self._days, self._hours):
            self.pair = Pair(self._first, event)


def _far_enough(first: Event, second: Event, days: int, hours: timedelta | None) -> bool:
    if (second.at.day - first.at.day).days < days:
        return False
    both_timed = not first.at.is_date and not second.at.is_date
    return hours is None or not both_timed or second.at.start - first.at.start >= hours
