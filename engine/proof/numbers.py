"""What comparing and reckoning with numbers comes to, where each may be an interval or unknown.

Formula for formula this is `engine.events.amount` and `engine.events.arithmetic`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from engine.proof.values import (
    Formula,
    Real,
    Truth,
    all_of,
    any_of,
    either,
    is_same,
    less,
    no,
    real,
    truth,
)

if TYPE_CHECKING:
    from engine.events.amount import Amount

ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class Bound:
    """One end of an interval; without `there` it goes on for ever."""

    at: Real
    open: Formula = False
    there: Formula = True


@dataclass(frozen=True, slots=True)
class Number:
    """Every number from `low` to `high`, where it is known."""

    known: Formula
    low: Bound
    high: Bound

    @property
    def is_exact(self) -> Formula:
        """Whether this is one value."""
        return all_of(self.low.there, self.high.there, is_same(self.low.at, self.high.at))


NO_NUMBER = Number(False, Bound(ZERO), Bound(ZERO))


def constant(amount: Amount) -> Number:
    """Return the number of a parameter."""
    low, high = Fraction(amount.low or ZERO), Fraction(amount.high or ZERO)
    return Number(True, Bound(low, amount.low_open, amount.low is not None),
                  Bound(high, amount.high_open, amount.high is not None))


def exactly(known: Formula, value: Real) -> Number:
    """Return a number that is one value where it is known."""
    return Number(known, Bound(value), Bound(value))


def compare(operator: str, left: Number, right: Number) -> Truth:
    """Return a comparison: true or false where every value agrees."""
    known = all_of(left.known, right.known)
    match operator:
        case "<":
            found = _below(left, right)
        case ">":
            found = _below(right, left)
        case "<=":
            found = _swapped(_below(right, left))
        case ">=":
            found = _swapped(_below(left, right))
        case "==":
            found = _equal(left, right)
        case _:
            found = _swapped(_equal(left, right))
    return Truth(all_of(known, found.yes), all_of(known, found.no))


def _swapped(found: Truth) -> Truth:
    return Truth(found.no, found.yes)


def _below(left: Number, right: Number) -> Truth:
    return Truth(_surely_below(left, right),
                 all_of(left.low.there, right.high.there, no(less(left.low.at, right.high.at))))


def _surely_below(left: Number, right: Number) -> Formula:
    touching = all_of(is_same(left.high.at, right.low.at), any_of(left.high.open, right.low.open))
    return all_of(left.high.there, right.low.there,
                  any_of(less(left.high.at, right.low.at), touching))


def _equal(left: Number, right: Number) -> Truth:
    exact = all_of(left.is_exact, right.is_exact)
    by_value = truth(exact, is_same(left.low.at, right.low.at))
    apart = any_of(_surely_below(left, right), _surely_below(right, left))
    return Truth(by_value.yes, any_of(by_value.no, all_of(no(exact), apart)))


def reckon(operator: str, left: Number, right: Number) -> Number:
    """Return a sum, difference, product or quotient."""
    known = all_of(left.known, right.known)
    match operator:
        case "+":
            found = _plus(left, right)
        case "-":
            found = _plus(left, Number(True, _minus(right.high), _minus(right.low)))
        case "*":
            found = _times(left, right)
        case _:
            found = _divided(left, right)
    return replace(found, known=all_of(known, found.known))


def _plus(left: Number, right: Number) -> Number:
    return Number(True, *(
        Bound(_added(one.at, other.at), any_of(one.open, other.open),
              all_of(one.there, other.there))
        for one, other in ((left.low, right.low), (left.high, right.high))))


def _minus(bound: Bound) -> Bound:
    at = -bound.at if isinstance(bound.at, Fraction) else -real(bound.at)
    return replace(bound, at=at)


def _times(left: Number, right: Number) -> Number:
    known = all_of(_not_negative(left.low), _not_negative(right.low))
    return Number(known, _product(left.low, right.low), _product(left.high, right.high))


def _divided(left: Number, right: Number) -> Number:
    zero = all_of(right.high.there, is_same(right.high.at, ZERO))
    low_is_zero = is_same(right.low.at, ZERO)
    both_zero = all_of(low_is_zero, left.is_exact, is_same(left.low.at, ZERO))
    known = all_of(_not_negative(right.low), no(zero), no(both_zero))
    low = Bound(either(right.high.there, _inverse(right.high.at), ZERO),
                any_of(no(right.high.there), right.high.open))
    high = Bound(_inverse(right.low.at), right.low.open, no(low_is_zero))
    found = _times(left, Number(True, low, high))
    return replace(found, known=all_of(known, found.known))


def _not_negative(bound: Bound) -> Formula:
    return all_of(bound.there, no(less(bound.at, ZERO)))


def _product(one: Bound, other: Bound) -> Bound:
    """Return the product of two bounds; 0 that is reached makes 0, whatever the other one is."""
    zero = any_of(*(all_of(each.there, no(each.open), is_same(each.at, ZERO))
                    for each in (one, other)))
    return Bound(either(zero, ZERO, _multiplied(one.at, other.at)),
                 all_of(no(zero), any_of(one.open, other.open)),
                 any_of(zero, all_of(one.there, other.there)))


def _added(one: Real, other: Real) -> Real:
    plain = isinstance(one, Fraction) and isinstance(other, Fraction)
    return one + other if plain else real(one) + real(other)


def _multiplied(one: Real, other: Real) -> Real:
    plain = isinstance(one, Fraction) and isinstance(other, Fraction)
    return one * other if plain else real(one) * real(other)


def _inverse(value: Real) -> Real:
    if isinstance(value, Fraction):
        return 1 / value if value else ZERO
    return real(Fraction(1)) / real(value)


def chosen(condition: Formula, then: Number, other: Number) -> Number:
    """Return one of two numbers, by a condition."""
    return Number(either(condition, then.known, other.known),
                  _bound(condition, then.low, other.low), _bound(condition, then.high, other.high))


def _bound(condition: Formula, then: Bound, other: Bound) -> Bound:
    return Bound(either(condition, then.at, other.at), either(condition, then.open, other.open),
                 either(condition, then.there, other.there))


def hull(one: Number, other: Number) -> Number:
    """Return the smallest interval that holds every number of both."""
    return Number(all_of(one.known, other.known), _outer(one.low, other.low, least=True),
                  _outer(one.high, other.high, least=False))


def _outer(one: Bound, other: Bound, *, least: bool) -> Bound:
    """Return the bound that leaves out less; of two at one number the closed one does."""
    inner, outer = (other.at, one.at) if least else (one.at, other.at)
    goes_out, stays_in = less(outer, inner), less(inner, outer)  # whether `one` is further out
    return Bound(either(stays_in, other.at, one.at),
                 either(goes_out, one.open,
                        either(stays_in, other.open, all_of(one.open, other.open))),
                 all_of(one.there, other.there))
