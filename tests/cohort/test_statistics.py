"""Medians, percents and tests against values worked out elsewhere, and their laws."""

from __future__ import annotations

from fractions import Fraction
from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.cohort.statistics import (
    TwoByTwo,
    chi_squared,
    fisher_exact,
    half_up,
    likelihood_ratio,
    median,
    percent,
)

TABLES = st.builds(TwoByTwo, *[st.integers(0, 40)] * 4)


@pytest.mark.parametrize(("table", "expected"), [
    (TwoByTwo(5, 5, 8, 1), 0.1409),     # the letter: primary against ARS
    (TwoByTwo(4, 5, 7, 1), 0.1312),     # the same where mycophenolate had failed
    (TwoByTwo(5, 5, 5, 4), 1.0),        # CR against not
    (TwoByTwo(3, 1, 1, 3), 0.4857),     # Fisher's lady tasting tea
    (TwoByTwo(1, 9, 11, 3), 0.0028),    # a textbook's dieting study
    (TwoByTwo(0, 10, 12, 2), 0.0001),
])
def test_the_exact_test_gives_known_values(table: TwoByTwo, expected: float) -> None:
    assert float(half_up(fisher_exact(table), 4)) == expected


def test_the_exact_test_is_exact() -> None:
    assert fisher_exact(TwoByTwo(3, 1, 1, 3)) == Fraction(34, 70)


def test_approximate_tests_give_known_values() -> None:
    table = TwoByTwo(5, 5, 8, 1)
    assert round(likelihood_ratio(table), 4) == 0.0593
    assert round(chi_squared(table), 4) == 0.0686
    assert round(chi_squared(TwoByTwo(4, 5, 7, 1)), 4) == 0.0637


@pytest.mark.parametrize("table", [
    TwoByTwo(0, 0, 0, 0), TwoByTwo(0, 5, 0, 7), TwoByTwo(5, 0, 7, 0), TwoByTwo(0, 0, 3, 4),
])
def test_a_table_that_cannot_differ_has_p_of_one(table: TwoByTwo) -> None:
    assert fisher_exact(table) == 1
    assert likelihood_ratio(table) == chi_squared(table) == 1


def test_expected_numbers_are_those_of_no_difference() -> None:
    few, few_without, other, other_without = TwoByTwo(5, 5, 8, 1).expected()
    assert (few, few_without) == (Fraction(130, 19), Fraction(60, 19))
    assert [half_up(each, 2) for each in (few_without, other_without)] == ["3.16", "2.84"]
    assert few + few_without + other + other_without == 19


@given(TABLES)
def test_a_p_value_lies_above_nothing_and_not_above_one(table: TwoByTwo) -> None:
    assert 0 < fisher_exact(table) <= 1
    assert 0 <= likelihood_ratio(table) <= 1
    assert 0 <= chi_squared(table) <= 1


@given(TABLES)
def test_a_test_does_not_care_for_the_order_of_groups_or_outcomes(table: TwoByTwo) -> None:
    a, b, c, d = table
    for other in (TwoByTwo(c, d, a, b), TwoByTwo(b, a, d, c), TwoByTwo(a, c, b, d)):
        assert fisher_exact(other) == fisher_exact(table)
        assert isclose(likelihood_ratio(other), likelihood_ratio(table), abs_tol=1e-9)
        assert isclose(chi_squared(other), chi_squared(table), abs_tol=1e-9)


@given(st.lists(st.fractions(), min_size=1))
def test_half_the_values_lie_on_each_side_of_the_median(values: list[Fraction]) -> None:
    middle = median(values)
    assert 2 * sum(each <= middle for each in values) >= len(values)
    assert 2 * sum(each >= middle for each in values) >= len(values)


@pytest.mark.parametrize(("part", "whole", "expected"), [
    (7, 8, 88), (1, 8, 13), (17, 19, 89), (11, 17, 65), (0, 5, 0), (5, 5, 100), (0, 0, 0),
])
def test_a_half_percent_goes_up(part: int, whole: int, expected: int) -> None:
    assert percent(part, whole) == expected


@pytest.mark.parametrize(("value", "places", "expected"), [
    ("0.005", 2, "0.01"), ("0.0049", 2, "0.00"), ("0.995", 2, "1.00"), ("2.5", 0, "3"),
])
def test_a_number_is_rounded_as_printed(value: str, places: int, expected: str) -> None:
    assert half_up(Fraction(value), places) == expected
