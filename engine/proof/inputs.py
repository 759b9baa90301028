"""What may a patient bring: every answer that the formulas take as given, with what is possible.

An input is free within its type: numbers within the plausible range of the vocabulary, names
among those listed, events present or absent. How inputs hang together over time is known only
where `encoding` says so; what is proved of more states holds for those that can be.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

import z3

from engine.proof.numbers import Bound, Number
from engine.proof.values import (
    Course,
    Formula,
    Moment,
    Name,
    Run,
    Truth,
    all_of,
    any_of,
    no,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.rulebook.terms import Term

Kind = Literal["flag", "number", "name", "moment", "course", "run", "months"]
Range = tuple[Fraction | None, Fraction | None]
EXACT, BELOW, AT_MOST, ABOVE, AT_LEAST = range(5)
COMPARATORS = {BELOW: "<", AT_MOST: "<=", ABOVE: ">", AT_LEAST: ">="}
NOT_GIVEN = ""
MAY_BE = "may be "
_SHORTEST_MONTH, _LONGEST_MONTH = 28, 31


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is asked: now, at the event judged, or `at` another; `it` is a member.

    Which other event `at` names is asked at the place `outer`.
    """

    key: str
    here: Moment | None = None
    it: Moment | None = None
    at: Term | None = None
    outer: Place | None = None


@dataclass(slots=True)
class Input:
    """One thing taken as given: what it is called, the term that asks it, and its variables.

    `present` says when it is there at all (its event exists); `cost` counts how much a patient
    must have for it to be as it is.
    """

    kind: Kind
    words: str
    term: Term
    place: Place
    present: Formula
    variables: dict[str, Any] = field(default_factory=dict)
    unit: str = ""
    default: str = ""
    alias: str = ""

    @property
    def name(self) -> str:
        """What it is called: the fact that is nothing but it, or else its own words."""
        return self.alias or self.words


