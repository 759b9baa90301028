"""Which number is the nearest that will do, and can it be written as a laboratory writes it?"""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.events.amount import Amount
from engine.rulebook.ranges import Range
from engine.whynot.wants import Names, nearest, range_for, scaled, together

NUMBERS = st.fractions(-50, 50, max_denominator=20)
RANGES = st.tuples(st.none() | NUMBERS, st.none() | NUMBERS, st.booleans(), st.booleans()).map(
    lambda parts: Range(*parts))


def lies_in(number: Fraction, wanted: Range) -> bool:
    return ((wanted.low is None or number > wanted.low
             or (number == wanted.low and not wanted.low_open))
            and (wanted.high is None or number < wanted.high
                 or (number == wanted.high and not wanted.high_open)))


@pytest.mark.parametrize(("sign", "bound", "now", "places", "found"), [
    (">=", 30, 18, 0, 30), (">", 30, 18, 0, 31), ("<", 30, 45, 0, 29), ("<=", 30, 45, 0, 30),
    (">", 15, "8.3", 1, "15.1"), ("<", 5, "6.2", 1, "4.9"), (">=", "36.6", 31, 0, "36.6"),
    (">=", "1/3", 0, 0, "0.4"), (">=", 30, 45, 0, 45),
])
def test_the_nearest_number(sign: str, bound: object, now: object, places: int,
                            found: object) -> None:
    wanted = range_for(sign, Amount.exact(Fraction(str(bound))))
    assert wanted is not None
    assert nearest(wanted, Fraction(str(now)), places, Fraction(1)) == Fraction(str(found))


def test_a_number_is_written_in_its_own_unit() -> None:
    wanted = Range(low=Fraction(30), low_open=True)
    assert nearest(wanted, Fraction(18), 0, Fraction(1, 1000)) == Fraction(30001, 1000)


@given(RANGES, NUMBERS, st.integers(0, 3))
def test_the_nearest_number_will_do(wanted: Range, now: Fraction, places: int) -> None:
    found = nearest(wanted, now, places, Fraction(1))
    if found is not None:
        assert lies_in(found, wanted)
    if lies_in(now, wanted):
        assert found == now


@given(RANGES, RANGES, NUMBERS)
def test_together_is_what_both_want(one: Range, other: Range, number: Fraction) -> None:
    both = together(one, other)
    wanted = lies_in(number, one) and lies_in(number, other)
    assert wanted == (isinstance(both, Range) and lies_in(number, both))


@given(RANGES, st.sampled_from("+-*/"), st.fractions(1, 9, max_denominator=9), NUMBERS)
def test_a_side_is_wanted_so_that_the_whole_is(wanted: Range, operator: str, other: Fraction,
                                               side: Fraction) -> None:
    whole = {"+": side + other, "-": side - other, "*": side * other, "/": side / other}[operator]
    back = scaled(wanted, operator, Amount.exact(other), is_left=True)
    assert back is not None
    assert lies_in(whole, wanted) == lies_in(side, back)


def test_a_name_is_one_of_those_wanted_and_none_refused() -> None:
    assert Names(frozenset({"b", "c"})).choose(["a", "b", "c"]) == "b"
    assert Names(None, frozenset({"a"})).choose(["a", "b"]) == "b"
    assert Names(frozenset({"a"}), frozenset({"a"})).choose(["a"]) is None
    assert together(Names(frozenset({"a"})), Names(frozenset({"b"}))) is None
