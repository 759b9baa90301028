"""What stands against a computed fact, where it is not known which of its branches is taken?"""

from __future__ import annotations

import pytest
from facts.lab import Lab

from engine.rulebook.terms import Ask
from engine.whynot.unmet import Place, Unmet, unmet

FACTS = """\
facts:
  newest: {latest: count}
  oldest: {first: count}
  fallen: {any: fall}
  raised: {is: oldest >= low}
  so: {case: [{if: newest < low, then: raised}, {then: fallen}]}
  alike: {case: [{if: newest < low, then: raised}, {then: oldest >= low}]}
  nothing_sure: {case: [{if: newest < low, then: raised}]}
"""
OPEN = "2020-06-01 count <20"


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Lab:
    return Lab(tmp_path_factory.mktemp("against"), FACTS)


def against(lab: Lab, fact: str, *lines: str, wanted: bool = True) -> list[set[str]]:
    """Return the alternatives that would do, each as the parts that would have to be otherwise."""
    asked = Ask(fact, lab.assessor.rulebook.facts[fact].type)
    found = unmet(asked, wanted, Place(lab.passage(*lines)))
    return [] if found is None else alternatives(found)


def alternatives(found: Unmet) -> list[set[str]]:
    if found.word == "leaf":
        return [{words(found)}] if not found.parts else alternatives(found.parts[0])
    inner = [alternatives(part) for part in found.parts]
    if found.word == "any":
        return [each for part in inner for each in part]
    whole: list[set[str]] = [set()]
    for part in inner:
        whole = [one | other for one in whole for other in part]
    return whole


def words(leaf: Unmet) -> str:
    left = getattr(leaf.term, "left", None)
    name = getattr(getattr(left, "base", left), "fact", "") or getattr(leaf.term, "fact", "")
    return f"{'' if leaf.wanted else 'not '}{name}"


def test_nothing_where_every_branch_comes_to_it(lab: Lab) -> None:
    assert against(lab, "so", "2020-01-01 count 30", OPEN, "2020-06-02 fall 1") == []


def test_it_is_enough_that_the_other_branch_comes_to_it(lab: Lab) -> None:
    """Which branch is taken need not be known then; it could be made known as well."""
    found = against(lab, "so", "2020-01-01 count 30", OPEN)
    assert {"fallen"} in found
    assert {"newest"} in found


def test_it_is_enough_that_both_come_to_it(lab: Lab) -> None:
    assert {"oldest"} in against(lab, "alike", "2020-01-01 count 3", OPEN)
    assert {"not oldest"} in against(lab, "alike", "2020-01-01 count 30", OPEN, wanted=False)


def test_where_no_branch_is_sure_its_condition_must_be(lab: Lab) -> None:
    assert against(lab, "nothing_sure", "2020-01-01 count 30", OPEN) == [{"newest"}]
