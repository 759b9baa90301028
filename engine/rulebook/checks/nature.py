"""What is so of a term by what it is, whatever is recorded of a patient?

A count is never negative, a field holds no number that intake refuses, a field that must be given
is one of its listed names, and an event that is looked for after another never begins before it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from engine.rulebook.checks.limits import limits_of
from engine.rulebook.checks.order import Order
from engine.rulebook.definitions import Computed, Tally
from engine.rulebook.ranges import Range
from engine.rulebook.scope import STATUS_VALUES
from engine.rulebook.terms import DIRECTIONS, Ask, FieldOf, Function, Term
from engine.rulebook.types import EventType, TruthType

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.rulebook.checks.bounds import Bound
    from engine.rulebook.definitions import Rulebook

_NOT_NEGATIVE = Range(low=Fraction(0))
_NOT_POSITIVE = Range(high=Fraction(0))


@dataclass(frozen=True, slots=True)
class Natural:
    """The numbers that a term may be, and why; `open_ended` where more than the most is told."""

    numbers: Range
    why: str
    open_ended: bool = False

    def excludes(self, left: Range) -> bool:
        """Whether none of the numbers is one of those that are left."""
        if self.open_ended and left.low == self.numbers.high:
            left = replace(left, low_open=False)
        return left.both(self.numbers).is_empty


class Nature:
    """What a rulebook's terms may be."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._rulebook = rulebook
        self.order = Order(rulebook.facts)

    def against(self, bound: Bound) -> str:
        """Return why a term is never one of the numbers that are left to it, or an empty text."""
        natural = (self._elapsed(bound.term) if bound.key[0] == "elapsed"
                   else self._numbers(bound.term))
        return natural.why if natural is not None and natural.excludes(bound.left) else ""

    def refutes(self, term: Term, *, positive: bool) -> str:
        """Return why a question about the order of two events has but one answer, the other one."""
        if not isinstance(term, Function) or len(term.arguments) != 2 or not positive:
            return ""
        first, second = term.arguments
        if term.name == "surely_after" and self.order.is_no_later(first, second):
            return _never_before(second, first)
        if term.name == "precedes" and self.order.is_no_later(second, first, strictly=True):
            return _never_before(first, second)
        return ""

    def names(self, term: Term) -> frozenset[str] | None:
        """Return the names of which a field always has one; None where it may have none.

        A list of a single name is one to be longer some day: to ask for it is no mistake.
        """
        if not isinstance(term, FieldOf) or not isinstance(term.base.type, EventType):
            return None
        event = term.base.type
        if term.field == "direction" and event.step:
            return DIRECTIONS
        if term.field == "status":
            return STATUS_VALUES
        found: set[str] = set()
        for kind in event.kinds:
            field = self._rulebook.vocabulary.kinds[kind].fields.get(term.field)
            if field is None or field.open or not field.values or not (
                    field.required or field.default is not None):
                return None
            found |= {*field.values}
        return frozenset(found) if len(found) > 1 else None

    def _elapsed(self, since: Term) -> Natural | None:
        if not isinstance(since.type, EventType):  # a day that is written may be still to come
            return None
        return Natural(_NOT_NEGATIVE, "nothing is seen before it happens")

    def _numbers(self, term: Term) -> Natural | None:
        if isinstance(term, Function) and term.name in ("days", "hours"):
            return self.between(term)
        if isinstance(term, FieldOf) and isinstance(term.base.type, EventType):
            return self._field(term.base.type, term.field)
        if isinstance(term, Ask) and term.fact in self._rulebook.facts:
            operation = self._rulebook.facts[term.fact].operation
            if isinstance(operation, Tally) and operation.which == "count":
                return Natural(_NOT_NEGATIVE, f"{term.fact!r} is a count, so 0 or more")
            if isinstance(operation, Tally) and operation.value is not None:
                return self._numbers(operation.value)
            if isinstance(operation, Computed) and not isinstance(term.type, TruthType):
                return _together([self._numbers(then) for _, then in operation.branches])
        return None

    def between(self, term: Function) -> Natural | None:
        """Return what is so of the days or hours from one event to another."""
        first, second = term.arguments
        if first == second:
            return Natural(Range(Fraction(0), Fraction(0)), f"both are {said(first)}")
        if self.order.is_no_later(first, second):
            return Natural(_NOT_NEGATIVE, _never_before(second, first))
        if self.order.is_no_later(second, first):
            return Natural(_NOT_POSITIVE, f"{_never_before(first, second)}, and {term.name}(a, b) "
                           "counts from a to b: perhaps the two are to be turned round")
        return None

    def _field(self, event: EventType, name: str) -> Natural | None:
        found: list[Natural | None] = []
        for kind in sorted(event.kinds):
            limits = next(limits_of(self._rulebook, kind, name), None)
            found.append(None if limits is None else Natural(
                Range(limits.low, limits.high), f"{limits.name!r} is {limits.words}",
                limits.open_ended))
        return _together(found)


def _together(each: Sequence[Natural | None]) -> Natural | None:
    """Return what is so of a term that is one of several; None where one may be any number."""
    known = [one for one in each if one is not None]
    if not known or len(known) < len(each):
        return None
    lows = [one.numbers.low for one in known if one.numbers.low is not None]
    highs = [one.numbers.high for one in known if one.numbers.high is not None]
    return Natural(Range(min(lows) if len(lows) == len(known) else None,
                         max(highs) if len(highs) == len(known) else None),
                   "; ".join(dict.fromkeys(one.why for one in known)),
                   any(one.open_ended for one in known))


def _never_before(later: Term, earlier: Term) -> str:
    return f"{said(later)} never begins before {said(earlier)}"


def said(term: Term) -> str:
    """Return what a term that has a time is called."""
    return repr(_name(term))


def _name(term: Term) -> str:
    if isinstance(term, Ask):
        return term.fact
    base, part = getattr(term, "base", None), getattr(term, "part", None)
    if base is not None and part is not None:
        return f"{_name(base)}.{part}"
    return type(term).__name__.lower()
