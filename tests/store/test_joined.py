"""A decision is about the episode: late data may join it to another, or part it, and it stays."""

from __future__ import annotations

from typing import Any

import pytest

from .stores import Desk, Line
from .test_alerts import ID, acknowledge, level, listed, low, steps

__all__ = ["low"]
BETWEEN: Line = level(9, "2016-03-05T08:00:00Z", "between")
LATER = "eva/level.low@2016-03-09T08:00:00Z"
VOID = {"status": "entered-in-error", "recorded": "2016-03-10T08:00:00Z"}


@pytest.fixture
def two(low: Desk) -> Desk:
    """A low level, a good one, and a low one that stands; it is the tenth of March."""
    low.on("2016-03-09T09:00:00")
    low.ingest([BETWEEN, level(4.7, "2016-03-09T08:00:00Z", "later")])
    assert [each["id"] for each in listed(low)] == [LATER]
    low.on("2016-03-10T09:00:00")
    return low


def alone(desk: Desk, state: str) -> dict[str, Any]:
    (alert,) = listed(desk, "--state", state)
    return alert


def test_what_was_decided_about_the_later_one_holds_for_both(two: Desk) -> None:
    acknowledge(two, LATER)
    two.ingest([{**BETWEEN, **VOID}])
    assert listed(two) == []
    joined = alone(two, "acknowledged")
    assert (joined["id"], joined["because"]) == (ID, "Rossi: called the family")
    assert alone(two, "withdrawn")["because"] == (
        f"it is part of {ID}: between no longer stands")
    last = steps(two)[-1]
    assert (last["change"], last["by"], last["because"]) == (
        "acknowledged", "Rossi", "called the family (decided on 2016-03-10)")
    two.on("2016-04-09T09:00:01")
    assert listed(two)[0]["because"] == "acknowledged by Rossi 30 days ago, and it still holds"


def test_a_snooze_of_the_later_one_ends_when_it_was_to_end(two: Desk) -> None:
    acknowledge(two, LATER, "snooze", "--until", "2016-03-12")
    two.ingest([{**BETWEEN, **VOID}])
    assert alone(two, "snoozed")["id"] == ID
    two.on("2016-03-12T00:00:01")
    assert alone(two, "open")["because"] == "the snooze of Rossi is over"


def test_joined_with_a_graver_one_it_asks_again(two: Desk) -> None:
    acknowledge(two, LATER)
    two.ingest([{**BETWEEN, **VOID}, level(2.1, "2016-03-03T08:00:00Z", "graver")])
    assert alone(two, "open")["because"] == (
        "acknowledged by Rossi when it was low; it is moderate now")


def test_joined_by_a_correction_of_what_it_rested_on_it_asks_again(two: Desk) -> None:
    acknowledge(two, LATER)
    two.ingest([{**BETWEEN, **VOID},
                level(4.6, "2016-03-09T08:00:00Z", "later", status="corrected",
                      recorded="2016-03-10T08:30:00Z")])
    assert alone(two, "open")["because"] == (
        "acknowledged by Rossi before later was corrected or withdrawn")


def test_the_newest_of_two_decisions_counts(two: Desk) -> None:
    acknowledge(two, LATER, "snooze", "--until", "2016-03-30")
    two.ingest([level(4.9, "2016-03-05T08:00:00Z", "between", status="corrected",
                      recorded="2016-03-10T08:00:00Z")])
    two.on("2016-03-11T09:00:00")
    acknowledge(two, ID)
    two.ingest([{**BETWEEN, "status": "corrected", "recorded": "2016-03-11T08:00:00Z"}])
    assert alone(two, "acknowledged")["id"] == LATER  # parted again, it keeps what was said last
    assert alone(two, "resolved")["id"] == ID


def test_parted_in_two_the_later_one_was_decided_about_too(low: Desk) -> None:
    listed(low)
    low.on("2016-03-09T09:00:00")
    low.ingest([level(4.7, "2016-03-09T08:00:00Z", "later")])
    acknowledge(low)
    low.ingest([BETWEEN])
    assert listed(low) == []
    parted = alone(low, "acknowledged")
    assert parted["id"] == LATER
    assert parted["raised"].startswith("2016-03-01")
    assert steps(low, LATER)[0]["because"] == (
        "new between; acknowledged already by Rossi: called the family")


def test_parted_in_two_nobody_can_have_meant_what_came_after(low: Desk) -> None:
    acknowledge(low)
    low.on("2016-03-20T09:00:00")
    low.ingest([level(4.7, "2016-03-20T08:00:00Z", "later")])
    assert listed(low) == []
    low.ingest([BETWEEN])
    assert alone(low, "open")["id"] == "eva/level.low@2016-03-20T08:00:00Z"
