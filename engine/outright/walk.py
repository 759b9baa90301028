"""One patient's way through events that are judged outright, each once, when it comes."""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from engine.outright.past import Past
from engine.standing import Sight, Standing
from engine.timeline.clinical_order import in_clinical_order, named
from engine.told import Told

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.events.event import Event
    from engine.events.when import When
    from engine.facts.judging import JudgedTopic
    from engine.outright.program import OutrightProgram
    from engine.ready import Ready

_NOT_YET: Any = object()
_start = attrgetter("at.start")


class Walk(Told):
    """What each topic says of a patient all of whose events have one instant each."""

    def __init__(self, ready: Ready, program: OutrightProgram, as_of: When) -> None:
        super().__init__(ready, as_of)
        self._program = program
        self._past = Past(program, ready.zone, self.moment)
        self._heres: list[Event | None] = [_NOT_YET] * len(program.groups)

    def just_before(self, now: When) -> Sight:
        """Return what is seen of the past, which no later instant changes."""
        return Sight(self._past, self._program.judged, self.standings)

    def step(self, now: When, begun: list[Event]) -> None:
        """Judge what is to be judged at an instant."""
        past, heres = self._past, self._heres
        past.add(begun)
        for place, group in enumerate(self._program.groups):
            before = heres[place]
            if before is not _NOT_YET and not any(event.kind in group.kinds for event in begun):
                continue
            here = group.anchor.run(past, None)
            if here is not before:
                heres[place] = here
                for judged in group.topics:
                    self.tell(judged.topic, self._judged(judged, here), now)

    def _judged(self, judged: JudgedTopic, here: Event | None) -> Standing:
        """Return what a topic says of an event."""
        name = judged.topic.name
        if here is None:
            return Standing.nothing(name)
        truths = judged.truths(self._past, here, None)
        decision, _ = self.assessor.decision(self.assessor.by_name[name], truths)
        severity, dated = "", None
        if decision.value is not None:
            severity = judged.severity(self._past, here)
            dated = judged.begins(decision.rule, self._past, here)
        return Standing(name, decision.value, decision.rule, decision.undecided, here, truths,
                        decision.overrode, severity, dated)

    def arrive(self) -> None:
        """See all that holds as of the moment."""
        self.look(Sight(self._past, self._program.judged, {**self.standings}))


def walked(ready: Ready, program: OutrightProgram, events: Iterable[Event],
           as_of: When) -> Walk | None:
    """Return one patient's way up to a moment; None where not all can be judged outright.

    That is so where only the day of an event is known, and where nothing has happened yet.
    """
    seen = [event for event in events if event.at.start <= as_of.end]
    if not seen or any(event.at.is_date for event in seen):
        return None
    walk = Walk(ready, program, as_of)
    for start, together in groupby(sorted(seen, key=_start), _start):
        begun = [*together]
        if len(begun) > 1:
            begun = in_clinical_order(begun, ready.mains)
        walk.step(named(start, begun, ready.zone), begun)
    walk.arrive()
    return walk
