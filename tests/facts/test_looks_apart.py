"""What is looked at as of an earlier instant leaves no trace in what is seen now, nor back."""

from __future__ import annotations

from pathlib import Path

import pytest
from facts.lab import Lab

FACTS = """\
facts:
  fell: {of: count, any: fall, since: here, until: here, where: grade > 0}
  flagged: {NOWcount: count, where: fell}
  big: {of: fall, is: grade >= two and flagged >= two}
  last_fall: {latest: fall}
alert:
"""
FEW = """\
  - {id: few, title: Few, of: last_fall, per_event: true, when: WHEN, severity: low,
     message: "Flagged {flagged}.", cite: lab}
"""
MANY = """\
  - {id: many, title: Many, of: last_fall, when: big, severity: low, message: Many, cite: lab}
"""
LINES = ["2020-01-01 count 5", "2020-01-01T10:00Z fall 1", "2020-01-03 count 6",
         "2020-01-03T12:00Z fall 2", "2020-01-05T13:00Z fall 3"]


@pytest.mark.parametrize("alerts", [FEW + MANY, MANY + FEW])
@pytest.mark.parametrize(("now", "when", "rests_on"), [
    ("", "grade > 0", [("2",), ("4",), ("5",)]),
    ("now: true, ", "flagged > 0", [("1",), ("1", "3"), ("1", "3")]),
])
def test_the_order_of_two_alerts_decides_nothing(
        tmp_path: Path, alerts: str, now: str, when: str, rests_on: list[tuple[str]]) -> None:
    text = (FACTS + alerts).replace("NOW", now).replace("WHEN", when)
    passage = Lab(tmp_path, text).passage(*LINES)
    few = [each.standing for each in passage.episodes["few"]]
    assert [each.message for each in few] == ["Flagged 1.", "Flagged 2.", "Flagged 2."]
    assert [each.evidence for each in few] == rests_on
    assert [each.begun.text for each in passage.episodes["many"]] == ["2020-01-03T12:00Z"]


COURSE = """\
facts:
  factor: {of: pill, latest: count}
  by_count: {of: pill, is: dose * factor}
  pills: {course: pill, where: drug == a, rejoin: gap, amounts: [by_count]}
  direction_now: {is: pills.last_step.direction}
"""


@pytest.mark.parametrize(("line", "direction"), [("count 2", "up"), ("count 1", "same")])
def test_a_step_of_a_day_is_read_again_when_more_is_known_of_that_day(
        tmp_path: Path, line: str, direction: str) -> None:
    lines = ["2020-01-01T08:00Z count 1", "2020-01-01T09:00Z pill a start 3",
             "2020-01-05 pill a change 3", f"2020-01-05T10:00Z {line}"]
    assert Lab(tmp_path, COURSE).ask("direction_now", *lines, at="2020-01-05T12:00Z") == direction
