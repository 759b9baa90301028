"""Classifications that read their own verdicts, alerts for each event, and the worst severity."""

from __future__ import annotations

from pathlib import Path

from facts.lab import Lab

from engine.assessment import assessment_of
from engine.events.when import parse_when

LADDER = """\
facts:
  newest: {latest: count}
  began_before: {of: count, any: state, where: verdict == bad, before: here}
  last_before: {of: count, latest: state, where: "precedes(it, here)"}
classify:
  - name: state
    title: State
    of: newest
    values: [bad, worse, fine]
    fallback: fine
    rules:
      - {id: s.worse, title: Worse, value: worse, when: [value < low, began_before], cite: lab}
      - {id: s.bad, title: Bad, value: bad, when: [value < low, not began_before], cite: lab}
      - {id: s.fine, title: Fine, value: fine, when: value >= low, cite: lab}
  - name: before
    title: What was said before
    of: newest
    values: [was-bad, was-other]
    rules:
      - {id: b.bad, title: Bad, value: was-bad, when: last_before.verdict == bad, cite: lab}
      - {id: b.other, title: Other, value: was-other, when: last_before.verdict != bad, cite: lab}
"""


def test_a_classification_reads_what_it_said_of_earlier_events(tmp_path: Path) -> None:
    lab = Lab(tmp_path, LADDER)
    lines = ["2020-01-01 count 12", "2020-01-02 count 9", "2020-01-03 count 8",
             "2020-01-04 count 12", "2020-01-05 count 7"]
    assert [(value, begin) for value, begin, _ in lab.episodes("state", *lines)] == [
        ("fine", "2020-01-01"), ("bad", "2020-01-02"), ("worse", "2020-01-03"),
        ("fine", "2020-01-04"), ("worse", "2020-01-05")]
    assert [(value, begin) for value, begin, _ in lab.episodes("before", *lines)] == [
        ("was-other", "2020-01-02"), ("was-bad", "2020-01-03"), ("was-other", "2020-01-04")]


def test_of_two_events_of_one_date_each_is_judged_once(tmp_path: Path) -> None:
    lab = Lab(tmp_path, LADDER)
    assert lab.episodes("state", "2020-01-01 count 9", "2020-01-01T08:00Z count 8") == [
        ("bad", "2020-01-01", None)]


def test_the_fallback_stands_where_nothing_is_certain(tmp_path: Path) -> None:
    passage = Lab(tmp_path, LADDER).passage("2020-01-01 count <30")
    standing = passage.standings["state"]
    assert (standing.value, standing.rule, standing.undecided) == ("fine", None, ("bad", "fine"))


ALERTS = """\
facts:
  newest: {latest: count}
  newest_fall: {latest: fall}
  hurt: {any: fall, where: grade >= two}
  hurt_lately: {now: true, any: fall, where: grade >= two, within: week}
alert:
  - id: a.each
    title: A low count
    of: newest
    per_event: true
    when: value < low
    severity: high
    message: "{newest}"
    cite: lab
  - id: a.low
    title: Low
    of: newest
    when: value < low
    severity:
      - {is: critical, when: hurt_lately}
      - {is: low}
    message: "Low: {value}."
    advice:
      - "Look after the fall.": hurt_lately
    cite: lab
  - id: a.possible
    title: Possibly low
    when: possibly(newest < low)
    severity: low
    message: "It may be low."
    subsumes: [a.low]
    caveats:
      - {name: not-sure, when: not certainly(newest < low)}
    cite: lab
"""


def alerts(folder: Path, *lines: str) -> list[tuple[str, str, str, str | None]]:
    found = assessment_of("p", Lab(folder, ALERTS).passage(*lines)).alerts
    return [(each.rule, each.severity, each.begin, each.end) for each in found]


def test_an_alert_for_each_event_and_one_for_them_all(tmp_path: Path) -> None:
    lines = ["2020-01-01 count 9", "2020-01-02 count 8", "2020-01-03 count 12",
             "2020-01-04 count 7"]
    assert [each for each in alerts(tmp_path, *lines) if each[0] == "a.each"] == [
        ("a.each", "high", "2020-01-01", "2020-01-02"),
        ("a.each", "high", "2020-01-02", "2020-01-03"),
        ("a.each", "high", "2020-01-04", None)]
    assert [each for each in alerts(tmp_path, *lines) if each[0] == "a.low"] == [
        ("a.low", "low", "2020-01-01", "2020-01-03"), ("a.low", "low", "2020-01-04", None)]


def test_a_severity_is_the_worst_that_the_alert_had(tmp_path: Path) -> None:
    lab = Lab(tmp_path, ALERTS)
    lines = ["2020-01-01 count 9", "2020-01-02 fall 3", "2020-01-20 count 8"]

    def low(at: str) -> tuple[str, str]:
        found = assessment_of("p", lab.passage(*lines, at=at)).alerts
        (alert,) = [each for each in found if each.rule == "a.low"]
        return alert.severity, alert.message

    assert low("2020-01-01") == ("low", "Low: 9 g/L.")
    assert low("2020-01-02") == ("critical", "Low: 9 g/L. Look after the fall.")
    assert low("2020-01-25") == ("critical", "Low: 8 g/L.")


