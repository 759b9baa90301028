"""Where does a publication contradict what follows from its own cases, said in sentences?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.cohort.definition import PLACEHOLDER, PRINTED
from engine.cohort.figures import NOTHING
from engine.cohort.members import number, same
from engine.counting import first_of, natural_order
from engine.facts.wording import bound_in_words

if TYPE_CHECKING:
    from re import Match

    from engine.cohort.figures import Figures
    from engine.cohort.files import CohortFile, FindingFile
    from engine.cohort.members import Selector

_MANY = 10


@dataclass(frozen=True, slots=True)
class Finding:
    """One disagreement, with the computed values filled in."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """Patients of whom the same is printed for a field, and the same other value computed."""

    field: str
    printed: str | None
    computed: str | None
    patients: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """How the printed rows compare with the patients, entry by entry."""

    title: str
    patients: int
    entries: int
    differences: tuple[Difference, ...]
    absent: tuple[str, ...]

    @property
    def agreeing(self) -> int:
        """How many entries are as printed."""
        return self.entries - sum(len(each.patients) for each in self.differences)


def findings_of(definition: CohortFile, figures: Figures, selector: Selector) -> list[Finding]:
    """Return the findings whose conditions all hold, their texts filled in."""
    return [Finding(name, finding.title, _filled(finding.text, figures, selector))
            for name, finding in definition.findings.items()
            if _applies(finding, figures, selector)]


def rows_of(definition: CohortFile, selector: Selector) -> Rows | None:
    """Return the comparison of the printed rows, or None if nobody in them is in the cohort."""
    rows = definition.rows
    if rows is None:
        return None
    members = [each for each in selector.members if each.patient in rows.printed]
    if not members:
        return None
    differing: dict[tuple[str, str | None, str | None], list[str]] = {}
    for member in members:
        for field in rows.fields:
            printed, computed = member.values[PRINTED + field], member.values[field]
            if not same(printed, computed):
                key = (field, _worded(printed), _worded(computed))
                differing.setdefault(key, []).append(member.patient)
    present = {each.patient for each in members}
    return Rows(rows.title, len(members), len(members) * len(rows.fields),
                tuple(Difference(*key, tuple(who)) for key, who in differing.items()),
                tuple(sorted(set(rows.printed) - present, key=natural_order)))


def in_words(value: Any) -> str:
    """Return a value of a summary as it is shown in a table."""
    if value is None:
        return NOTHING
    if isinstance(value, dict):
        return bound_in_words(value)
    exact = number(value)
    return str(value) if exact is None or exact.denominator != 1 else str(int(exact))


def people(patients: list[str]) -> str:
    """Return a list of patients as a sentence names them.

    >>> people(["2", "3", "5"]), people([])
    ('2, 3 and 5', 'nobody')
    """
    if not patients:
        return "nobody"
    if len(patients) > _MANY:
        return first_of(patients, _MANY, "others")
    *before, last = patients
    return f"{', '.join(before)} and {last}" if before else last


def _worded(value: Any) -> str | None:
    return None if value is None else in_words(value)


def _applies(finding: FindingFile, figures: Figures, selector: Selector) -> bool:
    return (all(figures.figure(name).agrees is False for name in finding.differs)
            and all(figures.figure(name).agrees is True for name in finding.agrees)
            and all(figures.figure(name).exact["p"] > bound
                    for name, bound in finding.above.items())
            and all(selector.select(name) for name in finding.some)
            and not any(selector.select(name) for name in finding.nobody))


def _filled(text: str, figures: Figures, selector: Selector) -> str:
    def fill(found: Match[str]) -> str:
        name, _, part = found[1].partition(".")
        if part == "count":
            return str(len(selector.select(name)))
        if part == "patients":
            return people([each.patient for each in selector.select(name)])
        figure = figures.figure(name)
        shown = {"": figure.text, "printed": figure.printed, "precise": figure.precise}[part]
        return shown or figure.text

    return PLACEHOLDER.sub(fill, text)
