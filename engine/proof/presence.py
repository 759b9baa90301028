"""Of which picked events does a rulebook ask only whether there is one at all?

There the first says what the latest says: each is there where any is. So that no difference is
seen that nobody can see, both are read as the latest.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from msgspec.structs import replace

from engine.rulebook.definitions import Pick, Series
from engine.rulebook.strata import deciding_terms, detail_terms, fact_terms
from engine.rulebook.terms import (
    Among,
    Ask,
    Both,
    Comparing,
    Constant,
    FieldOf,
    Function,
    It,
    Negated,
    Term,
    walk,
)
from engine.rulebook.types import SymbolType, TruthType

if TYPE_CHECKING:
    from engine.rulebook.definitions import Fact, Rulebook, Window

_ALWAYS_KNOWN = frozenset({"known", "possibly", "certainly"})


def read_as_latest(rulebook: Rulebook) -> Rulebook:
    """Return the rulebook with every `first` of which only the presence matters as `latest`."""
    only = _only_asked_whether(rulebook)
    return replace(rulebook, facts={
        name: replace(fact, operation=replace(fact.operation, which="latest"))
        if name in only and isinstance(fact.operation, Pick) and _is_settled(
            fact.operation.window, rulebook) else fact
        for name, fact in rulebook.facts.items()})


def _only_asked_whether(rulebook: Rulebook) -> set[str]:
    """Return the facts of which nothing is read but `known(...)`."""
    terms = [term for fact in rulebook.facts.values() for term in fact_terms(fact, rulebook.facts)]
    for topic in rulebook.topics:
        terms += [*deciding_terms(topic, rulebook.facts), *detail_terms(topic)]
    read, whether = Counter[str](), Counter[str]()
    for outer in terms:
        for term in walk(outer):
            match term:
                case Ask(fact=fact):
                    read[fact] += 1
                case Function(name="known", arguments=(Ask(fact=fact),)):
                    whether[fact] += 1
    return {name for name in whether if read[name] == whether[name]} - set(
        rulebook.summary.values())


def _is_settled(window: Window, rulebook: Rulebook) -> bool:
    """Whether each event surely is a member, or surely is none.

    Where membership is open, what is picked is unknown, and may be so from one end only.
    """
    return (not window.topics and not window.steps
            and (window.where is None or _is_certain(window.where))
            and all(_is_settled_series(rulebook.facts[name], rulebook) for name in window.facts))


def _is_settled_series(fact: Fact, rulebook: Rulebook) -> bool:
    return isinstance(fact.operation, Series) and _is_settled(fact.operation.window, rulebook)


def _is_certain(term: Term) -> bool:
    """Whether a condition is never unknown: names and flags of the member itself."""
    match term:
        case Both(parts=parts):
            return all(_is_certain(part) for part in parts)
        case Negated(part=part):
            return _is_certain(part)
        case Comparing(left=left, right=right):
            return _is_name(left) and _is_name(right)
        case Among(item=item):
            return _is_name(item)
        case Function(name=name):
            return name in _ALWAYS_KNOWN
    return isinstance(term, FieldOf) and isinstance(term.base, It) and isinstance(
        term.type, TruthType)


def _is_name(term: Term) -> bool:
    return isinstance(term.type, SymbolType) and (
        isinstance(term, Constant) or (isinstance(term, FieldOf) and isinstance(term.base, It)))
