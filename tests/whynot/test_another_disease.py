"""Whynot knows no medicine: it answers for the rulebook on the page that teaches the language."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from laws.assessed import ROOT, UTC

from engine.assess import Assessor
from engine.events.event import Event, Source
from engine.events.intake import Intake
from engine.rulebook.loader import load_rulebook

from .asked import assessed_with, is_so, texts, why_not

START = {"kind": "medication", "at": "2020-01-01", "drug": "warfarin", "action": "start",
         "dose": 5, "unit": "mg/d"}
STOP = {**START, "at": "2020-02-01", "action": "stop"}


def inr(at: str, value: object) -> dict[str, Any]:
    return {"kind": "inr", "at": at, "value": value, "unit": "INR"}


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Assessor:
    folder: Path = tmp_path_factory.mktemp("inr")
    page = (ROOT / "rules" / "README.md").read_text(encoding="utf-8")
    for name, text in re.findall(r"^`([a-z]+\.yaml)`\n```yaml\n(.*?)^```", page, re.M | re.S):
        mended = text.replace("[high, low, in-range]", "[high, low, in-range, not-clear]")
        (folder / name).write_text(mended, encoding="utf-8")
    return Assessor(load_rulebook(folder), UTC, "reference")


def events(ready: Assessor, *lines: dict[str, Any]) -> list[Event]:
    intake = Intake(ready.rulebook.vocabulary, UTC)
    found = [intake.read(json.dumps({"id": str(number), "patient": "p", **line}), Source("x", 1))
             for number, line in enumerate(lines)]
    return [event for event in found if isinstance(event, Event)]


@pytest.mark.parametrize(("what", "lines", "first"), [
    ("inr_class=high", (START, inr("2020-01-20", 2.5)),
     "It would hold with one more INR of 3.1 INR on 2020-01-21"),
    ("inr_class=low", (START, inr("2020-01-03", 1.5)),
     "It would hold with one more INR of 1.5 INR on 2020-01-07"),
    ("inr.bleeding", (START, inr("2020-01-20", 3.4)),
     "It would be open with a record of bleeding of grade 2 on 2020-01-21"),
    ("inr.overdue", (START, inr("2020-01-20", 2.5)),
     "It would be open on 2020-02-18 if nothing else happens: 29 more days"),
    ("inr.overdue", (START, inr("2020-01-20", 2.5), STOP),
     "It would be open had there not been the medication (warfarin stop 5 mg/d) on 2020-02-01, "
     "and after that on 2020-02-18, if nothing else happens"),
])
def test_the_smallest_change(ready: Assessor, what: str, lines: tuple[dict[str, Any], ...],
                             first: str) -> None:
    given = events(ready, *lines)
    answer = why_not(ready, what, given)
    told = [way.text for way in answer.ways]
    assert first in told, (told, texts(answer.against))
    name, _, value = what.partition("=")
    for way in answer.ways:
        assert is_so(assessed_with(way, given, ready), name, value or name), way.text
