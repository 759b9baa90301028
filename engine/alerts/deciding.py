"""May somebody decide this about that alert now, and on which events does it rest?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.alerts.states import in_words
from engine.events.when import later

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from engine.alerts.alert import Alert
    from engine.alerts.policy import Policy


class DecisionError(ValueError):
    """A decision that cannot be taken: what was found, what was expected, what to do instead."""

    def __init__(self, what: str, found: str, expected: str, advice: str) -> None:
        self.found, self.expected, self.advice = found, expected, advice
        super().__init__(f"{what}: found {found}, expected {expected}; {advice}")


def check_decision(alert: Alert, moment: datetime, until: datetime | None,
                   policy: Policy) -> None:
    """Raise DecisionError where an alert cannot be acknowledged, or put off until a time, now."""
    state = alert.state
    if not alert.is_standing:
        raise DecisionError(alert.id, f"an alert that is {state.name} ({state.because})",
                            "one that still holds", "there is nothing to decide")
    if state.name == "suppressed":
        raise DecisionError(alert.id, "an alert that is suppressed", "one that is shown",
                            state.because)
    if until is not None:
        _check_until(alert, moment, until, policy)


def resting_on(alert: Alert, contents: Mapping[str, str]) -> dict[str, str]:
    """Return the digests of the events on which a decision about an alert rests.

    Where the alert names none, it rests on everything that is known.
    """
    return {each: contents.get(each, "") for each in alert.record.evidence or contents}


def _check_until(alert: Alert, moment: datetime, until: datetime, policy: Policy) -> None:
    if until <= moment:
        raise DecisionError("until", _said(until), "a time to come", f"it is {_said(moment)}")
    longest = policy.severity(alert.record.severity).longest_snooze
    if longest is not None and until > later(moment, longest):
        raise DecisionError(
            "until", _said(until), f"at most {in_words(longest)} from now "
            f"({_said(later(moment, longest))}) for an alert that is {alert.record.severity}",
            "acknowledge it if it has been dealt with")


def _said(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
