"""One patient's way through events that are judged outright, each once, when it comes."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING

from engine.events.when import FIRST
from engine.outright.past import Past
from engine.standing import Details, Shown, Sight, Standing
from engine.timeline.clinical_order import in_clinical_order, named
from engine.told import Told

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.events.event import Event
    from engine.events.when import When
    from engine.outright.program import Group, OutrightProgram, Said
    from engine.ready import Ready

_start = attrgetter("at.start")


class _SightBack(Sight):
    """What is seen of events that are over, each asked at for itself."""

    __slots__ = ()

    def chart_at(self, here: Event | None) -> Past:
        """Return the chart to be asked at an event."""
        assert isinstance(self.chart, Past)
        return self.chart.back_at(here)


class Walk(Told):
    """What each topic says of a patient, of whose events none begins within another."""

    def __init__(self, ready: Ready, program: OutrightProgram, as_of: When) -> None:
        super().__init__(ready, as_of)
        self._program = program
        self._past = Past(program, ready.zone, self.moment)
        self._heres: dict[int, Event | None] = {}
        self._nothing = {name: Standing.nothing(name) for name in program.judged}
        self.standings = {**self._nothing}

    def last_shown(self, before: Standing, now: When) -> Details | Shown:  # noqa: ARG002
        """Return what was to be seen beside a value, which no later instant changes."""
        return before.details or Details(before, self._sees()).found()

    def _sees(self) -> Sight:
        return _SightBack(self._past, self._program.judged, self.standings)

    def step(self, now: When, begun: list[Event]) -> None:
        """Judge what is to be judged at an instant."""
        groups_of = self._program.groups_of
        self._past.add(begun)
        for kind in dict.fromkeys([event.kind for event in begun]):
            for group in groups_of[kind]:
                self._judge(group, now)

    def _judge(self, group: Group, now: When) -> None:
        """Judge the topics of a group, if the event that they are judged at is another one."""
        number, here = group.anchor.number, self._past.answer(group.anchor, None)
        if here is self._heres.get(number):
            return
        self._heres[number] = here
        if here is None:
            for judged in group.topics:
                self.tell(judged.topic, self._nothing[judged.topic.name], now)
            return
        past = self._past.back_at(here)
        for said in group.said(past, here, self.assessor):
            topic, decision = said.judged.topic, said.decision
            if decision.value is not None:
                self.tell(topic, self._holds(said, decision.value, here, past), now)
            elif decision.undecided:
                self.tell(topic, Standing(topic.name, None, None, decision.undecided, here,
                                          said.truths), now)
            elif self.standings[topic.name].here is not None:
                self.tell(topic, self._nothing[topic.name], now)

    def _holds(self, said: Said, value: str, here: Event, past: Past) -> Standing:
        """Return what is said of an event where a value holds."""
        judged, decision = said.judged, said.decision
        shown = None if said.evidence is None else Shown(
            said.evidence(past, here),
            judged.caveats_of(past, here, decision.rule, decision.undecided),
            judged.message_of(past, here))
        severity = judged.severity(past, here) if said.severity is None else said.severity
        dated = judged.begins(decision.rule, past, here) if judged.dated else None
        return Standing(judged.topic.name, value, decision.rule, decision.undecided, here,
                        said.truths, decision.overrode, severity, dated, shown)

    def arrive(self) -> None:
        """See all that holds as of the moment."""
        self.look(self._sees())


def walked(ready: Ready, program: OutrightProgram, events: Iterable[Event],
           as_of: When) -> Walk | None:
    """Return one patient's way up to a moment; None where not all can be judged outright.

    That is so where an event begins within another, of which only the day is known, and where
    nothing has happened yet.
    """
    seen = sorted((event for event in events if event.at.start <= as_of.end), key=_start)
    if not seen:
        return None
    walk, over, place = Walk(ready, program, as_of), FIRST, 0
    while place < len(seen):
        at, first = seen[place].at, place
        if at.start <= over:
            return None
        place += 1
        while place < len(seen) and seen[place].at.start == at.start:
            if seen[place].at.end != at.end:
                return None
            place += 1
        begun = seen[first:place]
        if len(begun) > 1:
            begun = in_clinical_order(begun, ready.mains)
        walk.step(named(at.start, begun, ready.zone), begun)
        over = at.end
    walk.arrive()
    return walk
