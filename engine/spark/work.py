"""What does a worker do: whose is a line, and what do all lines of one patient come to?

Nothing here knows Spark. Whatever groups the lines by their keys, in whatever order, gets the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.events.event import Event, Refusal, Source
from engine.events.intake import Intake
from engine.pool import Setup, assessed, is_known
from engine.sources.patients import patient_of
from engine.timeline.log import known
from engine.wording import describe

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.assessment import Assessment
    from engine.events.when import When

_OF_PATIENT, _OF_NOBODY = "p", "l"


@dataclass(frozen=True, slots=True)
class Work:
    """What every worker is told: how to assess, as of which moment, and whom (nobody: everybody).
    """

    setup: Setup
    as_of: When | None = None
    wanted: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Judged:
    """What the lines of one key come to; `patient` is None where no line of one was accepted."""

    patient: str | None
    refused: tuple[Refusal, ...]
    assessment: Assessment | None


class Worker:
    """Does the work in one process."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._assessor = work.setup.assessor()
        self._intake = Intake(work.setup.rulebook.vocabulary, work.setup.zone)

    def judge(self, key: str, lines: Iterable[tuple[Source, bytes]]) -> Judged:
        """Return what all lines of one key come to."""
        events: list[Event] = []
        refused: list[Refusal] = []
        for source, line in lines:
            read = self._intake.read(line, source)
            if isinstance(read, tuple):
                refused += read
            elif key != key_of(read.patient, source):
                refused.append(_elsewhere(read, key))
            else:
                events.append(read)
        if not events:
            return Judged(None, tuple(refused), None)
        patient, what = events[0].patient, known(events, self._work.as_of)
        return Judged(patient, (*refused, *what.refused), assessed(
            self._assessor, patient, what) if is_known(events, what) else None)


def routed(work: Work, line: bytes, source: Source, patient: str | None) -> str | None:
    """Return the key of a line; None if it is surely of a patient who is not wanted.

    `patient` is what was said beside the line, if anything.
    """
    owner = patient_of(line) if patient is None else patient
    if work.wanted and owner is not None and owner not in work.wanted:
        return None
    return key_of(owner, source)


def key_of(patient: str | None, source: Source) -> str:
    """Return what brings a patient's lines together; each line of nobody stands alone."""
    if patient is None:
        return f"{_OF_NOBODY}{source.name}:{source.line}"
    return f"{_OF_PATIENT}{patient}"


def is_of_patient(key: str) -> bool:
    """Whether more lines may come under this key."""
    return key.startswith(_OF_PATIENT)


_own: dict[tuple[object, ...], Worker] = {}  # a process's workers: making one takes a while


def worker_for(work: Work) -> Worker:
    """Return this process's worker for some work."""
    setup = work.setup
    same = (setup.rulebook.digest, setup.zone.key, setup.network, setup.keep_answers,
            work.as_of, work.wanted)
    if same not in _own:
        _own[same] = Worker(work)
    return _own[same]


def _elsewhere(event: Event, key: str) -> Refusal:
    return Refusal(event.source.name, event.source.line, "patient", describe(event.patient),
                   f"{describe(key.removeprefix(_OF_PATIENT))}, as the column 'patient' says",
                   "make the two agree, or leave the column out")
