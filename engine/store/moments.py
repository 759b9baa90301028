"""When did the store take something in? Never earlier than what it took in before.

The clock is asked while the store is locked for writing, so the moments of a store rise with its
rows: what had been received by a moment that is past can never grow afterwards.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from engine.store.errors import StoreError

if TYPE_CHECKING:
    import sqlite3

CLOCK_SLACK = timedelta(minutes=5)


def written(moment: datetime) -> str:
    """Return a moment as the store writes it, so that texts sort as moments do.

    >>> written(datetime(2015, 3, 7, 9, 30, tzinfo=UTC))
    '2015-03-07T09:30:00.000000Z'
    """
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ").rjust(27, "0")


def next_moment(base: sqlite3.Connection, moment: datetime) -> datetime:
    """Return the moment, or the newest in the store where the clock has gone back a little."""
    newest: str = base.execute("SELECT max(moment) FROM head").fetchone()[0]
    if not newest or written(moment) >= newest:
        return moment
    last = datetime.fromisoformat(newest)
    if last - moment > CLOCK_SLACK:
        raise StoreError(
            f"the clock of this machine: found {written(moment)}, expected a time after the last "
            f"one in the store ({newest}); set the clock, for the times of receipt must not go "
            "back")
    return last
