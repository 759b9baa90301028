"""Has a length of time passed that is not known exactly, but lies between two ends?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.events.amount import Amount

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.events.amount import Truth
    from engine.events.event import Event
    from engine.facts.chart import Chart

    Passed = Callable[[Chart, Any, Amount, Event | None], bool]


def at_both_ends(passed: Passed) -> Callable[[Chart, Any, Amount, Event | None], Truth]:
    """Return what asks of both ends of a length, and knows only what is so of both."""

    def work(chart: Chart, since: Any, length: Amount, at: Event | None) -> Truth:
        if length.is_exact:
            return passed(chart, since, length, at)
        if length.low is None or length.high is None:
            return None
        first, last = (passed(chart, since, Amount.exact(end, length.unit), at)
                       for end in (length.low, length.high))
        return first if first is last else None

    return work
