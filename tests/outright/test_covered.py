"""What is judged outright, and what is left to a passage: one small rulebook each."""

from __future__ import annotations

import gc
import json
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from engine.assess import Assessor
from engine.assessment import assessment_of
from engine.events.when import parse_when
from engine.outright.past import Past
from engine.outright.walk import Walk
from engine.passage import Passage
from engine.reports.output import patient_line
from engine.rulebook.loader import load_rulebook
from engine.timeline.log import known
from outright.both import RULEBOOK, alike, assessor, both, events, line

ROOT = Path(__file__).parents[2]
COUNTS = [line(1, "2020-01-01T08:00Z"), line(2, "2020-01-02T08:00Z")]


def made(folder: Path, *facts: str, when: str = "value > low", of: str = "newest",
         message: str = "{here}", rest: str = "", summary: str = "{}") -> Assessor:
    """Return the assessor of a rulebook with some facts and an alert at each count."""
    every = "".join(f"  {each}\n" for each in ("newest: {about: newest, latest: count}", *facts))
    return assessor(folder, {
        "rulebook.yaml": RULEBOOK.replace("summary: {}", f"summary: {summary}"),
        "topic.yaml": f"""\
title: Topic
facts:
{every}alert:
  - {{id: a0, title: Alert, of: {of}, per_event: true, when: "{when}", severity: low,
     message: "{message}", cite: lab}}
{rest}"""})


def alerts(ready: Assessor, lines: list[bytes], as_of: str | None = None) -> list[Any]:
    """Return the alerts that both ways tell of; the events were judged outright."""
    told, outright, _ = both(ready, lines, as_of)
    assert type(told) is Walk
    alike(ready, lines, as_of)
    return list(json.loads(outright)["alerts"])


@pytest.mark.parametrize(("folder", "covered"), [
    ("benchmarks/letter", True), ("rules/itp-sirolimus", False)])
def test_the_letter_is_covered_and_the_shipped_rules_are_not(folder: str, covered: bool) -> None:
    ready = Assessor(load_rulebook(ROOT / folder), ZoneInfo("UTC"), "reference")
    assert (ready.outright is not None) is covered


def test_an_assessor_that_keeps_no_answers_judges_nothing_outright() -> None:
    ready = Assessor(load_rulebook(ROOT / "benchmarks/letter"), ZoneInfo("UTC"), "reference",
                     keep_answers=False)
    assert ready.outright is None


COVERED = {
    "nothing but the count": {},
    "time that has passed at the count": {
        "facts": ["first: {about: first, first: count}"], "when": "days_since(first) >= two_days"},
    "a parameter of the day of the count": {"when": "value >= turning"},
    "a window that counts back from the count": {
        "facts": ["often: {about: often, of: count, count: count, before: here, within: two_days}"],
        "when": "often > 0"},
    "a series of events": {
        "facts": ["seen: {about: seen, series: count, where: method == eye}",
                  "many: {about: many, count: seen}"], "when": "many > 0"},
    "an event of several kinds": {
        "facts": ["both: {about: both, latest: [count, level]}"], "of": "both"},
    "a count about the present": {
        "facts": ["many: {about: many, count: count}"], "summary": "{many: many}"},
}


@pytest.mark.parametrize("what", COVERED)
def test_what_only_looks_back_is_covered(tmp_path: Path, what: str) -> None:
    given: dict[str, Any] = {**COVERED[what]}
    ready = made(tmp_path, *given.pop("facts", ()), **given)
    assert ready.outright is not None
    assert type(alike(ready, COUNTS, "2020-02-01")) is Walk


DECLINED = {
    "an alert that is judged at no event": {
        "rest": "  - {id: a1, title: Other, when: known(newest), severity: low, message: Said., "
                "cite: lab}"},
    "an answer that is always about the present": {
        "facts": ["fallen: {about: fallen, now: true, any: fall}"], "when": "fallen"},
    "an answer at another event": {
        "facts": ["first: {about: first, first: count}",
                  "high_then: {about: then, at: first, is: value > high}"], "when": "high_then"},
    "another conclusion": {
        "when": "grade == much", "rest": """\
classify:
  - name: grade
    title: Grade
    of: newest
    values: [much, little]
    rules:
      - {id: grade.much, title: Much, value: much, when: value > high, cite: lab}
      - {id: grade.little, title: Little, value: little, when: value <= high, cite: lab}"""},
    "what was said of events": {
        "facts": ["before: {about: before, of: count, any: grade, where: verdict == much, "
                  "before: here}"], "when": "before", "rest": """\
classify:
  - name: grade
    title: Grade
    of: newest
    values: [much]
    rules: [{id: grade.much, title: Much, value: much, when: value > high, cite: lab}]"""},
    "time that passes for the event that is judged": {
        "facts": ["old: {about: old, is: days_since(newest) >= two_days}",
                  "first: {about: first, first: count}",
                  "either: {about: either, case: [{if: old, then: first}, {then: newest}]}"],
        "of": "either"},
    "time that passes for the summary": {
        "facts": ["old: {about: old, is: days_since(newest) >= two_days}"],
        "summary": "{old: old}"},
    "a parameter of today": {
        "facts": ["much: {about: much, is: newest > turning}"], "summary": "{much: much}"},
    "a window that counts back from now": {
        "facts": ["lately: {about: lately, any: count, within: two_days}"],
        "summary": "{lately: lately}"},
    "a filter that asks more than its member": {
        "facts": ["first: {about: first, first: count}",
                  "more: {about: more, count: count, where: value > first.value}"],
        "when": "more > 0"},
    "time that passes for the number of each member": {
        "facts": ["old: {about: old, case: [{if: days_since(newest) >= two_days, then: high}, "
                  "{then: low}]}",
                  "most: {about: most, max: count, value: value + old}",
                  "first: {about: first, first: count}",
                  "chosen: {about: chosen, case: [{if: most > high + high, then: newest}, "
                  "{then: first}]}"], "of": "chosen"},
}


