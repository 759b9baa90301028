"""On which events does an answer rest, and what would decide one that is unknown?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from facts.lab import Lab

from engine.facts.evidence import evidence, open_questions
from engine.passage import Passage
from engine.rulebook.expression import parse_expression
from engine.rulebook.resolve import resolve
from engine.rulebook.scope import Scope
from engine.rulebook.terms import Term

FACTS = """\
facts:
  newest: {needs: a count, latest: count}
  newest_eye: {needs: a count by eye, latest: count, where: method == eye}
  any_low: {any: count, where: value < low}
  lows: {count: count, where: value < low}
  course: {course: pill, rejoin: gap}
  since: {needs: a count on the pill, latest: count, after: course.start}
  fold: {is: newest / newest_eye}
  either:
    case:
      - if: newest < low
        then: newest_eye.value
      - then: since.value
  twice: {needs: two low counts, sustained: count, where: value < low, apart: week}
  settled: {is: known(newest_eye)}
  at_first: {at: first_count, is: newest_here}
  first_count: {first: count}
  newest_here: {of: count, is: value}
"""
LINES = ["2020-01-01 count 30", "2020-01-10 count 9", "2020-01-05 pill a start",
         "2020-01-12 count 8 eye"]


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    yield Lab(tmp_path_factory.mktemp("lab"), FACTS)


def term(passage: Passage, text: str) -> Term:
    rulebook = passage.assessor.rulebook

    class Names:
        vocabulary, parameters, conclusions = rulebook.vocabulary, rulebook.parameters, {}

        def fact(self, name: str) -> object:
            return rulebook.facts.get(name)

        def use(self, name: str) -> None: ...

        def is_broken(self, _name: str) -> bool:
            return False

    return resolve(parse_expression(text), Scope(Names()))  # type: ignore[arg-type]


@pytest.mark.parametrize(("text", "events"), [
    ("newest >= low", ["4"]), ("any_low", ["2", "4"]), ("lows > 0", ["2", "4"]),
    ("course.running", ["3"]), ("fold > 0", ["4"]), ("since < low", ["3", "4"]),
    ("either < low", ["4"]), ("happened(twice)", []), ("settled", ["4"]),
    ("at_first > low", ["1"]), ("newest >= low and course.running", ["3", "4"]),
    ("first_count > low or any_low", ["1", "2", "4"]),
])
def test_the_events_behind_a_term(lab: Lab, text: str, events: list[str]) -> None:
    passage = lab.passage(*LINES)
    found = evidence([term(passage, text)], passage.chart, None)
    assert list(found.ids) == events


def test_a_tally_that_finds_nothing_rests_on_nothing(lab: Lab) -> None:
    passage = lab.passage("2020-01-01 count 30")
    assert evidence([term(passage, "not any_low")], passage.chart, None).ids == ()


@pytest.mark.parametrize(("text", "needs"), [
    ("newest >= low", []), ("newest_eye >= low", ["a count by eye"]),
    ("since >= low", ["a count on the pill"]), ("fold > 0", ["a count by eye"]),
    ("newest >= low and since > low and newest_eye > low",
     ["a count by eye", "a count on the pill"]),
    ("known(newest_eye)", []), ("happened(twice)", []),
    ("newest >= low or newest_eye > low", []),
])
def test_what_would_decide_it(lab: Lab, text: str, needs: list[str]) -> None:
    passage = lab.passage("2020-01-01 count 30")
    assert open_questions([term(passage, text)], passage.chart, None) == needs


def test_a_run_that_is_possible_needs_its_datum(lab: Lab) -> None:
    passage = lab.passage("2020-01-01 count <30", "2020-01-10 count 9")
    assert open_questions([term(passage, "happened(twice)")], passage.chart, None) == [
        "two low counts"]


def test_the_evidence_of_a_conclusion_is_that_of_its_rule(tmp_path: Path) -> None:
    lab = Lab(tmp_path, """\
facts:
  newest: {latest: count}
  newest_fall: {latest: fall}
classify:
  - name: state
    title: State
    values: [low, fine]
    rules:
      - {id: s.low, title: Low, value: low, when: newest < low, cite: lab}
      - {id: s.fine, title: Fine, value: fine, when: [newest >= low, known(newest_fall)], cite: lab}
""")
    passage = lab.passage("2020-01-01 fall 1", "2020-01-02 count 9", "2020-01-03 count 12")
    assert [each.standing.evidence for each in passage.episodes["state"]] == [("2",), ("1", "3")]
