"""Which term does a name stand for where several things could be meant, and of which type?"""

from __future__ import annotations

from pathlib import Path

import pytest
from facts.lab import Lab

from engine.problems import RulebookError
from engine.rulebook.definitions import Computed, Rulebook, Tally
from engine.rulebook.terms import (
    Ask,
    Both,
    Comparing,
    Constant,
    FieldOf,
    Here,
    It,
    Negated,
    Term,
    Verdict,
)

FACTS = """\
facts:
  grade: {is: two}
  newest: {latest: count}
  fall_here: {of: fall, is: grade}
  fact_here: {is: grade}
  falls: {of: fall, any: fall, where: grade > here.grade}
  same_here: {of: fall, any: fall, where: "same(it, here)"}
  asked_of_it: {any: fall, where: fall_here > two}
  asked_of_here: {of: fall, any: count, where: value > low and fall_here > two}
  a-b: {is: low}
  hyphen: {is: a-b - low}
  outside: {is: "days(here, newest)"}
  worked: {is: newest * newest / two}
  root: {is: sqrt(worked * two)}
  zero: {is: newest > 0}
  chained: {is: low < newest <= high}
  verdicts: {any: state, where: verdict == good and value > low}
  no_flag: {any: count, where: not doubtful}
classify:
  - name: state
    title: State
    of: newest
    values: [good, bad]
    rules:
      - {id: good, title: Good, value: good, when: value > low, cite: lab}
      - {id: bad, title: Bad, value: bad, when: value <= low, cite: lab}
"""


@pytest.fixture(scope="module")
def rulebook(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    return Lab(tmp_path_factory.mktemp("lab"), FACTS).assessor.rulebook


def term(rulebook: Rulebook, fact: str) -> Term:
    operation = rulebook.facts[fact].operation
    if isinstance(operation, Computed):
        return operation.branches[0][1]
    assert isinstance(operation, Tally) and operation.window.where is not None
    return operation.window.where


def test_a_field_goes_before_a_fact_of_its_name(rulebook: Rulebook) -> None:
    """In a filter, bare names are fields of the member; elsewhere those of `here`; else facts."""
    assert isinstance(term(rulebook, "fact_here"), Ask)
    match term(rulebook, "fall_here"):
        case FieldOf(base=Here(), field="grade"):
            pass
        case other:
            pytest.fail(str(other))
    match term(rulebook, "falls"):
        case Comparing(left=FieldOf(base=It()), right=FieldOf(base=Here())):
            pass
        case other:
            pytest.fail(str(other))


def test_a_fact_of_a_kind_is_asked_at_the_member_or_at_here(rulebook: Rulebook) -> None:
    match term(rulebook, "asked_of_it"):
        case Comparing(left=Ask(fact="fall_here", at_it=True)):
            pass
        case other:
            pytest.fail(str(other))
    match term(rulebook, "asked_of_here"):
        case Both(parts=(_, Comparing(left=Ask(fact="fall_here", at_it=False)))):
            pass
        case other:
            pytest.fail(str(other))


def test_hyphens_and_minus_signs(rulebook: Rulebook) -> None:
    assert str(rulebook.facts["hyphen"].type) == "a number in g/L"


def test_here_outside_of_any_event_is_a_time(rulebook: Rulebook) -> None:
    assert str(rulebook.facts["outside"].type) == "a number in d"


def test_an_event_stands_for_its_number_and_units_are_worked_out(rulebook: Rulebook) -> None:
    assert str(rulebook.facts["worked"].type) == "a number in g.g/L.L"
    assert str(rulebook.facts["root"].type) == "a number in g/L"


def test_zero_needs_no_unit_and_chains_are_and(rulebook: Rulebook) -> None:
    assert isinstance(term(rulebook, "zero"), Comparing)
    match term(rulebook, "chained"):
        case Both(operator="and", parts=(Comparing(operator="<"), Comparing(operator="<="))):
            pass
        case other:
            pytest.fail(str(other))


def test_a_verdict_beside_a_field(rulebook: Rulebook) -> None:
    match term(rulebook, "verdicts"):
        case Both(parts=(Comparing(left=Verdict(topic="state"), right=Constant(value="good")),
                         Comparing(left=FieldOf(field="value")))):
            pass
        case other:
            pytest.fail(str(other))


def test_a_flag_is_a_condition(rulebook: Rulebook) -> None:
    assert isinstance(term(rulebook, "no_flag"), Negated)


@pytest.mark.parametrize(("fact", "said"), [
    ("{is: value}", "unknown-name: found 'value'"),
    ("{any: count, where: here.value > low}", "unknown-part: found 'here.value'"),
    ("{any: fall, where: it.value > low}", "unknown-field: found 'it.value'"),
    ("{is: it}", "no-member: found 'it'"),
    ("{is: newest + two}", "unit-mismatch: found a number in g/L + a number without unit"),
    ("{is: newest > low * low}", "unit-mismatch: found a number in g/L > a number in g.g/L.L"),
    ("{is: sqrt(newest)}", "wrong-argument: found sqrt(an event (count))"),
    ("{is: month + week}", "months-in-arithmetic: found calendar months"),
])
def test_what_a_name_may_not_be(tmp_path: Path, fact: str, said: str) -> None:
    with pytest.raises(RulebookError) as refused:
        Lab(tmp_path, f"facts:\n  newest: {{latest: count}}\n  asked: {fact}\n")
    (problem,) = refused.value.problems
    assert f"{problem.code}: found {problem.found}".startswith(said)
