"""Does an assessment say what an example expects of it?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from engine.alerts.policy import policy_of
from engine.assess import Assessor
from engine.assessment import assessment_of
from engine.examples.comparing import Answer, Difference, differences
from engine.examples.example import Refused
from engine.examples.patients import PATIENT
from engine.examples.reasons import reason_of
from engine.examples.shift import Shift, work
from engine.passage import Passage
from engine.timeline.log import known

if TYPE_CHECKING:
    from collections.abc import Callable
    from zoneinfo import ZoneInfo

    from engine.events.when import When
    from engine.examples.example import Example


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one example; `fired` are the rules that concluded something in it."""

    example: Example
    differences: tuple[Difference, ...]
    fired: frozenset[str]

    @property
    def passed(self) -> bool:
        """Whether everything was as expected."""
        return not self.differences


class Assessors:
    """One assessor for each time zone in which examples run, made when it is first needed.

    Who watches what was asked wants the `whole`: every criterion asked, be it decisive or not.
    """

    def __init__(self, make: Callable[[ZoneInfo], Assessor], *, whole: bool = False) -> None:
        self._make, self._whole = make, whole
        self._made: dict[str, Assessor] = {}

    def run(self, example: Example) -> Outcome:
        """Return how an example compares with what it expects, in its own zone."""
        zone = example.calendar.zone
        if zone.key not in self._made:
            self._made[zone.key] = self._make(zone)
        return run_example(example, self._made[zone.key], whole=self._whole)


def run_example(example: Example, assessor: Assessor, *, whole: bool = False) -> Outcome:
    """Return how the assessment of an example's patient compares with what it expects."""
    zone = example.calendar.zone
    own = assessor if assessor.zone.key == zone.key else Assessor(assessor.rulebook, zone)
    policy = policy_of(own.rulebook)
    if not example.events and example.as_of is None:  # only what is refused can be compared
        shift = work((), PATIENT, own, example.acts, ())
        return Outcome(example, differences(example, None, example.refused, shift, policy),
                       frozenset())
    log = known(example.events, example.as_of)
    passage = own.passage(log.events, log.as_of, whole=whole)
    answer = Answer(assessment_of(PATIENT, passage), partial(reason_of, passage))
    ids = {event.source.line: event.id for event in example.events}
    refused = (*example.refused, *(Refused(ids[one.line], one) for one in log.refused))
    shift = _shift(example, own, log.as_of)
    return Outcome(example, differences(example, answer, refused, shift, policy),
                   _fired(passage))


def _shift(example: Example, assessor: Assessor, asked: When) -> Shift:
    """Return what comes of the decisions of an example, where it expects or decides anything."""
    moments = [example.calendar.when(text) if text else asked
               for text, _ in example.expect.worklists()]
    if not moments and not example.acts:
        return Shift()
    return work(example.events, PATIENT, assessor, example.acts, moments)


def _fired(passage: Passage) -> frozenset[str]:
    """Return every rule that held at some time, those of inner conclusions too."""
    return frozenset(episode.standing.rule for episodes in passage.episodes.values()
                     for episode in episodes if episode.standing.rule)
