"""Lines, time and an end: in which order are they attended to?"""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator
    from datetime import datetime

    from engine.events.event import Source
    from engine.watch.told import Told

    Line = tuple[Source, bytes]

_GROUP = 500  # lines taken in together when many have come at once
_YOUNG = 1  # the generation of what was made since the last collection


class Lines(Protocol):
    """Where lines come from."""

    ended: bool

    def wait(self, seconds: float) -> list[Line]:
        """Return the lines that have come, after at most so many seconds."""


class Patients(Protocol):
    """Who is followed, with a store or without."""

    def take(self, lines: Iterable[Line], moment: datetime) -> Iterator[Told]:
        """Take lines in and yield what they change."""

    def tick(self, moment: datetime) -> Iterator[Told]:
        """Yield what has changed otherwise by a moment."""

    def due(self) -> datetime:
        """Return the next moment at which time alone may change something."""

    def close(self) -> None:
        """Keep what must be kept."""


def follow(feed: Lines, patients: Patients, clock: Callable[[], datetime],
           stopped: Callable[[], bool], longest_wait: float) -> Generator[Told]:
    """Yield every change as it happens, until the feed ends or somebody stops it.

    Whoever stops it waits for no more than the patient at hand.
    """
    try:
        gc.disable()  # a full collection looks at all that is kept, and stops us for so long
        yield from patients.tick(clock())
        while not stopped():
            gc.collect(_YOUNG)  # what is kept makes no circles; this finds those of a mishap
            until = (patients.due() - clock()).total_seconds()
            lines = feed.wait(min(max(until, 0.0), longest_wait))
            for first in range(0, len(lines), _GROUP):
                if stopped():
                    return
                yield from patients.take(lines[first:first + _GROUP], clock())
            yield from patients.tick(clock())
            if feed.ended and not lines:
                return
    finally:
        gc.enable()
        patients.close()
