"""Proofs and witnesses over small rulebooks, each with one thing to find, and the letter's."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line.program import RULES
from proof.books import TOPIC, write

from engine.proof import solving
from engine.proof.proving import TopicProof, problems_of, prove, prove_topic
from engine.reports.proofs import proofs_in_words
from engine.rulebook.loader import load_rulebook


def proved(folder: Path, *changes: tuple[str, str], name: str = "warmth") -> TopicProof:
    topic = TOPIC
    for old, new in changes:
        assert old in topic
        topic = topic.replace(old, new)
    return next(each for each in prove(load_rulebook(write(folder, topic)))
                if each.topic.name == name)


def test_what_is_exhaustive_and_disjoint_is_proved_so(tmp_path: Path) -> None:
    found = proved(tmp_path)
    assert found.silent.found == "no"
    assert found.disjoint == "yes"
    assert found.never == ()
    assert found.undecided.found == "yes"  # a censored number
    assert str(found.undecided.witness).startswith("value = ")


@pytest.mark.parametrize(("old", "new", "state"), [
    ("when: value < warm,", "when: [value < warm, not doubtful],", "value = 0, doubtful"),
    ("[value >= warm, value < hot]", "[value > warm, value < hot]", "value = 37.5"),
])
def test_a_gap_has_the_smallest_state(tmp_path: Path, old: str, new: str, state: str) -> None:
    found = proved(tmp_path, (old, new))
    assert found.silent.found == "yes"
    assert str(found.silent.witness) == state


@pytest.mark.parametrize(("old", "new", "state"), [
    ("value < hot]", "value <= hot]", "value = 38"),
    ("when: value < warm,", "when: value < fold * warm - hot,", None),
    ("when: value < warm,", "when: value <= warm,", "value = 37.5"),
    ("when: value < warm,", "when: value < warm or doubtful,", "value = 38, doubtful"),
])
def test_an_overlap_has_the_smallest_state(tmp_path: Path, old: str, new: str,
                                           state: str | None) -> None:
    found = proved(tmp_path, (old, new))
    assert [str(each.answer.witness) for each in found.overlaps][:1] == ([state] if state else [])


def test_unique_and_not_disjoint_is_a_problem_at_its_place(tmp_path: Path) -> None:
    found = proved(tmp_path, ("value < hot]", "value <= hot]"),
                   ("    fallback: low\n", "    fallback: low\n    policy: unique\n"))
    [problem] = problems_of([found])
    assert problem.code == "not-disjoint"
    assert problem.found == "high and raised both true where value = 38"
    assert problem.place.file.endswith("warmth.yaml")


def test_unique_and_disjoint_is_none(tmp_path: Path) -> None:
    found = proved(tmp_path, ("    fallback: low\n", "    fallback: low\n    policy: unique\n"))
    assert problems_of([found]) == []


@pytest.mark.parametrize(("old", "new", "name", "said"), [
    ("when: value < warm,", "when: [value < warm, value > hot],", "warmth",
     "rule w.low can never be true"),
    ("[value >= warm, value < hot]", "[value >= hot, not doubtful]", "warmth",
     "rule w.raised never decides: wherever it is true, so is w.high"),
    ("[warmth == high, not pill_lately]", "[warmth == high, warmth == low]", "fever",
     "the alert can never be true"),
    ("known(before)", "[warmth == low, known(before)]", "fever",
     "advice 'Ask about the site.' can never be shown"),
    ("[warmth == high, not pill_lately]", "[warmth == high, newest < hot]", "fever",
     "severity high can never be shown"),
])
def test_what_never_matters_is_found(tmp_path: Path, old: str, new: str, name: str,
                                     said: str) -> None:
    assert said in [f"{each.what} {each.reason}"
                    for each in proved(tmp_path, (old, new), name=name).never]


def test_a_rule_that_can_only_leave_a_value_open_may_be_meant(tmp_path: Path) -> None:
    [never] = proved(tmp_path, ("when: value < warm,", "when: [value < warm, unknown],")).never
    assert never.meant
    assert never.reason == "can only leave low open, never be true"


def test_time_that_runs_out_is_no_proof(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solving, "_found", lambda _answer: "open")
    found = proved(tmp_path)
    assert (found.silent.found, found.disjoint) == ("open", "open")
    said = "\n".join(proofs_in_words([found], 10))
    assert "whether it is exhaustive was not proved within 10 s" in said
    assert "whether high and raised overlap was not proved within 10 s" in said
    assert "rule w.high can never be true: not proved within 10 s" in said


def test_the_overlap_in_the_letters_wording() -> None:
    rulebook = load_rulebook(RULES)
    response = next(each for each in rulebook.topics if each.name == "response")
    found = prove_topic(rulebook, response)
    assert found.silent.found == "no"
    assert found.topic.fallback == "unassessable"
    [overlap] = [each for each in found.overlaps if (each.stands, each.hidden) == ("CR", "NR")]
    assert str(overlap.answer.witness) == "count = 100, baseline = 50.5"


def test_the_levels_are_disjoint_and_exhaustive() -> None:
    rulebook = load_rulebook(RULES)
    found = prove_topic(rulebook, next(each for each in rulebook.topics if each.name == "level"))
    assert (found.disjoint, found.silent.found) == ("yes", "no")


def test_a_number_without_a_plausible_range_may_be_any(tmp_path: Path) -> None:
    found = proved(tmp_path, ("  pill_lately:", "  pills: {about: the pills, count: pill}\n"
                              "  pill_lately:"),
                   ("when: value < warm,", "when: [value < warm, pills >= fold],"))
    assert found.silent.found == "yes"
    assert str(found.silent.witness) == "value = 0, pills = 0"


def test_each_value_of_a_parameter_with_dates_is_looked_at(tmp_path: Path) -> None:
    """The rules overlap by the second value alone; by the first and the third they do not."""
    folder = write(tmp_path, TOPIC.replace("value < hot]", "value < first]"))
    parameters = folder / "parameters.yaml"
    parameters.write_text(parameters.read_text("utf-8").replace(
        "hot:  {value: 38,", "first: {value: 38, unit: C, cite: page}\n"
        "hot:  {value: 38, from: {2020-06-01: 37.8, 2020-09-01: 39},"), encoding="utf-8")
    [found] = [each for each in prove(load_rulebook(folder)) if each.topic.name == "warmth"]
    [overlap] = found.overlaps
    assert str(overlap.answer.witness) == "value = 37.8, the value of hot = that from 2020-06-01"
    assert str(found.silent.witness) == "value = 38, the value of hot = that from 2020-09-01"


def test_at_one_moment_a_parameter_has_one_value(tmp_path: Path) -> None:
    folder = write(tmp_path)
    parameters = folder / "parameters.yaml"
    parameters.write_text(parameters.read_text("utf-8").replace(
        "hot:  {value: 38,", "hot:  {value: 38, from: {2020-06-01: 39},"), encoding="utf-8")
    [found] = [each for each in prove(load_rulebook(folder)) if each.topic.name == "warmth"]
    assert (found.disjoint, found.silent.found) == ("yes", "no")
