"""Dates and instants: what is surely after what, days in a zone, calendar months."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.events.when import When, add_months, midnight, moment_of, parse_when, whole_day

ZONES = [ZoneInfo(name) for name in (
    "UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Apia",
    "America/Sao_Paulo", "Pacific/Kiritimati")]
BERLIN = ZoneInfo("Europe/Berlin")
PLAIN = ZoneInfo("UTC")


@st.composite
def whens(draw: st.DrawFn, zone: ZoneInfo) -> When:
    """Return a date or an instant of a few days, around the clock change of spring 2020."""
    day = date(2020, 3, 27) + timedelta(draw(st.integers(0, 4)))
    if draw(st.booleans()):
        return whole_day(day, zone)
    at = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return moment_of(at + timedelta(hours=draw(st.integers(0, 23))), zone)


def instants(when: When) -> list[datetime]:
    """Return the quarter hours at which it may have begun; one for an instant."""
    if not when.is_date:
        return [when.start]
    count = int((when.end - when.start) / timedelta(minutes=15)) + 1
    return [when.start + timedelta(minutes=15 * n) for n in range(count)]


@given(whens(BERLIN), whens(BERLIN))
def test_surely_after_and_may_be_by_against_every_instant(one: When, other: When) -> None:
    """After a whole day is after its end: the day itself may last as long as it lasts."""
    assert one.surely_after(other) is all(
        a > b for a in instants(one) for b in [*instants(other), other.end])
    assert one.may_be_by(other) is any(
        a <= b for a in instants(one) for b in [*instants(other), other.end])
    assert one.surely_after(other) is not one.may_be_by(other)


@pytest.mark.parametrize("zone", ZONES, ids=str)
@given(st.dates(date(1990, 1, 2), date(2040, 1, 1)))
def test_days_join_without_gap_or_overlap(zone: ZoneInfo, day: date) -> None:
    today, tomorrow = whole_day(day, zone), whole_day(day + timedelta(days=1), zone)
    assert tomorrow.start - today.end == timedelta(microseconds=1)
    assert tomorrow.surely_after(today) and not today.surely_after(tomorrow)
    assert today.is_date and today.day == day and today.text == day.isoformat()
    if today.start < today.end:  # Apia had no 30 December 2011
        assert moment_of(today.end, zone).day == day


def test_a_day_of_23_and_one_of_25_hours() -> None:
    spring, autumn = whole_day(date(2020, 3, 29), BERLIN), whole_day(date(2020, 10, 25), BERLIN)
    assert spring.end - spring.start == timedelta(hours=23) - timedelta(microseconds=1)
    assert autumn.end - autumn.start == timedelta(hours=25) - timedelta(microseconds=1)


@pytest.mark.parametrize(("text", "zone", "day", "start"), [
    ("2020-03-29", "Europe/Berlin", "2020-03-29", "2020-03-28T23:00:00+00:00"),
    ("2020-03-28T23:30Z", "Europe/Berlin", "2020-03-29", "2020-03-28T23:30:00+00:00"),
    ("2020-03-28T23:30Z", "UTC", "2020-03-28", "2020-03-28T23:30:00+00:00"),
    ("2020-03-29T00:30+05:30", "UTC", "2020-03-28", "2020-03-28T19:00:00+00:00"),
    ("2020-03-29t00:30:15.5+0530", "Asia/Kolkata", "2020-03-29",
     "2020-03-28T19:00:15.500000+00:00"),
    ("2020-03-29 00:30z", "America/New_York", "2020-03-28", "2020-03-29T00:30:00+00:00"),
])
def test_what_a_text_stands_for(text: str, zone: str, day: str, start: str) -> None:
    when = parse_when(text, ZoneInfo(zone))
    assert (when.day.isoformat(), when.start.isoformat(), when.text) == (day, start, text)


@pytest.mark.parametrize("text", [
    "", "2020", "2020-03", "2020-13-01", "2020-02-30", "20200301", "2020-03-01T10:00",
    "2020-03-01T25:00Z", "2020-03-01T10Z", " 2020-03-01", "2020-03-01 ", "01.03.2020",
    "2020-3-1", "\u0662\u0660\u0662\u0660-01-01", "2020-03-01T10:00+99:00"])
def test_what_is_no_time(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_when(text, PLAIN)


def test_an_instant_is_written_in_the_zone_and_as_a_date_at_midnight() -> None:
    assert moment_of(midnight(date(2020, 7, 1), BERLIN), BERLIN).text == "2020-07-01"
    assert moment_of(datetime(2020, 7, 1, tzinfo=UTC), BERLIN).text == "2020-07-01T02:00:00+02:00"


@pytest.mark.parametrize(("day", "months", "later"), [
    ("2015-08-31", 6, "2016-02-29"), ("2015-08-31", 18, "2017-02-28"),
    ("2020-02-29", 12, "2021-02-28"), ("2020-02-29", 48, "2024-02-29"),
    ("2020-12-31", 2, "2021-02-28"), ("2020-03-31", -1, "2020-02-29"),
    ("2020-01-15", -1, "2019-12-15"), ("2020-01-31", 0, "2020-01-31"),
])
def test_calendar_months(day: str, months: int, later: str) -> None:
    assert add_months(date.fromisoformat(day), months) == date.fromisoformat(later)


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(-600, 600))
def test_months_keep_the_day_or_end_the_month(day: date, months: int) -> None:
    later = add_months(day, months)
    assert (later.year - day.year) * 12 + later.month - day.month == months
    assert later.day == min(day.day, monthrange(later.year, later.month)[1])


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(0, 600), st.integers(1, 60))
def test_months_keep_the_order_of_days(day: date, months: int, days: int) -> None:
    assert add_months(day, months) <= add_months(day + timedelta(days), months)
