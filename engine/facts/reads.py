"""What does an answer read itself? It holds for as long as none of that has changed.

That an answer may be touched (see `reach`) is not yet that it changes: a new event seldom alters
everything that rests on its kind.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.rulebook.definitions import Computed, Pick, Series, Sustained, Tally, Treatment
from engine.rulebook.terms import Ask, Conclusion, Here, Term, Verdict, walk

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.facts.program import Program, Question
    from engine.rulebook.definitions import Fact


@dataclass(frozen=True, slots=True)
class Reads:
    """The kinds and conclusions that are read, and the questions asked about the present.

    `all` says that there is nothing else, but answers at events that are over.
    """

    names: frozenset[str]
    asks: tuple[Question, ...]
    all: bool


def reads_of(terms: Iterable[Term], program: Program, *, anchored: bool,
             names: Iterable[str] = ()) -> Reads:
    """Return what terms read; `anchored` says that they are asked at an event."""
    read, asks, whole = set(names), {}, True
    for part in (part for term in terms for part in walk(term)):
        match part:
            case Conclusion(topic=topic) | Verdict(topic=topic):
                read.add(topic)
            case Here():
                whole &= anchored
            case Ask(fact=name, at_it=at_it):
                question = program.by_name[name]
                if question.now or question.timeless or not (anchored or at_it):
                    asks[name] = question
                    whole &= question.at is None
                else:
                    whole &= question.looks_back
    return Reads(frozenset(read), tuple(asks.values()), whole)


def reads_of_fact(fact: Fact, program: Program) -> Reads:
    """Return what a fact reads where it is asked about the present."""
    terms: list[Term | None] = []
    names: tuple[str, ...] = ()
    match operation := fact.operation:
        case Computed(branches=branches):
            terms = [term for branch in branches for term in branch]
        case Treatment(kind=kind, where=where, amounts=amounts):
            terms, names = [where], (kind,)
            if not all(program.by_name[name].looks_back for name in amounts):
                return Reads(frozenset(), (), all=False)
        case Pick(window=window) | Tally(window=window) | Series(window=window) | Sustained(
                window=window):
            names = (*window.kinds, *window.topics)
            terms = [window.where, window.after, window.before, window.since, window.until,
                     *window.steps, *(Ask(name, program.rulebook.facts[name].type)
                                      for name in window.facts)]
    if isinstance(operation, Sustained):
        terms += [operation.holds, operation.establishes, operation.ignoring]
    if isinstance(operation, Tally):
        terms.append(operation.value)
    reads = reads_of([term for term in terms if term is not None], program, anchored=False,
                     names=names)
    return Reads(reads.names, reads.asks, reads.all and fact.at is None)
