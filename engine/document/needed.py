"""Which facts and parameters does a part of a rulebook need, through others as well?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.rulebook.definitions import Sustained, Treatment
from engine.rulebook.strata import deciding_terms, detail_terms, fact_terms
from engine.rulebook.terms import Ask, Constant, Dated, TableEntry, Term, walk

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.rulebook.definitions import Fact, Rulebook, Topic


class Needed:
    """The names that topics and facts rest on."""

    def __init__(self, rulebook: Rulebook, topics: Iterable[Topic], facts: Iterable[str]) -> None:
        self._rulebook = rulebook
        self.facts: dict[str, None] = {}
        self.parameters: set[str] = set()
        terms = [term for topic in topics for term in (
            *deciding_terms(topic, rulebook.facts), *detail_terms(topic))]
        for name in facts:
            self._fact(rulebook.facts[name])
        self._terms(terms)

    def _terms(self, terms: Iterable[Term]) -> None:
        for part in (part for term in terms for part in walk(term)):
            match part:
                case Ask(fact=name) if name not in self.facts:
                    self._fact(self._rulebook.facts[name])
                case Constant(name=name) | Dated(name=name) | TableEntry(name=name) if name:
                    self.parameters.add(name)

    def _fact(self, fact: Fact) -> None:
        self.facts[fact.name] = None
        match fact.operation:
            case Treatment(rejoin=rejoin):
                self.parameters.add(rejoin)
            case Sustained(apart=apart, apart_hours=hours):
                self.parameters |= {apart, *([hours] if hours else [])}
        self._terms(fact_terms(fact, self._rulebook.facts))
