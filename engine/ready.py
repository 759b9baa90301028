"""A rulebook made ready to judge patients by: compiled once, and what was decided is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.facts.judging import JudgedTopic, judged_topic
from engine.facts.program import Program, compile_program
from engine.inference.decisions import Decision, decision_of
from engine.inference.inference import Inference, NetworkName
from engine.inference.topics import asked_topics, refuse_too_large

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from engine.facts.asking import Truths
    from engine.rulebook.definitions import Rulebook

_MOST_KEPT = 100_000  # decisions of one topic


class Ready:
    """A rulebook made ready, for one time zone; holds nothing about any patient.

    It `keeps` what was decided, unless it is asked not to. `always_looked_at` are the places of
    all topics, and of the facts behind the events that they are judged at. Raises RulebookError
    where a topic is too large for any network.
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
        self.always_looked_at = self.program.order.topics
        for judged in self.topics:
            self.always_looked_at |= judged.behind_anchor
        self.keeps = keep_answers
        self._decisions: dict[str, dict[Truths, tuple[Decision, int]]] = {
            topic.name: {} for topic in rulebook.topics}
        self.mains = {name: kind.main for name, kind in rulebook.vocabulary.kinds.items()}

    def decision(self, judged: JudgedTopic, truths: Truths) -> tuple[Decision, int]:
        """Return what a topic comes to where its criteria have these truths.

        With it go the places of all facts that were looked at to find that.
        """
        topic = judged.topic
        decisions = self._decisions[topic.name]
        found = decisions.get(truths)
        if found is None:
            decision = decision_of(topic, self.inference.ask(topic.name, tuple(
                None if truth is ... else truth for truth in truths)))
            found = decision, judged.looked_at(truths, holds=decision.value is not None)
            if self.keeps:
                if len(decisions) >= _MOST_KEPT:
                    decisions.clear()
                decisions[truths] = found
        return found
