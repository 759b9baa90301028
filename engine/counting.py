"""How are many things told: how many they are, the first few of them, and in which order?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def counted(number: int, one: str, many: str = "") -> str:
    """Return how many there are, in words; `many` is for a plural that is not made with an s.

    >>> counted(1, "rule"), counted(0, "rule"), counted(2, "criterion", "criteria")
    ('1 rule', '0 rules', '2 criteria')
    """
    return f"{number} {one if number == 1 else many or one + 's'}"


def first_of(names: Sequence[str], most: int, others: str = "more") -> str:
    """Return the first names in a row, and how many others there are.

    >>> first_of(["a", "b"], 2), first_of(["a", "b", "c"], 1)
    ('a, b', 'a and 2 more')
    """
    shown = ", ".join(names[:most])
    return f"{shown} and {len(names) - most} {others}" if len(names) > most else shown


def natural_order(name: str) -> tuple[list[tuple[bool, int, str]], str]:
    """Return what sorts names as people do: numbers in them count as numbers, and go first.

    >>> sorted(["b", "a10", "10", "a2", "2"], key=natural_order)
    ['2', '10', 'a2', 'a10', 'b']
    """
    found = re.findall(r"([0-9]+)|([^0-9]+)", name)
    return [(not digits, int(digits or 0), text) for digits, text in found], name
