"""Can everything that one alternative asks for be true at once, and what else is true then?"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from engine.rulebook.checks.bounds import Bound, Key, Order, order, said
from engine.rulebook.ranges import Range
from engine.rulebook.terms import (
    Among,
    Comparing,
    Constant,
    Elapsed,
    FieldOf,
    Function,
    PartOf,
    Term,
    Verdict,
    parts,
)
from engine.rulebook.types import SymbolType

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from engine.rulebook.checks.literals import Alternative, Literal, Spreader


@dataclass(frozen=True, slots=True)
class Conflict:
    """What cannot be true together; both are the same literal where it alone can never be true.

    `why` where the reason is not in what they say.
    """

    first: Literal
    second: Literal
    why: str = ""


BEGUN = "a course that has begun is running or stopped"
_PHASES = ("begun", "running", "stopped")


@dataclass
class _Names:
    """Which names are left to a term: one of `among`, unless that is None, and none of `but`."""

    among: frozenset[str] | None = None
    but: frozenset[str] = frozenset()
    last: Literal | None = None

    @property
    def left(self) -> frozenset[str] | None:
        return None if self.among is None else self.among - self.but


@dataclass
class Known:
    """What is known where an alternative is true, gathered literal by literal."""

    spreader: Spreader
    conflict: Conflict | None = None
    _truths: dict[tuple[Term, bool], Literal] = field(default_factory=dict)
    _ranges: dict[Key, tuple[Range, list[Literal]]] = field(default_factory=dict)
    _signs: dict[Key, tuple[frozenset[str], Literal]] = field(default_factory=dict)
    _names: dict[Term, _Names] = field(default_factory=dict)
    _there: dict[Term, Literal] = field(default_factory=dict)
    _absent: dict[Term, Literal] = field(default_factory=dict)

    def gather(self, alternative: Alternative) -> Known:
        """Take note of every literal, until one conflicts with those before it."""
        for literal in alternative:
            if self.conflict is None:
                self._take(literal)
        return self

    def entails(self, literal: Literal) -> bool:
        """Whether a literal is surely true with what is known."""
        term, positive = literal.term, literal.positive
        if (term, positive) in self._truths or term == Constant(positive, term.type):
            return True
        saying = _said(term, positive)
        if isinstance(saying, bool):
            return saying
        if isinstance(saying, Bound):
            known = self._ranges.get(saying.key)
            return known is not None and known[0].lies_in(saying.left)
        if isinstance(saying, Order):
            signs = self._signs.get(saying.key)
            return signs is not None and signs[0] <= saying.signs
        if names := _names(term, positive):
            return self._has_one_of(*names)
        if isinstance(term, Function) and term.name == "known" and positive:
            return term.arguments[0] in self._there
        return any(all(self.entails(each) for each in alternative)
                   for alternative in _wrapped(literal, self.spreader))

    def _has_one_of(self, item: Term, values: frozenset[str], wanted: bool) -> bool:
        known = self._names.get(item, _Names())
        if wanted:
            return known.left is not None and known.left <= values
        return values <= known.but or (known.left is not None and known.left.isdisjoint(values))

    def _take(self, literal: Literal) -> None:
        term, positive = literal.term, literal.positive
        if isinstance(term, Constant) and term.value is not positive:
            self.conflict = Conflict(literal, literal)
            return
        if (opposite := self._truths.get((term, not positive))) is not None:
            self.conflict = Conflict(opposite, literal)
            return
        self._truths[term, positive] = literal
        saying, nature = _said(term, positive), self.spreader.nature
        if saying is False or (why := nature.refutes(term, positive=positive)):
            self.conflict = Conflict(literal, literal, "" if saying is False else why)
        elif isinstance(saying, Bound):
            self._bound(saying, literal)
        elif isinstance(saying, Order):
            self._order(saying, literal)
        elif names := _names(term, positive):
            self._name(*names, literal)
        elif isinstance(term, Function) and term.name == "known":
            self._presence(term.arguments[0], literal)
        elif isinstance(term, PartOf):
            self._phase(term, literal)
        for each in _needs(term, positive):
            self._present(each, literal)
        for implied in _implied(literal, self.spreader):
            if self.conflict is None and (implied.term, implied.positive) not in self._truths:
                self._take(implied)

    def _phase(self, term: PartOf, literal: Literal) -> None:
        """Take note of a part of a course: one that has begun runs, or was stopped."""
        phase = [(PartOf(term.base, part, term.type), part == "begun") for part in _PHASES]
        if all(each in self._truths for each in phase):
            before = next(self._truths[each] for each in phase
                          if self._truths[each].place != literal.place or each[0] != term)
            self.conflict = Conflict(before, literal, BEGUN)

    def _bound(self, bound: Bound, literal: Literal) -> None:
        if why := self.spreader.nature.against(bound):
            self.conflict = Conflict(literal, literal, why)
            return
        before, literals = self._ranges.get(bound.key, (Range(), []))
        left = before.both(bound.left)
        if left.is_empty:
            against = next((each for each in literals if self._clash(each, bound)), literal)
            self.conflict = Conflict(against, literal)
        self._ranges[bound.key] = (left, [*literals, literal])

    def _clash(self, literal: Literal, bound: Bound) -> bool:
        other = _said(literal.term, literal.positive)
        return isinstance(other, Bound) and other.left.both(bound.left).is_empty

    def _order(self, saying: Order, literal: Literal) -> None:
        signs, before = self._signs.get(saying.key, (saying.signs, literal))
        if not signs & saying.signs:
            self.conflict = Conflict(before, literal)
        self._signs[saying.key] = (signs & saying.signs, literal)

    def _name(self, item: Term, values: frozenset[str], wanted: bool, literal: Literal) -> None:
        if item not in self._names:
            self._names[item] = _Names(self.spreader.nature.names(item))
        names = self._names[item]
        before = names.last or literal
        if wanted:
            names.among = values if names.among is None else names.among & values
        else:
            names.but |= values
        if names.left is not None and not names.left:
            self.conflict = Conflict(before if values or not wanted else literal, literal)
        names.last = literal

    def _presence(self, term: Term, literal: Literal) -> None:
        if literal.positive:
            self._present(term, literal)
            return
        self._absent[term] = literal
        if term in self._there:
            self.conflict = Conflict(self._there[term], literal)

    def _present(self, term: Term, literal: Literal) -> None:
        self._there.setdefault(term, literal)
        if self.conflict is None and term in self._absent:
            self.conflict = Conflict(self._absent[term], literal)


def subject(literal: Literal) -> Hashable:
    """Return what a literal compares; None where it is no comparison with something known."""
    saying = _said(literal.term, literal.positive)
    if isinstance(saying, Bound | Order):
        return saying.key
    if names := _names(literal.term, literal.positive):
        return names[0]
    return literal.term.base if isinstance(literal.term, PartOf) else None


def _said(term: Term, positive: bool) -> Bound | Order | bool | None:
    if isinstance(term, Comparing) and isinstance(term.left.type, SymbolType):
        return None if isinstance(term.right, Constant) else order(term, positive=positive)
    return said(term, positive=positive)


def _names(term: Term, positive: bool) -> tuple[Term, frozenset[str], bool] | None:
    """Return a name, the values it is looked for in, and whether it must be one of them."""
    if isinstance(term, Among):
        return term.item, term.values, positive
    if isinstance(term, Comparing) and isinstance(term.right, Constant) and isinstance(
            term.left.type, SymbolType):
        value = term.right.value
        assert isinstance(value, str)
        return term.left, frozenset({value}), (term.operator == "==") == positive
    return None


def _needs(term: Term, positive: bool) -> Iterator[Term]:
    """Yield what must be there for a comparison to be true, or surely false."""
    operands: tuple[Term, ...] = ()
    if isinstance(term, Elapsed):
        operands = (term.since,)
    elif isinstance(term, Comparing) and not isinstance(term.left.type, SymbolType):
        operands = (term.left, term.right)
    elif (names := _names(term, positive)) and names[2]:
        operands = (names[0],)
    for operand in operands:
        each: Term | None = operand
        while isinstance(each, FieldOf | PartOf | Verdict):
            yield each
            each = parts(each)[0]
        if each is not None:
            yield each


def _implied(literal: Literal, spreader: Spreader) -> Iterator[Literal]:
    """Yield the literals that are true with this one."""
    term, positive = literal.term, literal.positive
    if isinstance(term, PartOf):
        implied = {("running", True): {"begun": True, "stopped": False},
                   ("stopped", True): {"begun": True, "running": False},
                   ("begun", False): {"running": False, "stopped": False}}
        for part, truth in implied.get((term.part, positive), {}).items():
            yield replace(literal, term=PartOf(term.base, part, term.type), positive=truth)
    if (isinstance(term, Function) and term.name == "certainly" and positive) or (
            isinstance(term, Function) and term.name == "possibly" and not positive):
        alternatives = spreader.term(replace(literal, term=term.arguments[0]))
        if len(alternatives) == 1:
            yield from alternatives[0]


def _wrapped(literal: Literal, spreader: Spreader) -> list[Alternative]:
    """Return the alternatives of what stands in `possibly` or `certainly`, if that is enough."""
    term = literal.term
    if isinstance(term, Function) and term.name in ("possibly", "certainly"):
        return spreader.term(replace(literal, term=term.arguments[0]))
    return []
