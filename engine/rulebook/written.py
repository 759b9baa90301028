"""What may stand in a rulebook as text, as a version, as a day, as an expression?"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated, Any

from engine.rulebook.other_words import NAME_IT
from engine.yaml_shape import Checked, Limits

Condition = Any  # text, or all/any/none over conditions: read with positions in conditions.py
_DAY = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])")
_ORDERED = re.compile(r"(0|[1-9][0-9]{0,8})(\.(0|[1-9][0-9]{0,8}))*(-[a-z][a-z0-9.]*)?")


def _not_empty(value: Any) -> Any:
    if isinstance(value, str) and not value.strip():
        raise ValueError("text that is not empty; write it for those who read the rulebook")
    return value


def _day(value: Any) -> Any:
    if isinstance(value, str) and value and not _DAY.fullmatch(value):
        raise ValueError("a day like 2024-06-01")
    return value


Day = Annotated[str, Checked(_day)]
"""A day of the calendar, as it is written."""
Text = Annotated[str, Limits(shortest=1), Checked(_not_empty)]
"""Text that somebody reads."""


def no_number(value: Any) -> Any:
    """Refuse a bare number, which has no name."""
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        raise ValueError(f"the name of a parameter; {NAME_IT}")
    return value


Expression = Annotated[str, Checked(no_number)]
"""Text in which numbers have names."""


def _version(value: Any) -> Any:
    if not isinstance(value, str) or not _ORDERED.fullmatch(value):
        raise ValueError(f"numbers with points between them, which have an order; {_higher(value)}")
    return value


def _higher(value: Any) -> str:
    """Return how a version may be written that is like this one."""
    numbers = re.findall(r"\d+", str(value)) if isinstance(value, str | int | Decimal) else []
    if isinstance(value, int | Decimal):
        return (f"write {'.'.join([*numbers, '0', '0'][:3])}: read as one number, 1.10 would be "
                "the same as 1.1")
    return f"write {'.'.join(str(int(each)) for each in [*numbers, 0, 0][:3])}" if numbers else (
        "write 1.0.0")


Version = Annotated[str, Checked(_version)]
"""Which of two versions is the higher one must be clear; a draft has a word behind it."""


def _advice(value: Any) -> Any:
    if not isinstance(value, dict) or len(value) != 1:
        raise ValueError('a sentence and its condition ("sentence": condition)')
    return value


Advice = Annotated[dict[str, Condition], Checked(_advice)]
