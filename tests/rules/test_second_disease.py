"""Does a rulebook for another disease work as it stands, without a line of the engine changed?"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner, Result

import cli
from engine.assess import Assessor
from engine.examples.coverage import uncovered
from engine.examples.example import Example
from engine.examples.reading import load_examples
from engine.examples.running import run_example
from engine.rulebook.loader import load_rulebook

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "rules" / "warfarin-inr"
EVENTS = str(ROOT / "examples" / "warfarin.ndjson")
RULEBOOK = load_rulebook(FOLDER)
EXAMPLES = load_examples(FOLDER, RULEBOOK)
ASSESSOR = Assessor(RULEBOOK, ZoneInfo("UTC"))
TOPICS = ("bleeding", "inr", "interaction", "monitoring", "treatment")

# Of each invented patient: the class of the newest INR, and the open alerts.
OPEN = {
    "anton": ("in-range", []),
    "berta": ("very-high", [("inr.high", "high")]),
    "carl": ("high", [("inr.high", "low"), ("bleeding.risk", "high")]),
    "dora": ("extreme", [("bleeding.warfarin", "critical"), ("inr.high", "critical")]),
    "emil": ("low", [("inr.low", "moderate")]),
    "frida": ("in-range", [("inr.overdue", "low"), ("bleeding.risk", "moderate")]),
    "gustav": ("in-range", [("bleeding.warfarin", "moderate")]),
    "hanna": ("very-high", [("inr.high", "high")]),
}


def run(*arguments: str) -> Result:
    """Run the program; the rulebook is named, not pointed at."""
    return CliRunner().invoke(cli.program, arguments)


@pytest.fixture(scope="module")
def patients() -> dict[str, dict[str, Any]]:
    result = run("assess", EVENTS, "--rulebook", "warfarin-inr", "--format", "json")
    assert result.exit_code == 0, result.output
    return {each["patient"]: each for each in json.loads(result.stdout)["patients"]}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: f"{each.topic}: {each.name}")
def test_example(example: Example) -> None:
    assert run_example(example, ASSESSOR).differences == ()


@pytest.mark.parametrize("topic", TOPICS)
def test_every_topic_shows_the_three_sorts(topic: str) -> None:
    shown = {example.shows for example in EXAMPLES if example.topic == topic}
    assert {"fires", "boundary", "unknown"} <= shown


def test_every_rule_fires_in_some_example() -> None:
    outcomes = [run_example(example, ASSESSOR) for example in EXAMPLES]
    assert uncovered(RULEBOOK, outcomes).rules == ()


def test_check_finds_nothing_wrong() -> None:
    result = run("rules", "check", str(FOLDER))
    assert result.exit_code == 0, result.output
    assert "no problem found" in result.stdout


@pytest.mark.parametrize("name", OPEN)
def test_the_stream_raises_the_alerts_a_reader_expects(
        patients: dict[str, dict[str, Any]], name: str) -> None:
    inr_class, alerts = OPEN[name]
    record = patients[name]
    assert record["summary"]["inr_class"] == inr_class
    assert [(each["rule"], each["severity"]) for each in record["alerts"]
            if each["to"] is None] == alerts


def test_an_interaction_is_answered_by_the_next_inr(patients: dict[str, dict[str, Any]]) -> None:
    (order,) = [each for each in patients["berta"]["alerts"]
                if each["rule"] == "interaction.warfarin"]
    assert (order["from"], order["to"]) == ("2024-03-10", "2024-03-16T08:30+01:00")
    assert order["message"] == (
        "On warfarin: fluconazole start 200 mg/d on 2024-03-10. Measure the INR by 2024-03-17. "
        "It raises the INR: bleeding is likelier.")


def test_the_table_names_the_rulebook_and_every_patient() -> None:
    result = run("assess", EVENTS, "--rulebook", "warfarin-inr")
    assert result.exit_code == 0, result.output
    assert "Rulebook warfarin-inr " in result.stdout
    assert re.findall(r"^[a-z]+(?=  )", result.stdout, re.M)[1:] == list(OPEN)


def test_why_explains_in_the_words_of_this_rulebook() -> None:
    result = run("why", "dora", EVENTS, "--rulebook", "warfarin-inr", "--what", "inr.high")
    assert result.exit_code == 0, result.output
    assert "INR above 10" in result.stdout
    assert "accp2012" in result.stdout


def test_the_other_rulebook_refuses_this_stream() -> None:
    result = run("assess", EVENTS)
    assert result.exit_code == 5
    assert "inr" in result.stderr
