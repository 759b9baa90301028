"""A filter that compares a member with an event looks only at those near it, and finds the same."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from facts.lab import Lab, said
from hypothesis import given
from hypothesis import strategies as st

from engine.facts import windows

SPANS = [f"{function}({first}, {second}) {operator} {length}"
         for function, length in (("days", "week"), ("hours", "half_day"))
         for first, second in (("it", "hard"), ("hard", "it"), ("it", "here"), ("here", "it"))
         for operator in ("<", "<=", ">", ">=")]
FILTERS = [
    *SPANS, *(f"certainly({each})" for each in SPANS[::5]),
    *(f"possibly({each})" for each in SPANS[1::5]),
    "same(it, hard)", "same(it, hard) or same(it, here)", "same(it, hard) or value > high",
    "same(it, newest) or (fallen and same(it, hard))", "same_instant(it, here)",
    "precedes(it, here)"]
FACTS = """\
facts:
  hard: {first: fall, where: grade > two}
  fallen: {is: known(hard)}
  newest: {latest: count, where: value < low}
""" + "".join(
    f"  f{at}: {{of: [count, fall], series: {'count' if 'value' in each else '[count, fall]'}, "
    f'where: "{each}"}}\n'
    f"  n{at}: {{of: [count, fall], {which}: {'count' if 'value' in each else '[count, fall]'}, "
    f'where: "{each}"}}\n'
    for at, each in enumerate(FILTERS) for which in (("latest", "first", "any")[at % 3],))
LINES = st.lists(st.tuples(
    st.integers(1, 28), st.sampled_from(["", "", "T00:00Z", "T11:59Z", "T12:00Z"]),
    st.sampled_from(["count 5", "count 15", "count 25", "fall 1", "fall 3"])),
    min_size=1, max_size=9)


@pytest.fixture(scope="module")
def labs() -> tuple[Lab, Lab]:
    """Return one that narrows, and one that asks every member."""
    narrow = Lab(Path(tempfile.mkdtemp()), FACTS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(windows, "narrowed_by", lambda *_: None)
        return narrow, Lab(Path(tempfile.mkdtemp()), FACTS)


@given(LINES)
def test_the_same_is_found(labs: tuple[Lab, Lab], lines: list[tuple[int, str, str]]) -> None:
    told = [f"2020-05-{day:02}{time} {what}" for day, time, what in sorted(lines)]
    answers = []
    for lab in labs:
        passage = lab.passage(*told, at="2020-06-30")
        begun = passage.chart.begun
        answers.append({(fact, event.id): said(passage, fact, event)
                        for event in (*begun["count"].events(), *begun["fall"].events())
                        for fact in lab.assessor.rulebook.facts if fact[1:].isdigit()})
    assert answers[0] == answers[1]
