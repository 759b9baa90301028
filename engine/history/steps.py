"""What was known when, and what did each moment of knowledge change?

A step compares the assessment as of a moment with the one of the moment before. First time passes
with what was known before, then another rulebook comes into force, then the lines are learnt: so
each change has the cause that brought it. No more than two assessments are kept at a time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine.assessment import assessment_of
from engine.events.times import read_when
from engine.events.when import LAST, moment_of
from engine.history.comparing import Change, State, changes
from engine.history.lines import Arrival, Learnt, known_by, learnt_at, moments_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from engine.assess import Assessor, Passage
    from engine.events.event import Event
    from engine.events.when import When
    from engine.history.comparing import Through


@dataclass(frozen=True, slots=True)
class Era:
    """A time over which one rulebook was in force, and the lines as it reads them."""

    since: datetime
    assessor: Assessor
    arrivals: tuple[Arrival, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """A moment of knowledge: what was learnt, which rulebook came, and what it changed.

    At the last one nothing may have been learnt: it is the moment up to which time passed.
    """

    moment: When
    learnt: tuple[Learnt, ...]
    replaced: Era | None
    era: Era
    changes: tuple[Change, ...]


@dataclass(slots=True)
class History:
    """One patient's history of knowledge, from `start` to `end` on its axis.

    `end` of None is the last moment at which something became known. `last` is the passage in which
    it ends, once all steps have been taken.
    """

    patient: str
    eras: Sequence[Era]
    start: When | None = None
    end: When | None = None
    last: Passage | None = None
    _events: tuple[Event, ...] = field(default=())
    _state: State = field(default_factory=State)

    def steps(self) -> Iterator[Step]:
        """Yield every step, in the order of knowledge."""
        era: Era | None = None
        for moment in self._moments():
            replaced, here = era, self._era_at(moment)
            if here is None:
                continue
            step = self._step(moment, replaced, here)
            era = here
            is_before = self.start is not None and moment.end < self.start.start
            if not is_before and (step.learnt or step.changes or step.replaced):
                yield step

    def _moments(self) -> list[When]:
        """Return the moments to compare: the last one before the start too, as what was then."""
        zone = self.eras[-1].assessor.zone
        end = self.end.end if self.end else LAST
        instants = {each for era in self.eras for each in moments_of(era.arrivals)}
        first = min(instants, default=LAST)
        instants |= {era.since for era in self.eras if era.since > first}
        found = [moment_of(each, zone) for each in sorted(instants) if each <= end]
        if self.end is not None and (not found or found[-1].end < self.end.end):
            found.append(self.end)
        before = [each for each in found if self.start and each.end < self.start.start]
        return found[max(0, len(before) - 1):]

    def _era_at(self, moment: When) -> Era | None:
        return next((era for era in reversed(self.eras) if era.since <= moment.end), None)

    def _step(self, moment: When, before: Era | None, era: Era) -> Step:
        """Let time pass, then change the rulebook, then learn; note what each of these changed."""
        found: list[Change] = []
        if before is not None and self._may_turn(moment):
            found += self._moved("time", before, self._events, moment)
        replaced = before if before is not None and before is not era else None
        own = known_by(era.arrivals, moment)
        old = self._events
        if replaced is not None and before is not None:
            old = self._reread(era, old)
            found += self._moved("rulebook", era, old, moment)
        learnt = learnt_at(era.arrivals, moment, old, own)
        if learnt or self.last is None:
            otherwise = [each.line.id for each in learnt if each.before is not None]
            found += self._moved("events", era, own, moment, otherwise)
        self._events = own
        return Step(moment, tuple(learnt), replaced, era, tuple(found))

    def _reread(self, era: Era, events: Sequence[Event]) -> tuple[Event, ...]:
        """Return events as another rulebook reads their lines."""
        places = {(event.source.name, event.source.line) for event in events}
        return tuple(each.line for each in era.arrivals
                     if (each.line.source.name, each.line.source.line) in places)

    def _may_turn(self, moment: When) -> bool:
        """Whether time alone may change something by a moment: by itself, or an event that begins.
        """
        passage = self.last
        return passage is not None and (
            passage.next_change() <= moment.end
            or any(passage.as_of.end < event.at.start <= moment.end for event in self._events))

    def _moved(self, through: Through, era: Era, events: Sequence[Event], moment: When,
               otherwise: Sequence[str] = ()) -> list[Change]:
        """Assess anew, and return what has changed by it."""
        passage = era.assessor.assess(events, moment)
        state = State.of(assessment_of(self.patient, passage))
        zone = era.assessor.zone
        found = changes(self._state, state, through,
                        lambda text: read_when(text, zone).start, otherwise)
        self.last, self._state = passage, state
        return found

    @property
    def state(self) -> State:
        """Return what is concluded where the history has come to."""
        return self._state