def test_what_may_be_and_what_is_subsumed(tmp_path: Path) -> None:
    found = assessment_of("p", Lab(tmp_path, ALERTS).passage(
        "2020-01-01 count <30", "2020-02-01 count 9")).alerts
    by_rule = {each.rule: each for each in found}
    assert by_rule["a.possible"].begin == "2020-01-01"
    assert by_rule["a.possible"].caveats == ()
    assert by_rule["a.low"].subsumed_by == by_rule["a.possible"].id
    early = assessment_of("p", Lab(tmp_path, ALERTS).passage("2020-01-01 count <30")).alerts
    assert [(each.rule, each.caveats) for each in early] == [("a.possible", ("not-sure",))]


LATELY = """\
facts:
  newest: {now: true, latest: count, within: week}
  said: {series: state}
  said_bad: {count: state, where: verdict == bad}
classify:
  - name: state
    title: State
    of: newest
    values: [bad, fine]
    rules:
      - {id: s.bad, title: Bad, value: bad, when: value < low, cite: lab}
      - {id: s.fine, title: Fine, value: fine, when: value >= low, cite: lab}
"""


def test_what_was_said_of_an_event_stays_when_none_is_judged_any_more(tmp_path: Path) -> None:
    lab = Lab(tmp_path, LATELY)
    lines = ["2020-01-01 count 9", "2020-01-03 count 12"]
    assert lab.episodes("state", *lines) == [
        ("bad", "2020-01-01", "2020-01-03"), ("fine", "2020-01-03", "2020-01-11")]
    assert lab.ask("said", *lines) == "#1 #2"
    assert lab.ask("said_bad", *lines) == "1"


def test_what_is_known_too_loosely_is_said_where_nobody_says_what_is_needed(
        tmp_path: Path) -> None:
    passage = Lab(tmp_path, ALERTS).passage("2020-01-01 count <12")
    found = {each.name: each.needs for each in assessment_of("p", passage).undecided}
    assert found["a.low"] == ("an exact number: value (< 12 g/L)",)


LATE = """\
facts:
  newest: {latest: count}
  second: {latest: count, before: newest}
  third: {latest: count, before: second}
  fourth: {latest: count, before: third}
  fallen: {any: fall}
  bad_before: {of: count, any: state, where: verdict == bad, before: here}
  after_bad: {count: count, where: bad_before}
classify:
  - name: state
    title: State
    of: fourth
    values: [bad, fine]
    rules:
      - {id: s.bad, title: Bad, value: bad, when: value < low, cite: lab}
      - {id: s.fine, title: Fine, value: fine, when: value >= low, cite: lab}
alert:
  - id: many
    title: Many
    when: [fallen, after_bad > two]
    severity: low
    message: "{after_bad}"
    cite: lab
"""


def test_a_verdict_that_comes_long_after_its_event_counts_whenever_it_is_looked_for(
        tmp_path: Path) -> None:
    lab = Lab(tmp_path, LATE)
    events = lab.events(*(f"2020-01-{day:02} count 5" for day in range(1, 13)), "2020-01-20 fall 1")
    at = parse_when("2020-02-01", lab.assessor.zone)
    said = [[alert.message for alert in assessment_of(
        "p", lab.assessor.passage(events, at, whole=whole)).alerts] for whole in (False, True)]
    assert said == [["11"], ["11"]]


LATER = """\
facts:
  newest: {latest: count}
  newest_fall: {latest: fall}
  drugged: {any: pill, where: drug == a}
  bad_before: {of: fall, any: state, where: verdict == bad, before: here}
classify:
  - name: treated
    title: Treated
    values: ["yes"]
    rules:
      - {id: t.yes, title: "Yes", value: "yes", when: drugged, cite: lab}
  - name: state
    title: State
    of: newest
    values: [bad, fine]
    rules:
      - {id: s.bad, title: Bad, value: bad, when: [value < low, treated == yes], cite: lab}
      - {id: s.fine, title: Fine, value: fine, when: [not (treated == yes)], cite: lab}
alert:
  - id: fell
    title: Fell
    of: newest_fall
    when: bad_before
    severity: low
    message: Fell.
    cite: lab
"""


def test_what_another_conclusion_changes_in_a_verdict_reaches_those_that_read_it_at_events(
        tmp_path: Path) -> None:
    lab = Lab(tmp_path, LATER)
    lines = ["2020-01-01 count 5", "2020-01-02 fall 1", "2020-01-03 pill a start"]
    assert lab.episodes("state", *lines)[-1] == ("bad", "2020-01-03", None)
    assert lab.episodes("fell", *lines) == [("fell", "2020-01-03", None)]
