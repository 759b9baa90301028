"""What the laws share: the rulebook, ready assessors, and patients to try them on."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from engine.assess import Assessor
from engine.assessment import assessment_of
from engine.events.event import Event, Source
from engine.events.intake import Intake
from engine.events.when import parse_when
from engine.reports.records import patient_record
from engine.rulebook.loader import load_rulebook
from engine.timeline.log import known

ROOT = Path(__file__).parents[2]
UTC = ZoneInfo("UTC")
Line = dict[str, Any]


@cache
def assessor(network: str | None = None, keep: bool = True) -> Assessor:
    """Return an assessor of the rulebook, made once."""
    rulebook = load_rulebook(ROOT / "rules" / "itp-sirolimus")
    return Assessor(rulebook, UTC, network, keep_answers=keep)  # type: ignore[arg-type]


@cache
def intake() -> Intake:
    """Return an intake of the rulebook's vocabulary."""
    return Intake(assessor().rulebook.vocabulary, UTC)


def read(lines: list[Line]) -> list[Event]:
    """Return the events of the lines that can be read."""
    found = [intake().read(json.dumps(line), Source("law", 1)) for line in lines]
    return [event for event in found if isinstance(event, Event)]


def assess(lines: list[Line], as_of: str | None = None, *, network: str | None = None,
           keep: bool = True, whole: bool = False) -> str:
    """Return the assessment of one patient's lines, as the bytes that would be printed."""
    events = read(lines)
    if not events:
        return ""
    stated = known(events, None if as_of is None else parse_when(as_of, UTC))
    ready = assessor(network, keep)
    record = patient_record(assessment_of(events[0].patient, ready.passage(
        stated.events, stated.as_of, whole=whole)))
    return json.dumps(record, sort_keys=True)
