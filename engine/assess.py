"""What a rulebook concludes about one patient as of a moment: the stages in order.

An assessment is a pure function of the events known, the rulebook and the moment. The patient's
instants are gone through once: those at which events begin, and those at which the mere passing
of time changes an answer. At each, only the topics whose inputs may have changed are judged again.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from engine.episodes import Episode, Standing, close, extend
from engine.events.when import When, moment_of
from engine.facts.chart import NEVER, Chart, in_clinical_order
from engine.facts.evidence import evidence
from engine.facts.judging import JudgedTopic, judged_topic
from engine.facts.program import Program, compile_program
from engine.facts.wording import fill_in
from engine.inference.inference import Inference, NetworkName
from engine.inference.topics import asked_topics, refuse_too_large

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from engine.events.event import Event
    from engine.inference.inference import Answer
    from engine.rulebook.definitions import Rulebook, Topic


@dataclass(frozen=True, slots=True)
class Decision:
    """The value that holds by its rule, the values that may yet hold, and those it goes before."""

    value: str | None
    rule: str | None
    undecided: tuple[str, ...]
    overrode: tuple[str, ...]


class Assessor:
    """A rulebook made ready to assess patients; holds nothing about any of them.

    Raises RulebookError where a topic is too large for any network.
    """

    def __init__(self, rulebook: Rulebook, zone: ZoneInfo, network: NetworkName | None = None, *,
                 keep_answers: bool = True) -> None:
        self.rulebook, self.zone = rulebook, zone
        self.program: Program = compile_program(rulebook)
        refuse_too_large(rulebook.topics)
        self.inference = Inference(asked_topics(rulebook.topics), network, keep_answers)
        self.topics = tuple(
            judged_topic(topic, self.inference.inputs(topic.name), self.program)
            for topic in rulebook.topics)
        self._decisions: dict[tuple[str, Answer], Decision] = {}
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
        answer = self.inference.ask(topic.name, truths)
        key = topic.name, answer
        decision = self._decisions.get(key)
        if decision is None:
            decision = self._decisions[key] = _decision(topic, answer)
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
    _due: dict[str, datetime] = field(default_factory=dict)
    _decided: dict[str, tuple[int, datetime]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.chart = Chart(self.assessor.program, self.assessor.zone)

    def copy(self) -> Passage:
        """Return a passage that goes on by itself from where this one is."""
        twin = Passage(self.assessor, self.as_of)
        twin.chart = self.chart.copy()
        twin.standings, twin._due = {**self.standings}, {**self._due}
        twin._decided = {**self._decided}
        twin.episodes = {name: [replace(each) for each in episodes]
                         for name, episodes in self.episodes.items()}
        return twin

    def with_moment(self) -> Passage:
        """Return this passage; of a patient without an event, one that judges the moment itself.

        That one is a copy, so that this one can still go on with the first event.
        """
        if self.standings:
            return self
        twin = self.copy()
        twin.step(moment_of(self.as_of.end, self.assessor.zone, self.as_of.text), [])
        return twin

    def next_change(self) -> datetime:
        """Return the next instant at which the passing of time may change a conclusion."""
        return min(self._due.values(), default=NEVER)

    def step(self, now: When, begun: list[Event]) -> None:
        """Judge, at an instant, every topic whose inputs may have changed."""
        changed = set(self.chart.advance(now, begun))
        for judged in self.assessor.topics:
            name = judged.topic.name
            if name in self.standings and not self._concerned(judged, changed):
                continue
            self.chart.horizon = NEVER
            if self._judge(judged, now):
                changed.add(name)
            self._due[name] = self.chart.horizon

    def _concerned(self, judged: JudgedTopic, changed: set[str]) -> bool:
        """Whether what has changed, or the time that has passed, may change a topic."""
        name = judged.topic.name
        late = self.chart.late
        return (judged.reach.touched_by(changed, late=late)
                or self._due[name] <= self.chart.now.start
                or (self.standings[name].value is not None
                    and judged.detail_reach.touched_by(changed, late=late)))

    def _judge(self, judged: JudgedTopic, now: When) -> bool:
        """Bring one topic up to date; return whether anything that others may read has changed."""
        chart, name = self.chart, judged.topic.name
        before, here, changed = self.standings.get(name), None, False
        if judged.anchor is not None and (here := chart.answer(judged.anchor, None)) is None:
            standing = Standing.nothing()
            changed = self._record(name, standing, None)
        elif before is not None and self._still_holds(judged, before, here):
            standing = before
        else:
            said = self._forget_verdict(name, here)
            standing = self._concluded(judged, here)
            changed = self._record(name, standing, said)
        if changed:
            chart.forget_conclusion(name)
        if standing.value is not None:
            standing = self._detailed(judged, standing)
        self._set(judged.topic, standing, now)
        return changed

    def _still_holds(self, judged: JudgedTopic, before: Standing, here: Event | None) -> bool:
        """Whether nothing that decided a topic has changed since it was judged at the same event.
        """
        chart, name = self.chart, judged.topic.name
        if before.here is not here or name not in self._decided:
            return False
        tick, due = self._decided[name]
        if due <= chart.now.start or not chart.is_unchanged(judged.reads, tick):
            return False
        chart.horizon = min(chart.horizon, due)
        return True

    def _concluded(self, judged: JudgedTopic, here: Event | None) -> Standing:
        chart, name = self.chart, judged.topic.name
        truths = judged.truths(chart, here)
        self._decided[name] = chart.tick, chart.horizon
        decision = self.assessor.decision(judged.topic, truths)
        return Standing(decision.value, decision.rule, decision.undecided, here, truths,
                        overrode=decision.overrode)

    def _forget_verdict(self, name: str, here: Event | None) -> str | None:
        """Take back what was said of an event that is judged again: its rules may read verdicts."""
        if here is None:
            return None
        judged = self.chart.verdicts.get(name)
        before = None if judged is None else judged.take_back(here)
        if before is not None:
            self.chart.forget_conclusion(name)
        return before

    def _record(self, name: str, standing: Standing, before: str | None) -> bool:
        """Note the value, and the verdict on the event judged, for those who read them."""
        chart = self.chart
        open_ = standing.value is None and bool(standing.undecided)
        value = None if open_ else (standing.value or "")
        changed = name not in chart.values or chart.values[name] != value
        chart.values[name] = value
        if standing.here is None:
            return changed
        if standing.value is not None:
            chart.judged(name).say(standing.here, standing.value)
        return changed or before != standing.value

    def _set(self, topic: Topic, standing: Standing, now: When) -> None:
        episodes = self.episodes.setdefault(topic.name, [])
        before = self.standings.get(topic.name)
        if before is not None and before.value is not None:
            each = topic.alert is not None and topic.alert.per_event
            if before.value != standing.value or (each and not _same(before, standing)):
                close(episodes, now, standing)
        if standing.value is not None:
            extend(episodes, standing, now)
        self.standings[topic.name] = standing

    def _detailed(self, judged: JudgedTopic, standing: Standing) -> Standing:
        """Add what a reader sees beside the value: evidence, caveats, severity and message."""
        chart, here, topic = self.chart, standing.here, judged.topic
        caveats = [name for name, run in judged.caveats if run(chart, here, None)]
        if standing.rule is not None and topic.alert is None:
            caveats += [f"could-be-{value}" for value in standing.undecided]
        rule = judged.rule(standing.rule) if standing.rule else None
        severity = next((name for name, run in judged.severities
                         if run is None or run(chart, here, None)), "")
        message = ""
        if topic.alert is not None:
            advice = [text for text, run in judged.advice if run(chart, here, None)]
            message = " ".join(fill_in(text, topic.words, chart, here)
                               for text in (topic.alert.message, *advice))
        dated = judged.dated[rule.id](chart, here, None) if rule and rule.dated else None
        grounds = judged.grounds[standing.rule]
        rests = evidence(grounds.terms, chart, here)
        for name in grounds.conclusions:
            if name in self.standings:
                rests.follow(self.standings[name].rests)
        return standing.with_details(rests, tuple(sorted(set(caveats))), severity, message,
                                     dated.at if dated is not None else None)


def _same(before: Standing, standing: Standing) -> bool:
    """Whether both were judged at one and the same event."""
    one, other = before.here, standing.here
    return one is other or (one is not None and other is not None and one.id == other.id)


def _decision(topic: Topic, answer: Answer) -> Decision:
    """Return the first value in order that is certain, or else the fallback of what is open."""
    certain = {rule.value: rule.id for rule in reversed(topic.rules) if rule.id in answer.certain}
    possible = {rule.value for rule in topic.rules if rule.id in answer.possible}
    value = next((each for each in topic.values if each in certain), None)
    rank = topic.values.index(value) if value else len(topic.values)
    undecided = tuple(each for each in topic.values[:rank]
                      if each in possible and each not in certain)
    rule = certain.get(value) if value else None
    if value is None and undecided:
        value = topic.fallback
    overrode = tuple(each for each in topic.values if each in certain and each != value)
    return Decision(value, rule, undecided, overrode)
