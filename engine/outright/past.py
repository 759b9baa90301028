"""What lies behind an instant: events in order, row by row, none of which begins within another.

So a row only grows at its end, its events end in the order in which they begin, and every answer
given at one of them is for good.
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import islice
from typing import TYPE_CHECKING, Any

from engine.events.when import FIRST
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
    from engine.outright.program import OutrightProgram

_NOWHERE: tuple[Any, Any] = (object(), None)
_DOUBTED: Any = object()


class Row:
    """Events in the order in which they began; `open` are the places of those that may belong."""

    __slots__ = ("ends", "events", "open", "starts")

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.starts: list[datetime] = []
        self.ends: list[datetime] = []
        self.open: list[int] = []

    def add(self, event: Event, certain: Truth) -> None:
        """Add the next event, which belongs for certain or perhaps (None)."""
        if certain is None:
            self.open.append(len(self.events))
        self.events.append(event)
        self.starts.append(event.at.start)
        self.ends.append(event.at.end)

    def open_before(self, place: int) -> int:
        """Return how many of those before a place only may belong."""
        return bisect_left(self.open, place) if self.open else 0

    def certainly(self, place: int) -> Event | None:
        """Return the event at a place, if it belongs for certain."""
        if self.open and self.open_before(place) < self.open_before(place + 1):
            return None
        return self.events[place]

    def together(self, low: int, high: int) -> int:
        """Return the place of the first that begins with the last one between two places."""
        starts, at = self.starts, high - 1
        while at > low and starts[at - 1] == starts[at]:
            at -= 1
        return at


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
        return self._row.events[place], None if self._row.certainly(place) is None else True

    @property
    def certain(self) -> int:
        """How many belong for certain."""
        row, low, high = self._row, self._low, self._high
        return high - low - (row.open_before(high) - row.open_before(low))

    def events(self) -> Iterator[Event]:
        """Yield the events alone."""
        return islice(self._row.events, self._low, self._high)


def _in_turn(begun: Sequence[Event], kinds: Sequence[str]) -> list[Event]:
    """Return the events of some kinds, in the order of the kinds."""
    return [event for kind in kinds for event in begun if event.kind == kind]


class Past(Chart):
    """A chart that holds no more than what is asked of events that are over.

    `newest` is the last instant; `known` are the answers about the present, by fact, as long as
    nothing has come that could change them, and `answers` the last ones at an event.
    """

    program: OutrightProgram

    def __init__(self, program: OutrightProgram, zone: ZoneInfo, now: When) -> None:
        self.program, self.zone, self.now = program, zone, now
        self.horizon, self.waiting = NEVER, 0
        self.newest = FIRST
        self.rows = [Row() for _ in program.rows]
        self.known: list[Any] = [_DOUBTED] * len(program.questions)
        self.answers: list[tuple[Any, Any]] = [_NOWHERE] * len(program.questions)

    def add(self, begun: Sequence[Event]) -> None:
        """Add the events that begin at one instant to the rows that they belong to."""
        program, known = self.program, self.known
        self.newest = begun[0].at.start
        for event in begun:
            for number in program.read_by[event.kind]:
                known[number] = _DOUBTED
        alone = len(begun) == 1
        for place, kinds, passes in program.rows_of[begun[0].kind] if alone else program.rows:
            for event in begun if alone else _in_turn(begun, kinds):
                certain = True if passes is None else passes(self, None, event)
                if certain is not False:
                    self.rows[place].add(event, certain)

    def answer(self, question: Question, here: Event | None) -> Any:
        """Return the answer to a question asked at an event, or now; None is unknown.

        At the newest event that is what is known now, if the question can be asked now.
        """
        number = question.number
        if here is not None:
            asked, value = self.answers[number]
            if asked is here:
                return value
            if not question.is_kept or here.at.start < self.newest:
                value = question.run(self, here)
                self.answers[number] = here, value
                return value
        value = self.known[number]
        if value is _DOUBTED:
            value = self.known[number] = question.run(self, None)
        if here is not None:
            self.answers[number] = here, value
        return value

    def answer_at(self, question: Question, here: Event) -> Any:
        """Return the answer to a question that is asked at this event."""
        return self.answer(question, here)
