"""In which ways can a condition become true: what must be true, and what false, in each of them?

A condition of groups is spread out into alternatives, each a list of literals. The laws that are
used (De Morgan's, and spreading `all` over `any`) hold with three values too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from engine.rulebook.checks.nature import Nature
from engine.rulebook.definitions import Computed, Condition, Criterion
from engine.rulebook.terms import Ask, Both, Negated, Term
from engine.rulebook.types import TruthType

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.problems import Place
    from engine.rulebook.definitions import Rulebook

_ONE = re.compile(r"[\w.-]+(\([^()]*\))?")
_MOST = 200
_DEEPEST = 6


@dataclass(frozen=True, slots=True)
class Literal:
    """A term that must be true, or surely false; `text` and `place` are the author's."""

    term: Term
    positive: bool
    text: str
    place: Place | None


Alternative = tuple[Literal, ...]


class TooManyError(Exception):
    """A condition with more alternatives than are worth looking at."""


class Spreader:
    """Spreads conditions out; a fact that is worked out from an expression is looked into."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._facts = rulebook.facts
        self.nature = Nature(rulebook)

    def together(self, conditions: Iterable[Condition]) -> list[Alternative]:
        """Return the alternatives in which all of the conditions are true."""
        return _all_of([self.condition(each, positive=True) for each in conditions])

    def condition(self, condition: Condition, *, positive: bool) -> list[Alternative]:
        """Return the alternatives in which a condition is true, or surely false."""
        if isinstance(condition, Criterion):
            text = condition.text if positive else denied(condition.text)
            return self.term(Literal(condition.term, positive, text, condition.place))
        wanted = positive if condition.word != "none" else not positive
        inner = [self.condition(part, positive=wanted) for part in condition.parts]
        return _all_of(inner) if (condition.word == "all") == wanted else _any_of(inner)

    def term(self, literal: Literal, depth: int = 0) -> list[Alternative]:
        """Return the alternatives of a literal."""
        term, positive = literal.term, literal.positive
        if isinstance(term, Negated):
            return self.term(_with(literal, term.part, not positive), depth)
        if isinstance(term, Both):
            inner = [self.term(_with(literal, part, positive), depth) for part in term.parts]
            return _all_of(inner) if (term.operator == "and") == positive else _any_of(inner)
        meaning = self._meaning(term) if depth < _DEEPEST else None
        if meaning is None:
            return [(literal,)]
        behind = self.term(_with(literal, meaning, positive), depth + 1)
        return [(literal, *alternative) for alternative in behind]

    def _meaning(self, term: Term) -> Term | None:
        """Return the one expression that a fact comes to, asked at the same event or instant."""
        fact = self._facts.get(term.fact) if isinstance(term, Ask) and not term.at_it else None
        if fact is None or fact.at is not None or fact.now or not isinstance(fact.type, TruthType):
            return None
        if not isinstance(fact.operation, Computed) or len(fact.operation.branches) != 1:
            return None
        ((_, then),) = fact.operation.branches
        return then


def denied(text: str) -> str:
    """Return the words of what is not so."""
    return f"not {text}" if _ONE.fullmatch(text) else f"not ({text})"


def _with(literal: Literal, term: Term, positive: bool) -> Literal:
    return Literal(term, positive, literal.text, literal.place)


def _any_of(inner: list[list[Alternative]]) -> list[Alternative]:
    return _few([each for alternatives in inner for each in alternatives])


def _all_of(inner: list[list[Alternative]]) -> list[Alternative]:
    count = 1
    for alternatives in inner:
        count *= len(alternatives)
    if count > _MOST:
        raise TooManyError
    return [tuple(literal for each in chosen for literal in each) for chosen in product(*inner)]


def _few(alternatives: list[Alternative]) -> list[Alternative]:
    if len(alternatives) > _MOST:
        raise TooManyError
    return alternatives
