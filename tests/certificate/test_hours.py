"""Does a certificate tell hours that pass by themselves, and is it found where one lies of them?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from certificate.certificates import Record, changed, flaws_in, is_refused, sealed
from facts.lab import Lab

from engine.certificate.making import certificate_of
from engine.events.when import parse_when
from engine.explain import explain
from engine.timeline.log import known

TOPIC = """\
facts:
  newest: {about: the newest count, latest: count}
  fallen: {about: the newest fall, latest: fall}
  before_it: {of: fall, about: whether it was long before, is: hours_since(newest) >= half_day}
  lately: {about: whether one was measured lately, any: count, within: half_day}
  before_it_one: {of: fall, about: how many before it, count: count, within: half_day}
classify:
  - name: measured
    title: Measured
    values: [lately, no, open]
    fallback: open
    rules:
      - {id: m.yes, title: Lately, value: lately, when: lately, cite: lab}
      - {id: m.no, title: No, value: no, when: not lately, cite: lab}
  - name: counted
    title: Counted before a fall
    of: fallen
    values: [some, none, open]
    fallback: open
    rules:
      - {id: c.some, title: Some, value: some, when: before_it_one > 0, cite: lab}
      - {id: c.none, title: None, value: none, when: before_it_one == 0, cite: lab}
  - name: dose
    title: Dose
    values: [due, fresh, open]
    fallback: open
    rules:
      - {id: d.due, title: Due, value: due, when: hours_since(newest) >= half_day, cite: lab}
      - {id: d.fresh, title: Fresh, value: fresh, when: hours_since(newest) < half_day, cite: lab}
  - name: judged
    title: Judged at a fall
    of: fallen
    values: [long, short, open]
    fallback: open
    rules:
      - {id: j.long, title: Long, value: long, when: before_it, cite: lab}
      - {id: j.short, title: Short, value: short, when: not before_it, cite: lab}
"""
COUNTS = ["2020-03-28T20:00+01:00", "2020-03-28", "2020-03-28T21:00:00.000001+01:00"]
FALL = "2020-03-29T09:00+02:00 fall 1"


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Lab:
    return Lab(tmp_path_factory.mktemp("lab"), TOPIC, "Europe/Berlin")


def record(lab: Lab, count: str, at: str) -> Record:
    moment = parse_when(at, lab.assessor.zone)
    what = known(lab.events(f"{count} count 12", FALL), moment)
    passage = lab.assessor.passage(what.events, moment, whole=True)
    made = certificate_of("p", passage, what, [
        explain(passage, name) for name in ("dose", "judged", "measured", "counted")], None)
    told: Record = json.loads(json.dumps(made))
    return told


def elapsed(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Return the way to each step that compares hours that have passed."""
    if not isinstance(value, dict | list):
        return []
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    own = [path] if isinstance(value, dict) and value.get("op") == "elapsed" else []
    return own + [each for key, inner in pairs for each in elapsed(inner, (*path, key))]


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("at", ["2020-03-29T08:30+02:00", "2020-03-29T09:00+02:00",
                                "2020-03-29T13:15+02:00", "2020-03-29", "2020-04-02"])
def test_an_honest_one_is_confirmed(lab: Lab, count: str, at: str) -> None:
    made = record(lab, count, at)
    assert flaws_in(made) == []
    assert elapsed(made)


def test_hours_between_a_date_and_a_time_are_exact(tmp_path: Path) -> None:
    """The end of a day is a microsecond before midnight, which is no binary fraction of hours."""
    lab = Lab(tmp_path, TOPIC.replace("hours_since(newest) >= half_day}",
                                      "'hours(newest, here) >= half_day'}"), "Europe/Berlin")
    assert flaws_in(record(lab, "2020-03-28", "2020-03-29T10:30+02:00")) == []


@pytest.mark.parametrize("count", COUNTS)
def test_one_that_lies_is_found(lab: Lab, count: str) -> None:
    made = record(lab, count, "2020-03-29T13:15+02:00")
    for path in elapsed(made):
        step = made
        for key in path:
            step = step[key]  # type: ignore[index]
        truth = step["value"]
        lies = [((*path, "value"), other) for other in (True, False, None) if other is not truth]
        lies += [((*path, "parts", 1, "value", "number"), "11"),
                 ((*path, "sign"), "<" if step["sign"] == ">=" else ">="),
                 ((*path, "span", "start"), "never"), ((*path, "span"), {})]
        lies += [((*path, "span", end), f"2020-03-{day}T07:00:00+00:00")
                 for end in ("start", "end") for day in (28, 30)]
        for way, lie in lies:
            same = truth is None and way[-1] == "sign"  # it is open either way round
            assert same or is_refused(sealed(changed(made, way, lie))), way


def test_the_moment_asked_about_stands_in_it(lab: Lab) -> None:
    """Not the instant at which something changed last, which is another one."""
    made = record(lab, COUNTS[0], "2020-03-29T13:15+02:00")
    now, *_ = elapsed(made["conclusions"]["dose"])
    step: Any = made["conclusions"]["dose"]
    for key in now:
        step = step[key]
    assert step["span"]["start"] == "2020-03-29T11:15:00+00:00"
    told = json.dumps(made["explanations"])
    assert "16.25 hours since the newest count (12 g/L on 2020-03-28T20:00+01:00)" in told
