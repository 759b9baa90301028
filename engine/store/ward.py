"""Every patient of a store, followed: what has become of their alerts by now?

What is written is one step at a time, together with how far it has come; so whoever goes on, after
whatever interruption, writes what is missing and nothing twice.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.alerts.life import News, advance
from engine.alerts.policy import policy_of
from engine.assessment import assessment_of
from engine.events.event import Event
from engine.events.intake import Intake
from engine.events.when import moment_of
from engine.live import LivePatient
from engine.store.moments import written
from engine.store.reading import lines_received
from engine.store.steps import alerts_of, append

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from engine.alerts.alert import Alert, Step
    from engine.assess import Assessor
    from engine.events.event import Refusal
    from engine.store.file import Store

MOST_LIVE = 256


@dataclass(slots=True)
class _Mark:
    """How far a patient's alerts have come: up to which row, by which rulebook, until when."""

    received: int = 0
    rulebook: str = ""
    zone: str = ""


class Ward:
    """The patients of a store, assessed as of now; the `MOST_LIVE` asked last are kept live.

    `refused` are lines of the store that today's rulebook does not understand.
    """

    def __init__(self, store: Store, assessor: Assessor) -> None:
        self.refused: list[Refusal] = []
        self.policy = policy_of(assessor.rulebook)
        self._store, self._assessor = store, assessor
        self.digest, self._zone = assessor.rulebook.digest, assessor.zone
        self._intake = Intake(assessor.rulebook.vocabulary, assessor.zone)
        self._live: OrderedDict[str, tuple[LivePatient, int]] = OrderedDict()

    def behind(self, moment: datetime) -> list[str]:
        """Return the patients of whom more was received, or time has passed, since last time."""
        return [patient for (patient,) in self._store.base.execute(
            "SELECT patient FROM (SELECT patient, max(seq) AS newest FROM received "
            "GROUP BY patient) LEFT JOIN marks USING (patient) WHERE marks.received IS NULL "
            "OR marks.received < newest OR rulebook <> ? OR zone <> ? OR due <= ? "
            "ORDER BY patient",
            (self.digest, self._zone.key, written(moment)))]

    def due(self) -> str:
        """Return the next moment at which time alone may change something; empty if there is none.
        """
        found: str | None = self._store.base.execute("SELECT min(due) FROM marks").fetchone()[0]
        return found or ""

    def catch_up(self, moment: datetime) -> Iterator[str]:
        """Bring every patient that is behind up to date; yield the name of each who was."""
        for patient in self.behind(moment):
            self.bring(patient)
            yield patient

    def bring(self, patient: str) -> list[Step]:
        """Bring one patient's alerts up to date; return what changed, written by then."""
        with self._store.writing() as moment:
            return self.advance(patient, moment)[0]

    def advance(self, patient: str,
                moment: datetime) -> tuple[list[Step], list[Alert], LivePatient]:
        """Do the same within the caller's transaction; return the steps, the alerts as they are
        after them, and the patient.
        """
        try:
            return self._advance(patient, moment)
        except BaseException:
            self._live.pop(patient, None)  # it may have learnt what was not written
            raise

    def _advance(self, patient: str,
                 moment: datetime) -> tuple[list[Step], list[Alert], LivePatient]:
        mark = self._mark(patient)
        live, seen = self._known(patient, mark, moment)
        seen = self._take(live, patient, seen)
        assessment = assessment_of(patient, live.passage(moment_of(moment, self._zone)))
        known = {alert.key: alert for alert in alerts_of(self._store, patient)}
        news = News(live.contents, live.changes(), mark.rulebook not in ("", self.digest))
        steps = advance(list(known.values()), assessment, news, moment, self.policy, self._zone)
        append(self._store, steps, moment, self.digest)
        known |= {step.alert.key: step.alert for step in steps}
        self._set_mark(patient, seen, live, known.values())
        self._live[patient] = live, seen
        self._live.move_to_end(patient)
        if len(self._live) > MOST_LIVE:
            self._live.popitem(last=False)
        return steps, list(known.values()), live

    def _known(self, patient: str, mark: _Mark, moment: datetime) -> tuple[LivePatient, int]:
        """Return the patient as known when the mark was set, live if nobody else has gone on."""
        kept = self._live.get(patient)
        if kept is not None and kept[1] == mark.received:
            return kept
        live = LivePatient(self._assessor, patient)
        self._take(live, patient, 0, mark.received)
        live.learn(moment_of(moment, self._zone))
        live.changes()
        return live, mark.received

    def _take(self, live: LivePatient, patient: str, after: int, up_to: int | None = None) -> int:
        """Give a patient the lines after a row, and return the number of the last one."""
        last = after
        for source, line in lines_received(self._store, None, [patient], after)():
            if up_to is not None and source.line > up_to:
                continue
            last = max(last, source.line)
            event = self._intake.read(line, source)
            if isinstance(event, Event):
                live.take(event)
            elif up_to is None:
                self.refused += event
        return last

    def _mark(self, patient: str) -> _Mark:
        found = self._store.base.execute(
            "SELECT received, rulebook, zone FROM marks WHERE patient = ?", (patient,)).fetchone()
        return _Mark(*found) if found else _Mark()

    def _set_mark(self, patient: str, seen: int, live: LivePatient,
                  alerts: Iterable[Alert]) -> None:
        ends = [alert.state.until for alert in alerts
                if alert.is_standing and alert.state.until is not None]
        due = min([live.next_change(), *ends])
        self._store.base.execute("INSERT OR REPLACE INTO marks VALUES (?, ?, ?, ?, ?)",
                                 (patient, seen, self.digest, self._zone.key, written(due)))
