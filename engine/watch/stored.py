"""Patients followed with a store: on the disk first, then told; after any end, told on from there.

What is told is read from the store's own log of steps, so it does not matter who wrote them: this
program, another that puts lines in, or somebody who acknowledges an alert. How far that has come is
kept in the store, and moved on after the telling: if the program is killed between the two, the
last changes are told again, with the same numbers.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from engine.events.when import LAST
from engine.store.errors import ReplacedError
from engine.store.steps import steps_since
from engine.watch.told import Told

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from engine.alerts.policy import Policy
    from engine.events.event import Refusal, Source
    from engine.store.file import Store
    from engine.store.ingesting import Ingest
    from engine.store.ward import Ward

READER = "watch"


class Stored:
    """All patients of a store; `on_refused` is told of every line that could not be used.

    `in_force` gives what takes lines in, and the ward, by the rulebook that is in force then: it is
    asked again when another is put in force meanwhile. `reader` is under which name it is kept how
    far the telling has come, for each who reads it has a place of their own.
    """

    def __init__(self, store: Store, in_force: Callable[[], tuple[Ingest, Ward]],
                 on_refused: Callable[[Refusal], None], stopped: Callable[[], bool],
                 reader: str = READER) -> None:
        self._store, self._in_force, self._on_refused = store, in_force, on_refused
        self._stopped, self._reader = stopped, reader
        self._taking, self._ward = in_force()
        self._received = 0
        self._told = self._kept = self._where_left()

    @property
    def policy(self) -> Policy:
        """What the rulebook says about alerts."""
        return self._ward.policy

    def take(self, lines: Iterable[tuple[Source, bytes]], moment: datetime) -> Iterator[Told]:
        """Put lines into the store, and yield what they change once that is on the disk too."""
        del moment  # the store has its own
        self._go_by_what_is_in_force()
        self._taking.take(list(lines))
        for refusal in self._taking.refusals:
            self._on_refused(refusal)
        for patient in self._taking.touched:
            if self._stopped() or not self._brought(patient):
                break
            yield from self._tell()
        yield from self._tell()

    def tick(self, moment: datetime) -> Iterator[Told]:
        """Yield what the passing of time, or anybody else, has changed by a moment."""
        self._go_by_what_is_in_force()
        received = self._store.base.execute(
            "SELECT count FROM head WHERE name = 'received'").fetchone()[0]
        if received != self._received or self.due() <= moment:
            for patient in self._ward.behind(moment, self._received):
                if self._stopped() or not self._brought(patient):
                    break
                yield from self._tell()
            else:
                self._received = received
        yield from self._tell()
        self._keep()

    def _brought(self, patient: str) -> bool:
        """Bring a patient up to date; return whether that was by what is still in force."""
        try:
            self._ward.bring(patient)
        except ReplacedError:
            return False
        return True

    def _go_by_what_is_in_force(self) -> None:
        if not self._ward.is_in_force():
            self._taking, self._ward = self._in_force()
            self._received = 0

    def due(self) -> datetime:
        """Return the next moment at which time alone may change something."""
        due = self._ward.due()
        return datetime.fromisoformat(due) if due else LAST

    def close(self) -> None:
        """Keep how far the telling has come."""
        self._keep()

    def _where_left(self) -> int:
        """Return the last step told. What was known before anybody read is on the worklist; where
        that ends is kept at once, or a first run that is killed would leave its steps untold.
        """
        base = self._store.base
        with self._store.writing():
            base.execute("INSERT INTO told SELECT ?, count FROM head WHERE name = 'steps' "
                         "ON CONFLICT (name) DO NOTHING", (self._reader,))
        return int(base.execute("SELECT step FROM told WHERE name = ?",
                                (self._reader,)).fetchone()[0])

    def _tell(self) -> Iterator[Told]:
        for lines in (self._ward.refused, self._ward.contradicted):
            while lines:
                self._on_refused(lines.pop(0))
        for step in steps_since(self._store, self._told):
            yield Told(step.change, datetime.fromisoformat(step.noted), step.alert, step.because,
                       step.changed, step.by, step.seq)
            self._told = step.seq

    def _keep(self) -> None:
        if self._told > self._kept:
            with self._store.writing():  # of two that read under one name, one may be behind
                self._store.base.execute(
                    "INSERT INTO told VALUES (?, ?) ON CONFLICT (name) DO UPDATE "
                    "SET step = max(step, excluded.step)", (self._reader, self._told))
            self._kept = self._told
