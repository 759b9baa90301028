"""When do passing hours change a conclusion, and what is unknown where only a day is known?"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from itertools import pairwise, permutations
from pathlib import Path

import pytest
from facts.lab import Lab, said
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.assessment import assessment_of
from engine.events.amount import Amount
from engine.events.when import When, moment_of, parse_when
from engine.facts.elapsed import turning_instants
from engine.live import LivePatient
from engine.passage import Passage

SIGNS = ["<", "<=", ">", ">="]
FACTS = """\
facts:
  newest: {about: the newest count, latest: count}
  newest_fall: {latest: fall}
  due: {is: hours_since(newest) >= half_day}
  over: {is: hours_since(newest) > half_day}
  early: {is: hours_since(newest) < half_day}
  within_it: {is: hours_since(newest) <= half_day}
  lately: {about: whether there was a count in the last hours, any: count, within: half_day}
  several: {count: count, within: half_day}
  last_one: {latest: count, within: half_day}
"""
TOPIC = FACTS + """\
classify:
  - name: dose
    title: Dose
    values: [due, fresh, open]
    fallback: open
    rules:
      - {id: d.due, title: Due, value: due, when: due, cite: lab}
      - {id: d.fresh, title: Fresh, value: fresh, when: not due, cite: lab}
  - name: strict
    title: Strictly
    values: [over, not-yet]
    rules:
      - {id: s.over, title: Over, value: over, when: over, cite: lab}
      - {id: s.not, title: Not yet, value: not-yet, when: not over, cite: lab}
  - name: counted
    title: Counted
    values: [several, one, none, open]
    fallback: open
    rules:
      - {id: c.two, title: Several, value: several, when: several >= two, cite: lab}
      - {id: c.one, title: One, value: one, when: [lately, several < two], cite: lab}
      - {id: c.none, title: None, value: none, when: not lately, cite: lab}
alert:
  - id: overdue
    title: Overdue
    when: due
    severity: low
    message: "{newest} was long ago"
    cite: lab