@pytest.mark.parametrize("what", DECLINED)
def test_what_may_change_afterwards_is_left_to_a_passage(tmp_path: Path, what: str) -> None:
    given: dict[str, Any] = {**DECLINED[what]}
    ready = made(tmp_path, *given.pop("facts", ()), **given)
    assert ready.outright is None
    assert type(alike(ready, COUNTS, "2020-02-01")) is Passage


def test_a_patient_without_an_event_is_left_to_a_passage(tmp_path: Path) -> None:
    ready = made(tmp_path)
    assert type(alike(ready, [], "2020-02-01")) is Passage
    assert type(alike(ready, COUNTS, "2019-02-01")) is Passage


@pytest.mark.parametrize(("at", "outright"), [
    ("2020-01-02T08:00Z", True), ("2020-01-03", True),  # after the day, and as a day of its own
    ("2020-01-01T08:00Z", False), ("2020-01-01T00:00Z", False), ("2020-01-01", True)])
def test_an_event_within_the_day_of_another_is_left_to_a_passage(
        tmp_path: Path, at: str, outright: bool) -> None:
    told = alike(made(tmp_path), [line(1, "2020-01-01"), line(2, at)], "2020-02-01")
    assert type(told) is (Walk if outright else Passage)


def test_events_may_come_from_something_that_is_gone_through_once(tmp_path: Path) -> None:
    ready = made(tmp_path)
    found = events(ready, [line(1, "2020-01-01"), line(2, "2020-01-01T08:00Z")])
    as_of = parse_when("2020-02-01", ready.zone)
    once, again = ready.assess(iter(found), as_of), ready.passage(found, as_of)
    assert type(once) is Passage
    assert patient_line(assessment_of("p", once)) == patient_line(assessment_of("p", again))


def test_what_may_belong_is_neither_counted_out_nor_in(tmp_path: Path) -> None:
    """Of a count of more than 5 nobody knows whether it is above 10."""
    ready = made(
        tmp_path, "high_ones: {about: high ones, of: count, count: count, where: value > low}",
        "any_high: {about: any, of: count, any: count, where: value > low}",
        when="any_high", message="{high_ones}", summary="{}")
    open_ = line(1, "2020-01-01T08:00Z", value=">5", unit="g/L")
    assert alerts(ready, [open_]) == []
    both_ = [open_, line(2, "2020-01-02T08:00Z")]
    assert [each["message"] for each in alerts(ready, both_)] == ["1 to 2"]


def test_the_lower_of_two_at_one_instant_is_judged(tmp_path: Path) -> None:
    twice = [line(1, "2020-01-01T08:00Z", value="30", unit="g/L"),
             line(2, "2020-01-01T09:00+01:00", value="12", unit="g/L")]
    assert [each["evidence"] for each in alerts(made(tmp_path), twice)] == [["e2"]]


def test_an_event_that_comes_to_be_judged_again_is_judged_again(tmp_path: Path) -> None:
    """Of the first count and the newest that one is judged which the newest level says."""
    ready = made(
        tmp_path, "first: {about: first, first: count}",
        "last_level: {about: the last level, latest: level}",
        "chosen: {about: chosen, case: [{if: last_level > high, then: first}, "
        "{if: last_level > low, then: newest}]}", of="chosen")
    lines = [*COUNTS, *(line(at, f"2020-01-{at:02}T08:00Z", "level", value=value, unit="g/L",
                             drug="a")
                        for at, value in ((3, "30"), (4, "15"), (5, "5"), (6, "30")))]
    assert [(each["evidence"], each["from"][:10], (each["to"] or "")[:10])
            for each in alerts(ready, lines)] == [
        (["e1"], "2020-01-03", "2020-01-04"), (["e2"], "2020-01-04", "2020-01-05"),
        (["e1"], "2020-01-06", "")]


