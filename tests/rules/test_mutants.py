"""The examples of one small topic notice every change of its meaning; `make mutants` tries all."""

from __future__ import annotations

from command_line.program import RULES

from engine.mutation.running import chosen, judgements


def test_no_mutant_of_a_topic_survives() -> None:
    found = list(judgements(RULES, chosen(RULES, ["data"]), 5))
    assert [str(each.mutant) for each in found if each.fate == "survived"] == []
    assert sum(each.fate == "killed" for each in found) > 15
