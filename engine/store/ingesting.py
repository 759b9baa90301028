"""Which lines become part of the store: each event once, and each refused line with its reasons?

Lines are taken in groups. A group is on the disk before it is told of; a process that ends within
one leaves nothing of it behind, and may simply be run again.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from engine.events.event import Event, Refusal
from engine.store.chain import Appending
from engine.store.lines import canonical, content_of, digest_of
from engine.store.moments import written
from engine.store.receipt import from_the_future
from engine.store.schema import RECEIVED, REFUSED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from engine.events.event import Source
    from engine.events.intake import Intake
    from engine.store.file import Store

    Line = tuple[Source, bytes]
    Read = Event | tuple[Refusal, ...]

GROUP_SIZE = 1000
GROUP_TIME = timedelta(seconds=0.2)
MOST_SHOWN = 50


@dataclass(slots=True)
class Tally:
    """What became of all lines so far, up to the line `last`; `shown` are the first refusals.

    `respelt` of those known are kept as another way of writing the same.
    """

    stored: int = 0
    known: int = 0
    respelt: int = 0
    refused: int = 0
    refused_before: int = 0
    shown: list[Refusal] = field(default_factory=list)
    last: Source | None = None

    @property
    def lines(self) -> int:
        """How many lines were looked at."""
        return self.stored + self.known + self.refused


class Ingest:
    """Takes lines into a store; `tally` grows with every group that is on the disk.

    `touched` are the patients of the last group, `refusals` what was refused of it.
    """

    def __init__(self, store: Store, intake: Intake, tolerance: timedelta) -> None:
        self.tally = Tally()
        self.touched: tuple[str, ...] = ()
        self.refusals: tuple[Refusal, ...] = ()
        self._store, self._intake, self._tolerance = store, intake, tolerance

    def groups(self, lines: Iterable[Line], now: Callable[[], datetime]) -> Iterator[Tally]:
        """Take in all lines; yield the tally after each group that was committed."""
        for group in grouped(lines, now):
            yield self.take(group)

    def take(self, group: list[Line]) -> Tally:
        """Take in one group and return the tally once it is on the disk."""
        read = [(source, line, self._intake.read(line, source)) for source, line in group]
        with self._store.writing() as moment:
            writer = _Writer(self._store, moment, self._tolerance)
            for source, line, event in read:
                writer.add(source, line, event)
            writer.close()
        self.refusals = tuple(writer.tally.shown)
        self._count(writer.tally)
        self.tally.last = group[-1][0]
        self.touched = tuple(dict.fromkeys(
            each.patient for _, _, each in read if isinstance(each, Event)))
        return self.tally

    def _count(self, group: Tally) -> None:
        for name in ("stored", "known", "respelt", "refused", "refused_before"):
            setattr(self.tally, name, getattr(self.tally, name) + getattr(group, name))
        self.tally.shown += group.shown[:max(0, MOST_SHOWN - len(self.tally.shown))]


class _Writer:
    """Writes the lines of one group, within its transaction."""

    def __init__(self, store: Store, moment: datetime, tolerance: timedelta) -> None:
        self.tally = Tally()
        self._base, self._moment, self._tolerance = store.base, moment, tolerance
        self._written = written(moment)
        self._received = Appending(store.base, RECEIVED)
        self._refused = Appending(store.base, REFUSED)

    def add(self, source: Source, line: bytes, read: Read) -> None:
        """Write one line as an event, or with the reasons why it is none."""
        if isinstance(read, Event):
            read = from_the_future(read, self._moment, self._tolerance) or read
        if isinstance(read, Event):
            self._event(read)
        else:
            self._refusal(source, line, read)

    def _event(self, event: Event) -> None:
        tally, text, content = self.tally, canonical(dict(event.given)), content_of(event)
        is_known = self._base.execute(
            "SELECT 1 FROM received WHERE patient = ? AND id = ? AND content = ?",
            (event.patient, event.id, content)).fetchone() is not None
        is_new = self._received.add(self._written, _name(event.source), event.source.line,
                                    event.patient, event.id, text, digest_of(text), content)
        tally.stored += is_new and not is_known
        tally.known += is_known or not is_new
        tally.respelt += is_new and is_known

    def _refusal(self, source: Source, line: bytes, refusals: tuple[Refusal, ...]) -> None:
        raw = line.rstrip(b"\r\n")
        reasons = json.dumps([
            {"field": each.field, "found": each.found, "expected": each.expected,
             "reason": each.reason} for each in refusals])
        why = repr([(each.field, each.found, each.reason) for each in refusals])  # no times in it
        digest = hashlib.sha256(b"%d:%b%b" % (len(raw), raw, why.encode(
            "utf-8", "backslashreplace"))).digest()
        is_new = self._refused.add(self._written, _name(source), source.line, raw, reasons, digest)
        self.tally.refused += 1
        self.tally.refused_before += not is_new
        self.tally.shown += refusals

    def close(self) -> None:
        """Move the heads on to the last rows."""
        self._received.close(self._written)
        self._refused.close(self._written)


def grouped(lines: Iterable[Line], now: Callable[[], datetime]) -> Iterator[list[Line]]:
    """Yield lines in groups of so many or of so much time; one that a fault ends is yielded too."""
    group: list[Line] = []
    begun = now()
    try:
        for line in lines:
            begun = begun if group else now()
            group.append(line)
            if len(group) >= GROUP_SIZE or now() - begun >= GROUP_TIME:
                yield group
                group = []
    except Exception:
        if group:
            yield group
        raise
    if group:
        yield group


def _name(source: Source) -> str:
    """Return the name of a source; names of files may hold bytes that are no text."""
    return source.name.encode("utf-8", "backslashreplace").decode()
