"""Exact numbers are compared as they are: that comes to what amounts and intervals come to."""

from __future__ import annotations

from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.events.amount import Amount, Truth, at_most, below, equal
from engine.facts.comparing import ARITHMETIC
from engine.facts.terms import compile_term
from engine.rulebook.terms import Arithmetics, Comparing, Constant, FieldOf, Here, Term
from engine.rulebook.types import EventType, NumberType

NUMBER = NumberType(())
EVENT = EventType(frozenset({"count"}))
NUMBERS = st.one_of(st.integers(-3, 6), st.fractions(-3, 6, max_denominator=4))
AMOUNTS = st.one_of(
    st.none(), NUMBERS.map(Amount.exact), NUMBERS.map(Amount.exact),
    st.tuples(NUMBERS, NUMBERS).map(lambda ends: Amount(min(ends), max(ends) + 1, high_open=True)),
    NUMBERS.map(lambda low: Amount(low, None)))


def field(name: str) -> Term:
    return FieldOf(Here(EVENT), name, NUMBER)


def told(term: Term, **fields: Amount | None) -> Truth:
    """Return what a written comparison says of an event with these fields."""
    program: Any = SimpleNamespace(works={}, terms=[])
    known = {name: value for name, value in fields.items() if value is not None}
    truth: Truth = compile_term(term, program)(program, SimpleNamespace(fields=known))  # type: ignore[arg-type]
    return truth


def expected(operator: str, left: Amount | None, right: Amount | None) -> Truth:
    """Return what two amounts come to, by the functions that know intervals."""
    if left is None or right is None:
        return None
    if operator in (">", ">="):
        left, right, operator = right, left, {">": "<", ">=": "<="}[operator]
    if operator in ("==", "!="):
        same = equal(left, right)
        return same if operator == "==" or same is None else not same
    return below(left, right) if operator == "<" else at_most(left, right)


@given(st.sampled_from(["<", "<=", "==", "!=", ">", ">="]), st.sampled_from(["+", "-", "*", "/"]),
       st.booleans(), AMOUNTS, AMOUNTS, AMOUNTS)
def test_what_is_worked_out_of_numbers_is_what_amounts_come_to(
        operator: str, worked: str, turned: bool, one: Amount | None, two: Amount | None,
        three: Amount | None) -> None:
    made = None if one is None or two is None else ARITHMETIC[worked](one, two, "")
    sides: list[Term] = [Arithmetics(worked, field("one"), field("two"), NUMBER), field("three")]
    amounts = [made, three]
    if turned:
        sides.reverse()
        amounts.reverse()
    assert told(Comparing(operator, *sides), one=one, two=two, three=three) is (
        expected(operator, *amounts))


@pytest.mark.parametrize("factor", [2, Fraction(1, 3), -1, 0])
@given(AMOUNTS, AMOUNTS)
def test_a_number_of_the_rulebook_is_multiplied_alike(
        factor: int | Fraction, one: Amount | None, two: Amount | None) -> None:
    limit = Constant(Amount.exact(factor), NUMBER)
    made = None if one is None else ARITHMETIC["*"](Amount.exact(factor), one, "")
    term = Comparing(">=", field("two"), Arithmetics("*", limit, field("one"), NUMBER))
    assert told(term, one=one, two=two) is expected(">=", two, made)
