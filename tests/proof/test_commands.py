"""The proofs and the coverage as their user meets them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line.program import run
from proof.books import EXAMPLES, TOPIC, write

from engine.reports import proofs


def test_check_prints_the_proofs(tmp_path: Path) -> None:
    result = run("rules", "check", str(write(tmp_path)), "--prove")
    assert result.exit_code == 0, result.output
    assert "warmth (warmth.yaml:8)" in result.stdout
    assert "  exhaustive: a value, or the fallback low, in every state" in result.stdout
    assert "  disjoint: no two values are true at once" in result.stdout
    assert "may be anything of its type here" in result.stdout


def test_an_overlap_that_is_declared_away_ends_with_3(tmp_path: Path) -> None:
    topic = TOPIC.replace("value < hot]", "value <= hot]").replace(
        "    fallback: low\n", "    fallback: low\n    policy: unique\n")
    result = run("rules", "check", str(write(tmp_path, topic)), "--prove")
    assert result.exit_code == 3
    assert "value = 38: high and raised; high stands by precedence" in result.stdout
    assert "not-disjoint: found high and raised both true where value = 38" in result.stderr


def test_without_the_solver_it_says_what_was_not_checked(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proofs, "solver_is_installed", lambda: False)
    result = run("rules", "check", str(write(tmp_path)), "--prove")
    assert result.exit_code == 0
    assert "Not checked: whether each classification is exhaustive and disjoint" in result.stdout
    assert "pip install z3-solver" in result.stdout


def test_the_proofs_as_json(tmp_path: Path) -> None:
    result = run("rules", "check", str(write(tmp_path)), "--prove", "--format", "json")
    [warmth, fever] = json.loads(result.stdout)["proofs"]["topics"]
    assert warmth["silent"] == {"exists": False, "witness": None}
    assert warmth["inputs"] == ["value"]
    assert (fever["alert"], fever["never"]) == (True, [])


def test_a_witness_becomes_an_example_that_passes(tmp_path: Path) -> None:
    folder = write(tmp_path, TOPIC.replace("value < hot]", "value <= hot]"))
    result = run("rules", "check", str(folder), "--prove", "--witness",
                 str(folder / "warmth.examples.yaml"))
    assert result.exit_code == 0, result.output
    text = (folder / "warmth.examples.yaml").read_text(encoding="utf-8")
    assert "name: warmth, high before raised" in text
    assert 'given: {heat: "38 @14d"}' in text
    assert run("rules", "test", str(folder)).exit_code == 0


def test_coverage_lists_what_was_never_seen(tmp_path: Path) -> None:
    result = run("rules", "test", str(write(tmp_path)), "--coverage")
    assert result.exit_code == 0, result.output
    lines = [line.strip() for line in result.stdout.splitlines()]
    never = {word: lines.index(f"Never seen {word}:") for word in ("true", "false", "unknown")}
    assert never["true"] < lines.index("warmth.yaml:16: warmth, rule w.low: value < warm")
    assert never["false"] < lines.index("warmth.yaml:14: warmth, rule w.high: value >= hot") < (
        never["unknown"])
    assert "warmth.yaml:24: fever, severity 2, low" not in lines


def test_every_condition_seen_each_way_is_no_gap(tmp_path: Path) -> None:
    censored = '  - {name: open, given: {heat: "<50 @0d"}, expect: {undecided: [warmth]}}\n'
    result = run("rules", "test", str(write(tmp_path, examples=EXAMPLES + censored + (
        "  - {name: warm, given: {heat: 37.5 @0d}, expect: {closed: []}}\n"
        "  - {name: cold, given: {heat: 30 @0d}, expect: {closed: []}}\n"))),
        "--coverage", "--format", "json")
    found = json.loads(result.stdout)["coverage"]["conditions"]
    mine = [each for each in found if each["topic"] == "warmth" and each["criterion"]]
    assert [each["never"] for each in mine] == [[], [], [], []]
    assert all(each["seen"] == ["true", "false", "unknown"] for each in mine)


OVERLAP = TOPIC.replace("value < hot]", "value <= hot]").replace(
    "    fallback: low\n", "    fallback: low\n    policy: unique\n")


def test_what_the_check_found_comes_before_the_proofs(tmp_path: Path) -> None:
    folder = write(tmp_path)
    lines = run("rules", "check", str(folder), "--prove", "--lock").stdout.splitlines()
    assert lines[0].startswith("heat 0.1.0 (")
    assert lines[1].startswith("rulebook.lock: version 0.1.0 is fixed")
    assert lines[2] == "warmth (warmth.yaml:8)"
    assert (folder / "rulebook.lock").exists()


def test_what_is_not_disjoint_is_not_locked(tmp_path: Path) -> None:
    folder = write(tmp_path, OVERLAP)
    assert run("rules", "check", str(folder), "--lock", "--prove").exit_code == 3
    assert not (folder / "rulebook.lock").exists()


def test_check_and_proofs_are_one_object(tmp_path: Path) -> None:
    result = run("rules", "check", str(write(tmp_path, OVERLAP)), "--prove", "--format", "json",
                 "--witness", str(tmp_path / "seen.yaml"))
    found = json.loads(result.stdout)
    assert (result.exit_code, found["sound"]) == (3, False)
    assert "not-disjoint" in {each["code"] for each in found["problems"]}
    assert found["proofs"]["topics"][0]["overlaps"][0]["witness"] == "value = 38"
    assert "witnesses as examples" in found["proofs"]["witnesses"]


def test_of_a_rulebook_that_does_not_load_nothing_is_proved(tmp_path: Path) -> None:
    folder = write(tmp_path, TOPIC.replace("value >= hot", "value >= hto"))
    result = run("rules", "check", str(folder), "--prove", "--format", "json")
    assert (result.exit_code, json.loads(result.stdout)["proofs"]) == (3, None)


def test_a_witness_asks_for_the_proofs(tmp_path: Path) -> None:
    result = run("rules", "check", str(write(tmp_path)), "--witness", str(tmp_path / "seen.yaml"))
    assert result.exit_code == 2
    assert "add --prove" in result.stderr