"""
ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"]


@pytest.fixture(scope="module")
def labs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Lab]:
    return {zone: Lab(tmp_path_factory.mktemp("lab"), TOPIC, zone) for zone in ZONES}


def test_it_turns_at_its_own_instant(labs: dict[str, Lab]) -> None:
    made, evening = labs["UTC"], "2020-01-01T20:00Z count 1"
    assert made.episodes("dose", evening) == [
        ("fresh", "2020-01-01T20:00Z", "2020-01-02T08:00:00+00:00"),
        ("due", "2020-01-02T08:00:00+00:00", None)]
    assert made.episodes("overdue", evening, at="2020-01-02T07:59:59Z") == []
    assert [begun for _, begun, _ in made.episodes("overdue", evening, at="2020-01-02T08:00Z")] == [
        "2020-01-02T08:00:00+00:00"]


def test_more_than_so_many_hours_is_a_moment_later(labs: dict[str, Lab]) -> None:
    assert labs["UTC"].episodes("strict", "2020-01-01T20:00Z count 1") == [
        ("not-yet", "2020-01-01T20:00Z", "2020-01-02T08:00:00.000001+00:00"),
        ("over", "2020-01-02T08:00:00.000001+00:00", None)]


@pytest.mark.parametrize(("at", "due", "over", "early", "within_it"), [
    ("2020-01-02T07:59:59.999999Z", "no", "no", "yes", "yes"),
    ("2020-01-02T08:00Z", "yes", "no", "no", "yes"),
    ("2020-01-02T08:00:00.000001Z", "yes", "yes", "no", "no"),
])
def test_the_boundaries(labs: dict[str, Lab], at: str, due: str, over: str, early: str,
                        within_it: str) -> None:
    passage = labs["UTC"].passage("2020-01-01T20:00Z count 1", at=at)
    assert [said(passage, name) for name in ("due", "over", "early", "within_it")] == [
        due, over, early, within_it]


def test_of_a_date_it_is_open_from_its_beginning_to_its_end(labs: dict[str, Lab]) -> None:
    made = labs["Europe/Berlin"]
    assert made.episodes("dose", "2020-01-01 count 1") == [
        ("fresh", "2020-01-01", "2020-01-01T12:00:00+01:00"),
        ("open", "2020-01-01T12:00:00+01:00", "2020-01-02T11:59:59.999999+01:00"),
        ("due", "2020-01-02T11:59:59.999999+01:00", None)]
    passage = made.passage("2020-01-01 count 1", at="2020-01-01T20:00+01:00")
    assert passage.standings["overdue"].undecided and passage.standings["overdue"].value is None
    undecided = {each.name: each.needs for each in assessment_of("p", passage).undecided}
    assert undecided["overdue"] == ("the time of day: the newest count (1 g/L on 2020-01-01)",)


@pytest.mark.parametrize(("count", "due"), [
    ("2020-03-28T20:00+01:00", "2020-03-29T09:00:00+02:00"),  # the clock goes on in the night
    ("2020-10-24T20:00+02:00", "2020-10-25T07:00:00+01:00"),  # and back
    ("2020-03-27T20:00+01:00", "2020-03-28T08:00:00+01:00"),
])
def test_hours_are_real_whatever_the_clock_does(labs: dict[str, Lab], count: str,
                                                due: str) -> None:
    assert [begun for _, begun, _ in labs["Europe/Berlin"].episodes("overdue", f"{count} count 1")
            ] == [due]


def test_a_new_event_begins_anew_and_without_one_nothing_is_known(labs: dict[str, Lab]) -> None:
    made = labs["UTC"]
    assert [value for value, _, _ in made.episodes(
        "dose", "2020-01-01T20:00Z count 1", "2020-01-02T07:00Z count 1",
        at="2020-01-02T18:59Z")] == ["fresh"]
    assert made.ask("due") == "unknown"


def test_asked_at_an_event_it_is_the_time_up_to_it(tmp_path: Path) -> None:
    """The same as `hours(a, here)`, of a date as of an instant, and never changed by time."""
    signs = "".join(f"  since_{index}: {{of: fall, is: hours_since(newest) {sign} half_day}}\n"
                    f"  between_{index}: {{of: fall, is: 'hours(newest, here) {sign} half_day'}}\n"
                    for index, sign in enumerate(SIGNS))
    made = Lab(tmp_path, FACTS + signs, "Europe/Berlin")
    counts = ["2020-03-28", "2020-03-28T20:00+01:00", "2020-03-28T23:59:59.999999+01:00"]
    falls = ["2020-03-28T20:00+01:00", "2020-03-29", "2020-03-29T09:00+02:00",
             "2020-03-29T09:00:00.000001+02:00", "2020-03-29T13:00+02:00", "2020-03-30"]
    answers = set()
    for count in counts:
        for fall in falls:
            passage = made.passage(f"{count} count 1", f"{fall} fall 1")
            here = passage.chart.answer(passage.chart.program.by_name["newest_fall"], None)
            for index in range(len(SIGNS)):
                since = said(passage, f"since_{index}", here)
                answers.add(since)
                assert since == said(passage, f"between_{index}", here), (count, fall, index)
    assert answers == {"yes", "no", "unknown"}


def test_a_member_leaves_its_window_at_its_own_instant(labs: dict[str, Lab]) -> None:
    made = labs["Europe/Berlin"]
    assert made.episodes("counted", "2020-03-28T20:00+01:00 count 1",
                         "2020-03-28T23:00+01:00 count 1") == [
        ("one", "2020-03-28T20:00+01:00", "2020-03-28T23:00+01:00"),
        ("several", "2020-03-28T23:00+01:00", "2020-03-29T09:00:00.000001+02:00"),
        ("one", "2020-03-29T09:00:00.000001+02:00", "2020-03-29T12:00:00.000001+02:00"),
        ("none", "2020-03-29T12:00:00.000001+02:00", None)]


def test_a_date_may_be_in_the_window_or_not(labs: dict[str, Lab]) -> None:
    made = labs["UTC"]
    assert made.episodes("counted", "2020-01-01 count 1") == [
        ("one", "2020-01-01", "2020-01-01T12:00:00.000001+00:00"),
        ("open", "2020-01-01T12:00:00.000001+00:00", "2020-01-02T12:00:00+00:00"),
        ("none", "2020-01-02T12:00:00+00:00", None)]
    passage = made.passage("2020-01-01 count 1", at="2020-01-02T09:00Z")
    assert [said(passage, name) for name in ("lately", "several", "last_one")] == [
        "unknown", "<= 1", "unknown"]


def test_a_window_in_hours_counts_back_from_its_end(tmp_path: Path) -> None:
    """From the event that is asked about, or from another one; and a whole fact is none of now."""
    made = Lab(tmp_path, """\
