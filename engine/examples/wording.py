"""How an expected value and a concluded one are compared, and read side by side."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from engine.facts.wording import bound_in_words

_Number = int | float | Decimal


def same(expected: Any, got: Any) -> bool:
    """Return whether a value is as expected; numbers are compared as they are written."""
    if isinstance(expected, dict) and isinstance(got, dict):
        return expected.keys() == got.keys() and all(
            same(value, got[name]) for name, value in expected.items())
    if _is_number(expected) and _is_number(got):
        return Fraction(str(expected)) == Fraction(str(got))
    return type(expected) is type(got) and bool(expected == got)


def in_words(value: Any) -> str:
    """Return a value as a reader would say it.

    >>> in_words(None), in_words({"value": 5, "comparator": "<"}), in_words(True)
    ('nothing', '<5', 'true')
    >>> in_words(14), in_words("14")
    ('14', "'14'")
    """
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict) and {"value", "comparator"} <= value.keys():
        return bound_in_words(value)
    return repr(value) if isinstance(value, str) and value.isdigit() else str(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, _Number) and not isinstance(value, bool)
