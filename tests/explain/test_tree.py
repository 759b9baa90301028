"""Does an explanation read from the conclusion down to its events, line by line?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from facts.lab import Lab

from engine.explain import explain
from engine.reason import Node, record_of

MARKS = {True: "yes ", False: "no ", None: "open "}
TOPIC = """\
facts:
  pills: {about: the course of pills, course: pill, where: drug == a, rejoin: gap}
  newest:
    about: the newest count
    needs: a count on pills
    latest: count
    after: pills.start
  hurt:
    about: whether there was a fall in the week before
    any: fall
    where: grade >= two
    within: week
  fold: {about: fold, is: newest / first_count}
  first_count: {about: the first count, first: count}
classify:
  - name: state
    title: State of the count
    given: pills.begun
    values: [high, low, steady]
    needs: an exact count
    rules:
      - id: s.high
        title: Count too high
        value: high
        when: newest > high
        because: "{newest} is above {high}"
        cite: lab "limits"
      - id: s.low
        title: Count too low
        value: low
        when: {all: [newest < low, {any: [hurt, fold < two]}]}
        because: "{newest} is below {low}"
        cite: lab "limits"
      - {id: s.steady, title: Steady count, value: steady, when: newest <= high, cite: lab}
    caveats:
      - {name: after-fall, when: hurt, about: a fall in the week before}
alert:
  - id: low.now
    title: Low and hurt
    when: [state == low, hurt]
    severity: high
    message: "{newest} after a fall."
    advice:
      - "Look.": hurt
    cite: lab "limits"
"""


def told(node: Node, depth: int = 0) -> Iterator[str]:
    mark = MARKS[node.truth] if node.kind in {"rule", "group", "criterion"} else ""
    yield f"{'  ' * depth}{node.kind}: {mark}{node.text}"
    for each in node.below:
        yield from told(each, depth + 1)


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab(tmp_path, TOPIC)


LINES = ["2020-01-01 count 30", "2020-01-02 pill a start 3", "2020-01-05T08:00Z count 9",
         "2020-01-04 fall 3"]


def test_every_line_of_an_alert(lab: Lab) -> None:
    passage = lab.passage(*LINES, at="2020-01-06")
    assert "\n".join(told(explain(passage, "low.now"))) == """\
conclusion: Low and hurt: low.now is open, since 2020-01-05T08:00Z
  message: high: 9 g/L on 2020-01-05T08:00Z after a fall. Look.
  rule: yes Low and hurt: 9 g/L on 2020-01-05T08:00Z after a fall.
    group: yes all of these
      criterion: yes state (low) is low
        conclusion: State of the count: state = low, since 2020-01-05T08:00Z
          rule: yes Count too low: 9 g/L on 2020-01-05T08:00Z is below 10 g/L
            criterion: yes the course of pills: begun: yes
              fact: the course of pills: running since 2020-01-02
                event: Pill: a start 3 g on 2020-01-02 [2, lab:2]
            group: yes all of these
              criterion: yes the newest count (9 g/L) is less than 10 g/L (low)
                fact: the newest count: 9 g/L on 2020-01-05T08:00Z
                  event: Count: 9 g/L on 2020-01-05T08:00Z [3, lab:3]
                parameter: low = 10 g/L
                  citation: lab: Lab
              group: yes at least one of these
                criterion: yes whether there was a fall in the week before: yes
                  event: Fall: fall of grade 3 on 2020-01-04 [4, lab:4]
                criterion: yes fold (0.3) is less than 2 (two)
                  fact: fold: 0.3, which is the newest count (9 g/L) over the first count (30 g/L)
                    fact: the first count: 30 g/L on 2020-01-01
                      event: Count: 30 g/L on 2020-01-01 [1, lab:1]
                  parameter: two = 2
                    citation: lab: Lab
            citation: lab: High and low.
          overrode: steady would hold as well, but precedence is high before low before steady
          caveat: after-fall: a fall in the week before
            ground: whether there was a fall in the week before: yes
              event: Fall: fall of grade 3 on 2020-01-04 [4, lab:4]
      criterion: yes whether there was a fall in the week before: yes
        event: Fall: fall of grade 3 on 2020-01-04 [4, lab:4]
    citation: lab: High and low."""


GRAVE = """\
facts:
  newest: {latest: count}
  half: {is: low / two}
alert:
  - id: low.now
    title: Low
    of: newest
    when: value < low
    severity: [{is: high, when: value < half}, {is: moderate}]
    message: "{newest}"
    cite: lab
"""


@pytest.mark.parametrize(("counts", "told_of_it"), [
    (["4"], ["high, because", "value (4 g/L) is less than half (5 g/L)"]),
    (["9"], ["moderate, as nothing makes it graver"]),
    (["4", "9"], ["high is the worst it has been since it opened; it would be moderate now"]),
])
def test_why_an_alert_is_so_grave(tmp_path: Path, counts: list[str],
                                  told_of_it: list[str]) -> None:
    lines = [f"2020-01-0{day} count {count}" for day, count in enumerate(counts, 1)]
    tree = explain(Lab(tmp_path, GRAVE).passage(*lines, at="2020-01-06"), "low.now")
    message = next(each for each in tree.below if each.kind == "message")
    assert [line.partition("ground: ")[2] for line in told(message) if "ground: " in line] == (
        told_of_it)


def test_what_is_open_and_what_would_decide_it(lab: Lab) -> None:
    passage = lab.passage(*LINES[:2], "2020-01-05 count <30", at="2020-01-06")
    assert "\n".join(told(explain(passage, "state"))) == """\
