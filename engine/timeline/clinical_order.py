"""In which order are events gone through, and how is the instant of some of them written?"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from engine.events.amount import Amount
from engine.events.when import moment_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from engine.events.amount import Number
    from engine.events.event import Event
    from engine.events.when import When


def in_clinical_order(events: Iterable[Event], mains: Mapping[str, str | None]) -> list[Event]:
    """Sort events by the beginning of their time, then the lower value, then content, then id.

    Values are compared by the number that was reported; of one number, "<" goes first and ">"
    last. Where an event stands for no number its only amount does. An id decides nothing but
    between events that say the same.
    """

    def key(event: Event) -> tuple[Number, int, str, str]:
        main = mains.get(event.kind)
        amounts = [value for value in event.fields.values() if isinstance(value, Amount)]
        amount = event.fields.get(main) if main else amounts[0] if len(amounts) == 1 else None
        number: Number = 0
        rank = 0
        if isinstance(amount, Amount):
            open_ = amount.high is None
            number = (amount.low if open_ else amount.high) or 0
            rank = 2 if open_ else int(amount.is_exact)
        return number, rank, event.content, event.id

    ordered: list[Event] = []
    for _, together in groupby(sorted(events, key=_start), _start):
        first, *others = together
        ordered += sorted((first, *others), key=key) if others else (first,)
    return ordered


def named(instant: datetime, begun: Sequence[Event], zone: ZoneInfo) -> When:
    """Return an instant as it is written where an event begins; a bare date goes first."""
    if len(begun) == 1 and not begun[0].at.is_date:
        return begun[0].at
    texts = sorted((not event.at.is_date, event.at.text) for event in begun)
    return moment_of(instant, zone, texts[0][1] if texts else "")


def _start(event: Event) -> datetime:
    return event.at.start
