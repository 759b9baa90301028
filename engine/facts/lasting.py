"""Which answers can never change again, once the event that they were asked at is over?

An answer asked at an event sees nothing that comes after the event's end, unless something in it
is always asked now, or at another event, or reads a conclusion that may still change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.facts.reach import reach_of
from engine.facts.verdict_windows import over_verdicts
from engine.rulebook.definitions import Fact, Pick, Rulebook, Series, Topic, Treatment, Window
from engine.rulebook.strata import conclusions_in, deciding_terms, fact_terms
from engine.rulebook.terms import Ask, Both, Conclusion, Elapsed, Here, It, Term, Verdict, walk

if TYPE_CHECKING:
    from collections.abc import Iterable


def looks_back(fact: Fact, rulebook: Rulebook) -> bool:
    """Whether the answer, asked at an event, rests on nothing that comes after the event's end."""
    asked = _facts_behind(fact, rulebook)
    if any(each.now or each.at is not None for each in asked):
        return False
    if any(isinstance(term, Conclusion) for term in _terms_of(asked, rulebook)):
        return False
    return all(_verdicts_last(topic, rulebook) for topic in _verdicts_read(asked, rulebook))


def reads_verdicts(fact: Fact, rulebook: Rulebook) -> bool:
    """Whether the answer rests on what was said of events.

    That may still be about to be said of an event that is over with the instant at which it is
    judged; all else is known of it by then.
    """
    return bool(_verdicts_read(_facts_behind(fact, rulebook), rulebook))


def filter_reads_verdicts(term: Term, rulebook: Rulebook) -> bool:
    """Whether what a filter says of a member rests on what was said of events."""
    return any(isinstance(part, Verdict) or (
        isinstance(part, Ask) and reads_verdicts(rulebook.facts[part.fact], rulebook))
        for part in walk(term))


def _verdicts_read(asked: list[Fact], rulebook: Rulebook) -> set[str]:
    read = {term.topic for term in _terms_of(asked, rulebook) if isinstance(term, Verdict)}
    for each in asked:
        window = getattr(each.operation, "window", None)
        read |= set(window.topics) if isinstance(window, Window) else set()
    return read


def _terms_of(facts: Iterable[Fact], rulebook: Rulebook) -> list[Term]:
    return [term for each in facts for outer in fact_terms(each, rulebook.facts)
            for term in walk(outer)]


def timeless(fact: Fact, rulebook: Rulebook) -> bool:
    """Whether a series is a filter over whole kinds that looks at nothing but each member."""
    if not isinstance(fact.operation, Series) or fact.at is not None or fact.of:
        return False
    window = fact.operation.window
    bounds = (window.after, window.before, window.since, window.until, window.within)
    if any(bounds) or window.topics or window.steps:
        return False
    return (window.where is None or looks_at_member(window.where, rulebook)) and all(
        timeless(rulebook.facts[name], rulebook) for name in window.facts)


def settled_and_open(window: Window, rulebook: Rulebook) -> tuple[Term | None, tuple[Term, ...]]:
    """Return what a filter says of a member alone as one term, and its other conditions."""
    own = _judging(window, rulebook)
    conditions = conjuncts(window.where)
    settled = [each for each in conditions if looks_at_member(each, rulebook, own)]
    open_ = tuple(each for each in conditions if each not in settled)
    return (Both("and", tuple(settled)) if len(settled) > 1 else next(iter(settled), None)), open_


def _judging(window: Window, rulebook: Rulebook) -> str:
    """Return the one conclusion at whose events a window looks, through a series or directly."""
    window = over_verdicts(window, rulebook.facts)
    others = window.kinds or window.facts or window.steps
    return "" if others or len(window.topics) != 1 else window.topics[0]


def conjuncts(term: Term | None) -> list[Term]:
    """Return the conditions that must all hold for a filter to let an event through."""
    if isinstance(term, Both) and term.operator == "and":
        return [each for part in term.parts for each in conjuncts(part)]
    return [] if term is None else [term]


def looks_at_member(term: Term, rulebook: Rulebook, own: str = "") -> bool:
    """Whether a filter says the same of a member wherever it is asked, and for ever after.

    What the conclusion `own`, from whose events the members come, says of them is taken as settled.
    """
    return all(
        not isinstance(part, Here | Conclusion | Elapsed)
        and not (isinstance(part, Verdict)
                 and not (part.topic == own and isinstance(part.base, It)))
        and (not isinstance(part, Ask)
             or (part.at_it and looks_back(rulebook.facts[part.fact], rulebook)))
        for part in walk(term))


def _verdicts_last(name: str, rulebook: Rulebook) -> bool:
    """Whether what a topic says of an event is settled once the event is over."""
    topic = next(each for each in rulebook.topics if each.name == name)
    return topic.of is not None and not comes_late(name, rulebook) and not reach_of(
        _deciding_at_events(topic, rulebook), rulebook.facts, anchored=True).direct


def comes_late(name: str, rulebook: Rulebook, above: frozenset[str] = frozenset()) -> bool:
    """Whether a topic may come to an event only after it, or reads verdicts that do."""
    topic = next(each for each in rulebook.topics if each.name == name)
    if topic.of is None:
        return False
    above |= {name}
    read = conclusions_in(_deciding_at_events(topic, rulebook), rulebook.facts) - above
    return not _comes_at_once(rulebook.facts[topic.of], rulebook) or any(
        comes_late(each, rulebook, above) for each in read)


def _deciding_at_events(topic: Topic, rulebook: Rulebook) -> list[Term]:
    """Return every term that decides a topic but for the event that it is judged at."""
    return [term for term in deciding_terms(topic, rulebook.facts)
            if not (isinstance(term, Ask) and term.fact == topic.of)]


def _comes_at_once(fact: Fact, rulebook: Rulebook) -> bool:
    """Whether the answer about the present comes to each of its events before that one is over."""
    operation = fact.operation
    if fact.of or fact.now or fact.at is not None:
        return False
    if isinstance(operation, Treatment):
        return operation.where is None or looks_at_member(operation.where, rulebook)
    if not isinstance(operation, Pick | Series):
        return False
    window = operation.window
    if window.before or window.until or window.within or settled_and_open(window, rulebook)[1]:
        return False
    named = [*window.steps, *(each for each in (window.after, window.since) if each is not None)]
    asked = {*window.facts, *(ask.fact for term in named for ask in _asks(walk(term)))}
    sources = [next(each for each in rulebook.topics if each.name == name).of
               for name in window.topics]
    return all(name is not None and _comes_at_once(rulebook.facts[name], rulebook)
               for name in [*asked, *sources])


def _facts_behind(fact: Fact, rulebook: Rulebook) -> list[Fact]:
    found: dict[str, Fact] = {}
    waiting: list[Term] = [Ask(fact.name, fact.type)]
    while waiting:
        for term in _asks(walk(waiting.pop())):
            if term.fact not in found:
                found[term.fact] = rulebook.facts[term.fact]
                waiting += fact_terms(found[term.fact], rulebook.facts)
    return list(found.values())


def _asks(terms: Iterable[Term]) -> Iterable[Ask]:
    return (term for term in terms if isinstance(term, Ask))
