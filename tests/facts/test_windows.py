"""Which events does a window let in: at its bounds, at midnight in a zone, at an event?"""

from __future__ import annotations

import pytest
from facts.lab import Lab, said

FACTS = """\
facts:
  hard: {first: fall, where: grade > two}
  after: {series: count, after: hard}
  before: {series: count, before: hard}
  since: {series: count, since: hard}
  until: {series: count, until: hard}
  lately: {series: count, within: week}
  this_month: {series: count, within: month}
  week_until: {series: count, until: hard, within: week}
  week_before: {series: count, before: hard, within: week}
  between: {series: count, after: course.start, until: hard}
  course: {course: pill, rejoin: gap}
  seen_here: {of: [count, fall], series: count}
  others_here: {of: [count, fall], series: count, before: here}
  lately_here: {of: [count, fall], series: count, within: week}
  running_here: {of: [count, fall], is: course.running}
  at_fall: {at: hard, count: count}
  now_at_fall: {now: true, count: count}
  days_here: {of: count, is: "days(it_started, here)"}
  it_started: {is: course.start}
  alone: {of: count, any: count, where: "same_instant(it, here) and not same(it, here)"}
  newest: {latest: count}
  week_old: {is: days_since(newest) >= week}
  over_week: {is: days_since(newest) > week}
  within_week: {is: days_since(newest) <= week}
  month_old: {is: days_since(newest) >= month}
"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Lab:
    return Lab(tmp_path_factory.mktemp("lab"), FACTS)


# one count before, one on the date of the fall, one after: each dated or timed
COUNTS = ["2020-05-01 count 1", "2020-05-09T23:59Z count 2", "2020-05-10 count 3",
          "2020-05-10T08:00Z count 4", "2020-05-10T12:00Z count 5", "2020-05-11T00:00Z count 6"]


@pytest.mark.parametrize(("fact", "timed", "dated"), [
    ("after", "#5 #6", "#6"),
    ("before", "#1 #2", "#1 #2"),
    ("since", "#3 #4 #5 #6", "#3 #4 #5 #6"),
    ("until", "#1 #2 #3 #4", "#1 #2 #3 #4 #5"),
    ("week_until", "#2 #3 #4", "#2 #3 #4 #5"),
    ("week_before", "#2", "#2"),
])
def test_bounds_at_a_timed_and_at_a_dated_event(lab: Lab, fact: str, timed: str,
                                                dated: str) -> None:
    """Surely after and surely before; at or before holds where it may have begun by then."""
    assert lab.ask(fact, *COUNTS, "2020-05-10T08:00Z fall 3") == timed
    assert lab.ask(fact, *COUNTS, "2020-05-10 fall 3") == dated


@pytest.mark.parametrize("fact", ["after", "before", "since", "until", "week_until", "between"])
def test_a_bound_that_is_not_there_leaves_nothing(lab: Lab, fact: str) -> None:
    assert lab.ask(fact, *COUNTS) == ""


def test_two_bounds(lab: Lab) -> None:
    lines = [*COUNTS, "2020-05-05 pill a start", "2020-05-10 fall 3"]
    assert lab.ask("between", *lines) == "#2 #3 #4 #5"


@pytest.mark.parametrize(("at", "lately"), [
    ("2020-05-08", "#1"), ("2020-05-08T23:59Z", "#1"), ("2020-05-09T00:00Z", ""),
])
def test_within_days_from_the_present(lab: Lab, at: str, lately: str) -> None:
    assert lab.ask("lately", "2020-05-01T23:59Z count 1", at=at) == lately


@pytest.mark.parametrize(("count", "last"), [
    ("2020-01-31", "2020-02-29"), ("2020-02-29", "2020-03-29"), ("2020-04-15", "2020-05-15"),
])
def test_within_a_calendar_month(lab: Lab, count: str, last: str) -> None:
    assert lab.ask("this_month", f"{count} count 1", at=last) == "#1"
    following = f"{last[:-2]}{int(last[-2:]) + 1:02}" if last != "2020-02-29" else "2020-03-01"
    assert lab.ask("this_month", f"{count} count 1", at=following) == ""


def test_asked_at_an_event_it_sees_what_may_have_begun_by_its_end(lab: Lab) -> None:
    passage = lab.passage(*COUNTS, "2020-05-10 pill a start")
    by_id = {event.id: event for event in passage.chart.events["count"]}
    assert said(passage, "seen_here", by_id["3"]) == "#1 #2 #3 #4 #5"
    assert said(passage, "seen_here", by_id["4"]) == "#1 #2 #3 #4"
    assert said(passage, "others_here", by_id["4"]) == "#1 #2"
    assert said(passage, "lately_here", by_id["6"]) == "#2 #3 #4 #5 #6"
    # a course is seen as it surely was when the event came
    assert [said(passage, "running_here", by_id[key]) for key in "2346"] == [
        "no", "no", "no", "yes"]


def test_at_an_event_and_now(lab: Lab) -> None:
    lines = [*COUNTS, "2020-05-10T08:00Z fall 3"]
    assert lab.ask("at_fall", *lines) == "4"
    assert lab.ask("now_at_fall", *lines) == "6"
    assert lab.ask("at_fall", *COUNTS) == "unknown"


def test_here_and_it_are_told_apart(lab: Lab) -> None:
    passage = lab.passage("2020-05-10T08:00Z count 1", "2020-05-10T08:00Z count 2",
                          "2020-05-11 count 3", "2020-05-01 pill a start")
    by_id = {event.id: event for event in passage.chart.events["count"]}
    assert [said(passage, "alone", by_id[key]) for key in "123"] == ["yes", "yes", "no"]
    assert said(passage, "days_here", by_id["3"]) == "10 days"


@pytest.mark.parametrize(("fact", "at", "answer"), [
    ("week_old", "2020-05-07T23:59Z", "no"), ("week_old", "2020-05-08T00:00Z", "yes"),
    ("over_week", "2020-05-08T23:59Z", "no"), ("over_week", "2020-05-09T00:00Z", "yes"),
    ("within_week", "2020-05-08T23:59Z", "yes"), ("within_week", "2020-05-09T00:00Z", "no"),
    ("month_old", "2020-05-31T23:59Z", "no"), ("month_old", "2020-06-01T00:00Z", "yes"),
])
def test_days_since(lab: Lab, fact: str, at: str, answer: str) -> None:
    assert lab.ask(fact, "2020-05-01T18:00Z count 1", at=at) == answer


def test_days_since_nothing_is_unknown(lab: Lab) -> None:
    assert lab.ask("week_old") == "unknown"
