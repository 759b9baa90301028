"""How much was measured, exactly as reported: a number, or the interval that a comparator leaves.

``<2.0`` is every value from 0 up to but not including 2. Numbers are whole, or a
`fractions.Fraction`, so no binary rounding can move a value across a threshold. A comparison of
intervals is three-valued: true or false where every value agrees, else `None`, which means unknown.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import force_setattr

if TYPE_CHECKING:
    from decimal import Decimal

Truth = bool | None
Number = Fraction | int  # a whole number is an int, which is compared many times as fast


class Ratio(Fraction):
    """A number that is not whole, compared without asking of which type the other one is."""

    __slots__ = ()

    def __lt__(self, other: Any) -> bool:
        return bool(self.numerator * other.denominator < other.numerator * self.denominator)

    def __le__(self, other: Any) -> bool:
        return bool(self.numerator * other.denominator <= other.numerator * self.denominator)

    def __gt__(self, other: Any) -> bool:
        return bool(self.numerator * other.denominator > other.numerator * self.denominator)

    def __ge__(self, other: Any) -> bool:
        return bool(self.numerator * other.denominator >= other.numerator * self.denominator)


def number_of(value: Decimal | Number) -> Number:
    """Return a finite number as it is kept.

    >>> number_of(Decimal("3.0")), number_of(Decimal("0.5"))
    (3, Ratio(1, 2))
    """
    numerator, denominator = value.as_integer_ratio()
    return numerator if denominator == 1 else Ratio(numerator, denominator)


class Amount(Struct, frozen=True, gc=False):
    """Every number from `low` to `high` in `unit`; equal, closed bounds are an exact value.

    `low` or `high` of `None` is unbounded. `unit` is the canonical spelling of its dimension,
    or an empty string for a pure number.
    """

    low: Number | None
    high: Number | None
    low_open: bool = False
    high_open: bool = False
    unit: str = ""

    def __post_init__(self) -> None:
        low, high = self.low, self.high
        if low.__class__ is Fraction and low.denominator == 1:
            force_setattr(self, "low", low.numerator)
        if high.__class__ is Fraction and high.denominator == 1:
            force_setattr(self, "high", high.numerator)

    def __repr__(self) -> str:
        """Tell the numbers alike, whole or not: what is said of an event is told from it."""
        low, high = (None if each is None else Fraction(each) for each in (self.low, self.high))
        return (f"Amount(low={low!r}, high={high!r}, low_open={self.low_open!r}, "
                f"high_open={self.high_open!r}, unit={self.unit!r})")

    @classmethod
    def exact(cls, value: Fraction | int | str, unit: str = "") -> Amount:
        """Return the amount that is known exactly."""
        number = Fraction(value) if isinstance(value, str) else value
        return cls(number, number, unit=unit)

    @property
    def is_exact(self) -> bool:
        """Whether this is one value, not an interval."""
        return self.low is not None and self.low == self.high


def below(left: Amount, right: Amount) -> Truth:
    """Return whether every value of `left` is less than every value of `right`, or unknown.

    >>> below(Amount(Fraction(0), Fraction(2), high_open=True), Amount.exact(2))
    True
    >>> below(Amount.exact(2), Amount.exact(2))
    False
    """
    high, low = left.high, right.low
    if high is not None and low is not None and (
            high < low or (high == low and (left.high_open or right.low_open))):
        return True
    low, high = left.low, right.high
    return False if low is not None and high is not None and low >= high else None


def at_most(left: Amount, right: Amount) -> Truth:
    """Return whether every value of `left` is less than or equal to every one of `right`."""
    above = below(right, left)
    return None if above is None else not above


def hull(left: Amount, right: Amount) -> Amount:
    """Return the smallest interval that holds every value of both; both are in one unit.

    >>> hull(Amount.exact(2), Amount(Fraction(0), Fraction(2), high_open=True))
    Amount(low=Fraction(0, 1), high=Fraction(2, 1), low_open=False, high_open=False, unit='')
    """
    if left == right:
        return left
    low, low_open = _outer(left.low, left.low_open, right.low, right.low_open, least=True)
    high, high_open = _outer(left.high, left.high_open, right.high, right.high_open, least=False)
    return Amount(low, high, low_open, high_open, left.unit)


def _outer(one: Number | None, one_open: bool, other: Number | None, other_open: bool, *,
           least: bool) -> tuple[Number | None, bool]:
    """Return the bound that leaves out less; of two at one number the closed one does."""
    if one is None or other is None:
        return None, False
    if one == other:
        return one, one_open and other_open
    return (one, one_open) if (one < other) is least else (other, other_open)


def equal(left: Amount, right: Amount) -> Truth:
    """Return whether both are one and the same value, or unknown where the intervals overlap."""
    if left.is_exact and right.is_exact:
        return left.low == right.low
    return False if below(left, right) or below(right, left) else None
