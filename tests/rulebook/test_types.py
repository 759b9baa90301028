"""Are units counted factor by factor, and read as they are written?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.rulebook.types import (
    DAYS,
    HOURS,
    CourseType,
    EventType,
    NumberType,
    RunType,
    SeriesType,
    SpanType,
    SymbolType,
    TimeType,
    TruthType,
    Type,
    parse_units,
    product_units,
    quotient_units,
    root_units,
    units_text,
)

UNITS = st.lists(st.tuples(st.sampled_from("/."), st.sampled_from(["mg", "m2", "kg", "d", "L"])),
                 max_size=4).map(lambda parts: "".join(f"{s}{u}" for s, u in parts).lstrip("."))


@pytest.mark.parametrize(("one", "other"), [
    ("mg/m2/d", "mg/d/m2"), ("day", "d"), ("days", "d"), ("hours", "h"), ("1", ""),
    ("mg/kg", "mg/kg/1"), ("cm.kg", "kg.cm"), ("mg/mg", ""), ("1/d", "/d"),
])
def test_spellings_of_one_unit(one: str, other: str) -> None:
    assert parse_units(one) == parse_units(other)


@pytest.mark.parametrize("other", ["ng/mL", "mg", "mg/d", "mg.m2/d", "mg/m2", "h", "mo"])
def test_units_that_are_not_one(other: str) -> None:
    assert parse_units("mg/m2/d") != parse_units(other)


@pytest.mark.parametrize(("spelling", "text"), [
    ("d", "d"), ("mg/d/m2", "mg/m2/d"), ("/d", "/d"), ("kg.cm", "cm.kg"), ("m.m", "m.m"),
    ("cm.kg/m2/m2", "cm.kg/m2.m2"), ("1", ""),
])
def test_a_unit_as_it_is_read(spelling: str, text: str) -> None:
    assert units_text(parse_units(spelling)) == text


@given(UNITS, UNITS)
def test_the_algebra_of_units(one: str, other: str) -> None:
    left, right = parse_units(one), parse_units(other)
    assert product_units(left, right) == product_units(right, left)
    assert quotient_units(product_units(left, right), right) == left
    assert quotient_units(left, left) == ()
    assert root_units(product_units(left, left)) == left


def test_a_root_needs_even_powers() -> None:
    assert root_units(parse_units("m2.m2")) == parse_units("m2")
    assert root_units(parse_units("m2.m2/d")) is None
    assert root_units(()) == ()


@pytest.mark.parametrize(("kind", "text"), [
    (NumberType(), "a number without unit"), (NumberType(DAYS), "a number in d"),
    (NumberType(HOURS), "a number in h"), (TruthType(), "true or false"), (TimeType(), "a time"),
    (SymbolType(), "a name"), (SymbolType(frozenset({"b", "a"})), "one of a, b"),
    (SpanType(), "calendar months"), (EventType(frozenset({"y", "x"})), "an event (x, y)"),
    (SeriesType(EventType(frozenset({"x"}))), "a series of an event (x)"),
    (CourseType("x"), "a course"), (RunType(EventType(frozenset({"x"}))), "a sustained run"),
])
def test_a_type_in_words(kind: Type, text: str) -> None:
    assert str(kind) == text
