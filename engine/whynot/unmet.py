"""What would have to change for a condition to be as it is wanted: its parts that are not.

The same tree serves both readers: the one who is told what stood against a conclusion, and the
search for what would bring it about. `and`, `or`, `not`, facts that are worked out and conclusions
are gone through; what is left are comparisons and questions to the timeline.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from engine.facts.evidence import asked_at, branches_reached
from engine.facts.terms import compile_term
from engine.facts.verdict_windows import over_verdicts
from engine.rulebook.definitions import Computed, Criterion, Pick, Tally
from engine.rulebook.terms import (
    Among,
    Ask,
    Both,
    Comparing,
    Conclusion,
    Constant,
    Function,
    Negated,
    Term,
    Verdict,
    walk,
)
from engine.rulebook.types import TruthType

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from engine.events.event import Event
    from engine.facts.judging import JudgedTopic
    from engine.passage import Passage
    from engine.rulebook.definitions import Condition, Fact, Rule

_DEEPEST = 9


@dataclass(frozen=True, slots=True)
class Place:
    """Where a condition is asked: in which passage, at which event, about which member."""

    passage: Passage
    here: Event | None = None
    it: Event | None = None
    topics: tuple[str, ...] = ()
    depth: int = 0

    def value(self, term: Term) -> Any:
        """Return what a term comes to."""
        chart = self.passage.chart
        return compile_term(term, chart.program)(chart, self.here, self.it)

    def inside(self, asked: Ask, fact: Fact) -> Place:
        """Return the place at which a fact that is named here is asked."""
        here = self.it if asked.at_it else self.here
        return replace(self, here=asked_at(fact, self.passage.chart, here), it=None,
                       depth=self.depth + 1)


@dataclass(frozen=True, slots=True)
class Unmet:
    """A condition that is not as it is wanted.

    `word`: all or any of the `parts` must change, or this is a `leaf`, which is a term and how it
    is wanted. A leaf that reads a conclusion has what stands against that as its part. `aside`
    says that another branch would do, which nobody needs to be told.
    """

    word: str
    parts: tuple[Unmet, ...] = ()
    term: Term | None = None
    wanted: bool = True
    place: Place | None = None
    rule: Rule | None = None
    given: bool = False
    over: str = ""
    aside: bool = False

    @property
    def least(self) -> int:
        """How many leaves must change at the least."""
        if self.word == "leaf":
            return self.parts[0].least if self.parts else 1
        sizes = [part.least for part in self.parts]
        return sum(sizes) if self.word == "all" else min(sizes, default=1)

    def leaves(self) -> Iterator[Unmet]:
        """Yield every leaf, with what stands behind it."""
        if self.word == "leaf":
            yield self
        for part in self.parts:
            yield from part.leaves()


def unmet(term: Term, wanted: bool, place: Place) -> Unmet | None:
    """Return what stands against a condition being as it is wanted, or None where nothing does."""
    if place.value(term) is wanted:
        return None
    match term:
        case Negated(part=part):
            return unmet(part, not wanted, place)
        case Both(operator=operator, parts=parts):
            found = [unmet(part, wanted, place) for part in parts]
            return _whole("all" if (operator == "and") is wanted else "any", found)
        case Function(name="possibly" | "certainly", arguments=(part,)):
            return unmet(part, wanted, place) or _leaf(part, wanted, place)
        case Ask(fact=name):
            fact = place.passage.assessor.rulebook.facts[name]
            inside = place.inside(term, fact)
            if isinstance(fact.operation, Computed) and place.depth < _DEEPEST:
                return _worked_out(term, fact.operation, wanted, place, inside)
            if isinstance(fact.operation, Tally) and wanted:
                return _leaf(term, wanted, place, _judged_so(fact.operation, inside))
        case Function(name="known", arguments=(Ask(fact=name) as asked,)) if wanted:
            fact = place.passage.assessor.rulebook.facts[name]
            if isinstance(fact.operation, Pick):
                behind = _judged_so(fact.operation, place.inside(asked, fact))
                return _leaf(term, wanted, place, behind)
        case Among(item=Conclusion(topic=topic), values=values):
            return _leaf(term, wanted, place, _concluded(topic, values, wanted, place))
        case Comparing(operator="==" | "!=" as sign, left=Conclusion(topic=topic), right=Constant(
                value=str(value))):
            return _leaf(term, wanted, place,
                         _concluded(topic, frozenset({value}), (sign == "==") is wanted, place))
    return _leaf(term, wanted, place)


def unmet_condition(condition: Condition, wanted: bool, place: Place) -> Unmet | None:
    """Return what stands against a condition of a rule."""
    if isinstance(condition, Criterion):
        return unmet(condition.term, wanted, place)
    every = condition.word == "all"
    inner = wanted if condition.word != "none" else not wanted
    found = [unmet_condition(part, inner, place) for part in condition.parts]
    if every is wanted or (condition.word == "none" and wanted):
        return _whole("all", found)
    return _whole("any", found) if None not in found else None


def unmet_topic(judged: JudgedTopic, values: frozenset[str], place: Place) -> Unmet | None:
    """Return what stands against a topic having one of these values; of an alert, being open."""
    passage, topic = place.passage, judged.topic
    standing = passage.standings.get(topic.name)
    if standing is not None and standing.value in values:
        return None
    here = None
    if judged.anchor is not None:
        here = passage.chart.answer(judged.anchor, None)
        if here is None:
            asked = Ask(judged.anchor.fact.name, judged.anchor.fact.type)
            missing = _leaf(Function("known", (asked,), TruthType()), True, Place(passage))
            return replace(missing, given=True)
    return unmet_at(judged, values, replace(place, here=here, it=None))


def unmet_at(judged: JudgedTopic, values: frozenset[str], place: Place) -> Unmet:
    """Return what stands against one of these values at the event that is judged."""
    topic = judged.topic
    at = replace(place, topics=(*place.topics, topic.name))
    given = unmet_condition(topic.given, True, at) if topic.given is not None else None
    options = [option for rule in topic.rules if rule.value in values
               and (option := _rule_unmet(judged, rule, at)) is not None]
    parts = [replace(given, given=True)] if given is not None else []
    return Unmet("all", (*parts, Unmet("any", tuple(options))) if options else tuple(parts))


def _rule_unmet(judged: JudgedTopic, rule: Rule, at: Place) -> Unmet | None:
    """Return what stands against a rule and its value: its own parts, and values that go before."""
    topic = judged.topic
    own = unmet_condition(rule.when, True, at)
    over = [replace(part, over=other.value)
            for other in topic.rules[:] if _goes_before(topic.values, other.value, rule.value)
            and (part := unmet_condition(other.when, False, at)) is not None
            and _holds(other.when, at)]
    parts = [part for part in (own, *over) if part is not None]
    return Unmet("all", tuple(parts), rule=rule) if parts else None


def _goes_before(values: tuple[str, ...], one: str, other: str) -> bool:
    return values.index(one) < values.index(other)


def _holds(condition: Condition, at: Place) -> bool:
    return unmet_condition(condition, True, at) is None


def _concluded(name: str, values: frozenset[str], wanted: bool, place: Place) -> Unmet | None:
    judged = judged_named(place, name)
    if name in place.topics or place.depth > _DEEPEST:
        return None
    if not wanted:
        values = frozenset(judged.topic.values) - values
    return unmet_topic(judged, values, place)


def judged_named(place: Place, name: str) -> JudgedTopic:
    """Return the topic of that name."""
    return place.passage.assessor.by_name[name]


def _judged_so(operation: Pick | Tally, inside: Place) -> Unmet | None:
    """Return what stands against a verdict that a question to verdicts looks for."""
    window = over_verdicts(operation.window, inside.passage.assessor.rulebook.facts)
    sought = verdicts_sought(window.where)
    found = [_concluded(topic, sought, True, inside) for topic in window.topics]
    return _whole("any", found) if sought else None


def verdicts_sought(where: Term | None) -> frozenset[str]:
    """Return the verdicts that a filter lets pass."""
    found: set[str] = set()
    for part in walk(where) if where is not None else ():
        match part:
            case Comparing(operator="==", left=Verdict(), right=Constant(value=str(value))):
                found.add(value)
            case Among(item=Verdict(), values=values):
                found |= values
    return frozenset(found)


def _worked_out(term: Ask, operation: Computed, wanted: bool, outer: Place,
                inside: Place) -> Unmet | None:
    """Return what would let a branch be taken that comes to what is wanted, each branch tried."""
    options: list[Unmet] = []
    before: list[Term] = []
    taken = False
    for when, then in operation.branches:
        would_do = not isinstance(then, Constant) or then.value is wanted
        active = not taken and (when is None or inside.value(when) is True) and all(
            inside.value(each) is False for each in before)
        if would_do:
            parts = [unmet(each, False, inside) for each in before]
            parts += [unmet(when, True, inside) if when is not None else None,
                      unmet(then, wanted, inside)]
            found = _whole("all", parts)
            if found is not None:
                options.append(replace(found, aside=not active))
        taken = taken or active
        if when is not None:
            before.append(when)
    options += _of_all(operation, wanted, inside)
    if not options:
        return _leaf(term, wanted, outer)
    if all(option.aside for option in options):  # what was decided is told by itself
        return replace(_leaf(term, wanted, outer), parts=(Unmet("any", tuple(options)),))
    return _whole("any", options)


def _of_all(operation: Computed, wanted: bool, inside: Place) -> list[Unmet]:
    """Return what would let several branches that may be taken all come to what is wanted."""
    reached = list(branches_reached(operation, inside.passage.chart, inside.here))
    answers = [then for _, then, holds in reached if holds is not False]
    if len(answers) < 2 or reached[-1][2] is not True or any(
            isinstance(then, Constant) and then.value is not wanted for then in answers):
        return []
    found = _whole("all", [unmet(then, wanted, inside) for then in answers])
    return [found] if found is not None else []


def _leaf(term: Term, wanted: bool, place: Place, behind: Unmet | None = None) -> Unmet:
    return Unmet("leaf", (behind,) if behind is not None else (), term, wanted, place)


def _whole(word: str, found: Iterable[Unmet | None]) -> Unmet | None:
    parts = tuple(part for part in found if part is not None)
    if len(parts) == 1:
        return parts[0]
    return Unmet(word, parts) if parts else None