conclusion: State of the count: state: not decided
  rule: open Count too high
    criterion: yes the course of pills: begun: yes
      fact: the course of pills: running since 2020-01-02
        event: Pill: a start 3 g on 2020-01-02 [2, lab:2]
    criterion: open the newest count (< 30 g/L) is more than 20 g/L (high)
      fact: the newest count: <30 g/L on 2020-01-05
        event: Count: <30 g/L on 2020-01-05 [3, lab:3]
      parameter: high = 20 g/L
        citation: lab: Lab
    citation: lab: High and low.
  rule: open Count too low
    criterion: yes the course of pills: begun: yes
    group: open all of these
      criterion: open the newest count (< 30 g/L) is less than 10 g/L (low)
        parameter: low = 10 g/L
          citation: lab: Lab
      group: yes at least one of these
        criterion: no whether there was a fall in the week before: no
        criterion: yes fold (< 1) is less than 2 (two)
          fact: fold: < 1, which is the newest count (< 30 g/L) over the first count (30 g/L)
            fact: the first count: 30 g/L on 2020-01-01
              event: Count: 30 g/L on 2020-01-01 [1, lab:1]
          parameter: two = 2
            citation: lab: Lab
    citation: lab: High and low.
  rule: open Steady count
    criterion: yes the course of pills: begun: yes
    criterion: open the newest count (< 30 g/L) is at most 20 g/L (high)
    citation: lab: Lab
  undecided: high is not decided; it would be by: an exact count
  undecided: low is not decided; it would be by: an exact count
  undecided: steady is not decided; it would be by: an exact count"""


def test_a_question_that_does_not_arise(lab: Lab) -> None:
    passage = lab.passage(*LINES[:1], at="2020-01-06")
    assert "\n".join(told(explain(passage, "state"))) == """\
conclusion: State of the count: the question does not arise
  criterion: no the course of pills: begun: no
    fact: the course of pills: never begun"""


def test_what_may_stand_above_what_is_certain(lab: Lab) -> None:
    passage = lab.passage("2020-01-01 count 12", LINES[1], "2020-01-05 count <20", at="2020-01-06")
    assert "\n".join(told(explain(passage, "state"))) == """\
conclusion: State of the count: state = steady, since 2020-01-05
  rule: yes Steady count
    criterion: yes the course of pills: begun: yes
      fact: the course of pills: running since 2020-01-02
        event: Pill: a start 3 g on 2020-01-02 [2, lab:2]
    criterion: yes the newest count (< 20 g/L) is at most 20 g/L (high)
      fact: the newest count: <20 g/L on 2020-01-05
        event: Count: <20 g/L on 2020-01-05 [3, lab:3]
      parameter: high = 20 g/L
        citation: lab: Lab
    citation: lab: Lab
  caveat: could-be-low: not excluded by what is known
  undecided: low is not decided; it would be by: an exact count"""


def test_a_fact_is_explained_too(lab: Lab) -> None:
    passage = lab.passage(*LINES, at="2020-01-06")
    assert list(told(explain(passage, "pills"))) == [
        "fact: the course of pills: running since 2020-01-02",
        "  event: Pill: a start 3 g on 2020-01-02 [2, lab:2]"]


def test_a_record_says_the_same_as_the_tree(lab: Lab) -> None:
    record = record_of(explain(lab.passage(*LINES, at="2020-01-06"), "low.now"))
    assert json.loads(json.dumps(record)) == record
    assert (record["kind"], record["name"], record["value"], record["from"]) == (
        "conclusion", "low.now", "low.now", "2020-01-05T08:00Z")
    rule = record["because"][1]
    assert (rule["rule"], rule["truth"]) == ("low.now", True)
    criterion = rule["because"][0]["because"][0]
    assert (criterion["criterion"], criterion["truth"]) == ("state == low", True)


BRANCHES = """\
facts:
  newest: {about: the newest count, latest: count}
  bound:
    about: the bound of the day
    case:
      - {if: newest < low, then: low}
      - {if: newest < high, then: two * low}
      - {then: high}
"""


def test_a_computed_answer_names_the_branch_that_gave_it_and_what_led_there(
        tmp_path: Path) -> None:
    lab = Lab(tmp_path, BRANCHES)

    def parameters(count: str) -> list[str]:
        told_of = told(explain(lab.passage(f"2020-01-01 count {count}", at="2020-01-02"), "bound"))
        return [line.split()[1] for line in told_of if "parameter:" in line]

    assert parameters("9") == ["low"]
    assert parameters("10") == ["low", "high", "two"]
    assert parameters("20") == ["low", "high"]
    assert parameters("<20") == ["low", "high", "two"]  # each of them may be taken
    tree = explain(lab.passage("2020-01-01 count <20", at="2020-01-02"), "bound")
    assert tree.text == "the bound of the day: 10 to 20 g/L, as it may still be 10 g/L or 20 g/L"


SUMS = """\
facts:
  newest: {about: the newest, latest: count}
  first_count: {about: the first, first: count}
  share: {about: the share, is: (newest - first_count) * two / (first_count + low)}
  apart: {about: what lies between, is: newest - (first_count - low)}
"""


def test_a_calculation_is_told_with_its_values_and_its_brackets(tmp_path: Path) -> None:
    passage = Lab(tmp_path, SUMS).passage("2020-01-01 count 30", "2020-01-03 count 70",
                                          at="2020-01-04")
    assert next(told(explain(passage, "share"))) == (
        "fact: the share: 2, which is (the newest (70 g/L) minus the first (30 g/L)) times 2 (two) "
        "over (the first (30 g/L) plus 10 g/L (low))")
    assert next(told(explain(passage, "apart"))) == (
        "fact: what lies between: 50 g/L, which is the newest (70 g/L) minus (the first (30 g/L) "
        "minus 10 g/L (low))")
