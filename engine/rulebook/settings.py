"""Which parameters does a run set anew, and can they be set so?"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from msgspec.structs import replace

from engine.events.amount import Amount
from engine.problems import Place, Problem, did_you_mean
from engine.rulebook.parameters import MONTHS, NumberError, exact, span, unit_of
from engine.rulebook.types import DAYS, NumberType, units_text
from engine.wording import one_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.events.vocabulary import Vocabulary
    from engine.rulebook.definitions import Parameter, Rulebook
    from engine.rulebook.loading import Loading


_BECAME = " -> "


def settings_of(rulebook: Rulebook) -> dict[str, str]:
    """Return the settings with which a rulebook was loaded: each name with what it was set to."""
    return {name: parameter.override.partition(_BECAME)[2]
            for name, parameter in rulebook.parameters.items() if parameter.override}


def override(loading: Loading, settings: Mapping[str, str]) -> None:
    """Set parameters anew; each setting is a name and ``value [unit]``.

    Every setting that cannot be used is noted; its column is its place in the list.
    """
    for number, (name, text) in enumerate(settings.items(), 1):
        old, place = loading.parameters.get(name), Place("--set", 1, number)
        if old is None:
            if not loading.blind and not loading.is_broken(name):
                loading.problems.append(Problem(
                    place, "unknown-parameter", repr(name), "a parameter",
                    did_you_mean(name, loading.parameters)))
            continue
        try:
            loading.parameters[name] = _set(old, text.strip(), loading.vocabulary)
        except NumberError as error:
            advice = error.advice or f"write {name}={old.given}"
            loading.problems.append(Problem(place, "bad-setting", f"{name}={text}",
                                            error.expected, advice))


def _set(old: Parameter, text: str, vocabulary: Vocabulary) -> Parameter:
    if old.table:
        raise NumberError("a parameter with one value", "set a table in parameters.yaml")
    low, to, high = text.partition(" to ")
    words = (high if to else text).split(maxsplit=1)
    value, unit = (words[0] if words else ""), (words[1].strip() if len(words) > 1 else "")
    note = f"{old.given}{_BECAME}{text}"
    if old.months is not None:
        if unit not in {"", *MONTHS}:
            raise NumberError(one_of(["months", "years"]) + " as the unit")
        return replace(old, months=int(span(value, month=True)) * MONTHS[unit or "months"],
                       given=f"{value} {unit or 'months'}", override=note)
    assert isinstance(old.type, NumberType) and old.amount is not None
    kind, factor = (unit_of(unit, vocabulary) if unit else None) or (old.type, Fraction(1))
    if kind != old.type or (unit and unit_of(unit, vocabulary) is None):
        raise NumberError(str(old.type))
    if bool(to) == old.amount.is_exact:
        raise NumberError("one number" if to else "two numbers, as in: 1 to 2")
    reading = span if old.type.units == DAYS and factor == 1 else exact
    canonical = units_text(old.type.units)
    least, most = reading(low.strip() if to else value) * factor, reading(value) * factor
    if least > most:
        raise NumberError("the lower number first")
    given = f"{low.strip()} to {value}" if to else value
    return replace(old, amount=Amount(least, most, unit=canonical), dated=(),
                   given=f"{given} {unit or canonical}".strip(), override=note)
