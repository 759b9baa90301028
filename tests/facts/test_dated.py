"""Which value of a parameter that changes with time decides, and when does its change show?"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import facts.lab
import pytest
from facts.lab import Lab
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.assess import Assessor
from engine.explain import explain
from engine.reason import Node
from engine.rulebook.loader import load_rulebook

PARAMETERS = facts.lab.PARAMETERS + """\
limit:
  value: 10
  from: {2020-09-01: {value: 5, cite: lab "limits"}, 2020-06-01: 20}
  unit: g/L
  cite: lab
span: {value: 30, from: {2020-06-01: 10, 2020-07-01: 60}, unit: days, cite: lab}
"""
TOPIC = """\
facts:
  newest: {latest: count}
  limit_now: {is: limit}
  above_now: {is: newest > limit}
  members: {count: count, where: value > limit}
  lately: {any: count, within: span}
  verdicts: {count: level}
  stale: {is: days_since(newest) > span}
classify:
  - name: level
    title: Level at the newest count
    of: newest
    values: [high, low]
    rules:
      - id: hi
        title: High
        value: high
        when: value > limit
        because: "above {limit}"
        cite: lab
      - id: lo
        title: Low
        value: low
        when: value <= limit
        because: "not above {limit}"
        cite: lab
  - name: present
    title: The newest count against the limit of the day
    values: [high, low]
    rules:
      - {id: p.high, title: High, value: high, when: above_now, cite: lab}
      - {id: p.low, title: Low, value: low, when: not above_now, cite: lab}
  - name: freshness
    title: Fresh
    values: [fresh, old]
    rules:
      - {id: fresh, title: Fresh, value: fresh, when: lately, cite: lab}
      - {id: old, title: Old, value: old, when: not lately, cite: lab}
  - name: age
    title: Age
    values: [old, young]
    rules:
      - {id: a.old, title: Old, value: old, when: stale, cite: lab}
      - {id: a.young, title: Young, value: young, when: not stale, cite: lab}
