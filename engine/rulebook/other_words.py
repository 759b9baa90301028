"""What does somebody mean who writes a word that other languages have, and this one has not?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from engine.rulebook.types import EventType, NumberType, TruthType

if TYPE_CHECKING:
    from engine.rulebook.scope import Scope
    from engine.rulebook.terms import Term

NAME_IT = "give the number a name, a unit and a source in parameters.yaml"
_FACT = "declare a fact with `{0}:` and name it here"
_OF_EVENTS = "of numbers, make a fact with `case:`; of events, one with `{}:`"
OTHERS = {
    **{name: _FACT.format(name) for name in ("any", "latest", "first")},
    **{name: _OF_EVENTS.format(name) for name in ("min", "max")},
    "count": "make a fact with `count:`", "abs": "write both comparisons, one for each sign",
    "exists": "write known(x)", "exist": "write known(x)", "isnull": "write not known(x)",
    "is_null": "write not known(x)", "last": _FACT.format("latest"),
    "sum": "there is no sum: count, min and max are operators of facts",
    "minutes_since": "compare hours_since(x) with a parameter in hours: 1/4 of one is "
    "15 minutes", "months_since": "compare days_since(x) with a parameter in months",
    "years_since": "compare days_since(x) with a parameter in years", "age": "compare "
    "days_since(x) with a parameter in years", "if": "make a fact with `case:`",
    "between": "write low <= x <= high", "not_known": "write not known(x)",
}
"""What to write instead of a function that others have."""
NOTHING = frozenset({"null", "None", "none", "nil", "NULL", "unknown", "missing", "empty"})
_YES_NO = {"yes": "true", "no": "false", "on": "true", "off": "false", "True": "true",
           "False": "false", "TRUE": "true", "FALSE": "false"}
_NOW = frozenset({"now", "today", "NOW", "sysdate", "current_date"})


def elsewhere(head: str, scope: Scope) -> str:
    """Return what to write instead of a word that others use, or of a field of other events."""
    if head in _YES_NO:
        return f"write {_YES_NO[head]}"
    if head in _NOW:
        return "ask days_since(x) or hours_since(x), which count up to now"
    if head.startswith("P") and re.fullmatch(r"P[0-9]+[DWMY]", head):
        return NAME_IT
    kinds = scope.names.vocabulary.kinds
    having = sorted(name for name, kind in kinds.items() if head in kind.fields)
    if not having:
        return ""
    event = scope.it or scope.here
    return f"it is a field of {' and '.join(having)}: " + (
        f"here are events of {' and '.join(sorted(event.kinds))}" if event is not None else
        f"name the event that has it (a fact, then .{head}), or say with `of:` which event is "
        "judged")


def number_of(term: Term, scope: Scope) -> str:
    """Return which numbers something has that is none itself."""
    if isinstance(term.type, TruthType):
        return "compare a number; what is true or false stands alone"
    if not isinstance(term.type, EventType):
        return ""
    event = term.type
    fields = sorted({name for kind in event.kinds
                     for name in scope.names.vocabulary.kinds[kind].fields
                     if isinstance(scope.field_type(event, name), NumberType)})
    return f"write the field that is meant, such as .{fields[0]}" if fields else (
        "its kind has no field that is a number")
