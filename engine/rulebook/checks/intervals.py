"""Where is an interval compared as if it were a range, which it is not?

An interval stands for one number of which nobody knows more: what lies inside it is neither
surely above it nor surely below it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.counting import first_of
from engine.events.amount import Amount
from engine.rulebook.terms import Ask, Comparing, Constant, FieldOf, walk

if TYPE_CHECKING:
    from engine.rulebook.checks.notes import Notes

_SHOWN = 3


def check_intervals(notes: Notes) -> None:
    """Note each interval with which something measured is compared."""
    compared: dict[str, list[str]] = {}
    for at, whole in notes.loaded.loading.terms:
        for term in walk(whole):
            sides = (term.left, term.right) if isinstance(term, Comparing) else ()
            for one in sides:
                if isinstance(one, Constant) and isinstance(one.value, Amount) and one.name and (
                        not one.value.is_exact and any(
                            isinstance(other, FieldOf | Ask) for other in sides)):
                    compared.setdefault(one.name, []).append(str(at.place))
    for name, places in compared.items():
        given = notes.rulebook.parameters[name].given
        notes.warn(notes.at_name("parameters.yaml", name) / "value", "interval-compared",
                   f"{name!r} of {given}, one number that may be any of these, compared with what "
                   f"is measured ({first_of(places, _SHOWN)})", "one number to compare with",
                   "for all that lies between, the answer is unknown: for a range, write "
                   "low <= x <= high with two parameters")
