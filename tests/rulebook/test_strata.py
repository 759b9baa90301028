"""Is every conclusion drawn after those it rests on, through facts, verdicts and words too?"""

from __future__ import annotations

from pathlib import Path

import pytest
from facts.lab import Lab

from engine.problems import RulebookError


def topic(name: str, when: str, of: str = "", more: str = "") -> str:
    judged = f"    of: {of}\n" if of else ""
    return (f"  - name: {name}\n    title: {name}\n{judged}    values: [good]\n    rules:\n"
            f"      - {{id: {name}.good, title: Good, value: good, when: {when}, "
            f"cite: lab{more}}}\n")


def order(folder: Path, facts: str, *topics: str) -> list[str]:
    lab = Lab(folder, f"facts:\n  newest: {{latest: count}}\n{facts}classify:\n{''.join(topics)}")
    return [each.name for each in lab.assessor.rulebook.topics]


def test_in_whatever_order_they_are_written(tmp_path: Path) -> None:
    assert order(tmp_path, "", topic("uno", "due == good"), topic("due", "tre == good"),
                 topic("tre", "newest > low")) == ["tre", "due", "uno"]


def test_through_a_fact_that_asks_a_fact(tmp_path: Path) -> None:
    facts = "  was: {is: due == good}\n  really: {is: was}\n"
    assert order(tmp_path, facts, topic("uno", "really"), topic("due", "newest > low")) == [
        "due", "uno"]


def test_through_verdicts_and_the_event_judged(tmp_path: Path) -> None:
    facts = "  good_ones: {series: due, where: verdict == good}\n  last: {latest: good_ones}\n"
    assert order(tmp_path, facts, topic("uno", "value > low", "last"),
                 topic("due", "value > low", "newest")) == ["due", "uno"]


def test_through_what_is_only_told(tmp_path: Path) -> None:
    assert order(tmp_path, "", topic("uno", "newest > low", more=', because: "it is {due}"'),
                 topic("due", "newest > low")) == ["due", "uno"]


def test_what_is_judged_at_events_may_read_its_own_earlier_verdicts(tmp_path: Path) -> None:
    facts = "  before: {of: count, any: uno, where: verdict == good, before: here}\n"
    assert order(tmp_path, facts, topic("uno", "value > low or before", "newest")) == ["uno"]


@pytest.mark.parametrize(("facts", "topics", "circle"), [
    ("", [topic("uno", "uno == good")], "uno -> uno"),
    ("", [topic("uno", "due == good"), topic("due", "not uno == good")], "uno -> due -> uno"),
    ("  was: {is: uno == good}\n", [topic("uno", "was")], "uno -> uno"),
    ("  seen: {latest: uno, where: verdict == good}\n",
     [topic("uno", "due == good", "newest"), topic("due", "known(seen)")], "uno -> due -> uno"),
])
def test_a_circle_is_shown(tmp_path: Path, facts: str, topics: list[str], circle: str) -> None:
    with pytest.raises(RulebookError) as refused:
        order(tmp_path, facts, *topics)
    (problem,) = refused.value.problems
    assert (problem.code, problem.found) == ("circle", circle)
    assert problem.quoted == "  - name: uno"
