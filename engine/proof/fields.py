"""What may the field of an event hold, by the vocabulary?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.events.event import STATUSES, VOID
from engine.proof.naming import words_of
from engine.rulebook.definitions import Tally
from engine.rulebook.terms import FieldOf, Here, Term
from engine.rulebook.types import (
    EventType,
    NumberType,
    SymbolType,
    TimeType,
    TruthType,
    units_text,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.events.kinds import Field, Kind, Reading
    from engine.proof.encoding import Encoder
    from engine.proof.inputs import Place, Range
    from engine.proof.values import Moment
    from engine.rulebook.definitions import Operation, Rulebook

_ANY: Range = (None, None)


def field(encoder: Encoder, term: FieldOf, event: Moment, place: Place) -> Any:
    """Return the field of an event as an input: there only where the event is."""
    key = f"{event.key}.{term.field}"
    words = _words(term, place, encoder.rulebook)
    declared = list(_declared(term, encoder.rulebook))
    is_given = bool(declared) and all(each.required for _, each in declared)
    inputs = encoder.inputs
    match term.type:
        case NumberType(units=units):
            return inputs.number(
                key, words, term, place, present=event.exists, always=is_given,
                within=_range(term, encoder.rulebook), unit=units_text(units),
                comparator=_may_be_censored(term, encoder.rulebook),
                whole=all(each.type == "count" for _, each in declared))
        case TruthType():
            return inputs.flag(key, words, term, place, present=event.exists, open_=False)
        case SymbolType(values=values):
            if term.field == "status":
                return inputs.name(key, words, term, place, values=set(STATUSES) - VOID,
                                   present=event.exists, default="final")
            listed, default = _names(values, declared, is_given=is_given)
            return inputs.name(key, words, term, place, values=listed, present=event.exists,
                               default=default)
        case TimeType():
            given = inputs.flag(f"{key}=given", f"{words} is given", term, place,
                                present=event.exists, open_=False)
            return inputs.moment(key, words, term, place, present=given.yes)
    raise AssertionError(term)


def _names(values: frozenset[str] | None, declared: list[tuple[Kind, Field]], *,
           is_given: bool) -> tuple[frozenset[str] | None, str]:
    """Return the names that a field may hold (None: any), and the one that asks for least."""
    can_miss = not is_given and not all(each.default for _, each in declared)
    defaults = {str(each.default) for _, each in declared if each.default}
    if values is None or any(each.open for _, each in declared):
        return None, defaults.pop() if len(defaults) == 1 else ""
    default = defaults.pop() if len(defaults) == 1 else "" if can_miss else min(values)
    return values | ({""} if can_miss else set()), default


def _words(term: FieldOf, place: Place, rulebook: Rulebook) -> str:
    """Return what a field is called; of an event that a fact names, by that fact."""
    if isinstance(term.base, Here) and place.at is not None:
        return f"{words_of(place.at, rulebook)}.{term.field}"
    return words_of(term, rulebook)


def tally_range(operation: Operation, rulebook: Rulebook) -> Range:
    """Return between which numbers a least or greatest number lies."""
    if isinstance(operation, Tally) and isinstance(operation.value, FieldOf):
        return _range(operation.value, rulebook)
    return _ANY


def _declared(term: FieldOf, rulebook: Rulebook) -> Iterator[tuple[Kind, Field]]:
    for kind in _kinds(term.base):
        declared = rulebook.vocabulary.kinds.get(kind)
        if declared is not None and term.field in declared.fields:
            yield declared, declared.fields[term.field]


def _kinds(base: Term) -> frozenset[str]:
    return base.type.kinds if isinstance(base.type, EventType) else frozenset()


def _readings(term: FieldOf, rulebook: Rulebook) -> Iterator[Reading]:
    for kind, _ in _declared(term, rulebook):
        for quantity in kind.quantities:
            for reading in (*quantity.readings, *quantity.readings_by.values()):
                if reading.field == term.field:
                    yield reading


def _range(term: FieldOf, rulebook: Rulebook) -> Range:
    ranges: list[Range] = [(each.low, each.high) for each in _readings(term, rulebook)]
    ranges += [kind.ranges[term.field] for kind, _ in _declared(term, rulebook)
               if term.field in kind.ranges]
    if not ranges:
        return _ANY
    lows, highs = zip(*ranges, strict=True)
    return (None if None in lows else min(lows), None if None in highs else max(highs))


def _may_be_censored(term: FieldOf, rulebook: Rulebook) -> bool:
    return any(quantity.comparator for kind, _ in _declared(term, rulebook)
               for quantity in kind.quantities
               if term.field in {each.field for each in (*quantity.readings,
                                                         *quantity.readings_by.values())})
