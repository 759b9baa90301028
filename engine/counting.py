"""How are many things told: by their number, or by the first few of them?"""

from __future__ import annotations


def counted(number: int, one: str, many: str = "") -> str:
    """Return how many there are, in words; `many` is for a plural that is not made with an s.

    >>> counted(1, "rule"), counted(0, "rule"), counted(2, "criterion", "criteria")
    ('1 rule', '0 rules', '2 criteria')
    """
    return f"{number} {one if number == 1 else many or one + 's'}"
