"""Questions are counted, the unknown is asked twice, and a missing network is explained."""

from __future__ import annotations

import sys

import pytest

from engine.inference.faults import InferenceFault, NetworkUnavailable
from engine.inference.formula import All, AnyOf, Literal, Topic
from engine.inference.inference import Answer, Inference
from engine.inference.reference import ReferenceNetwork

TOPIC = Topic(
    "t",
    (
        ("both", All((Literal("a", True), Literal("b", False)))),
        ("either", AnyOf((Literal("a", True), Literal("b", False)))),
    ),
)


def test_unknown_counts_as_false_for_certain_and_as_true_for_possible() -> None:
    inference = Inference([TOPIC])
    assert inference.inputs("t") == ("a", "b")
    assert inference.ask("t", (True, None)) == Answer(
        certain=frozenset({"either"}), possible=frozenset({"both", "either"})
    )
    assert inference.ask("t", (None, True)) == Answer(
        certain=frozenset(), possible=frozenset({"either"})
    )


def test_every_question_reaches_the_network() -> None:
    inference = Inference([TOPIC], "reference")
    for truths in ((True, False), (True, None), (True, False)):
        inference.ask("t", truths)
    assert inference.asked == 3


def test_an_answer_that_cannot_be_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    inference = Inference([TOPIC], "reference")
    answers = iter((frozenset({"both"}), frozenset[str]()))
    monkeypatch.setattr(ReferenceNetwork, "ask", lambda *_: next(answers))
    with pytest.raises(InferenceFault, match=r"'t': \['both'\] certain, not possible"):
        inference.ask("t", (True, None))


def test_a_vector_of_the_wrong_length_is_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        Inference([TOPIC]).ask("t", (True,))


def test_two_topics_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="two topics have the same name"):
        Inference([TOPIC, TOPIC])


def test_missing_library_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "engine.inference.network", None)
    with pytest.raises(NetworkUnavailable) as missing:
        Inference([TOPIC], "durable")
    assert str(missing.value) == (
        "durable_rules is not installed. It needs Python 3.11 or 3.12, and is built from C source:"
        " install gcc and the Python headers (on Debian: apt-get install gcc python3-dev), then"
        " pip install durable-rules==2.0.28."
        " Without it, the reference network gives the same answers."
    )
    assert isinstance(Inference([TOPIC])._network, ReferenceNetwork)


def test_newer_pythons_are_served_by_the_reference(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 13, 0))
    assert isinstance(Inference([TOPIC])._network, ReferenceNetwork)
