"""What comes of adding, multiplying or dividing amounts that may be intervals.

Every bound is exact; a square root is enclosed so tightly that no decimal threshold fits between.
"""

from __future__ import annotations

from fractions import Fraction
from math import isqrt

from engine.events.amount import Amount, Number

_Bound = tuple[Number | None, bool]
_ROOT_SCALE = 10**40


def plus(left: Amount, right: Amount, unit: str) -> Amount:
    """Return the sum; both amounts are in `unit`."""
    low = None if left.low is None or right.low is None else left.low + right.low
    high = None if left.high is None or right.high is None else left.high + right.high
    return Amount(low, high, left.low_open or right.low_open, left.high_open or right.high_open,
                  unit)


def minus(left: Amount, right: Amount, unit: str) -> Amount:
    """Return the difference; both amounts are in `unit`."""
    negated = Amount(
        None if right.high is None else -right.high,
        None if right.low is None else -right.low,
        right.high_open, right.low_open, right.unit)
    return plus(left, negated, unit)


def times(left: Amount, right: Amount, unit: str) -> Amount | None:
    """Return the product of two amounts that are not negative; else None, which means unknown."""
    if left.low is None or right.low is None or left.low < 0 or right.low < 0:
        return None
    low, low_open = _product((left.low, left.low_open), (right.low, right.low_open))
    high, high_open = _product((left.high, left.high_open), (right.high, right.high_open))
    return Amount(low, high, low_open, high_open, unit)


def divided(left: Amount, right: Amount, unit: str) -> Amount | None:
    """Return the quotient of amounts that are not negative; None where it may be by zero."""
    if right.low is None or right.low < 0 or right.high == 0:
        return None
    if right.low == 0 and left.low == 0 == left.high:
        return None
    inverse = Amount(
        0 if right.high is None else 1 / Fraction(right.high),
        None if right.low == 0 else 1 / Fraction(right.low),
        right.high is None or right.high_open,
        right.low_open)
    return times(left, inverse, unit)


def square_root(amount: Amount, unit: str) -> Amount | None:
    """Return the square root, or None where the amount may be negative.

    >>> square_root(Amount.exact(Fraction(9, 4)), "").is_exact
    True
    """
    if amount.low is None or amount.low < 0:
        return None
    low, low_exact = _root_below(amount.low)
    if amount.high is None:
        return Amount(low, None, amount.low_open or not low_exact, False, unit)
    high, high_exact = _root_below(amount.high)
    if not high_exact:
        high += Fraction(1, _ROOT_SCALE)
    return Amount(low, high, amount.low_open or not low_exact,
                  amount.high_open or not high_exact, unit)


def _product(left: _Bound, right: _Bound) -> _Bound:
    """Return the product of two bounds; 0 that is reached makes 0, whatever the other one is."""
    if (left[0] == 0 and not left[1]) or (right[0] == 0 and not right[1]):
        return 0, False
    if left[0] is None or right[0] is None:
        return None, False
    return left[0] * right[0], left[1] or right[1]


def _root_below(number: Number) -> tuple[Fraction, bool]:
    top, bottom = isqrt(number.numerator), isqrt(number.denominator)
    if top * top == number.numerator and bottom * bottom == number.denominator:
        return Fraction(top, bottom), True
    scaled = isqrt(number.numerator * _ROOT_SCALE**2 // number.denominator)
    return Fraction(scaled, _ROOT_SCALE), False
