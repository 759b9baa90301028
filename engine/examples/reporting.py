"""Every mistake of a folder of examples, gathered while the files are read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from engine.examples.tokens import place_of
from engine.problems import Problem, RulebookError

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.rulebook.loading import At

Result = TypeVar("Result")


@dataclass(slots=True)
class Mistakes:
    """The problems found so far."""

    problems: list[Problem] = field(default_factory=list)

    def note(self, at: At, code: str, found: str, expected: str, advice: str = "", *,
             offset: int | None = None) -> None:
        """Note a problem at a value, or at a letter inside it."""
        place = at.place if offset is None else place_of(at, str(at.value), offset)
        self.problems.append(at.document.problem(place, code, found, expected, advice))

    def note_key(self, at: At, code: str, found: str, expected: str, advice: str = "") -> None:
        """Note a problem at the key of a value."""
        self.problems.append(at.document.problem(at.key_place, code, found, expected, advice))

    def attempt(self, action: Callable[[], Result]) -> Result | None:
        """Return what the action returns, or None after noting its problems."""
        try:
            return action()
        except RulebookError as error:
            self.problems += error.problems
            return None
