"""Which courses of treatment a patient had, read from the events that start, change and stop them.

A stop and a start that are no more than a gap of days apart continue one course. Each thing given
(each drug) runs on its own; a course over several runs while any of them does.
"""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

from msgspec import Struct

from engine.events.amount import Amount, below, equal
from engine.timeline.chain import EMPTY, Chain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from engine.events.event import Event
    from engine.events.kinds import CourseWords

    Amounts = Callable[[Event], Sequence[object]]

_RANK = {"start": 0, "change": 1, "lower": 2, "stop": 3}


class Course(Struct, frozen=True, gc=False):
    """One course; `steps` are its events in order, each with the field `direction` added.

    `start` began it; `stop` ended it, or is None while it runs; `resumed` began the present or
    last stretch; `last_step` is the newest step that is no stop. All are None in an empty course.
    """

    steps: Chain = EMPTY
    start: Event | None = None
    stop: Event | None = None
    resumed: Event | None = None
    last_step: Event | None = None
    ignored: Chain = EMPTY

    @property
    def begun(self) -> bool:
        """Whether there is a course at all."""
        return self.start is not None

    @property
    def running(self) -> bool:
        """Whether it has begun and is not stopped."""
        return self.start is not None and self.stop is None

    @property
    def stopped(self) -> bool:
        """Whether it has begun and is stopped."""
        return self.stop is not None


def latest_course(events: Iterable[Event], words: CourseWords, gap_days: int,
                  amounts: Amounts) -> Course:
    """Return the last course that the events make; an empty one where there is none.

    `amounts` gives what an event's dose comes to, in each way of comparing doses, best first.
    """
    return CourseFold(words, gap_days, amounts).reading(list(events)).course()


def each_course(events: Iterable[Event], words: CourseWords, gap_days: int,
                amounts: Amounts) -> Course:
    """Return the steps of the last course of every single thing given, told apart, in one list."""
    return EachFold(words, gap_days, amounts).reading(list(events)).course()


def _uninterrupted(events: list[Event], words: CourseWords) -> list[Event]:
    """Leave out each stop that may have come just before a start of its own date: no gap is known.

    Which of the two came first cannot be told where one has no time, or both have the same.
    """
    starts: dict[object, list[Event]] = {}
    for event in events:
        if _action(event, words) == "start":
            starts.setdefault((event.at.day, event.fields.get(words.by)), []).append(event)

    def continued(stop: Event) -> bool:
        return any(
            not start.at.surely_after(stop.at) and not stop.at.surely_after(start.at)
            for start in starts.get((stop.at.day, stop.fields.get(words.by)), ()))

    return [event for event in events if _action(event, words) != "stop" or not continued(event)]


def _in_order(events: list[Event], words: CourseWords) -> list[Event]:
    """Sort by time; at one instant a start comes first and a stop last, then the lower dose."""
    return sorted(events, key=lambda event: (
        event.at.start, _RANK[_action(event, words)], _dose_order(event), event.content, event.id))


def _action(event: Event, words: CourseWords) -> str:
    action = event.fields.get(words.action)
    if action in words.start:
        return "start"
    if action in words.stop:
        return "stop"
    return "lower" if action in words.lower else "change"


def _dose_order(event: Event) -> object:
    lows = [value.low for value in event.fields.values()
            if isinstance(value, Amount) and value.low is not None]
    return min(lows, default=0)


