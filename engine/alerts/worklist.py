"""Which alerts does somebody look at first?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.alerts.alert import STATES, Alert
from engine.rulebook.definitions import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable


@dataclass(frozen=True, slots=True)
class Filter:
    """Which alerts are wanted; an empty list wants all of them."""

    patients: Collection[str] = ()
    rules: Collection[str] = ()
    states: Collection[str] = ("open",)

    def wants(self, alert: Alert) -> bool:
        """Whether an alert is wanted."""
        return ((not self.patients or alert.patient in self.patients)
                and (not self.rules or alert.record.rule in self.rules)
                and (not self.states or alert.state.name in self.states))


@dataclass(frozen=True, slots=True)
class Worklist:
    """The alerts wanted, and how many of the same patients and rules are in each state left out.

    `states` are those that were wanted; none means all.
    """

    alerts: tuple[Alert, ...]
    left_out: tuple[tuple[str, int], ...]
    states: tuple[str, ...]


def worklist(alerts: Iterable[Alert], wanted: Filter) -> Worklist:
    """Return the alerts by severity, then the oldest first."""
    everywhere = Filter(wanted.patients, wanted.rules, ())
    concerned = [alert for alert in alerts if everywhere.wants(alert)]
    shown = [alert for alert in concerned if wanted.wants(alert)]
    shown.sort(key=lambda alert: (SEVERITIES.index(alert.record.severity), alert.begun,
                                  alert.patient, alert.id))
    left = [(state, sum(1 for alert in concerned if alert.state.name == state))
            for state in STATES if wanted.states and state not in wanted.states]
    return Worklist(tuple(shown), tuple((state, count) for state, count in left if count),
                    tuple(wanted.states))
