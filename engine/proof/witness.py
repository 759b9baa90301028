"""What must be so with a patient, in words, for a formula to hold?"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import z3

from engine.counting import counted
from engine.proof.inputs import COMPARATORS, EXACT, MAY_BE, Input, Inputs
from engine.proof.values import Formula
from engine.rulebook.terms import FieldOf, Here

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Datum:
    """One input as it is in a state; `value` is a number, name, truth, or day (of an event)."""

    input: Input
    words: str
    value: Any
    comparator: str = ""


@dataclass(frozen=True, slots=True)
class Witness:
    """A state of the inputs: what is there and what is not as by default."""

    data: tuple[Datum, ...]

    def __str__(self) -> str:
        return ", ".join(datum.words for datum in self.data) or "nothing else recorded"


def witness_of(model: Any, inputs: Inputs) -> Witness:
    """Return the state of a model; events whose numbers are told go without saying."""
    ordered = sorted(inputs.all.values(), key=lambda one: not _is_of_here(one))
    data = [datum for one in ordered for datum in _data(one, model, inputs)]
    told = {datum.input.words.partition(".")[0] for datum in data if datum.input.kind != "moment"}
    return Witness(tuple(
        datum for datum in data
        if datum.input.kind != "moment" or datum.input.words not in told or datum.value))


def _is_of_here(one: Input) -> bool:
    """Whether this is a field of the event judged, which a reader looks for first."""
    return (one.place.key == "here" and isinstance(one.term, FieldOf)
            and isinstance(one.term.base, Here))


def _data(one: Input, model: Any, inputs: Inputs) -> Iterator[Datum]:
    if not _is_so(one.present, model):
        return
    words = one.name
    values = {name: model.eval(each, model_completion=True)
              for name, each in one.variables.items()}
    if "given" in values and not z3.is_true(values["given"]):
        if one.kind == "name":
            may_be = [name.removeprefix(MAY_BE) for name, each in values.items()
                      if name.startswith(MAY_BE) and z3.is_true(each)]
            open_ = f"may be {' or '.join(may_be)}" if may_be else "is unknown"
            yield Datum(one, f"{words} {open_}", None)
        return
    match one.kind:
        case "number":
            yield _number(one, words, values)
        case "months":
            months = _fraction(values["value"])
            yield Datum(one, f"{decimal(months)} months since {words}", months)
        case "name":
            name = inputs.name_of(values["code"].as_long())
            if name != one.default:
                yield Datum(one, f"{words} = {name or 'none'}", name)
        case "flag":
            yield from _flag(one, words, values)
        case "run":
            yield from _flag(one, f"happened({words})", values)
        case "course":
            yield from _course(one, words, values)
        case "moment":
            yield from _moment(one, words, values)


def _number(one: Input, words: str, values: dict[str, Any]) -> Datum:
    number = _fraction(values["value"])
    mode = values["mode"].as_long() if "mode" in values else EXACT
    if "high" in values and (high := _fraction(values["high"])) != number:
        return Datum(one, f"{words} between {decimal(number)} and {decimal(high)}", number)
    sign = COMPARATORS.get(mode, "")
    return Datum(one, f"{words} = {sign}{decimal(number)}", number, sign)


def _flag(one: Input, words: str, values: dict[str, Any]) -> Iterator[Datum]:
    if z3.is_true(values["yes"]):
        yield Datum(one, words, True)
    elif "no" in values and not z3.is_true(values["no"]):
        yield Datum(one, f"{words} is unknown", None)


def _course(one: Input, words: str, values: dict[str, Any]) -> Iterator[Datum]:
    if z3.is_true(values["begun"]):
        running = z3.is_true(values["running"])
        yield Datum(one, f"{words} {'is running' if running else 'has stopped'}", running)


def _moment(one: Input, words: str, values: dict[str, Any]) -> Iterator[Datum]:
    if "exists" in values and not z3.is_true(values["exists"]):
        return
    days = -values["day"].as_long()
    if "exists" in values or days:
        late = f", {counted(abs(days), 'day')} {'ago' if days > 0 else 'ahead'}"
        name = "the event judged" if words == "here" else words
        yield Datum(one, f"{name} recorded{late if days else ''}", days)


def _is_so(formula: Formula, model: Any) -> bool:
    if isinstance(formula, bool):
        return formula
    return bool(z3.is_true(model.eval(formula, model_completion=True)))


def _fraction(value: Any) -> Fraction:
    if z3.is_algebraic_value(value):
        value = value.approx(6)
    return Fraction(str(value).replace("?", ""))


def decimal(number: Fraction) -> str:
    """Return a number as it is written: a decimal where it is one.

    >>> decimal(Fraction(101, 2)), decimal(Fraction(100)), decimal(Fraction(1, 3))
    ('50.5', '100', '1/3')
    """
    bottom = number.denominator
    for prime in (2, 5):
        while bottom % prime == 0:
            bottom //= prime
    if bottom != 1:
        return str(number)
    digits = 0
    while (number * 10**digits).denominator != 1:
        digits += 1
    return f"{float(number):.{digits}f}"


