"""The functions of the language: what each takes and gives.

========================  ===================================================================
``known(x)``              whether there is an answer; always true or false
``possibly(c)``           whether a condition is true or unknown; always true or false
``certainly(c)``          whether a condition is surely true; always true or false
``days(a, b)``            calendar days from a to b in the patient's zone, negative if b is earlier
``hours(a, b)``           hours from a to b, an interval where only a day is known
``same_day(a, b)``        whether both begin on one calendar date
``same_instant(a, b)``    whether both begin at one instant
``precedes(a, b)``        whether a begins before b does
``surely_after(a, b)``    whether a begins only after b has ended
``same(a, b)``            whether both are one and the same event
``later_by(a, days)``     the day that is so many days after a
``sqrt(x)``               square root
``happened(r)``           whether a sustained run was ever confirmed
``stands(r, s)``          whether run r, once surely reached, was not surely ended by run s since
``days_since(a)``         in comparisons only: days from a to the moment asked about
``hours_since(a)``        in comparisons only: hours from a to the moment asked about
========================  ===================================================================
"""

from __future__ import annotations

from engine.rulebook.terms import TRUTH, Function, Term, is_moment
from engine.rulebook.types import (
    DAYS,
    HOURS,
    EventType,
    NumberType,
    RunType,
    TimeType,
    TruthType,
    Type,
    root_units,
)

_MOMENT_PAIRS: dict[str, Type] = {
    "days": NumberType(DAYS), "hours": NumberType(HOURS), "same_day": TRUTH,
    "same_instant": TRUTH, "precedes": TRUTH, "surely_after": TRUTH,
}
SINCE = {"days_since": "days or months", "hours_since": "hours"}
"""What passes by itself, and what it is compared with."""

FUNCTIONS = frozenset({
    "known", "possibly", "certainly", "later_by", "same", "sqrt", "happened", "stands",
    *SINCE, *_MOMENT_PAIRS,
})


def apply_function(name: str, given: tuple[Term, ...]) -> Term | str:
    """Return the typed call, or what the function expects where it was given something else."""
    types = tuple(term.type for term in given)
    if name in _MOMENT_PAIRS:
        if len(given) == 2 and all(is_moment(kind) for kind in types):
            return Function(name, given, _MOMENT_PAIRS[name])
        return "two events or times"
    if name == "later_by":
        wanted = len(given) == 2 and is_moment(types[0]) and types[1] == NumberType(DAYS)
        return Function(name, given, TimeType()) if wanted else "an event or time, and days"
    if name == "same":
        pair = len(given) == 2 and all(isinstance(kind, EventType) for kind in types)
        return Function(name, given, TRUTH) if pair else "two events"
    if name == "stands":
        pair = len(given) == 2 and all(isinstance(kind, RunType) for kind in types)
        return Function(name, given, TRUTH) if pair else "two sustained runs"
    if len(given) != 1:
        return "one argument"
    return _of_one(name, given, types[0])


def _of_one(name: str, given: tuple[Term, ...], kind: Type) -> Term | str:
    if name == "known":
        return Function(name, given, TRUTH)
    if name in {"possibly", "certainly"}:
        return Function(name, given, TRUTH) if isinstance(kind, TruthType) else "a condition"
    if name == "happened":
        return Function(name, given, TRUTH) if isinstance(kind, RunType) else "a sustained run"
    if name == "sqrt" and isinstance(kind, NumberType):
        units = root_units(kind.units)
        if units is not None:
            return Function(name, given, NumberType(units))
        return "a number whose unit is a square"
    if name in SINCE:
        return (f"a comparison with {SINCE[name]}: {name}(x) >= some_parameter; it grows by "
                f"itself: for a number, count to an event, as in {name.split('_')[0]}(x, y)")
    return "a number"
