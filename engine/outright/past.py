"""What lies behind an instant: events of which each has one instant, in order, row by row.

As each is over with its instant, a row only grows at its end, and every answer is for good.
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import islice
from typing import TYPE_CHECKING, Any

from engine.facts.chart import NEVER, Chart
from engine.facts.members import Members

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from engine.events.amount import Truth
    from engine.events.event import Event
    from engine.events.when import When
    from engine.facts.members import Member
    from engine.facts.program import Question
    from engine.facts.terms import Work
    from engine.outright.program import OutrightProgram

_NOWHERE: tuple[Any, Any] = (object(), None)


class Row:
    """Events in the order in which they began; `open` are the places of those that may belong."""

    __slots__ = ("events", "open", "starts")

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.starts: list[datetime] = []
        self.open: list[int] = []

    def add(self, event: Event, certain: Truth) -> None:
        """Add the next event, which belongs for certain or perhaps (None)."""
        if certain is None:
            self.open.append(len(self.events))
        self.events.append(event)
        self.starts.append(event.at.start)


class Stretch(Members):
    """The events of a row from one place to another."""

    __slots__ = ("_high", "_low", "_row")

    def __init__(self, row: Row, low: int, high: int) -> None:
        self._row, self._low, self._high = row, low, max(low, high)

    def __len__(self) -> int:
        return self._high - self._low

    def __iter__(self) -> Iterator[Member]:
        return map(self._member, range(self._low, self._high))

    def __reversed__(self) -> Iterator[Member]:
        return map(self._member, range(self._high - 1, self._low - 1, -1))

    def _member(self, place: int) -> Member:
        return self._row.events[place], None if self._may(place) else True

    def _may(self, place: int) -> bool:
        """Whether the event at a place only may belong."""
        open_ = self._row.open
        return bool(open_) and bisect_left(open_, place) < bisect_left(open_, place + 1)

    @property
    def certain(self) -> int:
        """How many belong for certain."""
        open_ = self._row.open
        may = bisect_left(open_, self._high) - bisect_left(open_, self._low) if open_ else 0
        return self._high - self._low - may

    def events(self) -> Iterator[Event]:
        """Yield the events alone."""
        return islice(self._row.events, self._low, self._high)

    def first(self) -> Event | None:
        """Return the first one; none where it is not certain."""
        return self._at(self._low) if self._low < self._high else None

    def latest(self) -> Event | None:
        """Return the first one of the last instant; none where it is not certain."""
        at, low, starts = self._high - 1, self._low, self._row.starts
        if at < low:
            return None
        while at > low and starts[at - 1] == starts[at]:
            at -= 1
        return self._at(at)

    def _at(self, place: int) -> Event | None:
        return None if self._may(place) else self._row.events[place]


class Past(Chart):
    """A chart on which nothing is ever doubted; `answers` are the last ones, by fact."""

    program: OutrightProgram

    def __init__(self, program: OutrightProgram, zone: ZoneInfo, now: When) -> None:
        self.program, self.zone, self.now = program, zone, now
        self.horizon, self.waiting = NEVER, 0
        self.rows = [Row() for _ in program.rows]
        self.answers = [_NOWHERE] * len(program.questions)

    def add(self, begun: Sequence[Event]) -> None:
        """Add the events that begin at one instant to the rows that they belong to."""
        if len(begun) == 1:
            event = begun[0]
            for place, passes in self.program.rows_of[event.kind]:
                self._add(place, passes, event)
            return
        for place, (kind, passes) in enumerate(self.program.rows):
            for event in begun:
                if event.kind == kind:
                    self._add(place, passes, event)

    def _add(self, place: int, passes: Work | None, event: Event) -> None:
        certain = True if passes is None else passes(self, None, event)
        if certain is not False:
            self.rows[place].add(event, certain)

    def answer(self, question: Question, here: Event | None) -> Any:
        """Return the answer to a question asked at an event, or now; None is unknown."""
        return question.run(self, None) if here is None else self.answer_at(question, here)

    def answer_at(self, question: Question, here: Event) -> Any:
        """Return the answer to a question that is asked at this event."""
        asked, value = self.answers[question.number]
        if asked is not here:
            value = question.run(self, here)
            self.answers[question.number] = here, value
        return value
