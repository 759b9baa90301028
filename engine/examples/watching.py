"""Which truths did each condition of the rulebook take while patients were assessed?

The assessor is the real one; what it asks of the facts and of the network is noted on the way.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from engine.assess import Assessor
from engine.facts.terms import compile_term
from engine.inference.formula import evaluate, inputs_of
from engine.inference.topics import asked_topics
from engine.rulebook.topics import criteria

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from zoneinfo import ZoneInfo

    from engine.events.amount import Truth
    from engine.events.event import Event
    from engine.facts.chart import Chart
    from engine.facts.judging import JudgedTopic
    from engine.facts.program import Program
    from engine.inference.inference import Answer, Inference
    from engine.problems import Place
    from engine.rulebook.definitions import Condition, Rulebook, Topic

    Run = Callable[[Chart, Event | None, Event | None], Any]


@dataclass(frozen=True, slots=True)
class Spot:
    """A condition of a topic, or one criterion of it: whose it is, its words and its place.

    `text` is empty for the whole condition, as which a rule fires or a caveat is shown; `always`
    says that there is none, as for the last line of a severity.
    """

    topic: str
    part: str
    text: str
    place: Place
    always: bool = False

    def __str__(self) -> str:
        return f"{self.part}: {self.text}" if self.text else self.part


class Watch:
    """What was seen: at each spot, each truth that it took."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._rulebook = rulebook
        self.seen: dict[Spot, set[Truth]] = {
            spot: set() for topic in rulebook.topics for spot in spots(topic)}
        self._judged: defaultdict[str, set[tuple[Truth, ...]]] = defaultdict(set)

    def judged(self, topic: str, truths: tuple[Truth, ...]) -> None:
        """Note the truths of the criteria that decide a topic."""
        self._judged[topic].add(truths)

    def shown(self, spot: Spot, truth: Truth) -> None:
        """Note the truth of a condition beside the value."""
        self.seen[spot].add(truth)

    def settle(self) -> None:
        """Work out what the truths noted say of each criterion and each rule."""
        topics = self._rulebook.topics
        for topic, asked in zip(topics, asked_topics(topics), strict=True):
            names = inputs_of(asked)
            for truths in self._judged[topic.name]:
                known = dict(zip(names, truths, strict=True))
                for part, condition, place in _deciding(topic):
                    for each in criteria(condition):
                        self.seen[_spot(topic, part, each.text, each.place or place)].add(
                            known[each.text])
                for rule, (_, formula) in zip(topic.rules, asked.outcomes, strict=True):
                    self.seen[_spot(topic, _rule(rule.id), "", rule.place)].add(
                        evaluate(formula, known))


def spots(topic: Topic) -> Iterator[Spot]:
    """Yield every spot of a topic, in the order in which it is written."""
    for part, condition, place in (*_deciding(topic), *_beside(topic)):
        if part != _GIVEN:
            yield _spot(topic, part, "", place, always=condition is None)
        for each in criteria(condition):
            yield _spot(topic, part, each.text, each.place or place)


def watched(rulebook: Rulebook, zone: ZoneInfo, watch: Watch) -> Assessor:
    """Return an assessor of which the watch notes what it asks."""
    assessor = Assessor(rulebook, zone)
    assessor.topics = tuple(_watched(each, watch, assessor.program) for each in assessor.topics)
    assessor.inference = _Asking(assessor.inference, watch)  # type: ignore[assignment]
    return assessor


class _Asking:
    """The inference, with every question noted."""

    def __init__(self, inner: Inference, watch: Watch) -> None:
        self._inner, self._watch = inner, watch

    def inputs(self, topic: str) -> tuple[str, ...]:
        return self._inner.inputs(topic)

    def ask(self, topic: str, truths: tuple[Truth, ...]) -> Answer:
        self._watch.judged(topic, truths)
        return self._inner.ask(topic, truths)


def _watched(judged: JudgedTopic, watch: Watch, program: Program) -> JudgedTopic:
    topic = judged.topic
    runs = [_noting(run, topic, part, condition, place, watch, program)
            for run, (part, condition, place) in zip(
                [run for _, run in (*judged.caveats, *judged.severities, *judged.advice)],
                _beside(topic), strict=True)]
    first, second = len(judged.caveats), len(judged.caveats) + len(judged.severities)
    return replace(
        judged,
        caveats=tuple(zip((name for name, _ in judged.caveats), runs[:first], strict=True)),
        severities=tuple(
            zip((name for name, _ in judged.severities), runs[first:second], strict=True)),
        advice=tuple(zip((text for text, _ in judged.advice), runs[second:], strict=True)))


def _noting(run: Run | None, topic: Topic, part: str, condition: Condition | None, place: Place,
            watch: Watch, program: Program) -> Run:
    """Return a condition that notes its truth, and that of each of its criteria."""
    whole = _spot(topic, part, "", place, always=condition is None)
    each = [(_spot(topic, part, one.text, one.place or place), compile_term(one.term, program))
            for one in criteria(condition)]

    def noted(chart: Chart, here: Event | None, it: Event | None) -> Any:
        for spot, criterion in each:
            watch.shown(spot, criterion(chart, here, it))
        truth = True if run is None else run(chart, here, it)
        watch.shown(whole, truth)
        return truth

    return noted


_GIVEN = "given"


def _rule(identity: str) -> str:
    return f"rule {identity}"


def _deciding(topic: Topic) -> Iterator[tuple[str, Condition | None, Place]]:
    if topic.given is not None:
        yield _GIVEN, topic.given, topic.place
    for rule in topic.rules:
        yield _rule(rule.id), rule.when, rule.place


def _beside(topic: Topic) -> Iterator[tuple[str, Condition | None, Place]]:
    """Yield caveats, severities and advice, in the order in which `JudgedTopic` holds them."""
    for caveat in topic.caveats:
        yield f"caveat {caveat.name}", caveat.when, _place(caveat.when, topic)
    if topic.alert is not None:
        for number, (severity, when) in enumerate(topic.alert.severities, 1):
            yield f"severity {number}, {severity}", when, _place(when, topic)
        for text, when in topic.alert.advice:
            yield f"advice {text!r}", when, _place(when, topic)


def _place(condition: Condition | None, topic: Topic) -> Place:
    return next((each.place for each in criteria(condition) if each.place), topic.place)


def _spot(topic: Topic, part: str, text: str, place: Place, *, always: bool = False) -> Spot:
    return Spot(topic.name, part, text, place, always)
