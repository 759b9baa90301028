"""What comes of going through members in order: of those that are over, only once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.timeline.sustained import RunFold

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime, timedelta

    from engine.facts.members import Kept, Member, Members
    from engine.timeline.sustained import Occasion, Run


class Runs:
    """A sustained run over the members of one source."""

    def __init__(self, how: tuple[Kept, int, timedelta | None]) -> None:
        self._source, self._days, self._hours = how
        self._done, self._fold = 0, RunFold(self._days, self._hours)

    def over(self, found: Members, now: datetime, occasion: Callable[[Member], Occasion]) -> Run:
        """Return the newest run of those found; what is over by `now` is gone through once."""
        source = self._source
        if found.count < self._done:
            done, fold = 0, RunFold(self._days, self._hours)
        else:
            done = source.over(self._done, found.count, now)
            for place in range(self._done, done):
                self._fold.add(occasion(source.member(place)))
            self._done, fold = done, self._fold.copy()
        for member in found.from_place(done):
            fold.add(occasion(member))
        for member in found.newest:
            fold.add(occasion(member))
        return fold.run()
