"""How the functions of the language are worked out; see `engine.rulebook.functions` for each."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from engine.events import arithmetic
from engine.events.amount import Amount
from engine.events.when import When, add_days, hours_between, whole_day
from engine.timeline.sustained import Run, stands

if TYPE_CHECKING:
    from collections.abc import Callable
    from zoneinfo import ZoneInfo

    from engine.events.event import Event

_KEPT = 1 << 14


class Worked(Struct, frozen=True):
    """How a function is worked out: with its arguments, and the zone of the patient's days.

    One that `takes_unknown` is asked even where its argument is unknown.
    """

    work: Callable[..., Any]
    takes_unknown: bool = False
    takes_zone: bool = False


def function_of(name: str, unit: str) -> Worked:
    """Return how a function of the language is worked out; its result is in the unit."""
    if name in _OF_UNKNOWN:
        return Worked(_OF_UNKNOWN[name], takes_unknown=True)
    if name == "sqrt":
        return Worked(partial(arithmetic.square_root, unit=unit))
    if name == "later_by":
        return Worked(_later_by, takes_zone=True)
    return Worked(_OPERATIONS[name])


def _later_by(start: Any, length: Amount, zone: ZoneInfo) -> When | None:
    if not length.is_exact:
        return None
    return whole_day(add_days(_when(start).day, int(length.low or 0)), zone)


def _when(moment: Event | When) -> When:
    return moment if isinstance(moment, When) else moment.at


def _days(start: Any, end: Any) -> Amount:
    return _in_days((_when(end).day - _when(start).day).days)


@lru_cache(maxsize=_KEPT)
def _in_days(number: int) -> Amount:
    return Amount.exact(number, "d")


def _hours(start: Any, end: Any) -> Amount:
    return Amount(*hours_between(_when(start), _when(end)), unit="h")


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
