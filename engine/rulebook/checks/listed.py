"""Which names are compared with a field that accepts any name, but look like a slip of the pen?

Those that are nearly a listed one; and those that stand nowhere else in the rulebook or its
examples: a name that no record is shown to have, nobody knows to be spelled as in the records.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from engine.rulebook.folder import MAIN
from engine.rulebook.terms import Among, Ask, Comparing, Constant, FieldOf, Term, walk
from engine.rulebook.types import SymbolType

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from engine.rulebook.checks.notes import Notes
    from engine.rulebook.loading import At

_CLOSE = 0.8


def check_listed(notes: Notes) -> None:
    """Note each name that is nearly one of the listed ones of an open field."""
    vocabulary = notes.rulebook.vocabulary
    strange: dict[str, tuple[At, Term]] = {}
    for at, whole in notes.loaded.loading.terms:
        for term in walk(whole):
            for item, value in _compared(term):
                if _look(notes, at, value, item):
                    strange[value] = at, item
    _alone(notes, strange)
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


def _look(notes: Notes, at: At, value: str, item: Term) -> bool:
    """Note a name that is nearly a listed one; whether it is none, and near to none."""
    listed = item.type.listed if isinstance(item.type, SymbolType) else frozenset()
    if near := _near(value, listed):
        notes.warn(notes.within(at, value), "name-not-listed", *_words(value, _field(item), near))
    return bool(listed) and value not in listed and not near


def _field(item: Term) -> str:
    return (f"'{item.field}'" if isinstance(item, FieldOf) else
            f"the field that '{item.fact}' gives" if isinstance(item, Ask) else "the field")


def _alone(notes: Notes, strange: Mapping[str, tuple[At, Term]]) -> None:
    """Note each name that no list has and that stands but once in all files."""
    if not strange:
        return
    documents = notes.loaded.documents
    folder = Path(documents[MAIN].place("id").file).parent
    texts = ["\n".join(document.lines) for document in documents.values()]
    texts += [path.read_text("utf-8", "replace") for path in folder.glob("*.examples.yaml")]
    for value, (at, item) in strange.items():
        whole = re.compile(rf"(?<![\w-]){re.escape(value)}(?![\w-])")
        if sum(len(whole.findall(text)) for text in texts) == 1:
            notes.warn(notes.within(at, value), "name-not-listed",
                       f"{value!r}, which stands nowhere else, and in no example",
                       f"a value that is listed for {_field(item)}",
                       f"add it to the values of {_field(item)}, or show it in an example")


def _near(value: str, listed: Collection[str]) -> str:
    if value in listed:
        return ""
    near = get_close_matches(value, sorted(listed), n=1, cutoff=_CLOSE)
    return near[0] if near else ""


def _words(value: str, field: str, near: str) -> tuple[str, str, str]:
    return (repr(value), f"a value that is listed for {field}",
            f"did you mean {near!r}? If not, add {value!r} to the values of {field}")