class Inputs:
    """The inputs made so far, each once, and everything that is known to hold among them."""

    def __init__(self, *, censored: bool = False) -> None:
        self.censored = censored
        self.all: dict[str, Input] = {}
        self.known_to_hold: list[Formula] = []
        self.costs: list[Any] = []
        self.values: dict[str, Any] = {}
        self._codes: dict[str, int] = {NOT_GIVEN: 0}

    def hold(self, *formulas: Formula) -> None:
        """Note what is known to hold."""
        self.known_to_hold += [each for each in formulas if each is not True]

    def code(self, name: str) -> int:
        """Return the number that stands for a name."""
        return self._codes.setdefault(name, len(self._codes))

    def name_of(self, code: int) -> str:
        """Return the name that a number stands for."""
        return next((name for name, each in self._codes.items() if each == code), "another")

    def _new(self, key: str, made: Input) -> Input:
        self.all[key] = made
        return made

    def flag(self, key: str, words: str, term: Term, place: Place, *, present: Formula = True,
             open_: bool = True) -> Truth:
        """Return a truth that may be anything; without `open_` it is known where present."""
        if key not in self.values:
            made = self._new(key, Input("flag", words, term, place, present))
            yes = made.variables["yes"] = z3.Bool(f"{key}=yes")
            if open_:
                shut = made.variables["no"] = z3.Bool(f"{key}=no")
                self.hold(no(all_of(yes, shut)))
                self._cost(all_of(present, no(any_of(yes, shut))), 3)
            else:
                shut = no(yes)
            self._cost(all_of(present, yes), 1)
            self.values[key] = Truth(all_of(present, yes), all_of(present, shut))
        return self.values[key]  # type: ignore[no-any-return]

    def number(self, key: str, words: str, term: Term, place: Place, *, present: Formula = True,
               always: bool = False, within: Range = (None, None), comparator: bool = False,
               whole: bool = False, unit: str = "") -> Number:
        """Return a number; one with a `comparator` may be an interval where that is wished."""
        if key not in self.values:
            made = self._new(key, Input("number", words, term, place, present, unit=unit))
            value = made.variables["value"] = z3.Real(f"{key}=value")
            given = True if always else z3.Bool(f"{key}=given")
            if not always:
                made.variables["given"] = given
            known = all_of(present, given)
            low, high = within
            self.hold(True if low is None else value >= str(low),
                      True if high is None else value <= str(high))
            if whole:
                self.hold(z3.IsInt(value))
            self._cost(known, 1)
            self._cost(all_of(present, no(known)), 2)
            self.values[key] = self._interval(made, known, value) if (
                comparator and self.censored) else Number(known, Bound(value), Bound(value))
        return self.values[key]  # type: ignore[no-any-return]

    def _interval(self, made: Input, known: Formula, value: Any) -> Number:
        """Return a number that may have been reported with a comparator."""
        mode = made.variables["mode"] = z3.Int(f"{value}=mode")
        self.hold(mode >= EXACT, mode <= AT_LEAST)
        self._cost(all_of(known, mode != EXACT), 2)
        upward = any_of(mode == ABOVE, mode == AT_LEAST)
        downward = any_of(mode == BELOW, mode == AT_MOST)
        return Number(known, Bound(z3.If(downward, z3.RealVal(0), value), mode == ABOVE),
                      Bound(value, mode == BELOW, no(upward)))

    def spread(self, key: str, words: str, term: Term, place: Place, *, present: Formula,
               unit: str = "") -> Number:
        """Return a number known only to lie between two others, both free."""
        if key not in self.values:
            made = self._new(key, Input("number", words, term, place, present, unit=unit))
            low = made.variables["value"] = z3.Real(f"{key}=low")
            high = made.variables["high"] = z3.Real(f"{key}=high")
            self.hold(low <= high)
            self.values[key] = Number(present, Bound(low), Bound(high))
        return self.values[key]  # type: ignore[no-any-return]

    def name(self, key: str, words: str, term: Term, place: Place, *,
             values: Iterable[str] | None, present: Formula = True, always: bool = True,
             default: str = NOT_GIVEN) -> Name:
        """Return a name among the values, or any name where there are none."""
        if key not in self.values:
            made = self._new(key, Input("name", words, term, place, present, default=default))
            code = made.variables["code"] = z3.Int(f"{key}=code")
            known = present
            if not always:
                made.variables["given"] = z3.Bool(f"{key}=given")
                known = all_of(present, made.variables["given"])
                self._cost(all_of(present, no(made.variables["given"])), 3)
            self.hold(code >= 0 if values is None else any_of(
                *(code == self.code(each) for each in sorted(values))))
            self._cost(all_of(known, code != self.code(default)), 1)
            self.values[key] = Name(known, code)
        return self.values[key]  # type: ignore[no-any-return]

    def conclusion(self, key: str, words: str, term: Term, place: Place, *,
                   values: Iterable[str], fallback: str) -> Name:
        """Return a conclusion's value: decided, or one of those it may come to.

        Where it is not decided no rule is certain and one is possible, so it may come to what is
        possible, or to nothing, and until then its fallback stands.
        """
        if key not in self.values:
            decided = self.name(key, words, term, place, values=values, always=False)
            may_be = {}
            for each in sorted(values):
                if each in (fallback, NOT_GIVEN):
                    may_be[self.code(each)] = True
                else:
                    name = f"{MAY_BE}{each}"
                    may_be[self.code(each)] = self.all[key].variables[name] = z3.Bool(
                        f"{key}={name}")
            self.values[key] = Name(decided.known, decided.code, may_be)
        return self.values[key]  # type: ignore[no-any-return]

    def moment(self, key: str, words: str, term: Term, place: Place, *,
               present: Formula | None = None, until: Moment | None = None) -> Moment:
        """Return an event or a time, which is there where it is `present`, or may be."""
        if key not in self.values:
            made = self._new(key, Input("moment", words, term, place, True))
            day = made.variables["day"] = z3.Int(f"{key}=day")
            exists = present
            if present is None:
                exists = made.variables["exists"] = z3.Bool(f"{key}=exists")
                self._cost(exists, 1)
            if until is not None:
                self.hold(day <= until.day)
            self.values[key] = Moment(exists, day, key)
        return self.values[key]  # type: ignore[no-any-return]

    def course(self, key: str, words: str, term: Term, place: Place) -> Course:
        """Return a course: none, one that runs or one that is stopped."""
        if key not in self.values:
            made = self._new(key, Input("course", words, term, place, True))
            begun = made.variables["begun"] = z3.Bool(f"{key}=begun")
            running = made.variables["running"] = z3.Bool(f"{key}=running")
            self.hold(z3.Implies(running, begun))
            self._cost(begun, 1)
            self._cost(all_of(begun, no(running)), 1)
            self.values[key] = Course(begun, running, key)
        return self.values[key]  # type: ignore[no-any-return]

    def run(self, key: str, words: str, term: Term, place: Place) -> Run:
        """Return a sustained run: it happened, or not, or that is open."""
        if key not in self.values:
            made = self._new(key, Input("run", words, term, place, True))
            yes = made.variables["yes"] = z3.Bool(f"{key}=yes")
            shut = made.variables["no"] = z3.Bool(f"{key}=no")
            self.hold(no(all_of(yes, shut)))
            self._cost(yes, 2)
            self._cost(no(any_of(yes, shut)), 3)
            self.values[key] = Run(Truth(yes, shut), key)
        return self.values[key]  # type: ignore[no-any-return]

    def months(self, key: str, words: str, term: Term, place: Place, since: Moment,
               until: Moment) -> Any:
        """Return the calendar months between two moments: whole on the day that ends one."""
        if key not in self.values:
            made = self._new(key, Input("months", words, term, place, since.exists))
            months = self.values[key] = made.variables["value"] = z3.Real(key)
            days = z3.ToReal(until.day - since.day)
            shortest, longest = months * _SHORTEST_MONTH, months * _LONGEST_MONTH
            self.hold(
                (days >= 0) == (months >= 0),
                z3.Implies(months >= 0, z3.And(days >= shortest - _LONGEST_MONTH,
                                               days <= longest + _LONGEST_MONTH)),
                z3.Implies(z3.And(z3.IsInt(months), months >= 0),
                           z3.And(days >= shortest, days <= longest)))
        return self.values[key]

    def _cost(self, condition: Formula, weight: int) -> None:
        if condition is not False:
            self.costs.append((condition, weight))
