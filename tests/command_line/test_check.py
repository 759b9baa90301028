"""`rules check` and `rules show problem` as a user runs them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from .program import ROOT, run

TINY = ROOT / "tests" / "rulebook" / "tiny"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(TINY, tmp_path / "tiny")
    return tmp_path / "tiny"


def spoil(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    assert old in path.read_text("utf-8")
    path.write_text(path.read_text("utf-8").replace(old, new), encoding="utf-8")


def test_a_warning_is_told_and_ends_with_0(folder: Path) -> None:
    spoil(folder, "parameters.yaml", "ratio: ", "idle:       {value: 3, cite: book}\nratio: ")
    done = run("rules", "check", str(folder))
    assert done.exit_code == 0
    assert done.stderr.splitlines() == [
        f"{folder}/parameters.yaml:11:1: warning: unused-parameter: found the parameter 'idle', "
        "which nothing names, expected a rule, fact or parameter that names it; use it or remove "
        "it",
        "   11 | idle:       {value: 3, cite: book}",
        "        ^",
        "program rules show problem unused-parameter says more",
        "1 warning in the rulebook"]
    assert done.stdout.endswith("2 classifications with 5 rules, 3 alerts; 1 warning\n")


def test_errors_and_warnings_are_counted_apart_and_end_with_3(folder: Path) -> None:
    spoil(folder, "parameters.yaml", "ratio: ", "idle:       {value: 3, cite: book}\nratio: ")
    spoil(folder, "inr.yaml", "[value < inr_low, not changed]",
          "[value < inr_low, not changed, changed]")
    done = run("rules", "check", str(folder))
    assert (done.exit_code, done.stdout) == (3, "")
    assert done.stderr.splitlines()[-2:] == [
        "program rules show problem never-true says more",
        "1 problem and 1 warning in the rulebook"]


def test_json_for_editors(folder: Path) -> None:
    spoil(folder, "inr.yaml", "when: value > inr_high", "when: value > inr_hihg")
    done = run("rules", "check", str(folder), "--format", "json")
    assert (done.exit_code, done.stderr) == (3, "")
    assert json.loads(done.stdout) == {"rulebook": None, "sound": False, "problems": [{
        "code": "unknown-name", "level": "error", "file": f"{folder}/inr.yaml", "line": 65,
        "column": 23, "found": "'inr_hihg'",
        "expected": "a field, fact, parameter or conclusion", "advice": "did you mean 'inr_high'?",
        "quoted": "        when: value > inr_hihg", "page": "rules show problem unknown-name"}]}
    none = run("rules", "check", str(folder / "none"), "--format", "json")
    assert none.exit_code == 3
    assert [each["code"] for each in json.loads(none.stdout)["problems"]] == ["no-rulebook"]


def test_a_version_is_fixed_and_a_silent_change_is_refused(folder: Path) -> None:
    done = run("rules", "check", str(folder), "--lock")
    assert done.exit_code == 0
    assert done.stdout.splitlines()[1].startswith("rulebook.lock: version 0.1.0 is fixed, with ")
    spoil(folder, "parameters.yaml", "{value: 28,", "{value: 35,")
    done = run("rules", "check", str(folder), "--lock")
    assert done.exit_code == 3
    assert "version-not-raised" in done.stderr and "parameter overdue" in done.stderr


@pytest.mark.parametrize(("old", "new", "code"), [
    ("expect: {summary: {inr_class: high}}", "expect: {}", "expects-nothing"),
    ("expect: {summary: {inr_class: high}}", "expect: {summary: {inr: high}}", "unknown-name"),
    ("name: above the range", "name: above", ""),
])
def test_examples_are_looked_at(folder: Path, old: str, new: str, code: str) -> None:
    for path in (TINY.parent / "problems").glob("*.yaml"):
        shutil.copy(path, folder)
    assert run("rules", "check", str(folder)).stderr == ""
    spoil(folder, "inr.examples.yaml", old, new)
    told = json.loads(run("rules", "check", str(folder), "--format", "json").stdout)["problems"]
    assert [each["code"] for each in told] == ([code] if code else [])


def test_a_topic_without_examples_and_examples_without_topic(folder: Path) -> None:
    for path in (TINY.parent / "problems").glob("*.yaml"):
        shutil.copy(path, folder)
    (folder / "watch.examples.yaml").rename(folder / "wach.examples.yaml")
    told = json.loads(run("rules", "check", str(folder), "--format", "json").stdout)["problems"]
    assert [each["code"] for each in told] == ["no-topic"]
    (folder / "wach.examples.yaml").unlink()
    told = json.loads(run("rules", "check", str(folder), "--format", "json").stdout)["problems"]
    assert [(each["code"], each["level"], Path(each["file"]).name) for each in told] == [
        ("no-examples", "warning", "watch.yaml")]


def test_a_page_and_the_list_of_all() -> None:
    done = run("rules", "show", "problem", "never-true")
    assert done.exit_code == 0
    assert done.stdout.startswith("never-true (error): A condition that can never be true\n")
    assert "Wrong, in inr.yaml:\n    when: {all: [" in done.stdout
    assert "What to do: Turn a sign" in done.stdout
    everything = run("rules", "show", "problem")
    assert everything.exit_code == 0
    assert "zero-span" in everything.stdout and "(warning)" in everything.stdout
    missing = run("rules", "show", "problem", "never-treu")
    assert missing.exit_code == 2
    assert "did you mean 'never-true'?" in missing.stderr
