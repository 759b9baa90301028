"""What is wrong with a file, said so that its author can mend it."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Literal

from msgspec import Struct
from msgspec.structs import replace

from engine.counting import counted, first_of

if TYPE_CHECKING:
    from collections.abc import Iterable

Level = Literal["error", "warning"]


class Place(Struct, frozen=True, order=True, gc=False):
    """A position in a text file; line and column count from 1."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


class Problem(Struct, frozen=True, order=True):
    """One mistake in a rulebook: where, what was found, what was expected, what to do.

    A `warning` is told, and keeps nobody from using the rulebook.
    """

    place: Place
    code: str
    found: str
    expected: str
    advice: str = ""
    quoted: str = ""
    level: Level = "error"

    def __str__(self) -> str:
        word = "" if self.level == "error" else f"{self.level}: "
        text = f"{self.place}: {word}{self.code}: found {self.found}, expected {self.expected}"
        if self.advice:
            text += f"; {self.advice}"
        if self.quoted:
            gutter = f"{self.place.line:>5} | "
            text += f"\n{gutter}{self.quoted}\n{' ' * (len(gutter) + self.place.column - 1)}^"
        return text


class RulebookError(Exception):
    """Every problem of a rulebook that cannot be used, in the order of its files and lines."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


_SHOWN = 3
_FEW = {"refused-event": 3}
"""More events than so many that are refused alike are refused for one mistake."""
OF_PARAMETER = "mend the unit, or name what is meant"
"""How advice ends that is about the unit of a parameter, wherever it is named."""
NO_SOURCES = "a source of citations.yaml, which lists none"
"""What is expected of every citation where there are no sources: that is one mistake."""
_OF_NAMES = frozenset({"unknown-name", "unknown-citation", "unknown-passage", "unknown-kind",
                       "unknown-set", "unknown-table", "unknown-placeholder", "unknown-field",
                       "unknown-shorthand", "unknown-word", "dated-value"})
_ASKED = re.compile(r"\b(fact|kind of event|parameter|conclusion)\b")


def told_once(problems: Iterable[Problem]) -> list[Problem]:
    """Return the problems, where one unknown name is told only where it comes up first.

    A name that several places know and no declaration has is one mistake: that of its declaration.
    """
    told: dict[object, list[Problem]] = {}
    for problem in sorted(set(problems)):
        told.setdefault(_mistake(problem), []).append(problem)
    return [each for same in told.values() for each in (
        same if len(same) <= _FEW.get(same[0].code, 1) else [_with_others(same)])]


def _mistake(problem: Problem) -> object:
    """Return by what a problem is told from others: two that are alike are one mistake."""
    if problem.advice.endswith(OF_PARAMETER):  # the number is the same, whoever asks for it
        return problem.advice
    if problem.expected == NO_SOURCES:
        return NO_SOURCES
    if problem.code in _FEW:
        return problem.code, problem.found.partition(":")[0], problem.expected
    if problem.code not in _OF_NAMES:
        return problem
    if problem.code == "dated-value" or not _ASKED.search(problem.expected):
        return problem.code, problem.found, problem.expected, problem.advice
    return problem.found.strip("'{}").partition(".")[0]  # whatever is asked of it


def _with_others(same: list[Problem]) -> Problem:
    first, *others = same
    declared = first.code in {"dated-value", *_FEW} or first.advice.endswith(OF_PARAMETER)
    places = first_of([str(other.place) for other in others], _SHOWN)
    also = f"it stands at {counted(len(others), 'other place')} too ({places})" + (
        "" if declared else ": perhaps it is its declaration that is misspelt or missing")
    return replace(first, advice="; ".join(filter(None, [first.advice, also])))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return advice that names the nearest known word, or an empty string."""
    words = sorted(known)
    near = get_close_matches(word, words, n=1) or [
        each for each in words if each.lower() == word.lower()][:1]
    if not near:
        return ""
    foreign = next((each for each in word if not each.isascii() and each.isalpha()
                    and each not in near[0]), "")
    also = f" The letter {foreign!r} (U+{ord(foreign):04X}) only looks like one" if foreign else ""
    return f"did you mean {near[0]!r}?{also}"
