"""What lies behind an instant: events in order, row by row, none of which begins within another.

So a row only grows at its end, its events end in the order in which they begin, and every answer
given at one of them is for good.
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import islice
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from engine.events.when import FIRST
from engine.facts.chart import NEVER, Chart
from engine.facts.members import Members

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from zoneinfo import ZoneInfo

    from engine.events.amount import Truth
    from engine.events.event import Event
    from engine.events.when import When
    from engine.facts.members import Member
    from engine.facts.program import Question
    from engine.outright.program import OfKind, OutrightProgram
    from engine.outright.shown import Rests

NOT_KNOWN: Any = object()
start, end = attrgetter("at.start"), attrgetter("at.end")
_NOWHERE: tuple[Any, Any] = (object(), None)


class Stretch(Members):
    """The events of a row from one place to another; `doubtful` are places of the row."""

    __slots__ = ("_doubtful", "high", "low", "number", "row")

    def __init__(self, past: Past, number: int, low: int, high: int) -> None:
        self.row, self.number, self.low, self.high = past.rows[number], number, low, max(low, high)
        self._doubtful = past.doubtful[number]

    def __len__(self) -> int:
        return self.high - self.low

    def __iter__(self) -> Iterator[Member]:
        return map(self._member, range(self.low, self.high))

    def __reversed__(self) -> Iterator[Member]:
        return map(self._member, range(self.high - 1, self.low - 1, -1))

    def _member(self, place: int) -> Member:
        return self.row[place], None if _among(self._doubtful, place) else True

    @property
    def certain(self) -> int:
        """How many belong for certain."""
        return len(self) - (0 if not self._doubtful else bisect_left(
            self._doubtful, self.high) - bisect_left(self._doubtful, self.low))

    def events(self) -> Iterator[Event]:
        """Yield the events alone."""
        return islice(self.row, self.low, self.high)

    def place_of(self, event: Event) -> int | None:
        """Return the place that an event would have in the stretch; None where it is in it."""
        place = bisect_left(self.row, event.at.start, self.low, self.high, key=start)
        if place < self.high and self.row[place] is event:
            return None
        return place - self.low


def _among(places: list[int], place: int) -> bool:
    """Whether a place is one of some places, which are in order."""
    at = bisect_left(places, place)
    return at < len(places) and places[at] == place


def _in_turn(begun: Sequence[Event], kinds: Sequence[str]) -> list[Event]:
    """Return the events of some kinds, in the order of the kinds."""
    return [event for kind in kinds for event in begun if event.kind == kind]


class Past(Chart):
    """A chart that holds no more than what is asked of events that are over.

    `rows` are events in the order in which they began, and `doubtful` the places in each row of
    those that only may belong; `together` is whether any have begun together. `newest` is the
    last instant; `known` are the answers about the
    present, by fact, as long as nothing has come that could change them, `rests` the events behind
    them, and `answers` the last ones at an event. Asked at an event of the newest instant, what can
    be asked about the present has the answer that it has now; for an older event there is a chart
    of its own (`back_at`), in which that event (`here`) is the present.
    """

    program: OutrightProgram

    def __init__(self, program: OutrightProgram, zone: ZoneInfo, now: When) -> None:
        self.program, self.zone, self.now = program, zone, now
        self.horizon, self.waiting = NEVER, 0
        self.newest = FIRST
        self.here: Event | None = None
        self.rows: list[list[Event]] = [[] for _ in program.rows]
        self.doubtful: list[list[int]] = [[] for _ in program.rows]
        self._ids: list[list[str]] = [[] for _ in program.rows]
        self.together = False
        self._forget()

    def _forget(self) -> None:
        self.known: list[Any] = [NOT_KNOWN] * len(self.program.questions)
        self.rests: list[Rests | None] = [None] * len(self.program.questions)
        self.answers: list[tuple[Any, Any]] = [_NOWHERE] * len(self.program.questions)
        self._back: Past | None = None

    def back_at(self, here: Event | None) -> Past:
        """Return the chart to ask at an event: this one, or of an older event one of its own."""
        if here is None or here.at.start >= self.newest:
            return self
        twin = self._back
        if twin is None or twin.here is not here:
            twin = self._back = Past.__new__(Past)
            twin.program, twin.zone, twin.now = self.program, self.zone, self.now
            twin.horizon, twin.waiting = NEVER, 0
            twin.newest, twin.here = here.at.start, here
            twin.rows, twin.doubtful, twin._ids = self.rows, self.doubtful, self._ids
            twin.together = self.together
            twin._forget()
        return twin

    def add(self, event: Event, of: OfKind) -> None:
        """Add an event that begins alone to the rows that it belongs to, as its kind means."""
        rows = self.rows
        self.newest = event.at.start
        for number in of.doubts:
            self.known[number] = NOT_KNOWN
            self.rests[number] = None
        told, asked = (of.rows.known.get(id(event.fields)) or of.rows.of(event))[1]
        for place, certain in told:
            if certain is None:
                self.doubtful[place].append(len(rows[place]))
            rows[place].append(event)
        for place, asks in asked:
            self._join(place, event, asks(self, event))

    def add_all(self, begun: Sequence[Event]) -> None:
        """Add the events that begin at one instant, row by row."""
        self.newest, self.together = begun[0].at.start, True
        for event in begun:
            for number in self.program.of_kind[event.kind].doubts:
                self.known[number] = NOT_KNOWN
                self.rests[number] = None
        for place, kinds, passes in self.program.rows:
            for event in _in_turn(begun, kinds):
                self._join(place, event, passes(self, None, event))

    def _join(self, place: int, event: Event, certain: Truth) -> None:
        """Add an event to a row, if it belongs to it for certain, or perhaps (None)."""
        if certain is False:
            return
        if certain is None:
            self.doubtful[place].append(len(self.rows[place]))
        self.rows[place].append(event)

    def certainly(self, place: int, at: int) -> Event | None:
        """Return the first event that begins with one of a row, if it belongs for certain."""
        row = self.rows[place]
        if at and row[at - 1].at.start == row[at].at.start:
            at = bisect_left(row, row[at].at.start, 0, at, key=start)
        return None if _among(self.doubtful[place], at) else row[at]

    def ids(self, stretch: Stretch) -> list[str]:
        """Return the ids of the events of a stretch."""
        ids, row = self._ids[stretch.number], stretch.row
        if len(ids) < stretch.high:
            ids += [event.id for event in islice(row, len(ids), stretch.high)]
        return ids[stretch.low:stretch.high]

    def found(self, question: Question) -> Any:
        """Work out an answer about the present, and keep it."""
        value = self.known[question.number] = question.run(self, self.here)
        return value

    def answer(self, question: Question, here: Event | None) -> Any:
        """Return the answer to a question asked at an event, or now; None is unknown."""
        if here is not None and here.at.start < self.newest:
            return self.back_at(here).answer(question, here)
        number = question.number
        if question.is_kept:
            value = self.known[number]
            return self.found(question) if value is NOT_KNOWN else value
        asked, value = self.answers[number]
        if asked is not here:
            value = question.run(self, here)
            self.answers[number] = here, value
        return value

    def answer_at(self, question: Question, here: Event) -> Any:
        """Return the answer to a question that is asked at this event."""
        return self.answer(question, here)
