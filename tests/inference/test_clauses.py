"""A topic becomes the clauses that are written here, no more and no fewer."""

from __future__ import annotations

import pytest

from engine.inference.clauses import MOST_READERS, Clause, compile_topic, rename
from engine.inference.faults import TopicTooLargeError
from engine.inference.formula import All, AnyOf, Formula, Literal, Topic, inputs_of

A, B, C = (Literal(name, True) for name in "abc")
NOT_A = Literal("a", False)


def clauses_of(*formulas: Formula) -> set[tuple[str, str]]:
    program = compile_topic(Topic("t", tuple(("r", formula) for formula in formulas)))
    return {(" ".join(clause.premises), clause.conclusion) for clause in program.clauses}


def test_absence_is_a_symbol_of_its_own() -> None:
    assert clauses_of(All((B, NOT_A))) == {("+b -a", "=r")}


def test_alternatives_are_clauses_and_groups_are_symbols() -> None:
    assert clauses_of(AnyOf((A, All((B, AnyOf((A, C))))))) == {
        ("+a", "=r"),
        ("+b &0", "=r"),
        ("+a", "&0"),
        ("+c", "&0"),
    }


def test_equal_groups_share_a_symbol() -> None:
    either = AnyOf((A, B))
    assert len(clauses_of(All((either, C)), All((either, NOT_A)))) == 4


def test_nothing_to_hold_always_holds_and_no_alternative_never_does() -> None:
    assert clauses_of(All(())) == {("", "=r")}
    assert clauses_of(AnyOf(())) == set()


def test_a_premise_is_joined_once() -> None:
    assert clauses_of(All((A, All((A, B))))) == {("+a +b", "=r")}


@pytest.mark.parametrize("size", [16, 17, 300])
def test_more_premises_than_a_rule_can_join_are_split(size: int) -> None:
    wide = All(tuple(Literal(f"x{n}", True) for n in range(size)))
    program = compile_topic(Topic("t", (("r", wide),)))
    assert max(len(clause.premises) for clause in program.clauses) == 16
    assert len(program.inputs) == size


def test_topics_of_one_shape_become_the_same_clauses() -> None:
    one = compile_topic(Topic("one", (("r", All((A, NOT_A))),)))
    other = compile_topic(Topic("other", (("s t", All((Literal("ü", False), B))),)))
    assert rename(one.clauses)[0] == rename(other.clauses)[0] == (Clause(("s0", "s1"), "s2"),)
    assert rename(other.clauses)[1] == {"-ü": "s0", "+b": "s1", "=s t": "s2"}


def test_inputs_stand_in_order_of_first_appearance() -> None:
    assert inputs_of(Topic("t", (("r", All((B, NOT_A))), ("s", AnyOf((A, C)))))) == ("b", "a", "c")


def test_a_topic_that_no_network_can_hold_is_refused() -> None:
    size = MOST_READERS + 1
    outcomes = tuple((f"r{n}", A) for n in range(size))
    with pytest.raises(TopicTooLargeError) as refused:
        compile_topic(Topic("big", outcomes))
    assert str(refused.value) == (
        "topic 'big' has 241 alternatives that read one literal,"
        " and 240 is the most that is possible; split it into several topics"
    )
    with pytest.raises(TopicTooLargeError, match="481 distinct literals and groups"):
        compile_topic(Topic("wide", tuple(("r", Literal(f"x{n}", True)) for n in range(481))))
