"""Medians, rounding and tests of two groups, by counting.

The exact test works with whole numbers throughout. The two approximate ones take one degree of
freedom, for which the tail of chi-squared is ``erfc(sqrt(x / 2))``.
"""

from __future__ import annotations

from fractions import Fraction
from math import comb, erfc, floor, log, sqrt
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence


class TwoByTwo(NamedTuple):
    """How many of two groups had an outcome, and how many had not."""

    with_one: int
    without_one: int
    with_other: int
    without_other: int

    def expected(self) -> tuple[Fraction, ...]:
        """Return the four numbers to be expected if the groups did not differ."""
        total = sum(self)
        rows = (self.with_one + self.without_one, self.with_other + self.without_other)
        columns = (self.with_one + self.with_other, self.without_one + self.without_other)
        return tuple(Fraction(row * column, total) if total else Fraction(0)
                     for row in rows for column in columns)


def half_up(value: Fraction, places: int = 0) -> str:
    """Return a number that is not negative as printed, a half going up.

    >>> half_up(Fraction(85, 2)), half_up(Fraction(1, 7), 2), half_up(Fraction(3), 2)
    ('43', '0.14', '3.00')
    """
    scaled = floor(value * 10**places + Fraction(1, 2))
    whole, part = divmod(scaled, 10**places)
    return f"{whole}.{part:0{places}}" if places else str(whole)


def percent(part: int, whole: int) -> int:
    """Return a share in whole percent, a half going up; of nothing it is 0."""
    return int(half_up(Fraction(100 * part, whole))) if whole else 0


def median(values: Sequence[Fraction]) -> Fraction:
    """Return the middle value, or the mean of the two in the middle."""
    ordered = sorted(values)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return (ordered[middle - 1] + ordered[middle]) / 2


def fisher_exact(table: TwoByTwo) -> Fraction:
    """Return the two-sided P: all tables with these margins that are as unlikely as this one."""
    one, other = table[0] + table[1], table[2] + table[3]
    having = table.with_one + table.with_other

    def ways(with_one: int) -> int:
        return comb(one, with_one) * comb(other, having - with_one)

    possible = [ways(count) for count in range(max(0, having - other), min(one, having) + 1)]
    seen = ways(table.with_one)
    return Fraction(sum(each for each in possible if each <= seen), sum(possible))


def likelihood_ratio(table: TwoByTwo) -> float:
    """Return the P of the likelihood-ratio (G) test."""
    pairs = zip(table, table.expected(), strict=True)
    return _tail(2 * sum(count * log(count / float(mean)) for count, mean in pairs if count))


def chi_squared(table: TwoByTwo) -> float:
    """Return the P of Pearson's test without correction."""
    pairs = zip(table, table.expected(), strict=True)
    return _tail(float(sum((count - mean) ** 2 / mean for count, mean in pairs if mean)))


def _tail(statistic: float) -> float:
    return erfc(sqrt(max(0.0, statistic) / 2))
