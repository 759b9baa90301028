"""What happens to a patient's alerts when more is known, or when time has passed?

A pure function of the alerts known before, the assessment, the decisions about them and the moment.
To ask again with nothing new changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from engine.alerts.alert import Alert, Decision, State, Step, alert_id
from engine.alerts.inherited import Inheritance
from engine.alerts.matching import Span, matched, overlap, span_of
from engine.alerts.states import NAMED, state_of
from engine.counting import first_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from engine.alerts.alert import Change
    from engine.alerts.policy import Policy
    from engine.assessment import Assessment
    from engine.live import Changes

_OPEN = State("open")
_DECIDED = ("acknowledged", "snoozed")
_PARTS = {"severity": "severity", "begin": "from", "end": "to", "message": "message",
          "evidence": "evidence", "caveats": "caveats", "cites": "cites"}


@dataclass(frozen=True, slots=True)
class News:
    """What is known now: the digests of the events that stand, and what has changed since before.

    `replaced` names what else is another than it was: the rulebook, the time zone.
    """

    contents: Mapping[str, str]
    changes: Changes
    replaced: str = ""


def advance(known: Sequence[Alert], assessment: Assessment, news: News, moment: datetime,
            policy: Policy, zone: ZoneInfo) -> list[Step]:
    """Return every change of a patient's alerts: those withdrawn, then the others in their order.
    """
    spans = [span_of(record, zone) for record in assessment.alerts]
    before = matched(known, spans)
    now = _as_they_are(assessment.patient, known, spans, before, news)
    steps = list(_withdrawn(known, before, spans, assessment.patient, news))
    for number, alert in enumerate(now):
        state = state_of(alert, now, news.contents, moment, policy)
        steps += _steps(before.get(number), alert, state, news, moment)
    return steps


def decide(alert: Alert, decision: Decision, others: Sequence[Alert],
           contents: Mapping[str, str], policy: Policy) -> Step:
    """Return the step that a decision about an alert is."""
    decided = replace(alert, decisions=(*alert.decisions, decision))
    state = state_of(decided, others, contents, decision.moment, policy)
    return Step(decision.what, replace(decided, state=state), decision.reason, by=decision.by)


def _as_they_are(patient: str, known: Sequence[Alert], spans: Sequence[Span],
                 before: Mapping[int, Alert], news: News) -> list[Alert]:
    """Return the alerts of an assessment, each with what was decided; their states are the old."""
    keys, inheritance, alerts = {alert.key for alert in known}, Inheritance(known, before), []
    for number, span in enumerate(spans):
        record, old = span.record, before.get(number)
        contents = {each: news.contents.get(each, "") for each in record.evidence}
        if old is None:
            key = _new_key(alert_id(patient, record), keys)
            alert = Alert(key, patient, record, span.begun, span.ended, contents, _OPEN)
        else:
            moved = old.id != alert_id(patient, record)
            was = tuple(dict.fromkeys((*old.was, old.id))) if moved else old.was
            alert = replace(old, record=record, begun=span.begun, ended=span.ended,
                            contents=contents, was=was)
        alerts.append(inheritance.given_to(alert, old, span))
    return alerts


def _new_key(name: str, taken: set[str]) -> str:
    key, number = name, 1
    while key in taken:
        number += 1
        key = f"{name}+{number}"
    taken.add(key)
    return key


def _withdrawn(known: Sequence[Alert], before: Mapping[int, Alert], spans: Sequence[Span],
               patient: str, news: News) -> Iterator[Step]:
    still = {alert.key for alert in before.values()}
    for alert in known:
        if alert.key in still or alert.state.name == "withdrawn":
            continue
        joined = next((span for span in spans if span.record.rule == alert.record.rule
                       and overlap(alert, span)), None)
        because = _because(news, alert, None)
        if joined is not None:
            because = f"it is part of {alert_id(patient, joined.record)}: {because}"
        yield Step("withdrawn", replace(alert, state=State("withdrawn", because)), because)


def _steps(old: Alert | None, alert: Alert, state: State, news: News,
           moment: datetime) -> Iterator[Step]:
    """Yield what has become of one alert."""
    if old is None or old.state.name == "withdrawn":
        yield from _begun(alert, state, _because(news, old, alert), moment)
        return
    if old.state == state and old.record == alert.record and old.contents == alert.contents:
        return
    because = _because(news, old, alert)
    changed = tuple(word for part, word in _PARTS.items()
                    if getattr(old.record, part) != getattr(alert.record, part))
    changed = tuple(word for word in changed if word != "to" or old.state.name == state.name)
    if old.contents != alert.contents and "evidence" not in changed:
        changed += ("evidence",)
    same = old.state.name == state.name
    if changed:
        yield Step("amended", replace(alert, state=state if same else old.state), because, changed)
    elif same and old.state != state:
        yield Step("amended", replace(alert, state=state), state.because, ("state",))
    if not same:
        yield from _turned(alert, state, because, moment)


def _begun(alert: Alert, state: State, because: str, moment: datetime) -> Iterator[Step]:
    """Yield the beginning of an alert; of one that is over by now, its end too."""
    if state.name == "suppressed":
        yield Step("suppressed", replace(alert, state=state), state.because)
        return
    over = state.name == "resolved"
    if state.name in _DECIDED:  # it comes back, or parts from one about which that was decided
        because = f"{because}; {state.name} already by {state.because}"
    alert = replace(alert, raised=alert.raised or moment, state=_OPEN if over else state)
    yield Step("raised", alert, because)
    if over:
        yield Step("resolved", replace(alert, state=state), state.because)


def _turned(alert: Alert, state: State, because: str, moment: datetime) -> Iterator[Step]:
    """Yield the step from one state to another."""
    change: Change
    if state.name == "open":
        change = "raised" if alert.raised is None else "reopened"
        alert = replace(alert, raised=alert.raised or moment)
        reason = state.because or because
    else:
        change = state.name
        reason = state.because
        if state.name == "resolved":
            reason = f"{state.because}: {because}"
    by = ""
    if change in _DECIDED:  # not now, but it counts from now on
        decision = alert.decisions[-1]
        by, reason = decision.by, f"{decision.reason} (decided on {decision.moment.date()})"
    yield Step(change, replace(alert, state=state), reason, by=by)


def _because(news: News, old: Alert | None, new: Alert | None) -> str:
    """Return what changed an alert: the events that it rests on first, else all that is new."""
    resting = {*(old.contents if old else ()), *(new.contents if new else ())}
    groups = (("corrected", news.changes.corrected),
              ("contradicted by another line", news.changes.contradicted),
              ("no longer stands", news.changes.gone),
              ("new", news.changes.new))
    own = [(word, [each for each in ids if each in resting]) for word, ids in groups]
    if not any(ids for _, ids in own):
        own = [(word, [*ids]) for word, ids in groups]
    named = [(word, first_of(ids, NAMED)) for word, ids in own if ids]
    told = [f"{word} {ids}" if word == "new" else f"{ids} {word}" for word, ids in named]
    if news.replaced:
        told.append(f"another {news.replaced} is in force")
    return "; ".join(told) or "time has passed"
