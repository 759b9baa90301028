"""What does a comparison say of the one thing in it that may vary: which numbers are left to it?"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from engine.events.amount import Amount
from engine.rulebook.ranges import DENIED, TURNED, Range
from engine.rulebook.terms import Arithmetics, Comparing, Constant, Elapsed, Function, Term
from engine.rulebook.types import DAYS, NumberType, SpanType, Type

if TYPE_CHECKING:
    from collections.abc import Hashable

Key = tuple["Hashable", ...]
_ALLOWS = {"<": frozenset("<"), "<=": frozenset("<="), ">": frozenset(">"), ">=": frozenset(">="),
           "==": frozenset("="), "!=": frozenset("<>")}


@dataclass(frozen=True, slots=True)
class Bound:
    """A term against a number: what is left to the term."""

    key: Key
    term: Term
    left: Range


@dataclass(frozen=True, slots=True)
class Order:
    """A term against another: which of `<`, `=` and `>` may stand between them."""

    key: Key
    terms: tuple[Term, Term]
    signs: frozenset[str]


def number_in(term: Term) -> Fraction | None:
    """Return the one number that a term always is, or None."""
    base, _, offset = _affine(term)
    return offset if base is None else None


def said(term: Term, *, positive: bool) -> Bound | Order | bool | None:
    """Return what a comparison says where it is true, or surely false.

    A truth where both sides are numbers; None where it says nothing that can be worked with.
    """
    if isinstance(term, Elapsed):
        return _elapsed(term, positive)
    if not isinstance(term, Comparing):
        return None
    sign = term.operator if positive else DENIED[term.operator]
    if not isinstance(term.left.type, NumberType | SpanType):
        return None
    left, right = _affine(term.left), _affine(term.right)
    if left[0] is None and right[0] is None:
        return _compare(left[2], sign, right[2])
    if left[0] is not None and right[0] is not None:
        return _order(term.left, sign, term.right)
    if left[0] is None:
        left, right, sign = right, left, TURNED[sign]
    base, factor, offset = left
    assert base is not None
    whole = isinstance(base, Function) and base.name == "days"
    return _bound((base,), base, sign if factor > 0 else TURNED[sign],
                  (right[2] - offset) / factor, whole)


def order(term: Comparing, *, positive: bool) -> Order:
    """Return what a comparison of two names with each other says."""
    return _order(term.left, term.operator if positive else DENIED[term.operator], term.right)


def _elapsed(term: Elapsed, positive: bool) -> Bound | None:
    limit = number_in(term.span)
    if limit is None:
        return None
    whole = term.span.type == NumberType(DAYS)
    unit: Type = term.span.type
    return _bound(("elapsed", term.since, unit), term.since,
                  term.operator if positive else DENIED[term.operator], limit, whole)


def _bound(key: Key, term: Term, sign: str, limit: Fraction, whole: bool) -> Bound | None:
    if whole and limit.denominator == 1 and sign in "<>":  # days are counted one by one
        sign, limit = ("<=", limit - 1) if sign == "<" else (">=", limit + 1)
    ranges = {
        "<": Range(high=limit, high_open=True), "<=": Range(high=limit),
        ">": Range(low=limit, low_open=True), ">=": Range(low=limit), "==": Range(limit, limit)}
    return Bound(key, term, ranges[sign]) if sign in ranges else None


def _order(left: Term, sign: str, right: Term) -> Order:
    if repr(left) > repr(right):
        left, right, sign = right, left, TURNED[sign]
    return Order((left, right), (left, right), _ALLOWS[sign])


def _compare(left: Fraction, sign: str, right: Fraction) -> bool:
    return {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right,
            "==": left == right, "!=": left != right}[sign]


def _affine(term: Term) -> tuple[Term | None, Fraction, Fraction]:
    """Return a term as `factor * base + offset`; without a base it is the offset alone."""
    if isinstance(term, Constant) and isinstance(term.value, Amount) and term.value.is_exact and (
            term.value.low is not None):
        return None, Fraction(0), Fraction(term.value.low)
    if not isinstance(term, Arithmetics):
        return term, Fraction(1), Fraction(0)
    (base, factor, offset), right = _affine(term.left), _affine(term.right)
    if base is None:
        if right[0] is None:
            return _constant(term, offset, right[2])
        if term.operator == "*" and offset:
            return right[0], right[1] * offset, right[2] * offset
        if term.operator == "+":
            return right[0], right[1], right[2] + offset
        if term.operator == "-":
            return right[0], -right[1], offset - right[2]
    elif right[0] is None:
        by = right[2]
        if term.operator == "+":
            return base, factor, offset + by
        if term.operator == "-":
            return base, factor, offset - by
        if by:
            scale = by if term.operator == "*" else 1 / by
            return base, factor * scale, offset * scale
    return term, Fraction(1), Fraction(0)


def _constant(term: Arithmetics, left: Fraction,
              right: Fraction) -> tuple[Term | None, Fraction, Fraction]:
    if term.operator == "/" and right == 0:
        return term, Fraction(1), Fraction(0)
    value = {"+": lambda: left + right, "-": lambda: left - right, "*": lambda: left * right,
             "/": lambda: left / right}[term.operator]()
    return None, Fraction(0), value
