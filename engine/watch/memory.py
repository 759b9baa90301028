"""Patients followed without a store: their lines and alerts are forgotten when the program ends."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

from engine.alerts.life import News, advance
from engine.alerts.policy import policy_of
from engine.assessment import assessment_of
from engine.events.event import Event
from engine.events.intake import Intake
from engine.events.when import FIRST, LAST, moment_of
from engine.live import LivePatient
from engine.recent import MOST_LIVE, MOST_READY, Recent
from engine.store.receipt import from_the_future
from engine.watch.told import Told

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime, timedelta

    from engine.alerts.alert import Alert
    from engine.assess import Assessor
    from engine.events.event import Refusal, Source


class Memory:
    """All patients, in memory; `on_refused` is told of every line that could not be used.

    With `replay`, every line comes at the moment at which it was recorded, and a patient's time
    passes between its lines; else lines come, and time is, at the moments given.
    """

    def __init__(self, assessor: Assessor, tolerance: timedelta,
                 on_refused: Callable[[Refusal], None], stopped: Callable[[], bool], *,
                 replay: bool = False) -> None:
        self._on_refused, self._stopped = on_refused, stopped
        self.policy = policy_of(assessor.rulebook)
        self._assessor, self._tolerance, self._replay = assessor, tolerance, replay
        self._intake = Intake(assessor.rulebook.vocabulary, assessor.zone)
        self._patients: Recent[LivePatient] = Recent()
        self._alerts: dict[str, dict[str, Alert]] = {}
        self._due: list[tuple[datetime, str]] = []
        self._due_of: dict[str, datetime] = {}
        self._last: dict[str, datetime] = {}

    def take(self, lines: Iterable[tuple[Source, bytes]], moment: datetime) -> Iterator[Told]:
        """Take lines in and yield what they change."""
        events = [event for source, line in lines
                  if (event := self._event(source, line, moment)) is not None]
        if self._replay:
            for event in events:
                if self._stopped():
                    return
                yield from self._replayed(event)
            return
        for event in events:
            self._live(event.patient).take(event)
        for patient in dict.fromkeys(event.patient for event in events):
            if self._stopped():
                return
            yield from self._advance(patient, moment)

    def tick(self, moment: datetime) -> Iterator[Told]:
        """Yield what the passing of time has changed by a moment."""
        if self._replay:
            return
        while self._due and self._due[0][0] <= moment and not self._stopped():
            due, patient = heapq.heappop(self._due)
            if self._due_of.get(patient) == due:  # else a line has come in between
                yield from self._advance(patient, moment)

    def due(self) -> datetime:
        """Return the next moment at which time alone may change something."""
        return self._due[0][0] if self._due and not self._replay else LAST

    def close(self) -> None:
        """Nothing is kept."""

    def _event(self, source: Source, line: bytes, moment: datetime) -> Event | None:
        event = self._intake.read(line, source)
        if isinstance(event, Event) and not self._replay:
            event = from_the_future(event, moment, self._tolerance) or event
        if isinstance(event, Event):
            return event
        for refusal in event:
            self._on_refused(refusal)
        return None

    def _replayed(self, event: Event) -> Iterator[Told]:
        """Let a patient's time pass up to when a line was recorded, and take it in then."""
        patient, live = event.patient, self._live(event.patient)
        last = self._last.get(patient)
        moment = max(event.recorded.start, last or FIRST)  # it may come after those recorded later
        while last is not None and (due := live.next_change()) <= moment:
            last = due
            yield from self._advance(patient, due)
        self._last[patient] = moment
        live.take(event)
        yield from self._advance(patient, moment)

    def _live(self, patient: str) -> LivePatient:
        if patient not in self._patients:
            self._patients[patient] = LivePatient(self._assessor, patient)
        return self._patients[patient]

    def _advance(self, patient: str, moment: datetime) -> Iterator[Told]:
        live, zone = self._patients[patient], self._assessor.zone
        self._patients.use(patient, live)
        for most, spared in ((MOST_READY, LivePatient.lighten), (MOST_LIVE, LivePatient.rest)):
            if (other := self._patients.before(most)) is not None:
                spared(self._patients[other])
        assessment = assessment_of(patient, live.passage(moment_of(moment, zone)))
        for refusal in live.newly_refused():
            self._on_refused(refusal)
        known = self._alerts.setdefault(patient, {})
        news = News(live.contents, live.changes())
        for step in advance(list(known.values()), assessment, news, moment, self.policy, zone):
            known[step.alert.key] = step.alert
            yield Told(step.change, moment, step.alert, step.because, step.changed, step.by)
        due = live.next_change()
        if not self._replay and due < LAST and self._due_of.get(patient) != due:
            heapq.heappush(self._due, (due, patient))
        self._due_of[patient] = due
