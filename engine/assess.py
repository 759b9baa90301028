"""What a rulebook concludes about one patient as of a moment: the stages in order.

An assessment is a pure function of the events known, the rulebook and the moment. The patient's
instants are gone through once: those at which events begin, and those at which the mere passing
of time changes an answer.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from engine.facts.chart import NEVER
from engine.outright.program import OutrightProgram, outright_program
from engine.outright.walk import walked
from engine.passage import Passage
from engine.ready import Ready
from engine.timeline.clinical_order import in_clinical_order, named

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from engine.events.event import Event
    from engine.events.when import When
    from engine.told import Told


class Assessor(Ready):
    """A rulebook made ready to assess patients; holds nothing about any of them.

    Raises RulebookError where a topic is too large for any network.
    """

    @cached_property
    def outright(self) -> OutrightProgram | None:
        """What judges events outright; None where not all of the rulebook can be judged so."""
        return outright_program(self) if self.keeps else None

    def assess(self, events: Iterable[Event], as_of: When) -> Told:
        """Return what is told of one patient as of a moment."""
        if self.outright is not None:
            events = [*events]
            walk = walked(self, self.outright, events, as_of)
            if walk is not None:
                return walk
        return self.passage(events, as_of)

    def passage(self, events: Iterable[Event], as_of: When, *, whole: bool = False) -> Passage:
        """Return one patient's passage through the instants up to a moment.

        Of a patient without an event the moment itself is judged. Who goes on to explain what was
        concluded wants the `whole`: each criterion asked, be it decisive or not.
        """
        passage = Passage(self, as_of, whole=whole)
        for now, begun in self.instants(events, passage):
            passage.step(now, begun)
        return passage.with_moment()

    def instants(self, events: Iterable[Event],
                 passage: Passage) -> Iterator[tuple[When, list[Event]]]:
        """Yield each instant up to the moment: of events that begin, or one that time alone makes.

        `events` are those that the passage has not come to yet. What comes next is asked anew
        after every step, as each may bring another instant.
        """
        waiting = in_clinical_order(
            (event for event in events if event.at.start <= passage.as_of.end), self.mains)
        index = 0
        while True:
            start = waiting[index].at.start if index < len(waiting) else NEVER
            turning = passage.next_change()
            instant = min(start, turning)
            if instant > passage.as_of.end or instant == NEVER:
                return
            begun = []
            while index < len(waiting) and waiting[index].at.start == instant:
                begun.append(waiting[index])
                index += 1
            yield named(instant, begun, self.zone), begun
