"""Can all that a rulebook says be judged outright, each event once, when it comes?

It can where every topic is judged at an event, and where nothing that is asked there can change
afterwards: no answer about the present, no other conclusion, no passing of time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.facts.lasting import looks_back, reads_verdicts, settled_and_open
from engine.rulebook.definitions import Computed, Pick, Series, Tally
from engine.rulebook.strata import deciding_terms, detail_terms
from engine.rulebook.terms import (
    Among,
    Arithmetics,
    Ask,
    Both,
    Comparing,
    Constant,
    Dated,
    Elapsed,
    FieldOf,
    Function,
    Here,
    It,
    Negated,
    PartOf,
    TableEntry,
    walk,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.rulebook.definitions import Fact, Rulebook, Topic, Window
    from engine.rulebook.terms import Term


class Covers:
    """What of a rulebook can be judged outright."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._rulebook = rulebook
        self._known: dict[tuple[str, bool], bool] = {}

    def everything(self) -> bool:
        """Return whether all topics are covered, and what is summed up."""
        if not all(topic.of is not None for topic in self._rulebook.topics):
            return False
        topics = {topic.name for topic in self._rulebook.topics}
        return all(map(self._topic, self._rulebook.topics)) and all(
            name in topics or self.fact(name, at=False)
            for name in self._rulebook.summary.values())

    def _topic(self, topic: Topic) -> bool:
        assert topic.of is not None
        terms = [*deciding_terms(topic, {}), *detail_terms(topic)]
        return self.fact(topic.of, at=False) and self._terms(terms, at=True)

    def _terms(self, terms: Iterable[Term | None], *, at: bool) -> bool:
        """Return whether terms are covered, `at` an event or else about the present."""
        return all(self._part(part, at=at)
                   for term in terms if term is not None for part in walk(term))

    def _part(self, part: Term, *, at: bool) -> bool:
        match part:
            case Elapsed() | Dated() | Here():
                return at
            case Ask(fact=name, at_it=at_it):
                return self.fact(name, at=at or at_it)
            case Constant() | TableEntry() | It() | FieldOf() | PartOf():
                return True
            case Arithmetics() | Comparing() | Among() | Both() | Negated() | Function():
                return True  # what they are made of is looked at for itself
        return False

    def fact(self, name: str, *, at: bool) -> bool:
        """Return whether the answer of a fact is covered, `at` an event or else about the present.
        """
        key = name, at
        if key not in self._known:
            self._known[key] = self._inside(self._rulebook.facts[name], at=at)
        return self._known[key]

    def _inside(self, fact: Fact, *, at: bool) -> bool:
        if fact.now or fact.at is not None or reads_verdicts(fact, self._rulebook):
            return False
        if at and not looks_back(fact, self._rulebook):
            return False
        operation = fact.operation
        match operation:
            case Pick(window=window):
                return self._window(window, at=at)
            case Tally(window=window, value=value):
                return self._window(window, at=at) and self._terms([value], at=at)
            case Computed(branches=branches):
                return self._terms((term for branch in branches for term in branch), at=at)
        return False

    def _window(self, window: Window, *, at: bool) -> bool:
        """Return whether a window lies between events; one that counts back, only at an event."""
        windows = unfolded(window, self._rulebook)
        return windows is not None and (at or window.within is None) and all(
            self._bounded(each, at=at) for each in windows)

    def _bounded(self, window: Window, *, at: bool) -> bool:
        settled, open_ = settled_and_open(window, self._rulebook)
        return not open_ and self._terms([settled], at=True) and self._terms(window.bounds, at=at)


def unfolded(window: Window, rulebook: Rulebook) -> tuple[Window, ...] | None:
    """Return a window with that of the series that it goes through, and so on down to the kinds.

    None where it goes through anything else, or through a series that counts back.
    """
    windows = [window]
    while not windows[-1].kinds:
        fact = rulebook.facts[windows[-1].facts[0]] if len(windows[-1].facts) == 1 else None
        if fact is None or fact.now or fact.at is not None or (
                not isinstance(fact.operation, Series) or fact.operation.lowest):
            return None
        windows.append(fact.operation.window)
    if any(each.topics or each.steps or (each.facts and each.kinds) for each in windows):
        return None
    return None if any(each.within is not None for each in windows[1:]) else tuple(windows)
