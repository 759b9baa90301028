"""In which parameters do the days of their values look like a slip of the pen?

They are sorted as they are read, so a rulebook with them is used; but a day behind a later one is
most often a slip in the year, and so is one of another century.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.rulebook.checks.notes import Notes
    from engine.rulebook.definitions import Parameter
    from engine.rulebook.loading import At

_YEARS = range(1900, 2101)


def check_disorder(notes: Notes) -> None:
    """Note each day that stands behind a later one."""
    for name, parameter in notes.rulebook.parameters.items():
        if not parameter.dated:
            continue
        at = notes.at_name("parameters.yaml", name) / "from"
        days = [str(day) for day in at.value] if isinstance(at.value, dict) else []
        for before, after in pairwise(days):
            if after < before:
                notes.warn_key(at / after, "dates-disordered", f"{after} behind {before}",
                               "days in their order", "put the earlier day first")
        _look(notes, at, parameter)


def _look(notes: Notes, at: At, parameter: Parameter) -> None:
    before, cite = parameter.amount, parameter.cite
    for each in parameter.dated:
        key = at / each.since.isoformat()
        if each.since.year not in _YEARS:
            notes.warn_key(key, "day-far-off", str(each.since),
                           f"a year from {_YEARS.start} to {_YEARS.stop - 1}", "mend the year")
        elif (each.amount, each.cite) == (before, cite):
            notes.warn_key(key, "value-unchanged", f"{each.given} from {each.since} on, as before",
                           "another value, or another source", "mend it or remove it")
        before, cite = each.amount, each.cite
