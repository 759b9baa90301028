"""Which facts and conclusions of a rulebook were changed, and what rests on them?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.rulebook.definitions import Computed, Sustained, Treatment, Window
from engine.rulebook.strata import deciding_terms, detail_terms, fact_terms
from engine.rulebook.terms import Ask, Conclusion, Constant, TableEntry, Term, Verdict, walk
from engine.rulebook.topics import criteria

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.rulebook.definitions import Condition, Fact, Rulebook, Topic


def changed_facts(old: Rulebook, new: Rulebook) -> set[str]:
    """Return the facts that are declared otherwise, or name a parameter that has changed."""
    moved = {name for name, one in old.parameters.items() if one != new.parameters.get(name)}
    return {name for name, fact in old.facts.items()
            if fact != new.facts.get(name) or moved & _parameters_named(fact, old)}


def changed_topics(old: Rulebook, new: Rulebook) -> set[str]:
    """Return the topics that say something else."""
    moved = {name for name, one in old.parameters.items() if one != new.parameters.get(name)}
    before = {topic.name: topic for topic in old.topics}
    return {topic.name for topic in new.topics
            if topic != before.get(topic.name) or moved & _tables(_terms(topic, new))}


def resting_on(names: set[str], rulebook: Rulebook) -> set[str]:
    """Return these names, and every fact and conclusion that rests on one of them."""
    read = {name: read_directly(fact, rulebook) for name, fact in rulebook.facts.items()}
    read |= {topic.name: read_by_topic(topic, rulebook) for topic in rulebook.topics}
    found = set(names)
    while more := {name for name, reads in read.items() if name not in found and reads & found}:
        found |= more
    return found


def read_directly(fact: Fact, rulebook: Rulebook) -> set[str]:
    """Return the facts and conclusions that a fact names."""
    found = _named(fact_terms(fact, rulebook.facts))
    window = getattr(fact.operation, "window", None)
    return found | set(window.topics) if isinstance(window, Window) else found


def read_by_topic(topic: Topic, rulebook: Rulebook) -> set[str]:
    """Return the facts and conclusions that a topic names, for what it shows as well."""
    return _named(_terms(topic, rulebook)) | ({topic.of} if topic.of else set())


def _terms(topic: Topic, rulebook: Rulebook) -> list[Term]:
    return [*deciding_terms(topic, rulebook.facts), *detail_terms(topic)]


def _named(terms: Iterable[Term]) -> set[str]:
    found = set()
    for outer in terms:
        for term in walk(outer):
            if isinstance(term, Ask):
                found.add(term.fact)
            elif isinstance(term, Conclusion | Verdict):
                found.add(term.topic)
    return found


def says_unknown(condition: Condition, rulebook: Rulebook) -> bool:
    """Whether `unknown` is written in a condition, or in a computed fact that it reads."""
    waiting, seen = [each.term for each in criteria(condition)], set()
    while waiting:
        for term in walk(waiting.pop()):
            if isinstance(term, Constant) and term.value is None:
                return True
            if isinstance(term, Ask) and term.fact not in seen:
                seen.add(term.fact)
                operation = rulebook.facts[term.fact].operation
                if isinstance(operation, Computed):
                    waiting += fact_terms(rulebook.facts[term.fact], rulebook.facts)
    return False


def _parameters_named(fact: Fact, rulebook: Rulebook) -> set[str]:
    """Return the parameters that a fact looks up by name, their values not being in its terms."""
    found = _tables(fact_terms(fact, rulebook.facts))
    match fact.operation:
        case Treatment(rejoin=rejoin):
            found.add(rejoin)
        case Sustained(apart=apart, apart_hours=hours):
            found |= {apart, hours or apart}
    return found


def _tables(terms: Iterable[Term]) -> set[str]:
    return {term.name for outer in terms for term in walk(outer) if isinstance(term, TableEntry)}
