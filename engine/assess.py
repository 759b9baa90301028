"""What a rulebook concludes about one patient as of a moment: the stages in order.

An assessment is a pure function of the events known, the rulebook and the moment. The patient's
instants are gone through once: those at which events begin, and those at which the mere passing
of time changes an answer. At each, only the topics whose inputs may have changed are judged again.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from engine.episodes import Episode, close, extend
from engine.events.when import When, just_before, moment_of
from engine.facts.chart import NEVER, Chart
from engine.facts.judging import JudgedTopic, judged_topic
from engine.facts.program import Program, compile_program
from engine.inference.decisions import Decision, decision_of
from engine.inference.inference import Inference, NetworkName
from engine.inference.topics import asked_topics, refuse_too_large
from engine.standing import Details, Sight, Standing
from engine.timeline.clinical_order import in_clinical_order

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from engine.events.event import Event
    from engine.rulebook.definitions import Rulebook, Topic


_MOST_KEPT = 100_000  # decisions of one topic


class Assessor:
    """A rulebook made ready to assess patients; holds nothing about any of them.

    Raises RulebookError where a topic is too large for any network.
    """

    def __init__(self, rulebook: Rulebook, zone: ZoneInfo, network: NetworkName | None = None, *,
                 keep_answers: bool = True) -> None:
        self.rulebook, self.zone = rulebook, zone
        self.program: Program = compile_program(rulebook)
        refuse_too_large(rulebook.topics)
        self.inference = Inference(asked_topics(rulebook.topics), network)
        self.topics = tuple(
            judged_topic(topic, self.inference.inputs(topic.name), self.program)
            for topic in rulebook.topics)
        self.by_name = {judged.topic.name: judged for judged in self.topics}
        self._keeps = keep_answers
        self._decisions: dict[str, dict[tuple[bool | None, ...], Decision]] = {
            topic.name: {} for topic in rulebook.topics}
        self._mains = {name: kind.main for name, kind in rulebook.vocabulary.kinds.items()}

    def assess(self, events: Iterable[Event], as_of: When) -> Passage:
        """Return one patient's passage through the instants up to a moment.

        Of a patient without an event the moment itself is judged.
        """
        passage = Passage(self, as_of)
        for now, begun in self.instants(events, passage):
            passage.step(now, begun)
        return passage.with_moment()

    def decision(self, topic: Topic, truths: tuple[bool | None, ...]) -> Decision:
        """Return what a topic comes to where its criteria have these truths."""
        decisions = self._decisions[topic.name]
        decision = decisions.get(truths)
        if decision is None:
            decision = decision_of(topic, self.inference.ask(topic.name, truths))
            if self._keeps:
                if len(decisions) >= _MOST_KEPT:
                    decisions.clear()
                decisions[truths] = decision
        return decision

    def instants(self, events: Iterable[Event],
                 passage: Passage) -> Iterator[tuple[When, list[Event]]]:
        """Yield each instant up to the moment: of events that begin, or one that time alone makes.

        `events` are those that the passage has not come to yet. What comes next is asked anew
        after every step, as each may bring another instant.
        """
        waiting = in_clinical_order(
            (event for event in events if event.at.start <= passage.as_of.end), self._mains)
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
            yield _named(instant, begun, self.zone), begun


def _named(instant: datetime, begun: list[Event], zone: ZoneInfo) -> When:
    """Return the instant as it is written where an event begins; a bare date goes first."""
    if len(begun) == 1 and not begun[0].at.is_date:
        return begun[0].at
    texts = sorted((not event.at.is_date, event.at.text) for event in begun)
    return moment_of(instant, zone, texts[0][1] if texts else "")


@dataclass
class Passage:
    """One patient's way through the instants, and what was concluded on it."""

    assessor: Assessor
    as_of: When
    chart: Chart = field(init=False)
    standings: dict[str, Standing] = field(default_factory=dict)
    episodes: dict[str, list[Episode]] = field(default_factory=dict)
    _stood: dict[str, Standing] = field(default_factory=dict)
    _said: dict[str, str] = field(default_factory=dict)
    _past: Sight | None = None

    def __post_init__(self) -> None:
        self.chart = Chart(self.assessor.program, self.assessor.zone)

    def copy(self) -> Passage:
        """Return a passage that goes on by itself from where this one is."""
        twin = Passage(self.assessor, self.as_of)
        twin.chart = self.chart.copy()
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
        """Give all that holds its details, as of the moment."""
        sight = Sight(self.chart.seen_at(self.moment), self.assessor.by_name, {**self.standings})
        for name, standing in self.standings.items():
            if standing.value is not None:
                details, last = Details(standing, sight), self.episodes[name][-1]
                self.standings[name] = standing.with_details(details)
                last.standing = last.standing.with_details(details)

    @property
    def moment(self) -> When:
        """The instant asked about: the end of what was named."""
        return moment_of(self.as_of.end, self.assessor.zone, self.as_of.text)

    def next_change(self) -> datetime:
        """Return the next instant at which the passing of time may change a conclusion."""
        return min(self.chart.due.values(), default=NEVER)

    def step(self, now: When, begun: list[Event]) -> None:
        """Bring up to date, at an instant, whatever may have changed: each topic once."""
        chart, order = self.chart, self.assessor.program.order
        places, looked_at = order.places, order.looked_at
        chart.advance(now, begun)
        self._past, self._stood = None, {}
        done = 0
        while waiting := chart.waiting & ~done:
            bit = waiting & -waiting
            chart.waiting = waiting ^ bit
            index = bit.bit_length() - 1
            place = places[index]
            if not place.is_topic:
                chart.refresh(index)
            else:
                judged = self.assessor.topics[place.number]
                here = None if judged.anchor is None else chart.present[judged.anchor.number]
                if here is None or place.name not in looked_at or (
                        not self._waits(place.name, here, bit)):
                    done |= bit
                    self._judge(judged, here, index, now)
        chart.waiting = 0

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
        if not chart.waiting & (bit - 1):
            return False
        chart.waiting |= bit
        return True

    def _judge(self, judged: JudgedTopic, here: Event | None, place: int, now: When) -> None:
        """Bring one topic up to date, and doubt what reads it if it has changed."""
        chart, name = self.chart, judged.topic.name
        before, said = self.standings.get(name), self._said.pop(name, None)
        chart.horizon = NEVER
        if judged.anchor is not None and here is None:
            standing = Standing.nothing(name)
        else:
            standing = self._concluded(judged, here, before)
        chart.set_due(place)
        if self._record(standing, said):
            chart.forget_conclusion(name)
        if standing is not before:
            self._set(judged.topic, standing, now)

    def _concluded(self, judged: JudgedTopic, here: Event | None,
                   before: Standing | None) -> Standing:
        """Return what a topic says; the standing before where it says the same."""
        chart = self.chart
        truths = judged.truths(chart, here)
        decision = self.assessor.decision(judged.topic, truths)
        severity, dated = "", None
        if decision.value is not None:
            severity = judged.severity(chart, here)
            dated = judged.begins(decision.rule, chart, here)
        if (before is not None and before.here is here and before.truths == truths
                and before.severity == severity and before.dated == dated):
            return before
        return Standing(judged.topic.name, decision.value, decision.rule, decision.undecided,
                        here, truths, decision.overrode, severity, dated)

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

    def _set(self, topic: Topic, standing: Standing, now: When) -> None:
        name = topic.name
        episodes = self.episodes.setdefault(name, [])
        before = self.standings.get(name)
        if before is not None and before.value is not None:
            each = topic.alert is not None and topic.alert.per_event
            if before.value != standing.value or (each and not _same(before, standing)):
                close(episodes[-1], now, standing, Details(before, self._just_before(now)))
        if standing.value is not None:
            extend(episodes, standing, now)
        if before is not None:
            self._stood.setdefault(name, before)
        self.standings[name] = standing

    def _just_before(self, now: When) -> Sight:
        """Return what was seen of the patient just before an instant, which is being judged."""
        if self._past is None:
            then = moment_of(just_before(now.start), self.assessor.zone)
            self._past = Sight(self.chart.seen_before(then), self.assessor.by_name,
                               {**self.standings, **self._stood})
        return self._past


def _same(before: Standing, standing: Standing) -> bool:
    """Whether both were judged at one and the same event."""
    one, other = before.here, standing.here
    return one is other or (one is not None and other is not None and one.id == other.id)
