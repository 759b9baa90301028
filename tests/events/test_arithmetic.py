"""Does what is worked out from intervals hold all that it may be, and nothing else?"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from engine.events.amount import Amount, at_most, below
from engine.events.arithmetic import divided, minus, plus, square_root, times

NUMBERS = st.fractions(0, 50, max_denominator=8)
Work = Callable[[Amount, Amount, str], Amount | None]
CASES: list[tuple[Work, Callable[[Fraction, Fraction], Fraction]]] = [
    (plus, lambda a, b: a + b), (minus, lambda a, b: a - b), (times, lambda a, b: a * b),
    (divided, lambda a, b: a / b),
]


@st.composite
def around(draw: st.DrawFn) -> tuple[Amount, Fraction]:
    """Return an interval that is not negative, and a number in it."""
    number = draw(NUMBERS)
    low = draw(st.one_of(st.just(Fraction(0)), NUMBERS.filter(lambda each: each <= number)))
    high = draw(st.one_of(st.none(), NUMBERS.map(lambda each: number + each)))
    return Amount(low, high, number > low and draw(st.booleans()),
                  high is not None and number < high and draw(st.booleans())), number


def holds(amount: Amount, number: Fraction) -> bool:
    above = amount.low is None or number > amount.low or (
        number == amount.low and not amount.low_open)
    under = amount.high is None or number < amount.high or (
        number == amount.high and not amount.high_open)
    return above and under


@pytest.mark.parametrize(("work", "exact"), CASES, ids=[work.__name__ for work, _ in CASES])
@given(around(), around())
def test_every_result_lies_within(work: Work, exact: Callable[[Fraction, Fraction], Fraction],
                                  one: tuple[Amount, Fraction],
                                  other: tuple[Amount, Fraction]) -> None:
    (left, a), (right, b) = one, other
    if work is divided:
        assume(b != 0)
    result = work(left, right, "u")
    if result is None:
        assert work is divided and right.low == 0
    else:
        assert result.unit == "u"
        assert holds(result, exact(a, b))


@pytest.mark.parametrize(("work", "left", "right", "result"), [
    (plus, Amount(Fraction(1), Fraction(2), True), Amount(Fraction(3), None, False, False),
     Amount(Fraction(4), None, True)),
    (minus, Amount(Fraction(5), Fraction(6)), Amount(Fraction(1), Fraction(2), True, True),
     Amount(Fraction(3), Fraction(5), True, True)),
    (minus, Amount.exact(5), Amount(Fraction(1), None), Amount(None, Fraction(4))),
    (times, Amount(Fraction(0), Fraction(2), False, True), Amount.exact(3),
     Amount(Fraction(0), Fraction(6), False, True)),
    (times, Amount(Fraction(-1), Fraction(2)), Amount.exact(3), None),
    (divided, Amount.exact(6), Amount(Fraction(2), Fraction(3), True),
     Amount(Fraction(2), Fraction(3), False, True)),
    (divided, Amount.exact(6), Amount(Fraction(0), Fraction(3), True),
     Amount(Fraction(2), None)),
    (divided, Amount.exact(6), Amount(Fraction(3), None), Amount(Fraction(0), Fraction(2), True)),
    (times, Amount(Fraction(0), Fraction(2)), Amount(Fraction(1), Fraction(3), True),
     Amount(Fraction(0), Fraction(6))),
    (times, Amount.exact(0), Amount(Fraction(1), None), Amount.exact(0)),
    (divided, Amount.exact(6), Amount.exact(0), None),
    (divided, Amount.exact(0), Amount(Fraction(0), Fraction(3)), None),
    (divided, Amount.exact(6), Amount(Fraction(-1), Fraction(3)), None),
])
def test_the_bounds_are_the_tightest(work: Work, left: Amount, right: Amount,
                                     result: Amount | None) -> None:
    assert work(left, right, "") == result


def test_a_difference_may_be_negative() -> None:
    assert minus(Amount.exact(1), Amount.exact(3), "") == Amount.exact(-2)


@given(st.fractions(0, 10**6, max_denominator=10**6))
def test_a_square_root_encloses_the_root(number: Fraction) -> None:
    root = square_root(Amount.exact(number), "u")
    assert root is not None and root.low is not None and root.high is not None
    assert root.low**2 <= number <= root.high**2
    assert root.high - root.low <= Fraction(1, 10**40)
    assert root.is_exact == (root.low**2 == number)


@given(st.fractions(0, 1000, max_denominator=1000), st.decimals(0, 40, places=6))
def test_no_decimal_threshold_falls_between_the_bounds_of_a_root(number: Fraction,
                                                                 threshold: object) -> None:
    limit = Fraction(str(threshold))
    root = square_root(Amount.exact(number), "")
    assert root is not None
    assert below(root, Amount.exact(limit)) is (number < limit**2)
    assert at_most(root, Amount.exact(limit)) is (number <= limit**2)


def test_roots_of_what_may_be_negative_or_is_unbounded() -> None:
    assert square_root(Amount(Fraction(-1), Fraction(4)), "") is None
    assert square_root(Amount(None, Fraction(4)), "") is None
    assert square_root(Amount(Fraction(4), None, True), "m") == Amount(
        Fraction(2), None, True, False, "m")
    assert square_root(Amount(Fraction(1), Fraction(4), False, True), "") == Amount(
        Fraction(1), Fraction(2), False, True)
