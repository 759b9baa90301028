"""What does a condition say: text, or `all`, `any`, `none` over conditions?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct

from engine.problems import did_you_mean
from engine.rulebook.definitions import Condition, Criterion, Group
from engine.rulebook.resolve import truth
from engine.rulebook.terms import Both, Negated, Term
from engine.wording import describe

if TYPE_CHECKING:
    from engine.problems import Place
    from engine.rulebook.loading import At, Loading
    from engine.rulebook.scope import Scope

_NAME = re.compile(r"[A-Za-z][\w-]*")
_GROUPS = ("all", "any", "none")
_OTHERS = {"and": "all", "or": "any", "not": "none", "some": "any", "every": "all"}


def read_condition(at: At, scope: Scope, loading: Loading) -> Condition | None:
    """Return the condition written there, or None after noting why it is none."""
    value = at.value
    if isinstance(value, list):
        return _group("all", at, scope, loading)
    if isinstance(value, dict):
        return _grouped([str(word) for word in value], at, scope, loading)
    term = loading.term(at, scope, reading=truth)
    if term is None:
        return None
    return condition_of(at, term)


def condition_of(at: At, term: Term) -> Condition:
    """Return the criteria of which a term is made that is written there as text."""
    value = at.value
    whole = _Words(at, value if isinstance(value, str) else describe(value))
    return whole.broken_up(term, whole.text.strip(), len(whole.text) - len(whole.text.lstrip()))


def _grouped(words: list[str], at: At, scope: Scope, loading: Loading) -> Condition | None:
    for word in words:
        if word not in _GROUPS:
            loading.report_key(at / word, "unknown-group", f"'{word}:'",
                               "all:, any: or none: with a list of conditions",
                               _meant(word, at))
            return None
    if len(words) != 1:
        loading.report(at, "unknown-group", " beside ".join(f"'{word}:'" for word in words)
                       or "an empty mapping", "one of all:, any:, none:",
                       "put one into the list of the other" if words else "write a condition")
        return None
    return _group(words[0], at / words[0], scope, loading)


def _meant(word: str, at: At) -> str:
    """Return what a condition may have meant that is written as a name with a value."""
    if word in _OTHERS:
        return f"did you mean {_OTHERS[word]!r}?"
    if (at / word).value is None:
        return "remove the curly brackets: a condition is text"
    if near := did_you_mean(word, _GROUPS):
        return near
    value = (at / word).value
    if isinstance(value, bool):
        return f"write the condition as text: {'' if value else 'not '}{word}"
    sign = f"{word} == {value}" if isinstance(value, str) and _NAME.fullmatch(value) else (
        "value > some_parameter")
    return f"write the condition as text: {sign}"


def _group(word: str, at: At, scope: Scope, loading: Loading) -> Condition | None:
    items = at.value
    if items is None:
        loading.report(at, "not-a-list", "nothing", "a list of conditions", "write what must hold")
        return None
    if not isinstance(items, list) or not items:
        loading.report(at, "not-a-list", describe(items), "a list of conditions",
                       "write what must hold" if items == [] else "put a dash before each")
        return None
    if torn := _torn(items):
        first, whole = torn
        loading.report(at / first, "not-an-expression", repr(items[first]), "a whole condition",
                       f'a comma ends an item of a list: write it in quotes, "{whole}"')
        return None
    inner = [read_condition(at / index, scope, loading) for index in range(len(items))]
    found = tuple(part for part in inner if part is not None)
    return Group(word, found, at.place) if len(found) == len(inner) else None


def _torn(items: list[object]) -> tuple[int, str] | None:
    """Return which item is torn by a comma between brackets, and what it was before."""
    for index, item in enumerate(items):
        if not isinstance(item, str) or item.count("(") <= item.count(")"):
            continue
        whole = item
        for rest in items[index + 1:]:
            whole = f"{whole}, {rest}"
            if whole.count("(") == whole.count(")"):
                return index, whole
    return None


class _Words(Struct, frozen=True):
    """The text of a condition and where it stands."""

    at: At
    text: str

    def broken_up(self, term: Term, text: str, offset: int) -> Condition:
        """Return the criteria of which an `and`, `or` or `not` is made, each in its own words."""
        if isinstance(term, Both) and " and " not in _inside(text) and " or " not in _inside(text):
            words = text.split(f" {term.operator} ")
            if len(words) == len(term.parts):
                inner, begun = [], offset
                for part, word in zip(term.parts, words, strict=True):
                    begin = offset + len(word) - len(word.lstrip())
                    inner.append(self.broken_up(part, word.strip(), begin))
                    offset += len(word) + len(f" {term.operator} ")
                return Group("all" if term.operator == "and" else "any", tuple(inner),
                             self._place(begun))
        if isinstance(term, Negated) and text.startswith("not "):
            rest = text[4:].lstrip()
            inner_part = self.broken_up(term.part, rest.strip(), offset + len(text) - len(rest))
            return Group("none", (inner_part,), self._place(offset))
        return Criterion(text, term, self._place(offset))

    def _place(self, column: int) -> Place:
        at = self.at
        return at.document.inside(at.place, self.text, min(column, len(self.text)))


def _inside(text: str) -> str:
    """Return what stands within brackets, where a split at words would be wrong."""
    depth, kept = 0, []
    for letter in text:
        depth += (letter in "([") - (letter in ")]")
        if depth:
            kept.append(letter)
    return "".join(kept)
