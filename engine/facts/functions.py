"""How the functions of the language are worked out; see `engine.rulebook.functions` for each."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from engine.events import arithmetic
from engine.events.amount import Amount
from engine.events.when import When, add_days, whole_day
from engine.timeline.sustained import Run, stands

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from engine.events.event import Event
    from engine.facts.chart import Chart

    Work = Callable[[Chart, Event | None, Event | None], Any]

_SECONDS = 3600


def compile_function(name: str, arguments: Sequence[Work], unit: str) -> Work:
    """Return the function applied to its compiled arguments; unknown in, unknown out."""
    if name in _OF_UNKNOWN:
        decide, only = _OF_UNKNOWN[name], arguments[0]
        return lambda chart, here, it: decide(only(chart, here, it))
    if name == "sqrt":
        only = arguments[0]

        def root(chart: Chart, here: Event | None, it: Event | None) -> Any:
            value = only(chart, here, it)
            return None if value is None else arithmetic.square_root(value, unit)

        return root
    if name == "later_by":
        start, days = arguments

        def moved(chart: Chart, here: Event | None, it: Event | None) -> Any:
            moment, length = start(chart, here, it), days(chart, here, it)
            if moment is None or length is None:
                return None
            return whole_day(add_days(_when(moment).day, int(length.low)), chart.zone)

        return moved
    operate = _OPERATIONS[name]

    def applied(chart: Chart, here: Event | None, it: Event | None) -> Any:
        values = [argument(chart, here, it) for argument in arguments]
        return None if any(value is None for value in values) else operate(*values)

    return applied


def _when(moment: Event | When) -> When:
    return moment if isinstance(moment, When) else moment.at


def _days(start: Any, end: Any) -> Amount:
    return Amount.exact((_when(end).day - _when(start).day).days, "d")


def _hours(start: Any, end: Any) -> Amount:
    one, other = _when(start), _when(end)
    shortest = Fraction((other.start - one.end).total_seconds()) / _SECONDS
    longest = Fraction((other.end - one.start).total_seconds()) / _SECONDS
    return Amount(shortest, longest, unit="h")


def _known(value: Any) -> bool:
    if isinstance(value, Run):
        return value.happened is not None
    return value is not None and value != ""  # an empty name is one that was not given


_OF_UNKNOWN: dict[str, Callable[[Any], Any]] = {
    "known": _known,
    "possibly": lambda value: value is not False,
    "certainly": lambda value: value is True,
    "happened": lambda run: None if run is None else run.happened,
}
_OPERATIONS: dict[str, Callable[..., Any]] = {
    "days": _days,
    "hours": _hours,
    "same_day": lambda one, other: _when(one).day == _when(other).day,
    "same_instant": lambda one, other: _when(one).start == _when(other).start,
    "precedes": lambda one, other: _when(one).start < _when(other).start,
    "surely_after": lambda one, other: _when(one).surely_after(_when(other)),
    "same": lambda one, other: (one.id, one.kind) == (other.id, other.kind),
    "stands": stands,
}
