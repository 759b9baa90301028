"""Which numbers does intake accept in a field, so that no other can ever be compared?"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction

    from engine.events.units import Dimension
    from engine.rulebook.definitions import Rulebook


@dataclass(frozen=True, slots=True)
class Limits:
    """The numbers that intake accepts in a field of a kind, and its units.

    `open_ended` where a number may come with a comparator: `<0.5` lies below the least one.
    """

    name: str
    low: Fraction | None
    high: Fraction | None
    dimension: Dimension | None = field(default=None, compare=False)
    open_ended: bool = field(default=False, compare=False)

    def holds(self, number: Fraction) -> bool:
        """Whether a number is one of them."""
        return (self.low is None or number >= self.low) and (
            self.high is None or number <= self.high)

    @property
    def words(self) -> str:
        """Which numbers these are, without their unit."""
        if self.low is not None and self.high is not None:
            return f"from {plainly(self.low)} to {plainly(self.high)}"
        if self.low is not None:
            return f"of at least {plainly(self.low)}"
        return f"of at most {plainly(self.high)}" if self.high is not None else "any number"


def plainly(number: Fraction) -> str:
    """Return a number as it is read, with few digits."""
    return str(number) if number.denominator == 1 else f"{float(number):g}"


def limits_of(rulebook: Rulebook, kind: str, name: str) -> Iterator[Limits]:
    """Yield the limits of a field of a kind, where it has any."""
    declared = rulebook.vocabulary.kinds[kind]
    words = f"{kind}.{name}"
    if name in declared.ranges:
        yield Limits(words, *declared.ranges[name])
    readings = [reading for quantity in declared.quantities
                for reading in (*quantity.readings, *quantity.readings_by.values())
                if reading.field == name]
    lows = [reading.low for reading in readings if reading.low is not None]
    highs = [reading.high for reading in readings if reading.high is not None]
    if readings and (lows or highs):
        yield Limits(words, min(lows) if len(lows) == len(readings) else None,
                     max(highs) if len(highs) == len(readings) else None, readings[0].dimension,
                     any(quantity.comparator for quantity in declared.quantities))
