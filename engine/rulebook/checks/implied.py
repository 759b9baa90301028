"""Which criteria say nothing beside another of their group, from which they follow?

Only criteria about one and the same thing are compared: there a criterion that follows from
another is never false or unknown without it, so that nothing changes when it is taken away. What
is `known` beside its comparison is no such criterion: it turns unknown into false.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations
from typing import TYPE_CHECKING

from engine.rulebook.checks.alternative import Known, subject
from engine.rulebook.checks.literals import Literal, Spreader, denied
from engine.rulebook.checks.parts import parts_of
from engine.rulebook.definitions import Criterion
from engine.rulebook.terms import Both, Negated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.rulebook.checks.notes import Notes
    from engine.rulebook.definitions import Condition
    from engine.rulebook.loading import At


def check_implied(notes: Notes) -> None:
    """Note each criterion that another one of its group makes idle."""
    check = _Check(notes)
    for at, condition in notes.loaded.loading.conditions:
        if not notes.is_settled(at):
            check.look(at, _tree(condition, positive=True))


@dataclass(frozen=True, slots=True)
class _Group:
    """Criteria of which all must be true, or any; what was denied is turned inside out."""

    is_all: bool
    parts: tuple[_Group | Literal, ...]

    @property
    def literals(self) -> list[Literal]:
        return [each for each in self.parts if isinstance(each, Literal)]

    @property
    def groups(self) -> list[_Group]:
        return [each for each in self.parts if isinstance(each, _Group)]


def _tree(condition: Condition, *, positive: bool) -> _Group | Literal:
    if isinstance(condition, Criterion):
        return _of_criterion(condition, positive=positive)
    wanted = positive != (condition.word == "none")
    return _joined((condition.word == "all") == wanted, [
        _tree(part, positive=wanted) for part in condition.parts])


def _of_criterion(criterion: Criterion, *, positive: bool) -> _Group | Literal:
    term, parts = criterion.term, parts_of(criterion)
    if isinstance(term, Negated) and parts:
        return _tree(parts[0], positive=not positive)
    if isinstance(term, Both) and parts:
        return _joined((term.operator == "and") == positive, [
            _tree(part, positive=positive) for part in parts])
    while isinstance(term, Negated):
        term, positive = term.part, not positive
    text = criterion.text if positive else denied(criterion.text)
    return Literal(term, positive, text, criterion.place)


def _joined(is_all: bool, parts: list[_Group | Literal]) -> _Group:
    """Return a group, with what stands in groups of its own kind beside the rest."""
    flat = [inner for part in parts for inner in (
        part.parts if isinstance(part, _Group) and part.is_all == is_all else (part,))]
    return _Group(is_all, tuple(flat))


class _Check:
    """Looks at one group after the other."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._spreader = Spreader(notes.rulebook)

    def look(self, at: At, group: _Group | Literal) -> None:
        """Note what is idle in a group, and in the groups inside it."""
        if isinstance(group, Literal):
            return
        idle: set[int] = set()
        for one, other in self._pairs(group):
            if not {id(one), id(other)} & idle and self._follows(
                    *((one, other) if group.is_all else (other, one))):
                idle.add(id(other))
                self._say(at, one, other, is_all=group.is_all)
        for inner in group.groups:
            self.look(at, inner)

    def _pairs(self, group: _Group) -> Iterator[tuple[Literal, Literal]]:
        """Yield what is said with what may be idle beside it, in the group or one level deeper."""
        yield from permutations(group.literals, 2)
        for one in group.literals:
            yield from ((one, other) for inner in group.groups for other in inner.literals)

    def _follows(self, strong: Literal, weak: Literal) -> bool:
        """Whether the weak one is true wherever the strong one is, and about the same."""
        about = subject(strong)
        if about is None or about != subject(weak) or strong.term == weak.term:
            return False
        known = Known(self._spreader).gather((strong,))
        return known.conflict is None and known.entails(weak)

    def _say(self, at: At, one: Literal, idle: Literal, *, is_all: bool) -> None:
        names = self._notes.deciding([one.term, idle.term])
        if self._notes.flawed & {*names}:
            return
        numbers = ", ".join(f"{name} is {self._notes.given(name)}" for name in names)
        says = "is true wherever that is" if is_all else "is true only where that is"
        self._notes.warn(idle.place or at, "criterion-implied",
                         f"{idle.text!r} beside {one.text!r}", "a criterion that can decide",
                         "; ".join(filter(None, [numbers, f"it {says}: remove it, turn its sign, "
                                                          "or mend what it is compared with"])))
