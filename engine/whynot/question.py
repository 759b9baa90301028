"""What is asked: that a conclusion has a value, that an alert is open, that a fact is so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.explain import explainable
from engine.problems import did_you_mean
from engine.request import RequestError
from engine.rulebook.terms import Ask
from engine.rulebook.types import TruthType
from engine.standing import Standing
from engine.whynot.unmet import Place, Unmet, unmet, unmet_topic
from engine.wording import one_of

if TYPE_CHECKING:
    from engine.assess import Assessor
    from engine.events.event import Event
    from engine.facts.judging import JudgedTopic
    from engine.passage import Passage
    from engine.rulebook.definitions import Rulebook

_TRUTHS = {"yes": True, "no": False}


@dataclass(frozen=True, slots=True)
class Question:
    """Why has `name` not this `value`? Of an alert: why is it not open?"""

    name: str
    value: str
    judged: JudgedTopic | None = None
    fact: Ask | None = None

    @property
    def text(self) -> str:
        """What is asked about, as a reader would write it."""
        alert = self.judged is not None and self.judged.topic.alert is not None
        return self.name if alert else f"{self.name} = {self.value}"

    @property
    def has_rule(self) -> bool:
        """Whether any rule gives the value; else it only stands in where none is certain."""
        return self.judged is None or any(
            rule.value == self.value for rule in self.judged.topic.rules)

    def holds(self, passage: Passage) -> bool:
        """Whether it is so where a passage ends."""
        if self.judged is not None:
            return self.standing(passage).value == self.value
        assert self.fact is not None
        return Place(passage).value(self.fact) is _TRUTHS[self.value]

    def standing(self, passage: Passage) -> Standing:
        """Return what is concluded instead."""
        return passage.standings.get(self.name, Standing.nothing(self.name))

    def unmet(self, passage: Passage) -> Unmet | None:
        """Return what stands against it."""
        if self.judged is not None:
            return unmet_topic(self.judged, frozenset({self.value}), Place(passage))
        assert self.fact is not None
        return unmet(self.fact, _TRUTHS[self.value], Place(passage))

    def anchors(self, passage: Passage, against: Unmet) -> list[Event]:
        """Return the events at which what is asked, and what it rests on, is judged."""
        names = {name for leaf in against.leaves() if leaf.place for name in leaf.place.topics}
        found = {}
        for judged in passage.assessor.topics:
            if judged.topic.name in names and judged.anchor is not None:
                event = passage.chart.answer(judged.anchor, None)
                if event is not None:
                    found[event.id] = event
        return list(found.values())


def question_of(assessor: Assessor, text: str) -> Question:
    """Return what a text like ``name=value`` asks, or raise RequestError with what to write.

    Of an alert the name alone is enough.
    """
    rulebook = assessor.rulebook
    name, equals, value = (part.strip() for part in text.partition("="))
    offered = explainable(rulebook)
    if name not in offered:
        advice = did_you_mean(name, offered) or (
            "for example " + ", ".join(rulebook.summary))
        raise RequestError(f"what: found {name!r}, expected a conclusion, an alert or a fact of "
                           f"the rulebook; {advice}")
    meant = offered[name]
    judged = assessor.by_name.get(meant)
    if judged is None:
        return _about_fact(rulebook, meant, value)
    if judged.topic.alert is not None:
        if equals and value not in ("open", meant):
            raise RequestError(f"what: found {text!r}, expected the name of the alert alone; "
                               f"write {meant}")
        return Question(meant, meant, judged)
    if value not in judged.topic.values:
        values = one_of(judged.topic.values)
        found = repr(value) if value else "no value"
        advice = did_you_mean(value, judged.topic.values) or (
            f"write {name}={judged.topic.values[0]}")
        raise RequestError(f"what: found {found}, expected {values} for {name}; {advice}")
    return Question(meant, value, judged)


def _about_fact(rulebook: Rulebook, name: str, value: str) -> Question:
    fact = rulebook.facts[name]
    if not isinstance(fact.type, TruthType):
        raise RequestError(f"what: found {name!r}, which is {fact.type}, expected a conclusion, an "
                           "alert, or a fact that is yes or no; see why for how it came about")
    if value not in _TRUTHS:
        found = repr(value) if value else "no value"
        raise RequestError(f"what: found {found}, expected 'yes' or 'no' for {name}; "
                           f"write {name}=yes")
    return Question(name, value, None, Ask(name, fact.type))
