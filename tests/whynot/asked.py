"""Small patients, what is asked about them, and what the ordinary assessment says of an answer."""

from __future__ import annotations

import json
from typing import Any

from laws.assessed import UTC, Line, assessor, read

from engine.assess import Assessor
from engine.assessment import Assessment, assessment_of
from engine.events.event import Event, Source
from engine.events.intake import Intake
from engine.events.when import parse_when
from engine.reason import Node
from engine.timeline.log import known
from engine.whynot.answer import Answer, Way, answer
from engine.whynot.question import question_of

MMF = "mycophenolate-mofetil"
ITP: Line = {"kind": "diagnosis", "at": "2014-01-01", "condition": "itp"}


def count(at: str, value: object) -> Line:
    return {"kind": "platelet_count", "at": at, "value": value, "unit": "10*9/L"}


def level(at: str, value: object) -> Line:
    return {"kind": "drug_level", "at": at, "drug": "sirolimus", "value": value, "unit": "ng/mL"}


def drug(at: str, name: str, action: str, **fields: Any) -> Line:
    return {"kind": "medication", "at": at, "drug": name, "action": action, **fields}


def bleeding(at: str, grade: int) -> Line:
    return {"kind": "bleeding", "at": at, "grade": grade}


def finding(at: str, name: str, *, present: bool) -> Line:
    return {"kind": "finding", "at": at, "finding": name, "present": present}


def sirolimus(at: str = "2015-01-01") -> Line:
    return drug(at, "sirolimus", "start", dose=2, unit="mg/m2/d")


def numbered(*lines: Line) -> list[Line]:
    return [{"id": str(number), "patient": "p", **line} for number, line in enumerate(lines, 1)]


def asked(what: str, *lines: Line, at: str | None = None) -> Answer:
    """Return why something is not so, of a patient of the lines."""
    return why_not(assessor("reference"), what, read(numbered(*lines)), at)


def why_not(ready: Assessor, what: str, events: list[Event], at: str | None = None) -> Answer:
    moment = parse_when(at, UTC) if at else None
    return answer(question_of(ready, what), ready, known(events), events, moment)


def lines_of(way: Way) -> list[Line]:
    """Return the lines of a change as they would be written."""
    return [json.loads(json.dumps(dict(change.event.given), default=float))
            for change in way.supposed.changes if change.event is not None]


def assessed_with(way: Way, events: list[Event], ready: Assessor) -> Assessment:
    """Return the ordinary assessment of the events with the lines of a change."""
    intake = Intake(ready.rulebook.vocabulary, UTC)
    told = [intake.read(json.dumps(line), Source("way", 1)) for line in lines_of(way)]
    assert all(isinstance(event, Event) for event in told), told
    more = [event for event in told if isinstance(event, Event)]
    what = known([*events, *more], parse_when(way.as_of.text, UTC))
    return assessment_of("p", ready.assess(what.events, what.as_of))


def is_so(assessment: Assessment, name: str, value: str) -> bool:
    """Whether a conclusion has a value at the end, or an alert is open."""
    return any(each.rule == name and each.end is None for each in assessment.alerts) or any(
        (each.name, each.value, each.end) == (name, value, None)
        for each in assessment.conclusions)


def texts(node: Node | None) -> list[str]:
    """Return every line of a tree."""
    if node is None:
        return []
    return [node.text, *(text for below in node.below for text in texts(below))]
