"""One patient's way through the instants: at each, what may have changed is judged again.

Of a topic only what can decide it is asked, and a fact that no topic looks at is not worked out,
unless the whole is wanted for an explanation.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from msgspec.structs import replace

from engine.events.when import When, just_before, moment_of
from engine.facts.chart import NEVER, Chart
from engine.standing import Details, Sight, Standing
from engine.told import Told

if TYPE_CHECKING:
    from datetime import datetime

    from engine.events.event import Event
    from engine.facts.asking import Truths
    from engine.facts.judging import JudgedTopic
    from engine.inference.decisions import Decision


@dataclass
class Passage(Told):
    """One patient's way through the instants, and what was concluded on it."""

    whole: bool = False
    chart: Chart = field(init=False)
    _stood: dict[str, Standing] = field(default_factory=dict)
    _said: dict[str, str] = field(default_factory=dict)
    _past: Sight | None = None
    _decided: dict[str, tuple[Truths, Decision]] = field(default_factory=dict)
    _looked_at: dict[str, int] = field(default_factory=dict)
    _wanted: int = -1

    def __post_init__(self) -> None:
        self.chart = Chart(self.assessor.program, self.assessor.zone)
        if not self.whole:
            self._wanted = self.assessor.always_looked_at

    def copy(self) -> Passage:
        """Return a passage that goes on by itself from where this one is."""
        twin = Passage(self.assessor, self.as_of, whole=self.whole)
        twin.chart = self.chart.copy()
        twin._decided, twin._looked_at = {**self._decided}, {**self._looked_at}
        twin._wanted = self._wanted
        twin.standings = {**self.standings}
        twin.episodes = {name: [replace(each) for each in episodes]
                         for name, episodes in self.episodes.items()}
        return twin

    def with_moment(self) -> Passage:
        """Return this passage with the details of all that holds at its moment.

        Of a patient without an event it is a copy that judges the moment itself, so that this one
        can still go on with the first event.
        """
        if not self.standings:
            twin = self.copy()
            twin.step(self.moment, [])
            twin._look()
            return twin
        self._look()
        return self

    def _look(self) -> None:
        self.look(Sight(self.chart.seen_at(self.moment), self.assessor.by_name,
                        {**self.standings}))

    def next_change(self) -> datetime:
        """Return the next instant at which the passing of time may change a conclusion."""
        return min(self.chart.due.values(), default=NEVER)

    def step(self, now: When, begun: list[Event]) -> None:
        """Bring up to date, at an instant, whatever may have changed: each topic once."""
        chart, order = self.chart, self.assessor.program.order
        places, looked_at = order.places, order.looked_at
        chart.advance(now, begun)
        self._past, self._stood = None, {}
        judged_already, to_do = 0, self._wanted
        while waiting := chart.waiting & to_do:
            place = places[(waiting & -waiting).bit_length() - 1]
            if not place.is_topic:
                chart.refresh(place)
                continue
            chart.waiting ^= place.bit
            judged = self.assessor.topics[place.number]
            here = None if judged.anchor is None else chart.present[judged.anchor.number]
            if here is None or place.name not in looked_at or (
                    not self._waits(place.name, here, place.bit)):
                judged_already |= place.bit
                self._judge(judged, here, place.bit, now)
                to_do = self._wanted & ~judged_already
        chart.waiting &= ~order.topics

    def _waits(self, name: str, here: Event, bit: int) -> bool:
        """Take back what was said of an event that is judged again: the rules may read verdicts.

        Return whether facts that stand before the topic read it, and have to be asked first.
        """
        chart = self.chart
        said = chart.judged(name).get(here)
        if said is None:
            return False
        chart.take_back(name, here)
        self._said[name] = said
        chart.touch(self.assessor.program.order.touched[name], before=bit - 1)
        if not chart.waiting & self._wanted & (bit - 1):
            return False
        chart.waiting |= bit
        return True

    def _judge(self, judged: JudgedTopic, here: Event | None, bit: int, now: When) -> None:
        """Bring one topic up to date, and doubt what reads it if it has changed."""
        chart, name = self.chart, judged.topic.name
        before, said = self.standings.get(name), self._said.pop(name, None)
        chart.horizon = NEVER
        if judged.anchor is not None and here is None:
            standing = Standing.nothing(name)
        else:
            standing = self._concluded(judged, here, before)
        chart.note_due(bit)
        if self._record(standing, said):
            chart.forget_conclusion(name, here)
        if standing is not before:
            self.tell(judged.topic, standing, now)
            if before is not None:
                self._stood.setdefault(name, before)

    def _concluded(self, judged: JudgedTopic, here: Event | None,
                   before: Standing | None) -> Standing:
        """Return what a topic says; the standing before where it says the same."""
        chart = self.chart
        truths = judged.all_truths(chart, here, None) if self.whole else (
            judged.truths(chart, here, None))
        decision = self._decision(judged, truths)
        severity, dated = "", None
        if decision.value is not None:
            severity = judged.severity(chart, here)
            dated = judged.begins(decision.rule, chart, here)
        if (before is not None and before.here is here and before.truths == truths
                and before.severity == severity and before.dated == dated):
            return before
        return Standing(judged.topic.name, decision.value, decision.rule, decision.undecided,
                        here, truths, decision.overrode, severity, dated)

    def _decision(self, judged: JudgedTopic, truths: Truths) -> Decision:
        """Return what a topic comes to; what it looks at for that is kept up to date from now on.
        """
        name, assessor = judged.topic.name, self.assessor
        last = self._decided.get(name)
        if last is not None and last[0] == truths and assessor.keeps:
            return last[1]
        decision, looked_at = assessor.decision(judged, truths)
        self._decided[name] = truths, decision
        if not self.whole and self._looked_at.get(name) != looked_at:
            self._looked_at[name] = looked_at
            self._wanted = reduce(or_, self._looked_at.values(), assessor.always_looked_at)
        return decision

    def _record(self, standing: Standing, said: str | None) -> bool:
        """Note the value, and the verdict on the event judged; return whether either is new."""
        chart, name = self.chart, standing.name
        shown = standing.value or ""
        value: str | frozenset[str] = shown
        if standing.rule is None and standing.undecided:
            # no rule is certain: it may come to what is open, or to nothing, and for others what
            # stands in for it until then is no answer
            value = frozenset((shown, "", *standing.undecided))
        changed = name not in chart.values or chart.values[name] != value
        if changed:
            chart.values = {**chart.values, name: value}
        if standing.here is None or name not in self.assessor.program.order.looked_at:
            return changed
        if standing.value is not None:
            chart.say(name, standing.here, standing.value)
        return changed or said != standing.value

    def last_shown(self, before: Standing, now: When) -> Details:
        """Return what was to be seen beside a value just before an instant, which is being judged.
        """
        if self._past is None:
            then = moment_of(just_before(now.start), self.assessor.zone)
            self._past = Sight(self.chart.seen_before(then), self.assessor.by_name,
                               {**self.standings, **self._stood})
        return Details(before, self._past).found()
