"""Assessments in the order of the patients, made by one process or by several.

Patients go to the workers in handfuls and come back in the order in which they went, and only so
many are on the way at once: the result is the same for any number of workers, and so is memory.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections import deque
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from engine.assess import Assessor
from engine.assessment import Assessment, assessment_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from concurrent.futures import Future
    from zoneinfo import ZoneInfo

    from engine.inference.inference import NetworkName
    from engine.rulebook.definitions import Rulebook
    from engine.timeline.log import Known

_HANDFUL = 16
_HANDFULS_A_WORKER = 3

Task = tuple[str, "Known"]


@dataclass(frozen=True, slots=True)
class Setup:
    """What an assessor is made from: the same in every process."""

    rulebook: Rulebook
    zone: ZoneInfo
    network: NetworkName | None = None
    keep_answers: bool = True

    def assessor(self) -> Assessor:
        """Return an assessor made so."""
        return Assessor(self.rulebook, self.zone, self.network, keep_answers=self.keep_answers)


def assessments(tasks: Iterable[Task], setup: Setup, jobs: int = 1) -> Iterator[Assessment]:
    """Yield the assessment of every patient, in the order given."""
    if jobs == 1:
        assessor = setup.assessor()
        for task in tasks:
            yield assessed(assessor, task)
        return
    tasks = iter(tasks)
    under_way: deque[Future[list[Assessment]]] = deque()
    with ProcessPoolExecutor(jobs, own_context(), _begin, (setup,)) as pool:
        try:
            while handful := list(islice(tasks, _HANDFUL)):
                under_way.append(pool.submit(_handful, handful))
                if len(under_way) >= jobs * _HANDFULS_A_WORKER:
                    yield from under_way.popleft().result()
            while under_way:
                yield from under_way.popleft().result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def assessed(assessor: Assessor, task: Task) -> Assessment:
    """Return one patient's assessment; a fault says whose it was."""
    patient, known = task
    try:
        return assessment_of(patient, assessor.assess(known.events, known.as_of))
    except Exception as fault:
        fault.add_note(f"while patient {patient!r} was assessed as of {known.as_of.text}")
        raise


def own_context() -> multiprocessing.context.BaseContext:
    """Return a way to start workers that copies no thread or lock of this process."""
    methods = multiprocessing.get_all_start_methods()
    return multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")


_own: dict[str, Assessor] = {}  # a worker's one assessor, made when the worker begins


def _begin(setup: Setup) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent is told, and ends its workers
    _own["assessor"] = setup.assessor()


def _handful(tasks: list[Task]) -> list[Assessment]:
    return [assessed(_own["assessor"], task) for task in tasks]
