"""Which kinds of event may change an answer about the present?

Not those of a window that ends at an event: whatever comes later than that event is not in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.outright.covers import unfolded
from engine.rulebook.definitions import Computed, Pick, Tally
from engine.rulebook.terms import Ask, Term, walk
from engine.rulebook.types import EventType

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.rulebook.definitions import Fact, Rulebook, Window


class Doubts:
    """The kinds that may change the answer of each fact that is covered about the present."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._rulebook = rulebook
        self._known: dict[str, frozenset[str]] = {}

    def of(self, name: str) -> frozenset[str]:
        """Return the kinds that may change the answer of a fact."""
        if name not in self._known:
            self._known[name] = frozenset(self._inside(self._rulebook.facts[name]))
        return self._known[name]

    def _inside(self, fact: Fact) -> set[str]:
        match fact.operation:
            case Pick(window=window):
                return self._window(window)
            case Tally(window=window, value=value):
                return self._window(window) | self._terms([] if value is None else [value])
            case Computed(branches=branches):
                return self._terms(term for branch in branches for term in branch
                                   if term is not None)
        raise AssertionError(f"{fact.name} is not covered")

    def _window(self, window: Window) -> set[str]:
        windows = unfolded(window, self._rulebook)
        assert windows is not None, "it is not covered"
        kinds = self._terms(bound for each in windows for bound in each.bounds)
        if not any(_is_event(each.before) or _is_event(each.until) for each in windows):
            kinds.update(windows[-1].kinds)
        return kinds

    def _terms(self, terms: Iterable[Term]) -> set[str]:
        """Return the kinds that may change what terms ask about the present."""
        return {kind for term in terms for part in walk(term)
                if isinstance(part, Ask) and not part.at_it for kind in self.of(part.fact)}


def _is_event(bound: Term | None) -> bool:
    """Whether a bound is an event, which has begun, or is not there; a time may be to come."""
    return isinstance(bound, Ask) and isinstance(bound.type, EventType)
