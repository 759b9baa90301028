"""Which of two events can never begin later than the other, by how they are looked for?

Where it says so, it is so: as dates, or `strictly`, as instants too. Where it does not, nothing
is known. What is asked `now` or `at` another event is left alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.rulebook.definitions import Computed, Pick, Series, Window
from engine.rulebook.terms import Ask, Function, Here, PartOf, Term
from engine.rulebook.types import EventType

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from engine.rulebook.definitions import Fact

_FIRST = {"stop": {"start", "resumed", "last_step"}, "resumed": {"start"},
          "last_step": {"start"}, "confirmed": {"first"}}
"""Which parts of a course or run can be no later than a part."""
_DEEPEST = 8


def is_no_later_part(first: Term, second: Term) -> bool:
    """Whether the first is the second, or a part of the same course or run that precedes it."""
    if first == second:
        return True
    if isinstance(second, Function) and second.name == "later_by":
        return is_no_later_part(first, second.arguments[0])
    return (isinstance(first, PartOf) and isinstance(second, PartOf) and first.base == second.base
            and first.part in _FIRST.get(second.part, ()))


class Order:
    """Compares events by the windows in which facts look for them."""

    def __init__(self, facts: Mapping[str, Fact]) -> None:
        self._facts = facts

    def is_no_later(self, first: Term, second: Term, *, strictly: bool = False,
                    depth: int = 0) -> bool:
        """Whether the first can never begin after the second."""
        if first == second:
            return True
        if depth > _DEEPEST:
            return False
        if isinstance(second, Here):
            return not strictly and self._is_seen(first, 0)
        if isinstance(second, Function) and second.name == "later_by":
            return self.is_no_later(first, second.arguments[0], strictly=strictly, depth=depth + 1)
        if (not strictly and is_no_later_part(first, second)) or self._is_of_same_series(
                first, second):
            return True
        return any(self.is_no_later(first, bound, strictly=strictly, depth=depth + 1)
                   for bound in self._lower(second, strictly, depth)) or any(
            self.is_no_later(bound, second, strictly=strictly, depth=depth + 1)
            for bound in self._upper(first, strictly)) or any(
            bool(branches) and all(
                self.is_no_later(*pair, strictly=strictly, depth=depth + 1) for pair in branches)
            for branches in ([(each, second) for each in self._branches(first)],
                             [(first, each) for each in self._branches(second)]))

    def _fact(self, term: Term) -> Fact | None:
        """Return the fact that a term asks, where it is asked with the term."""
        fact = self._facts.get(term.fact) if isinstance(term, Ask) and not term.at_it else None
        return fact if fact is not None and not fact.now and fact.at is None else None

    def _is_seen(self, term: Term, depth: int) -> bool:
        """Whether a term is an event that must have begun by where it is asked."""
        if depth > _DEEPEST:
            return False
        if isinstance(term, PartOf):
            return self._is_seen(term.base, depth + 1)
        fact = self._fact(term)
        if fact is None:
            return False
        if isinstance(fact.operation, Computed):
            return isinstance(fact.type, EventType) and all(
                self._is_seen(then, depth + 1) for _, then in fact.operation.branches)
        window = getattr(fact.operation, "window", None)
        sources = window.facts if isinstance(window, Window) else ()
        return all(self._is_seen(Ask(name, self._facts[name].type), depth + 1)
                   for name in sources)

    def _lower(self, term: Term, strictly: bool, depth: int) -> Iterator[Term]:
        """Yield what an event is surely no earlier than."""
        for window in self._windows(term, depth):
            yield from (each for each in (window.after, None if strictly else window.since)
                        if each is not None)
            if len(window.steps) == 1 and not window.kinds and not window.facts:
                step = window.steps[0]
                if isinstance(step, PartOf) and step.part == "steps":
                    yield PartOf(step.base, "start", term.type)

    def _upper(self, term: Term, strictly: bool) -> Iterator[Term]:
        for window in self._windows(term, 0):
            yield from (each for each in (window.before, None if strictly else window.until)
                        if each is not None)

    def _windows(self, term: Term, depth: int) -> Iterator[Window]:
        """Yield the window in which a fact looks, and those of the one series it looks in."""
        fact = self._fact(term)
        while fact is not None and isinstance(fact.operation, Pick | Series) and depth <= _DEEPEST:
            window = fact.operation.window
            yield window
            source = self._source(window)
            fact = self._fact(Ask(source, fact.type)) if source else None
            depth += 1

    def _source(self, window: Window) -> str:
        alone = len(window.facts) == 1 and not (window.kinds or window.steps or window.topics)
        return window.facts[0] if alone else ""

    def _branches(self, term: Term) -> list[Term]:
        fact = self._fact(term)
        if fact is None or not isinstance(fact.operation, Computed):
            return []
        return [then for _, then in fact.operation.branches]

    def _is_of_same_series(self, first: Term, second: Term) -> bool:
        """Whether one is any member, and the other the very last or first, of a series."""
        return self._is_extreme(second, first, "latest") or self._is_extreme(first, second, "first")

    def _is_extreme(self, term: Term, other: Term, which: str) -> bool:
        fact, beside = self._fact(term), self._fact(other)
        if fact is None or beside is None or not isinstance(fact.operation, Pick):
            return False
        window, source = fact.operation.window, self._source(fact.operation.window)
        plain = window == Window(facts=window.facts)
        return bool(source and plain and fact.operation.which == which
                    and isinstance(beside.operation, Pick)
                    and source in self._sources(other))

    def _sources(self, term: Term) -> list[str]:
        return [source for window in self._windows(term, 0) if (source := self._source(window))]
