"""Every patient of some sources assessed, and every line that could not be used.

`stop` at a refusal means that nothing is assessed from then on, though all is still read, so that
one run tells of every refusal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from engine.pool import Setup, assessments
from engine.timeline.log import known

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from engine.assessment import Assessment
    from engine.events.event import Event, Refusal
    from engine.events.when import When
    from engine.pool import Task
    from engine.sources.patients import Patient, PatientReader
    from engine.timeline.log import Known

OnError = Literal["stop", "skip"]


@dataclass(slots=True)
class Run:
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
        if self.grouped:
            return assessments(self._tasks(self.reader.in_turn(paths)), self.setup, self.jobs)
        tasks = list(self._tasks(self.reader.gathered(paths)))
        self.to_do = 0 if self.is_stopped else len(tasks)
        return assessments(tasks[:self.to_do], self.setup, self.jobs)

    def _tasks(self, patients: Iterable[Patient]) -> Iterator[Task]:
        for name, events in patients:
            what = known(events, self.as_of)
            self.refused.extend(what.refused)
            if not self.is_stopped and is_known(events, what):
                yield name, what


def is_known(events: list[Event], what: Known) -> bool:
    """Return whether anything had been said of a patient by then, be it that an event never was."""
    refused = {(one.source, one.line) for one in what.refused}
    return any(event.recorded.start <= what.as_of.end
               and (event.source.name, event.source.line) not in refused for event in events)
