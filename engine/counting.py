"""How are many things told: by their number, or by the first few of them?"""

from __future__ import annotations

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