"""


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lab:
    monkeypatch.setattr(facts.lab, "PARAMETERS", PARAMETERS)
    return Lab(tmp_path, TOPIC)


@pytest.mark.parametrize(("day", "verdict"), [
    ("2020-05-31", "high"), ("2020-06-01", "low"), ("2020-08-31", "low"), ("2020-09-01", "high")])
def test_a_verdict_on_a_sample_is_by_the_value_of_its_day(lab: Lab, day: str,
                                                          verdict: str) -> None:
    assert lab.episodes("level", f"{day} count 15") == [(verdict, day, None)]


def test_a_past_verdict_stays_when_the_value_changes(lab: Lab) -> None:
    assert lab.episodes("level", "2020-05-01 count 15", "2020-12-01 count 5") == [
        ("high", "2020-05-01", "2020-12-01"), ("low", "2020-12-01", None)]


def test_the_day_of_the_change_is_an_instant_of_its_own(lab: Lab) -> None:
    assert lab.episodes("present", "2020-05-01 count 15") == [
        ("high", "2020-05-01", "2020-06-01"), ("low", "2020-06-01", "2020-09-01"),
        ("high", "2020-09-01", None)]


def test_the_day_begins_in_the_patients_zone(tmp_path: Path,
                                             monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facts.lab, "PARAMETERS", PARAMETERS)
    far = Lab(tmp_path, TOPIC, "America/New_York")
    assert far.episodes("level", "2020-06-01T03:00Z count 15")[0][0] == "high"  # still in May
    assert far.episodes("level", "2020-06-01T05:00Z count 15")[0][0] == "low"
    assert far.episodes("present", "2020-05-01T12:00Z count 15")[0][2] == "2020-06-01"


def test_each_member_is_filtered_by_the_value_of_its_own_day(lab: Lab) -> None:
    assert lab.ask("members", "2020-05-01 count 15", "2020-07-01 count 15",
                   "2020-10-01 count 15") == "2"


def test_the_length_of_a_window_changes_on_its_day(lab: Lab) -> None:
    assert lab.episodes("freshness", "2020-05-15 count 1") == [
        ("fresh", "2020-05-15", "2020-06-01"),  # 17 days old: too old for 10 days, not for 30
        ("old", "2020-06-01", "2020-07-01"),
        ("fresh", "2020-07-01", "2020-07-15"), ("old", "2020-07-15", None)]


def test_passing_time_is_measured_by_the_span_of_the_day(lab: Lab) -> None:
    assert lab.episodes("age", "2020-05-15 count 1") == [
        ("young", "2020-05-15", "2020-06-01"), ("old", "2020-06-01", "2020-07-01"),
        ("young", "2020-07-01", "2020-07-15"), ("old", "2020-07-15", None)]


def test_as_of_before_the_change_knows_nothing_of_it(lab: Lab) -> None:
    assert lab.episodes("present", "2020-05-01 count 15", at="2020-05-31") == [
        ("high", "2020-05-01", None)]


def test_a_setting_stands_for_all_time(lab: Lab) -> None:
    rulebook = load_rulebook(lab.folder, {"limit": "12"})
    assert (rulebook.parameters["limit"].given, rulebook.parameters["limit"].dated) == (
        "12 g/L", ())
    assert rulebook.parameters["limit"].override == (
        "10 g/L, from 2020-06-01: 20 g/L, from 2020-09-01: 5 g/L -> 12")


def _told(lab: Lab, topic: str, *lines: str) -> list[str]:
    def walk(node: Node) -> list[str]:
        return [node.text, *(text for each in node.below for text in walk(each))]

    return walk(explain(lab.passage(*lines), topic))


@pytest.mark.parametrize(("day", "line", "because"), [
    ("2020-05-01", "limit = 10 g/L, in force until 2020-06-01", "High: above 10 g/L"),
    ("2020-06-01", "limit = 20 g/L, in force from 2020-06-01 until 2020-09-01",
     "Low: not above 20 g/L"),
    ("2020-09-01", "limit = 5 g/L, in force from 2020-09-01", "High: above 5 g/L"),
])
def test_why_shows_the_value_that_was_in_force(lab: Lab, day: str, line: str,
                                               because: str) -> None:
    told = _told(lab, "level", f"{day} count 15")
    assert line in told and because in told
    assert ("lab: High and low." in told) == (day == "2020-09-01")  # that value's own source


@pytest.mark.parametrize(("at", "value"), [
    ("2020-05-31", "10 g/L"), ("2020-06-01", "20 g/L"), ("2020-12-31", "5 g/L")])
def test_asked_now_it_is_the_value_of_today(lab: Lab, at: str, value: str) -> None:
    assert lab.ask("limit_now", "2020-05-01 count 15", at=at) == value


@pytest.fixture
def alone(lab: Lab) -> dict[str, Assessor]:
    """Return an assessor that knows no other limit than one, for each."""
    return {limit: Assessor(load_rulebook(lab.folder, {"limit": limit}), lab.assessor.zone,
                            "reference") for limit in ("5", "10", "20")}


COUNTS = st.lists(st.tuples(st.dates(date(2020, 5, 20), date(2020, 9, 10)),
                            st.sampled_from(["4", "5", "6", "10", "15", "20", "21"])),
                  min_size=1, max_size=5, unique_by=lambda each: each[0])


@given(counts=COUNTS)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_each_verdict_is_that_of_a_rulebook_with_only_the_value_of_its_day(
        lab: Lab, alone: dict[str, Assessor], counts: list[tuple[date, str]]) -> None:
    lines = [f"{day} count {value}" for day, value in counts]
    verdicts = lab.passage(*lines).chart.judged("level")
    assert len(verdicts.members()) == len(counts)
    for event in verdicts.members().events():
        limit = next(value for since, value in (
            (date(2020, 9, 1), "5"), (date(2020, 6, 1), "20"), (date.min, "10"))
            if event.at.day >= since)
        assert alone[limit].assess([event], event.at).standings["level"].value == (
            verdicts.get(event))


@given(counts=COUNTS, asked=st.dates(date(2020, 5, 20), date(2020, 9, 20)))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_was_concluded_on_a_day_is_what_is_told_of_it_later(
        lab: Lab, counts: list[tuple[date, str]], asked: date) -> None:
    lines = [f"{day} count {value}" for day, value in counts]
    asked = max(asked, min(day for day, _ in counts))  # before, only the moment itself is judged
    for topic in ("level", "present", "freshness", "age"):
        later = [(value, begun) for value, begun, _ in lab.episodes(topic, *lines)
                 if begun <= asked.isoformat()]
        then = [(value, begun) for value, begun, _ in lab.episodes(
            topic, *lines, at=asked.isoformat())]
        assert then == later
