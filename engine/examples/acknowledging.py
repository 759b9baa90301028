"""Which alerts ask to be looked at, where all that did at an earlier moment were acknowledged then?

The repeats, intervals and causes of a rulebook are so tried by its examples, without a store.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.alerts.alert import Decision
from engine.alerts.life import News, advance, decide
from engine.alerts.policy import policy_of
from engine.assessment import assessment_of
from engine.live import LivePatient

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.alerts.alert import Alert, Step
    from engine.alerts.policy import Policy
    from engine.assess import Assessor
    from engine.assessment import AlertRecord
    from engine.events.event import Event
    from engine.events.when import When

_BY, _REASON = "the example", "it was seen"


def worklist(events: Sequence[Event], patient: str, assessor: Assessor, as_of: When,
             acknowledged: When | None) -> tuple[AlertRecord, ...]:
    """Return the alerts that ask to be looked at as of a moment; a day counts to its end."""
    ward = _Ward(events, patient, assessor)
    if acknowledged is not None:
        ward.look(acknowledged)
        ward.acknowledge(acknowledged)
    return ward.look(as_of)


class _Ward:
    """One patient's alerts, from one look at them to the next."""

    def __init__(self, events: Sequence[Event], patient: str, assessor: Assessor) -> None:
        self._live = LivePatient(assessor, patient)
        for event in events:
            self._live.take(event)
        self._patient, self._zone = patient, assessor.zone
        self._policy: Policy = policy_of(assessor.rulebook)
        self._alerts: dict[str, Alert] = {}

    def look(self, when: When) -> tuple[AlertRecord, ...]:
        """Go on to a moment, and return what is open then."""
        assessment = assessment_of(self._patient, self._live.passage(when))
        news = News(self._live.contents, self._live.changes())
        self._take(advance(tuple(self._alerts.values()), assessment, news, when.end,
                           self._policy, self._zone))
        return tuple(alert.record for alert in self._open())

    def acknowledge(self, when: When) -> None:
        """Acknowledge every alert that is open."""
        contents = self._live.contents
        for alert in self._open():
            rests = {each: contents.get(each, "") for each in alert.record.evidence or contents}
            decision = Decision("acknowledged", _BY, _REASON, when.end, alert.record.severity,
                                rests)
            self._take([decide(alert, decision, tuple(self._alerts.values()), contents,
                               self._policy)])

    def _open(self) -> list[Alert]:
        return [each for each in self._alerts.values() if each.state.name == "open"]

    def _take(self, steps: Sequence[Step]) -> None:
        self._alerts |= {step.alert.key: step.alert for step in steps}
