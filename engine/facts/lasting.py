"""Which answers can never change again, once the event that they were asked at is over?

An answer asked at an event sees nothing that comes after the event's end, unless something in it
is always asked now, or at another event, or reads a conclusion that may still change.
"""

from __future__ import annotations

from functools import lru_cache

from msgspec import Struct

from engine.facts.reach import reach_of
from engine.facts.verdict_windows import over_verdicts
from engine.rulebook.definitions import Fact, Pick, Rulebook, Series, Topic, Treatment, Window
from engine.rulebook.once import once_a_rulebook
from engine.rulebook.strata import deciding_terms, fact_terms
from engine.rulebook.terms import Ask, Both, Conclusion, Elapsed, Here, It, Term, Verdict, walk


def looks_back(fact: Fact, rulebook: Rulebook) -> bool:
    """Whether the answer, asked at an event, rests on nothing that comes after the event's end."""
    behind = _behind(fact.name, rulebook)
    return not behind.moves and behind.verdicts <= lasting_verdicts(rulebook)


def reads_verdicts(fact: Fact, rulebook: Rulebook) -> bool:
    """Whether the answer rests on what was said of events.

    That may still be about to be said of an event that is over with the instant at which it is
    judged; all else is known of it by then.
    """
    return bool(_behind(fact.name, rulebook).verdicts)


def filter_reads_verdicts(term: Term, rulebook: Rulebook) -> bool:
    """Whether what a filter says of a member rests on what was said of events."""
    return any(isinstance(part, Verdict) or (
        isinstance(part, Ask) and reads_verdicts(rulebook.facts[part.fact], rulebook))
        for part in walk(term))


class _Behind(Struct, frozen=True):
    """What lies in a fact or behind it: whether any of it is asked now, at another event or reads a
    conclusion (it `moves`), and the conclusions whose verdicts are read."""

    moves: bool
    verdicts: frozenset[str]


@once_a_rulebook
def _behind(name: str, rulebook: Rulebook) -> _Behind:
    fact = rulebook.facts[name]
    moves, verdicts = fact.now or fact.at is not None, set[str]()
    window = getattr(fact.operation, "window", None)
    if isinstance(window, Window):
        verdicts.update(window.topics)
    for outer in fact_terms(fact, rulebook.facts):
        for term in walk(outer):
            match term:
                case Conclusion():
                    moves = True
                case Verdict(topic=topic):
                    verdicts.add(topic)
                case Ask(fact=name):
                    behind = _behind(name, rulebook)
                    moves = moves or behind.moves
                    verdicts |= behind.verdicts
    return _Behind(moves, frozenset(verdicts))


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


@lru_cache(maxsize=4)
def lasting_verdicts(rulebook: Rulebook) -> frozenset[str]:
    """Return the topics of which all that they say of an event is settled once the event is over.
    """
    return frozenset(topic.name for topic in rulebook.topics if _verdicts_last(topic, rulebook))


def _verdicts_last(topic: Topic, rulebook: Rulebook) -> bool:
    terms = _deciding_at_events(topic, rulebook)
    return topic.of is not None and not reach_of(terms, rulebook, anchored=True).direct and (
        topic.name not in late_conclusions(rulebook))


@lru_cache(maxsize=4)
def late_conclusions(rulebook: Rulebook) -> frozenset[str]:
    """Return the topics that may come to an event only after it, or read verdicts that do."""
    late = {topic.name for topic in rulebook.topics
            if topic.of is not None and not _comes_at_once(rulebook.facts[topic.of], rulebook)}
    for topic in rulebook.topics:  # each stands after those that it reads
        asked = (part for term in _deciding_at_events(topic, rulebook) for part in walk(term))
        if topic.of is not None and any(
                not late.isdisjoint(_behind(part.fact, rulebook).verdicts) if isinstance(part, Ask)
                else isinstance(part, Verdict) and part.topic in late for part in asked):
            late.add(topic.name)
    return frozenset(late)


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
        return _tells_at_once(operation.where, rulebook)
    if not isinstance(operation, Pick | Series):
        return False
    window = operation.window
    if any((window.before, window.until, window.within, window.topics)):
        return False
    named = [*window.steps, *(each for each in (window.after, window.since) if each is not None)]
    asked = {*window.facts, *(term.fact for each in named for term in walk(each)
                              if isinstance(term, Ask))}
    return _tells_at_once(window.where, rulebook) and all(
        _comes_at_once(rulebook.facts[name], rulebook) for name in asked)


def _tells_at_once(where: Term | None, rulebook: Rulebook) -> bool:
    """Whether a filter says of a member all that it ever will once the member is over."""
    return where is None or not any(
        isinstance(part, Here | Conclusion | Elapsed | Verdict) or (isinstance(part, Ask) and (
            not part.at_it or _behind(part.fact, rulebook) != _Behind(False, frozenset())))
        for part in walk(where))
