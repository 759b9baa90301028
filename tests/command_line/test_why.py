"""What `why` and `cohort` tell: the whole reason, and the letter's figures beside ours."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from .program import ANNA, BAD, OF_THE_SITE, OURS, ROOT, ZOE, run, written

LETTER = str(ROOT / "examples" / "letter-cohort.ndjson")


def told(*arguments: str) -> dict[str, Any]:
    done = run("why", *arguments, "--format", "json")
    assert done.exit_code == 0, done.stderr
    record: dict[str, Any] = json.loads(done.stdout)
    return record


def kinds(node: dict[str, Any]) -> set[str]:
    return {node["kind"]}.union(*(kinds(each) for each in node.get("because", [])))


def test_the_tree_goes_from_conclusion_to_event_and_source() -> None:
    record = told("17", LETTER, "--what", "response")
    (tree,) = record["explanations"]
    assert (tree["name"], tree["value"], tree["rule"]) == ("response", "PR", "response.partial")
    assert {"conclusion", "rule", "criterion", "fact", "parameter", "citation", "event"} <= kinds(
        tree)
    assert record["rulebook"]["digest"]


def test_the_table_reads_as_sentences() -> None:
    out = run("why", "17", LETTER, "--what", "current_response").stdout
    assert "Response at the newest count, in the letter's words: response = PR" in out
    assert "the count that is judged (56 x10^9/L) is at least 30 x10^9/L (pr_count)" in out
    assert "miano2018: Miano M, et al." in out


def test_without_what_the_summary_and_the_open_alerts_are_told(tmp_path: Path) -> None:
    record = told("anna", written(ANNA + ZOE, tmp_path))
    names = [each["name"] for each in record["explanations"]]
    assert names[:3] == ["group", "mmf", "best_response"]


def test_a_fact_can_be_asked_about() -> None:
    record = told("17", LETTER, "--what", "days_to_pr")
    assert record["explanations"][0]["text"].endswith(": 27 days")


def test_another_moment_has_another_answer() -> None:
    then = told("19", LETTER, "--what", "response", "--at", "2012-03-15")
    assert then["explanations"][0]["value"] == "NR"
    assert told("19", LETTER, "--what", "response")["explanations"][0]["value"] == "CR"


def test_a_changed_threshold_is_seen_in_the_reason() -> None:
    out = run("why", "17", LETTER, "--what", "response", "--set", "pr_count=80").stdout
    assert "response = NR" in out
    assert "pr_count = 80 x10^9/L (set for this run: 30 x10^9/L -> 80)" in out


def test_what_is_not_there_is_said_with_advice() -> None:
    done = run("why", "17", LETTER, "--what", "respons")
    assert done.exit_code == 2
    assert "did you mean 'response'?" in done.stderr
    done = run("why", "77", LETTER)
    assert done.exit_code == 2
    assert "found '77', expected a patient of the input" in done.stderr


def test_a_refused_line_of_the_patient_stops_the_explanation(tmp_path: Path) -> None:
    assert run("why", "anna", written([*ANNA, *BAD], tmp_path)).exit_code == 0  # another's lines
    own = [{**line, "patient": "anna"} for line in BAD]
    done = run("why", "anna", written([*ANNA, *own], tmp_path))
    assert done.exit_code == 5
    assert done.stdout == ""


def test_the_cohort_finds_what_the_letter_does_not_add_up() -> None:
    out = run("cohort", LETTER).stdout
    assert "27-135     14-135   ✗" in out
    assert "0.14       0.06   ✗" in out
    assert "The relapse is no recurrence as the letter defines it." in out


def test_the_cohort_as_a_record() -> None:
    done = run("cohort", LETTER, "--format", "json")
    assert done.exit_code == 0
    assert json.loads(done.stdout)["cohort"]


def test_a_cohort_by_another_field() -> None:
    out = run("cohort", LETTER, "--by", "mmf", "--no-printed").stdout
    assert "stated" in out
    assert run("cohort", LETTER, "--by", "grup").exit_code == 2


def test_rules_test_runs_the_examples(tmp_path: Path) -> None:
    done = run("rules", "test")
    assert done.exit_code == 0, done.stdout
    assert "none failed" in done.stdout
    broken = tmp_path / "book"
    broken.mkdir()
    for file in (ROOT / "rules" / "itp-sirolimus").glob("*.yaml"):
        text = file.read_text("utf-8")
        (broken / file.name).write_text(
            text.replace("pr_fold:            {value: 2,", "pr_fold: {value: 3,"), "utf-8")
    assert run("rules", "test", str(broken)).exit_code == 4


def test_an_override_is_told_with_its_author_its_reason_and_what_was_before() -> None:
    site = ("--rulebook", "itp-sirolimus-4-12")
    out = " ".join(run("why", "17", LETTER, "--what", "level", *site).stdout.replace(
        "│", " ").split())
    assert (f"overridden in {OF_THE_SITE} by A. Example, pharmacist: value 5 ng/mL -> "
            "4 ng/mL; reason: Our laboratory measures") in out
    assert "source: itp-sirolimus-4-12: a decision of A. Example, pharmacist, not published" in out
    record = told("17", LETTER, "--what", "level", *site)["rulebook"]
    assert record["extends"] == [OURS]
    assert [(each["name"], each["changes"]) for each in record["overrides"]] == [
        ("target_low", [{"key": "value", "before": "5 ng/mL", "after": "4 ng/mL"}]),
        ("target_high", [{"key": "value", "before": "15 ng/mL", "after": "12 ng/mL"}])]
    assert f"extends {OURS}, 2 overrides." in " ".join(
        run("assess", LETTER, "--patient", "17", *site).stdout.split())


def test_what_a_source_says_is_said_once() -> None:
    out = " ".join(run("why", "17", LETTER, "--what", "response").stdout.replace("│", " ").split())
    assert out.count("PR at least 30 and at least a two-fold increase from baseline") == 1
    assert "source: miano2018, as above: CR is a count of at ..." in out
