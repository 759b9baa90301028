"""Which formula says what a term comes to, three-valued as the engine works it out?

A fact that is computed (`is:`, `case:`) is taken apart; one that looks at the timeline, and a
conclusion of another topic, is an input, once for each place at which it is asked.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import z3

from engine.events.amount import Amount
from engine.proof import fields, moments
from engine.proof.inputs import NOT_GIVEN, Inputs, Place
from engine.proof.naming import words_of
from engine.proof.numbers import NO_NUMBER, Number, chosen, compare, constant, hull, reckon
from engine.proof.values import (
    NOW,
    UNKNOWN,
    Members,
    Name,
    Truth,
    all_of,
    any_of,
    every,
    negated,
    no,
    some,
)
from engine.rulebook.definitions import Computed, Condition, Fact, Rulebook, Tally
from engine.rulebook.terms import (
    Among,
    Arithmetics,
    Ask,
    Both,
    Comparing,
    Conclusion,
    Constant,
    Dated,
    Elapsed,
    FieldOf,
    Function,
    Here,
    It,
    Negated,
    PartOf,
    TableEntry,
    Term,
    Verdict,
)
from engine.rulebook.types import (
    CourseType,
    EventType,
    NumberType,
    RunType,
    SeriesType,
    SymbolType,
    TimeType,
    TruthType,
    units_text,
)
from engine.rulebook.windows import as_term

if TYPE_CHECKING:
    from collections.abc import Mapping

FIRST = "the first"
Value = Any  # Truth, Number, Name, Moment, Course, Run or Members, as the term's type says


class Encoder:
    """Takes the terms of one rulebook apart; `salted` facts are inputs of this rulebook alone."""

    def __init__(self, rulebook: Rulebook, inputs: Inputs,
                 salted: Mapping[str, str] | None = None) -> None:
        self.rulebook, self.inputs = rulebook, inputs
        self._salted = salted or {}
        self._facts: dict[tuple[str, str], Value] = {}
        self._fallbacks = {topic.name: topic.fallback or NOT_GIVEN for topic in rulebook.topics}

    def place(self, of: str | None) -> Place:
        """Return where a topic is judged: at an event, or now."""
        if of is None:
            return Place("now")
        term = Here(self.rulebook.facts[of].type)
        here = self.inputs.moment("here", "here", term, Place("here"), present=True, until=NOW)
        return Place("here", here)

    def condition(self, condition: Condition | None, place: Place) -> Truth:
        """Return the truth of a condition; without one it holds."""
        term = as_term(condition)
        if term is None:
            return Truth(True, False)
        found: Truth = self.value(term, place)
        return found

    def value(self, term: Term, place: Place) -> Value:
        """Return what a term comes to, asked at a place."""
        match term:
            case Constant():
                return self._constant(term)
            case Ask(fact=fact, at_it=at_it):
                return self.fact(fact, Place("it", place.it) if at_it else place)
            case Here():
                return place.here or NOW
            case It():
                return place.it
            case FieldOf():
                return fields.field(self, term, self.value(term.base, place), place)
            case PartOf():
                return moments.part(self, term, self.value(term.base, place), place)
            case Verdict(topic=topic, base=base, type=kind):
                event = self.value(base, place)
                return self.inputs.name(
                    f"{event.key}/{topic}", words_of(term, self.rulebook), term, place,
                    values=kind.values, present=event.exists, always=False)
            case Conclusion(topic=topic, type=kind):
                fallback = self._fallbacks[topic]
                return self.inputs.conclusion(
                    f"conclusion {topic}{self._salted.get(topic, '')} or {fallback}", topic, term,
                    place, values={*(kind.values or ()), NOT_GIVEN}, fallback=fallback)
            case Comparing() | Arithmetics():
                return self._operation(term, place)
            case Both(operator=operator, parts=parts):
                inner = [self.value(part, place) for part in parts]
                return every(inner) if operator == "and" else some(inner)
            case Negated(part=part):
                return negated(self.value(part, place))
            case Among(item=item, values=values):
                name = self.value(item, place)
                found: Truth = name.among(self.inputs.code(each) for each in sorted(values))
                return found
            case Elapsed():
                return moments.elapsed(self, term, place)
            case TableEntry():
                return self._entry(term, place)
            case Dated():
                return self._dated(term, place)
            case Function(name=function, arguments=arguments):
                given = [self.value(each, place) for each in arguments]
                return moments.function(self, function, term, given, place)
        raise AssertionError(term)

    def fact(self, name: str, place: Place) -> Value:
        """Return the answer to a fact, asked at a place, or where the fact itself says."""
        fact = self.rulebook.facts[name]
        if fact.now:
            place = Place("now")
        if fact.at is not None:
            event = self.value(fact.at, place)
            place = Place(event.key, event, at=fact.at, outer=place)
        key = (name, place.key)
        if key not in self._facts:
            self._facts[key] = self._answer(fact, place)
        return self._facts[key]

    def _answer(self, fact: Fact, place: Place) -> Value:
        here = place.here or NOW
        operation = fact.operation
        is_value = isinstance(fact.type, NumberType | TruthType | SymbolType)
        if isinstance(operation, Computed) and is_value:
            found = self._branches(operation, place)
            self._name_after(fact.name, found)
            return _if_asked(here.exists, found)
        key = f"{fact.name}{self._salted.get(fact.name, '')} at {place.key}"
        term = Ask(fact.name, fact.type)
        made = (key, fact.name, term, place)
        match fact.type:
            case TruthType():
                return self.inputs.flag(*made, present=here.exists)
            case NumberType(units=units):
                counted = isinstance(operation, Tally) and operation.which == "count"
                within = fields.tally_range(operation, self.rulebook)
                return self.inputs.number(
                    *made, present=here.exists, always=counted, within=within, whole=counted,
                    comparator=True, unit=units_text(units))
            case SymbolType(values=values):
                return self.inputs.name(*made, values=values, present=here.exists, always=False)
            case EventType() | TimeType():
                event = self.inputs.moment(*made, until=here)
                self.inputs.hold(z3.Implies(event.exists, here.exists)
                                 if here.exists is not True else True)
                return event
            case CourseType():
                return self.inputs.course(*made)
            case RunType():
                return self.inputs.run(*made)
            case SeriesType():
                return Members(key)
        raise AssertionError(fact)

    def _branches(self, operation: Computed, place: Place) -> Value:
        """Return what all branches that may be taken come to; unknown where none surely is."""
        (_, last), *_ = operation.branches[::-1]
        found = _unknown(self.value(last, place))
        for when, then in reversed(operation.branches):
            answer = self.value(then, place)
            found = answer if when is None else _branch(self.value(when, place), answer, found)
        return found

    def _name_after(self, fact: str, found: Value) -> None:
        """Call an input by the fact that is nothing but it."""
        for key, each in self.inputs.values.items():
            if each is found and not self.inputs.all[key].alias:
                self.inputs.all[key].alias = fact

    def _constant(self, term: Constant) -> Value:
        if isinstance(term.value, Amount):
            return constant(term.value)
        if isinstance(term.value, str):
            return Name(True, z3.IntVal(self.inputs.code(term.value)))
        if term.value is None:
            return UNKNOWN
        return Truth(term.value, not term.value)

    def _operation(self, term: Comparing | Arithmetics, place: Place) -> Value:
        left, right = self.value(term.left, place), self.value(term.right, place)
        if isinstance(term, Arithmetics):
            return reckon(term.operator, left, right)
        if isinstance(left, Name):
            if right.may_be:
                left, right = right, left
            same = left.among([right.code])
            given = all_of(right.known, right.code != self.inputs.code(NOT_GIVEN))
            same = Truth(all_of(given, same.yes), all_of(right.known, any_of(no(given), same.no)))
            return same if term.operator == "==" else negated(same)
        return compare(term.operator, left, right)

    def _entry(self, term: TableEntry, place: Place) -> Number:
        key: Name = self.value(term.key, place)
        found = NO_NUMBER
        for name, amount in self.rulebook.parameters[term.name].table.items():
            found = chosen(key.code == self.inputs.code(name), constant(amount), found)
        return replace(found, known=all_of(key.known, found.known))


    def _dated(self, term: Dated, place: Place) -> Number:
        """Return one of the values of a parameter with dates: which is in force is an input."""
        days = [f"that from {day}" for day, _ in term.later]
        at = "it" if place.it is not None else place.key
        period = self.inputs.name(
            " ".join([term.name, *days, "at", at]), f"the value of {term.name}", term, place,
            values={FIRST, *days}, default=FIRST)
        found = constant(term.value)
        for day, (_, amount) in zip(days, term.later, strict=True):
            found = chosen(period.code == self.inputs.code(day), constant(amount), found)
        return found


def _unknown(like: Value) -> Value:
    if isinstance(like, Truth):
        return UNKNOWN
    return NO_NUMBER if isinstance(like, Number) else Name(False, z3.IntVal(0))


def _branch(holds: Truth, then: Value, other: Value) -> Value:
    """Return the answer of a branch where it is taken, of the others where not, else of both."""
    def each(one: Any, rest: Any) -> Any:
        return all_of(any_of(holds.no, one), any_of(holds.yes, rest))

    if isinstance(then, Truth):
        return Truth(each(then.yes, other.yes), each(then.no, other.no))
    known = each(then.known, other.known)
    if isinstance(then, Number):
        open_ = chosen(holds.no, other, hull(then, other))
        return replace(chosen(holds.yes, then, open_), known=known)
    return Name(all_of(known, any_of(holds.yes, holds.no, then.code == other.code)),
                z3.If(holds.no, other.code, then.code) if not isinstance(holds.no, bool) else
                other.code if holds.no else then.code)


def _if_asked(condition: Any, found: Value) -> Value:
    if isinstance(found, Truth):
        return Truth(all_of(condition, found.yes), all_of(condition, found.no))
    return replace(found, known=all_of(condition, found.known))

