"""What would a field have to hold for a condition to be as it is wanted, and what is nearest to it?

A want is a range of numbers, some names, a yes or no, a day, or only that anything be given.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from engine.events.amount import Amount
from engine.rulebook.ranges import Range

if TYPE_CHECKING:
    from collections.abc import Iterable

_MOST_PLACES = 6


@dataclass(frozen=True, slots=True)
class Names:
    """One of the names that are `wanted` (None: any), and none of those `refused`."""

    wanted: frozenset[str] | None = None
    refused: frozenset[str] = frozenset()

    def choose(self, listed: Iterable[str]) -> str | None:
        """Return the first listed name that will do; a name that is not listed, if need be."""
        offered = [*listed, *sorted(self.wanted or ())]
        return next((name for name in offered if name and name not in self.refused
                     and (self.wanted is None or name in self.wanted)), None)


@dataclass(frozen=True, slots=True)
class Given:
    """Anything at all, so that it is known."""


Want = Range | Names | Given | bool | date


def range_for(operator: str, other: Amount) -> Range | None:
    """Return the numbers that surely compare so with another, or None where none surely does."""
    if operator in {">=", ">"} and other.high is not None:
        return Range(low=Fraction(other.high), low_open=operator == ">" and not other.high_open)
    if operator in {"<=", "<"} and other.low is not None:
        return Range(high=Fraction(other.low), high_open=operator == "<" and not other.low_open)
    if operator == "==" and other.is_exact and other.low is not None:
        return Range(Fraction(other.low), Fraction(other.low))
    return None


def scaled(wanted: Range, operator: str, other: Amount, *, is_left: bool) -> Range | None:
    """Return the range for one side of a sum or product, so that the whole is as wanted."""
    number = None if other.low is None else Fraction(other.low)
    if not other.is_exact or number is None or (operator in {"*", "/"} and number <= 0):
        return None
    if operator == "/" and not is_left:
        return None
    if operator == "-" and not is_left:  # number - x
        return Range(_of(wanted.high, lambda end: number - end),
                     _of(wanted.low, lambda end: number - end), wanted.high_open, wanted.low_open)
    back = {"*": lambda end: end / number, "/": lambda end: end * number,
            "+": lambda end: end - number, "-": lambda end: end + number}[operator]
    return Range(_of(wanted.low, back), _of(wanted.high, back), wanted.low_open, wanted.high_open)


def _of(end: Fraction | None, work: Any) -> Fraction | None:
    return None if end is None else work(end)


def nearest(wanted: Range, now: Fraction | None, places: int, factor: Fraction) -> Fraction | None:
    """Return the wanted number nearest to the present one, that can be written in so many places.

    `factor` turns what is written into what is wanted. A bound that is written in a few places is
    itself the nearest; else the next number inside, in the places given.
    """
    inside = now is not None and _is_in(wanted, now)
    if inside:
        return now
    above = now is None or wanted.high is None or (
        wanted.low is not None and now < wanted.low)
    bound, is_open = (wanted.low, wanted.low_open) if above else (wanted.high, wanted.high_open)
    if bound is None:
        bound, is_open, above = wanted.high, wanted.high_open, False
    if bound is None:
        return now
    written = bound / factor
    exact = _places(written)
    if exact is not None and not is_open:
        return bound if _is_in(wanted, bound) else None
    step = Fraction(1, 10 ** max(places, exact if exact is not None else 1))
    whole = written // step
    below = whole if whole * step < written else whole - 1
    found = (whole + 1 if above else below) * step * factor
    return found if _is_in(wanted, found) else _between(wanted)


def _between(wanted: Range) -> Fraction | None:
    if wanted.low is None or wanted.high is None or wanted.low >= wanted.high:
        return None
    return (wanted.low + wanted.high) / 2


def _is_in(wanted: Range, number: Fraction) -> bool:
    low, high = wanted.low, wanted.high
    return ((low is None or number > low or (number == low and not wanted.low_open))
            and (high is None or number < high or (number == high and not wanted.high_open)))


def _places(number: Fraction) -> int | None:
    """Return in how many places a number is written, or None where it takes too many."""
    for places in range(_MOST_PLACES + 1):
        if (number * 10 ** places).denominator == 1:
            return places
    return None


def together(one: Want, other: Want) -> Want | None:
    """Return what satisfies both wants, or None where nothing can."""
    if isinstance(one, Given):
        return other
    if isinstance(other, Given):
        return one
    if isinstance(one, Range) and isinstance(other, Range):
        numbers = one.both(other)
        return None if numbers.is_empty else numbers
    if isinstance(one, Names) and isinstance(other, Names):
        wanted = (one.wanted & other.wanted if one.wanted is not None and other.wanted is not None
                  else one.wanted if other.wanted is None else other.wanted)
        both = Names(wanted, one.refused | other.refused)
        return None if wanted is not None and not wanted - both.refused else both
    return one if one == other and type(one) is type(other) else None
