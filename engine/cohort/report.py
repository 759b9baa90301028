"""All that many assessments come to together: tables, figures, rows and findings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.cohort.crosstab import CrossTab, Question, crosstab
from engine.cohort.figures import Figure, Figures
from engine.cohort.findings import Finding, Rows, findings_of, rows_of
from engine.cohort.members import Selector, member_of
from engine.counting import natural_order

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.assessment import Assessment
    from engine.cohort.files import CohortFile, TableFile


@dataclass(frozen=True, slots=True)
class TableRow:
    """A selection of patients: how many, and how many of them are in each column."""

    title: str
    size: Figure
    cells: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """How many patients of each row are in each column."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[TableRow, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """Figures that are shown together."""

    title: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class CohortReport:
    """What was computed of a cohort; printed figures, rows and findings only where compared."""

    title: str
    source: str
    patients: int
    are_those_printed: bool
    left_out: tuple[str, ...]
    compared: bool
    crosstab: CrossTab | None
    tables: tuple[Table, ...]
    sections: tuple[Section, ...]
    rows: Rows | None
    findings: tuple[Finding, ...]

    def shown(self) -> tuple[Figure, ...]:
        """Return every figure of the report, in its order."""
        in_tables = [each for table in self.tables for row in table.rows
                     for each in (row.size, *row.cells)]
        return (*in_tables, *(each for section in self.sections for each in section.figures))


def cohort_report(assessments: Iterable[Assessment], definition: CohortFile,
                  asked: Question | None = None, *, compare: bool = True) -> CohortReport:
    """Return the report; a question adds a plain table of one summary field by another.

    Without `compare` nothing printed is shown. Findings speak of the publication's own patients,
    and are said only where the cohort consists of them.
    """
    everyone = [member_of(each, definition) for each in assessments]
    selector = Selector(definition, everyone)
    figures = Figures(definition, selector, compared=compare)
    inside = {each.patient for each in selector.members}
    left_out = (each.patient for each in everyone if each.patient not in inside)
    printed = set(definition.rows.printed) if definition.rows else inside
    return CohortReport(
        definition.title, definition.source, len(inside), inside == printed,
        tuple(sorted(left_out, key=natural_order)), compare,
        crosstab(everyone, asked) if asked else None,
        tuple(_table(each, definition, figures) for each in definition.tables),
        tuple(Section(each.title, tuple(figures.figure(name) for name in each.figures))
              for each in definition.sections),
        rows_of(definition, selector) if compare else None,
        tuple(findings_of(definition, figures, selector)) if compare and inside == printed else ())


def _table(written: TableFile, definition: CohortFile, figures: Figures) -> Table:
    titles = {name: selection.title for name, selection in definition.selections.items()}
    nothing: list[str | None] = [None] * (1 + len(written.columns))
    rows = []
    for row in written.rows:
        size, *cells = written.printed.get(row, nothing)
        rows.append(TableRow(titles[row], figures.size(titles[row], row, size), tuple(
            figures.share(f"{titles[row]}: {titles[column]}", column, row, printed)
            for column, printed in zip(written.columns, cells, strict=True))))
    return Table(written.title, tuple(titles[each] for each in written.columns), tuple(rows))
