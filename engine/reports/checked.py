"""How is it told what is wrong with a rulebook: in words, or as records for editors and CI?"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from engine.counting import counted
from engine.reports.rulebooks import rulebook_in_one_line
from engine.rulebook.lock import LOCK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.checking import Checked
    from engine.problems import Problem
    from engine.reports.proofs import Proofs

PAGE = "rules show problem"


def print_checked(checked: Checked, form: str, program: str,
                  proofs: Proofs | None = None) -> None:
    """Print what was found in a form: "text", where problems go to the standard error, or "json".

    The proofs, where some were asked for, follow it.
    """
    if form == "json":
        record = checked_record(checked) | ({"proofs": proofs.record()} if proofs else {})
        print(json.dumps(record, indent=2, ensure_ascii=False))
        return
    for line in problems_in_words(checked, program):
        print(line, file=sys.stderr)
    for line in (*outcome_in_words(checked), *(proofs.in_words() if proofs else ())):
        print(line)


def problems_in_words(checked: Checked, program: str) -> Iterator[str]:
    """Yield each problem with its quoted line, and how many there are."""
    for problem in checked.problems:
        yield str(problem)
    errors = len(checked.errors)
    warnings = len(checked.problems) - errors
    if checked.problems:
        counts = [counted(errors, "problem")] if errors else []
        counts += [counted(warnings, "warning")] if warnings else []
        code = (checked.errors or checked.problems)[0].code
        yield f"{program} {PAGE} {code} says more"
        yield f"{' and '.join(counts)} in the rulebook"


def outcome_in_words(checked: Checked) -> Iterator[str]:
    """Yield what was checked, where it is sound, and the lock that was written."""
    if checked.rulebook is None or checked.errors:
        return
    warnings = len(checked.problems)
    found = f"{counted(warnings, 'warning')}" if warnings else "no problem found"
    yield f"{rulebook_in_one_line(checked.rulebook)}; {found}"
    if checked.lock is not None:
        yield (f"{LOCK}: version {checked.lock.version} is fixed, with "
               f"{counted(len(checked.lock.digests), 'part')}")


def checked_record(checked: Checked) -> dict[str, Any]:
    """Return what was found for a program that reads it."""
    rulebook = checked.rulebook
    return {
        "rulebook": None if rulebook is None else {
            "id": rulebook.id, "version": rulebook.version, "digest": rulebook.digest},
        "sound": not checked.errors,
        "problems": [problem_record(problem) for problem in checked.problems]}


def problem_record(problem: Problem) -> dict[str, Any]:
    """Return one problem, with the command that shows its page."""
    return {
        "code": problem.code, "level": problem.level, "file": problem.place.file,
        "line": problem.place.line, "column": problem.place.column, "found": problem.found,
        "expected": problem.expected, "advice": problem.advice, "quoted": problem.quoted,
        "page": f"{PAGE} {problem.code}"}