def test_a_line_that_was_withdrawn_is_not_judged(tmp_path: Path) -> None:
    ready = made(tmp_path)
    later: dict[str, Any] = {"value": "12", "unit": "g/L", "recorded": "2020-01-09"}
    gone = [*COUNTS, line(2, "2020-01-02T08:00Z", status="entered-in-error", **later)]
    assert len(alerts(ready, gone)) == 1
    assert len(known(events(ready, gone)).events) == 1


@pytest.mark.parametrize("hour", ["", "T08:00Z"])
@pytest.mark.parametrize(("bound", "many"), [
    ("after: here", 0), ("since: here", 1), ("before: here", 1), ("until: here", 2)])
def test_what_begins_together_is_neither_before_nor_after(
        tmp_path: Path, hour: str, bound: str, many: int) -> None:
    """Levels of three days, asked at a count of the second: of the third nothing is seen."""
    ready = made(tmp_path, f"many: {{about: many, of: count, count: level, {bound}}}",
                 message="{many}")
    lines = [*levels(hour), line(4, f"2020-01-02{hour}")]
    assert [each["message"] for each in alerts(ready, lines)] == [str(many)]


@pytest.mark.parametrize(("bound", "many"), [
    ("after: taken", 0), ("since: taken", 1), ("before: taken", 1), ("until: taken", 2)])
def test_a_time_within_a_day_is_neither_before_nor_after_it(
        tmp_path: Path, bound: str, many: int) -> None:
    ready = made(tmp_path, f"many: {{about: many, of: count, count: level, {bound}}}",
                 message="{many}")
    counted = line(4, "2020-01-02", value="12", unit="g/L", taken="2020-01-02T08:00Z")
    assert [each["message"] for each in alerts(ready, [*levels(""), counted])] == [str(many)]


def levels(hour: str) -> list[bytes]:
    """Return the lines of a level on each of three days."""
    return [line(day, f"2020-01-0{day}{hour}", "level", drug="a") for day in (1, 2, 3)]


@pytest.mark.parametrize(("pills", "rests"), [(1, ["e4"]), (0, ["e1", "e2", "e3"])])
def test_what_an_alert_rests_on_is_what_its_answer_came_from(
        tmp_path: Path, pills: int, rests: list[str]) -> None:
    """A branch that is never reached gives no event."""
    ready = made(
        tmp_path, "pilled: {about: pilled, any: pill}", "some: {about: some, count: level}",
        "fallen: {about: fallen, latest: fall}",
        "limit: {about: limit, case: [{if: known(fallen), then: fallen.grade}, {if: pilled, then: "
        "two}, {then: some}]}", when="two <= limit")
    lines = [*levels("T08:00Z"), line(9, "2020-01-09")] + [
        line(4, "2020-01-04", "pill", drug="a", action="start")] * pills
    assert [each["evidence"] for each in alerts(ready, lines)] == [rests]


def test_a_branch_that_is_passed_over_gives_no_event(tmp_path: Path) -> None:
    ready = made(
        tmp_path, "some: {about: some, count: level}", "pilled: {about: pilled, any: pill}",
        "limit: {about: limit, case: [{if: pilled, then: some}, {then: two}]}",
        when="two <= limit")
    lines = [*levels("T08:00Z"), line(9, "2020-01-09")]
    assert [each["evidence"] for each in alerts(ready, lines)] == [[]]


def test_an_alert_that_asks_nothing_rests_on_nothing(tmp_path: Path) -> None:
    assert [each["evidence"] for each in alerts(made(tmp_path, when="low < high"), COUNTS)] == [
        [], []]


@pytest.mark.parametrize("together", [False, True])
def test_what_lies_before_between_and_after_is_put_in_order(
        tmp_path: Path, together: bool) -> None:
    """Beside all levels the alert names a pill before them, a fall between them, and the count."""
    ready = made(
        tmp_path, "some: {about: some, of: count, count: level, before: here}",
        "pilled: {about: the pill, latest: pill}", "fallen: {about: the fall, latest: fall}",
        when="some > 0 and known(pilled) and known(fallen) and value > low")
    lines = [*levels("T08:00Z"), line(9, "2020-01-09"),
             line(5, "2020-01-02T09:00Z", "fall", grade=1),
             line(7, "2020-01-01T07:00Z", "pill", drug="a", action="start")]
    if together:
        lines.append(line(0, "2020-01-02T08:00Z", "level", drug="a", value="5", unit="g/L"))
    assert [each["evidence"] for each in alerts(ready, lines)] == [
        ["e7", "e1", *["e0"] * together, "e2", "e5", "e3", "e9"]]


def test_what_was_known_of_a_patient_is_given_up_with_it(tmp_path: Path) -> None:
    """Nothing of it refers to itself: no search for rubbish is needed."""
    ready = made(tmp_path)
    gc.collect()
    gc.disable()
    try:
        assert type(alike(ready, COUNTS)) is Walk
        assert not [each for each in gc.get_objects() if isinstance(each, Past)]
    finally:
        gc.enable()
