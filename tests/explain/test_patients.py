"""Can everything that is concluded about random patients be explained, and is it consistent?"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator

import pytest
from laws.assessed import assessor, read
from oracle.patients import patient

from engine.explain import explain, explainable, worth_explaining
from engine.passage import Passage
from engine.reason import Node, record_of
from engine.reports.trees import sources_of, tree_of
from engine.timeline.log import known

PATIENTS = 60


def every(node: Node) -> Iterator[Node]:
    yield node
    for each in node.below:
        yield from every(each)


def passage_of(seed: int) -> Passage:
    what = known(read(patient(random.Random(f"explained/{seed}"), "p")))
    return assessor("reference").passage(what.events, what.as_of, whole=True)


def kleene(word: str, truths: list[bool | None]) -> bool | None:
    if word == "all":
        return False if False in truths else None if None in truths else True
    some = True if True in truths else None if None in truths else False
    return some if word == "any" else None if some is None else not some


WORDS = {"all of these": "all", "at least one of these": "any", "none of these": "none"}


def check(passage: Passage, name: str, node: Node) -> None:
    events = {event.id for kind in passage.chart.events.values() for event in kind}
    topics = {topic.name: topic for topic in passage.assessor.rulebook.topics}
    for each in every(node):
        assert each.text
        assert "{" not in each.text, "a placeholder was not filled in"
        if each.kind == "event":
            assert each.data["event"] in events
        if each.kind in {"group", "rule"} and each.below:
            truths = [part.truth for part in each.below if part.kind in {"group", "criterion"}]
            assert each.truth is kleene(WORDS.get(each.text, "all"), truths), each
    if name in topics and name in passage.standings:
        standing = passage.standings[name]
        rules = {each.data["rule"]: each.truth for each in node.below
                 if each.kind == "rule" and "rule" in each.data}
        if standing.rule is not None:
            assert rules == {standing.rule: True}
        else:
            assert True not in rules.values()
        told = {kind: [each.data for each in node.below if each.kind == kind]
                for kind in ("overrode", "caveat", "undecided")}
        if rules:
            assert [each["value"] for each in told["overrode"]] == list(standing.overrode)
            assert [each["caveat"] for each in told["caveat"]] == list(standing.caveats)
            assert [each["value"] for each in told["undecided"]] == list(standing.undecided)


@pytest.mark.parametrize("seed", range(PATIENTS))
def test_everything_concluded_can_be_explained(seed: int) -> None:
    passage = passage_of(seed)
    names = explainable(passage.assessor.rulebook) if seed % 20 == 0 else {}
    topics = [topic.name for topic in passage.assessor.rulebook.topics]
    for name in [*topics, *names.values(), *worth_explaining(passage)]:
        node = explain(passage, name)
        check(passage, name, node)
        record = record_of(node)
        assert json.loads(json.dumps(record)) == record
        assert tree_of(node).label
        assert all(": " in source for source in sources_of(node))


def test_the_patients_show_every_kind_of_line() -> None:
    kinds = {each.kind for seed in range(5) for passage in [passage_of(seed)]
             for name in worth_explaining(passage) for each in every(explain(passage, name))}
    assert kinds >= {"conclusion", "rule", "group", "criterion", "fact", "parameter", "event",
                     "citation", "caveat", "overrode", "undecided", "message"}
