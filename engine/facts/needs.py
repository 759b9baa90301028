"""What does an answer read itself, so that it may change when that has changed?

Answers about the present are kept one by one, so what lies behind them is not gone into. Answers at
events are gone into: they are what an event that is over made of the past.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field

from engine.facts.lasting import lasting_verdicts, timeless
from engine.facts.naming import Named, named_by
from engine.rulebook.definitions import Computed, Pick, Series, Sustained, Tally, Treatment
from engine.rulebook.once import once_a_rulebook
from engine.rulebook.terms import Ask, Conclusion, Term, Verdict, walk

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.rulebook.definitions import Fact, Rulebook, Window


class Needs(Struct):
    """Kinds or values of them and conclusions (`names`), and facts about the present (`present`):
    those whose change matters.

    `asked` are all the facts that are asked about the present on the way: those too of which an
    event that is over sees only what had begun by its end.
    """

    names: set[str | Named] = field(default_factory=set)
    present: set[str] = field(default_factory=set)
    asked: dict[str, None] = field(default_factory=dict)


def needs_of(terms: Iterable[Term], rulebook: Rulebook, *, anchored: bool) -> Needs:
    """Return what terms read; `anchored` says that they are asked at an event."""
    gatherer = _Gatherer(rulebook)
    for term in terms:
        gatherer.term(term, anchored=anchored)
    return gatherer.needs


def needs_of_fact(fact: Fact, rulebook: Rulebook, *, anchored: bool) -> Needs:
    """Return what a fact reads where it is asked at an event, or about the present."""
    if anchored and not fact.now:
        return _at_event(fact.name, rulebook)
    gatherer = _Gatherer(rulebook)
    gatherer.inside(fact, anchored=False)
    return gatherer.needs


@once_a_rulebook
def _at_event(name: str, rulebook: Rulebook) -> Needs:
    gatherer = _Gatherer(rulebook)
    gatherer.inside(rulebook.facts[name], anchored=True)
    return gatherer.needs


class _Gatherer:
    def __init__(self, rulebook: Rulebook) -> None:
        self._rulebook, self.needs = rulebook, Needs()

    def term(self, term: Term | None, *, anchored: bool) -> None:
        for part in walk(term) if term is not None else ():
            match part:
                case Ask(fact=name, at_it=at_it):
                    self._fact(name, anchored=anchored or at_it)
                case Conclusion(topic=topic):
                    self.needs.names.add(topic)
                case Verdict(topic=topic):
                    self._verdicts([topic], anchored=anchored)

    def _fact(self, name: str, *, anchored: bool) -> None:
        fact = self._rulebook.facts[name]
        if fact.now or not anchored:
            self.needs.present.add(name)
            self.needs.asked[name] = None
        elif timeless(fact, self._rulebook):
            self.needs.asked[name] = None
        else:
            behind = _at_event(name, self._rulebook)
            self.needs.names |= behind.names
            self.needs.present |= behind.present
            self.needs.asked |= behind.asked

    def inside(self, fact: Fact, *, anchored: bool) -> None:
        """Note what a fact reads itself."""
        if fact.at is not None:
            self.term(fact.at, anchored=anchored)
            anchored = True
        operation = fact.operation
        match operation:
            case Treatment(kind=kind, where=where, amounts=amounts):
                self._names(named_by(kind, where), anchored=anchored)
                self.term(where, anchored=anchored)
                for name in amounts:
                    self._fact(name, anchored=True)
            case Pick(window=window) | Tally(window=window) | Series(window=window) | Sustained(
                    window=window):
                self._window(window, anchored=anchored)
            case Computed(branches=branches):
                for branch in branches:
                    for term in branch:
                        self.term(term, anchored=anchored)
        if isinstance(operation, Sustained):
            for term in (operation.holds, operation.establishes, operation.ignoring):
                self.term(term, anchored=anchored)
        if isinstance(operation, Tally):
            self.term(operation.value, anchored=anchored)

    def _window(self, window: Window, *, anchored: bool) -> None:
        self._verdicts(window.topics, anchored=anchored)
        for kind in window.kinds:
            self._names(named_by(kind, window.where), anchored=anchored)
        for name in window.facts:
            self._fact(name, anchored=anchored)
        for term in (window.where, window.after, window.before, window.since, window.until,
                     *window.steps):
            self.term(term, anchored=anchored)

    def _names(self, names: Iterable[str | Named], *, anchored: bool) -> None:
        if not anchored:
            self.needs.names.update(names)

    def _verdicts(self, topics: Iterable[str], *, anchored: bool) -> None:
        """Note conclusions on events; asked at an event, those that may come or change after it."""
        lasting = lasting_verdicts(self._rulebook)
        self.needs.names.update(topic for topic in topics if not anchored or topic not in lasting)
