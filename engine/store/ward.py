"""Every patient of a store, followed: what has become of their alerts by now?

What is written is one step at a time, together with how far it has come; so whoever goes on, after
whatever interruption, writes what is missing and nothing twice.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine.alerts.life import News, advance
from engine.alerts.policy import policy_of
from engine.assessment import assessment_of
from engine.events.event import Event
from engine.events.intake import Intake
from engine.events.when import moment_of
from engine.live import LivePatient
from engine.recent import MOST_LIVE, MOST_READY, Recent
from engine.store.errors import ReplacedError
from engine.store.marks import Mark, mark_of, set_mark
from engine.store.moments import written
from engine.store.reading import lines_received
from engine.store.rulebooks import in_force
from engine.store.steps import alerts_of, append, last_step

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from engine.alerts.alert import Alert, Step
    from engine.assess import Assessor
    from engine.events.event import Refusal
    from engine.store.file import Store


@dataclass(slots=True)
class _Live:
    """A patient as left: up to which row, with which alerts, as of which step of them."""

    patient: LivePatient
    received: int = 0
    alerts: dict[str, Alert] = field(default_factory=dict)
    step: int = 0


class Ward:
    """The patients of a store, assessed as of now; the `MOST_LIVE` asked last are kept live.

    `refused` are lines of the store that today's rulebook does not understand, `contradicted`
    those that contradict each other.
    """

    def __init__(self, store: Store, assessor: Assessor) -> None:
        self.refused: list[Refusal] = []
        self.contradicted: list[Refusal] = []
        self.policy = policy_of(assessor.rulebook)
        self._store, self._assessor = store, assessor
        self.digest, self._zone = assessor.rulebook.digest, assessor.zone
        self._intake = Intake(assessor.rulebook.vocabulary, assessor.zone)
        self._live: Recent[_Live] = Recent()

    def is_in_force(self) -> bool:
        """Whether the rulebook and the zone of this ward are still those of the store."""
        now = in_force(self._store)
        return now is not None and (now.digest, now.zone) == (self.digest, self._zone.key)

    def behind(self, moment: datetime, after: int = 0) -> list[str]:
        """Return the patients of whom more was received, or time has passed, since last time.

        Only rows of `received` after that number are looked at; 0 looks at everything.
        """
        changed = "" if after else " OR rulebook <> :rulebook OR zone <> :zone"
        return [patient for (patient,) in self._store.base.execute(
            "SELECT patient FROM (SELECT patient, max(seq) AS newest FROM received "
            "WHERE seq > :after GROUP BY patient) LEFT JOIN marks USING (patient) "
            f"WHERE marks.received IS NULL OR marks.received < newest{changed} "
            "UNION SELECT patient FROM marks WHERE due <= :moment ORDER BY patient",
            {"after": after, "rulebook": self.digest, "zone": self._zone.key,
             "moment": written(moment)})]

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
        try:
            with self._store.writing() as moment:
                return self.advance(patient, moment)[0]
        except BaseException:
            self._live.pop(patient, None)  # it may have learnt what was not written
            raise

    def bring_for(self, name: str, moment: datetime) -> None:
        """Bring the patient of an alert's id up to date; where nobody is called so, everybody."""
        patient = name.rpartition("/")[0]
        if self._store.base.execute("SELECT 1 FROM received WHERE patient = ? LIMIT 1",
                                    (patient,)).fetchone():
            self.bring(patient)
        else:
            for _ in self.catch_up(moment):
                pass

    def advance(self, patient: str,
                moment: datetime) -> tuple[list[Step], list[Alert], LivePatient]:
        """Do the same within the caller's transaction; return the steps, the alerts as they are
        after them, and the patient.

        Raises ReplacedError where another rulebook or zone has been put in force meanwhile: two
        programs that go by two rulebooks must not undo each other's work for ever.
        """
        if not self.is_in_force():
            raise ReplacedError(f"{self._store.path}: another rulebook or time zone was put in "
                                "force meanwhile; ask again")
        mark = mark_of(self._store.base, patient)
        live = self._known(patient, mark, moment)
        live.received = self._take(live.patient, patient, live.received)
        assessment = assessment_of(patient, live.patient.passage(moment_of(moment, self._zone)))
        if live.step != last_step(self._store, patient):  # somebody has decided something
            live.alerts = {alert.key: alert for alert in alerts_of(self._store, patient)}
        self.contradicted += live.patient.newly_refused()
        news = News(live.patient.contents, live.patient.changes(), self._replaced(mark))
        steps = advance(list(live.alerts.values()), assessment, news, moment, self.policy,
                        self._zone)
        append(self._store, steps, moment, self.digest)
        live.alerts |= {step.alert.key: step.alert for step in steps}
        live.step = last_step(self._store, patient)
        self._set_mark(patient, live)
        self._keep(patient, live)
        return steps, list(live.alerts.values()), live.patient

    def _keep(self, patient: str, live: _Live) -> None:
        self._live.use(patient, live)
        if (other := self._live.before(MOST_READY)) is not None:
            self._live[other].patient.lighten()
        if (other := self._live.before(MOST_LIVE)) is not None:
            del self._live[other]

    def _known(self, patient: str, mark: Mark, moment: datetime) -> _Live:
        """Return the patient as known when the mark was set, by whomever."""
        live = self._live.get(patient)
        if live is not None and live.received == mark.received:
            return live
        if live is None or live.received > mark.received:
            live = _Live(LivePatient(self._assessor, patient))
        self._take(live.patient, patient, live.received, mark.received)
        live.received = mark.received
        live.patient.learn(moment_of(moment, self._zone))
        live.patient.changes()
        live.patient.newly_refused()
        return live

    def _replaced(self, mark: Mark) -> str:
        """Return what is in force that was not when the mark was set, in words."""
        if mark.rulebook not in ("", self.digest):
            return "rulebook"
        return "time zone" if mark.zone not in ("", self._zone.key) else ""

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

    def _set_mark(self, patient: str, live: _Live) -> None:
        ends = [alert.state.until for alert in live.alerts.values()
                if alert.is_standing and alert.state.until is not None]
        due = min([live.patient.next_change(), *ends])
        set_mark(self._store.base, patient, Mark(live.received, self.digest, self._zone.key),
                 written(due))
