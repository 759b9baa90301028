"""What would be concluded if something were supposed? The patient is really assessed with it.

A supposition changes little, mostly near the end: so the way up to there is gone through once,
and passages kept on it are gone on with.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from engine.events.when import LAST, When, moment_of, whole_day
from engine.facts.chart import NEVER
from engine.passage import Passage
from engine.timeline.log import known as known_of
from engine.whynot.supposed import Supposition

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from engine.assess import Assessor
    from engine.events.event import Event
    from engine.timeline.log import Known

_MOST_TURNS = 60


@dataclass
class Trials:
    """One patient as of a moment, assessed anew with each supposition; `spent` counts them, and
    `steps` the instants judged for them.

    `at` is the moment asked about, by what was known as of the moment of `what`.
    """

    assessor: Assessor
    what: Known
    at: When
    spent: int = 0
    steps: int = 0
    base: Passage = field(init=False)
    events: dict[str, Event] = field(init=False)
    _kept: list[tuple[datetime, Passage]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.events = {event.id: event for event in self.what.events}
        self.base = Passage(self.assessor, self.at, whole=True)
        to_come = sum(1 for event in self.what.events if event.at.start <= self.at.end)
        last: datetime | None = None
        for now, begun in self.assessor.instants(self.what.events, self.base):
            if last is not None and begun and to_come & (to_come - 1) == 0:
                self._kept.append((last, self.base.copy()))
            self.base.step(now, begun)
            to_come -= len(begun)
            last = now.start
        if last is not None:
            self._kept.append((last, self.base.copy()))
        self.base = self.base.with_moment()

    def passage(self, supposed: Supposition) -> Passage:
        """Return the passage as it would be."""
        self.spent += 1
        events = supposed.events(self.events)
        first = min((event.at.start for change in supposed.changes
                     for event in (change.event, change.before) if event is not None),
                    default=LAST)
        begun, passage = next(
            ((at, kept.copy()) for at, kept in reversed(self._kept) if at < first),
            (None, Passage(self.assessor, self.at, whole=True)))
        passage.as_of = supposed.as_of(self.at, self.what.as_of)
        self._go_on(passage, events.values(), begun)
        return passage.with_moment()

    def _go_on(self, passage: Passage, events: Iterable[Event], begun: datetime | None) -> None:
        ahead = [event for event in events if begun is None or event.at.start > begun]
        for now, coming in self.assessor.instants(ahead, passage):
            passage.step(now, coming)
            self.steps += 1

    def by_time_alone(self, supposed: Supposition, passage: Passage,
                      holds: Callable[[Passage], bool]) -> When | None:
        """Return the first day, or hour, at which something would hold if nothing else happened.

        What is known to have happened later, where the moment asked about is past, does happen.
        """
        later = [event for event in supposed.events(self.events).values()
                 if event.at.start > passage.as_of.end]
        if not later and passage.next_change() == NEVER:
            return None
        self.spent += 1
        on = passage.copy()
        on.as_of = whole_day(LAST.date(), self.assessor.zone)
        for now, begun in islice(self.assessor.instants(later, on), _MOST_TURNS):
            on.step(now, begun)
            self.steps += 1
            if holds(on):
                return self._day_or_hour(now, begun)
        return None

    def _day_or_hour(self, now: When, begun: list[Event]) -> When:
        """Return the day of an instant, or itself, where time alone makes it within a day."""
        instant = moment_of(now.start, self.assessor.zone)
        is_midnight = instant.text == instant.day.isoformat()
        return whole_day(now.day, self.assessor.zone) if begun or is_midnight else instant

    def confirmed(self, lines: Iterable[Event], supposed: Supposition) -> Passage:
        """Return the passage over the patient's lines and the supposed ones, assessed in full."""
        as_of = supposed.as_of(self.at, self.what.as_of)
        told = [change.event for change in supposed.changes if change.event is not None]
        latest = max((self.what.as_of, as_of, *(event.recorded for event in told)),
                     key=lambda when: when.end)
        known = known_of([*lines, *told], latest)
        return self.assessor.passage(known.events, as_of, whole=True)
