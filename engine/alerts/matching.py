"""Which alert of an assessment is which of those known before?

An episode that overlaps one known before of the same rule is the same alert, even if late data
moved its beginning. The one that began at the same instant comes first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.events.when import LAST, parse_when

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from engine.alerts.alert import Alert
    from engine.assessment import AlertRecord


@dataclass(frozen=True, slots=True)
class Span:
    """A record of an assessment, and from when to when it holds (None: still)."""

    record: AlertRecord
    begun: datetime
    ended: datetime | None


def span_of(record: AlertRecord, zone: ZoneInfo) -> Span:
    """Return a record with the instants between which it holds."""
    return Span(record, parse_when(record.begin, zone).start,
                parse_when(record.end, zone).start if record.end else None)


def matched(known: Sequence[Alert], spans: Sequence[Span]) -> dict[int, Alert]:
    """Return, for the number of each span that was known before, the alert that it is."""
    pairs = [(span.begun != alert.begun, alert.state.name == "withdrawn", alert.begun, number,
              alert.key, alert)
             for number, span in enumerate(spans) for alert in known
             if span.record.rule == alert.record.rule and _may_be(alert, span)]
    found: dict[int, Alert] = {}
    taken: set[str] = set()
    for *_, number, key, alert in sorted(pairs, key=lambda pair: pair[:-1]):
        if number not in found and key not in taken:
            found[number] = alert
            taken.add(key)
    return found


def overlap(alert: Alert, span: Span) -> bool:
    """Whether an alert as it was known, and a span, hold at the same time."""
    return alert.begun == span.begun or (
        alert.begun < (span.ended or LAST) and span.begun < (alert.ended or LAST))


def _may_be(alert: Alert, span: Span) -> bool:
    """Whether they may be the same; what was withdrawn comes back only at its own beginning."""
    if alert.state.name == "withdrawn":
        return alert.begun == span.begun
    return overlap(alert, span)
