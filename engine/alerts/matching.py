"""Which alert of an assessment is which of those known before?

An episode that overlaps one known before of the same rule is the same alert, even if late data
moved its beginning. The one that began at the same instant comes first; what was withdrawn comes
back only at its own beginning.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec.structs import replace

from engine.events.when import LAST, parse_when

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from engine.alerts.alert import Alert
    from engine.records import AlertRecord


@dataclass(frozen=True, slots=True)
class Span:
    """A record of an assessment, and from when to when it holds (None: still)."""

    record: AlertRecord
    begun: datetime
    ended: datetime | None


def span_of(record: AlertRecord, zone: ZoneInfo) -> Span:
    """Return a record with the instants between which it holds.

    What once subsumed it is left out: whether anything does now is a matter of its state.
    """
    if record.subsumed_by is not None:
        record = replace(record, subsumed_by=None)
    return Span(record, _start(record.begin, zone),
                _start(record.end, zone) if record.end else None)


@lru_cache(maxsize=1 << 16)  # the past of a patient is asked anew with each line
def _start(text: str, zone: ZoneInfo) -> datetime:
    return parse_when(text, zone).start


def matched(known: Sequence[Alert], spans: Sequence[Span]) -> dict[int, Alert]:
    """Return, for the number of each span that was known before, the alert that it is.

    Those that begin together are found first, by that; few are left to be compared in pairs.
    """
    found: dict[int, Alert] = {}
    taken: set[str] = set()
    together: dict[tuple[str, datetime], list[Alert]] = {}
    for alert in sorted(known, key=lambda each: (each.state.name == "withdrawn", each.key),
                        reverse=True):
        together.setdefault((alert.record.rule, alert.begun), []).append(alert)
    for number, span in enumerate(spans):
        if same := together.get((span.record.rule, span.begun)):
            found[number] = same.pop()
            taken.add(found[number].key)
    left = [alert for alert in known
            if alert.key not in taken and alert.state.name != "withdrawn"]
    pairs = [(alert.begun, number, alert.key, alert)
             for number, span in enumerate(spans) if left and number not in found
             for alert in left if alert.record.rule == span.record.rule and overlap(alert, span)]
    for _, number, key, alert in sorted(pairs, key=lambda pair: pair[:-1]):
        if number not in found and key not in taken:
            found[number] = alert
            taken.add(key)
    return found


def overlap(alert: Alert, span: Span) -> bool:
    """Whether an alert as it was known, and a span, hold at the same time."""
    return alert.begun == span.begun or (
        alert.begun < (span.ended or LAST) and span.begun < (alert.ended or LAST))

