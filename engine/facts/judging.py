"""A topic's criteria and what is shown beside its value, compiled: what is asked at an instant.

A criterion is asked only where it can still decide a rule, unless somebody wants to know them all.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from engine.facts.asking import Truths, asking
from engine.facts.evidence import conclusions_named
from engine.facts.program import Program, Question
from engine.facts.terms import compile_term, compile_terms
from engine.facts.wording import filler
from engine.rulebook.strata import deciding_terms, detail_terms, settling_terms
from engine.rulebook.topics import criteria
from engine.rulebook.windows import as_term

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from engine.events.event import Event
    from engine.events.when import When
    from engine.facts.chart import Chart
    from engine.facts.wording import Filler
    from engine.rulebook.definitions import Condition, Criterion, Rule, Topic
    from engine.rulebook.terms import Term

    Run = Callable[[Chart, Event | None, Event | None], Any]


@dataclass(frozen=True, slots=True)
class Grounds:
    """The terms that a rule rests on, and the conclusions among them."""

    terms: tuple[Term, ...]
    conclusions: tuple[str, ...]


@dataclass(frozen=True)
class JudgedTopic:
    """A topic ready to be judged; `grounds` are those of each rule, or of all (None).

    What lies behind it are facts about the present, as their places: behind the event that it is
    judged at, behind each criterion, behind severity and date, and behind all that can be shown.
    """

    topic: Topic
    program: Program
    anchor: Question | None
    inputs: tuple[Criterion, ...]
    caveats: tuple[tuple[str, Run], ...]
    severities: tuple[tuple[str, Run | None], ...]
    message: Filler | None
    advice: tuple[tuple[Filler, Run], ...]
    dated: Mapping[str | None, Run]
    grounds: Mapping[str | None, Grounds]

    @cached_property
    def all_truths(self) -> Callable[[Chart, Event | None, Event | None], Truths]:
        """A function that asks every criterion."""
        return compile_terms([each.term for each in self.inputs], self.program)

    @cached_property
    def truths(self) -> Callable[[Chart, Event | None, Event | None], Truths]:
        """A function that asks those criteria that can still decide a rule."""
        return asking(self.topic, self.inputs, self.behind_each, self.program)

    @cached_property
    def behind_anchor(self) -> int:
        """What lies behind the event that it is judged at."""
        return 0 if self.anchor is None else self.anchor.behind

    @cached_property
    def behind_each(self) -> tuple[int, ...]:
        """What lies behind each criterion."""
        return tuple(self._behind([each.term]) for each in self.inputs)

    @cached_property
    def behind_weight(self) -> int:
        """What lies behind its severity and the date from which it holds."""
        return self._behind(settling_terms(self.topic))

    @cached_property
    def behind_shown(self) -> int:
        """What lies behind anything that a reader may see of it."""
        return self.behind_anchor | self._behind(
            [*deciding_terms(self.topic, {}), *detail_terms(self.topic)])

    def _behind(self, terms: Iterable[Term]) -> int:
        return self.program.behind(terms, anchored=self.anchor is not None)

    def looked_at(self, truths: Truths, *, holds: bool) -> int:
        """Return what lies behind all that was asked to come to a value, if one holds."""
        behind = self.behind_anchor | (self.behind_weight if holds else 0)
        for truth, each in zip(truths, self.behind_each, strict=True):
            if truth is not ...:
                behind |= each
        return behind

    def severity(self, chart: Chart, here: Event | None) -> str:
        """Return how grave an alert is; empty for a conclusion."""
        if chart.waiting & self.behind_weight:
            chart.bring(self.behind_weight)
        for name, run in self.severities:
            if run is None or run(chart, here, None):
                return name
        return ""

    def begins(self, rule: str | None, chart: Chart, here: Event | None) -> When | None:
        """Return from when on the value holds, where its rule says so."""
        if rule not in self.dated:
            return None
        event = self.dated[rule](chart, here, None)
        return None if event is None else event.at

    def caveats_of(self, chart: Chart, here: Event | None, rule: str | None,
                   undecided: Sequence[str]) -> tuple[str, ...]:
        """Return the caveats of a value that holds by a rule, by name.

        A conclusion has one for each value that it may yet come to.
        """
        is_conclusion = self.topic.alert is None
        if not self.caveats and not is_conclusion:
            return ()
        found = {name for name, run in self.caveats if run(chart, here, None)}
        if rule is not None and is_conclusion:
            found.update(f"could-be-{value}" for value in undecided)
        return tuple(sorted(found))

    def message_of(self, chart: Chart, here: Event | None) -> str:
        """Return the message of an alert; of a conclusion there is none."""
        if self.message is None:
            return ""
        message = self.message(chart, here)
        if not self.advice:
            return message
        return " ".join([message, *(fill(chart, here) for fill, run in self.advice
                                    if run(chart, here, None))])

    def rule(self, identity: str) -> Rule:
        """Return the rule of that id."""
        return next(rule for rule in self.topic.rules if rule.id == identity)


def judged_topic(topic: Topic, inputs: Sequence[str], program: Program) -> JudgedTopic:
    """Return the topic compiled; `inputs` is the order in which the network wants the truths."""
    conditions = [topic.given, *(rule.when for rule in topic.rules)]
    by_text = {each.text: each for condition in conditions for each in criteria(condition)}
    ordered = tuple(by_text[text] for text in inputs)
    part = topic.alert
    return JudgedTopic(
        topic,
        program,
        program.by_name[topic.of] if topic.of else None,
        ordered,
        tuple((caveat.name, _run(caveat.when, program)) for caveat in topic.caveats),
        tuple((name, None if when is None else _run(when, program))
              for name, when in (part.severities if part else ())),
        filler(part.message, topic.words, program) if part else None,
        tuple((filler(text, topic.words, program), _run(when, program))
              for text, when in (part.advice if part else ())),
        {rule.id: compile_term(rule.dated, program) for rule in topic.rules if rule.dated},
        {rule: _grounds(topic, rules) for rule, rules in (
            (None, topic.rules), *((each.id, (each,)) for each in topic.rules))},
    )


def _grounds(topic: Topic, rules: Sequence[Rule]) -> Grounds:
    terms = tuple(each.term for condition in (topic.given, *(rule.when for rule in rules))
                  for each in criteria(condition))
    return Grounds(terms, tuple(conclusions_named(terms)))


def _run(condition: Condition, program: Program) -> Run:
    term = as_term(condition)
    assert term is not None
    return compile_term(term, program)
