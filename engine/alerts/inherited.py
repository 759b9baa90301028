"""Whose decisions count for an alert when late data join two episodes, or part one into two?

What somebody decided about a part of an episode was decided about all of it, so nobody is asked
twice; whether it still holds is a matter of the alert's state, as for any decision.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.alerts.matching import overlap

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from engine.alerts.alert import Alert, Decision
    from engine.alerts.matching import Span


class Inheritance:
    """The alerts known before that may leave decisions to others, given which of them go on."""

    def __init__(self, known: Sequence[Alert], going_on: Mapping[int, Alert]) -> None:
        self._known = [each for each in known if each.state.name != "withdrawn"]
        keys = {alert.key for alert in going_on.values()}
        self._joined = [each for each in self._known if each.key not in keys]

    def given_to(self, alert: Alert, old: Alert | None, span: Span) -> Alert:
        """Return an alert with the decisions of those that it took in, or that it was part of.

        One that parts from another takes only what was decided since it began: before that, nobody
        can have meant it. The newest decision is the last one.
        """
        begins = old is None or old.state.name == "withdrawn"
        others = [each for each in (self._known if begins else self._joined)
                  if each.key != alert.key and each.record.rule == span.record.rule
                  and overlap(each, span)]
        decisions = [*alert.decisions]
        for each in others:
            decisions += [one for one in _meant(each, span) if one not in decisions]
        if len(decisions) == len(alert.decisions):
            return alert
        told = [each.raised for each in (alert, *others) if each.raised is not None]
        return replace(alert, decisions=tuple(sorted(decisions, key=lambda one: one.moment)),
                       raised=min(told, default=None))


def _meant(other: Alert, span: Span) -> Iterator[Decision]:
    return (one for one in other.decisions if one.moment >= span.begun)
