"""Alerts do not depend on the way on which their events arrived, and nothing is said twice."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from laws.assessed import UTC as ZONE
from laws.assessed import Line, assess, assessor, read
from oracle.patients import patient

from engine.alerts.alert import Alert, Decision, Step
from engine.alerts.life import News, advance, decide
from engine.alerts.policy import policy_of
from engine.assessment import assessment_of
from engine.events.when import moment_of
from engine.live import LivePatient

SEEDS = st.integers(0, 10**6)
CHOOSERS = st.randoms(use_true_random=False)
FEW = settings(max_examples=5, deadline=None, phases=[Phase.explicit, Phase.reuse,
               Phase.generate])  # to shrink a patient takes minutes, and her seed says it all
NOW = datetime(2040, 1, 1, tzinfo=UTC)


class Bed:
    """One patient whose alerts are followed."""

    def __init__(self) -> None:
        self.live = LivePatient(assessor(), "p")
        self.policy = policy_of(assessor().rulebook)
        self.alerts: dict[str, Alert] = {}
        self.steps: list[Step] = []

    def take(self, lines: list[Line], moment: datetime = NOW) -> list[Step]:
        for event in read(lines):
            self.live.take(event)
        assessment = assessment_of("p", self.live.passage(moment_of(moment, ZONE)))
        news = News(self.live.contents, self.live.changes())
        steps = advance(list(self.alerts.values()), assessment, news, moment, self.policy, ZONE)
        self.alerts |= {step.alert.key: step.alert for step in steps}
        self.steps += steps
        return steps

    def decide(self, alert: Alert, decision: Decision) -> None:
        others = [each for each in self.alerts.values() if each.state.name != "withdrawn"]
        step = decide(alert, decision, others, self.live.contents, self.policy)
        self.alerts[step.alert.key] = step.alert

    def standing(self) -> dict[str, object]:
        """What is not withdrawn, by id: all but when and how it came to be known."""
        return {alert.id: (alert.record, alert.state, alert.contents, alert.begun, alert.ended)
                for alert in self.alerts.values() if alert.state.name != "withdrawn"}


def lines_of(seed: int) -> list[Line]:
    return patient(random.Random(seed), "p")


def in_groups(lines: list[Line], chooser: random.Random) -> Bed:
    lines, bed = list(lines), Bed()
    chooser.shuffle(lines)
    while lines:
        size = chooser.choice((1, 2, 5, 30))
        bed.take(lines[:size])
        lines = lines[size:]
    return bed


@FEW
@given(SEEDS, CHOOSERS)
def test_any_order_and_any_groups_give_the_same_alerts(seed: int, chooser: random.Random) -> None:
    lines = lines_of(seed)
    at_once = Bed()
    at_once.take(lines)
    assert in_groups(lines, chooser).standing() == at_once.standing()


@FEW
@given(SEEDS, CHOOSERS)
def test_what_stands_is_what_the_assessment_says(seed: int, chooser: random.Random) -> None:
    lines = lines_of(seed)
    bed = in_groups(lines, chooser)
    assessed = json.loads(assess(lines, "2040-01-01") or '{"alerts": []}')["alerts"]
    assert sorted(bed.standing()) == sorted(f"p/{each['id']}" for each in assessed)
    for each in assessed:
        record, state, *_ = bed.standing()[f"p/{each['id']}"]  # type: ignore[misc]
        assert (state.name == "resolved") == (each["to"] is not None)
        assert record.message == each["message"]


@FEW
@given(SEEDS, CHOOSERS)
def test_to_ask_again_says_nothing(seed: int, chooser: random.Random) -> None:
    bed = in_groups(lines_of(seed), chooser)
    assert bed.take([]) == []
    assert bed.take(lines_of(seed)) == []


@FEW
@given(SEEDS, CHOOSERS)
def test_the_steps_tell_the_whole_story(seed: int, chooser: random.Random) -> None:
    """Whoever only reads the steps ends with the same alerts, each raised before it is resolved."""
    bed = in_groups(lines_of(seed), chooser)
    told: dict[str, Alert] = {}
    for step in bed.steps:
        before = told.get(step.alert.key)
        begins = before is None or before.state.name == "withdrawn"
        assert begins == (step.change == "raised" and begins) or step.change == "suppressed"
        if step.change == "raised":
            assert before is None or before.state.name in ("withdrawn", "suppressed")
        if step.change in ("resolved", "amended", "reopened", "withdrawn"):
            assert before is not None and before.state.name != "withdrawn"
        assert step.because
        told[step.alert.key] = step.alert
    assert told == bed.alerts


def test_what_subsumed_an_alert_once_depends_on_no_way() -> None:
    """Of an alert that is over, a late line may change what it was subsumed by, and nothing else.
    """
    lines = lines_of(59050)
    beds = [in_groups(lines, random.Random(seed)) for seed in (1, 2, 3)]
    assert beds[0].standing() == beds[1].standing() == beds[2].standing()


@FEW
@given(SEEDS, CHOOSERS)
def test_decisions_hold_whatever_comes_first(seed: int, chooser: random.Random) -> None:
    """Alerts acknowledged at the end stand the same, whatever the way that led there."""
    lines = lines_of(seed)
    beds = [in_groups(lines, chooser), in_groups(lines, chooser)]
    for bed in beds:
        for alert in sorted(bed.alerts.values(), key=lambda each: each.id):
            if alert.state.name == "open":
                bed.decide(alert, Decision("acknowledged", "a", "seen", NOW, alert.record.severity,
                                           alert.contents))
        bed.take([], NOW + timedelta(hours=1))
        assert not [each for each in bed.alerts.values() if each.state.name == "open"]
    one, other = beds
    assert one.standing() == other.standing()
    later = NOW + timedelta(days=60)
    for bed in beds:
        bed.take([], later)
    names = {name: state.name for name, (_, state, *_) in one.standing().items()}  # type: ignore[misc]
    assert names == {name: state.name
                     for name, (_, state, *_) in other.standing().items()}  # type: ignore[misc]
    ends = [state.until for _, state, *_ in one.standing().values()  # type: ignore[misc]
            if state.name == "acknowledged"]
    assert all(end is None or end > later for end in ends)  # the others ask again


@settings(max_examples=12, deadline=None)
@given(st.lists(st.booleans(), min_size=3, max_size=6), st.randoms(use_true_random=False))
def test_what_is_known_late_of_the_past_asks_nobody_again(low: list[bool],
                                                          chooser: random.Random) -> None:
    """However late results join and part the episodes before the one that was acknowledged."""
    def level(number: int, is_low: bool, version: int) -> Line:
        return {"id": f"l{number}", "patient": "p", "kind": "drug_level", "drug": "sirolimus",
                "at": f"2015-02-{number + 1:02}T08:00:00Z", "value": 4 if is_low else 9,
                "unit": "ng/mL", "sample": "trough", "status": "corrected" if version else "final",
                "recorded": f"2015-03-01T08:{version:02}:00Z"}
    bed = Bed()
    bed.take([{"id": "s", "patient": "p", "kind": "medication", "at": "2015-01-01",
               "action": "start", "drug": "sirolimus"},
              *(level(number, each, 0) for number, each in enumerate([*low, True]))])
    (last,) = [each for each in bed.alerts.values()
               if each.record.rule == "level.low" and each.state.name == "open"]
    bed.decide(last, Decision("acknowledged", "a", "seen", NOW, last.record.severity,
                              last.contents))
    for version in range(1, 6):
        number = chooser.randrange(len(low))
        bed.take([level(number, chooser.random() < 0.5, version)], NOW + timedelta(hours=version))
        assert [each.state.name for each in bed.alerts.values() if each.is_standing
                and each.record.rule == "level.low"] == ["acknowledged"]


def test_a_key_is_never_given_twice() -> None:
    bed = Bed()
    level = {"id": "l", "patient": "p", "kind": "drug_level", "at": "2015-03-01T08:00:00Z",
             "drug": "sirolimus", "value": 3, "unit": "ng/mL", "sample": "trough"}
    start = {"id": "s", "patient": "p", "kind": "medication", "at": "2015-01-01", "action": "start",
             "drug": "sirolimus"}
    bed.take([start, level])
    (first,) = [each for each in bed.alerts.values() if each.record.rule == "level.low"]
    bed.take([{**level, "id": "e", "at": "2015-02-01T08:00:00Z"}])
    (moved,) = [each for each in bed.alerts.values() if each.record.rule == "level.low"]
    assert moved.key == first.key == "p/level.low@2015-03-01T08:00:00Z"
    assert moved.id == "p/level.low@2015-02-01T08:00:00Z" and moved.was == (first.id,)
    bed.take([{**level, "id": "t", "at": "2015-02-10T08:00:00Z", "value": 9}])
    keys = [each.key for each in bed.alerts.values() if each.record.rule == "level.low"]
    assert len(keys) == len(set(keys)) == 2
    assert replace(moved, was=()).id == moved.id
