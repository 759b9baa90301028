"""What a declared question to the timeline means: its operator with its window, resolved."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec.structs import replace

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
from engine.rulebook.files import KEYS, OPERATORS, FactFile
from engine.rulebook.loading import At, Loading
from engine.rulebook.naming import NOT_DATED, UnresolvedError
from engine.rulebook.scope import Scope
from engine.rulebook.terms import TRUTH, Constant, Term
from engine.rulebook.types import (
    DAYS,
    HOURS,
    CourseType,
    EventType,
    NumberType,
    RunType,
    SeriesType,
    Type,
    Units,
)
from engine.rulebook.windows import WindowReader, as_term
from engine.wording import one_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class FactReader:
    """Reads one declared fact."""

    def __init__(self, loading: Loading, name: str, at: At, written: FactFile,
                 renamed: Mapping[str, str] | None = None) -> None:
        self.loading, self.name, self.at, self.written = loading, name, at, written
        found = len(loading.problems)
        self.of = self._kinds_of()
        here = EventType(self.of) if self.of else None
        self.scope = Scope(loading, here, None, renamed or {},
                           blind=len(loading.problems) > found)
        self.place: Term | None = None
        self.looks = WindowReader(loading, at, written, self.scope)
        if written.at is not None:
            self._ask_at_place()

    def read(self) -> Fact | None:
        """Return the fact, or None after noting what is wrong with it."""
        found = len(self.loading.problems)
        chosen = [name for name in OPERATORS if getattr(self.written, name) is not None]
        if len(chosen) != 1:
            words = " and ".join(each.rstrip("_") for each in chosen) or "no operator"
            self.loading.report(self.at, "one-operator", words, "exactly one operator",
                                f"operators are {', '.join(o.rstrip('_') for o in OPERATORS)}")
            return None
        operator = chosen[0]
        self._refuse_keys(operator)
        if operator == "like":
            return self._like()
        made = self._readers()[operator](operator)
        if len(self.loading.problems) > found:
            self.loading.flawed.add(self.name)
        if made is None:
            return None
        operation, kind = made
        return Fact(self.name, operation, kind, self.at.key_place, self.written.about,
                    self.written.needs, self.of, self.written.now, self.place)

    def _ask_at_place(self) -> None:
        """From here on everything is asked at the event that `at` names."""
        self.place = self.looks.term("at")
        place = self.place.type if self.place is not None else None
        if place is not None and not isinstance(place, EventType):
            self.loading.report(self.at / "at", "not-an-event", str(place), "an event")
        here = place if isinstance(place, EventType) else None
        self.scope = Scope(self.loading, here, None, self.scope.renamed, blind=here is None)
        self.looks = WindowReader(self.loading, self.at, self.written, self.scope)

    def _refuse_keys(self, operator: str) -> None:
        """Note what stands beside an operator and would say nothing there."""
        word, written = operator.rstrip("_"), self.at.value
        allowed = {word, *KEYS[word]}
        for key in written if isinstance(written, dict) else ():
            if key not in allowed:
                self.loading.report_key(
                    self.at / key, "misplaced-key", f"'{key}:' beside '{word}:'",
                    f"{one_of(KEYS[word])} beside it", "remove it, or say it in another fact")
        if self.written.now and self.of:
            self.loading.report_key(self.at / "now", "misplaced-key", "'now:' beside 'of:'",
                                    "one of them", "asked now, it is asked at no event")

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
        if of == []:
            self.loading.report(self.at / "of", "unknown-kind", "an empty list",
                                "at least one kind of event")
        for index, name in enumerate(names):
            if name not in self.loading.vocabulary.kinds:
                self.loading.report(self.at / "of" / index if isinstance(of, list) else
                                    self.at / "of", "unknown-kind", repr(name),
                                    "a kind of event of the vocabulary",
                                    did_you_mean(name, self.loading.vocabulary.kinds))
        return frozenset(names) & frozenset(self.loading.vocabulary.kinds)

    def _like(self) -> Fact | None:
        other = self.written.like or ""
        at = self.loading.declared.get(other)
        if at is None:
            self.loading.unknown(self.at / "like", other, "another fact", self.loading.declared)
            return None
        try:
            self.loading.fact(other)
        except UnresolvedError:
            return None
        pattern = self.loading.read(at, FactFile)
        if pattern is None or not self._replaceable(at):
            return None
        found = len(self.loading.problems)
        fact = FactReader(self.loading, self.name, at, pattern, self.written.with_).read()
        for problem in self.loading.forget_since(found):
            if other in self.loading.flawed:
                continue
            self.loading.report(self.at / "with", problem.code, problem.found, problem.expected,
                                f"these names do not fit into {other!r}, where they are put")
        if fact is None:
            return None
        return replace(fact, place=self.at.key_place, about=self.written.about or fact.about,
                       needs=self.written.needs or fact.needs)

    def _replaceable(self, pattern: At) -> bool:
        """Whether each name that is replaced stands in the pattern, and each new one exists."""
        known = {*self.loading.declared, *self.loading.conclusions, *self.loading.vocabulary.kinds,
                 *self.loading.parameters}
        words = set(re.findall(r"[\w-]+", str(pattern.value)))
        found = len(self.loading.problems)
        for old, new in self.written.with_.items():
            if old not in words:
                self.loading.report_key(self.at / "with" / old, "unknown-name", repr(old),
                                        f"a name that stands in {self.written.like!r}",
                                        did_you_mean(old, words & known))
            if new not in known:
                self.loading.unknown(self.at / "with" / old, new, "another fact", known)
        return len(self.loading.problems) == found and self.loading.broken.isdisjoint(
            self.written.with_.values())

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
        if self.written.value is None:
            self.loading.report(self.at, "value-missing", f"{operator} without value",
                                "value: the number of each member that is compared")
            return None
        value = self.loading.number(self.at / "value", self.scope.within(member))
        if value is None:
            return None
        return Tally(operator, window, value), value.type

    def _course(self, operator: str) -> tuple[Operation, Type] | None:
        kind = getattr(self.written, operator)
        declared = self.loading.vocabulary.kinds.get(kind)
        if declared is None or declared.course is None:
            known = [name for name, each in self.loading.vocabulary.kinds.items() if each.course]
            found = repr(kind) + ("" if declared else ", which is no kind of event")
            self.loading.report(self.at / operator, "no-course", found,
                                "a kind of event whose vocabulary says how a course is read",
                                did_you_mean(str(kind), known))
            return None
        rejoin = self.written.rejoin or ""
        if self.written.rejoin is None:
            self.loading.report(self.at, "rejoin-missing", "a course without rejoin",
                                "rejoin: the longest gap, in days, that continues a course")
        else:
            self._check_span(rejoin, "rejoin")
        for index, name in enumerate(self.written.amounts):
            self._amount(name, self.at / "amounts" / index, kind)
        where = self.looks.condition("where", EventType(frozenset({kind})))
        return Treatment(kind, where, rejoin, tuple(self.written.amounts),
                         operator == "courses"), CourseType(kind)

    def _amount(self, name: str, at: At, kind: str) -> None:
        if name not in self.loading.declared:
            self.loading.unknown(at, name, f"a fact `of: {kind}`", self.loading.declared)
            return
        try:
            fact = self.loading.fact(name)
        except UnresolvedError:
            return
        self.loading.use(name)
        if fact is not None and (kind not in fact.of or not isinstance(fact.type, NumberType)):
            asked = f" asked at {' or '.join(sorted(fact.of))}" if fact.of else ""
            self.loading.report(at, "wrong-amount", f"{name!r}, which is {fact.type}{asked}",
                                f"a number, of a fact `of: {kind}`")

    def _check_span(self, name: str, key: str, unit: Units | None = None) -> None:
        name = self.scope.renamed.get(name, name)
        parameter = self.loading.parameters.get(name)
        wanted = NumberType(unit or DAYS)
        if parameter is None:
            self.loading.unknown(self.at / key, name, f"the name of a parameter that is {wanted}",
                                 self.loading.parameters)
            return
        self.loading.use(name)
        if parameter.type != wanted or parameter.table:
            found = f"a table, {name!r}" if parameter.table else f"{name!r} of {parameter.given}"
            self.loading.report(self.at / key, "unit-mismatch", found, str(wanted),
                                "name a parameter in hours" if unit else "name one in whole days")
        elif parameter.dated:
            self.loading.report(self.at / key, "dated-value", f"{name!r}, which changes with time",
                                "a parameter of one value", NOT_DATED)

    def _sustained(self, operator: str) -> tuple[Operation, Type] | None:
        made = self.looks.window(operator)
        apart, hours = self.written.apart, self.written.apart_hours
        if self.written.where is None:
            self.loading.report(self.at, "where-missing", "sustained without where",
                                "where: what is sustained")
        if apart is None:
            self.loading.report(self.at, "apart-missing", "sustained without apart",
                                "apart: how many days lie between two occasions")
        else:
            self._check_span(apart, "apart")
        if hours is not None:
            self._check_span(hours, "apart_hours", HOURS)
        if made is None:
            return None
        window, member = made
        establishes = self.looks.condition("establishes", member)
        ignoring = self.looks.condition("ignoring", member)
        holds = window.where or Constant(None, TRUTH)  # without one, nothing is loaded
        return Sustained(window.unfiltered(), holds, establishes, ignoring, apart or "",
                         hours), RunType(member)

    def _computed(self, operator: str) -> tuple[Operation, Type] | None:
        if operator == "is_":
            term = self.looks.term("is")
            return None if term is None else (Computed(((None, term),)), term.type)
        branches: list[tuple[Term | None, Term]] = []
        written = self.written.case or []
        if not written:
            self.loading.report(self.at / "case", "no-branch", "an empty list",
                                "at least one branch")
        for index, branch in enumerate(written):
            at = self.at / "case" / index
            when = None
            if branch.if_ is not None:
                when = as_term(self.loading.condition(at / "if", self.scope))
            elif index + 1 < len(written):
                self.loading.report(at, "branch-out-of-reach", "a branch without if",
                                    "it as the last branch", "no branch behind it is reached")
            then = self.loading.term(at / "then", self.scope)
            if then is not None and (when is not None or branch.if_ is None):
                branches.append((when, then))
        if not written or len(branches) < len(written):
            return None
        kinds = {then.type for _, then in branches}
        if len(kinds) != 1:
            self.loading.report(self.at / "case", "mixed-types",
                                " and ".join(sorted(str(kind) for kind in kinds)),
                                "one type in every branch")
            return None
        return Computed(tuple(branches)), branches[0][1].type
