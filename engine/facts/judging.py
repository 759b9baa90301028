"""A topic's criteria, caveats and evidence, compiled: what is asked of the facts at an instant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.facts.evidence import conclusions_named
from engine.facts.program import Program, Question
from engine.facts.reach import Reach, reach_of
from engine.facts.reads import Reads, reads_of
from engine.facts.terms import compile_term, compile_terms
from engine.rulebook.strata import deciding_terms, detail_terms
from engine.rulebook.topics import criteria
from engine.rulebook.windows import as_term

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from engine.events.amount import Truth
    from engine.events.event import Event
    from engine.facts.chart import Chart
    from engine.rulebook.definitions import Condition, Criterion, Rule, Topic
    from engine.rulebook.terms import Term

    Run = Callable[[Chart, Event | None, Event | None], Any]


@dataclass(frozen=True, slots=True)
class Grounds:
    """The terms that a rule rests on, and the conclusions among them."""

    terms: tuple[Term, ...]
    conclusions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class JudgedTopic:
    """A topic ready to be judged.

    `reads` is what its criteria read. `reach` is what its value rests on; `detail_reach` what is
    shown beside the value rests on, which matters only while there is a value. `grounds` are those
    of each rule, or of all (None).
    """

    topic: Topic
    anchor: Question | None
    inputs: tuple[Criterion, ...]
    run: Run
    caveats: tuple[tuple[str, Run], ...]
    severities: tuple[tuple[str, Run | None], ...]
    advice: tuple[tuple[str, Run], ...]
    dated: Mapping[str, Run]
    grounds: Mapping[str | None, Grounds]
    reads: Reads
    reach: Reach
    detail_reach: Reach

    def truths(self, chart: Chart, here: Event | None) -> tuple[Truth, ...]:
        """Return the truth of each input, asked at the anchor or now."""
        truths: tuple[Truth, ...] = self.run(chart, here, None)
        return truths

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
        program.by_name[topic.of] if topic.of else None,
        ordered,
        compile_terms([each.term for each in ordered], program),
        tuple((caveat.name, _run(caveat.when, program)) for caveat in topic.caveats),
        tuple((name, None if when is None else _run(when, program))
              for name, when in (part.severities if part else ())),
        tuple((text, _run(when, program)) for text, when in (part.advice if part else ())),
        {rule.id: compile_term(rule.dated, program) for rule in topic.rules if rule.dated},
        {rule: _grounds(topic, rules) for rule, rules in (
            (None, topic.rules), *((each.id, (each,)) for each in topic.rules))},
        reads_of([each.term for each in ordered], program, anchored=topic.of is not None),
        _reach(topic, deciding_terms(topic, program.rulebook.facts), program),
        _reach(topic, detail_terms(topic), program),
    )


def _grounds(topic: Topic, rules: Sequence[Rule]) -> Grounds:
    terms = tuple(each.term for condition in (topic.given, *(rule.when for rule in rules))
                  for each in criteria(condition))
    return Grounds(terms, tuple(conclusions_named(terms)))


def _reach(topic: Topic, terms: Sequence[Term], program: Program) -> Reach:
    """Return what terms of a topic rest on: they are asked at its anchor, if it has one."""
    reach = reach_of(terms, program.rulebook.facts, anchored=topic.of is not None)
    if topic.of is not None:
        reach.direct |= program.by_name[topic.of].reach.direct
        reach.late |= program.by_name[topic.of].reach.late
    return reach


def _run(condition: Condition, program: Program) -> Run:
    term = as_term(condition)
    assert term is not None
    return compile_term(term, program)
