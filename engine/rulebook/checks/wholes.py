"""Where is a number of things, which is always whole, compared with a fraction?"""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from engine.rulebook.checks.bounds import number_in
from engine.rulebook.definitions import Tally
from engine.rulebook.terms import Ask, Comparing, Constant, FieldOf, Term, walk
from engine.rulebook.types import EventType

if TYPE_CHECKING:
    from engine.rulebook.checks.notes import Notes
    from engine.rulebook.definitions import Rulebook


def check_wholes(notes: Notes) -> None:
    """Note each parameter that no count can ever be equal to."""
    told: set[str] = set()
    for at, whole in notes.loaded.loading.terms:
        for term in walk(whole):
            sides = (term.left, term.right) if isinstance(term, Comparing) else ()
            for one, other in zip(sides, sides[::-1], strict=True):
                if not isinstance(one, Constant) or one.name in told or (
                        one.name not in notes.rulebook.parameters):
                    continue
                number = number_in(one)
                if number is None or number.denominator == 1 or (
                        not _is_count(other, notes.rulebook)):
                    continue
                told.add(one.name)
                place = notes.at_name("parameters.yaml", one.name) / "value"
                notes.warn(place, "count-and-fraction", f"{one.name!r} of {notes.given(one.name)}, "
                           f"compared with a count ({at.place})", "a whole number",
                           f"write {ceil(number)} where so many are meant")


def _is_count(term: Term, rulebook: Rulebook) -> bool:
    """Whether a term is how many there are of something, or a field of whole numbers."""
    if isinstance(term, FieldOf) and isinstance(term.base.type, EventType):
        fields = [rulebook.vocabulary.kinds[kind].plain.get(term.field)
                  for kind in term.base.type.kinds]
        return all(field is not None and field.type == "count" for field in fields)
    fact = rulebook.facts.get(term.fact) if isinstance(term, Ask) else None
    return fact is not None and isinstance(fact.operation, Tally) and (
        fact.operation.which == "count")
