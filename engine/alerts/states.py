"""How does an alert stand at a moment, given what it says now and what was decided about it?

Nothing here depends on the way on which the alert came to say what it says, so that the same events
and decisions lead to the same states, whatever the order in which they arrived.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.alerts.alert import Decision, State, is_worse
from engine.counting import counted, first_of
from engine.events.when import later

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime, timedelta

    from engine.alerts.alert import Alert
    from engine.alerts.policy import Policy

NAMED = 3  # of the events that changed an alert, in a reason


def state_of(alert: Alert, others: Sequence[Alert], contents: Mapping[str, str],
             moment: datetime, policy: Policy) -> State:
    """Return how an alert stands among the others of its patient.

    `contents` are the digests of the events that stand now. In this order: resolved; suppressed as
    one cause has one alert; acknowledged or snoozed, as long as that holds; suppressed as a repeat;
    else open, with the reason why a decision no longer holds.
    """
    if alert.record.end is not None:
        return State("resolved", f"it no longer holds since {alert.record.end}")
    if (wider := _wider(alert, others, policy)) is not None:
        return State("suppressed", f"one cause, one alert: {wider.id} tells of it")
    lapsed = ""
    if alert.decisions:
        decision = alert.decisions[-1]
        lapsed = _lapsed(alert, decision, contents, moment, policy)
        if not lapsed:
            return _decided(alert, decision, policy)
    repeated = _repeated(alert, others, contents, moment, policy)
    return repeated or State("open", lapsed)


def _wider(alert: Alert, others: Iterable[Alert], policy: Policy) -> Alert | None:
    """Return an open alert of a rule that subsumes this one, if it is at least as grave."""
    rules = policy.wider.get(alert.record.rule, ())
    return next((each for each in others
                 if each.record.rule in rules and each.record.end is None
                 and not is_worse(alert.record.severity, each.record.severity)), None)


def _decided(alert: Alert, decision: Decision, policy: Policy) -> State:
    told = f"{decision.by}: {decision.reason}"
    if decision.what == "snoozed":
        return State("snoozed", told, decision.until)
    after = policy.again_after(alert.record.rule, decision.severity)
    return State("acknowledged", told, later(decision.moment, after) if after else None)


def _lapsed(alert: Alert, decision: Decision, contents: Mapping[str, str], moment: datetime,
            policy: Policy) -> str:
    """Return why a decision no longer holds; empty if it does."""
    done = f"{decision.what} by {decision.by}"
    if is_worse(alert.record.severity, decision.severity):
        return f"{done} when it was {decision.severity}; it is {alert.record.severity} now"
    corrected = sorted(each for each, digest in decision.contents.items()
                       if contents.get(each) != digest)
    if corrected:
        return f"{done} before {first_of(corrected, NAMED)} was corrected or withdrawn"
    if decision.what == "snoozed":
        ended = decision.until is not None and moment >= decision.until
        return f"the snooze of {decision.by} is over" if ended else ""
    after = policy.again_after(alert.record.rule, decision.severity)
    if after is not None and moment >= later(decision.moment, after):
        return f"{done} {in_words(after)} ago, and it still holds"
    return ""


def _repeated(alert: Alert, others: Iterable[Alert], contents: Mapping[str, str],
              moment: datetime, policy: Policy) -> State | None:
    """Return that an alert is quiet because an earlier one of its rule was acknowledged lately."""
    quiet = policy.quiet.get(alert.record.rule)
    if quiet is None or alert.decisions:
        return None
    for other in others:
        if other is alert or other.record.rule != alert.record.rule or other.begun > alert.begun:
            continue
        for decision in other.decisions:
            until = later(decision.moment, quiet)
            stands = all(contents.get(each) == one for each, one in decision.contents.items())
            if (decision.what == "acknowledged" and moment < until and stands
                    and not is_worse(alert.record.severity, decision.severity)):
                return State("suppressed", f"a repeat of {other.id}, acknowledged by "
                             f"{decision.by} less than {in_words(quiet)} ago, and no worse", until)
    return None


def in_words(span: timedelta) -> str:
    """Return a duration in the largest unit that is whole.

    >>> from datetime import timedelta
    >>> in_words(timedelta(days=14)), in_words(timedelta(hours=1)), in_words(timedelta(minutes=90))
    ('14 days', '1 hour', '90 minutes')
    """
    seconds = int(span.total_seconds())
    for unit, size in (("day", 86400), ("hour", 3600), ("minute", 60)):
        if seconds % size == 0:
            return counted(seconds // size, unit)
    return counted(seconds, "second")
