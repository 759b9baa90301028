"""How many more hours are needed, and is it so when they have passed?"""

from __future__ import annotations

import pytest
from facts.lab import Lab

from engine.assessment import assessment_of
from engine.events.when import parse_when
from engine.timeline.log import known
from engine.whynot.answer import Answer, answer
from engine.whynot.question import question_of

from .asked import is_so, texts

TOPIC = """\
facts:
  newest: {about: the newest count, latest: count}
  lately: {about: whether one was measured lately, any: count, within: half_day}
  fallen: {about: the newest fall, latest: fall}
classify:
  - name: judged
    title: Judged at a fall
    of: fallen
    values: [long, short]
    rules:
      - {id: j.long, title: Long, value: long, when: hours_since(newest) > half_day, cite: lab}
      - {id: j.short, title: Short, value: short, when: hours_since(newest) < half_day, cite: lab}
alert:
  - id: unmeasured
    title: Unmeasured
    when: not lately
    severity: low
    message: "no count"
    cite: lab
  - id: due
    title: Due
    when: hours_since(newest) >= half_day
    severity: low
    message: "{newest} was long ago"
    cite: lab
  - id: fresh
    title: Fresh
    when: hours_since(newest) < half_day
    severity: low
    message: "{newest} was just now"
    cite: lab
"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Lab:
    return Lab(tmp_path_factory.mktemp("lab"), TOPIC, "Europe/Berlin")


def why_not(lab: Lab, what: str, *lines: str, at: str) -> Answer:
    events = lab.events(*lines)
    moment = parse_when(at, lab.assessor.zone)
    found = answer(question_of(lab.assessor, what), lab.assessor, known(events), events, moment)
    name, _, value = what.partition("=")
    for way in found.ways:
        told = [change.event for change in way.supposed.changes if change.event is not None]
        assessed = lab.assessor.assess(known([*events, *told]).events, way.as_of)
        assert is_so(assessment_of("p", assessed), name, value or name), way.text
    return found


@pytest.mark.parametrize(("at", "more", "hours"), [
    ("2020-03-29T03:00+02:00", "6 more hours", 6),  # of the eight by the clock one is left out
    ("2020-03-29T08:00+02:00", "1 more hour", 1),
    ("2020-03-28T21:30+01:00", "10.5 more hours", 10.5),
    ("2020-03-28", "8 more hours", 8),
])
def test_so_many_more_hours(lab: Lab, at: str, more: str, hours: float) -> None:
    found = why_not(lab, "due", "2020-03-28T20:00+01:00 count 1", at=at)
    told = texts(found.against)
    assert f"{more}, at 2020-03-29T09:00:00+02:00" in str(told), told
    assert [way.text for way in found.ways][:1] == [
        f"It would be open at 2020-03-29T09:00:00+02:00 if nothing else happens: {more}"]
    assert f"'hours': {hours}" in str(found.against).replace(f"{hours}.0", str(hours))


def test_so_many_more_hours_until_the_last_leaves_a_window(lab: Lab) -> None:
    found = why_not(lab, "unmeasured", "2020-03-28T20:00+01:00 count 1",
                    at="2020-03-29T03:00+02:00")
    told = "6 more hours, at 2020-03-29T09:00:00.000001+02:00"
    assert told in str(texts(found.against)), texts(found.against)
    assert ("It would be open at 2020-03-29T09:00:00.000001+02:00 if nothing else happens: "
            "6 more hours") in [way.text for way in found.ways]


def test_what_was_not_long_enough_ago_is_told_with_its_hours(lab: Lab) -> None:
    found = why_not(lab, "due", "2020-03-28T20:00+01:00 count 1", at="2020-03-29T03:00+02:00")
    assert ("6 hours since the newest count (1 g/L on 2020-03-28T20:00+01:00) is less than "
            "12 hours (half_day)") in str(texts(found.against))


def test_where_only_the_day_is_known(lab: Lab) -> None:
    found = why_not(lab, "due", "2020-03-28 count 1", at="2020-03-28T21:00+01:00")
    assert "not known: no more than 21 hours since the newest count (1 g/L on 2020-03-28)" in str(
        texts(found.against))
    assert "at 2020-03-29T12:59:59.999999+02:00" in found.ways[0].text


def test_more_than_has_passed_takes_a_new_event(lab: Lab) -> None:
    found = why_not(lab, "fresh", "2020-03-28T20:00+01:00 count 1", at="2020-03-30")
    assert any("one more" in way.text or "had there been" in way.text for way in found.ways), [
        way.text for way in found.ways]


@pytest.mark.parametrize("what", ["judged=long", "judged=short"])
def test_of_what_is_judged_at_an_event(lab: Lab, what: str) -> None:
    """Here only another time of either event would do; every way is tried on the engine."""
    lines = ["2020-03-28T20:00+01:00 count 1", "2020-03-29T09:00+02:00 fall 1"]
    found = why_not(lab, what, *lines, at="2020-03-30")
    assert found.ways, texts(found.against)
