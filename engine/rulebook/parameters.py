"""What the named numbers of a rulebook are: values, intervals, tables, spans of months."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from msgspec.structs import replace

from engine.counting import first_of
from engine.events.amount import Amount
from engine.events.units import slips_of
from engine.problems import did_you_mean
from engine.rulebook.dated import read_dated
from engine.rulebook.definitions import Parameter
from engine.rulebook.files import ParameterFile
from engine.rulebook.numerals import meant_number, meant_span
from engine.rulebook.types import DAYS, TIME_UNITS, NumberType, SpanType, parse_units, units_text
from engine.wording import describe

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.events.vocabulary import Vocabulary
    from engine.rulebook.loading import At, Loading

MONTHS = {"months": 1, "month": 1, "years": 12, "year": 12}
TIME_WORDS = ("days", "hours", *MONTHS)
NUMERAL = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?|-?[0-9]{1,30}/0*[1-9][0-9]{0,29}")
_LEADING_ZERO = re.compile(r"-?0[0-9]")
_SHOWN = 5
_LONGEST_SPAN = {1: 100 * 366, 12: 100 * 12}  # a century, in days and in months


class NumberError(Exception):
    """Why a text or number is not the value that a parameter needs."""

    def __init__(self, expected: str, advice: str = "") -> None:
        super().__init__(expected)
        self.expected, self.advice = expected, advice


def read_parameter(name: str, at: At, written: ParameterFile, loading: Loading) -> Parameter | None:
    """Return the parameter, in canonical units, or None after noting what is wrong with it."""
    found = len(loading.problems)
    cites = loading.cite(at / "cite")
    _check_form(at, written, loading)
    months = MONTHS.get(written.unit)
    unit = SpanType() if months else _unit(at, written.unit, loading)
    if len(loading.problems) > found or not cites or unit is None:
        return None
    given = " ".join(filter(None, (_given(written), written.unit)))
    if isinstance(unit, SpanType):
        if written.from_ is not None:
            read_dated(Parameter(name, unit, cites[0], "", at.key_place), at, written,
                       lambda _at, _value: Fraction(0), loading)
            return None
        if written.values is not None or isinstance(written.value, list):
            loading.report(at / "unit", "one-value", f"several values in {written.unit}",
                           "one whole number of calendar months or years")
            return None
        base = Parameter(name, unit, cites[0], written.about, at.key_place, given=given)
        count = _checked(at / "value", lambda: span(written.value, month=True), loading)
        return None if count is None else replace(base, months=int(count) * (months or 1))
    kind, factor = unit
    base = Parameter(name, kind, cites[0], written.about, at.key_place, given=given)
    return _with_value(base, written, factor, at, loading)


def exact(value: object) -> Fraction:
    """Return a number as it was written; raises NumberError where it is none."""
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return Fraction(value)
    if not isinstance(value, str) or not NUMERAL.fullmatch(value) or _LEADING_ZERO.match(value):
        raise NumberError("a number", meant_number(value))
    return Fraction(value)


def span(value: object, *, month: bool = False) -> Fraction:
    """Return a number of whole days, or calendar months or years, no longer than a century."""
    number = exact(value)
    what = "calendar months or years" if month else "days"
    if number.denominator != 1 or number < 0:
        raise NumberError(f"a whole number of {what}, 0 or more")
    if number > _LONGEST_SPAN[12 if month else 1]:
        raise NumberError(f"a number of {what} that is at most a century")
    return number


def unit_of(spelling: str, vocabulary: Vocabulary) -> tuple[NumberType, Fraction] | None:
    """Return the canonical unit of a spelling, and the factor to it; None where it has several."""
    canonical = {dimension.unit for dimension in vocabulary.units.values()}
    found = {(dimension.unit, dimension.factors[spelling])
             for dimension in vocabulary.units.values() if spelling in dimension.factors}
    if spelling in canonical or not found:
        return NumberType(parse_units(spelling)), Fraction(1)
    if len(found) > 1:
        return None
    ((unit, factor),) = found
    return NumberType(parse_units(unit)), factor


def unknown_factor(kind: NumberType, vocabulary: Vocabulary) -> str:
    """Return a factor of a unit that nothing in the vocabulary is counted in, or an empty text."""
    known = {factor for dimension in vocabulary.units.values()
             for factor, _ in parse_units(dimension.unit)} | TIME_UNITS
    return next((factor for factor, _ in kind.units if factor not in known), "")


def _check_form(at: At, written: ParameterFile, loading: Loading) -> None:
    """Note what is wrong with the form: one of value and values, and a table by a field."""
    if (written.value is None) == (written.values is None):
        both = written.value is not None
        loading.report(at, "one-value", "value and values" if both else "no value",
                       "either value, or values by a name", "" if both else "add its value")
    elif written.values is not None:
        _check_table(at, written, loading)
    elif isinstance(written.value, list) and len(written.value) != 2:
        loading.report(at / "value", "not-an-interval", f"a list of {len(written.value)}",
                       "two numbers, the lower first")


def _check_table(at: At, written: ParameterFile, loading: Loading) -> None:
    """Note values of a table that the field has not, and values of the field that it lacks."""
    fields = [field for kind in loading.vocabulary.kinds.values()
              for name, field in kind.plain.items()
              if name == written.by and field.values is not None]
    if not fields:
        known = {name for kind in loading.vocabulary.kinds.values()
                 for name, field in kind.plain.items() if field.values is not None}
        place = at / "by" if written.by else at
        loading.report(place, "unknown-field", repr(written.by) if written.by else "no 'by'",
                       "by: a field that holds a name", did_you_mean(written.by, known)
                       or "for what is worked out, make a fact with `case:`")
        return
    keys, open_ = set(written.values or ()), any(field.open for field in fields)
    values = {value for field in fields for value in field.values or ()}
    for key in sorted(keys - values) if not open_ else ():
        loading.report_key(at / "values" / key, "unknown-value", repr(key),
                           f"a value of '{written.by}'", did_you_mean(key, values - keys))
    whole = [set(field.values or ()) for field in fields]
    if keys - values or keys in loading.vocabulary.sets.values() or any(
            one <= keys for one in whole):
        return
    lacking = sorted(min(whole, key=len) - keys)
    loading.report_key(at / "values", "value-lacking", f"no value for {first_of(lacking, _SHOWN)}",
                       f"a value for each '{written.by}', or for each name of one set",
                       "add them, or name those that it has as a set of the vocabulary")


def _unit(at: At, spelling: str, loading: Loading) -> tuple[NumberType, Fraction] | None:
    if (named := unit_of(spelling, loading.vocabulary)) is None:
        loading.report(at / "unit", "unit-ambiguous", repr(spelling), "a unit of one meaning",
                       "what it comes to depends on the substance: write the canonical unit")
        return None
    kind, factor = named
    if unknown := unknown_factor(kind, loading.vocabulary):
        loading.report(at / "unit", "unknown-unit", repr(spelling),
                       "days, hours, months, years, or what units of the vocabulary make up",
                       _unit_meant(spelling, loading.vocabulary)
                       or f"nothing is counted in {unknown}: add the spelling, with its exact "
                       "factor, to `units` of vocabulary.yaml")
        return None
    return kind, factor


def _unit_meant(spelling: str, vocabulary: Vocabulary) -> str:
    """Return which unit may be meant; never one that is merely near, which may be another size."""
    if other := meant_span(spelling):
        return other
    if near := did_you_mean(spelling, TIME_WORDS):
        return near
    if re.search(r"\s(or|and)\s|[,;]", spelling):
        return "name one unit: a number has but one"
    meant: dict[tuple[str, Fraction], str] = {}
    for dimension in vocabulary.units.values():
        for slip in slips_of(spelling, dimension.factors):
            meant.setdefault((dimension.unit, dimension.factors[slip]), slip)
    if len(meant) == 1:
        return f"did you mean {next(iter(meant.values()))!r}?"
    each = [f"{slip!r}, counted in {unit}" for (unit, _), slip in meant.items()]
    return f"did you mean {'; or '.join(each)}?" if each else ""


def _checked(at: At, reading: Callable[[], Fraction], loading: Loading) -> Fraction | None:
    try:
        return reading()
    except NumberError as error:
        loading.report(at, "not-a-number", describe(at.value), error.expected, error.advice)
        return None


def _given(written: ParameterFile) -> str:
    if isinstance(written.value, list):
        return " to ".join(str(each) for each in written.value)
    if written.values is not None:
        return ", ".join(f"{key} {value}" for key, value in written.values.items())
    return "" if written.value is None else str(written.value)


def _with_value(base: Parameter, written: ParameterFile, factor: Fraction, at: At,
                loading: Loading) -> Parameter | None:
    assert isinstance(base.type, NumberType)
    unit, found = units_text(base.type.units), len(loading.problems)
    reading = span if base.type.units == DAYS and factor == 1 else exact

    def number(place: At, value: object) -> Fraction:
        read = _checked(place, lambda: reading(value), loading)
        return Fraction(0) if read is None else read * factor

    if written.values is not None:
        table = {key: Amount.exact(number(at / "values" / key, value), unit)
                 for key, value in written.values.items()}
        made = replace(base, table=table)
    elif isinstance(written.value, list):
        low, high = (number(at / "value" / index, each)
                     for index, each in enumerate(written.value))
        if low >= high and len(loading.problems) == found:
            loading.report(at / "value", "not-an-interval",
                           f"{written.value[0]} to {written.value[1]}", "the lower number first")
        made = replace(base, amount=Amount(low, high, unit=unit))
    else:
        made = replace(base, amount=Amount.exact(number(at / "value", written.value), unit))
    if written.from_ is not None:
        dated = read_dated(base, at, written, number, loading)
        later = (f"from {each.since.isoformat()}: {each.given}" for each in dated)
        made = replace(made, dated=dated, given=", ".join((made.given, *later)))
    return made if len(loading.problems) == found else None
