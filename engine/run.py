"""Every patient of some sources assessed, and every line that could not be used.

`stop` at a refusal means that nothing is assessed from then on, though all is still read, so that
one run tells of every refusal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeVar

from msgspec import Struct

from engine.pool import Piece, Setup, Work, assessed, done, is_known
from engine.sources.pieces import joined, pieces
from engine.sources.seen import Seen
from engine.timeline.log import known

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from engine.assessment import Assessment
    from engine.events.event import Event, Refusal
    from engine.events.when import When
    from engine.sources.patients import Patient, PatientReader
    from engine.sources.pieces import Line
    from engine.timeline.log import Known

OnError = Literal["stop", "skip"]
T = TypeVar("T")


class Run(Struct):
    """One run over sources: how to assess, as of which moment, and what a refusal means.

    `grouped` promises that each patient's lines stand together: then a patient is assessed as
    soon as its lines end, and forgotten. `to_do` is how many there are, once that is known.
    """

    setup: Setup
    reader: PatientReader
    as_of: When | None = None
    on_error: OnError = "stop"
    grouped: bool = False
    jobs: int = 1
    to_do: int | None = None

    @property
    def refused(self) -> list[Refusal]:
        """All that was refused so far; complete when the last assessment has been taken."""
        return self.reader.refused

    @property
    def is_stopped(self) -> bool:
        """Whether a refusal has ended the assessing."""
        return self.on_error == "stop" and bool(self.refused)

    def assessments(self, paths: Iterable[str]) -> Iterator[Assessment]:
        """Return the assessments by name of patient, or, if grouped, in the order of the input."""
        return self.told(paths, _itself)

    def told(self, paths: Iterable[str], tell: Callable[[Assessment], T]) -> Iterator[T]:
        """Return what is told of each assessment; `tell` is a function of a module."""
        if self.grouped:
            return self._in_turn(paths, tell) if self.jobs == 1 else self._in_pieces(paths, tell)
        patients = [*self._known(self.reader.gathered(paths))]
        self.to_do = 0 if self.is_stopped else len(patients)
        del patients[self.to_do:]
        if self.jobs == 1 or not patients:
            return self._one_by_one(patients, tell)
        lines = ([(event.source, event.line) for event in events] for _, events, _ in patients)
        return self._dealt_out(lines, tell)

    def _known(self, patients: Iterable[Patient]) -> Iterator[tuple[str, list[Event], Known]]:
        """Yield each patient of whom something is known, and what; note what was refused."""
        for name, events in patients:
            what = known(events, self.as_of)
            self.refused.extend(what.refused)
            if not self.is_stopped and is_known(events, what):
                yield name, events, what

    def _one_by_one(self, patients: Iterable[tuple[str, list[Event], Known]],
                    tell: Callable[[Assessment], T]) -> Iterator[T]:
        assessor = self.setup.assessor()
        for name, _, what in patients:
            yield tell(assessed(assessor, name, what))

    def _in_turn(self, paths: Iterable[str], tell: Callable[[Assessment], T]) -> Iterator[T]:
        return self._one_by_one(self._known(self.reader.in_turn(paths)), tell)

    def _dealt_out(self, lines: Iterable[list[Line]],
                   tell: Callable[[Assessment], T]) -> Iterator[T]:
        """Yield what workers tell of patients whose lines have been read already."""
        for _, (_, patients) in done(map(Piece, joined(lines)), self._work(tell), self.jobs):
            for each in patients:
                yield from each.told

    def _in_pieces(self, paths: Iterable[str], tell: Callable[[Assessment], T]) -> Iterator[T]:
        """Yield what workers tell of the patients in pieces of lines, which they read themselves.

        A patient whose lines were over before a piece began is known only here.
        """
        seen = Seen()
        cut = (Piece(lines, self.is_stopped)
               for lines in pieces(self.reader.lines(paths), self.reader.intake))
        for piece, (refused, patients) in done(cut, self._work(tell), self.jobs):
            self.refused.extend(refused)
            for each in patients:
                self.reader.missing.discard(each.name)
                if not seen.add(each.name):
                    self.refused.extend(self.reader.over(each.name, piece.lines))
                    continue
                self.refused.extend(each.refused)
                if not self.is_stopped:
                    yield from each.told
        seen.close()

    def _work(self, tell: Callable[[Assessment], T]) -> Work[T]:
        return Work(self.setup, self.as_of, self.reader.wanted, tell)


def _itself(assessment: Assessment) -> Assessment:
    return assessment
