"""The example file is made by its script, and says no more than the letter allows."""

from __future__ import annotations

import json
import runpy
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

import pytest

Event = dict[str, Any]
EXAMPLE = Path(__file__).parents[2] / "examples" / "letter-cohort.ndjson"
SCRIPT = EXAMPLE.with_name("make_letter_cohort.py")


@pytest.fixture(scope="module")
def script() -> dict[str, Any]:
    return runpy.run_path(str(SCRIPT))


@pytest.fixture(scope="module")
def events() -> list[Event]:
    return [json.loads(line) for line in EXAMPLE.read_text("utf-8").splitlines()]


def of(events: list[Event], kind: str, **fields: str) -> dict[str, Event]:
    """Return the last such event of each patient."""
    return {each["patient"]: each for each in events
            if each["kind"] == kind and all(each.get(key) == value
                                            for key, value in fields.items())}


def months(one: Event, other: Event) -> int:
    start, end = date.fromisoformat(one["at"]), date.fromisoformat(other["at"])
    assert start.day == end.day
    return (end.year - start.year) * 12 + end.month - start.month


def spread(values: list[float]) -> tuple[float, float, float]:
    return median(values), min(values), max(values)


def test_the_script_writes_the_file_byte_for_byte(script: dict[str, Any], tmp_path: Any) -> None:
    target = tmp_path / "again.ndjson"
    script["main"].__globals__["TARGET"] = target
    script["main"]()
    assert target.read_bytes() == EXAMPLE.read_bytes()


def test_every_event_says_what_is_the_letters(events: list[Event]) -> None:
    assert all("note" in each for each in events)
    for each in events:
        if each["kind"] in ("platelet_count", "drug_level", "lab", "person", "bleeding"):
            assert "invented" in each["note"], each


def test_ages_and_times_come_to_the_printed_medians_and_ranges(events: list[Event]) -> None:
    starts = of(events, "medication", drug="sirolimus", action="start")
    diagnoses, people = of(events, "diagnosis"), of(events, "person")
    last = {each["patient"]: each for each in events}
    stops = {**last, **of(events, "medication", drug="sirolimus", action="stop")}
    ages = [round((date.fromisoformat(starts[each]["at"])
                   - date.fromisoformat(people[each]["birth_date"])).days / 365.25, 1)
            for each in starts]
    assert spread(ages) == (9.8, 1.8, 20.0)
    assert spread([months(diagnoses[each], starts[each]) for each in starts]) == (22, 6, 106)
    assert spread([months(starts[each], stops[each]) for each in starts]) == (15, 1, 71)
    assert spread([months(starts[each], last[each]) for each in starts]) == (21, 4, 71)
    assert sorted(each["sex"] for each in people.values()) == ["female"] * 10 + ["male"] * 9
    assert all("2005" <= each["at"][:4] <= "2016" for each in [*starts.values(), *last.values()])


def test_doses_and_levels_are_within_what_is_printed(events: list[Event]) -> None:
    doses = of(events, "medication", drug="sirolimus", action="start").values()
    assert all(2 <= float(each["dose"]) <= 2.5 for each in doses)
    levels = [each for each in events if each["kind"] == "drug_level"]
    assert all(5 <= float(each["value"]) <= 15 for each in levels)
    assert not any("sample" in each for each in levels)


def test_rituximab_came_more_than_six_months_before(events: list[Event]) -> None:
    (rituximab,) = of(events, "medication", drug="rituximab", action="start").values()
    sirolimus = of(events, "medication", drug="sirolimus", action="start")[rituximab["patient"]]
    assert rituximab["patient"] == "19"
    gap = date.fromisoformat(sirolimus["at"]) - date.fromisoformat(rituximab["at"])
    assert gap.days > 184


def test_patients_without_response_were_watched_beyond_day_135(events: list[Event]) -> None:
    starts = of(events, "medication", drug="sirolimus", action="start")
    stops = of(events, "medication", drug="sirolimus", action="stop")
    for patient in ("2", "3", "5", "9", "10", "18"):
        days = (date.fromisoformat(stops[patient]["at"])
                - date.fromisoformat(starts[patient]["at"])).days
        assert days > 135
