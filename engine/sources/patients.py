"""Which events does each patient of some sources have, and what had to be refused on the way?

Lines may come in any order, and then all events are kept until the last line has been read; or
each patient's lines stand together, and then no more than one patient is kept at a time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.events.event import Refusal
from engine.events.fault import Unreadable
from engine.events.json_line import parse_line
from engine.sources.ndjson import read_lines
from engine.sources.seen import Seen
from engine.wording import describe

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from engine.events.event import Event, Source
    from engine.events.intake import Intake

Patient = tuple[str, list["Event"]]


class PatientReader:
    """Reads sources as patients with their events; `refused` grows on the way.

    With `wanted`, lines that are surely another patient's are passed over, faults and all, and
    `missing` are the patients of whom there was no line.
    `on_bytes` is told now and then how many more bytes have been read. `read` gives the lines of
    one source.
    """

    def __init__(self, intake: Intake, wanted: Collection[str] = (),
                 on_bytes: Callable[[int], None] | None = None,
                 read: Callable[..., Iterator[tuple[Source, bytes]]] = read_lines) -> None:
        self.refused: list[Refusal] = []
        self.missing = set(wanted)
        self._intake = intake
        self._wanted = frozenset(wanted)
        self._on_bytes = on_bytes
        self._read = read

    def gathered(self, paths: Iterable[str]) -> list[Patient]:
        """Return every patient, by name, from lines in any order."""
        patients: dict[str, list[Event]] = {}
        for event in self._events(paths):
            patients.setdefault(event.patient, []).append(event)
        return sorted(patients.items())

    def in_turn(self, paths: Iterable[str]) -> Iterator[Patient]:
        """Yield each patient as soon as another's line comes; refuse lines of one that is over."""
        seen = Seen()
        name: str | None = None
        events: list[Event] = []
        for event in self._events(paths):
            if event.patient != name and not seen.add(event.patient):
                self.refused.append(_reappeared(event))
                continue
            if event.patient != name:
                if name is not None:
                    yield name, events
                name, events = event.patient, []
            events.append(event)
        if name is not None:
            yield name, events
        seen.close()

    def _events(self, paths: Iterable[str]) -> Iterator[Event]:
        for path in paths:
            for source, line in self._read(path, self._counter()):
                read = self._intake.read(line, source)
                if isinstance(read, tuple):
                    if not self._wanted or self._may_be_wanted(line):
                        self.refused += read
                elif not self._wanted or read.patient in self._wanted:
                    self.missing.discard(read.patient)
                    yield read

    def _may_be_wanted(self, line: bytes) -> bool:
        name = patient_of(line)
        return name is None or name in self._wanted

    def _counter(self) -> Callable[[int], None] | None:
        """Return a listener for one source, which counts from its own beginning."""
        if self._on_bytes is None:
            return None
        tell, told = self._on_bytes, 0

        def count(total: int) -> None:
            nonlocal told
            tell(total - told)
            told = total

        return count


def patient_of(line: bytes) -> str | None:
    """Return the patient that a line names, be it refused or not; None where that is not sure."""
    try:
        name = parse_line(line).get("patient")
    except Unreadable:
        return None
    return name if isinstance(name, str) else None


def _reappeared(event: Event) -> Refusal:
    return Refusal(event.source.name, event.source.line, "patient",
                   f"{describe(event.patient)} again, after lines of another patient",
                   "all lines of a patient together, as was promised",
                   "sort the lines by patient, or read them without that promise")
