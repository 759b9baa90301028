"""Both networks and three-valued logic agree, whatever the topic and whatever is unknown."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.inference.formula import All, AnyOf, Formula, Literal, Topic, evaluate, negate
from engine.inference.inference import Inference

pytest.importorskip("durable")

SYMBOLS = ("a", "b", "c", "d e", "é.1", "id")
TRUTHS = st.sampled_from((True, False, None))

literals = st.builds(Literal, st.sampled_from(SYMBOLS), st.booleans())


def groups(parts: st.SearchStrategy[Formula]) -> st.SearchStrategy[Formula]:
    several = st.lists(parts, max_size=4).map(tuple)
    return st.builds(All, several) | st.builds(AnyOf, several)


formulas = st.recursive(literals, groups, max_leaves=12)
outcomes = st.tuples(st.sampled_from(("r1", "r2", "r3")), formulas)
topics = st.builds(Topic, st.just("t"), st.lists(outcomes, max_size=4).map(tuple))


@settings(max_examples=120, deadline=None)
@given(topics, st.data())
def test_networks_agree_with_three_valued_logic(topic: Topic, data: st.DataObject) -> None:
    networks = Inference([topic], "durable"), Inference([topic], "reference")
    inputs = networks[0].inputs("t")
    for truths in data.draw(st.lists(st.tuples(*(TRUTHS for _ in inputs)), max_size=3)):
        known = dict(zip(inputs, truths, strict=True))
        values = [(name, evaluate(formula, known)) for name, formula in topic.outcomes]
        for _ in range(2):
            for network in networks:
                answer = network.ask("t", truths)
                assert answer.certain == {name for name, value in values if value is True}
                assert answer.possible == {name for name, value in values if value is not False}


@given(formulas, st.data())
def test_negation_turns_every_value_round(formula: Formula, data: st.DataObject) -> None:
    truths = {symbol: data.draw(TRUTHS) for symbol in SYMBOLS}
    value = evaluate(formula, truths)
    assert evaluate(negate(formula), truths) is (None if value is None else not value)


@settings(max_examples=60)
@given(topics, st.data())
def test_what_becomes_known_never_takes_back(topic: Topic, data: st.DataObject) -> None:
    inference = Inference([topic], "reference")
    before = tuple(data.draw(TRUTHS) for _ in inference.inputs("t"))
    after = tuple(data.draw(TRUTHS) if truth is None else truth for truth in before)
    vague, precise = inference.ask("t", before), inference.ask("t", after)
    assert vague.certain <= precise.certain <= precise.possible <= vague.possible
