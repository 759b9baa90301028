"""One patient's way through events that are judged outright, each once, when it comes."""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

from engine.outright.past import Past
from engine.standing import Sight, Standing
from engine.timeline.clinical_order import in_clinical_order, named
from engine.told import Told

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from engine.events.event import Event
    from engine.events.when import When
    from engine.facts.asking import Truths
    from engine.facts.judging import JudgedTopic
    from engine.outright.program import OutrightProgram
    from engine.ready import Decided, Ready

_start = attrgetter("at.start")


class Walk(Told):
    """What each topic says of a patient all of whose events have one instant each."""

    def __init__(self, ready: Ready, program: OutrightProgram, as_of: When) -> None:
        super().__init__(ready, as_of)
        self._program = program
        self._past = Past(program, ready.zone, self.moment)
        self._nothing = {name: Standing.nothing(name) for name in program.judged}
        self._heres: dict[int, Event | None] = {}
        self.standings = {**self._nothing}

    def just_before(self, now: When) -> Sight:  # noqa: ARG002  no later instant changes the past
        """Return what is seen of the past."""
        return Sight(self._past, self._program.judged, self.standings)

    def step(self, now: When, begun: list[Event]) -> None:
        """Judge what is to be judged at an instant."""
        past, groups_of = self._past, self._program.groups_of
        past.add(begun)
        groups = groups_of[begun[0].kind] if len(begun) == 1 else [
            group for kind in {event.kind: None for event in begun} for group in groups_of[kind]]
        for group in groups:
            here = past.answer(group.anchor, None)
            if here is self._heres.get(group.anchor.number):
                continue
            self._heres[group.anchor.number] = here
            for judged, decided in group.topics:
                standing = self._judged(judged, decided, here)
                if standing is not self.standings[standing.name]:
                    self.tell(judged.topic, standing, now)

    def _judged(self, judged: JudgedTopic, decided: Mapping[Truths, Decided],
                here: Event | None) -> Standing:
        """Return what a topic says of an event."""
        name, past = judged.topic.name, self._past
        if here is None:
            return self._nothing[name]
        truths = judged.truths(past, here, None)
        found = decided.get(truths)
        decision, _ = found or self.assessor.decision(self.assessor.by_name[name], truths)
        if decision.value is not None:
            return Standing(name, decision.value, decision.rule, decision.undecided, here, truths,
                            decision.overrode, judged.severity(past, here),
                            judged.begins(decision.rule, past, here))
        if not decision.undecided:
            return self._nothing[name]
        return Standing(name, None, decision.rule, decision.undecided, here, truths)

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
