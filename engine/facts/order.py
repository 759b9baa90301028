"""In which order are answers brought up to date, and which of them may a change have changed?

Facts about the present and topics stand in one line, each after all that it reads; a set of them
is an integer with one bit for each place. So what a change touches is found by one `|`, and what
is to be done next is the lowest bit.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine.facts.naming import as_told, telling_fields
from engine.facts.needs import Needs, needs_of, needs_of_fact
from engine.facts.reach import reach_of
from engine.rulebook.strata import deciding_terms, settling_terms, terms_behind
from engine.rulebook.terms import Ask

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from engine.rulebook.definitions import Rulebook, Topic
    from engine.rulebook.terms import Term


@dataclass(slots=True)
class Place:
    """Where a fact or a topic stands: `number` counts the rulebook's facts, or its topics.

    `bit` is the set of this place alone, `readers` are the places that read it. `behind` is a fact
    and all facts about the present that its answer rests on. `unkept` are the facts whose answers
    at events, kept while the event is not over, it may change.
    """

    name: str
    number: int
    is_topic: bool
    bit: int
    readers: int = 0
    behind: int = 0
    unkept: tuple[int, ...] = ()


@dataclass(slots=True)
class Touched:
    """What may change where a kind has new events or a conclusion changes.

    `late` also counts what is reached through answers at events, while one of them is not over.
    `own` are those of the answers that a conclusion is itself drawn from.
    """

    places: int = 0
    late: int = 0
    unkept: tuple[int, ...] = ()
    late_unkept: tuple[int, ...] = ()
    own: tuple[int, ...] = ()


@dataclass(slots=True)
class Order:
    """The line of all that is kept up to date; `place_of` finds a fact in it.

    `touched` goes by kind, by kind and value of its telling field, and by conclusion. `looked_at`
    are the conclusions whose verdicts on events a window goes through; no other verdict is kept.
    `topics` are the places of all topics.
    """

    places: list[Place] = field(default_factory=list)
    place_of: dict[str, int] = field(default_factory=dict)
    touched: dict[str | tuple[str, str], Touched] = field(default_factory=dict)
    fields: dict[str, str] = field(default_factory=dict)
    looked_at: frozenset[str] = frozenset()
    topics: int = 0

    @property
    def all(self) -> int:
        """Every place."""
        return (1 << len(self.places)) - 1

    def behind(self, needed: Needs, rulebook: Rulebook) -> int:
        """Return the places of all facts about the present that something rests on."""
        found = 0
        for name in needed.asked:
            found |= self.places[self.place_of[name]].behind if name in self.place_of else (
                self.behind(needs_of_fact(rulebook.facts[name], rulebook, anchored=False),
                            rulebook))
        return found


def order_of(rulebook: Rulebook) -> Order:
    """Return the line: each topic after the facts that decide it, each fact after what it reads."""
    order = Order(touched={name: Touched() for name in (
        *rulebook.vocabulary.kinds, *(topic.name for topic in rulebook.topics))})
    numbers = {name: number for number, name in enumerate(rulebook.facts)}
    needs: dict[int, Needs] = {}
    names: dict[int, set[str]] = {}

    def stand(name: str, number: int, *, is_topic: bool, needed: Needs) -> int:
        place = len(order.places)
        order.places.append(Place(name, number, is_topic, 1 << place))
        needs[place] = needed
        return place

    def put(name: str) -> None:
        if name in order.place_of:
            return
        fact = rulebook.facts[name]
        needed = needs_of_fact(fact, rulebook, anchored=False)
        for each in needed.asked:
            put(each)
        place = stand(name, numbers[name], is_topic=False, needed=needed)
        order.place_of[name] = place
        order.places[place].behind = 1 << place | order.behind(needed, rulebook)
        names[place] = _whole([Ask(name, fact.type)], rulebook, anchored=False)

    for number, topic in enumerate(rulebook.topics):
        needed = _needs_of_topic(topic, rulebook)
        for each in needed.asked:
            put(each)
        place = stand(topic.name, number, is_topic=True, needed=needed)
        order.topics |= 1 << place
        terms = [*deciding_terms(topic, rulebook.facts), *settling_terms(topic)]
        names[place] = _whole(terms, rulebook, anchored=topic.of is not None)
    for name in rulebook.summary.values():
        if name in rulebook.facts:
            put(name)
    at_events = {numbers[name]: needs_of_fact(fact, rulebook, anchored=True)
                 for name, fact in rulebook.facts.items()}
    order.fields = telling_fields(
        name for needed in (*needs.values(), *at_events.values()) for name in needed.names)
    order.looked_at = frozenset(
        topic for fact in rulebook.facts.values()
        for topic in getattr(getattr(fact.operation, "window", None), "topics", ()))
    _link(order, needs, names)
    _note_unkept(order, rulebook, at_events)
    for topic in rulebook.topics:
        behind = terms_behind(deciding_terms(topic, rulebook.facts), rulebook.facts)
        asked = {numbers[term.fact] for term in behind if isinstance(term, Ask)}
        touched = order.touched[topic.name]
        touched.own = tuple(asked.intersection((*touched.unkept, *touched.late_unkept)))
    return order


def _needs_of_topic(topic: Topic, rulebook: Rulebook) -> Needs:
    terms = [*deciding_terms(topic, {}), *settling_terms(topic)]
    needed = needs_of(terms, rulebook, anchored=topic.of is not None)
    if topic.of is not None:
        needed.present.add(topic.of)
        needed.asked = {topic.of: None, **needed.asked}
    return needed


def _whole(terms: Iterable[Term], rulebook: Rulebook, *, anchored: bool) -> set[str]:
    """Return every kind and conclusion that terms rest on, however far behind."""
    reach = reach_of(terms, rulebook, anchored=anchored)
    return reach.direct | reach.late


def _link(order: Order, needs: Mapping[int, Needs], names: Mapping[int, set[str]]) -> None:
    """Tell each fact, kind and conclusion which places read it."""
    for place, needed in needs.items():
        bit = 1 << place
        for name in needed.present:
            order.places[order.place_of[name]].readers |= bit
        for each in needed.names:
            told = as_told(each, order.fields)
            order.touched.setdefault(told, Touched()).places |= bit
        for name in names[place]:
            order.touched[name].late |= bit


def _note_unkept(order: Order, rulebook: Rulebook, at_events: Mapping[int, Needs]) -> None:
    """Tell the same of answers at events."""
    for (number, needed), (name, fact) in zip(
            at_events.items(), rulebook.facts.items(), strict=True):
        for each in needed.present & order.place_of.keys():
            order.places[order.place_of[each]].unkept += (number,)
        for one in needed.names:
            order.touched.setdefault(as_told(one, order.fields), Touched()).unkept += (number,)
        for kind in _whole([Ask(name, fact.type)], rulebook, anchored=True):
            order.touched[kind].late_unkept += (number,)
