"""Is what two rulebooks differ in said, all of it, and nothing else?"""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path
from typing import Any

import pytest
from command_line.program import ANNA, RULES, run, written
from hypothesis import given, settings
from hypothesis import strategies as st
from laws.assessed import ROOT, UTC, Line, assessor
from oracle.patients import patient

from engine.assess import Assessor
from engine.comparison.comparing import compared
from engine.comparison.meaning import changes
from engine.comparison.patients import Difference, Explained, Explainer, Pairing
from engine.events.event import Source
from engine.events.when import LAST, When, parse_when
from engine.rulebook.loader import load_rulebook

SEEDS = st.integers(0, 10**6)
COHORT = str(ROOT / "examples" / "letter-cohort.ndjson")


@pytest.fixture
def other(tmp_path: Path) -> Path:
    folder = tmp_path / "other"
    shutil.copytree(RULES, folder)
    return folder


def edited(folder: Path, file: str, old: str, new: str) -> Path:
    text = (folder / file).read_text("utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), "utf-8")
    return folder


def meant(folder: Path) -> list[tuple[str, str, str]]:
    found = changes(assessor().rulebook, load_rulebook(folder))
    return [(each.kind, each.name, each.how) for each in found]


def test_the_same_rules_elsewhere_mean_the_same(other: Path) -> None:
    edited(other, "response.yaml", "facts:\n", "# a remark\n\nfacts:\n")
    assert meant(other) == []


@pytest.mark.parametrize(("file", "old", "new", "expected"), [
    ("parameters.yaml", "pr_count:           {value: 30,", "pr_count:           {value: 40,",
     [("parameter", "pr_count", "changed")]),
    ("parameters.yaml", "about: the least count of a complete response",
     "about: from here a response is complete", [("parameter", "cr_count", "reworded")]),
    ("response.yaml", "when: count < pr_count", "when: count <= pr_count",
     [("rule", "response.none-low", "changed")]),
    ("response.yaml", "values: [unassessable, CR, PR, NR]", "values: [unassessable, PR, CR, NR]",
     [("classification", "response", "changed")]),
    ("level.yaml", "is: matrix == whole-blood", "is: matrix != serum",
     [("fact", "whole_blood", "changed")]),
    ("level.yaml", "    severity: low\n", "    severity: moderate\n",
     [("alert", "level.not-interpretable", "changed")]),
    ("level.yaml", "title: Sirolimus level too high", "title: Level too high",
     [("alert", "level.high", "reworded")]),
])
def test_one_edit_is_one_change(other: Path, file: str, old: str, new: str,
                                expected: list[tuple[str, str, str]]) -> None:
    assert meant(edited(other, file, old, new)) == expected


def test_the_change_is_shown_as_it_was_written(other: Path) -> None:
    edited(other, "response.yaml", "when: count < pr_count", "when: count <= pr_count")
    page = run("rules", "diff", str(RULES), str(other)).stdout
    assert "rule response.none-low: changed" in page
    assert "    -  when: count < pr_count\n    +  when: count <= pr_count" in page
    assert "Patients" not in page


def diff(*arguments: str) -> dict[str, Any]:
    done = run("rules", "diff", "itp-sirolimus", "itp-sirolimus", *arguments, "--format", "json")
    assert done.exit_code == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_a_lower_target_ends_an_alert(tmp_path: Path) -> None:
    found = diff(written(ANNA, tmp_path), "--set", "target_low=4")
    (parameter,) = found["meaning"]
    assert (parameter["name"], parameter["before"]) == ("target_low", "5 ng/mL")
    names = {each["name"]: each for each in found["differences"]}
    assert set(names) == {"level", "level.low"}
    level = names["level"]
    assert (level["old"], level["new"], level["to"]) == ("low", "target", None)
    assert level["from"] == "2014-08-02T09:00Z"
    assert level["reasons"]["at"] == "2014-08-02T09:00Z"
    assert "level = low" in level["reasons"]["old"]["text"]
    assert "level = target" in level["reasons"]["new"]["text"]
    assert (names["level.low"]["old"], names["level.low"]["new"]) == ("low", None)


def test_the_letter_against_the_iwg() -> None:
    found = diff(COHORT, "--compare", "response=response_iwg", "--alike", "PR=R")
    assert found["meaning"] == []
    assert found["patients"] == 19
    assert {each["other_name"] for each in found["differences"]} == {"response_iwg"}
    assert [(each["patient"], each["old"], each["new"]) for each in found["differences"]] == [
        ("19", "NR", "CR"), ("7", "NR", None)]  # 7 begins with one count: not confirmed yet


def test_nothing_differs_from_itself() -> None:
    found = diff(COHORT)
    assert (found["meaning"], found["differences"], found["differing"]) == ([], [], 0)


def test_no_reason_is_sought_that_nobody_reads(tmp_path: Path,
                                               monkeypatch: pytest.MonkeyPatch) -> None:
    sought: list[str] = []
    reasons = Explainer.reasons

    def noted(self: Explainer, difference: Difference, as_of: When) -> Explained:
        sought.append(difference.name)
        return reasons(self, difference, as_of)

    monkeypatch.setattr(Explainer, "reasons", noted)
    arguments = ("rules", "diff", "itp-sirolimus", "itp-sirolimus", written(ANNA, tmp_path),
                 "--set", "target_low=4")
    assert "Both reasons for each" in run(*arguments, "--no-why").stdout
    assert sought == []
    assert "level = target" in run(*arguments).stdout
    assert sought == ["level", "level.low"]


def test_both_reasons_on_a_page(tmp_path: Path) -> None:
    done = run("rules", "diff", "itp-sirolimus", "itp-sirolimus", written(ANNA, tmp_path),
               "--set", "target_low=4", "--format", "html")
    page = done.stdout
    assert page.startswith("<!doctype html>") and page.rstrip().endswith("</html>")
    assert "src=" not in page and "href=" not in page
    assert "level = low" in page and "level = target" in page


@pytest.mark.parametrize(("arguments", "words"), [
    (("--compare", "respons=response_iwg"), "found 'respons', expected a conclusion of"),
    (("--compare", "response"), "expected NAME=VALUE"),
    (("--set", "target_lo=4"), "did you mean 'target_low'?"),
    (("--store", "x.db", COHORT), "give one of them"),
])
def test_a_slip_is_told_with_what_to_write(arguments: tuple[str, ...], words: str) -> None:
    done = run("rules", "diff", "itp-sirolimus", "itp-sirolimus", *arguments)
    assert done.exit_code == 2 and words in done.stderr


def _other_limits() -> Assessor:
    settings_ = {"pr_count": "50", "target_low": "8", "loss_count": "20"}
    return Assessor(load_rulebook(RULES, settings_), UTC)


@settings(max_examples=5, deadline=None)
@given(SEEDS)
def test_the_stretches_are_those_where_the_assessments_differ(seed: int) -> None:
    """Outside of the stretches both say the same, and within they do not, at every boundary."""
    lines = [(Source("law", number), json.dumps(line).encode()) for number, line in
             enumerate(patient(random.Random(seed), "p"), 1)]
    found = compared(assessor(), _other_limits(), lambda: lines, Pairing())
    sides = [_assessed(each, [json.loads(text) for _, text in lines])
             for each in (assessor(), _other_limits())]
    names = {name for side in sides for name in side}
    for name in names:
        bounds = sorted({bound for side in sides for _, *span in side.get(name, [])
                         for bound in span})
        for instant in bounds:
            values = [_at(side.get(name, []), instant) for side in sides]
            told = [each.difference for each in found.found if each.difference.name == name
                    and each.difference.begun <= instant < (each.difference.to or LAST)]
            if instant == LAST:
                continue
            assert (values[0] != values[1]) == (len(told) == 1), (name, instant)
            if told:
                assert [told[0].old, told[0].new] == values


def _assessed(ready: Assessor, lines: list[Line]) -> dict[str, list[tuple[str, Any, Any]]]:
    from engine.assessment import assessment_of
    from engine.events.event import Event
    from engine.events.intake import Intake
    from engine.timeline.log import known

    intake = Intake(ready.rulebook.vocabulary, UTC)
    read = [intake.read(json.dumps(line).encode(), Source("law", number))
            for number, line in enumerate(lines, 1)]
    what = known([event for event in read if isinstance(event, Event)])
    assessment = assessment_of("p", ready.assess(what.events, what.as_of))
    spans: dict[str, list[tuple[str, Any, Any]]] = {}
    said = [(each.name, each.value, each.begin, each.end) for each in assessment.conclusions]
    said += [(each.rule, each.severity, each.begin, each.end) for each in assessment.alerts]
    for name, value, begin, end in said:
        spans.setdefault(name, []).append((value, parse_when(begin, UTC).start,
                                           parse_when(end, UTC).start if end else LAST))
    return spans


def _at(spans: list[tuple[str, Any, Any]], instant: Any) -> str | None:
    held = [span for span in spans if span[1] <= instant < span[2]]
    return max(held, key=lambda span: span[1])[0] if held else None


def test_a_set_that_goes_is_told_as_a_reader_writes_it() -> None:
    found = changes(assessor().rulebook, load_rulebook(ROOT / "rules" / "warfarin-inr"))
    gone = next(each for each in found if each.kind == "set" and each.how == "removed")
    assert gone.before and "frozenset" not in gone.before
    assert gone.before.split(", ") == sorted(gone.before.split(", "))


def test_what_holds_for_a_severity_is_told_as_it_is_and_as_it_was(other: Path) -> None:
    edited(other, "rulebook.yaml", "channel: in-basket, again_after: again_moderate",
           "channel: telephone")
    (change,) = changes(assessor().rulebook, load_rulebook(other))
    assert (change.kind, change.name, change.how) == ("severity", "moderate", "changed")
    assert change.before.startswith("in-basket; asks again after ")
    assert change.after.startswith("telephone; longest snooze ")
