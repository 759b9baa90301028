"""Which spellings of a unit are accepted, and what exactly is each worth in the canonical one?

The table is closed: a spelling that the vocabulary does not list is refused, never guessed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct

from engine.counting import first_of
from engine.events.amount import number_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from fractions import Fraction

    from engine.events.amount import Number

_MICRO = str.maketrans({"\u00b5": "u", "\u03bc": "u", "²": "2", "³": "3", "⁹": "9"})


class Dimension(Struct, frozen=True):
    """A quantity that can be compared: its canonical unit, and the factor of every spelling.

    A number in a spelling times its factor is the number in the canonical unit.
    """

    name: str
    unit: str
    factors: Mapping[str, Fraction]


_SHOWN = 10  # the vocabulary lists the usual spellings first


class UnitError(ValueError):
    """A spelling that no table lists: what was found, what is accepted, and what may be meant."""

    def __init__(self, spelling: str, accepted: Iterable[str]) -> None:
        known = tuple(accepted)
        self.found = repr(spelling)
        shown = first_of(known, _SHOWN, "other spellings")
        self.expected = f"one of {shown}" if len(known) > 1 else shown
        slips = slips_of(spelling, known)
        self.advice = f"did you mean {slips[0]!r}?" if slips else "give one of the accepted units"
        super().__init__(f"found {self.found}, expected {self.expected}; {self.advice}")


def slips_of(spelling: str, known: Iterable[str]) -> list[str]:
    """Return the known spellings that differ by a slip only: a near one may be another unit.

    >>> slips_of("mg/l", ["mg/L", "mg/mL"]), slips_of("mg/dL", ["mg/L", "mg/mL"])
    (['mg/L'], [])
    """
    return [each for each in known if _folded(each) == _folded(spelling)]


def _folded(spelling: str) -> str:
    bare = re.sub(r"[\s^*{}()]|(?<=\d)[eE](?=\d)|^[xX\u00d7]", "", spelling)
    return bare.lower().translate(_MICRO)


def convert(number: Number, spelling: str, dimension: Dimension) -> Number:
    """Return the number in the canonical unit, exactly; raise UnitError for an unknown spelling."""
    factor = dimension.factors.get(spelling)
    if factor is None:
        raise UnitError(spelling, dimension.factors)
    return number if factor == 1 else number_of(number * factor)
