"""Everything that is wrong with a rulebook: with its rules, its cohorts, its examples, its lock."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from engine.assess import Assessor
from engine.cohort.definition import DEFINITIONS, definition_files, load_definition
from engine.examples.lacking import lacking_examples
from engine.examples.reading import load_examples
from engine.examples.untaken import untaken_decisions
from engine.problems import Problem, RulebookError
from engine.rulebook.checks.suspicions import suspicions
from engine.rulebook.folder import misnamed_files
from engine.rulebook.loader import read_rulebook
from engine.rulebook.loading import Loaded
from engine.rulebook.lock import Lock, check_lock, write_lock

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.examples.example import Example
    from engine.rulebook.definitions import Rulebook


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found; without errors, the rulebook; and the lock, where one was written."""

    problems: tuple[Problem, ...] = ()
    rulebook: Rulebook | None = None
    lock: Lock | None = None

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that keep it from being sound; the others are warnings."""
        return tuple(problem for problem in self.problems if problem.level == "error")


def check_rulebook(find: Callable[[], Path], *, lock: bool = False,
                   proofs: Callable[[Rulebook], list[Problem]] | None = None) -> Checked:
    """Look at all of a rulebook; with `lock`, fix its version where nothing is wrong with it.

    `proofs` looks for more in a rulebook that loads.
    """
    try:
        folder = find()
        loaded = read_rulebook(folder)
    except RulebookError as error:
        return Checked(error.problems)
    suspected = suspicions(loaded)
    sound = all(problem.level == "warning" for problem in suspected)
    problems = [*suspected, *_unfit(folder, loaded, sound=sound), *check_lock(folder, loaded),
                *(proofs(loaded.rulebook) if proofs else ())]
    problems = [problem for problem in problems if _is_of(folder, problem)]
    if lock:
        problems = [problem for problem in problems if problem.code not in _MENDED_BY_LOCK]
    checked = Checked(tuple(sorted(set(problems))), loaded.rulebook)
    if lock and not checked.errors:
        return Checked(checked.problems, loaded.rulebook, write_lock(folder, loaded))
    return checked


def _is_of(folder: Path, problem: Problem) -> bool:
    """Whether a problem concerns the folder; warnings about what is elsewhere are told there."""
    return problem.level == "error" or Path(problem.place.file).parent == folder


_MENDED_BY_LOCK = frozenset({"lock-outdated"})


def _unfit(folder: Path, loaded: Loaded, *, sound: bool) -> list[Problem]:
    """Return what keeps a rulebook from its uses: too large a topic, a broken cohort or example.

    Where its rules are not `sound`, nothing is asked of them: it would only tell that once more.
    """
    rulebook = loaded.rulebook
    examples: list[Example] = []
    ready: list[Assessor] = []
    steps: list[Callable[[], object]] = [
        lambda: ready.append(Assessor(rulebook, ZoneInfo("UTC"))),
        lambda: examples.extend(load_examples(folder, rulebook))]
    steps += [lambda path=path: load_definition(path, rulebook)  # type: ignore[misc]
              for path in definition_files(folder).values()]
    problems = misnamed_files(folder / DEFINITIONS)
    for step in steps:
        try:
            step()
        except RulebookError as error:
            problems += error.problems
    return problems or [*(untaken_decisions(examples, *ready) if sound else ()),
                        *lacking_examples(folder, loaded.documents)]
