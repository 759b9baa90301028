"""What was known when, and what did each moment of knowledge change?

A step compares the assessment as of a moment with the one of the moment before. First time passes
with what was known before, then another rulebook comes into force, then the lines are learnt: so
each change has the cause that brought it. The patient is followed from moment to moment, and no
more than two states are kept at a time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine.assessment import assessment_of
from engine.events.times import read_when
from engine.events.when import LAST, moment_of
from engine.history.comparing import Change, State, changes
from engine.history.lines import Arrival, Learnt, learnt_at, moments_of
from engine.live import LivePatient

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from engine.assess import Assessor
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

    `end` of None is the last moment at which something became known.
    """

    patient: str
    eras: Sequence[Era]
    start: When | None = None
    end: When | None = None
    _state: State = field(default_factory=State)
    _live: LivePatient | None = None
    _era: Era | None = None

    def steps(self) -> Iterator[Step]:
        """Yield every step at which something was learnt or changed, in the order of knowledge."""
        for moment in self._moments():
            step = self._step(moment)
            is_before = self.start is not None and moment.end < self.start.start
            if not is_before and (step.learnt or step.changes or step.replaced):
                yield step

    @property
    def state(self) -> State:
        """Return what is concluded where the history has come to."""
        return self._state

    def _moments(self) -> list[When]:
        """Return the moments to compare: the last one before the start too, as what was then."""
        zone = self.eras[-1].assessor.zone
        end = self.end.end if self.end else LAST
        instants = {each for era in self.eras for each in moments_of(era.arrivals)}
        first = min(instants, default=LAST)
        instants |= {era.since for era in self.eras if era.since > first}
        found = [moment_of(each, zone) for each in sorted(instants) if each <= end]
        if found and self.end is not None and found[-1].end < end:
            found.append(moment_of(end, zone, self.end.text))
        before = [each for each in found if self.start and each.end < self.start.start]
        return found[max(0, len(before) - 1):]

    def _step(self, moment: When) -> Step:
        """Let time pass, then change the rulebook, then learn; note what each of these changed."""
        before, era = self._era, next(
            each for each in reversed(self.eras) if each.since <= moment.end)
        found: list[Change] = []
        if before is not None:
            found += self._moved("time", moment)
        replaced = before if before is not None and before is not era else None
        if before is not era:
            self._live, self._era = LivePatient(era.assessor, self.patient), era
            self._take(era, lambda since: since < moment.start)
            found += self._moved("rulebook", moment) if replaced else []
        assert self._live is not None
        was = dict(self._live.events)
        self._take(era, lambda since: since == moment.start)
        self._live.learn(moment)
        learnt = learnt_at(era.arrivals, moment, was, self._live.events)
        if learnt or before is None:
            otherwise = [each.line.id for each in learnt if each.before is not None]
            found += self._moved("events", moment, otherwise)
        return Step(moment, tuple(learnt), replaced, era, tuple(found))

    def _take(self, era: Era, is_due: Callable[[datetime], bool]) -> None:
        assert self._live is not None
        for each in era.arrivals:
            if is_due(each.since):
                self._live.take(each.line)

    def _moved(self, through: Through, moment: When, otherwise: Sequence[str] = ()) -> list[Change]:
        """Assess as of a moment by the lines taken so far, and return what has changed by it."""
        assert self._live is not None
        passage = self._live.passage(moment)
        state = State.of(assessment_of(self.patient, passage))
        zone = passage.assessor.zone
        found = changes(self._state, state, through,
                        lambda text: read_when(text, zone).start, otherwise)
        self._state = state
        return found
