"""Which events a fact looks at: what it names as their source, and within which bounds."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING, Any

from msgspec import structs

from engine.problems import did_you_mean
from engine.rulebook.definitions import Condition, Criterion, Window
from engine.rulebook.expression import ExpressionError, parse_expression
from engine.rulebook.naming import MeaningError, UnresolvedError
from engine.rulebook.other_words import NAME_IT
from engine.rulebook.resolve import resolve
from engine.rulebook.terms import Both, Constant, Dated, Negated, PartOf, Term, is_moment
from engine.rulebook.types import (
    DAYS,
    HOURS,
    CourseType,
    EventType,
    NumberType,
    SeriesType,
    SpanType,
)

if TYPE_CHECKING:
    from engine.rulebook.files import FactFile
    from engine.rulebook.loading import At, Loading
    from engine.rulebook.scope import Scope

_BOUNDS = ("after", "before", "since", "until")
_SOURCE = "a kind of event, a series, a conclusion or the steps of a course"


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
        if not names:
            self.loading.report(self.at / operator, "unknown-name", "an empty list",
                                _SOURCE, "name what is looked at")
            return None
        window, member = self._sources(names, operator)
        if member is None:
            return None
        bounds: dict[str, Any] = {
            key: self.term(key, moment=True) for key in _BOUNDS
            if getattr(self.written, key) is not None
        }
        if self.written.within is not None:
            bounds["within"] = self._span()
        where = self.condition("where", member)
        return dataclasses.replace(window, where=where, **bounds), member

    def _span(self) -> Term | None:
        at, expected = self.at / "within", "the name of a parameter in hours, days or months"
        if re.fullmatch(r"\s*[0-9].*", self.written.within or ""):
            self.loading.report(at, "number-in-rule", repr(self.written.within), expected, NAME_IT)
            return None
        term = self.term("within")
        if term is None:
            return None
        if not isinstance(term, Constant | Dated) or not term.name:
            self.loading.report(at, "not-a-parameter", f"{term.type}, worked out", expected)
        elif term.type not in (NumberType(DAYS), NumberType(HOURS), SpanType()):
            self.loading.report(at, "unit-mismatch", str(term.type), expected)
        return term

    def _sources(self, names: list[str], operator: str) -> tuple[Window, EventType | None]:
        at = self.at / operator
        kinds, facts, topics = [], [], []
        steps: list[Term] = []
        members: list[EventType] = []
        written = isinstance(at.value, list)
        for index, name in enumerate(names):
            at = self.at / operator / index if written else self.at / operator
            head, dot, part = name.partition(".")
            name = self.scope.renamed.get(name) or self.scope.renamed.get(head, head) + dot + part
            if name in self.loading.vocabulary.kinds:
                kinds.append(name)
                members.append(EventType(frozenset({name})))
            elif name in self.loading.conclusions:
                self.loading.use(name)
                topics.append(name)
                judged = self._judged(name, at)
                members += [judged] if judged is not None else []
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

    def _judged(self, topic: str, at: At) -> EventType | None:
        """Return the events that a conclusion is judged at; nothing where they are broken."""
        try:
            judged = self.loading.judged(topic)
        except UnresolvedError:
            return None
        if judged is None:
            self.loading.report(at, "not-judged-at-events", repr(topic),
                                "a conclusion with `of:`, which is judged at events")
        return judged

    def _series_named(self, name: str, at: At) -> tuple[EventType, Term | None] | None:
        head = name.split(".")[0]
        if head not in self.loading.declared:
            known = [*self.loading.vocabulary.kinds, *self.loading.declared,
                     *self.loading.conclusions]
            if head in self.loading.parameters:
                self.loading.report(at, "not-a-series", f"{name!r}, which is a parameter", _SOURCE)
            else:
                self.loading.unknown(at, name, _SOURCE, known)
            return None
        try:
            term = self._parsed(name)
        except UnresolvedError:
            return None
        except (MeaningError, ExpressionError) as fault:
            self.loading.report_within(
                at, name, getattr(fault, "code", "not-an-expression"), fault.found,
                fault.expected, fault.advice, fault.column)
            return None
        if head in self.loading.flawed:
            self.scope = structs.replace(self.scope, blind=True)
        if isinstance(term.type, SeriesType):
            return term.type.member, term if isinstance(term, PartOf) else None
        advice = did_you_mean(name, self.loading.vocabulary.kinds)
        if isinstance(term.type, CourseType):
            advice = f"ask its steps: {name}.steps"
        self.loading.report(at, "not-a-series", f"{name!r}, which is {term.type}", _SOURCE, advice)
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
