"""What the declared questions to the timeline mean: each operator with its window, resolved."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from engine.problems import did_you_mean
from engine.rulebook.definitions import (
    Computed,
    Condition,
    Criterion,
    Fact,
    Operation,
    Pick,
    Series,
    Sustained,
    Tally,
    Treatment,
    Window,
)
from engine.rulebook.expression import ExpressionError, parse_expression
from engine.rulebook.files import OPERATORS, FactFile
from engine.rulebook.loading import At, Loading, UnresolvedFactError
from engine.rulebook.resolve import MeaningError, resolve
from engine.rulebook.scope import Scope
from engine.rulebook.terms import TRUTH, Both, Constant, Negated, PartOf, Term, is_moment
from engine.rulebook.types import (
    DAYS,
    HOURS,
    CourseType,
    EventType,
    NumberType,
    RunType,
    SeriesType,
    SpanType,
    Type,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_BOUNDS = ("after", "before", "since", "until")


class FactResolver:
    """Resolves each declared fact once, when it is first named; a circle is a problem."""

    def __init__(self, loading: Loading) -> None:
        self._loading = loading
        self._done: dict[str, Fact | None] = {}
        self._open: list[str] = []

    def __call__(self, name: str) -> Fact | None:
        if name not in self._loading.declared:
            return None
        if name in self._open:
            circle = [*self._open[self._open.index(name):], name]
            self._loading.report(self._loading.declared[name], "circle", " -> ".join(circle),
                                 "facts that do not ask each other in a circle",
                                 "let one of them ask the events instead")
            raise UnresolvedFactError
        if name not in self._done:
            self._open.append(name)
            try:
                self._done[name] = self._resolve(name)
            finally:
                self._open.pop()
        fact = self._done[name]
        if fact is None:
            raise UnresolvedFactError
        return fact

    def everything(self) -> dict[str, Fact]:
        """Return all facts that could be resolved."""
        for name in self._loading.declared:
            try:
                self(name)
            except UnresolvedFactError:
                self._done.setdefault(name, None)
        return {name: fact for name, fact in self._done.items() if fact is not None}

    def _resolve(self, name: str) -> Fact | None:
        at = self._loading.declared[name]
        written = self._loading.read(at, FactFile)
        if written is None:
            return None
        reader = _FactReader(self._loading, name, at, written)
        return reader.read()


class _FactReader:
    def __init__(self, loading: Loading, name: str, at: At, written: FactFile,
                 renamed: Mapping[str, str] | None = None) -> None:
        self.loading, self.name, self.at, self.written = loading, name, at, written
        self.of = self._kinds_of()
        here = EventType(self.of) if self.of else None
        self.scope = Scope(loading, here, None, renamed or {})
        self.place: Term | None = None
        if written.at is not None:
            self._ask_at_place()

    def read(self) -> Fact | None:
        found = len(self.loading.problems)
        chosen = [name for name in OPERATORS if getattr(self.written, name) is not None]
        if len(chosen) != 1:
            words = " and ".join(each.rstrip("_") for each in chosen) or "no operator"
            self.loading.report(self.at, "one-operator", words, "exactly one operator",
                                f"operators are {', '.join(o.rstrip('_') for o in OPERATORS)}")
            return None
        operator = chosen[0]
        if operator == "like":
            return self._like()
        made = self._readers()[operator](operator)
        if made is None or len(self.loading.problems) > found:
            return None
        operation, kind = made
        return Fact(self.name, operation, kind, self.at.key_place, self.written.about,
                    self.written.needs, self.of, self.written.now, self.place)

    def _ask_at_place(self) -> None:
        """From here on everything is asked at the event that `at` names."""
        self.place = self._term("at")
        if self.place is None:
            return
        if isinstance(self.place.type, EventType):
            self.scope = Scope(self.loading, self.place.type, None, self.scope.renamed)
        else:
            self.loading.report(self.at / "at", "not-an-event", str(self.place.type), "an event")

    def _readers(self) -> dict[str, Callable[[str], tuple[Operation, Type] | None]]:
        return {
            "series": self._series, "latest": self._pick, "first": self._pick,
            "any": self._tally, "count": self._tally, "min": self._tally, "max": self._tally,
            "course": self._course, "courses": self._course, "sustained": self._sustained,
            "is_": self._computed, "case": self._computed,
        }

    def _kinds_of(self) -> frozenset[str]:
        of = self.written.of
        names = [of] if isinstance(of, str) else of or []
        kinds: set[str] = set()
        for name in names:
            if name in self.loading.vocabulary.kinds:
                kinds.add(name)
            else:
                self.loading.report(self.at / "of", "unknown-kind", repr(name),
                                    "a kind of event of the vocabulary",
                                    did_you_mean(name, self.loading.vocabulary.kinds))
        return frozenset(kinds)

    def _like(self) -> Fact | None:
        other = self.written.like
        at = self.loading.declared.get(other or "")
        if at is None:
            self.loading.report(self.at / "like", "unknown-name", repr(other), "another fact",
                                did_you_mean(other or "", self.loading.declared))
            return None
        pattern = self.loading.read(at, FactFile)
        if pattern is None:
            return None
        for word in self.written.with_.values():
            if word not in self.loading.declared and word not in self.loading.conclusions:
                self.loading.report(self.at / "with", "unknown-name", repr(word), "another fact",
                                    did_you_mean(word, self.loading.declared))
                return None
        fact = _FactReader(self.loading, self.name, at, pattern, self.written.with_).read()
        if fact is None:
            return None
        return replace(fact, place=self.at.key_place, about=self.written.about or fact.about,
                       needs=self.written.needs or fact.needs)

    def _term(self, key: str, *, scope: Scope | None = None, moment: bool = False) -> Term | None:
        at = self.at / key
        term = self.loading.term(at, scope or self.scope)
        if term is not None and moment and not is_moment(term.type):
            self.loading.report(at, "not-a-time", str(term.type), "an event or a time")
            return None
        return term

    def _condition(self, key: str, member: EventType) -> Term | None:
        if getattr(self.written, key) is None:
            return None
        return as_term(self.loading.condition(self.at / key, self.scope.within(member)))

    def _window(self, operator: str) -> tuple[Window, EventType] | None:
        names = getattr(self.written, operator)
        names = [names] if isinstance(names, str) else names
        window, member = self._sources(names, self.at / operator)
        if member is None:
            return None
        bounds: dict[str, Any] = {
            key: self._term(key, moment=True) for key in _BOUNDS if getattr(self.written, key)
        }
        if self.written.within:
            bounds["within"] = self._term("within")
            term = bounds["within"]
            if term is not None and not (isinstance(term, Constant) and term.name and
                                         term.type in (NumberType(DAYS), SpanType())):
                self.loading.report(self.at / "within", "unit-mismatch", str(term.type),
                                    "the name of a parameter in days or months")
        where = self._condition("where", member)
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

    def _series(self, operator: str) -> tuple[Operation, Type] | None:
        made = self._window(operator)
        if made is None:
            return None
        window, member = made
        return Series(window, self.written.occasions == "lowest"), SeriesType(member)

    def _pick(self, operator: str) -> tuple[Operation, Type] | None:
        made = self._window(operator)
        return None if made is None else (Pick(operator, made[0]), made[1])

    def _tally(self, operator: str) -> tuple[Operation, Type] | None:
        made = self._window(operator)
        if made is None:
            return None
        window, member = made
        if operator == "any":
            return Tally(operator, window), TRUTH
        if operator == "count":
            return Tally(operator, window), NumberType()
        value = self._term("value", scope=self.scope.within(member)) if self.written.value else None
        if value is None or not isinstance(value.type, NumberType):
            self.loading.report(self.at, "value-missing", f"{operator} without a number",
                                "value: the number to compare")
            return None
        return Tally(operator, window, value), value.type

    def _course(self, operator: str) -> tuple[Operation, Type] | None:
        kind = getattr(self.written, operator)
        declared = self.loading.vocabulary.kinds.get(kind)
        if declared is None or declared.course is None:
            self.loading.report(self.at / operator, "no-course", repr(kind),
                                "a kind of event whose vocabulary says how a course is read")
            return None
        rejoin = self.written.rejoin
        if rejoin is None or not self._is_days(rejoin, "rejoin"):
            if rejoin is None:
                self.loading.report(self.at, "rejoin-missing", "a course without rejoin",
                                    "rejoin: the longest gap, in days, that continues a course")
            return None
        for index, name in enumerate(self.written.amounts):
            if name not in self.loading.declared:
                self.loading.report(self.at / "amounts" / index, "unknown-name", repr(name),
                                    "a fact", did_you_mean(name, self.loading.declared))
            self.loading.use(name)
        where = self._condition("where", EventType(frozenset({kind})))
        treatment = Treatment(kind, where, rejoin, tuple(self.written.amounts),
                              operator == "courses")
        return treatment, CourseType(kind)

    def _is_days(self, name: str, key: str, unit: Type | None = None) -> bool:
        parameter = self.loading.parameters.get(name)
        if parameter is None:
            self.loading.report(self.at / key, "unknown-name", repr(name), "a parameter",
                                did_you_mean(name, self.loading.parameters))
            return False
        self.loading.use(name)
        if parameter.type != (unit or NumberType(DAYS)):
            self.loading.report(self.at / key, "unit-mismatch", str(parameter.type),
                                str(unit or NumberType(DAYS)))
            return False
        return True

    def _sustained(self, operator: str) -> tuple[Operation, Type] | None:
        made = self._window(operator)
        apart = self.written.apart
        if made is None or apart is None or not self._is_days(apart, "apart"):
            return None
        hours = self.written.apart_hours
        if hours is not None and not self._is_days(hours, "apart_hours", NumberType(HOURS)):
            return None
        window, member = made
        if window.where is None:
            self.loading.report(self.at, "where-missing", "sustained without where",
                                "where: what is sustained")
            return None
        holds = window.where
        return Sustained(replace(window, where=None), holds,
                         self._condition("establishes", member),
                         self._condition("ignoring", member), apart, hours), RunType(member)

    def _computed(self, operator: str) -> tuple[Operation, Type] | None:
        if operator == "is_":
            term = self._term("is")
            return None if term is None else (Computed(((None, term),)), term.type)
        branches: list[tuple[Term | None, Term]] = []
        for index, branch in enumerate(self.written.case or []):
            at = self.at / "case" / index
            when = None
            if branch.if_ is not None:
                when = as_term(self.loading.condition(at / "if", self.scope))
                if when is None:
                    return None
            then = self.loading.term(at / "then", self.scope)
            if then is None:
                return None
            branches.append((when, then))
        kinds = {then.type for _, then in branches}
        if len(kinds) != 1:
            self.loading.report(self.at / "case", "mixed-types",
                                " and ".join(sorted(str(kind) for kind in kinds)),
                                "one type in every branch")
            return None
        return Computed(tuple(branches)), branches[0][1].type


def as_term(condition: Condition | None) -> Term | None:
    """Return a condition as one three-valued term."""
    if condition is None or isinstance(condition, Criterion):
        return condition.term if condition else None
    inner = tuple(term for part in condition.parts if (term := as_term(part)) is not None)
    if condition.word == "none":
        return Negated(Both("or", inner))
    return Both("and" if condition.word == "all" else "or", inner)
