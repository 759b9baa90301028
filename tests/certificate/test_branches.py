"""Does a certificate show every branch that may be taken, and the checker find a false one?"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from certificate.certificates import Record, flaws_in, sealed
from facts.lab import Lab

from engine.certificate.making import certificate_of
from engine.events.when import parse_when
from engine.explain import explain
from engine.timeline.log import known

FACTS = """\
facts:
  newest: {latest: count}
  bound:
    case: [{if: newest > high, then: two * high}, {if: newest < low, then: low}, {then: high}]
  either_way: {case: [{if: newest < low, then: known(newest)}, {then: known(newest)}]}
  method: {case: [{if: newest < low, then: newest.method}, {then: newest.method}]}
  nothing_sure: {case: [{if: newest < low, then: low}]}
  span: {case: [{if: newest < low, then: week}, {then: gap}]}
  long_ago: {is: days_since(newest) > span}
  wide: {case: [{if: newest < low, then: newest.value}, {then: newest.value + high}]}
  then_on: {is: "later_by(newest, span)"}
"""
NAMES = ["bound", "either_way", "method", "nothing_sure", "long_ago", "wide", "then_on"]


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Lab:
    return Lab(tmp_path_factory.mktemp("certified"), FACTS)


def certified(lab: Lab, count: str, at: str = "2020-01-31") -> Record:
    """Return a certificate about every fact of a patient with one count."""
    what = known(lab.events(f"2020-01-01 count {count} eye"), parse_when(at, lab.assessor.zone))
    passage = lab.assessor.passage(what.events, what.as_of, whole=True)
    record = certificate_of("p", passage, what, [explain(passage, name) for name in NAMES], None)
    made: Record = json.loads(json.dumps(record))
    return made


@pytest.mark.parametrize("count", ["<20", "9", "10", ">5", "<=10", ">20", ">=0"])
@pytest.mark.parametrize("at", ["2020-01-03", "2020-01-20", "2020-01-31"])
def test_what_is_certified_is_consistent(lab: Lab, count: str, at: str) -> None:
    assert flaws_in(certified(lab, count, at)) == []


def test_each_branch_that_may_be_taken_stands_there_with_its_answer(lab: Lab) -> None:
    facts = certified(lab, "<20")["facts"]
    bound = facts["bound"]
    assert [each["if"] and each["if"]["value"] for each in bound["branches"]] == [False, None, None]
    assert ["then" in each and each["then"]["value"]["number"] for each in bound["branches"]] == [
        False, "10", "20"]
    assert bound["value"] == {"low": "10", "low_open": False, "high": "20", "high_open": False,
                              "unit": "g/L"}
    assert facts["either_way"]["value"] is True
    assert facts["method"]["value"] == "eye"
    assert facts["nothing_sure"]["value"] is None
    assert facts["wide"]["value"]["high"] == "40"


Change = Callable[[dict[str, Any]], object]


@pytest.mark.parametrize(("fact", "change", "said"), [
    ("bound", lambda fact: fact["value"].update(low="11"), "10 to 20"),
    ("bound", lambda fact: fact["value"].update(high="10"), "10 to 20"),
    ("bound", lambda fact: fact["value"].update(high_open=True), "10 to 20"),
    ("bound", lambda fact: fact["value"].update(unit="g"), "10 to 20"),
    ("bound", lambda fact: fact.update(value=None), "a number with its unit"),
    ("bound", lambda fact: fact.update(value={"number": "10", "unit": "g/L"}), "10 to 20"),
    ("bound", lambda fact: fact["branches"][1].pop("then"), "may hold, and only there"),
    ("bound", lambda fact: fact["branches"][0].update(then=fact["branches"][1]["then"]),
     "may hold, and only there"),
    ("bound", lambda fact: fact["branches"].append(fact["branches"][2]),
     "nothing behind the one that is surely taken"),
    ("bound", lambda fact: fact["branches"].pop(), "null"),
    ("either_way", lambda fact: fact.update(value=None), "true"),
    ("either_way", lambda fact: fact.update(value=False), "true"),
    ("method", lambda fact: fact.update(value="machine"), '"eye"'),
    ("nothing_sure", lambda fact: fact.update(value={"number": "10", "unit": "g/L"}), "null"),
    ("wide", lambda fact: fact["value"].update(high_open=False), "0 to 40"),
])
def test_what_was_changed_is_found(lab: Lab, fact: str, change: Change, said: str) -> None:
    record = certified(lab, "<20")
    change(record["facts"][fact])
    found = [flaw for flaw in flaws_in(sealed(record)) if f"[{fact}]" in flaw.place]
    assert any(said in flaw.expected for flaw in found), found


def test_a_time_that_may_have_passed_is_not_said_to_have(lab: Lab) -> None:
    record = certified(lab, "<20", at="2020-01-20")
    assert record["facts"]["long_ago"]["value"] is None
    record["facts"]["long_ago"]["value"] = True
    record["facts"]["long_ago"]["branches"][0]["then"]["value"] = True
    assert any("elapsed" in flaw.place for flaw in flaws_in(sealed(record)))
