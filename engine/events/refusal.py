"""Which datum could not be used, where does it stand, and why?"""

from __future__ import annotations

from msgspec import Struct


class Source(Struct, frozen=True, gc=False):
    """Where a line came from; lines count from 1."""

    name: str
    line: int


class Refusal(Struct, frozen=True):
    """A datum that could not be used: where it is, what was found, what was expected, why."""

    source: str
    line: int
    field: str
    found: str
    expected: str
    reason: str
