"""The laws of an assessment: it depends on what is known, and on nothing else."""

from __future__ import annotations

import json
import random
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from laws.assessed import Line, assess, read
from oracle.patients import patient

from engine.timeline.log import known

SEEDS = st.integers(0, 10**6)
FEW = settings(max_examples=12, deadline=None)


def lines_of(seed: int) -> list[Line]:
    return patient(random.Random(seed), "p")


@FEW
@given(SEEDS, st.randoms(use_true_random=False))
def test_the_order_of_arrival_changes_nothing(seed: int, shuffler: random.Random) -> None:
    lines = lines_of(seed)
    shuffled = list(lines)
    shuffler.shuffle(shuffled)
    assert assess(shuffled) == assess(lines)


@FEW
@given(SEEDS)
def test_a_line_that_comes_twice_adds_nothing(seed: int) -> None:
    lines = lines_of(seed)
    assert assess(lines + lines[::2]) == assess(lines)


@FEW
@given(SEEDS)
def test_answers_are_the_same_whether_kept_or_asked_anew(seed: int) -> None:
    lines = lines_of(seed)
    assert assess(lines, keep=False) == assess(lines)


@FEW
@given(SEEDS)
def test_both_networks_conclude_the_same(seed: int) -> None:
    pytest.importorskip("durable")
    lines = lines_of(seed)
    assert assess(lines, network="durable") == assess(lines, network="reference")


@FEW
@given(SEEDS, st.integers(0, 10**6))
def test_as_of_a_moment_equals_a_replay_up_to_it(seed: int, chooser: int) -> None:
    lines = lines_of(seed)
    events = read(lines)
    chosen = sorted(events, key=lambda event: (event.recorded.start, event.id))[
        chooser % len(events)]
    moment = chosen.recorded
    by_then = [line for line, event in zip(_readable(lines), events, strict=True)
               if event.recorded.start <= moment.end]
    assert assess(lines, moment.text) == assess(by_then, moment.text)


def _readable(lines: list[Line]) -> list[Line]:
    return [line for line in lines if read([line])]


@FEW
@given(SEEDS)
def test_the_spelling_of_a_unit_changes_no_class(seed: int) -> None:
    lines = lines_of(seed)
    respelt = [_respelt(line) for line in lines]
    assert _classes(assess(respelt)) == _classes(assess(lines))


def _respelt(line: Line) -> Line:
    """Write a count per litre as the same count per microlitre, exactly."""
    if line.get("unit") not in {"10*9/L", "10*3/uL", "K/uL", "G/L"} or "value" not in line:
        return line
    text = str(line["value"]).lstrip("<>=")
    if Fraction(text) < 1:
        return line  # below 1 per microlitre the unit is suspect, and so it should be
    sign = str(line["value"])[: len(str(line["value"])) - len(text)]
    per_microlitre = Fraction(text) * 1000
    if per_microlitre.denominator != 1:
        return line
    return {**line, "value": f"{sign}{per_microlitre}", "unit": "/uL"}


def _classes(record: str) -> Any:
    if not record:
        return None
    parsed = json.loads(record)
    alerts = [(each["rule"], each["from"], each["to"], each["severity"])
              for each in parsed["alerts"]]
    return parsed["summary"], alerts


@FEW
@given(SEEDS)
def test_every_conclusion_rests_on_events_known_by_then(seed: int) -> None:
    lines = lines_of(seed)
    record = assess(lines)
    ids = {event.id for event in known(read(lines)).events} if record else set()
    for each in json.loads(record or '{"conclusions": [], "alerts": []}')["conclusions"]:
        assert set(each["evidence"]) <= ids


def test_nothing_is_concluded_from_nothing() -> None:
    only = [{"id": "1", "patient": "p", "kind": "person", "at": "2015-01-01", "sex": "female"}]
    record = json.loads(assess(only))
    assert record["alerts"] == []
    assert [each["value"] for each in record["conclusions"]] == ["none"]
    assert set(record["summary"].values()) == {None, "none"}
