"""What does the user read when a command cannot go on, and with which code does it end?"""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING

from engine.counting import counted
from engine.problems import RulebookError

if TYPE_CHECKING:
    from collections.abc import Mapping

DONE, FAULT, USAGE, RULEBOOK, EXAMPLE, REFUSED, NOT_WHOLE, NOT_STANDING = range(8)
INTERRUPTED, PIPE_CLOSED = 130, 141  # as a shell reports a program that a signal ended
SETTING = "--set"  # the place of a parameter that was set on the command line
_LONGEST = 300


def ending_of(error: BaseException, environment: Mapping[str, str],
              debug_switch: str) -> tuple[int, str]:
    """Return the exit code for an error and what to say about it; a traceback only if wished."""
    from engine.certificate.errors import CertificateError
    from engine.inference.faults import NetworkUnavailable
    from engine.request import RequestError
    from engine.sources.ndjson import SourceError
    from engine.store.errors import NotWholeError, StoreError

    if isinstance(error, KeyboardInterrupt):
        return INTERRUPTED, ""
    if isinstance(error, BrokenPipeError):
        return PIPE_CLOSED, ""
    if isinstance(error, RulebookError):
        return _of_rulebook(error)
    if isinstance(error, NotWholeError):
        return NOT_WHOLE, f"Error: {error}"
    if isinstance(error, CertificateError):
        return NOT_STANDING, f"Error: {error}"
    if isinstance(error, RequestError | SourceError | StoreError | NetworkUnavailable):
        return USAGE, f"Error: {error}"
    if environment.get(debug_switch):
        return FAULT, "".join(traceback.format_exception(error)).rstrip()
    notes = "".join(f" {note}" for note in getattr(error, "__notes__", ()) if "\n" not in note)
    said = " ".join(f"{type(error).__name__}: {error}".split())[:_LONGEST]
    return FAULT, (f"This is a fault of the program, not of your input: {said}{notes}. "
                   f"Please report it; {debug_switch}=1 shows where it happened.")


def _of_rulebook(error: RulebookError) -> tuple[int, str]:
    if all(problem.place.file == SETTING for problem in error.problems):
        return USAGE, str(error)
    return RULEBOOK, f"{error}\n{counted(len(error.problems), 'problem')} in the rulebook"
