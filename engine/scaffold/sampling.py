"""Which line would be an event of a kind, with no more in it than there must be?"""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from engine.events.event import Event, Source
from engine.events.intake import Intake

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.events.kinds import Field, Kind, Quantity, Reading, Vocabulary

_NUMBERS = (10, 1, 100, 2, 5, 20, 50, 1000, "0.5", "0.1", 5000)
_DAY = "2020-01-01"
_SYMBOL = "something"


def sample(vocabulary: Vocabulary) -> tuple[Kind, dict[str, Any]] | None:
    """Return the first kind of which an event can be made up, and its fields; None without any."""
    intake = Intake(vocabulary, ZoneInfo("UTC"))
    for kind in vocabulary.kinds.values():
        for fields in _tries(kind):
            line = {"id": "1", "patient": "p", "kind": kind.name, "at": _DAY, **fields}
            if isinstance(intake.read(json.dumps(line), Source("sample", 1)), Event):
                return kind, fields
    return None


def _tries(kind: Kind) -> Iterator[dict[str, Any]]:
    fields = {name: _plain(field) for name, field in kind.plain.items()
              if field.required or name in {each.by for each in kind.quantities if each.required}}
    for number in _NUMBERS:
        filled = dict(fields)
        for quantity in kind.quantities:
            if quantity.required:
                reading = _reading(quantity, filled)
                if reading is not None:
                    filled[quantity.value] = _number(number)
                    filled[quantity.unit] = _unit(reading)
        yield filled


def _plain(field: Field) -> Any:
    if field.values:
        return field.values[0]
    return {"boolean": False, "when": _DAY, "count": 1, "amount": 1}.get(field.type, _SYMBOL)


def _reading(quantity: Quantity, fields: dict[str, Any]) -> Reading | None:
    if quantity.by is not None and fields.get(quantity.by) in quantity.readings_by:
        return quantity.readings_by[fields[quantity.by]]
    return next(iter(quantity.readings), None)


def _unit(reading: Reading) -> str:
    factors = reading.dimension.factors
    canonical = reading.dimension.unit
    return canonical if canonical in factors else next(
        (each for each, factor in factors.items() if factor == Fraction(1)), next(iter(factors)))


def _number(number: int | str) -> int | float:
    return number if isinstance(number, int) else float(Decimal(number))
