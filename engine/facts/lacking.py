"""What would decide a topic that is open: data that are missing, or numbers known too loosely?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.events.amount import Amount
from engine.facts.evidence import asked_at, open_questions, worked_out_from
from engine.facts.phrases import Reader
from engine.facts.terms import compile_term
from engine.rulebook.definitions import Computed
from engine.rulebook.terms import Ask, Comparing, Term, walk
from engine.rulebook.topics import criteria

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from engine.events.event import Event
    from engine.facts.chart import Chart
    from engine.rulebook.definitions import Topic


def would_decide(topic: Topic, values: Collection[str], chart: Chart,
                 here: Event | None) -> list[str]:
    """Return which data would decide whether a topic has one of these values.

    In the words of the facts, or else of the topic; where neither says anything, every number that
    is known only as a range, if a comparison of it is open.
    """
    conditions = [topic.given, *(rule.when for rule in topic.rules if rule.value in values)]
    terms = [each.term for condition in conditions for each in criteria(condition)]
    needs = open_questions(terms, chart, here) or [each for each in (topic.needs,) if each]
    return needs or sorted({f"an exact number: {words}" for term in terms
                            for words in _loose_in(term, chart, here, set())})


def _loose_in(term: Term, chart: Chart, here: Event | None,
              seen: set[tuple[str, Event | None]]) -> Iterator[str]:
    reader = Reader(chart, here)
    if compile_term(term, chart.program)(chart, here, None) is not None:
        return
    for part in walk(term):
        if isinstance(part, Comparing) and reader.value(part) is None:
            sides = [(side, reader.value(side)) for side in (part.left, part.right)]
            if all(isinstance(value, Amount) for _, value in sides):
                yield from (reader.noun(side) for side, value in sides if not value.is_exact)
        if not isinstance(part, Ask) or part.at_it or (part.fact, here) in seen:
            continue
        seen.add((part.fact, here))
        fact = chart.program.by_name[part.fact].fact
        if isinstance(fact.operation, Computed):
            place = asked_at(fact, chart, here)
            for inner in worked_out_from(fact, chart, place):
                yield from _loose_in(inner, chart, place, seen)
