"""Which criteria stand in one group more than once, so that one of them says nothing?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.rulebook.definitions import Criterion, Group

if TYPE_CHECKING:
    from engine.rulebook.checks.notes import Notes
    from engine.rulebook.definitions import Condition
    from engine.rulebook.terms import Term


def check_twice(notes: Notes) -> None:
    """Note each criterion that repeats another of its group."""
    for _, condition in notes.loaded.loading.conditions:
        _look(notes, condition)


def _look(notes: Notes, condition: Condition) -> None:
    if isinstance(condition, Criterion):
        return
    seen: dict[tuple[str, Term], Criterion] = {}
    for part in condition.parts:
        _look(notes, part)
        word, bare = _bare(part)
        if not isinstance(bare, Criterion) or bare.place is None:
            continue
        if (word, bare.term) in seen:
            text = f"{word}{bare.text}"
            notes.warn(bare.place, "criterion-twice",
                       f"{text!r} a second time in '{condition.word}'",
                       f"it once (first at {seen[word, bare.term].place})",
                       "remove it, or name what was meant instead")
        seen.setdefault((word, bare.term), bare)


def _bare(part: Condition) -> tuple[str, Condition]:
    """Return a criterion without its `not`, which is told apart."""
    if isinstance(part, Group) and part.word == "none" and len(part.parts) == 1:
        return "not ", part.parts[0]
    return "", part
