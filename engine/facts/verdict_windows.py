"""Which verdicts does a window look at: its own, or those of a series that it goes through?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.rulebook.definitions import Series, Window
from engine.rulebook.terms import Both

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.rulebook.definitions import Fact


def over_verdicts(window: Window, facts: Mapping[str, Fact]) -> Window:
    """Return a window that goes through one series of verdicts as one over the verdicts themselves.

    Any other window is returned as it is.
    """
    if len(window.facts) != 1 or window.kinds or window.topics or window.steps:
        return window
    series = facts[window.facts[0]]
    if not isinstance(series.operation, Series) or series.at is not None:
        return window
    inner = over_verdicts(series.operation.window, facts)
    if not inner.topics:
        return window
    filters = tuple(each for each in (inner.where, window.where) if each is not None)
    where = Both("and", filters) if len(filters) > 1 else next(iter(filters), None)
    return replace(inner, where=where)
