"""Does the rulebook that ships conclude, of every example beside it, what the example says?"""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from engine.assess import Assessor
from engine.examples.coverage import uncovered
from engine.examples.example import Example
from engine.examples.reading import load_examples
from engine.examples.running import Outcome, run_example
from engine.rulebook.loader import load_rulebook

FOLDER = Path(__file__).parents[2] / "rules" / "itp-sirolimus"
RULEBOOK = load_rulebook(FOLDER)
EXAMPLES = load_examples(FOLDER, RULEBOOK)
ASSESSOR = Assessor(RULEBOOK, ZoneInfo("UTC"))
TOPICS = ("conflict", "courses", "data", "dose", "exclusion", "first_line", "group", "infection",
          "interaction", "iwg", "level", "loss", "mmf", "monitoring", "none_yet", "notes",
          "platelets", "precautions", "rescue", "response", "rulebook", "safety")

# The numbered cases of the clinical text that fall in these topics.
CASES = {1, 4, 5, 6, 7, 8, 10, 11, 14, 15, 17, 18, 19, 20, 21, 22, 23, 24, 25, 27, 30, 31, 33, 34,
         36, 38, 40, 41, 42, 43, 45, 46, 48, 49, 50, 53, 54, 55, 56, 57, 58, 59, 61, 64, 67, 68, 69,
         70, 71, 73, 75, 77, 78, 79, 80, 81, 82, 84, 86, 88, 89, 90, 91, 96, 97, 98, 100, 101, 102,
         103, 104, 105, 106}

# This rule stands for an outcome that is not known: it is never true, only possible.
ONLY_EVER_POSSIBLE = {"mmf.open"}


def identity(example: Example) -> str:
    return f"{example.topic}: {example.name}"


@pytest.mark.parametrize("example", EXAMPLES, ids=identity)
def test_example(example: Example) -> None:
    outcome = run_example(example, ASSESSOR)
    assert [f"{one.what}: expected {one.expected}, got {one.got}"
            for one in outcome.differences] == [], f"{example.place}; {example.why}"


def test_every_topic_has_examples() -> None:
    assert tuple(sorted({example.topic for example in EXAMPLES})) == TOPICS


@pytest.mark.parametrize("topic", TOPICS)
def test_every_topic_shows_the_three_sorts(topic: str) -> None:
    """A rule fires, stays silent at its boundary, and cannot decide when data are missing."""
    shown = {example.shows for example in EXAMPLES if example.topic == topic}
    assert {"fires", "boundary", "unknown"} <= shown


def test_every_numbered_case_is_there() -> None:
    assert {case for example in EXAMPLES for case in example.cases} == CASES


@pytest.fixture(scope="module")
def outcomes() -> list[Outcome]:
    return [run_example(example, ASSESSOR) for example in EXAMPLES]


def test_every_rule_fires_in_some_example(outcomes: list[Outcome]) -> None:
    assert {rule for rule, _ in uncovered(RULEBOOK, outcomes).rules} == ONLY_EVER_POSSIBLE


def test_examples_do_not_depend_on_the_kept_answers_or_the_network(
        outcomes: list[Outcome]) -> None:
    plain = Assessor(RULEBOOK, ZoneInfo("UTC"), "reference", keep_answers=False)
    assert [run_example(example, plain).differences for example in EXAMPLES] == [
        outcome.differences for outcome in outcomes]
