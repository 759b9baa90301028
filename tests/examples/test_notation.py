"""Which events does the compact notation stand for?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from engine.examples.calendar import Calendar, TimeError
from engine.examples.example import Example

Load = Callable[[str], list[Example]]
UTC = Calendar(date(2015, 3, 1), ZoneInfo("UTC"))
ROME = Calendar(date(2015, 3, 1), ZoneInfo("Europe/Rome"))
LITTLE_EXPECTED = "    expect: {closed: []}\n"


def lines(load: Load, given: str) -> list[dict[str, Any]]:
    [example] = load("start: 2015-03-01\nexamples:\n  - name: one\n    given:\n"
                     f"      {given}\n{LITTLE_EXPECTED}")
    return [dict(event.given) for event in example.events]


@pytest.mark.parametrize(("text", "written"), [
    ("0d", "2015-03-01"), ("14d", "2015-03-15"), ("+14d", "2015-03-15"), ("-1d", "2015-02-28"),
    ("6mo", "2015-09-01"), ("-8y", "2007-03-01"), ("6mo-1d", "2015-08-31"),
    ("14d 09:00", "2015-03-15T09:00+00:00"), ("2015-03-15", "2015-03-15"),
    ("2015-03-15 09:00", "2015-03-15T09:00+00:00"), ("2015-03-15T09:00Z", "2015-03-15T09:00Z"),
    ("2015-03", "2015-03"),
])
def test_times_count_from_the_first_day(text: str, written: str) -> None:
    assert UTC.written(text) == written


@pytest.mark.parametrize(("text", "written"), [
    ("27d 09:00", "2015-03-28T09:00+01:00"), ("28d 09:00", "2015-03-29T09:00+02:00"),
])
def test_clocks_are_those_of_the_zone(text: str, written: str) -> None:
    assert ROME.written(text) == written


@pytest.mark.parametrize(("text", "expected"), [
    ("soon", "a time like 14d, -2mo, 14d 09:00 or 2015-03-15"),
    ("14", "a time like 14d, -2mo, 14d 09:00 or 2015-03-15"),
    ("14d noon", "hours and minutes, like 09:00"),
    ("28d 02:30", "a time that the clocks of that day show"),
    ("99999y", "a day of the calendar"),
    ("2015-02-30 09:00", "a day of the calendar"),
])
def test_what_is_no_time_says_what_was_expected(text: str, expected: str) -> None:
    with pytest.raises(TimeError, match=f"^{expected}$"):
        ROME.written(text)


def test_a_series_of_numbers_has_the_unit_that_is_declared(load: Load) -> None:
    assert lines(load, "counts: 15 @-1d, 36600 /uL @14d 09:00") == [
        {"id": "counts-1", "patient": "example", "kind": "platelet_count", "at": "2015-02-28",
         "value": "15", "unit": "10*9/L"},
        {"id": "counts-2", "patient": "example", "kind": "platelet_count",
         "at": "2015-03-15T09:00+00:00", "value": "36600", "unit": "/uL"}]


def test_comparators_words_and_fields(load: Load) -> None:
    [line] = lines(load, "level: <2.0 trough serum method LC-MS last-dose 13d 20:00 @14d 08:00")
    assert line == {
        "id": "level-1", "patient": "example", "kind": "drug_level", "drug": "sirolimus",
        "value": "<2.0", "unit": "ng/mL", "sample": "trough", "matrix": "serum",
        "method": "LC-MS", "last_dose_at": "2015-03-14T20:00+00:00",
        "at": "2015-03-15T08:00+00:00"}


def test_the_order_of_words_is_free(load: Load) -> None:
    [line] = lines(load, "sirolimus: '@0d start 2.2'")
    assert (line["action"], line["dose"], line["unit"]) == ("start", "2.2", "mg/m2/d")


def test_numbers_flags_and_counts_keep_their_types(load: Load) -> None:
    [finding] = lines(load, "findings: apoptosis-defect present true assays 2 @0d")
    assert (finding["present"], finding["assays"]) == (True, 2)
    [bleeding] = lines(load, "bleeding: 2 menses @0d")
    assert (bleeding["grade"], bleeding["cause"]) == (2, "menses")


def test_two_quantities_in_one_item(load: Load) -> None:
    [line] = lines(load, "body: height 110 cm weight 20 kg @0d")
    assert {name: line[name] for name in ("height", "height_unit", "weight", "weight_unit")} == {
        "height": "110", "height_unit": "cm", "weight": "20", "weight_unit": "kg"}


def test_a_correction_and_a_withdrawal_name_the_event(load: Load) -> None:
    first, second, third = lines(
        load, "counts: 12 @14d id c, 112 @14d id c corrected recorded 15d 10:00, "
        "cancelled @14d id c recorded 16d")
    assert [one["id"] for one in (first, second, third)] == ["c", "c", "c"]
    assert second["status"] == "corrected"
    assert second["recorded"] == "2015-03-16T10:00+00:00"
    assert third["status"] == "cancelled"
    assert "value" not in third


def test_a_list_of_texts_is_one_series(load: Load) -> None:
    assert [line["id"] for line in lines(load, "counts: [15 @-1d, 30 @14d]")] == [
        "counts-1", "counts-2"]


def test_the_full_form_takes_any_event(load: Load) -> None:
    [line] = lines(load, "events: [{kind: lab, test: b12, value: 400.5, unit: ng/L, at: 14d}]")
    assert line == {"id": "lab-1", "patient": "example", "kind": "lab", "test": "b12",
                    "value": line["value"], "unit": "ng/L", "at": "2015-03-15"}
    assert str(line["value"]) == "400.5"


def test_the_background_is_given_in_every_example(load: Load) -> None:
    examples = load("start: 2015-03-01\nbackground: {counts: 15 @-1d}\nexamples:\n"
                    f"  - name: one\n    given: {{counts: 30 @14d}}\n{LITTLE_EXPECTED}"
                    f"  - name: two\n    given: {{}}\n{LITTLE_EXPECTED}")
    assert [[event.id for event in one.events] for one in examples] == [
        ["counts-1", "counts-2"], ["counts-1"]]


def test_an_example_may_have_a_start_a_zone_a_case_and_a_sort(load: Load) -> None:
    [one] = load("start: 2015-03-01\nexamples:\n  - name: one\n    start: 2016-01-01\n"
                 "    timezone: Europe/Rome\n    case: [1, 7]\n    shows: fires\n"
                 "    why: decision 4\n"
                 "    as_of: 14d 09:00\n    given: {}\n" + LITTLE_EXPECTED)
    assert (one.cases, one.shows, one.why) == ((1, 7), "fires", "decision 4")
    assert one.as_of is not None and one.as_of.text == "2016-01-15T09:00+01:00"
