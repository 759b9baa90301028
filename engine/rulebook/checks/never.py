"""Which conditions can never be true, or never false, whatever is known of a patient?

One branch of an `any` that cannot be true beside the other criteria is not noted: it may well be
unknown there, and so decide whether the whole is unknown or false.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.rulebook.checks.alternative import BEGUN, Known
from engine.rulebook.checks.literals import Spreader, TooManyError
from engine.rulebook.checks.parts import parts_of
from engine.rulebook.conditions import condition_of
from engine.rulebook.definitions import Criterion
from engine.rulebook.terms import Ask, Constant, walk
from engine.rulebook.types import TruthType

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from engine.rulebook.checks.alternative import Conflict
    from engine.rulebook.checks.literals import Alternative
    from engine.rulebook.checks.notes import Notes
    from engine.rulebook.definitions import Condition
    from engine.rulebook.loading import At
    from engine.rulebook.terms import Term

_CAN_BE_TRUE, _CAN_BE_FALSE = "a condition that can be true", "a condition that can be false"
_BOTH_NEVER = ("both are never true at once: mend or remove one, or put them under `any`")
_OF_THREE = {"one of the two": "one of these", "both are": "these are", "both (": "all ("}
_ONE_ALWAYS = "one of the two always holds: turn a sign, mend a number, or ask for both (`all`)"


def check_never_true(notes: Notes) -> None:
    """Note each condition that can never be true or never false, and each rule it makes idle."""
    check = _Check(notes)
    beside = _beside(notes)
    for at, term in notes.loaded.loading.terms:
        if at.path[-1] == "is" and isinstance(term.type, TruthType) and isinstance(at.value, str):
            check.worked_out(at, term)
    for at, condition in notes.loaded.loading.conditions:
        check.look(at, condition, beside.get((at.document.file, at.path), []))


def _beside(notes: Notes) -> dict[tuple[str, tuple[str | int, ...]], list[Condition]]:
    """Return the conditions that hold wherever one is asked, by where that is written."""
    written, beside = notes.conditions(), {}
    for at, topic in notes.topics():
        file = at.document.file
        given = [topic.given] if topic.given is not None else []
        when = written.get((file, (*at.path, "when"))) if topic.alert else None
        for place, path in written:
            if place != file or path[:2] != at.path or path[2] == "given":
                continue
            own = path[2] == "when" and topic.alert
            inner = [when] if when is not None and not own else []
            ruling = path[2] in ("rules", "when", "severity", "advice")
            beside[file, path] = [*(given if ruling else []), *inner]
    return beside


class _Check:
    """Looks at one condition after the other."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._spreader = Spreader(notes.rulebook)
        self._told: set[str] = set()

    def worked_out(self, at: At, term: Term) -> None:
        """Look at a fact that is a condition; who asks it is not told of it again."""
        if self.look(at, condition_of(at, term), []):
            self._told.add(str(at.path[-2]))

    def look(self, at: At, condition: Condition, beside: Sequence[Condition]) -> bool:
        """Note the smallest part that can never be true, or never false; whether there is one."""
        if isinstance(condition, Criterion):
            if self._is_told(condition) or sum(
                    self.look(at, part, []) for part in parts_of(condition)):
                return True
        elif sum(self.look(at, part, []) for part in condition.parts):  # look at each of them
            return True
        word = "" if isinstance(condition, Criterion) else condition.word
        # an `any` is never true, and an `all` or `none` always is, only if a part of it is
        conflict = None if word == "any" else self._conflict([condition])
        if conflict is None and word in ("", "any") and self._always(at, condition):
            return True
        if conflict is None and beside:
            conflict = self._conflict([*beside, condition])
        if conflict is not None:
            self._say(at, "never-true", conflict, _CAN_BE_TRUE, _BOTH_NEVER)
        return conflict is not None

    def _always(self, at: At, condition: Condition) -> bool:
        """Note a condition that can never be false, but not a plain `true`; whether it is one."""
        if isinstance(condition, Criterion) and isinstance(condition.term, Constant):
            return False
        try:
            alternatives = self._spreader.condition(condition, positive=False)
        except TooManyError:
            return False
        conflict = self._first(alternatives)
        if conflict is None:
            return False
        first, second = (replace(each, text=_undenied(each.text)) for each in (
            conflict.first, conflict.second))
        self._say(at, "always-true", replace(conflict, first=first, second=second), _CAN_BE_FALSE,
                  _ONE_ALWAYS)
        return True

    def _conflict(self, conditions: Iterable[Condition]) -> Conflict | None:
        """Return why the conditions are never true together; None where they may be."""
        try:
            return self._first(self._spreader.together(conditions))
        except TooManyError:
            return None

    def _first(self, alternatives: Iterable[Alternative]) -> Conflict | None:
        """Return the first conflict where each alternative has one."""
        conflicts = []
        for alternative in alternatives:
            conflict = Known(self._spreader).gather(alternative).conflict
            if conflict is None:
                return None
            conflicts.append(conflict)
        return conflicts[0] if conflicts else None

    def _is_told(self, criterion: Criterion) -> bool:
        return any(isinstance(term, Ask) and term.fact in self._told
                   for term in walk(criterion.term))

    def _say(self, at: At, code: str, conflict: Conflict, expected: str, advice: str) -> None:
        first, second = conflict.first, conflict.second
        self._notes.settle(at)
        names = self._notes.deciding([first.term, second.term])
        if self._notes.flawed & {*names}:
            return
        place = second.place or at.place
        alone = first.place == second.place
        found = repr(second.text) if alone else f"{second.text!r} beside {first.text!r}"
        numbers = ", ".join(f"{name} is {self._notes.given(name)}" for name in names)
        if conflict.why == BEGUN:  # it takes three of them
            for two, three in _OF_THREE.items():
                advice = advice.replace(two, three)
        note = self._notes.refuse
        note(place, code, found, expected, "; ".join(filter(None, [
            numbers, conflict.why, "mend it or remove it" if alone else advice])))


def _undenied(text: str) -> str:
    """Return the words of the author, which the literal denies.

    >>> _undenied("not (a > b)"), _undenied("a")
    ('a > b', 'not a')
    """
    if not text.startswith("not "):
        return f"not {text}"
    bare = text.removeprefix("not ")
    return bare[1:-1] if bare.startswith("(") and bare.endswith(")") else bare

