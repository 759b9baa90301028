"""Does the site's rulebook do as its examples say, and do they show where it differs?"""

from __future__ import annotations

import json
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from command_line.program import OURS, run

from engine.assess import Assessor
from engine.examples.example import Example
from engine.examples.reading import load_examples
from engine.examples.running import run_example
from engine.rulebook.loader import load_rulebook

RULES = Path(__file__).parents[2] / "rules"
SITE = RULES / "itp-sirolimus-4-12"
EXAMPLES = load_examples(SITE, load_rulebook(SITE))
UTC = ZoneInfo("UTC")
BASE = Assessor(load_rulebook(RULES / "itp-sirolimus"), UTC)


def test_the_examples_come_out() -> None:
    done = run("rules", "test", "itp-sirolimus-4-12")
    assert (done.exit_code, done.stdout.splitlines()[-1]) == (
        0, f"{len(EXAMPLES)} examples, none failed")


@pytest.mark.parametrize("example", [each for each in EXAMPLES if "here" in each.name],
                         ids=lambda each: each.name)
def test_what_is_said_to_be_different_here_is_different(example: Example) -> None:
    assert not run_example(example, BASE).passed


def test_two_lines_are_changed() -> None:
    done = run("rules", "check", "itp-sirolimus-4-12")
    assert done.stdout.endswith(f"extends {OURS} and overrides target_low, "
                                "target_high; no problem found\n")


def test_the_site_differs_from_the_base_in_these_two_numbers_only() -> None:
    letter = str(RULES.parent / "examples" / "letter-cohort.ndjson")
    one, other = (json.loads(run("assess", letter, "--format", "json", *options).stdout)
                  for options in (("--rulebook", "itp-sirolimus-4-12"),
                                  ("--set", "target_low=4", "--set", "target_high=12")))
    assert one["patients"] == other["patients"]
    assert one["rulebook"] != other["rulebook"]


def test_the_cohort_of_the_base_is_there_too() -> None:
    letter = str(RULES.parent / "examples" / "letter-cohort.ndjson")
    done = run("cohort", letter, "--rulebook", "itp-sirolimus-4-12")
    assert done.exit_code == 0
    assert done.stdout.startswith("Sirolimus in children with ITP, the cohort of the letter")
