"""Which names are compared with a field that accepts any name, but look like a slip of the pen?"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from engine.rulebook.terms import Among, Ask, Comparing, Constant, FieldOf, Term, walk
from engine.rulebook.types import SymbolType

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from engine.rulebook.checks.notes import Notes
    from engine.rulebook.loading import At

_CLOSE = 0.8


def check_listed(notes: Notes) -> None:
    """Note each name that is nearly one of the listed ones of an open field."""
    vocabulary = notes.rulebook.vocabulary
    for at, whole in notes.loaded.loading.terms:
        for term in walk(whole):
            for item, value in _compared(term):
                _look(notes, at, value, item)
    for name, parameter in notes.rulebook.parameters.items():
        at = notes.at_name("parameters.yaml", name)
        written = at.value
        by = written.get("by") if isinstance(written, dict) else None
        listed = {value for kind in vocabulary.kinds.values()
                  for key, each in kind.plain.items() if key == by for value in each.values or ()}
        for key in parameter.table:
            if near := _near(key, listed):
                notes.warn_key(at / "values" / key, "name-not-listed", *_words(key, repr(by), near))


def _compared(term: Term) -> Iterator[tuple[Term, str]]:
    """Yield what a term compares, and each name with which it does."""
    if isinstance(term, Among) and not term.name:
        yield from ((term.item, value) for value in sorted(term.values))
    elif isinstance(term, Comparing) and isinstance(term.right, Constant) and isinstance(
            term.right.value, str):
        yield term.left, term.right.value


def _look(notes: Notes, at: At, value: str, item: Term) -> None:
    listed = item.type.listed if isinstance(item.type, SymbolType) else frozenset()
    if near := _near(value, listed):
        field = (f"'{item.field}'" if isinstance(item, FieldOf) else
                 f"the field that '{item.fact}' gives" if isinstance(item, Ask) else "the field")
        notes.warn(notes.within(at, value), "name-not-listed", *_words(value, field, near))


def _near(value: str, listed: Collection[str]) -> str:
    if value in listed:
        return ""
    near = get_close_matches(value, sorted(listed), n=1, cutoff=_CLOSE)
    return near[0] if near else ""


def _words(value: str, field: str, near: str) -> tuple[str, str, str]:
    return (repr(value), f"a value that is listed for {field}",
            f"did you mean {near!r}? If not, add {value!r} to the values of {field}")
