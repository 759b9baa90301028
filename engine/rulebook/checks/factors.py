"""Which spellings of a unit are worth another number than their own letters say?

Both are taken apart where they are made of powers of ten, prefixes, grams, moles, litres, metres
and times. Whatever else a unit is called stays unread, and nothing is said of it.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.rulebook.checks.notes import Notes

_PREFIXES = {"": 0, "p": -12, "n": -9, "u": -6, "mc": -6, "m": -3, "c": -2, "d": -1, "k": 3,
             "M": 6}
_BASES = {"g": ("g", 0, 1), "L": ("m", -3, 3), "l": ("m", -3, 3), "mol": ("mol", 0, 1),
          "m2": ("m", 0, 2), "m3": ("m", 0, 3)}
_MINUTES = {"min": 1, "h": 60, "hr": 60, "hour": 60, "d": 1440, "day": 1440, "24h": 1440,
            "24hr": 1440, "wk": 10080, "week": 10080}
_COUNTS = {"": 0, "1": 0, "K": 3, "G": 9, "Gpt": 9, "cells": 0}
_POWER = re.compile(r"[xX\u00d7]?\s?10[*^]?([0-9]{1,2})")
_BASE = re.compile(r"(p|n|u|mc|m|c|d|k|M|)(g|L|l|mol|m2|m3)")
_MICRO = str.maketrans({"\u00b5": "u", "\u03bc": "u", "\u00b2": "2", "\u00b3": "3",
                        "\u2079": "9"})

Worth = tuple[Fraction, dict[str, int]]


def check_factors(notes: Notes) -> None:
    """Note each factor that is not that of the two units which it is between."""
    units = notes.at_name("vocabulary.yaml", "units")
    for name, dimension in notes.rulebook.vocabulary.units.items():
        written = units.value[name] if isinstance(units.value, dict) else None
        spellings = written.get("spellings") if isinstance(written, dict) else None
        at, whole = units / name / "spellings", _worth(dimension.unit)
        for spelling in spellings or () if whole is not None else ():
            part, factor = _worth(spelling), dimension.factors[spelling]
            if part is None or whole is None or part[1] != whole[1]:
                continue
            if (expected := part[0] / whole[0]) != factor:
                notes.refuse(at / spelling, "factor-of-another-unit", f"the factor {factor}",
                             f"{expected}: that is one {spelling!r} in {dimension.unit!r}, by "
                             "their names",
                             f"write {spelling}: {expected}, or mend the name of the unit")
                notes.flawed |= {each for each in notes.rulebook.parameters
                                 if _unit(notes, each) == spelling}


def _unit(notes: Notes, parameter: str) -> object:
    """Return the unit that a parameter is written in."""
    written = notes.at_name("parameters.yaml", parameter).value
    return written.get("unit") if isinstance(written, dict) else None


def _worth(unit: str) -> Worth | None:
    """Return how much a unit is in those that all are made of, and of which; None if unread.

    >>> _worth("K/uL") == _worth("10*9/L"), _worth("IU/mL")
    (True, None)
    """
    number, made = Fraction(1), dict[str, int]()
    for index, word in enumerate(unit.translate(_MICRO).split("/")):
        read = _read(word.strip())
        if read is None:
            return None
        sign = 1 if index == 0 else -1
        number *= read[0] ** sign
        for base, power in read[1].items():
            made[base] = made.get(base, 0) + sign * power
    return number, {base: power for base, power in made.items() if power}


def _read(word: str) -> Worth | None:
    """Return what one word between the strokes is worth."""
    if word in _COUNTS:
        return Fraction(10) ** _COUNTS[word], {}
    if word in _MINUTES:
        return Fraction(_MINUTES[word]), {"min": 1}
    if found := _POWER.fullmatch(word):
        return Fraction(10) ** int(found[1]), {}
    if found := _BASE.fullmatch(word):
        base, power, exponent = _BASES[found[2]]
        step = exponent if found[2].startswith("m") and base == "m" else 1
        return Fraction(10) ** (_PREFIXES[found[1]] * step + power), {base: exponent}
    return None
