"""A small vocabulary of things that happen, to ask single facts about a few events."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from engine.assess import Assessor
from engine.events.event import Event, Source
from engine.events.intake import Intake
from engine.events.when import parse_when
from engine.facts.members import Members
from engine.facts.wording import in_words
from engine.passage import Passage
from engine.rulebook.loader import load_rulebook
from engine.timeline.log import known

FILES = {
    "rulebook.yaml": "id: lab\nversion: 1.0.0\ntitle: Lab\nintended_use: Tests.\n",
    "citations.yaml": "lab: {title: Lab, source: Here, passages: {limits: High and low.}}\n",
    "vocabulary.yaml": """\
future_tolerance_minutes: 10
units:
  g/L: {spellings: {mg/L: 1/1000}}
  g: {}
kinds:
  count:
    title: Count
    main: value
    fields:
      value:
        quantity: g/L
        unit: unit
        comparator: comparator
        plausible: [0, 1000]
        required: true
      method: {type: symbol, values: [machine, eye]}
      doubtful: {type: boolean, default: false}
  pill:
    title: Pill
    fields:
      drug: {type: symbol, values: [a, b], open: true, required: true}
      action: {type: symbol, values: [start, change, stop], required: true}
      dose: {quantity: g, unit: unit}
    course: {action: action, by: drug, start: [start], change: [change], stop: [stop]}
  fall:
    title: Fall
    main: grade
    fields:
      grade: {type: count, required: true}
""",
}
PARAMETERS = """\
low: {value: 10, unit: g/L, cite: lab}
high: {value: 20, unit: g/L, cite: lab}
two: {value: 2, cite: lab}
week: {value: 7, unit: days, cite: lab}
gap: {value: 28, unit: days, cite: lab}
month: {value: 1, unit: months, cite: lab}
half_day: {value: 12, unit: hours, cite: lab}
"""


@dataclass
class Lab:
    """A rulebook of the given facts and topics, and what it says about lines."""

    folder: Path
    topic: str
    zone: str = "UTC"
    assessor: Assessor = field(init=False)

    def __post_init__(self) -> None:
        for name, text in {**FILES, "parameters.yaml": PARAMETERS,
                           "topic.yaml": f"title: Topic\n{self.topic}"}.items():
            (self.folder / name).write_text(text, encoding="utf-8")
        self.assessor = Assessor(load_rulebook(self.folder), ZoneInfo(self.zone), "reference")

    def events(self, *lines: str) -> list[Event]:
        """Return the events of lines such as ``2020-01-01 count 12`` or ``... pill a start 3``."""
        intake = Intake(self.assessor.rulebook.vocabulary, self.assessor.zone)
        found = [intake.read(json.dumps(_line(str(index), line)), Source("lab", index))
                 for index, line in enumerate(lines, 1)]
        assert all(isinstance(each, Event) for each in found), found
        return [each for each in found if isinstance(each, Event)]

    def passage(self, *lines: str, at: str = "2020-12-31") -> Passage:
        """Return the passage of a patient up to a moment."""
        what = known(self.events(*lines), parse_when("2030-01-01", self.assessor.zone))
        return self.assessor.passage(what.events, parse_when(at, self.assessor.zone), whole=True)

    def ask(self, fact: str, *lines: str, at: str = "2020-12-31") -> str:
        """Return the answer to a fact at a moment, in words; an event as its number."""
        passage = self.passage(*lines, f"{at} fall 0", at=at)
        return said(passage, fact)

    def episodes(self, topic: str, *lines: str, at: str = "2020-12-31") -> list[
            tuple[str, str, str | None]]:
        """Return value, first instant and end of each episode of a conclusion."""
        passage = self.passage(*lines, at=at)
        return [(each.standing.value or "", each.begun.text,
                 each.ended.text if each.ended else None)
                for each in passage.episodes.get(topic, [])]


def said(passage: Passage, fact: str, here: Event | None = None) -> str:
    """Return an answer in words; an event as its number, a series as theirs."""
    chart = passage.chart
    value = chart.answer(chart.program.by_name[fact], here)
    if isinstance(value, Event):
        return f"#{value.id}"
    if isinstance(value, Members):
        return " ".join(f"#{event.id}{'' if certain else '?'}" for event, certain in value)
    return in_words(value, chart)


def _line(identity: str, text: str) -> dict[str, Any]:
    at, kind, *words = text.split()
    line: dict[str, Any] = {"id": identity, "patient": "p", "kind": kind, "at": at}
    if kind == "count":
        line |= {"value": words[0], "unit": "g/L"}
        for word in words[1:]:
            key = {"doubtful": "doubtful", "preliminary": "status"}.get(word, "method")
            line[key] = True if word == "doubtful" else word
    elif kind == "pill":
        line |= dict(zip(("drug", "action"), words, strict=False))
        line |= {"dose": words[2], "unit": "g"} if len(words) > 2 else {}
    else:
        line["grade"] = int(words[0])
    return line
