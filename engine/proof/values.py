"""What a term comes to, as formulas: a truth of three values, a number, a name or a moment.

Everything mirrors the engine's own three-valued evaluation, unknown included. A part of a value
is a formula of the solver or, where it is the same in every state, plain Python.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import z3

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Formula = Any  # of the solver, or True and False
Real = Any  # of the solver, or a Fraction


def all_of(*parts: Formula) -> Formula:
    """Return the formula that every part holds."""
    if any(part is False for part in parts):
        return False
    rest = [part for part in parts if part is not True]
    return z3.And(*rest) if len(rest) > 1 else rest[0] if rest else True


def any_of(*parts: Formula) -> Formula:
    """Return the formula that some part holds."""
    if any(part is True for part in parts):
        return True
    rest = [part for part in parts if part is not False]
    return z3.Or(*rest) if len(rest) > 1 else rest[0] if rest else False


def no(part: Formula) -> Formula:
    """Return the formula that a part does not hold."""
    return (not part) if isinstance(part, bool) else z3.Not(part)


def either(condition: Formula, then: Any, other: Any) -> Any:
    """Return one of two reals, numbers or formulas, by a condition."""
    if isinstance(condition, bool):
        return then if condition else other
    if then is other:
        return then
    if isinstance(then, bool) or isinstance(other, bool):
        return any_of(all_of(condition, then), all_of(no(condition), other))
    return z3.If(condition, real(then), real(other))


def real(number: Real) -> Any:
    """Return a number as the solver has it."""
    return z3.RealVal(str(number)) if isinstance(number, Fraction | int) else number


def less(left: Real, right: Real) -> Formula:
    """Return the formula that one number is less than another."""
    if isinstance(left, Fraction) and isinstance(right, Fraction):
        return left < right
    return real(left) < real(right)


def is_same(left: Real, right: Real) -> Formula:
    """Return the formula that two numbers are equal."""
    if left is right:
        return True
    if isinstance(left, Fraction) and isinstance(right, Fraction):
        return left == right
    return real(left) == real(right)


@dataclass(frozen=True, slots=True)
class Truth:
    """True where `yes`, false where `no`, unknown where neither."""

    yes: Formula
    no: Formula

    @property
    def known(self) -> Formula:
        """Whether it is true or false."""
        return any_of(self.yes, self.no)


UNKNOWN = Truth(False, False)


def truth(known: Formula, holds: Formula) -> Truth:
    """Return a truth that is `holds` where it is known."""
    return Truth(all_of(known, holds), all_of(known, no(holds)))


def every(parts: list[Truth]) -> Truth:
    """Return `and` over parts, as Kleene has it."""
    return Truth(all_of(*(part.yes for part in parts)), any_of(*(part.no for part in parts)))


def some(parts: list[Truth]) -> Truth:
    """Return `or` over parts, as Kleene has it."""
    return Truth(any_of(*(part.yes for part in parts)), all_of(*(part.no for part in parts)))


def negated(part: Truth) -> Truth:
    """Return `not`; unknown stays unknown."""
    return Truth(part.no, part.yes)


@dataclass(frozen=True, slots=True)
class Name:
    """One of the names that have a code, where it is known; `None` in the engine is unknown.

    `may_be` says of a conclusion that is not decided what it may come to, by code.
    """

    known: Formula
    code: Any
    may_be: Mapping[int, Formula] = field(default_factory=dict)

    def among(self, codes: Iterable[Any]) -> Truth:
        """Whether it is one of these names, where that is known."""
        wanted = [*codes]
        inside = any_of(*(self.code == each for each in wanted))
        if not self.may_be:
            return truth(self.known, inside)
        hits = [(formula, any_of(*(each == code for each in wanted)))
                for code, formula in self.may_be.items()]
        return Truth(
            any_of(all_of(self.known, inside), all_of(no(self.known), *(
                any_of(no(formula), hit) for formula, hit in hits))),
            any_of(all_of(self.known, no(inside)), all_of(no(self.known), *(
                any_of(no(formula), no(hit)) for formula, hit in hits))))


@dataclass(frozen=True, slots=True)
class Moment:
    """An event or a time, if there is one; `day` counts from the present day. `key` tells it."""

    exists: Formula
    day: Any
    key: str


NOW = Moment(True, z3.IntVal(0), "now")


@dataclass(frozen=True, slots=True)
class Course:
    """A course of treatment: whether it has begun and whether it is running."""

    begun: Formula
    running: Formula
    key: str


@dataclass(frozen=True, slots=True)
class Run:
    """A sustained run: whether it ever happened."""

    happened: Truth
    key: str


@dataclass(frozen=True, slots=True)
class Members:
    """A series: nothing but its name is known of it."""

    key: str
