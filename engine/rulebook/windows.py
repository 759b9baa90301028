"""Which events a fact looks at: what it names as their source, and within which bounds."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from engine.problems import did_you_mean
from engine.rulebook.definitions import Condition, Criterion, Window
from engine.rulebook.expression import ExpressionError, parse_expression
from engine.rulebook.naming import MeaningError
from engine.rulebook.resolve import resolve
from engine.rulebook.terms import Both, Constant, Negated, PartOf, Term, is_moment
from engine.rulebook.types import DAYS, EventType, NumberType, SeriesType, SpanType

if TYPE_CHECKING:
    from engine.rulebook.files import FactFile
    from engine.rulebook.loading import At, Loading
    from engine.rulebook.scope import Scope

_BOUNDS = ("after", "before", "since", "until")


class WindowReader:
    """Reads the window of one fact, in the scope in which the fact is asked."""

    def __init__(self, loading: Loading, at: At, written: FactFile, scope: Scope) -> None:
        self.loading, self.at, self.written, self.scope = loading, at, written, scope

    def term(self, key: str, *, scope: Scope | None = None, moment: bool = False) -> Term | None:
        at = self.at / key
        term = self.loading.term(at, scope or self.scope)
        if term is not None and moment and not is_moment(term.type):
            self.loading.report(at, "not-a-time", str(term.type), "an event or a time")
            return None
        return term

    def condition(self, key: str, member: EventType) -> Term | None:
        if getattr(self.written, key) is None:
            return None
        return as_term(self.loading.condition(self.at / key, self.scope.within(member)))

    def window(self, operator: str) -> tuple[Window, EventType] | None:
        names = getattr(self.written, operator)
        names = [names] if isinstance(names, str) else names
        window, member = self._sources(names, self.at / operator)
        if member is None:
            return None
        bounds: dict[str, Any] = {
            key: self.term(key, moment=True) for key in _BOUNDS if getattr(self.written, key)
        }
        if self.written.within:
            bounds["within"] = self.term("within")
            term = bounds["within"]
            if term is not None and not (isinstance(term, Constant) and term.name and
                                         term.type in (NumberType(DAYS), SpanType())):
                self.loading.report(self.at / "within", "unit-mismatch", str(term.type),
                                    "the name of a parameter in days or months")
        where = self.condition("where", member)
        return replace(window, where=where, **bounds), member

    def _sources(self, names: list[str], at: At) -> tuple[Window, EventType | None]:
        kinds, facts, topics = [], [], []
        steps: list[Term] = []
        members: list[EventType] = []
        for name in names:
            name = self.scope.renamed.get(name, name)
            if name in self.loading.vocabulary.kinds:
                kinds.append(name)
                members.append(EventType(frozenset({name})))
            elif name in self.loading.conclusions:
                self.loading.use(name)
                topics.append(name)
                judged = self.loading.judged(name)
                if judged is None:
                    self.loading.report(at, "not-judged-at-events", repr(name),
                                        "a conclusion with `of:`, which is judged at events")
                else:
                    members.append(judged)
            elif (source := self._series_named(name, at)) is not None:
                member, term = source
                members.append(member)
                facts += [] if term else [name]
                steps += [term] if term else []
        if len(members) != len(names):
            return Window(), None
        topic = members[0].topic if len(members) == 1 else ""
        step = all(member.step for member in members)
        union = EventType(frozenset().union(*(member.kinds for member in members)), topic, step)
        return Window(tuple(kinds), tuple(facts), tuple(topics), tuple(steps)), union

    def _series_named(self, name: str, at: At) -> tuple[EventType, Term | None] | None:
        head = name.split(".")[0]
        if head not in self.loading.declared:
            known = [*self.loading.vocabulary.kinds, *self.loading.declared,
                     *self.loading.conclusions]
            self.loading.report(at, "unknown-name", repr(name),
                                "a kind of event, a series, a conclusion or the steps of a course",
                                did_you_mean(name, known))
            return None
        try:
            term = self._parsed(name)
        except (MeaningError, ExpressionError) as fault:
            self.loading.report(at, getattr(fault, "code", "not-an-expression"), fault.found,
                                fault.expected, getattr(fault, "advice", ""))
            return None
        if isinstance(term.type, SeriesType):
            return term.type.member, term if isinstance(term, PartOf) else None
        self.loading.report(at, "not-a-series", f"{name!r}, which is {term.type}", "a series")
        return None

    def _parsed(self, name: str) -> Term:
        return resolve(parse_expression(name), self.scope)


def as_term(condition: Condition | None) -> Term | None:
    """Return a condition as one three-valued term."""
    if condition is None or isinstance(condition, Criterion):
        return condition.term if condition else None
    inner = tuple(term for part in condition.parts if (term := as_term(part)) is not None)
    if condition.word == "none":
        return Negated(Both("or", inner))
    return Both("and" if condition.word == "all" else "or", inner)
