"""The rulebook on the page that teaches the language loads, after the one mistake it announces."""

from __future__ import annotations

import json
import re
import textwrap
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from engine.assess import Assessor
from engine.assessment import assessment_of
from engine.events.event import Event, Source
from engine.events.intake import Intake
from engine.problems import RulebookError
from engine.reports.examples import run_examples
from engine.reports.records import patient_record
from engine.rulebook.loader import load_rulebook
from engine.timeline.log import known

ROOT = Path(__file__).parents[2]
UTC = ZoneInfo("UTC")
EVENTS: list[dict[str, Any]] = [
    {"id": "1", "kind": "medication", "at": "2020-01-01", "drug": "warfarin", "action": "start",
     "dose": 5, "unit": "mg/d"},
    {"id": "2", "kind": "inr", "at": "2020-01-04", "value": 1.4, "unit": "INR"},
    {"id": "3", "kind": "inr", "at": "2020-01-20", "value": "1.9", "unit": "INR"},
    {"id": "4", "kind": "medication", "at": "2020-02-01", "drug": "fluconazole",
     "action": "start"},
    {"id": "5", "kind": "inr", "at": "2020-02-10", "value": ">3.0", "unit": "INR",
     "capillary": True},
    {"id": "6", "kind": "bleed", "at": "2020-02-12", "grade": 2},
    {"id": "7", "kind": "bleed", "at": "2020-03-20", "grade": 0},
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    page = (ROOT / "rules" / "README.md").read_text(encoding="utf-8")
    files = re.findall(r"^`([a-z]+\.yaml)`\n```yaml\n(.*?)^```", page, re.M | re.S)
    assert [name for name, _ in files] == [
        "rulebook.yaml", "vocabulary.yaml", "citations.yaml", "parameters.yaml", "inr.yaml"]
    for name, text in files:
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_the_mistake_on_the_page_is_reported_as_it_says(folder: Path) -> None:
    with pytest.raises(RulebookError) as refused:
        load_rulebook(folder)
    (problem,) = refused.value.problems
    assert str(problem).splitlines()[0].endswith(
        "inr.yaml:31:15: unknown-value: found 'not-clear', expected one of high, low, in-range; "
        "add it to `values`, or name one of them")


def mend(folder: Path) -> None:
    topic = folder / "inr.yaml"
    text = topic.read_text(encoding="utf-8").replace(
        "values: [high, low, in-range]", "values: [high, low, in-range, not-clear]")
    topic.write_text(text, encoding="utf-8")


def test_the_further_facts_on_the_page_load_and_answer(folder: Path) -> None:
    mend(folder)
    page = (ROOT / "rules" / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```yaml\n((?:high_twice|age_days): .*?)^```", page, re.M | re.S)
    assert len(blocks) == 2
    topic = folder / "inr.yaml"
    further = textwrap.indent("".join(blocks), "  ")
    topic.write_text(topic.read_text("utf-8").replace("classify:\n", f"{further}classify:\n"),
                     "utf-8")
    with (folder / "parameters.yaml").open("a", encoding="utf-8") as parameters:
        parameters.write("half_day: {value: 12, unit: hours, cite: tutorial, about: half a day}\n")
    main = folder / "rulebook.yaml"
    main.write_text(main.read_text("utf-8").replace("summary: {", "summary: {bound: last_bound, "),
                    "utf-8")
    assert summary_of(folder)["bound"] == 2  # 40 days after the start


def test_the_examples_on_the_page_pass(folder: Path) -> None:
    mend(folder)
    page = (ROOT / "rules" / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```yaml\n(start: .*?|  - name: .*?)^```", page, re.M | re.S)
    (folder / "inr.examples.yaml").write_text("".join(blocks), encoding="utf-8")
    (shorthand,) = re.findall(r"^`shorthand.examples.yaml`\n```yaml\n(.*?)^```", page, re.M | re.S)
    (folder / "shorthand.examples.yaml").write_text(shorthand, encoding="utf-8")
    tested = run_examples(folder, load_rulebook(folder))
    assert len(tested.outcomes) == len(blocks) == 4
    assert not any(outcome.differences for outcome in tested.outcomes)


def summary_of(folder: Path) -> dict[str, Any]:
    record: dict[str, Any] = assessed(folder)["summary"]
    return record


def assessed(folder: Path) -> dict[str, Any]:
    rulebook = load_rulebook(folder)
    intake = Intake(rulebook.vocabulary, UTC)
    events = [intake.read(json.dumps({"patient": "p", **each}), Source("page", 1))
              for each in EVENTS]
    stated = known([event for event in events if isinstance(event, Event)])
    assert len(stated.events) == len(EVENTS)
    passage = Assessor(rulebook, UTC).assess(stated.events, stated.as_of)
    return patient_record(assessment_of("p", passage))


def test_mended_it_assesses_a_patient(folder: Path) -> None:
    mend(folder)
    record = assessed(folder)
    assert record["summary"] == {"inr_class": "high", "days_on_warfarin": 40}
    assert [(each["value"], each["from"]) for each in record["conclusions"]] == [
        ("low", "2020-01-20"), ("high", "2020-02-10")]
    assert [(each["rule"], each["severity"], each["from"], each["to"])
            for each in record["alerts"]] == [
        ("inr.bleeding", "critical", "2020-02-12", "2020-02-20"),
        ("inr.overdue", "low", "2020-03-10", None)]
    assert record["alerts"][0]["message"] == (
        "Bleeding with an INR of >3.0 INR on 2020-02-10. An azole is running: it raises the INR.")
