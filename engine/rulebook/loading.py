"""Everything known while a rulebook is being loaded, and every problem found so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from engine.problems import Place, Problem, RulebookError, did_you_mean
from engine.rulebook.definitions import Caveat, Citation, Condition, Criterion, Fact, Group
from engine.rulebook.expression import ExpressionError, parse_expression
from engine.rulebook.naming import MeaningError
from engine.rulebook.resolve import resolve, truth
from engine.rulebook.scope import Scope
from engine.rulebook.terms import Both, Negated, Term
from engine.rulebook.types import EventType, SymbolType
from engine.rulebook.yaml_source import validate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from engine.events.vocabulary import Vocabulary
    from engine.rulebook.definitions import Parameter
    from engine.rulebook.yaml_source import Document

Path = tuple[str | int, ...]
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class At:
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


@dataclass
class Loading:
    """The names of a rulebook, resolved as they are asked for; problems gather on the way."""

    vocabulary: Vocabulary
    parameters: dict[str, Parameter] = field(default_factory=dict)
    citations: dict[str, tuple[Citation, dict[str, str]]] = field(default_factory=dict)
    conclusions: dict[str, SymbolType] = field(default_factory=dict)
    judged_at: dict[str, str | None] = field(default_factory=dict)
    declared: dict[str, At] = field(default_factory=dict)
    resolve_fact: Callable[[str], Fact | None] = lambda _name: None
    broken: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    used: set[str] = field(default_factory=set)

    def fact(self, name: str) -> Fact | None:
        """Return a declared fact, resolving it now if nobody has asked before."""
        if name in self.broken:
            raise UnresolvedFactError
        return self.resolve_fact(name)

    def fact_names(self) -> Iterable[str]:
        """Return the names of all declared facts."""
        return self.declared

    def judged(self, topic: str) -> EventType | None:
        """Return the type of the events that a conclusion is judged at, verdict included."""
        anchor = self.judged_at.get(topic)
        fact = self.fact(anchor) if anchor else None
        if fact is None or not isinstance(fact.type, EventType):
            return None
        return EventType(fact.type.kinds, topic=topic)

    def use(self, name: str) -> None:
        """Note that a name is used."""
        self.used.add(name)

    def report(self, at: At, code: str, found: str, expected: str, advice: str = "") -> None:
        """Note a problem at a value."""
        self.problems.append(at.document.problem(at.place, code, found, expected, advice))

    def read(self, at: At, model: type[Result]) -> Result | None:
        """Return what is written there as a model, or None after noting why it is none."""
        try:
            return validate(at.document, model, at.path)
        except RulebookError as error:
            self.problems += error.problems
            return None

    def term(self, at: At, scope: Scope, *, condition: bool = False) -> Term | None:
        """Return the term of the expression written there, or None after noting why not."""
        text = at.value
        if isinstance(text, bool):
            text = str(text).lower()
        if not isinstance(text, str):
            self.report(at, "not-an-expression", repr(text), "an expression, as text")
            return None
        try:
            node = parse_expression(text)
            return truth(node, scope) if condition else resolve(node, scope)
        except ExpressionError as error:
            self._at_column(at, text, "not-an-expression", error.found, error.expected, "",
                            error.column)
        except MeaningError as fault:
            self._at_column(at, text, fault.code, fault.found, fault.expected, fault.advice,
                            fault.column)
        except UnresolvedFactError:
            pass
        return None

    def _at_column(self, at: At, text: str, code: str, found: str, expected: str, advice: str,
                   column: int) -> None:
        place = at.place
        line = at.document.quote(place)
        start = place.column - 1
        if line[start : start + 1] in {"'", '"'}:
            start += 1
        if line[start : start + column] == text[:column]:
            place = Place(place.file, place.line, start + column + 1)
        self.problems.append(Problem(place, code, found, expected, advice, line))

    def condition(self, at: At, scope: Scope) -> Condition | None:
        """Return the condition written there: text, or `all`, `any`, `none` over conditions."""
        value = at.value
        if isinstance(value, list):
            return self._group("all", at, scope)
        if isinstance(value, dict):
            if len(value) == 1 and (word := next(iter(value))) in {"all", "any", "none"}:
                if isinstance(value[word], list):
                    return self._group(word, at / word, scope)
                self.report(at / word, "not-a-list", "one condition", "a list of conditions")
                return None
            word = next(iter(value), "")
            self.report(at, "unknown-group", f"'{word}:'", "all:, any: or none: with a list",
                        did_you_mean(str(word), ["all", "any", "none"]))
            return None
        term = self.term(at, scope, condition=True)
        return None if term is None else _broken_up(term, str(value).strip())

    def _group(self, word: str, at: At, scope: Scope) -> Condition | None:
        items = at.value
        assert isinstance(items, list)
        inner = [self.condition(at / index, scope) for index in range(len(items))]
        found = tuple(part for part in inner if part is not None)
        return Group(word, found) if len(found) == len(inner) else None

    def caveats(self, at: At, scope: Scope) -> tuple[Caveat, ...]:
        """Return the caveats listed there."""
        items = at.value if isinstance(at.value, list) else []
        found = []
        for index, item in enumerate(items):
            when = self.condition(at / index / "when", scope)
            if when is not None:
                found.append(Caveat(item["name"], when, item.get("about", "")))
        return tuple(found)

    def cite(self, at: At) -> tuple[Citation, ...]:
        """Return the citations written there: ``key`` or ``key "passage"``, one or a list."""
        if isinstance(at.value, list):
            return tuple(each for index in range(len(at.value)) for each in self.cite(at / index))
        key, _, locator = str(at.value).strip().partition(" ")
        locator = locator.strip().strip('"').strip()
        if key not in self.citations:
            self.report(at, "unknown-citation", repr(key), "a source of citations.yaml",
                        did_you_mean(key, self.citations) or "add it to citations.yaml")
            return ()
        self.use(f"cite {key}")
        citation, passages = self.citations[key]
        if locator and locator not in passages:
            self.report(at, "unknown-passage", repr(locator), f"a passage of {key}",
                        did_you_mean(locator, passages) or "add it to its passages")
            return ()
        return (Citation(citation.key, citation.title, citation.source, citation.status,
                         locator, passages.get(locator, "")),)


class UnresolvedFactError(Exception):
    """Something that has problems of its own, noted already, is named by another expression."""


def _broken_up(term: Term, text: str) -> Condition:
    """Return the criteria of which an `and`, `or` or `not` is made, each in its own words."""
    if isinstance(term, Both) and " and " not in _inside(text) and " or " not in _inside(text):
        words = text.split(f" {term.operator} ")
        if len(words) == len(term.parts):
            inner = tuple(_broken_up(part, word.strip())
                          for part, word in zip(term.parts, words, strict=True))
            return Group("all" if term.operator == "and" else "any", inner)
    if isinstance(term, Negated) and text.startswith("not "):
        return Group("none", (_broken_up(term.part, text[4:].strip()),))
    return Criterion(text, term)


def _inside(text: str) -> str:
    """Return what stands within brackets, where a split at words would be wrong."""
    depth, kept = 0, []
    for letter in text:
        depth += (letter in "([") - (letter in ")]")
        if depth:
            kept.append(letter)
    return "".join(kept)
