"""When does the mere passing of time change a conclusion: at which instant is it dated?"""

from __future__ import annotations

from pathlib import Path

import pytest
from facts.lab import Lab

TOPIC = """\
facts:
  newest: {latest: count}
  lately: {any: count, within: week}
  month: {any: count, within: month}
  stale: {is: days_since(newest) >= week}
  now_stale: {now: true, is: days_since(newest) > week}
classify:
  - name: freshness
    title: Fresh
    values: [fresh, stale]
    rules:
      - {id: fresh, title: Fresh, value: fresh, when: lately, cite: lab}
      - {id: stale, title: Stale, value: stale, when: not lately, cite: lab}
  - name: monthly
    title: Monthly
    values: [fresh, old]
    rules:
      - {id: m.fresh, title: Fresh, value: fresh, when: month_, cite: lab}
      - {id: m.old, title: Old, value: old, when: not month_, cite: lab}
  - name: age
    title: Age
    values: [old, young]
    rules:
      - {id: old, title: Old, value: old, when: stale, cite: lab}
      - {id: young, title: Young, value: young, when: not stale, cite: lab}
  - name: judged
    title: Judged at the newest
    of: newest
    values: [old, young]
    rules:
      - {id: j.old, title: Old, value: old, when: now_stale, cite: lab}
      - {id: j.young, title: Young, value: young, when: not now_stale, cite: lab}
""".replace("  month:", "  month_:")


def lab(folder: Path, zone: str) -> Lab:
    return Lab(folder, TOPIC, zone)


@pytest.mark.parametrize(("zone", "count", "left"), [
    ("UTC", "2020-03-22T12:00Z", "2020-03-30"),
    ("Europe/Berlin", "2020-03-22T12:00Z", "2020-03-30"),  # across the short day of spring
    ("Europe/Berlin", "2020-03-22T23:30Z", "2020-03-31"),  # the 23rd in Berlin
    ("America/New_York", "2020-10-25T03:00Z", "2020-11-01"),  # the 24th in New York
    ("America/New_York", "2020-10-25T05:00Z", "2020-11-02"),  # across the long day of autumn
])
def test_a_member_leaves_its_window_at_midnight_of_the_zone(tmp_path: Path, zone: str, count: str,
                                                            left: str) -> None:
    assert lab(tmp_path, zone).episodes("freshness", f"{count} count 1", at="2020-12-01") == [
        ("fresh", count, left), ("stale", left, None)]


def test_a_member_leaves_a_month_behind_the_last_day_of_it(tmp_path: Path) -> None:
    assert lab(tmp_path, "UTC").episodes("monthly", "2020-01-31 count 1") == [
        ("fresh", "2020-01-31", "2020-03-01"), ("old", "2020-03-01", None)]


def test_days_since_turns_at_its_own_instant(tmp_path: Path) -> None:
    made = lab(tmp_path, "Europe/Berlin")
    assert made.episodes("age", "2020-03-22T12:00Z count 1") == [
        ("young", "2020-03-22T12:00Z", "2020-03-29"), ("old", "2020-03-29", None)]
    assert made.episodes("age", "2020-03-22 count 1", "2020-03-25 count 2") == [
        ("young", "2020-03-22", "2020-04-01"), ("old", "2020-04-01", None)]


def test_nothing_turns_before_the_moment_asked_about(tmp_path: Path) -> None:
    made = lab(tmp_path, "UTC")
    assert made.episodes("age", "2020-03-22 count 1", at="2020-03-28T23:59Z") == [
        ("young", "2020-03-22", None)]
    assert made.episodes("age", "2020-03-22 count 1", at="2020-03-29") == [
        ("young", "2020-03-22", "2020-03-29"), ("old", "2020-03-29", None)]


def test_what_is_asked_now_turns_even_where_a_topic_is_judged_at_an_event(tmp_path: Path) -> None:
    assert lab(tmp_path, "UTC").episodes("judged", "2020-03-22 count 1") == [
        ("young", "2020-03-22", "2020-03-30"), ("old", "2020-03-30", None)]


def test_an_event_that_is_not_over_may_still_change_what_is_said_of_it(tmp_path: Path) -> None:
    """The fall comes later on the date of a count without a time, and belongs to it."""
    lab = Lab(tmp_path, """\
facts:
  fallen: {of: count, any: fall}
  hurt: {any: count, where: fallen}
classify:
  - name: state
    title: State
    values: [hurt, well]
    rules:
      - {id: s.hurt, title: Hurt, value: hurt, when: hurt, cite: lab}
      - {id: s.well, title: Well, value: well, when: not hurt, cite: lab}
""")
    assert lab.episodes("state", "2020-01-01 count 9", "2020-01-01T10:00Z fall 1") == [
        ("well", "2020-01-01", "2020-01-01T10:00Z"), ("hurt", "2020-01-01T10:00Z", None)]
