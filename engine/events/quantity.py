"""What amount do a value, its unit and its comparator stand for?

The value is a number, or the text that was printed (`"<2.0"`). Nothing is guessed: decimal commas,
thousands separators and exponents in a text are refused with advice.
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from engine.events.amount import Amount, Number, number_of
from engine.events.fault import Fault, Faults, Unreadable
from engine.events.units import UnitError, convert
from engine.wording import describe

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from engine.events.kinds import Quantity, Reading

COMPARATORS = ("<", "<=", ">=", ">")
_PRINTED = re.compile(r"(<=|>=|<|>|≤|≥)?\s*(-?[0-9]{1,30}(?:\.[0-9]{1,30})?)")
_SIGNS = {"≤": "<=", "≥": ">="}
_MAY_BE_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}")
_LARGEST_EXPONENT = 40
_NUMBER_TYPES = (int, Decimal, str)  # compared by type: a boolean is no number
_KEPT = 1 << 14
_NUMBER_OR_TEXT = 'a number, or text as it was printed ("<2.0")'


class QuantityReader:
    """Reads one quantity of a kind out of lines; amounts seen before are not computed again."""

    def __init__(self, quantity: Quantity) -> None:
        self._quantity = quantity
        self._amount = lru_cache(maxsize=_KEPT, typed=True)(self._compute)

    def read(self, raw: Mapping[str, Any], faults: Faults) -> tuple[str, Amount, bool] | None:
        """Return field, amount and whether the unit is suspect; None where there is none."""
        quantity = self._quantity
        if faults.fields and not faults.fields.isdisjoint((*quantity.keys, quantity.by)):
            return None
        if quantity.value not in raw:
            self._check_absence(raw, faults)
            return None
        value, chooser = raw[quantity.value], raw.get(quantity.by) if quantity.by else None
        if type(value) not in _NUMBER_TYPES:
            faults.note(Fault(quantity.value, "null" if value is None else describe(value),
                              _NUMBER_OR_TEXT, "give the number alone"))
            return None
        readings = self._readings(chooser)
        if not readings:
            return None
        if quantity.unit not in raw:
            faults.note(Fault(quantity.unit, "no unit", _accepted(readings),
                              "a number without its unit is not judged"))
            return None
        try:
            return self._amount(value, raw[quantity.unit],
                                raw.get(quantity.comparator) if quantity.comparator else None,
                                chooser if isinstance(chooser, str) else None)
        except Unreadable as unreadable:
            faults.note(unreadable.fault)
            return None

    def _check_absence(self, raw: Mapping[str, Any], faults: Faults) -> None:
        quantity = self._quantity
        if quantity.optional_if is not None and raw.get(quantity.optional_if) is True:
            return
        if alone := [key for key in quantity.keys if key in raw]:
            faults.note(Fault(quantity.value, f"'{alone[0]}' without '{quantity.value}'",
                              _NUMBER_OR_TEXT, "give both or neither"))
        elif quantity.required:
            faults.note(Fault(quantity.value, f"no '{quantity.value}'", _NUMBER_OR_TEXT,
                              "add it"))

    def _readings(self, chooser: Any) -> tuple[Reading, ...]:
        chosen = self._quantity.readings_by.get(chooser) if isinstance(chooser, str) else None
        return (chosen,) if chosen else self._quantity.readings

    def _compute(self, value: int | Decimal | str, unit: str, comparator: str | None,
                 chooser: str | None) -> tuple[str, Amount, bool]:
        quantity, readings = self._quantity, self._readings(chooser)
        sign, number = _number(quantity.value, value)
        sign = self._one_sign(sign, comparator, value)
        reading, scaled = _scaled(quantity.unit, number, unit, readings)
        _check_plausible(quantity.value, value, number, unit, scaled, reading, readings)
        suspect = quantity.suspect
        marked = suspect is not None and unit in suspect.units and scaled < suspect.below
        return reading.field, self._interval(sign, scaled, reading, value), marked

    def _one_sign(self, printed: str, comparator: str | None, value: int | Decimal | str) -> str:
        quantity = self._quantity
        if printed and quantity.comparator is None:
            raise Unreadable(quantity.value, describe(value), "a number without a comparator",
                             "this quantity must be known exactly")
        if printed and comparator and printed != comparator:
            raise Unreadable(quantity.comparator or "", f"'{comparator}' beside {describe(value)}",
                             "one comparator", "give it in the value or beside it, not both")
        return printed or comparator or ""

    def _interval(self, sign: str, number: Number, reading: Reading, value: Any) -> Amount:
        unit = reading.dimension.unit
        if sign in ("<", "<="):
            if sign == "<" and number == reading.low:
                raise Unreadable(self._quantity.value, describe(value),
                                 f"a number above {plain(number)}",
                                 "no value is below the lowest that is possible")
            return Amount(reading.low, number, high_open=sign == "<", unit=unit)
        if sign in (">", ">="):
            return Amount(number, None, low_open=sign == ">", unit=unit)
        return Amount.exact(number, unit)


def exact(value: int | Decimal) -> Number | None:
    """Return the number as it is kept, or None where its exponent is beyond all measure."""
    if isinstance(value, Decimal) and (abs(value.adjusted()) > _LARGEST_EXPONENT or (
            len(str(value)) > _LARGEST_EXPONENT  # fewer characters are fewer digits
            and len(value.as_tuple().digits) > _LARGEST_EXPONENT)):
        return None
    return number_of(value)


def plain(number: Number) -> str:
    """Return a number as a reader writes it.

    >>> plain(Fraction(3, 2)), plain(Fraction(3000))
    ('1.5', '3000')
    """
    if number.denominator == 1:
        return str(number.numerator)
    return format(Decimal(number.numerator) / Decimal(number.denominator), "f")


def _number(key: str, value: int | Decimal | str) -> tuple[str, Number]:
    if isinstance(value, str):
        match = _PRINTED.fullmatch(value.strip())
        if not match:
            raise Unreadable(key, describe(value), "a plain number (36600 or 8.5)",
                             _advice(value.strip()))
        return _SIGNS.get(match[1], match[1] or ""), number_of(Decimal(match[2]))
    number = exact(value)
    if number is None:
        raise Unreadable(key, describe(value), "a number of ordinary size", "write it out")
    return "", number


def _advice(text: str) -> str:
    if "," in text:
        return ("write a decimal point and no thousands separator: "
                "whether this comma is the one or the other is not guessed")
    if re.fullmatch(r"\D{0,2}[0-9.]+[eE][+-]?[0-9]+", text):
        return "write the number out, without an exponent"
    if re.fullmatch(r"\D{0,2}[0-9]{1,3}([ .'\u2019\u00a0\u202f][0-9]{3})+", text):
        return "write the number without thousands separators"
    if not text:
        return "leave the field out where nothing is known"
    return "give the number alone; words belong into 'note'"


def _scaled(key: str, number: Number, unit: str,
            readings: Iterable[Reading]) -> tuple[Reading, Number]:
    known: list[str] = []
    for reading in readings:
        if unit in reading.dimension.factors:
            return reading, convert(number, unit, reading.dimension)
        known += reading.dimension.factors
    error = UnitError(unit, known)
    raise Unreadable(key, error.found, error.expected, error.advice)


def _check_plausible(key: str, value: int | Decimal | str, number: Number, unit: str,
                     scaled: Number, reading: Reading, readings: Iterable[Reading]) -> None:
    if not _is_plausible(scaled, reading):
        would_do = _plausible_units(number, readings)
        raise Unreadable(
            key, f"{_bare(value)} {unit}", _range(reading),
            f"it would be plausible in {' or '.join(would_do)}: is the unit right?" if would_do
            else "outside the plausible range")
    if isinstance(value, str) and _MAY_BE_THOUSANDS.fullmatch(text := value.strip(" <>=≤≥")):
        other = Fraction(text.replace(".", "")) * reading.dimension.factors[unit]
        if _is_plausible(other, reading):
            raise Unreadable(
                key, describe(value), "a number that can be read in one way only",
                f"write {text.replace('.', '')} if the point separates thousands, "
                f"or {text} without quotes if it is a decimal point")


def _is_plausible(number: Number, reading: Reading) -> bool:
    return not ((reading.low is not None and number < reading.low)
                or (reading.high is not None and number > reading.high))


def _plausible_units(number: Number, readings: Iterable[Reading]) -> list[str]:
    """Return one spelling of each factor that would make the number plausible."""
    found: dict[tuple[str, Fraction], str] = {}
    for reading in readings:
        for spelling, factor in reading.dimension.factors.items():
            if _is_plausible(number * factor, reading):
                found.setdefault((reading.field, factor), spelling)
    return list(found.values())


def _range(reading: Reading) -> str:
    unit = reading.dimension.unit
    if reading.high is None or reading.low is None:
        return f"a plausible number in {unit}"
    return f"{plain(reading.low)} to {plain(reading.high)} {unit}"


def _accepted(readings: Iterable[Reading]) -> str:
    known = [spelling for reading in readings for spelling in reading.dimension.factors]
    return "one of " + ", ".join(known) if len(known) > 1 else known[0]


def _bare(value: int | Decimal | str) -> str:
    return value.strip() if isinstance(value, str) else describe(value)
