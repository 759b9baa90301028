"""What comes of going through members in order: of those that are over, only once."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from engine.events.when import FIRST
from engine.timeline.sustained import RunFold

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime, timedelta

    from engine.events.event import Event
    from engine.events.when import When
    from engine.facts.members import Kept, Member, Members
    from engine.timeline.courses import Course, CourseFold, EachFold
    from engine.timeline.sustained import Occasion, Run


class Runs:
    """A sustained run over the members of one source."""

    def __init__(self, how: tuple[Kept, int, timedelta | None]) -> None:
        self._source, self._days, self._hours = how
        self._done, self._fold = 0, RunFold(self._days, self._hours)

    def over(self, found: Members, now: datetime, occasion: Callable[[Member], Occasion]) -> Run:
        """Return the newest run of those found; what is over by `now` is gone through once."""
        source, fold = self._source, self._fold
        if found.count < self._done:
            done, fold = 0, RunFold(self._days, self._hours)
        else:
            done = source.over(self._done, found.count, now)
            for place in range(self._done, done):
                fold.add(occasion(source.member(place)))
            self._done = done
            if done < found.count or found.newest:
                fold = fold.copy()
        for member in found.from_place(done):
            fold.add(occasion(member))
        for member in found.newest:
            fold.add(occasion(member))
        return fold.run()


class Courses:
    """The courses that the events of one source make, as they stood after each that is over.

    Events that overlap, as a bare date does with all times of its day, are read together; what is
    over gets no further events.
    """

    def __init__(self, how: tuple[Kept, CourseFold | EachFold]) -> None:
        self._source, empty = how
        self._places: list[int] = [0]
        self._ends: list[datetime] = [FIRST]
        self._folds = [empty]
        self._known: dict[tuple[int, tuple[Event, ...]], Course] = {}

    def latest(self, found: Members, now: When) -> Course:
        """Return the last course that those found make."""
        key = found.count, tuple([event for event, _ in found.newest])
        course = self._known.get(key)
        if course is None:
            self._read_past(found.count, now)
            course = self._known[key] = self._course(found)
        return course

    def _read_past(self, count: int, now: When) -> None:
        """Read those that are over, all that overlap at once."""
        events, first = self._source.events, self._places[-1]
        end = FIRST
        for place in range(first + 1, count + 1):
            end = max(end, events[place - 1].at.end)
            if end >= now.start:
                return
            if place == len(events) or events[place].at.start > end:
                self._folds.append(self._folds[-1].reading(events[first:place]))
                self._places.append(place)
                self._ends.append(end)
                first = place

    def _course(self, found: Members) -> Course:
        """Read what is left after the last that are over, and all of them among those found."""
        events = self._source.events
        newest = [event for event, _ in found.newest]
        index = bisect_right(self._places, found.count) - 1
        while index and newest and self._ends[index] >= newest[0].at.start:
            index -= 1
        rest = [*events[self._places[index]:found.count], *newest]
        fold = self._folds[index]
        return (fold.reading(rest) if rest else fold).course()
