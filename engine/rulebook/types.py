"""What kind of thing an expression is, so that a comparison that makes no sense is found at load.

Units are counted factor by factor: ``mg/d`` over ``m2`` is ``mg/m2/d``, whatever the order.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache

from msgspec import Struct

from engine.counting import first_of

Units = tuple[tuple[str, int], ...]
DAYS: Units = (("d", 1),)
HOURS: Units = (("h", 1),)
_SHOWN = 10
_TIME_WORDS = {"day": "d", "days": "d", "hour": "h", "hours": "h", "month": "mo",
               "months": "mo", "year": "a", "years": "a"}
TIME_UNITS = frozenset(_TIME_WORDS.values()) - {"mo", "a"}  # months are no number of days


class NumberType(Struct, frozen=True):
    """A number in a unit."""

    units: Units = ()

    def __str__(self) -> str:
        return f"a number in {units_text(self.units)}" if self.units else "a number without unit"


class TruthType(Struct, frozen=True):
    """True, false or unknown."""

    def __str__(self) -> str:
        return "true or false"


@dataclass(frozen=True, slots=True)
class SymbolType:
    """One of a list of names; `values` of None is any name, `listed` those it has a list of."""

    values: frozenset[str] | None = None
    listed: frozenset[str] = field(default=frozenset(), compare=False)

    def __str__(self) -> str:
        if self.values is None:
            return "a name"
        return f"one of {first_of(sorted(self.values), _SHOWN)}"


class TimeType(Struct, frozen=True):
    """A date or date-time."""

    def __str__(self) -> str:
        return "a time"


class SpanType(Struct, frozen=True):
    """Calendar months, which only a date can be moved by."""

    def __str__(self) -> str:
        return "calendar months"


class EventType(Struct, frozen=True):
    """An event of one of these kinds; `topic` where it carries the verdict of a conclusion."""

    kinds: frozenset[str]
    topic: str = ""
    step: bool = False

    def __str__(self) -> str:
        return f"an event ({', '.join(sorted(self.kinds))})"


class SeriesType(Struct, frozen=True):
    """Events in order."""

    member: EventType

    def __str__(self) -> str:
        return f"a series of {self.member}"


class CourseType(Struct, frozen=True):
    """A course of treatment, read from events of one kind."""

    kind: str

    def __str__(self) -> str:
        return "a course"


class RunType(Struct, frozen=True):
    """A condition sustained over occasions: its first and its confirming event."""

    member: EventType

    def __str__(self) -> str:
        return "a sustained run"


_SPELLINGS = 1 << 10  # a vocabulary has some dozens of units

Type = (
    NumberType | TruthType | SymbolType | TimeType | SpanType | EventType | SeriesType
    | CourseType | RunType
)


@lru_cache(maxsize=_SPELLINGS)
def parse_units(spelling: str) -> Units:
    """Return the factors of a unit and their powers; `/` divides by the factor that follows.

    >>> parse_units("mg/m2/d") == quotient_units(parse_units("mg/d"), parse_units("m2"))
    True
    """
    powers: Counter[str] = Counter()
    for sign, factor in re.findall(r"([/.]?)([^/.]+)", spelling):
        powers[_TIME_WORDS.get(factor, factor)] += -1 if sign == "/" else 1
    powers.pop("1", None)  # the unit of a pure number
    return _canonical(powers)


def product_units(left: Units, right: Units) -> Units:
    """Return the unit of a product."""
    powers = Counter(dict(left))
    for factor, power in right:
        powers[factor] += power
    return _canonical(powers)


def quotient_units(left: Units, right: Units) -> Units:
    """Return the unit of a quotient."""
    return product_units(left, tuple((factor, -power) for factor, power in right))


def root_units(units: Units) -> Units | None:
    """Return the unit of a square root, or None where a power is odd."""
    if any(power % 2 for _, power in units):
        return None
    return tuple((factor, power // 2) for factor, power in units)


def units_text(units: Units) -> str:
    """Return a unit as it is read: what multiplies, then what divides, time last."""
    over = [_powered(factor, power) for factor, power in units if power > 0]
    under = [f"/{_powered(factor, -power)}" for factor, power in sorted(
        units, key=lambda unit: unit[0] in {"d", "h"}) if power < 0]
    return ".".join(over) + "".join(under)


def _powered(factor: str, power: int) -> str:
    return ".".join([factor] * power)


def _canonical(powers: Counter[str]) -> Units:
    return tuple(sorted((factor, power) for factor, power in powers.items() if power))
