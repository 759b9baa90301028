"""Everything known while a rulebook is being loaded, and every problem found so far."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct, field

from engine.problems import NO_SOURCES, OF_PARAMETER, Place, Problem, RulebookError, did_you_mean
from engine.rulebook.conditions import read_condition
from engine.rulebook.definitions import Caveat, Citation, Condition, Fact
from engine.rulebook.expression import ExpressionError, parse_expression
from engine.rulebook.naming import MeaningError, UnresolvedError
from engine.rulebook.other_words import NAME_IT
from engine.rulebook.resolve import number, resolve
from engine.rulebook.scope import Scope
from engine.rulebook.terms import Term
from engine.rulebook.types import EventType, SymbolType
from engine.wording import describe
from engine.yaml_source import validate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from engine.events.vocabulary import Vocabulary
    from engine.rulebook.definitions import Parameter, Rulebook
    from engine.rulebook.expression import Expression
    from engine.yaml_source import Document

Path = tuple[str | int, ...]
_PASSAGE = re.compile('"([^"]*)"')
_OF_NAMES = frozenset({
    "unknown-name", "unknown-kind", "unknown-citation", "unknown-placeholder", "unknown-table",
    "unknown-set", "no-course", "asked-elsewhere",
})
_WORKED_OUT = frozenset({"is", "case", "like"})
_QUOTES = " \t'\"\u201c\u201d\u201e\u2018\u2019\u00ab\u00bb"
Result = TypeVar("Result")


class At(Struct, frozen=True):
    """A part of a document."""

    document: Document
    path: Path = ()

    def __truediv__(self, step: str | int) -> At:
        return At(self.document, (*self.path, step))

    @property
    def value(self) -> object:
        """What is written there."""
        return self.document.node(*self.path).value

    @property
    def place(self) -> Place:
        """Where it stands."""
        return self.document.place(*self.path)

    @property
    def key_place(self) -> Place:
        """Where its key stands."""
        return self.document.place_of_key(*self.path)


class Loading(Struct):
    """The names of a rulebook, resolved as they are asked for; problems gather on the way.

    `broken` are names whose own declaration cannot be used, `flawed` are facts whose type is known
    in spite of mistakes in them; both are noted already. It is `blind`
    where a whole part could not be read: then nobody knows which names there are. `conditions` and
    `terms` are what was understood, with where it is written.
    """

    vocabulary: Vocabulary
    parameters: dict[str, Parameter] = field(default_factory=dict)
    citations: dict[str, tuple[Citation, dict[str, str]]] = field(default_factory=dict)
    conclusions: dict[str, SymbolType] = field(default_factory=dict)
    judged_at: dict[str, str | None] = field(default_factory=dict)
    declared: dict[str, At] = field(default_factory=dict)
    resolve_fact: Callable[[str], Fact | None] = lambda _name: None
    broken: set[str] = field(default_factory=set)
    flawed: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    conditions: list[tuple[At, Condition]] = field(default_factory=list)
    terms: list[tuple[At, Term]] = field(default_factory=list)
    blind: bool = False

    def is_broken(self, name: str) -> bool:
        """Whether a name is declared in a way that cannot be used, which is noted already."""
        return name in self.broken

    def fact(self, name: str) -> Fact | None:
        """Return a declared fact, resolving it now if nobody has asked before."""
        if name in self.broken:
            raise UnresolvedError
        return self.resolve_fact(name)

    def fact_names(self) -> Iterable[str]:
        """Return the names of all declared facts."""
        return self.declared

    def is_worked_out(self, name: str) -> bool:
        """Whether a fact is declared that is worked out: its answer may be a name."""
        written = self.declared[name].value if name in self.declared else None
        return isinstance(written, dict) and not _WORKED_OUT.isdisjoint(written)

    def judged(self, topic: str) -> EventType | None:
        """Return the type of the events that a conclusion is judged at, verdict included."""
        anchor = self.judged_at.get(topic)
        if anchor is None:
            return None
        fact = self.fact(anchor)
        if fact is None or not isinstance(fact.type, EventType):
            raise UnresolvedError
        return EventType(fact.type.kinds, topic=topic)

    def use(self, name: str) -> None:
        """Note that a name is used."""
        self.used.add(name)

    def report(self, at: At, code: str, found: str, expected: str, advice: str = "") -> None:
        """Note a problem at a value."""
        self._note(at.document.problem(at.place, code, found, expected, advice))

    def report_key(self, at: At, code: str, found: str, expected: str, advice: str = "") -> None:
        """Note a problem at the key of a value."""
        self._note(at.document.problem(at.key_place, code, found, expected, advice))

    def unknown(self, at: At, name: str, expected: str, known: Iterable[str],
                advice: str = "") -> None:
        """Note a name that is none of those known; not one that is broken, which is noted."""
        if name not in self.broken:
            self.report(at, "unknown-name", repr(name), expected,
                        did_you_mean(name, known) or advice)

    def forget_since(self, found: int) -> list[Problem]:
        """Take back the problems noted since there were so many, and return them."""
        taken = self.problems[found:]
        del self.problems[found:]
        return taken

    def report_within(self, at: At, text: str, code: str, found: str, expected: str, advice: str,
                      column: int, *, key: bool = False) -> None:
        """Note a problem at a column (from 0) of the text that stands there, or is the key."""
        place = at.document.inside(at.key_place if key else at.place, text, column)
        self._note(at.document.problem(place, code, found, expected, advice))

    def _note(self, problem: Problem) -> None:
        if not (self.blind and problem.code in _OF_NAMES):
            self.problems.append(problem)

    def read(self, at: At, model: type[Result]) -> Result | None:
        """Return what is written there as a model, or None after noting why it is none."""
        try:
            return validate(at.document, model, at.path)
        except RulebookError as error:
            self.problems += error.problems
            return None

    def number(self, at: At, scope: Scope) -> Term | None:
        """Return the term of a number written there, or None after noting why it is none."""
        return self.term(at, scope, reading=number)

    def term(self, at: At, scope: Scope, *,
             reading: Callable[[Expression, Scope], Term] = resolve) -> Term | None:
        """Return the term of the expression written there, or None after noting why not."""
        text = at.value
        if isinstance(text, bool):
            text = str(text).lower()
        if isinstance(text, int | Decimal):
            self.report(at, "number-in-rule", describe(text), "an expression", NAME_IT)
            return None
        if not isinstance(text, str):
            self.report(at, "not-an-expression", describe(text), "an expression, as text",
                        "write it, or remove the key" if text is None else "write one line of text")
            return None
        try:
            term = reading(parse_expression(text), scope)
        except ExpressionError as error:
            self.report_within(at, text, "not-an-expression", error.found, error.expected,
                               error.advice, error.column)
        except MeaningError as fault:
            advice = fault.advice
            of_units = fault.code == "unit-mismatch" or (
                fault.code == "wrong-argument" and fault.found.startswith("later_by("))
            if of_units and (named := self._units_of(text)):
                ask = f"{advice}, " if advice.startswith("ask ") else ""
                advice = f"{named}: {ask}{OF_PARAMETER}"
            self.report_within(at, text, fault.code, fault.found, fault.expected, advice,
                               fault.column)
        except UnresolvedError:
            pass
        else:
            self.terms.append((at, term))
            return term
        return None

    def _units_of(self, text: str) -> str:
        """Return which parameters a text names, with their units and where they stand."""
        words = dict.fromkeys(re.findall(r"[\w-]+", text))
        return ", ".join(f"{name} is {self.parameters[name].given} ({self.parameters[name].place})"
                         for name in words if name in self.parameters)

    def condition(self, at: At, scope: Scope) -> Condition | None:
        """Return the condition written there, or None after noting why it is none."""
        condition = read_condition(at, scope, self)
        if condition is not None:
            self.conditions.append((at, condition))
        return condition

    def caveats(self, at: At, scope: Scope) -> tuple[Caveat, ...]:
        """Return the caveats listed there."""
        items = at.value if isinstance(at.value, list) else []
        found = []
        for index, item in enumerate(items):
            if item["name"] in {each["name"] for each in items[:index]}:
                self.report(at / index / "name", "caveat-twice", repr(item["name"]),
                            "a name that no other caveat here has",
                            "join the conditions with any:")
            when = self.condition(at / index / "when", scope)
            if when is not None:
                found.append(Caveat(item["name"], when, item.get("about", "")))
        return tuple(found)

    def cite(self, at: At) -> tuple[Citation, ...]:
        """Return the citations written there: ``key`` or ``key "passage"``, one or a list."""
        if at.value == []:
            self.report(at, "unknown-citation", "an empty list", "at least one source",
                        "name the source, or one with the status project-default")
        if isinstance(at.value, list):
            for index, text in enumerate(at.value):
                if text in at.value[:index]:
                    self.report(at / index, "value-twice", describe(text), "each source once",
                                "remove one of them")
            return tuple(each for index in range(len(at.value)) for each in self.cite(at / index))
        key, _, locator = str(at.value).strip().partition(" ")
        if f"cite {key}" in self.broken:
            return (Citation(key, "", "", ""),)
        if key not in self.citations:
            self.report(at, "unknown-citation", describe(key) if key else "nothing",
                        "a source of citations.yaml" if self.citations else NO_SOURCES,
                        did_you_mean(key, self.citations) or (
                            "add it to citations.yaml" if key else "name the source"))
            return ()
        quoted = _PASSAGE.fullmatch(locator.strip())
        if locator and quoted is None:
            self.report(at, "passage-without-quotes", describe(locator.strip()),
                        "a passage in straight quotation marks",
                        f'write {key} "{locator.strip(_QUOTES)}"')
            return ()
        locator = quoted[1].strip() if quoted else ""
        if quoted and not locator:
            self.report(at, "unknown-passage", "a passage without a name", f"a passage of {key}",
                        "name it, or remove the quotation marks")
            return ()
        self.use(f"cite {key}")
        citation, passages = self.citations[key]
        if locator and locator not in passages:
            self.report(at, "unknown-passage", repr(locator), f"a passage of {key}",
                        did_you_mean(locator, passages) or "add it to its passages")
            return ()
        self.use(f"cite {key} {locator}")
        return (Citation(citation.key, citation.title, citation.source, citation.status,
                         locator, passages.get(locator, "")),)


class Loaded(Struct, frozen=True):
    """A rulebook and what it was read from, for those who look at how it is written."""

    rulebook: Rulebook
    documents: Mapping[str, Document]
    loading: Loading
