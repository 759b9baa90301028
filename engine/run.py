"""Every patient of some sources assessed, and every line that could not be used.

`stop` at a refusal means that nothing is assessed from then on, though all is still read, so that
one run tells of every refusal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeVar

from msgspec import Struct

from engine.pool import Piece, Setup, Work, assessed, done, is_known
from engine.sources.pieces import by_patient, joined, pieces
from engine.sources.seen import Seen
from engine.timeline.log import known

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from engine.assessment import Assessment
    from engine.events.event import Event, Refusal
    from engine.events.when import When
    from engine.sources.block import Block
    from engine.sources.patients import Patient, PatientReader
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
    def may_stop_late(self) -> bool:
        """Whether a refusal may end the assessing when some has been told already."""
        return self.on_error == "stop" and (self.grouped or self.jobs > 1)

    @property
    def is_stopped(self) -> bool:
        """Whether a refusal has ended the assessing."""
        return self.on_error == "stop" and bool(self.refused)

    def assessments(self, paths: Iterable[str]) -> Iterator[Assessment]:
        """Return the assessments by name of patient, or, if grouped, in the order of the input."""
        return self.told(paths, _itself)

    def told(self, paths: Iterable[str], tell: Callable[[Assessment], T]) -> Iterator[T]:
        """Return what is told of each assessment; `tell` is a function of a module."""
        if self.jobs > 1:
            return self._in_pieces(self._pieces(paths), tell)
        if self.grouped:
            return self._one_by_one(self._known(self.reader.in_turn(paths)), tell)
        patients = [*self._known(self.reader.gathered(paths))]
        self.to_do = 0 if self.is_stopped else len(patients)
        return self._one_by_one(patients[:self.to_do], tell)

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

    def _pieces(self, paths: Iterable[str]) -> Iterator[list[Block]]:
        """Yield the lines in pieces, each of which a worker can read on its own."""
        blocks = self.reader.blocks(paths)
        if self.grouped:
            yield from pieces(blocks, self.reader.intake)
            return
        patients = by_patient(blocks)
        self.to_do = len(patients)
        yield from joined(patients)

    def _in_pieces(self, cut: Iterable[list[Block]],
                   tell: Callable[[Assessment], T]) -> Iterator[T]:
        """Yield what workers tell of the patients in pieces of lines, which they read themselves.

        A patient whose lines were over before a piece began is known only here.
        """
        seen = Seen()
        work = Work(self.setup, self.as_of, self.reader.wanted, tell)
        sent = (Piece(blocks, self.is_stopped) for blocks in cut)
        for piece, (refused, patients) in done(sent, work, self.jobs):
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


def _itself(assessment: Assessment) -> Assessment:
    return assessment
