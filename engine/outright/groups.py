"""What do the topics come to that are judged at one and the same event?

What they come to depends on the truths of their criteria alone, so that is found once for each
combination of truths, and with it all that is to be done.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from msgspec import Struct

from engine.records import AlertRecord, cites_of
from engine.standing import Standing

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from engine.events.event import Event
    from engine.events.when import When
    from engine.facts.asking import Truths
    from engine.facts.chart import Chart
    from engine.facts.judging import JudgedTopic
    from engine.facts.program import Question
    from engine.inference.decisions import Decision
    from engine.outright.past import Past
    from engine.outright.program import OutrightProgram
    from engine.outright.shown import Show
    from engine.ready import Ready
    from engine.rulebook.definitions import Rulebook, Topic
    from engine.standing import Shown

_MOST_KNOWN = 1 << 14  # combinations of truths of one group


class Said(Struct, frozen=True, eq=False):
    """What a topic comes to; `show` is there where each event makes an alert of its own.

    `graded` is None where the severity depends on more; `cites` are those of an alert.
    """

    judged: JudgedTopic
    truths: Truths
    decision: Decision
    graded: str | None
    show: Show | None
    cites: tuple[str, ...]

    def severity(self, past: Past, here: Event) -> str:
        """Return how grave an alert is."""
        return self.judged.severity(past, here) if self.graded is None else self.graded

    def raised(self, past: Past, here: Event, begun: When) -> AlertRecord:
        """Return the alert of one event, which holds until another event is judged."""
        assert self.show is not None
        value, begin, shown = self.decision.value, begun.text, self.show(past, here)
        return AlertRecord(
            f"{value}@{begin}", self.judged.topic.name,
            self.graded or self.severity(past, here), begin, None,
            shown.message, shown.evidence, shown.caveats, self.cites)

    def standing(self, here: Event, severity: str, dated: When | None,
                 shown: Shown | None) -> Standing:
        """Return what is said of an event."""
        decision = self.decision
        return Standing(self.judged.topic.name, decision.value, decision.rule, decision.undecided,
                        here, self.truths, decision.overrode, severity, dated, shown)


@dataclass(slots=True)
class Came:
    """What the topics of a group came to.

    `raise_` are alerts of the event alone. Those that raise such alerts and are undecided are
    `open`; the `others` hold on from event to event, or have to do with one another.
    """

    raise_: list[Said] = field(default_factory=list)
    open: list[Said] = field(default_factory=list)
    others: list[Said] = field(default_factory=list)


@dataclass(slots=True)
class Stand:
    """How a group stands with a patient: the event judged, what came of it, and what it raised."""

    here: Event | None = None
    came: Came | None = None
    raised: list[AlertRecord] = field(default_factory=list)


@dataclass(slots=True)
class Group:
    """The topics that are judged at one and the same event; `apart` are alerts of the event alone.

    `ask` asks what can decide any of them; `places` are those of each topic's truths among these.
    `known` is what they came to where the truths were these.
    """

    place: int
    anchor: Question
    topics: list[JudgedTopic]
    apart: Collection[str]
    ask: Callable[[Chart, Event | None, Event | None], Truths]
    places: list[list[int]]
    known: dict[Truths, Came] = field(default_factory=dict)

    def learn(self, truths: Truths, program: OutrightProgram, ready: Ready) -> Came:
        """Return what the topics come to where the truths are these, and keep it."""
        if len(self.known) >= _MOST_KNOWN:
            self.known.clear()
        found = self.known[truths] = self._came(truths, program, ready)
        return found

    def _came(self, truths: Truths, program: OutrightProgram, ready: Ready) -> Came:
        came = Came()
        for judged, places in zip(self.topics, self.places, strict=True):
            said = _said(judged, tuple(truths[each] for each in places), program, ready)
            if judged.topic.name not in self.apart:
                came.others.append(said)
            elif said.decision.value is not None:
                came.raise_.append(said)
            elif said.decision.undecided:
                came.open.append(said)
        return came


def _said(judged: JudgedTopic, truths: Truths, program: OutrightProgram, ready: Ready) -> Said:
    topic = judged.topic
    decision, _ = ready.decision(ready.by_name[topic.name], truths)
    name, when = judged.severities[0] if judged.severities else ("", None)
    shows = topic.alert is not None and topic.alert.per_event and decision.value is not None
    return Said(judged, truths, decision, name if when is None else None,
                program.show(judged, decision.rule) if shows else None,
                cites_of(topic) if shows else ())


def alerts_apart(rulebook: Rulebook) -> frozenset[str]:
    """Return the alerts of which each belongs to one event, and to no other alert."""
    subsumed = {name for topic in rulebook.topics if topic.alert is not None
                for name in topic.alert.subsumes}
    return frozenset(topic.name for topic in rulebook.topics
                     if _is_apart(topic) and topic.name not in subsumed)


def _is_apart(topic: Topic) -> bool:
    return topic.alert is not None and topic.alert.per_event and not topic.alert.subsumes and (
        all(rule.dated is None for rule in topic.rules))
