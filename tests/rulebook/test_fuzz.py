"""Whatever stands in the files of a rulebook: it loads, or it is refused in words, at a place."""

from __future__ import annotations

import json
import os
import random
import re
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rulebook.slips import MOST, put, slip, told

from engine.assess import Assessor
from engine.assessment import assessment_of
from engine.events.event import Event, Source
from engine.events.intake import Intake
from engine.events.when import parse_when
from engine.explain import explain, explainable
from engine.problems import RulebookError
from engine.reason import record_of
from engine.rulebook.checks.suspicions import suspicions
from engine.rulebook.definitions import Rulebook
from engine.rulebook.loader import read_rulebook
from engine.timeline.log import known

HERE = Path(__file__).parent
RULEBOOKS = {"tiny": HERE / "tiny", "shipped": HERE.parents[1] / "rules" / "itp-sirolimus"}
LINE_ENDS = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
TOKENS = re.compile(r"[\w-]+|\S")
LETTERS = "ab0-9.:,{}[]()'\"#&*!|>%@`?~ \t\n\r\x85\u2028\x00é\U0001f600<=/_"
UTC = ZoneInfo("UTC")
LINES: list[dict[str, Any]] = [
    {"id": "1", "kind": "medication", "at": "2020-01-01", "drug": "warfarin", "action": "start",
     "dose": 5, "unit": "mg/d"},
    {"id": "2", "kind": "inr", "at": "2020-01-04", "value": 1.4, "unit": "INR"},
    {"id": "3", "kind": "inr", "at": "2020-01-20T08:00Z", "value": "3.9", "unit": "INR"},
    {"id": "4", "kind": "medication", "at": "2020-02-01", "drug": "fluconazole",
     "action": "start"},
    {"id": "5", "kind": "inr", "at": "2020-02-10", "value": ">3.0", "unit": "INR",
     "capillary": True},
    {"id": "6", "kind": "bleed", "at": "2020-02-12", "grade": 3},
    {"id": "7", "kind": "body", "at": "2020-02-12", "weight": 70, "unit": "kg"},
    {"id": "8", "kind": "body", "at": "2020-02-13", "born": "1990-01-01"},
    {"id": "9", "kind": "level", "at": "2020-02-14", "drug": "warfarin", "value": 20,
     "unit": "ng/mL"},
    {"id": "10", "kind": "medication", "at": "2020-02-20", "drug": "warfarin",
     "action": "change"},
    {"id": "11", "kind": "medication", "at": "2020-03-20", "drug": "warfarin", "action": "stop"},
]
WORDS = ("", "0", "1/0", "-1", "true", "null", "it", "here", "not", "known", "[]", "{}", "''",
         "99999999999999999999", "1.5", "all", "x", "a.b.c", "value", "days", "it.it", "1e5")


@cache
def files_of(name: str) -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in RULEBOOKS[name].glob("*.yaml")
            if not path.name.endswith(".examples.yaml")}


def mutated(text: str, rng: random.Random) -> str:
    """Return the text with one letter, line or word removed, doubled, moved or replaced."""
    kind = rng.randrange(7)
    if kind < 2:
        at = rng.randrange(len(text))
        return text[:at] + rng.choice(LETTERS) * (kind or rng.randrange(2)) + text[at + 1 - kind:]
    lines = text.splitlines(keepends=True)
    index = rng.randrange(len(lines))
    if kind == 2:
        del lines[index]
    elif kind == 3:
        lines.insert(rng.randrange(len(lines)), lines[index])
    elif kind == 4:
        lines[index] = rng.choice(["", " ", "  "]) + lines[index].lstrip(" ")
    else:
        found = rng.choice(list(TOKENS.finditer(text)))
        word = rng.choice(WORDS) if kind == 5 else rng.choice(TOKENS.findall(text))
        return text[:found.start()] + word + text[found.end():]
    return "".join(lines)


def check(folder: Path) -> None:
    """Load the rulebook; whatever is wrong must have words, and a place that is there.

    One that loads must be fit for use: nothing is left to go wrong while a patient is assessed.
    """
    try:
        loaded = read_rulebook(folder)
        suspicions(loaded)
        use(loaded.rulebook)
    except RulebookError as refused:
        assert refused.problems
        for problem in refused.problems:
            text = Path(problem.place.file).read_bytes().decode().removeprefix("\ufeff")
            line = LINE_ENDS.split(text)[problem.place.line - 1]
            assert problem.quoted == line, problem
            assert 1 <= problem.place.column <= len(line) + 1, problem
            assert problem.found and problem.expected, problem


def use(rulebook: Rulebook) -> None:
    """Assess a patient and explain everything."""
    intake = Intake(rulebook.vocabulary, UTC)
    read = [intake.read(json.dumps({"patient": "p", **line}), Source("fuzz", 1)) for line in LINES]
    events = [event for event in read if isinstance(event, Event)]
    assessor = Assessor(rulebook, UTC, "reference")
    if events:
        what = known(events, parse_when("2022-01-01", UTC))
        passage = assessor.passage(what.events, what.as_of, whole=True)
        assessment_of("p", passage)
        for name in explainable(rulebook).values():
            record_of(explain(passage, name))


def changed(name: str, seed: int, folder: Path, times: int) -> None:
    rng = random.Random(seed)
    texts = dict(files_of(name))
    for _ in range(times):
        file = rng.choice(sorted(texts))
        texts[file] = mutated(texts[file], rng) or "\n"
    for file, text in texts.items():
        (folder / file).write_text(text, encoding="utf-8", newline="")
    check(folder)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("rulebook")


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 3))
def test_the_small_rulebook_changed_anywhere(folder: Path, seed: int, times: int) -> None:
    changed("tiny", seed, folder, times)


SLIPS = int(os.environ.get("SLIPS", "0"))  # more than CI has time for
"""SLIPS=5000 pytest tests/rulebook/test_fuzz.py -k slip"""


def slipped(name: str, seed: int, folder: Path) -> None:
    """One slip that breaks the meaning is told, and not as ten; none is a traceback."""
    one = slip(files_of(name), random.Random(seed))
    if one is None:
        return
    put(folder, files_of(name), one)
    problems = told(folder)
    assert problems or not one.must, one
    assert len(problems) <= MOST.get(one.kind, 5), (str(one), problems)
    for problem in problems:
        line = LINE_ENDS.split(Path(problem.place.file).read_bytes().decode())[
            problem.place.line - 1]
        assert problem.quoted == line, problem
        assert 1 <= problem.place.column <= len(line) + 1, problem


@settings(max_examples=SLIPS or 60, deadline=None)
@given(st.integers(0, 2**32))
def test_a_slip_of_the_pen_in_the_small_rulebook(folder: Path, seed: int) -> None:
    slipped("tiny", seed, folder)


@settings(max_examples=SLIPS // 20 or 8, deadline=None)
@given(st.integers(0, 2**32))
def test_a_slip_of_the_pen_in_the_shipped_rulebook(
        tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    slipped("shipped", seed, tmp_path_factory.mktemp("slip"))


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 2))
def test_the_shipped_rulebook_changed_anywhere(tmp_path_factory: pytest.TempPathFactory,
                                               seed: int, times: int) -> None:
    changed("shipped", seed, tmp_path_factory.mktemp("shipped"), times)
