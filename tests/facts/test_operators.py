"""What does each operator answer over a few events, and what where something is unknown?"""

from __future__ import annotations

from pathlib import Path

import pytest
from facts.lab import Lab

FACTS = """\
facts:
  newest: {latest: count}
  oldest: {first: count}
  newest_low: {latest: count, where: value < low}
  any_low: {any: count, where: value < low}
  how_many_low: {count: count, where: value < low}
  least: {min: count, value: value}
  most: {max: count, value: value}
  least_fall: {min: fall, value: it}
  all_counts: {series: count}
  lowest: {series: count, occasions: lowest}
  newest_lowest: {latest: lowest}
  by_eye: {latest: count, where: method == eye}
  not_by_eye: {latest: count, where: method != eye}
  sure: {latest: count, where: not doubtful}
  final: {latest: count, where: "status in [final, corrected]"}
  both: {latest: [count, fall]}
  twice: {is: newest.value * two}
  band:
    case:
      - if: newest < low
        then: low
      - if: newest < high
        then: high
  course: {course: pill, where: drug == a, rejoin: gap}
  running: {is: course.running}
  begun: {is: course.begun}
  started: {is: course.start}
  others: {courses: pill, rejoin: gap}
  steps: {series: course.steps}
  ups: {count: course.steps, where: direction == start}
  twice_low: {sustained: count, where: value < low, apart: week}
  was_so: {is: happened(twice_low)}
  confirmed: {is: twice_low.confirmed}
  high_ones: {like: how_many_low, with: {low: high}}
  fall_like: {like: newest, with: {count: fall}}
"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Lab:
    return Lab(tmp_path_factory.mktemp("lab"), FACTS)


@pytest.mark.parametrize(("fact", "lines", "answer"), [
    ("newest", [], "unknown"),
    ("newest", ["2020-01-01 count 9", "2020-02-01 count 8"], "#2"),
    ("oldest", ["2020-01-01 count 9", "2020-02-01 count 8"], "#1"),
    # of one instant the lowest, and a date stands at 00:00
    ("newest", ["2020-01-01T08:00Z count 9", "2020-01-01T08:00Z count 8"], "#2"),
    ("newest", ["2020-01-01T08:00Z count 9", "2020-01-01 count 8"], "#1"),
    ("oldest", ["2020-01-01T00:00Z count 9", "2020-01-01 count 10"], "#1"),
    # a filter that is unknown for the newest leaves nothing known
    ("newest_low", ["2020-01-01 count 9", "2020-02-01 count 30"], "#1"),
    ("newest_low", ["2020-01-01 count 9", "2020-02-01 count <30"], "unknown"),
    ("newest_low", ["2020-01-01 count <30", "2020-02-01 count 9"], "#2"),
    ("newest_low", ["2020-01-01 count 30"], "unknown"),
    ("any_low", [], "no"),
    ("any_low", ["2020-01-01 count 10"], "no"),
    ("any_low", ["2020-01-01 count <30"], "unknown"),
    ("any_low", ["2020-01-01 count <30", "2020-01-02 count 9"], "yes"),
    ("any_low", ["2020-01-01 count <10"], "yes"),
    ("how_many_low", [], "0"),
    ("how_many_low", ["2020-01-01 count 9", "2020-01-02 count 11"], "1"),
    ("how_many_low", ["2020-01-01 count 9", "2020-01-02 count <30"], "1 to 2"),
    ("least", [], "unknown"),
    ("least", ["2020-01-01 count 9", "2020-01-02 count 11"], "9 g/L"),
    ("most", ["2020-01-01 count 9", "2020-01-02 count 11"], "11 g/L"),
    ("least", ["2020-01-01 count 9", "2020-01-02 count <30"], "unknown"),
    ("most", ["2020-01-01 count 50", "2020-01-02 count <30"], "50 g/L"),
    ("least", ["2020-01-01 count 50", "2020-01-02 count <30"], "< 30 g/L"),
    ("least_fall", ["2020-01-01 fall 3", "2020-01-01 fall 2"], "0"),
    ("lowest", ["2020-01-01T08:00Z count 9", "2020-01-01T08:00Z count 8",
                "2020-01-02 count 7"], "#2 #3"),
    ("newest_lowest", ["2020-01-01 count 9", "2020-01-01 count 8"], "#2"),
    # a name that was not given is no name; a flag not given is false
    ("by_eye", ["2020-01-01 count 9"], "unknown"),
    ("not_by_eye", ["2020-01-01 count 9"], "#1"),
    ("by_eye", ["2020-01-01 count 9 eye", "2020-01-02 count 9 machine"], "#1"),
    ("sure", ["2020-01-01 count 9", "2020-01-02 count 9 doubtful"], "#1"),
    ("final", ["2020-01-01 count 9", "2020-01-02 count 9 preliminary"], "#1"),
    ("both", ["2020-01-01 count 9"], "#2"),
    ("twice", ["2020-01-01 count 9"], "18 g/L"),
    ("twice", ["2020-01-01 count <9"], "< 18 g/L"),
    ("band", ["2020-01-01 count 9"], "10 g/L"),
    ("band", ["2020-01-01 count 10"], "20 g/L"),
    ("band", ["2020-01-01 count 20"], "unknown"),
    ("band", ["2020-01-01 count <30"], "unknown"),
    ("course", [], "never begun"),
    ("course", ["2020-01-01 pill a start"], "running since 2020-01-01"),
    ("course", ["2020-01-01 pill a start", "2020-02-01 pill a stop"], "2020-01-01 to 2020-02-01"),
    ("running", [], "no"),
    ("begun", ["2020-01-01 pill b start"], "no"),
    ("started", ["2020-01-01 pill b start"], "unknown"),
    ("others", ["2020-01-01 pill b start"], "running since 2020-01-01"),
    ("steps", ["2020-01-01 pill a start", "2020-01-02 pill b start",
               "2020-01-03 pill a change"], "#1 #3"),
    ("ups", ["2020-01-01 pill a start", "2020-01-02 pill b start"], "1"),
    ("was_so", [], "no"),
    ("was_so", ["2020-01-01 count 9", "2020-01-08 count 8"], "yes"),
    ("was_so", ["2020-01-01 count 9", "2020-01-07 count 8"], "no"),
    ("was_so", ["2020-01-01 count 9", "2020-01-08 count <30"], "unknown"),
    ("was_so", ["2020-01-01 count 9", "2020-01-03 count 11", "2020-01-08 count 8"], "no"),
    ("confirmed", ["2020-01-01 count 9", "2020-01-08 count 8"], "#2"),
    ("confirmed", ["2020-01-01 count 9", "2020-01-08 count <30"], "unknown"),
    ("high_ones", ["2020-01-01 count 9", "2020-01-02 count 11"], "2"),
    ("fall_like", ["2020-01-01 count 9"], "#2"),
])
def test_what_a_fact_answers(lab: Lab, fact: str, lines: list[str], answer: str) -> None:
    assert lab.ask(fact, *lines) == answer


def test_a_fact_like_another_with_a_number_of_its_own(tmp_path: Path) -> None:
    lab = Lab(tmp_path, """\
facts:
  low_lately: {about: low counts, needs: a count, count: count, where: value < low, within: week}
  high_lately: {like: low_lately, with: {low: high, week: month}, about: high counts}
""")
    facts = lab.assessor.rulebook.facts
    assert (facts["high_lately"].about, facts["high_lately"].needs) == ("high counts", "a count")
    lines = ["2020-05-01 count 15", "2020-05-25 count 9"]
    assert lab.ask("low_lately", *lines, at="2020-05-31") == "1"
    assert lab.ask("high_lately", *lines, at="2020-05-31") == "2"
