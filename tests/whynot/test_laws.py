"""Does every change that is reported bring about what it says, and none of its parts do?"""

from __future__ import annotations

import random
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st
from laws.assessed import assessor, read
from oracle.patients import patient

from engine.timeline.log import known
from engine.whynot import search
from engine.whynot.question import question_of
from engine.whynot.supposed import Supposition
from engine.whynot.trials import Trials

from .asked import assessed_with, is_so, why_not

SEEDS = st.integers(0, 10**6)
FEW = settings(max_examples=4, deadline=None)


@FEW
@given(SEEDS)
def test_every_reported_change_makes_it_so(seed: int) -> None:
    rng = random.Random(f"whynot/{seed}")
    events = read(patient(rng, "p"))
    ready = assessor("reference")
    topic = rng.choice([each for each in ready.rulebook.topics if not each.internal])
    value = topic.name if topic.alert else rng.choice(topic.values)
    what = topic.name if topic.alert else f"{topic.name}={value}"
    if not events:
        return
    before, search.MOST_STEPS = search.MOST_STEPS, 250
    try:
        answer = why_not(ready, what, events)
    finally:
        search.MOST_STEPS = before
    now = known(events)
    trials = Trials(ready, now, now.as_of)
    question = question_of(ready, what)
    assert (answer.against is None) == question.holds(trials.base)
    if answer.against is None:
        assert not answer.ways
    for way in answer.ways:
        assert is_so(assessed_with(way, events, ready), topic.name, value), (what, way.text)
        for size in range(1, len(way.supposed)):
            for part in combinations(way.supposed.changes, size):
                assert not question.holds(trials.passage(Supposition(part))), (what, way.text)
