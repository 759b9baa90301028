"""What the declared questions to the timeline mean: each operator with its window, resolved."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.problems import did_you_mean
from engine.rulebook.definitions import (
    Computed,
    Fact,
    Operation,
    Pick,
    Series,
    Sustained,
    Tally,
    Treatment,
)
from engine.rulebook.files import OPERATORS, FactFile
from engine.rulebook.loading import At, Loading, UnresolvedFactError
from engine.rulebook.scope import Scope
from engine.rulebook.terms import TRUTH, Term
from engine.rulebook.types import (
    DAYS,
    HOURS,
    CourseType,
    EventType,
    NumberType,
    RunType,
    SeriesType,
    Type,
)
from engine.rulebook.windows import WindowReader, as_term

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


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
        self.looks = WindowReader(loading, at, written, self.scope)
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
        self.place = self.looks.term("at")
        if self.place is None:
            return
        if isinstance(self.place.type, EventType):
            self.scope = Scope(self.loading, self.place.type, None, self.scope.renamed)
            self.looks = WindowReader(self.loading, self.at, self.written, self.scope)
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

    def _series(self, operator: str) -> tuple[Operation, Type] | None:
        made = self.looks.window(operator)
        if made is None:
            return None
        window, member = made
        return Series(window, self.written.occasions == "lowest"), SeriesType(member)

    def _pick(self, operator: str) -> tuple[Operation, Type] | None:
        made = self.looks.window(operator)
        return None if made is None else (Pick(operator, made[0]), made[1])

    def _tally(self, operator: str) -> tuple[Operation, Type] | None:
        made = self.looks.window(operator)
        if made is None:
            return None
        window, member = made
        if operator == "any":
            return Tally(operator, window), TRUTH
        if operator == "count":
            return Tally(operator, window), NumberType()
        value = None
        if self.written.value:
            value = self.looks.term("value", scope=self.scope.within(member))
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
        where = self.looks.condition("where", EventType(frozenset({kind})))
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
        made = self.looks.window(operator)
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
                         self.looks.condition("establishes", member),
                         self.looks.condition("ignoring", member), apart, hours), RunType(member)

    def _computed(self, operator: str) -> tuple[Operation, Type] | None:
        if operator == "is_":
            term = self.looks.term("is")
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