facts:
  newest: {latest: count}
  newest_fall: {latest: fall}
  at_it: {of: fall, any: count, within: half_day}
  to_it: {any: count, until: newest_fall, within: half_day}
  before_it: {any: count, before: newest_fall, within: half_day}
""", "UTC")
    for count, fall, inside in (
            ("2020-01-01T20:00Z", "2020-01-02T08:00Z", "yes"),
            ("2020-01-01T20:00Z", "2020-01-02T08:00:00.000001Z", "no"),
            ("2020-01-01", "2020-01-02T08:00Z", "unknown"),
            ("2020-01-01T20:00Z", "2020-01-02", "unknown"),
            ("2020-01-01", "2020-01-03", "no"), ("2020-01-01T20:00Z", "2020-01-03", "no")):
        passage = made.passage(f"{count} count 1", f"{fall} fall 1", at="2020-02-01")
        here = passage.chart.answer(passage.chart.program.by_name["newest_fall"], None)
        assert said(passage, "at_it", here) == inside, (count, fall)
        assert (said(passage, "to_it"), said(passage, "before_it")) == (inside, inside)


MINUTES = st.integers(0, 4 * 24 * 60)
TIMES = st.one_of(
    st.dates(date(2020, 3, 27), date(2020, 3, 30)).map(str),
    MINUTES.map(lambda each: (datetime(2020, 3, 27, tzinfo=UTC) + timedelta(minutes=each)
                              ).isoformat()))


@settings(max_examples=60, deadline=None)
@given(zone=st.sampled_from(ZONES), times=st.lists(TIMES, min_size=1, max_size=4), late=MINUTES)
def test_what_holds_at_a_moment_is_what_the_hours_say(labs: dict[str, Lab], zone: str,
                                                      times: list[str], late: int) -> None:
    """Reckoned anew from the newest count, and the conclusion dated to where that changes."""
    made = labs[zone]
    at = (datetime(2020, 3, 27, tzinfo=UTC) + timedelta(minutes=late)).isoformat()
    passage = made.passage(*(f"{time} count 1" for time in times), at=at)
    newest = passage.chart.answer(passage.chart.program.by_name["newest"], None)
    now = parse_when(at, made.assessor.zone).start
    if newest is None:
        assert said(passage, "due") == "unknown"
        return
    fewest, most = ((now - each) / timedelta(hours=1) for each in (newest.at.end, newest.at.start))
    expected = "yes" if fewest >= 12 else "no" if most < 12 else "unknown"
    assert said(passage, "due") == expected
    ages = [[(now - each) / timedelta(hours=1) for each in (event.at.end, event.at.start)]
            for event in passage.chart.begun["count"].events()]
    sure, maybe = (sum(age[which] <= 12 for age in ages) for which in (1, 0))
    counted = passage.chart.answer(passage.chart.program.by_name["several"], None)
    assert (counted.low, counted.high) == (sure, maybe)
    assert said(passage, "lately") == ("yes" if sure else "unknown" if maybe else "no")
    value = passage.standings["dose"].value
    assert value == {"yes": "due", "no": "fresh", "unknown": "open"}[expected]
    episode = passage.episodes["dose"][-1]
    turns = {"due": newest.at.end, "open": newest.at.start, "fresh": newest.at.start}[str(value)]
    since = turns if value == "fresh" else turns + timedelta(hours=12)
    assert episode.begun.start <= max(since, newest.at.start)


@settings(max_examples=40, deadline=None)
@given(zone=st.sampled_from(ZONES), times=st.lists(TIMES, min_size=1, max_size=3),
       stops=st.lists(MINUTES, max_size=4))
def test_followed_live_it_is_the_same_as_at_once(labs: dict[str, Lab], zone: str,
                                                 times: list[str], stops: list[int]) -> None:
    """In whatever order lines arrive, and whenever it is looked at on the way."""
    made = labs[zone]
    events = made.events(*(f"{time} count 1" for time in times))
    end = parse_when("2020-04-02", made.assessor.zone)
    looks = sorted(datetime(2020, 3, 27, tzinfo=UTC) + timedelta(minutes=each) for each in stops)
    at_once = episodes(made.assessor.assess(events, end))
    for order in permutations(events):
        live = LivePatient(made.assessor, "p")
        for event in order:
            live.take(event)
        for look in looks:
            moment = moment_of(look, made.assessor.zone)
            seen = episodes(live.passage(moment))
            assert seen == episodes(made.assessor.assess(
                [each for each in events if each.recorded.start <= moment.end], moment))
        assert episodes(live.passage(end)) == at_once


def test_a_followed_patient_says_when_to_look_again(labs: dict[str, Lab]) -> None:
    made = labs["UTC"]
    live = LivePatient(made.assessor, "p")
    (event,) = made.events("2020-01-01T20:00Z count 1")
    live.take(event)
    evening, due = (parse_when(text, made.assessor.zone)
                    for text in ("2020-01-01T21:00Z", "2020-01-02T08:00Z"))
    assert "overdue" not in episodes(live.passage(evening))
    assert live.next_change() == due.start
    assert "overdue" in episodes(live.passage(due))


NUMBERS = st.fractions(0, 100, max_denominator=7)
AMOUNTS = st.one_of(
    NUMBERS.map(lambda number: Amount.exact(number, "h")),
    st.tuples(NUMBERS, NUMBERS, st.booleans(), st.booleans()).filter(lambda each: each[0] < each[1])
    .map(lambda each: Amount(*each, unit="h")),
    st.tuples(NUMBERS, st.booleans()).map(lambda each: Amount(each[0], None, each[1], unit="h")),
    st.tuples(NUMBERS, st.booleans()).map(
        lambda each: Amount(None, each[0], False, each[1], unit="h")))


@settings(max_examples=100, deadline=None)
@given(hours=AMOUNTS, exceeded=st.booleans(), length=st.integers(0, 86_400_000_000))
def test_before_and_at_a_turning_instant_the_amounts_agree(hours: Amount, exceeded: bool,
                                                           length: int) -> None:
    """Of any number of hours, exact or not: the instants are the first ones, to the microsecond."""
    start = datetime(2020, 1, 1, tzinfo=UTC)
    since = When(start, start + timedelta(microseconds=length), date(2020, 1, 1), "then")
    may, must = turning_instants(since, hours, exceeded=exceeded)
    assert may <= must
    sides = ((may, hours.low, since.start, exceeded or hours.low_open),
             (must, hours.high, since.end, exceeded and not hours.high_open))
    for instant, bound, begun, strict in sides:
        for at in (instant, instant - timedelta(microseconds=1)) if bound is not None else ():
            passed = Fraction((at - begun) // timedelta(microseconds=1), 3_600_000_000)
            assert (passed > bound if strict else passed >= bound) is (at == instant)


Told = dict[str, list[tuple[str | None, datetime, datetime | None]]]


def episodes(passage: Passage) -> Told:
    found: Told = {
        name: [(each.standing.value, each.begun.start, each.ended.start if each.ended else None)
               for each in several] for name, several in passage.episodes.items() if several}
    for several in found.values():
        assert all(one[2] is not None and one[2] <= other[1] for one, other in pairwise(several))
    return found
