"""One patient assessed both ways: each event once, and as a passage through the instants."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from engine.assess import Assessor
from engine.assessment import assessment_of
from engine.events.event import Event, Source
from engine.events.intake import Intake
from engine.events.when import parse_when
from engine.reports.output import patient_line
from engine.rulebook.loader import load_rulebook
from engine.timeline.log import known
from outright.made import FILES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from engine.told import Told

RULEBOOK = "id: made\nversion: 1.0.0\ntitle: Made\nintended_use: Tests.\nsummary: {}\n"


def assessor(folder: Path, files: Mapping[str, str], zone: str = "UTC") -> Assessor:
    """Return the assessor of a rulebook, whose files are written into a folder first."""
    for name, text in {**FILES, "rulebook.yaml": RULEBOOK, **files}.items():
        (folder / name).write_text(text, encoding="utf-8")
    return Assessor(load_rulebook(folder), ZoneInfo(zone), "reference")


def events(ready: Assessor, lines: Iterable[bytes]) -> list[Event]:
    """Return the events of the lines that can be read."""
    intake = Intake(ready.rulebook.vocabulary, ready.zone)
    found = [intake.read(line.decode(), Source("made", at)) for at, line in enumerate(lines)]
    return [each for each in found if isinstance(each, Event)]


def line(number: int, at: str, kind: str = "count", **said: Any) -> bytes:
    """Return a line; of a count that says nothing else, it is 12 g/L."""
    said = said or {"value": "12", "unit": "g/L"}
    return json.dumps({"id": f"e{number}", "patient": "p", "kind": kind, "at": at,
                       **said}).encode()


def both(ready: Assessor, lines: Iterable[bytes],
         as_of: str | None = None) -> tuple[Told, bytes, bytes]:
    """Return what is told of a patient as of a moment, as the bytes printed, and of a passage."""
    stated = known(events(ready, lines), parse_when(as_of, ready.zone) if as_of else None)
    told = ready.assess(stated.events, stated.as_of)
    passage = ready.passage(stated.events, stated.as_of)
    return told, *(patient_line(assessment_of("p", each)) for each in (told, passage))


def alike(ready: Assessor, lines: Iterable[bytes], as_of: str | None = None) -> Told:
    """Return what is told of a patient; a passage has told the same."""
    told, outright, passage = both(ready, lines, as_of)
    assert json.loads(outright) == json.loads(passage)
    assert outright == passage
    return told
