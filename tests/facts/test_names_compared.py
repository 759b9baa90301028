"""Does a name that is compared with something asked mean what it says, unknown included?"""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from facts.lab import Lab
from hypothesis import given
from hypothesis import strategies as st

from engine.document.building import Building
from engine.document.parts import all_words, plain

FACTS = """\
facts:
  started: {latest: pill, where: action == start}
  stopped: {latest: pill, where: action == stop}
  started_drug: {is: started.drug}
  of_it: {count: pill, where: drug == started.drug}
  of_it_too: {count: pill, where: drug == started_drug}
  others: {count: pill, where: drug != started.drug}
  alike: {is: started.drug == stopped.drug}
  different: {is: started.drug != stopped_drug}
  stopped_drug: {is: stopped.drug}
  listed: {count: pill, where: drug == a}
  a: {is: stopped.drug}
  unlisted: {count: pill, where: drug == z}
"""
PILLS = st.lists(st.tuples(st.sampled_from("abz"), st.sampled_from(["start", "stop"])), max_size=6)


@pytest.fixture(scope="module")
def lab() -> Lab:
    return Lab(Path(tempfile.mkdtemp()), FACTS)


@given(PILLS)
def test_names_asked_of_facts(lab: Lab, pills: list[tuple[str, str]]) -> None:
    lines = [f"2020-01-{day:02} pill {drug} {action}"
             for day, (drug, action) in enumerate(pills, 1)]
    started, stopped = (next((drug for drug, each in reversed(pills) if each == action), None)
                        for action in ("start", "stop"))
    same = sum(drug == started for drug, _ in pills)
    known = [str(same)] * 2 + [str(len(pills) - same)]
    asked = [lab.ask(name, *lines) for name in ("of_it", "of_it_too", "others")]
    assert asked == (known if started else [f"<= {len(pills)}" if pills else "0"] * 3)
    told = "unknown" if None in (started, stopped) else "yes" if started == stopped else "no"
    assert lab.ask("alike", *lines) == told
    assert lab.ask("different", *lines) == {"yes": "no", "no": "yes"}.get(told, told)
    for fact, drug in (("listed", "a"), ("unlisted", "z")):
        assert lab.ask(fact, *lines) == str(sum(each == drug for each, _ in pills))


def test_a_comparison_of_two_that_may_be_unknown_is_told_once(lab: Lab) -> None:
    page = Building(lab.assessor.rulebook, {}).page()
    told = "\n".join(plain(words) for words in all_words(page))
    assert "the drug of started is the drug of stopped" in told
    assert "the drug of stopped is the drug of started" not in told


OPEN = """\
facts:
  newest: {latest: count}
  drug_of_level: {latest: pill}
classify:
  - name: level
    title: Level
    of: newest
    values: [low, high, middle, unclear]
    fallback: unclear
    rules:
      - {id: l.low, title: Low, value: low, when: value < low, cite: lab}
      - {id: l.high, title: High, value: high, when: value > high, cite: lab}
      - {id: l.middle, title: Middle, value: middle, when: [value >= low, value <= high], cite: lab}
  - name: asked
    title: What others make of it
    values: ["yes"]
    rules: [{id: a, title: A, value: "yes", when: "WHEN", cite: lab}]
"""


@pytest.mark.parametrize(("when", "count", "told"), [
    ("level == low", "<15", "perhaps"), ("level == high", "<15", "no"),
    ("level != high", "<15", "yes"), ("level != low", "<15", "perhaps"),
    ("level in [low, middle, unclear]", "<15", "perhaps"),
    ("level in [low, high]", "<15", "perhaps"),
    ("level not in [high]", "<15", "yes"), ("level == unclear", "<15", "perhaps"),
    ("level == middle", "15", "yes"), ("level == middle", "9", "no"),
    ("drug_of_level.drug == level", "<15", "perhaps"), ("known(level)", "<15", "no"),
])
def test_a_conclusion_that_is_open_is_none_of_what_it_cannot_be(
        tmp_path: Path, when: str, count: str, told: str) -> None:
    lab = Lab(tmp_path, OPEN.replace("WHEN", when))
    passage = lab.passage("2020-01-01 pill low start", f"2020-01-02 count {count}")
    standing = passage.standings["asked"]
    found = "yes" if standing.value else "perhaps" if standing.undecided else "no"
    assert found == told


def test_names_that_are_not_given_are_not_the_same(tmp_path: Path) -> None:
    lab = Lab(tmp_path, """\
facts:
  newest: {latest: count}
  oldest: {first: count}
  alike: {is: newest.method == oldest.method}
  other: {is: newest.method != oldest.method}
""")
    for lines, same in ((["count 1", "count 2"], "no"), (["count 1 eye", "count 2 eye"], "yes"),
                        (["count 1 eye", "count 2"], "no"), (["fall 1"], "unknown")):
        dated = [f"2020-01-{day:02} {line}" for day, line in enumerate(lines, 1)]
        assert lab.ask("alike", *dated) == same
        assert lab.ask("other", *dated) == {"yes": "no", "no": "yes"}.get(same, same)
