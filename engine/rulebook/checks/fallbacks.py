"""Where does a condition wait for the fallback of a conclusion, which no other rule ever sees?

A fallback stands where nothing is certain, and the conclusion may come to other values then, or
to none: what asks for the fallback can never be true by it. Asked whether it is *not* the
fallback, the answer is true wherever something is certain: that is left alone, and so is what
stands in `possibly`.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from engine.rulebook.definitions import Criterion
from engine.rulebook.terms import Among, Both, Comparing, Conclusion, Constant, Negated, Term
from engine.rulebook.types import TruthType

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from engine.problems import Place
    from engine.rulebook.checks.notes import Notes
    from engine.rulebook.definitions import Condition
    from engine.rulebook.loading import At


def check_fallbacks(notes: Notes) -> None:
    """Note each condition that asks for a value which stands only where nothing is certain."""
    unseen = {topic.name: topic.fallback for topic in notes.rulebook.topics
              if topic.fallback is not None
              and topic.fallback not in {rule.value for rule in topic.rules}}
    asked = [(_place(notes, criterion, at), term)
             for at, condition in notes.loaded.loading.conditions
             for criterion, term in _asked(condition, wanted=True)]
    asked += [(partial(notes.within, at), each) for at, term in notes.loaded.loading.terms
              if at.path[-1] in ("is", "then") and isinstance(term.type, TruthType)
              for each in _comparisons(term, wanted=True)]
    for place, term in asked:
        for topic, value in _fallbacks(term, unseen):
            notes.refuse(place(value), "fallback-asked",
                         f"{value!r}, which is but the fallback of {topic!r}",
                         "a value that some rule gives",
                         f"where it stands, other rules take {topic!r} for unknown: ask "
                         f"possibly({topic} == {value}), or give it a rule of its own")


def _place(notes: Notes, criterion: Criterion, at: At) -> Callable[[str], At | Place]:
    """Return where a word of a criterion stands."""
    if criterion.place is None:
        return lambda _word: at
    return partial(notes.inside, criterion.place, criterion.text)


def _asked(condition: Condition, *, wanted: bool) -> Iterator[tuple[Criterion, Term]]:
    """Yield each comparison that must be true for the condition to be so."""
    if isinstance(condition, Criterion):
        yield from ((condition, term) for term in _comparisons(condition.term, wanted=wanted))
        return
    for part in condition.parts:
        yield from _asked(part, wanted=wanted != (condition.word == "none"))


def _comparisons(term: Term, *, wanted: bool) -> Iterator[Term]:
    if isinstance(term, Negated):
        yield from _comparisons(term.part, wanted=not wanted)
    elif isinstance(term, Both):
        for part in term.parts:
            yield from _comparisons(part, wanted=wanted)
    elif wanted == (not isinstance(term, Comparing) or term.operator != "!="):
        yield term


def _fallbacks(term: Term, unseen: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    item, values = None, frozenset[str]()
    if isinstance(term, Among):
        item, values = term.item, term.values
    elif isinstance(term, Comparing) and isinstance(term.right, Constant):
        item, values = term.left, frozenset({str(term.right.value)})
    if isinstance(item, Conclusion) and unseen.get(item.topic) in values:
        yield item.topic, unseen[item.topic]
