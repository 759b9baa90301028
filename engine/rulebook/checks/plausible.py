"""Which parameters are compared with a field that can never hold such a number?

A number outside the plausible range is most often one in another unit; where one of the units of
the field makes it plausible, that is said, with what the number would then be.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from engine.events.amount import Amount
from engine.rulebook.checks.limits import Limits, limits_of, plainly
from engine.rulebook.definitions import Computed, Tally
from engine.rulebook.parameters import NumberError, exact
from engine.rulebook.terms import Ask, Comparing, Constant, Dated, FieldOf, TableEntry, Term, walk
from engine.rulebook.types import EventType, NumberType, units_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.rulebook.checks.notes import Notes
    from engine.rulebook.definitions import Parameter, Rulebook
    from engine.rulebook.loading import At

_SHOWN = 3


def check_plausible(notes: Notes) -> None:
    """Note each parameter that lies outside what it is compared with."""
    compared: dict[str, dict[Limits, str]] = {}
    for at, whole in notes.loaded.loading.terms:
        for term in walk(whole):
            if isinstance(term, Comparing):
                for one, other in ((term.left, term.right), (term.right, term.left)):
                    if isinstance(one, Constant | Dated | TableEntry) and one.name:
                        for limits in _fields(other, notes.rulebook, set()):
                            compared.setdefault(one.name, {}).setdefault(limits, str(at.place))
    for name, fields in compared.items():
        parameter = notes.rulebook.parameters[name]
        for at, numbers in _numbers(notes.at_name("parameters.yaml", name), parameter):
            _look(notes, at, parameter, numbers, fields)


def _look(notes: Notes, at: At, parameter: Parameter, numbers: list[Fraction],
          fields: dict[Limits, str]) -> None:
    outside = [limits for limits in fields if not any(map(limits.holds, numbers))]
    if not outside or not numbers or parameter.name in notes.flawed:
        return
    limits, unit = outside[0], _unit(parameter)
    notes.flawed.add(parameter.name)
    note = notes.warn if len(outside) < len(fields) else notes.refuse
    note(at, "implausible-value", f"{parameter.name!r} of {_said(numbers)}{unit}, compared with "
         f"{limits.name!r} ({fields[limits]})",
         f"a number {limits.words}{unit}, as {limits.name!r} is", _advice(at, limits))


def _said(numbers: list[Fraction]) -> str:
    return " to ".join(plainly(number) for number in numbers)


def _unit(parameter: Parameter) -> str:
    units = units_text(parameter.type.units) if isinstance(parameter.type, NumberType) else ""
    return f" {units}" if units else ""


def _advice(at: At, limits: Limits) -> str:
    """Return in which unit the number that is written would be plausible, if in any."""
    whole = at.document.node(*at.path[:1]).value
    written, spelling = at.value, whole.get("unit", "") if isinstance(whole, dict) else ""
    mend = "mend the number or its unit"
    try:
        number = exact(written)
    except NumberError:
        return mend
    told: dict[Fraction, str] = {}
    for unit, factor in (limits.dimension.factors.items() if limits.dimension else ()):
        if unit != spelling and limits.holds(number * factor):
            canonical = limits.dimension.unit if limits.dimension else ""
            told.setdefault(factor, f"{written} {unit} would be {plainly(number * factor)} "
                                    f"{canonical}")
    shown = list(told.values())[:_SHOWN]
    return f"{mend} ({'; '.join(shown)})" if shown else mend


def _numbers(at: At, parameter: Parameter) -> Iterator[tuple[At, list[Fraction]]]:
    """Yield where each value is written, and its number or the two ends of its interval."""
    for key, amount in parameter.table.items():
        yield at / "values" / key, _ends(amount)
    if parameter.amount is not None:
        yield at / "value", _ends(parameter.amount)
    for each in parameter.dated:
        yield at / "from" / each.since.isoformat(), _ends(each.amount)


def _ends(amount: Amount) -> list[Fraction]:
    return list(dict.fromkeys(
        Fraction(each) for each in (amount.low, amount.high) if each is not None))


def _fields(term: Term, rulebook: Rulebook, seen: set[str]) -> Iterator[Limits]:
    """Yield the fields whose numbers a term takes as they are."""
    if isinstance(term, FieldOf) and isinstance(term.base.type, EventType):
        for kind in sorted(term.base.type.kinds):
            yield from limits_of(rulebook, kind, term.field)
    elif isinstance(term, Ask) and term.fact in rulebook.facts and term.fact not in seen:
        seen.add(term.fact)
        operation = rulebook.facts[term.fact].operation
        if isinstance(operation, Computed):
            for _, then in operation.branches:
                yield from _fields(then, rulebook, seen)
        elif isinstance(operation, Tally) and operation.value is not None:
            yield from _fields(operation.value, rulebook, seen)