class CourseFold:
    """The last course so far, while events are read; what was read before is never changed."""

    def __init__(self, words: CourseWords, gap_days: int, amounts: Amounts) -> None:
        self._words, self._gap, self._amounts = words, gap_days, amounts
        self._steps = self._ignored = EMPTY
        self._running: dict[object, Event] = {}
        self._dosed: dict[object, Event] = {}
        self._resumed: Event | None = None
        self._stop: Event | None = None
        self._last_step: Event | None = None
        self._made: dict[tuple[Event, str], Event] = {}

    def reading(self, events: list[Event]) -> CourseFold:
        """Return the fold after more events, none of which overlaps with one before."""
        twin = copy(self)
        twin._running, twin._dosed = {**self._running}, {**self._dosed}
        for event in _in_order(_uninterrupted(events, self._words), self._words):
            twin._add(event)
        return twin

    def course(self) -> Course:
        """Return the last course as it now stands."""
        return Course(self._steps, self._steps.first, self._stop, self._resumed, self._last_step,
                      self._ignored) if self._steps else Course(ignored=self._ignored)

    def _add(self, event: Event) -> None:
        name, action = event.fields.get(self._words.by), _action(event, self._words)
        if action == "start" and name not in self._running:
            self._begin(name, event)
        elif name not in self._running:
            self._ignored = self._ignored.adding([event])
        elif action == "stop":
            self._end(name, event)
        else:
            self._last_step = self._step(event, self._direction(name, event, action))
            self._dosed[name] = event

    def _begin(self, name: object, event: Event) -> None:
        if not self._running:
            if self._stop is None or (event.at.day - self._stop.at.day).days > self._gap:
                self._steps, self._dosed = EMPTY, {}
            self._stop = None
        step = self._last_step = self._step(event, "start")
        if not self._running:
            self._resumed = step
        self._running[name] = step
        self._dosed[name] = event

    def _end(self, name: object, event: Event) -> None:
        step = self._step(event, "stop")
        del self._running[name]
        if not self._running:
            self._stop = step

    def _step(self, event: Event, direction: str) -> Event:
        made = self._made  # shared with all that go on from here: what is read again gives the same
        step = made.get((event, direction))
        if step is None:
            step = made[event, direction] = event.with_field("direction", direction)
        self._steps = self._steps.adding([step])
        return step

    def _direction(self, name: object, event: Event, action: str) -> str:
        before, now = self._amounts(self._dosed[name]), self._amounts(event)
        for old, new in zip(before, now, strict=True):
            if isinstance(old, Amount) and isinstance(new, Amount):
                if equal(old, new):
                    return "same"
                if below(old, new):
                    return "up"
                if below(new, old):
                    return "down"
        return "down" if action == "lower" else "unknown"


class EachFold:
    """The last course of every single thing given, while events are read."""

    def __init__(self, words: CourseWords, gap_days: int, amounts: Amounts) -> None:
        self._words = words
        self._empty = CourseFold(words, gap_days, amounts)
        self._folds: dict[object, CourseFold] = {}
        self._steps = self._ignored = EMPTY

    def reading(self, events: list[Event]) -> EachFold:
        """Return the fold after more events, none of which overlaps with one before."""
        by_name: dict[object, list[Event]] = {}
        for event in events:
            by_name.setdefault(event.fields.get(self._words.by), []).append(event)
        read = {name: self._folds.get(name, self._empty).reading(each)
                for name, each in by_name.items()}
        twin = copy(self)
        twin._folds = {**self._folds, **read}
        twin._note([self._folds.get(name, self._empty).course() for name in read],
                   [fold.course() for fold in read.values()])
        return twin

    def _note(self, before: list[Course], after: list[Course]) -> None:
        """Put these steps at the end; where a course has begun anew, all in order."""
        both = list(zip(before, after, strict=True))
        if all(new.start is old.start for old, new in both if old.steps):
            self._steps = self._steps.adding(_ordered(
                step for old, new in both for step in new.steps.since(old.steps.count)))
        else:
            self._steps = EMPTY.adding(_ordered(
                step for fold in self._folds.values() for step in fold.course().steps))
        self._ignored = self._ignored.adding(_ordered(
            event for old, new in both for event in new.ignored.since(old.ignored.count)))

    def course(self) -> Course:
        """Return all last courses as one: begun while any is, and stopped when all are."""
        courses = [fold.course() for fold in self._folds.values()]
        running = [course for course in courses if course.running]
        stop = None if running else max((course.stop for course in courses if course.stop),
                                        key=lambda event: event.at.start, default=None)
        start = min((course.start for course in running or courses if course.start),
                    key=lambda event: event.at.start, default=None)
        last = next((step for step in reversed(self._steps)
                     if step.fields["direction"] != "stop"), None)
        return Course(self._steps, start, stop, start, last, self._ignored)


def _ordered(events: Iterable[Event]) -> list[Event]:
    return sorted(events, key=lambda event: (event.at.start, event.id))
