"""In which order conclusions are drawn: each after all that it rests on, or a circle is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.problems import Problem
from engine.rulebook.definitions import (
    Computed,
    Fact,
    Pick,
    Series,
    Sustained,
    Tally,
    Topic,
    Treatment,
    Window,
)
from engine.rulebook.terms import Ask, Conclusion, Term, Verdict, walk
from engine.rulebook.topics import criteria

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from engine.rulebook.loading import Loading


def in_order(topics: tuple[Topic, ...], facts: Mapping[str, Fact],
             loading: Loading) -> tuple[Topic, ...]:
    """Return the topics, each after those it reads; a circle is noted as a problem."""
    by_name = {topic.name: topic for topic in topics}
    _report_own(topics, facts, loading)
    behind = _Behind(facts)
    needs = {topic.name: _rests_on(topic, behind) & set(by_name) for topic in topics}
    ordered: list[Topic] = []
    done: set[str] = set()
    while len(done) < len(by_name):
        ready = [topic for topic in topics
                 if topic.name not in done and needs[topic.name] <= done]
        if not ready:
            done |= _report_circle(needs, done, by_name, loading)
            continue
        ordered += ready
        done |= {topic.name for topic in ready}
    return tuple(ordered)


def _rests_on(topic: Topic, behind: _Behind) -> set[str]:
    """Return the conclusions that must be drawn first.

    A topic that is judged at events may read its own earlier verdicts, and its caveats may read
    the present one as well.
    """
    found = behind.terms(deciding_terms(topic, behind.facts))
    if topic.of is not None:
        found -= {topic.name}
    return found | (behind.terms(detail_terms(topic)) - {topic.name})


def deciding_terms(topic: Topic, facts: Mapping[str, Fact]) -> list[Term]:
    """Return every term that decides the value of a topic."""
    conditions = [topic.given, *(rule.when for rule in topic.rules)]
    terms = [each.term for condition in conditions for each in criteria(condition)]
    if topic.of is not None and topic.of in facts:
        terms.append(Ask(topic.of, facts[topic.of].type))
    return terms


def settling_terms(topic: Topic) -> list[Term]:
    """Return every term that says from when on a value holds, and how grave an alert is."""
    grades = topic.alert.severities if topic.alert else ()
    terms = [each.term for _, when in grades if when is not None for each in criteria(when)]
    return [*terms, *(rule.dated for rule in topic.rules if rule.dated is not None)]


def detail_terms(topic: Topic) -> list[Term]:
    """Return every term of what a reader sees beside the value: caveats, severity, words, date."""
    conditions = [caveat.when for caveat in topic.caveats]
    if topic.alert:
        conditions += [when for _, when in topic.alert.advice]
    terms = [each.term for condition in conditions for each in criteria(condition)]
    return [*settling_terms(topic), *terms, *topic.words.values()]


class _Behind:
    """Which conclusions are read, through facts as well; each fact is gone into once."""

    def __init__(self, facts: Mapping[str, Fact]) -> None:
        self.facts = facts
        self._known: dict[str, set[str]] = {}

    def terms(self, terms: Iterable[Term]) -> set[str]:
        """Return the conclusions that terms read."""
        found: set[str] = set()
        for term in (part for whole in terms for part in walk(whole)):
            if isinstance(term, Conclusion | Verdict):
                found.add(term.topic)
            elif isinstance(term, Ask) and term.fact in self.facts:
                found |= self._fact(term.fact)
        return found

    def _fact(self, name: str) -> set[str]:
        if name not in self._known:
            fact = self.facts[name]
            self._known[name] = self.terms(fact_terms(fact, self.facts))
            self._known[name].update(_windows_topics(fact))
        return self._known[name]


def terms_behind(terms: Iterable[Term], facts: Mapping[str, Fact]) -> Iterator[Term]:
    """Yield every term inside others, and inside the facts that they ask."""
    seen: set[str] = set()
    waiting = list(terms)
    while waiting:
        for term in walk(waiting.pop()):
            yield term
            if isinstance(term, Ask) and term.fact in facts and term.fact not in seen:
                seen.add(term.fact)
                waiting += fact_terms(facts[term.fact], facts)


def _windows_topics(fact: Fact) -> Iterator[str]:
    window = getattr(fact.operation, "window", None)
    if isinstance(window, Window):
        yield from window.topics


def fact_terms(fact: Fact, facts: Mapping[str, Fact]) -> list[Term]:
    """Return every term that a fact evaluates; the facts it is made of stand as `Ask`."""
    terms: list[Term | None] = [fact.at]
    operation = fact.operation
    match operation:
        case Computed(branches=branches):
            terms += [term for branch in branches for term in branch]
        case Treatment(where=where, amounts=amounts):
            terms += [where, *(Ask(name, facts[name].type) for name in amounts if name in facts)]
        case Pick(window=window) | Tally(window=window) | Series(window=window) | Sustained(
                window=window):
            terms += [window.where, window.after, window.before, window.since, window.until,
                      window.within, *window.steps]
            terms += [Ask(name, facts[name].type) for name in window.facts if name in facts]
    if isinstance(operation, Sustained):
        terms += [operation.holds, operation.establishes, operation.ignoring]
    if isinstance(operation, Tally):
        terms.append(operation.value)
    return [term for term in terms if term is not None]


def _report_own(topics: Iterable[Topic], facts: Mapping[str, Fact], loading: Loading) -> None:
    """Note each topic judged at events that reads the value which is being decided.

    What it said of earlier events it may read; what it has come to by now is what is asked.
    """
    for topic in topics:
        if topic.of is not None and any(
                isinstance(term, Conclusion) and term.topic == topic.name
                for term in terms_behind(deciding_terms(topic, facts), facts)):
            loading.problems.append(Problem(
                topic.place, "circle", f"{topic.name} -> {topic.name}",
                "a conclusion that does not rest on its own present value",
                "of an earlier event ask what was said of it: EVENT.verdict == VALUE, or "
                f"where: verdict == VALUE in a fact that looks through {topic.name}", topic.line))


def _report_circle(needs: Mapping[str, set[str]], done: set[str], topics: Mapping[str, Topic],
                   loading: Loading) -> set[str]:
    """Note a circle, and return the conclusions of it."""
    path = [next(name for name in topics if name not in done)]
    while path.count(path[-1]) == 1:
        path.append(min(name for name in needs[path[-1]] if name not in done))
    circle = path[path.index(path[-1]):]
    first = topics[circle[0]]
    loading.problems.append(Problem(
        first.place, "circle", " -> ".join(circle),
        "conclusions that do not rest on each other in a circle",
        "let one of them rest on events or on an earlier conclusion instead", first.line))
    return set(circle)
