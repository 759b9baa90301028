"""What the named numbers of a rulebook are: values, intervals, tables, spans of months."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from engine.events.amount import Amount
from engine.problems import Place, Problem, RulebookError, did_you_mean
from engine.rulebook.definitions import Parameter
from engine.rulebook.files import ParameterFile
from engine.rulebook.types import NumberType, SpanType, Type, parse_units, units_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.events.vocabulary import Vocabulary
    from engine.rulebook.loading import At, Loading

_MONTHS = {"months": 1, "month": 1, "years": 12, "year": 12}


def read_parameter(name: str, at: At, written: ParameterFile, loading: Loading) -> Parameter | None:
    """Return the parameter, in canonical units, or None after noting what is wrong with it."""
    cites = loading.cite(at / "cite")
    if not cites:
        return None
    given = " ".join(filter(None, (_given(written), written.unit)))
    if written.unit in _MONTHS:
        return _months(name, at, written, loading, given)
    kind, factor = _unit(written.unit, loading.vocabulary)
    base = Parameter(name, kind, cites[0], written.about, at.key_place, given=given)
    try:
        return _with_value(base, written, factor)
    except (ValueError, ZeroDivisionError):
        loading.report(at, "not-a-number", repr(written.value or written.values), "a number",
                       "write 30, 2.5 or 25/18; a pair of numbers is an interval")
        return None


def overridden(parameters: Mapping[str, Parameter], settings: Mapping[str, str],
               vocabulary: Vocabulary) -> dict[str, Parameter]:
    """Return the parameters with some values set anew; each setting is ``name: value [unit]``.

    Raises RulebookError naming every setting that cannot be used.
    """
    changed = dict(parameters)
    problems = []
    for number, (name, text) in enumerate(settings.items(), 1):
        place = Place("--set", 1, number)
        if name not in parameters:
            problems.append(Problem(place, "unknown-parameter", repr(name), "a parameter",
                                    did_you_mean(name, parameters)))
            continue
        value, _, unit = text.strip().partition(" ")
        try:
            changed[name] = _set(parameters[name], value, unit.strip(), vocabulary)
        except (ValueError, ZeroDivisionError):
            wanted = str(parameters[name].type)
            problems.append(Problem(place, "bad-setting", f"{name}={text}", wanted,
                                    f"write {name}={parameters[name].given}"))
    if problems:
        raise RulebookError(problems)
    return changed


def _set(old: Parameter, value: str, unit: str, vocabulary: Vocabulary) -> Parameter:
    note = f"{old.given} -> {value} {unit}".strip()
    if old.table:
        raise ValueError("a table")
    if old.months is not None:
        return replace(old, months=int(value) * _MONTHS[unit or "months"], given=value,
                       override=note)
    assert isinstance(old.type, NumberType)
    kind, factor = _unit(unit, vocabulary) if unit else (old.type, Fraction(1))
    if kind != old.type:
        raise ValueError("unit")
    amount = Amount.exact(Fraction(value) * factor, units_text(old.type.units))
    given = f"{value} {unit or units_text(old.type.units)}".strip()
    return replace(old, amount=amount, given=given, override=note)


def _given(written: ParameterFile) -> str:
    if isinstance(written.value, list):
        return " to ".join(str(each) for each in written.value)
    if written.values is not None:
        return ", ".join(f"{key} {value}" for key, value in written.values.items())
    return "" if written.value is None else str(written.value)


def _unit(spelling: str, vocabulary: Vocabulary) -> tuple[Type, Fraction]:
    for dimension in vocabulary.units.values():
        if spelling in dimension.factors:
            return NumberType(parse_units(dimension.unit)), dimension.factors[spelling]
    return NumberType(parse_units(spelling)), Fraction(1)


def _months(name: str, at: At, written: ParameterFile, loading: Loading,
            given: str) -> Parameter | None:
    if not isinstance(written.value, int):
        loading.report(at / "value", "not-a-number", repr(written.value),
                       "a whole number of calendar months or years")
        return None
    cite = loading.cite(at / "cite")[0]
    return Parameter(name, SpanType(), cite, written.about, at.key_place,
                     months=written.value * _MONTHS[written.unit], given=given)


def _with_value(base: Parameter, written: ParameterFile, factor: Fraction) -> Parameter:
    assert isinstance(base.type, NumberType)
    unit = units_text(base.type.units)

    def exact(value: int | Decimal | str) -> Fraction:
        return Fraction(value) * factor

    if written.values is not None:
        table = {key: Amount.exact(exact(value), unit) for key, value in written.values.items()}
        return replace(base, table=table)
    if isinstance(written.value, list):
        low, high = written.value
        return replace(base, amount=Amount(exact(low), exact(high), unit=unit))
    if written.value is None:
        raise ValueError("no value")
    return replace(base, amount=Amount.exact(exact(written.value), unit))
