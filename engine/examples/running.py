"""Does an assessment say what an example expects of it?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.assess import Assessor
from engine.assessment import Assessment, assessment_of
from engine.examples.comparing import Difference, differences
from engine.examples.example import Refused
from engine.examples.patients import PATIENT
from engine.timeline.log import known

if TYPE_CHECKING:
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


def run_example(example: Example, assessor: Assessor) -> Outcome:
    """Return how the assessment of an example's patient compares with what it expects."""
    if not example.events:
        return Outcome(example, differences(example, None, example.refused), frozenset())
    zone = example.calendar.zone
    own = assessor if assessor.zone.key == zone.key else Assessor(assessor.rulebook, zone)
    log = known(example.events, example.as_of)
    assessment = assessment_of(PATIENT, own.assess(log.events, log.as_of))
    ids = {event.source.line: event.id for event in example.events}
    refused = (*example.refused, *(Refused(ids[one.line], one) for one in log.refused))
    return Outcome(example, differences(example, assessment, refused), _fired(assessment))


def _fired(assessment: Assessment) -> frozenset[str]:
    return frozenset({each.rule for each in assessment.conclusions if each.rule}
                     | {each.rule for each in assessment.alerts})
