"""Does a line speak of a time that has not come when it is received?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.events.event import Event, Refusal
from engine.store.moments import written
from engine.wording import describe

if TYPE_CHECKING:
    from datetime import datetime, timedelta


def from_the_future(event: Event, received: datetime,
                    tolerance: timedelta) -> tuple[Refusal, ...]:
    """Return a refusal for each time that surely begins more than the tolerance after receipt."""
    minutes = int(tolerance.total_seconds()) // 60
    times = {"at": event.at} if event.recorded is event.at else {
        "at": event.at, "recorded": event.recorded}
    return tuple(
        Refusal(event.source.name, event.source.line, name, describe(when.text),
                f"not later than its receipt ({written(received)})",
                f"nothing is received before it happens, but for {minutes} minutes of clocks "
                "that differ")
        for name, when in times.items() if when.start > received + tolerance)
