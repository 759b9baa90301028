"""Who is in a cohort, and in which of its selections?"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from engine.cohort.definition import ALERTS, PRINTED
from engine.cohort.files import AsPrinted, Known
from engine.counting import natural_order

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from engine.assessment import Assessment
    from engine.cohort.files import CohortFile, Wanted, Where


@dataclass(frozen=True, slots=True)
class Member:
    """One patient: the fields of the summary, those worked out, and what is printed of them."""

    patient: str
    values: Mapping[str, Any]
    alerts: frozenset[str]


def member_of(assessment: Assessment, definition: CohortFile | None) -> Member:
    """Return what a cohort needs of an assessment."""
    values = dict(assessment.summary)
    for name, derived in definition.fields.items() if definition else ():
        known = [each for field in derived.least if (each := number(values[field])) is not None]
        values[name] = min(known, default=None)
    if definition and definition.rows:
        printed = definition.rows.printed.get(assessment.patient)
        for field, value in zip(definition.rows.fields, printed or (), strict=False):
            values[PRINTED + field] = value
    return Member(assessment.patient, values, frozenset(each.rule for each in assessment.alerts))


class Selector:
    """Finds the members of a cohort that a condition, or a selection, takes in."""

    def __init__(self, definition: CohortFile, members: Iterable[Member]) -> None:
        self._definition = definition
        self.members = sorted((each for each in members if self._fits(each, definition.patients)),
                              key=lambda each: natural_order(each.patient))
        self._selected: dict[str, list[Member]] = {}

    def select(self, name: str) -> list[Member]:
        """Return the members of a selection, by their names."""
        if name not in self._selected:
            selection = self._definition.selections[name]
            within = [{each.patient for each in self.select(wider)} for wider in selection.all_]
            self._selected[name] = [
                each for each in self.members
                if all(each.patient in ids for ids in within)
                and self._fits(each, selection.where)]
        return self._selected[name]

    def _fits(self, member: Member, where: Where) -> bool:
        return all(self._holds(member, field, wanted) for field, wanted in where.items())

    def _holds(self, member: Member, field: str, wanted: Wanted) -> bool:
        if field == ALERTS:
            if isinstance(wanted, Known):
                return bool(member.alerts) == wanted.known
            return any(rule in member.alerts for rule in listed(wanted))
        value = member.values.get(field)
        if isinstance(wanted, Known):
            return (value is not None) == wanted.known
        if isinstance(wanted, AsPrinted):
            return same(value, _as_number(self._definition.figures[wanted.printed].printed or ""))
        return any(same(value, each) for each in listed(wanted))


def listed(wanted: Wanted) -> list[Any]:
    """Return what is wanted as a list."""
    return wanted if isinstance(wanted, list) else [wanted]


def number(value: object) -> Fraction | None:
    """Return a number of a summary exactly, or None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | Fraction):
        return None
    return value if isinstance(value, Fraction) else Fraction(str(value))


def same(value: object, other: object) -> bool:
    """Return whether two values are equal; numbers by their worth."""
    one, two = number(value), number(other)
    return value == other if one is None or two is None else one == two


def _as_number(text: str) -> object:
    return Decimal(text) if text.replace(".", "", 1).isdigit() else text
