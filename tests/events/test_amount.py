"""Are comparisons of intervals true, false or unknown just where all their numbers agree?"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.events.amount import Amount, Ratio, Truth, at_most, below, equal, hull, number_of

HALF = Fraction(1, 2)
BOUNDS = st.one_of(st.none(), st.integers(-2, 3).map(Fraction))


@st.composite
def amounts(draw: st.DrawFn) -> Amount:
    """Return an interval with bounds on the whole numbers from -2 to 3, or unbounded."""
    low, high = draw(BOUNDS), draw(BOUNDS)
    if low is not None and high is not None and low > high:
        low, high = high, low
    if low is not None and low == high:
        return Amount(low, high)
    return Amount(low, high, low is not None and draw(st.booleans()),
                  high is not None and draw(st.booleans()))


def numbers(amount: Amount) -> Iterator[Fraction]:
    """Yield numbers of an interval: enough that whatever differs between any two shows.

    Bounds are whole numbers, so quarters stand for everything between two of them.
    """
    for quarter in range(-20, 25):
        number = Fraction(quarter, 4)
        above = amount.low is None or number > amount.low or (
            number == amount.low and not amount.low_open)
        under = amount.high is None or number < amount.high or (
            number == amount.high and not amount.high_open)
        if above and under:
            yield number


def by_every_number(left: Amount, right: Amount,
                    compare: Callable[[Fraction, Fraction], bool]) -> Truth:
    found = {compare(one, other) for one in numbers(left) for other in numbers(right)}
    return found.pop() if len(found) == 1 else None


@given(amounts(), amounts())
def test_below(left: Amount, right: Amount) -> None:
    assert below(left, right) is by_every_number(left, right, lambda one, other: one < other)


@given(amounts(), amounts())
def test_at_most(left: Amount, right: Amount) -> None:
    assert at_most(left, right) is by_every_number(left, right, lambda one, other: one <= other)


@given(amounts(), amounts())
def test_equal(left: Amount, right: Amount) -> None:
    assert equal(left, right) is by_every_number(left, right, lambda one, other: one == other)


@pytest.mark.parametrize(("left", "right", "lower", "same"), [
    (Amount(Fraction(0), Fraction(2), high_open=True), Amount.exact(2), True, False),
    (Amount(Fraction(0), Fraction(2)), Amount.exact(2), None, None),
    (Amount.exact(2), Amount.exact(2), False, True),
    (Amount(Fraction(2), None, low_open=True), Amount.exact(2), False, False),
    (Amount(Fraction(2), None), Amount.exact(2), False, None),
    (Amount(None, None), Amount.exact(2), None, None),
    (Amount.exact("0.1"), Amount.exact(Fraction(1, 10)), False, True),
])
def test_at_the_bounds(left: Amount, right: Amount, lower: Truth, same: Truth) -> None:
    assert below(left, right) is lower
    assert equal(left, right) is same


def test_no_binary_rounding() -> None:
    assert equal(Amount.exact("36.6"), Amount.exact(Fraction("18.3") * 2)) is True
    assert Amount.exact("0.30").is_exact and not Amount(None, None).is_exact


@given(amounts(), amounts())
def test_a_hull_holds_every_number_of_both_and_no_bound_of_its_own(left: Amount, right: Amount
                                                                   ) -> None:
    found = hull(left, right)
    assert {*numbers(left), *numbers(right)} <= {*numbers(found)}
    assert hull(right, left) == found == hull(found, right)
    assert found.low in (left.low, right.low, None) and found.high in (left.high, right.high, None)
    assert (found.low is None) == (None in (left.low, right.low))
    assert found.is_exact == (left.is_exact and right.is_exact and left.low == right.low)
    if left.low is not None and left.low == found.low and left.low_open and found.low != right.low:
        assert found.low_open


@given(amounts(), amounts(), amounts())
def test_what_is_said_of_a_hull_is_so_of_both(left: Amount, right: Amount, other: Amount) -> None:
    found = hull(left, right)
    for compare in (below, at_most):
        both = {compare(left, other), compare(right, other)}
        assert compare(found, other) is (both.pop() if len(both) == 1 else None)
        both = {compare(other, left), compare(other, right)}
        assert compare(other, found) is (both.pop() if len(both) == 1 else None)
    if equal(found, other) is not None:
        assert {equal(left, other), equal(right, other)} == {equal(found, other)}


FRACTIONS = st.fractions(-3, 3, max_denominator=20)


@given(FRACTIONS, FRACTIONS | st.integers(-3, 3))
def test_a_ratio_is_compared_as_the_fraction_that_it_is(one: Fraction,
                                                        other: Fraction | int) -> None:
    ratio = Ratio(one.numerator, one.denominator)
    for compare in (operator.lt, operator.le, operator.gt, operator.ge, operator.eq, operator.ne):
        expected = compare(one, other)
        assert compare(ratio, other) is compare(ratio, number_of(other)) is expected
        assert compare(other, ratio) is compare(other, one)
    assert hash(ratio) == hash(one)


@given(FRACTIONS)
def test_a_number_is_kept_whole_where_it_is(one: Fraction) -> None:
    kept = number_of(one)
    assert kept == one
    assert isinstance(kept, int) is (one.denominator == 1)
