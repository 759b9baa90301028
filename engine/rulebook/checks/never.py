"""Which conditions can never be true, whatever is known of a patient?

One branch of an `any` that cannot be true beside the other criteria is not noted: it may well be
unknown there, and so decide whether the whole is unknown or false.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.rulebook.checks.alternative import Known
from engine.rulebook.checks.literals import Spreader, TooManyError
from engine.rulebook.definitions import Criterion
from engine.rulebook.terms import Constant, walk

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from engine.rulebook.checks.alternative import Conflict
    from engine.rulebook.checks.literals import Literal
    from engine.rulebook.checks.notes import Notes
    from engine.rulebook.definitions import Condition, Parameter
    from engine.rulebook.loading import At

_EXPECTED = "a condition that can be true"


def check_never_true(notes: Notes) -> None:
    """Note each condition that can never be true, and each rule that can never fire by it."""
    check = _Check(notes)
    beside = _beside(notes)
    for at, condition in notes.loaded.loading.conditions:
        check.look(at, condition, beside.get((at.document.file, at.path), []))


def _beside(notes: Notes) -> dict[tuple[str, tuple[str | int, ...]], list[Condition]]:
    """Return the conditions that hold wherever one is asked, by where that is written."""
    written, beside = notes.conditions(), {}
    for at, name in notes.topics():
        file = at.document.file
        topic = next(each for each in notes.rulebook.topics if each.name == name)
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
        self._spreader = Spreader(notes.rulebook.facts)

    def look(self, at: At, condition: Condition, beside: Sequence[Condition]) -> bool:
        """Note the smallest part that can never be true; whether there is one."""
        conflict = self._conflict([condition])
        if isinstance(condition, Criterion):
            if conflict is not None:
                self._say(at, conflict)
                return True
        elif sum(self.look(at, part, []) for part in condition.parts):  # look at each of them
            return True
        elif conflict is not None:
            self._say(at, conflict)
            return True
        conflict = self._conflict([*beside, condition]) if beside else None
        if conflict is not None:
            self._say(at, conflict)
        return conflict is not None

    def _conflict(self, conditions: Iterable[Condition]) -> Conflict | None:
        """Return why the conditions are never true together; None where they may be."""
        try:
            alternatives = self._spreader.together(conditions)
        except TooManyError:
            return None
        conflicts = []
        for alternative in alternatives:
            conflict = Known(self._spreader).gather(alternative).conflict
            if conflict is None:
                return None
            conflicts.append(conflict)
        return conflicts[0] if conflicts else None

    def _say(self, at: At, conflict: Conflict) -> None:
        first, second = conflict.first, conflict.second
        place = second.place or at.place
        alone = first.place == second.place
        found = repr(second.text) if alone else f"{second.text!r} beside {first.text!r}"
        self._notes.refuse(place, "never-true", found, _EXPECTED,
                           _why([first, second], self._notes.rulebook.parameters))


def _why(literals: Sequence[Literal], parameters: Mapping[str, Parameter]) -> str:
    """Return the numbers behind the names, and what to do."""
    terms = [term for literal in literals for term in walk(literal.term)]
    names = dict.fromkeys(term.name for term in terms
                          if isinstance(term, Constant) and term.name in parameters)
    numbers = ", ".join(f"{name} is {parameters[name].given}" for name in names)
    if literals[0].place == literals[-1].place:
        return "; ".join(filter(None, [numbers, "mend it or remove it"]))
    return "; ".join(filter(None, [numbers, "both are never true at once: mend or remove one, or "
                                   "put them under `any`"]))
