"""The durable network stays flat, leaves nothing behind and hides no fault."""

from __future__ import annotations

import os
import threading
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

durable_engine = pytest.importorskip("durable.engine")

from engine.inference import network as module  # noqa: E402  importable only where durable is
from engine.inference.faults import InferenceFault  # noqa: E402
from engine.inference.formula import All, AnyOf, Literal, Topic  # noqa: E402
from engine.inference.inference import Inference  # noqa: E402
from engine.inference.network import DurableNetwork  # noqa: E402

CHAINED = Topic(
    "t", (("r", All((AnyOf((Literal("a", True), Literal("b", True))), Literal("c", False)))),)
)
PRESENT = frozenset({"+a", "+b", "-c"})


def ruleset(network: DurableNetwork) -> Any:
    return network._questions["t"]._ruleset


def test_nothing_is_left_between_questions() -> None:
    network = DurableNetwork([CHAINED])
    for present, outcomes in ((PRESENT, {"r"}), (frozenset({"-c"}), set()), (PRESENT, {"r"})):
        assert network.ask("t", present) == outcomes
        with pytest.raises(Exception, match="309"):  # the library's "no such session"
            module._host().get_facts(ruleset(network)._name, "0")


def test_symbols_that_the_topic_does_not_read_are_nothing_to_it() -> None:
    assert DurableNetwork([CHAINED]).ask("t", frozenset({"+z", "=r", "&0", "-c"})) == set()


def test_equal_topics_share_a_ruleset_and_topics_of_other_shape_do_not() -> None:
    first = ruleset(DurableNetwork([CHAINED]))
    assert ruleset(DurableNetwork([CHAINED])) is first
    assert ruleset(DurableNetwork([Topic("t", (("r", Literal("a", True)),))])) is not first


def test_topics_that_share_a_ruleset_keep_their_own_outcomes() -> None:
    topics = [Topic(name, ((f"{name}!", Literal(name, True)),)) for name in ("x", "y")]
    network = DurableNetwork(topics)
    assert network.ask("x", frozenset({"+x"})) == {"x!"}
    assert network.ask("y", frozenset({"+x"})) == set()


def test_everything_at_its_limit_is_concluded() -> None:
    readers = tuple(
        (f"r{n}", All((Literal("a", True), Literal(f"x{n}", True)))) for n in range(240)
    )
    wide = tuple((f"r{n}", Literal(f"x{n}", True)) for n in range(480))
    chain = (("r", All(tuple(Literal(f"x{n}", n % 2 == 0) for n in range(200)))),)
    for outcomes in (readers, wide, chain):
        inference = Inference([Topic("t", outcomes)], "durable")
        reference = Inference([Topic("t", outcomes)], "reference")
        truths = tuple(name == "a" or int(name[1:]) % 2 == 0 for name in inference.inputs("t"))
        answer = inference.ask("t", truths)
        assert answer == reference.ask("t", truths)
        assert answer.certain


def test_no_threads_are_started() -> None:
    before = threading.active_count()
    DurableNetwork([CHAINED]).ask("t", PRESENT)
    assert threading.active_count() == before


def test_an_exception_in_an_action_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    network = DurableNetwork([CHAINED])

    def refuse(*_: object) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as broken:
        broken.setattr(durable_engine.Closure, "assert_fact", refuse)
        with pytest.raises(InferenceFault, match=r"an action of ruleset\d+ failed: OSError"):
            network.ask("t", PRESENT)
    assert network.ask("t", PRESENT) == {"r"}


def test_an_interrupt_in_an_action_is_not_swallowed(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(durable_engine.Closure, "assert_fact", interrupt)
    with pytest.raises(KeyboardInterrupt):
        DurableNetwork([CHAINED]).ask("t", PRESENT)


def test_a_refused_fact_is_a_fault_and_the_next_question_is_clean() -> None:
    network = DurableNetwork([CHAINED])
    for facts in (["s0", "s0"], ["unheard_of"]):  # observed twice; read by no rule
        with pytest.raises(InferenceFault, match=r"ruleset\d+ refused the fact"):
            ruleset(network).ask(facts)
        assert network.ask("t", PRESENT) == {"r"}


def test_a_session_that_cannot_be_deleted_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    network = DurableNetwork([CHAINED])
    with monkeypatch.context() as broken:
        broken.setattr(module, "_MARK", "unheard_of")
        with pytest.raises(InferenceFault, match="refused the fact 'first'"):
            network.ask("t", PRESENT)
    assert ruleset(network)._session == 1
    assert network.ask("t", PRESENT) == {"r"}


def test_a_chain_cut_short_by_the_clock_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    network = DurableNetwork([CHAINED])
    with monkeypatch.context() as stalled:
        moments = iter(range(0, 10**6, 11))
        stalled.setattr(durable_engine, "_unix_now", lambda: next(moments))
        with pytest.raises(InferenceFault, match="stopped before it had concluded everything"):
            network.ask("t", PRESENT)
    assert network.ask("t", PRESENT) == {"r"}


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="no /proc to measure with")
def test_memory_is_flat_over_more_questions_than_sessions() -> None:
    network = DurableNetwork([CHAINED])

    def resident() -> int:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")

    sizes = []
    for _ in range(3):
        for _ in range(6000):
            assert network.ask("t", PRESENT)
        DurableNetwork([CHAINED])
        sizes.append(resident())
    assert all(after - before < 2_000_000 for before, after in pairwise(sizes))
