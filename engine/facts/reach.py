"""What an answer rests on: directly, or only through answers given at events of the past.

An answer asked at an event looks at nothing that comes after that event's end. So once the event
is over, nothing new can change it. What a question reaches only through such answers is `late`: it
matters only while some event that has begun is not yet over (a date without a time).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field

from engine.rulebook.definitions import Computed, Pick, Series, Sustained, Tally, Treatment
from engine.rulebook.once import once_a_rulebook
from engine.rulebook.terms import Ask, Conclusion, Term, Verdict, walk

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Set as AbstractSet

    from engine.rulebook.definitions import Fact, Rulebook


class Reach(Struct):
    """Names of kinds and conclusions: those that matter always, and those that matter late."""

    direct: set[str] = field(default_factory=set)
    late: set[str] = field(default_factory=set)

    def note(self, names: Iterable[str], *, anchored: bool) -> None:
        """Add names, as late if they are reached at an event."""
        (self.late if anchored else self.direct).update(names)

    def touched_by(self, names: AbstractSet[str], *, late: bool) -> bool:
        """Whether any of these names matters, those reached late included or not."""
        return not self.direct.isdisjoint(names) or (late and not self.late.isdisjoint(names))


def reach_of(terms: Iterable[Term], rulebook: Rulebook, *, anchored: bool) -> Reach:
    """Return what terms reach; `anchored` says that they are asked at an event."""
    gatherer = _Gatherer(rulebook)
    for term in terms:
        gatherer.term(term, anchored=anchored)
    return gatherer.reach


@once_a_rulebook
def _reach_of_fact(asked: tuple[str, bool], rulebook: Rulebook) -> Reach:
    name, anchored = asked
    gatherer = _Gatherer(rulebook)
    gatherer.inside(rulebook.facts[name], anchored=anchored)
    return gatherer.reach


class _Gatherer:
    def __init__(self, rulebook: Rulebook) -> None:
        self._rulebook, self.reach = rulebook, Reach()

    def term(self, term: Term | None, *, anchored: bool) -> None:
        for part in walk(term) if term is not None else ():
            match part:
                case Ask(fact=name, at_it=at_it):
                    self.fact(name, anchored=anchored or at_it)
                case Conclusion(topic=topic):
                    self.reach.direct.add(topic)
                case Verdict(topic=topic):
                    self.reach.note([topic], anchored=anchored)

    def fact(self, name: str, *, anchored: bool) -> None:
        fact = self._rulebook.facts[name]
        behind = _reach_of_fact((name, anchored and not fact.now), self._rulebook)
        self.reach.direct |= behind.direct
        self.reach.late |= behind.late

    def inside(self, fact: Fact, *, anchored: bool) -> None:
        """Note what a fact reaches itself."""
        if fact.at is not None:
            self.term(fact.at, anchored=anchored)
            anchored = True
        self._operation(fact, anchored=anchored)

    def _operation(self, fact: Fact, *, anchored: bool) -> None:
        operation = fact.operation
        match operation:
            case Computed(branches=branches):
                for branch in branches:
                    for term in branch:
                        self.term(term, anchored=anchored)
            case Treatment(kind=kind, where=where, amounts=amounts):
                self.reach.note([kind], anchored=anchored)
                self.term(where, anchored=anchored)
                for name in amounts:
                    self.fact(name, anchored=True)
            case Pick(window=window) | Tally(window=window) | Series(window=window) | Sustained(
                    window=window):
                self.reach.note([*window.kinds, *window.topics], anchored=anchored)
                for name in window.facts:
                    self.fact(name, anchored=anchored)
                for term in (window.where, window.after, window.before, window.since,
                             window.until, *window.steps):
                    self.term(term, anchored=anchored)
        if isinstance(operation, Sustained):
            for term in (operation.holds, operation.establishes, operation.ignoring):
                self.term(term, anchored=anchored)
        if isinstance(operation, Tally):
            self.term(operation.value, anchored=anchored)
