"""Which events does each patient of some sources have, and what had to be refused on the way?

Lines may come in any order, and then all events are kept until the last line has been read; or
each patient's lines stand together, and then no more than one patient is kept at a time.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from msgspec import MsgspecError, Struct
from msgspec.json import Decoder

from engine.events.event import Refusal
from engine.events.fault import Unreadable
from engine.events.json_line import parse_line
from engine.sources.block import in_blocks
from engine.sources.ndjson import read_blocks, read_lines
from engine.sources.seen import Seen
from engine.wording import describe

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from engine.events.event import Event, Source
    from engine.events.intake import Intake
    from engine.sources.block import Block

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
        self.intake = intake
        self.wanted = frozenset(wanted)
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
        last: str | None = None
        events: list[Event] | None = None  # None while the lines of one that is over come again
        for event in self._events(paths):
            if event.patient != last:
                if last is not None and events is not None:
                    yield last, events
                last = event.patient
                events = [] if seen.add(last) else None
            if events is None:
                self.refused.append(_reappeared(event))
            else:
                events.append(event)
        if last is not None and events is not None:
            yield last, events
        seen.close()

    def lines(self, paths: Iterable[str]) -> Iterator[tuple[Source, bytes]]:
        """Return the lines of the sources as they are."""
        return chain.from_iterable(self._read(path, self._counter()) for path in paths)

    def blocks(self, paths: Iterable[str]) -> Iterator[Block]:
        """Return the same lines in blocks, as they are sent to workers."""
        if self._read is not read_lines:
            return in_blocks(self.lines(paths))
        return chain.from_iterable(read_blocks(path, self._counter()) for path in paths)

    def over(self, name: str, lines: Iterable[tuple[Source, bytes]]) -> Iterator[Refusal]:
        """Yield the refusals of a patient's lines that come when they should be over."""
        for source, line in lines:
            read = self.intake.read(line, source)
            if not isinstance(read, tuple) and read.patient == name:
                yield _reappeared(read)

    def _events(self, paths: Iterable[str]) -> Iterator[Event]:
        for source, line in self.lines(paths):
            read = self.intake.read(line, source)
            if isinstance(read, tuple):
                if not self.wanted or self._may_be_wanted(line):
                    self.refused += read
            elif not self.wanted:
                yield read
            elif read.patient in self.wanted:
                self.missing.discard(read.patient)
                yield read

    def _may_be_wanted(self, line: bytes) -> bool:
        name = patient_of(line)
        return name is None or name in self.wanted

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


class _Owned(Struct):
    patient: str


_owned = Decoder(_Owned).decode


def owner_of(line: bytes) -> str | None:
    """Return whose event a line is, if it is one, without reading the rest of it.

    None says that it surely is none; of a line that is to be refused, anybody may be the owner.
    """
    try:
        return _owned(line).patient
    except (MsgspecError, UnicodeDecodeError, RecursionError):
        return patient_of(line)  # intake lets a byte order mark pass, for one


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
