"""One patient's way through events that are judged outright, each once, when it comes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import force_setattr

from engine.events.when import FIRST, When
from engine.outright.groups import Stand
from engine.outright.past import NOT_KNOWN, Past, start
from engine.standing import Details, Shown, Sight
from engine.timeline.clinical_order import in_clinical_order, named
from engine.told import Told

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from engine.events.event import Event
    from engine.outright.groups import Group, Said
    from engine.outright.program import OutrightProgram
    from engine.ready import Ready
    from engine.standing import Standing


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
        self.standings = {**program.nothing}
        self._stands = [Stand() for _ in program.groups]

    def last_shown(self, before: Standing, now: When) -> Details | Shown:  # noqa: ARG002
        """Return what was to be seen beside a value, which no later instant changes."""
        return before.details or Details(before, self._sees()).found()

    def _sees(self) -> Sight:
        return _SightBack(self._past, self._program.judged, self.standings)

    def step(self, now: When, event: Event) -> None:
        """Judge what is to be judged where an event begins alone."""
        meaning = self._program.of_kind[event.kind]
        self._past.add(event, meaning)
        for group in meaning.groups:
            self._judge(group, now)

    def step_all(self, now: When, begun: Sequence[Event]) -> None:
        """Judge what is to be judged at an instant."""
        self._past.add_all(begun)
        for kind in dict.fromkeys(event.kind for event in begun):
            for group in self._program.of_kind[kind].groups:
                self._judge(group, now)

    def _judge(self, group: Group, now: When) -> None:
        """Judge the topics of a group, if the event that they are judged at is another one."""
        past, stand = self._past, self._stands[group.place]
        here = past.known[group.anchor.number]
        if here is NOT_KNOWN:
            here = past.found(group.anchor)
        if here is stand.here:
            return
        stand.here = here
        for record in stand.raised:
            force_setattr(record, "end", now.text)  # nobody has been given it yet
        stand.raised.clear()
        if here is None:
            stand.came = None
            for judged in group.topics:
                if self.standings[judged.topic.name].here is not None:
                    self.tell(judged.topic, self._program.nothing[judged.topic.name], now)
            return
        if here.at.start < past.newest:
            past = past.back_at(here)
        truths = group.ask(past, here, None)
        came = stand.came = group.known.get(truths) or (
            group.learn(truths, self._program, self.assessor))
        for said in came.raise_:
            record = said.raised(past, here, now)
            stand.raised.append(record)
            self.raised.append((now.start, record.rule, record))
        for said in came.others:
            self._tell(said, here, past, now)

    def _tell(self, said: Said, here: Event, past: Past, now: When) -> None:
        """Note what a topic says that may hold on from event to event."""
        topic, decision = said.judged.topic, said.decision
        if decision.value is not None:
            self.tell(topic, said.standing(
                here, said.severity(past, here), said.judged.begins(decision.rule, past, here),
                None if said.show is None else said.show(past, here)), now)
        elif decision.undecided:
            self.tell(topic, said.standing(here, "", None, None), now)
        elif self.standings[topic.name].here is not None:
            self.tell(topic, self._program.nothing[topic.name], now)

    def arrive(self) -> None:
        """See all that holds as of the moment."""
        for stand in self._stands:
            if stand.here is not None and stand.came is not None:
                for said in stand.came.open:
                    self.standings[said.judged.topic.name] = said.standing(
                        stand.here, "", None, None)
                for said, record in zip(stand.came.raise_, stand.raised, strict=True):
                    self.standings[record.rule] = said.standing(
                        stand.here, record.severity, None,
                        Shown(record.evidence, record.caveats, record.message))
        self.look(self._sees())


def walked(ready: Ready, program: OutrightProgram, events: Iterable[Event],
           as_of: When) -> Walk | None:
    """Return one patient's way up to a moment; None where not all can be judged outright.

    That is so where an event begins within another, of which only the day is known, and where
    nothing has happened yet.
    """
    seen = sorted(events, key=start)
    while seen and seen[-1].at.start > as_of.end:
        seen.pop()
    steps = _apart(seen)
    if not steps:
        return None
    walk = Walk(ready, program, as_of)
    for begun in steps:
        at = begun[0].at
        if len(begun) > 1:
            together = in_clinical_order(begun, ready.mains)
            walk.step_all(named(at.start, together, ready.zone), together)
        elif at.start == at.end:
            walk.step(at, begun[0])
        else:
            walk.step(When(at.start, at.start, at.day, at.text), begun[0])
    walk.arrive()
    return walk


def _apart(events: Sequence[Event]) -> list[list[Event]]:
    """Return events in order, those together that begin and end together.

    Nothing, if another begins within one of them, or one of them where time does.
    """
    steps: list[list[Event]] = []
    started = over = FIRST
    for event in events:
        at = event.at
        if at.start > over:
            steps.append([event])
            started, over = at.start, at.end
        elif steps and at.start == started and at.end == over:
            steps[-1].append(event)
        else:
            return []
    return steps
