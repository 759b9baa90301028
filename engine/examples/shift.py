"""Which alerts ask to be looked at, at each moment, when somebody decides what an example says?

The repeats, intervals and causes of a rulebook are so tried by its examples, without a store.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.alerts.alert import Decision
from engine.alerts.deciding import DecisionError, check_decision, resting_on
from engine.alerts.life import News, advance, decide
from engine.alerts.policy import policy_of
from engine.assessment import assessment_of
from engine.events.when import later
from engine.live import LivePatient

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from engine.alerts.alert import Alert, State, Step
    from engine.assess import Assessor
    from engine.events.event import Event
    from engine.events.when import When
    from engine.examples.example import Act
    from engine.records import AlertRecord

_BY, _REASON = "the example", "it was seen"


@dataclass(frozen=True, slots=True)
class RefusedAct:
    """A decision that could not be taken, and why."""

    act: Act
    error: DecisionError


@dataclass(frozen=True, slots=True)
class Look:
    """The alerts that ask to be looked at, and how those that still hold and do not ask stand."""

    open: tuple[AlertRecord, ...]
    quiet: dict[str, State]


@dataclass(frozen=True, slots=True)
class Shift:
    """What was seen at the end of each moment asked, and what could not be decided."""

    looks: tuple[Look, ...] = ()
    refused: tuple[RefusedAct, ...] = ()


def work(events: Sequence[Event], patient: str, assessor: Assessor, acts: Iterable[Act],
         looks: Sequence[When]) -> Shift:
    """Return what comes of it to decide so, and to look at these moments; a day counts to its end.

    What is decided at the moment of a look is decided before it.
    """
    ward = _Ward(events, patient, assessor)
    left = list(acts)
    seen: dict[int, Look] = {}
    refused: list[RefusedAct] = []
    for number, when in sorted(enumerate(looks), key=lambda look: look[1].end):
        due = [act for act in left if act.when.end <= when.end]
        left = left[len(due):]
        refused += ward.carry_out(due)
        seen[number] = ward.look(when)
    refused += ward.carry_out(left)
    return Shift(tuple(seen[number] for number in range(len(looks))), tuple(refused))


class _Ward:
    """One patient's alerts, from one look at them to the next."""

    def __init__(self, events: Sequence[Event], patient: str, assessor: Assessor) -> None:
        self._live = LivePatient(assessor, patient)
        for event in events:
            self._live.take(event)
        self._patient, self._zone = patient, assessor.zone
        self._policy = policy_of(assessor.rulebook)
        self._alerts: dict[str, Alert] = {}

    def look(self, when: When) -> Look:
        """Go on to a moment, and return what is seen then."""
        assessment = assessment_of(self._patient, self._live.passage(when))
        news = News(self._live.contents, self._live.changes())
        self._take(advance(tuple(self._alerts.values()), assessment, news, when.end,
                           self._policy, self._zone))
        return Look(tuple(alert.record for alert in self._alerts.values()
                          if alert.state.name == "open"),
                    {alert.record.rule: alert.state for alert in self._alerts.values()
                     if alert.is_standing and alert.state.name != "open"})

    def carry_out(self, acts: Iterable[Act]) -> list[RefusedAct]:
        """Decide one thing after the other, each at its moment; return what was refused."""
        refused = []
        for act in acts:
            self.look(act.when)
            try:
                for alert in self._meant(act):
                    self._decide(alert, act)
            except DecisionError as error:
                refused.append(RefusedAct(act, error))
        return refused

    def _meant(self, act: Act) -> list[Alert]:
        """Return the alerts that somebody means: the newest of a rule, or whatever is open."""
        open_ = [each for each in self._alerts.values() if each.state.name == "open"]
        if not act.rule and open_:
            return open_
        named = [each for each in self._alerts.values() if each.record.rule == act.rule]
        if named:
            return [max(named, key=lambda each: (each.is_standing, each.begun))]
        names = ", ".join(sorted({each.record.rule for each in open_}))
        raise DecisionError(
            act.rule or act.text,
            f"no alert {'of this name' if act.rule else 'that is open'} at {act.when.text}",
            "one that is open then",
            f"only {names} asks to be looked at" if names else "nothing asks to be looked at")

    def _decide(self, alert: Alert, act: Act) -> None:
        moment = act.when.end
        until = None if act.span is None else later(moment, act.span)
        check_decision(alert, moment, until, self._policy)
        contents = self._live.contents
        decision = Decision("acknowledged" if until is None else "snoozed", _BY, _REASON, moment,
                            alert.record.severity, resting_on(alert, contents), until)
        others = [each for each in self._alerts.values() if each.state.name != "withdrawn"]
        self._take([decide(alert, decision, others, contents, self._policy)])

    def _take(self, steps: Sequence[Step]) -> None:
        self._alerts |= {step.alert.key: step.alert for step in steps}
