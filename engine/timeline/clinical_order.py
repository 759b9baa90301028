"""In which order are events gone through?"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from engine.events.amount import Amount

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from engine.events.amount import Number
    from engine.events.event import Event


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


def _start(event: Event) -> datetime:
    return event.at.start
