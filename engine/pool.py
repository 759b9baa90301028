"""What is told of every patient, in the order of the patients, by one process or by several.

Workers are sent lines as they were written, in pieces that part no patient, and send back only what
is told of each patient, such as a line of output. Pieces come back in the order in which they went,
and only so many are on the way at once: the result is the same for any number of workers, and
memory stays within bounds.
"""

from __future__ import annotations

from collections import deque
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from msgspec import Struct

from engine.assess import Assessor
from engine.assessment import Assessment, assessment_of
from engine.events.intake import Intake
from engine.sources.patients import PatientReader
from engine.timeline.log import known
from engine.workers import begin, own_context, uninterrupted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Future
    from multiprocessing import synchronize
    from zoneinfo import ZoneInfo

    from engine.events.event import Event, Refusal
    from engine.events.when import When
    from engine.inference.inference import NetworkName
    from engine.rulebook.definitions import Rulebook
    from engine.sources.block import Block, Line
    from engine.timeline.log import Known

_PIECES_A_WORKER = 3

T = TypeVar("T")


class Setup(Struct, frozen=True):
    """What an assessor is made from: the same in every process."""

    rulebook: Rulebook
    zone: ZoneInfo
    network: NetworkName | None = None
    keep_answers: bool = True

    def assessor(self) -> Assessor:
        """Return an assessor made so."""
        return Assessor(self.rulebook, self.zone, self.network, keep_answers=self.keep_answers)


class Work(Struct, Generic[T], frozen=True):
    """What each worker does: with which setup, as of when, for whom, and what it tells of each.

    `tell` must be a function of a module, or it could not be sent.
    """

    setup: Setup
    as_of: When | None
    wanted: frozenset[str]
    tell: Callable[[Assessment], T]


class Piece(Struct, frozen=True):
    """Lines that part no patient; once a run is stopped they are read and not assessed."""

    blocks: list[Block]
    is_stopped: bool = False

    @property
    def lines(self) -> Iterator[Line]:
        """The lines that are not blank, with their places."""
        return chain.from_iterable(self.blocks)


class OfPatient(Struct, Generic[T], frozen=True):
    """What is told of one patient (nothing, if nothing was to be told), and what was refused."""

    name: str
    told: tuple[T, ...]
    refused: tuple[Refusal, ...]


Done = tuple[list["Refusal"], list[OfPatient[T]]]  # first what was no event of anybody


def assessed(assessor: Assessor, patient: str, known: Known) -> Assessment:
    """Return the assessment of one patient."""
    try:
        return assessment_of(patient, assessor.assess(known.events, known.as_of))
    except Exception as fault:
        fault.add_note(f"while patient {patient!r} was assessed as of {known.as_of.text}")
        raise


def is_known(events: list[Event], what: Known) -> bool:
    """Return whether anything had been said of a patient by then, be it that an event never was."""
    refused = {(one.source, one.line) for one in what.refused}
    return any(event.recorded.start <= what.as_of.end
               and (event.source.name, event.source.line) not in refused for event in events)


def done(pieces: Iterable[Piece], work: Work[T], jobs: int) -> Iterator[tuple[Piece, Done[T]]]:
    """Yield what became of every piece, in the order given."""
    from concurrent.futures import ProcessPoolExecutor  # slow to import, for one process in vain

    pieces = iter(pieces)  # no line is read before the workers begin: a bar of progress is a thread
    under_way: deque[tuple[Piece, Future[Done[T]]]] = deque()

    def send(piece: Piece) -> tuple[Piece, Future[Done[T]]]:
        with uninterrupted():  # a worker may begin
            return piece, pool.submit(_done, piece)

    context = own_context()
    with uninterrupted():
        is_over = context.Event()
    with ProcessPoolExecutor(jobs, context, _begin, (work, is_over)) as pool:
        with uninterrupted():
            pool.submit(int)
        try:
            under_way.extend(map(send, islice(pieces, jobs * _PIECES_A_WORKER)))
            while under_way:
                first, result = under_way.popleft()
                yield first, result.result()
                under_way.extend(map(send, islice(pieces, 1)))
        finally:
            is_over.set()  # at an interrupt nobody waits for the pieces that are under way
            pool.shutdown(cancel_futures=True)  # waited for: it must not outlive its pipes


class _Worker(Generic[T]):
    """One process's assessor and intake, made when it begins."""

    def __init__(self, work: Work[T], is_over: synchronize.Event) -> None:
        self._work = work
        self._is_over = is_over
        self._assessor = work.setup.assessor()
        self._intake = Intake(work.setup.rulebook.vocabulary, work.setup.zone)

    def done(self, piece: Piece) -> Done[T]:
        """Return what becomes of a piece."""
        reader = PatientReader(self._intake, self._work.wanted, read=lambda *_: piece.lines)
        return reader.refused, [self._of(name, events, is_stopped=piece.is_stopped)
                                for name, events in reader.in_turn([""])
                                if not self._is_over.is_set()]

    def _of(self, name: str, events: list[Event], *, is_stopped: bool) -> OfPatient[T]:
        what = known(events, self._work.as_of)
        if is_stopped or not is_known(events, what):
            return OfPatient(name, (), what.refused)
        assessment = assessed(self._assessor, name, what)
        return OfPatient(name, (self._work.tell(assessment),), what.refused)


_own: dict[str, _Worker[Any]] = {}


def _begin(work: Work[Any], is_over: synchronize.Event) -> None:
    begin()
    _own["worker"] = _Worker(work, is_over)


def _done(piece: Piece) -> Done[Any]:
    return _own["worker"].done(piece)
