"""Which conditions did the examples never see true, false or unknown?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.examples.watching import spots
from engine.rulebook.definitions import Condition, Criterion
from engine.rulebook.terms import Both, Constant, Function, Negated, PartOf, Term
from engine.rulebook.topics import criteria

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from engine.events.amount import Truth
    from engine.examples.watching import Spot, Watch
    from engine.rulebook.definitions import Rulebook, Topic

_ALWAYS_KNOWN = frozenset({"known", "possibly", "certainly"})


@dataclass(frozen=True, slots=True)
class Gap:
    """A spot, and the truths that it could take and was never seen to take."""

    spot: Spot
    never: tuple[Truth, ...]


@dataclass(frozen=True, slots=True)
class TopicCoverage:
    """Of the spots of a topic: how many there are, and how many were seen so and so."""

    topic: str
    spots: int
    seen_true: int
    seen_false: int
    seen_unknown: int
    may_be_false: int
    may_be_unknown: int


def gaps(watch: Watch, rulebook: Rulebook) -> list[Gap]:
    """Return every spot that was not seen true and false, and unknown if it can be."""
    unknown = _may_be_unknown(rulebook)
    never = ((spot, tuple(_never(spot, seen, unknown))) for spot, seen in watch.seen.items())
    return [Gap(spot, truths) for spot, truths in never if truths]


def by_topic(watch: Watch, rulebook: Rulebook) -> list[TopicCoverage]:
    """Return what was seen, topic by topic."""
    unknown = _may_be_unknown(rulebook)
    found = []
    for topic in rulebook.topics:
        mine = {spot: seen for spot, seen in watch.seen.items() if spot.topic == topic.name}
        found.append(TopicCoverage(
            topic.name, len(mine), _seen(mine, True), _seen(mine, False), _seen(mine, None),
            sum(not spot.always for spot in mine),
            sum(spot in unknown or None in seen for spot, seen in mine.items())))
    return found


def _seen(mine: Mapping[Spot, set[Truth]], truth: Truth) -> int:
    return sum(truth in seen for seen in mine.values())


def _never(spot: Spot, seen: set[Truth], unknown: set[Spot]) -> Iterator[Truth]:
    if True not in seen:
        yield True
    if False not in seen and not spot.always:
        yield False
    if None not in seen and spot in unknown:
        yield None


def _may_be_unknown(rulebook: Rulebook) -> set[Spot]:
    found: set[Spot] = set()
    for topic in rulebook.topics:
        terms = {each.text: each.term for each in _criteria(topic)}
        found |= {spot for spot in spots(topic)
                  if spot.text and can_be_unknown(terms[spot.text])}
    return found


def _criteria(topic: Topic) -> Iterable[Criterion]:
    conditions: list[Condition | None] = [topic.given, *(rule.when for rule in topic.rules),
                                          *(caveat.when for caveat in topic.caveats)]
    if topic.alert is not None:
        conditions += [when for _, when in topic.alert.severities]
        conditions += [when for _, when in topic.alert.advice]
    return [each for condition in conditions for each in criteria(condition)]


def can_be_unknown(term: Term) -> bool:
    """Whether a condition can be unknown at all, as far as its own shape tells."""
    match term:
        case Constant(value=value):
            return value is None
        case Function(name=name):
            return name not in _ALWAYS_KNOWN
        case PartOf():
            return False
        case Both(parts=parts):
            return any(can_be_unknown(part) for part in parts)
        case Negated(part=part):
            return can_be_unknown(part)
    return True
