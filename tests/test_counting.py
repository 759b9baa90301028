"""Are many things told with the right number of them, and in the order in which people look?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.counting import counted, first_of, natural_order

NAMES = st.lists(st.text("ab-019", max_size=6), max_size=8)


@pytest.mark.parametrize(("number", "words"), [
    (0, "0 criteria"), (1, "1 criterion"), (2, "2 criteria"), (11, "11 criteria")])
def test_only_one_is_singular(number: int, words: str) -> None:
    assert counted(number, "criterion", "criteria") == words


def test_a_plural_is_made_with_an_s() -> None:
    assert (counted(1, "day"), counted(2, "day")) == ("1 day", "2 days")


@given(st.lists(st.text("abc", min_size=1), max_size=8), st.integers(1, 9))
def test_those_not_named_are_counted(names: list[str], most: int) -> None:
    shown, _, rest = first_of(names, most, "others").partition(" and ")
    assert shown == ", ".join(names[:most])
    assert rest == (f"{len(names) - most} others" if len(names) > most else "")


def test_numbers_in_names_count_as_numbers() -> None:
    names = ["b", "a10", "10a", "ab", "2", "a2b", "10", "a2", "02"]
    assert sorted(names, key=natural_order) == [
        "02", "2", "10", "10a", "a2", "a2b", "a10", "ab", "b"]


@given(NAMES, st.randoms(use_true_random=False))
def test_the_order_depends_on_the_names_alone(names: list[str], random: object) -> None:
    shuffled = list(names)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert sorted(names, key=natural_order) == sorted(shuffled, key=natural_order)
