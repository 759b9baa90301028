"""A cohort in the terminal: each computed figure beside the printed one, and the findings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich import box
from rich.table import Table
from rich.text import Text

from engine.cohort.findings import people
from engine.counting import counted

if TYPE_CHECKING:
    from rich.console import Console

    from engine.cohort.crosstab import CrossTab
    from engine.cohort.figures import Figure
    from engine.cohort.findings import Finding, Rows
    from engine.cohort.report import CohortReport, Section
    from engine.cohort.report import Table as Counts

_INDENT = "  "
_AGREES, _DIFFERS, _QUIET = "green", "bold red", "dim"


def render(report: CohortReport, console: Console) -> None:
    """Print a report."""
    _Printer(console).report(report)


class _Printer:
    """Prints the parts of a report; marks are plain where the terminal has no others."""

    def __init__(self, console: Console) -> None:
        self._console, self._print = console, console.print
        fancy = console.encoding.lower().startswith("utf")
        self._same, self._other = ("✓", "✗") if fancy else ("=", "!")

    def report(self, report: CohortReport) -> None:
        self._print(Text(report.title, style="bold"))
        if report.compared:
            self._print(Text(f"printed: {report.source}", style=_QUIET))
        self._print(Text(counted(report.patients, "patient")))
        if report.left_out:
            self._print(Text(f"not in the cohort: {people(list(report.left_out))}"))
        if report.compared:
            self._print(Text.assemble((self._same, _AGREES), " as printed   ",
                                      (self._other, _DIFFERS), " differs from the printed figure"))
        if report.compared and not report.are_those_printed:
            self._print(Text("The patients are not those of the source: its figures stand beside "
                             "for comparison, and no finding is drawn.", style="yellow"))
        if report.crosstab:
            self._crosstab(report.crosstab)
        for table in report.tables:
            self._counts(table)
        for section in report.sections:
            self._section(section, report.compared)
        if report.rows:
            self._rows(report.rows)
        if report.findings:
            self._findings(report.findings)

    def _crosstab(self, crosstab: CrossTab) -> None:
        self._heading(f"{crosstab.field} by {crosstab.by}")
        table = _table(crosstab.by, "n", *crosstab.columns)
        for name, size, cells in crosstab.lines:
            table.add_row(Text(name), str(size), *map(Text, cells))
        self._print(table)

    def _counts(self, counts: Counts) -> None:
        self._heading(counts.title)
        table = _table("", "n", *counts.columns)
        for row in counts.rows:
            table.add_row(Text(row.title), *(self._marked(each) for each in (row.size, *row.cells)))
        self._print(table)

    def _marked(self, figure: Figure) -> Text:
        if figure.agrees is None:
            return Text(f"{figure.text}  ")
        if figure.agrees:
            return Text.assemble(figure.text, " ", (self._same, _AGREES))
        return Text.assemble(figure.text, " ", (f"{self._other} printed {figure.printed}",
                                                _DIFFERS))

    def _section(self, section: Section, compared: bool) -> None:
        self._heading(section.title)
        table = _table("", "computed", *(["printed", ""] if compared else []))
        for each in section.figures:
            mark = {True: Text(self._same, _AGREES), False: Text(self._other, _DIFFERS),
                    None: Text()}[each.agrees]
            cells = [Text(each.printed or "-", "" if each.printed else _QUIET), mark]
            table.add_row(Text(each.title), Text(each.text), *(cells if compared else []))
        self._print(table)

    def _rows(self, rows: Rows) -> None:
        self._heading(rows.title)
        everything = rows.agreeing == rows.entries
        self._indented(Text.assemble(
            (self._same if everything else self._other, _AGREES if everything else _DIFFERS),
            f" {rows.agreeing} of {rows.entries} entries of "
            f"{counted(rows.patients, 'patient')} are as printed"))
        for each in rows.differences:
            self._indented(Text(
                f"  {each.field}: printed {_quoted(each.printed)}, computed "
                f"{_quoted(each.computed)} (patient{'s' if len(each.patients) > 1 else ''} "
                f"{people(list(each.patients))})"))
        if rows.absent:
            self._indented(Text(f"  not among the patients: {people(list(rows.absent))}"))

    def _findings(self, findings: tuple[Finding, ...]) -> None:
        self._heading("Findings")
        for number, finding in enumerate(findings, start=1):
            self._indented(Text.assemble((f"{number}. {finding.title}. ", "bold"), finding.text))
            self._print()

    def _heading(self, title: str) -> None:
        self._print(Text(f"\n{title}", style="bold"))

    def _indented(self, text: Text) -> None:
        for line in text.wrap(self._console, self._console.width - len(_INDENT)):
            line.rstrip()
            self._print(Text(_INDENT) + line)


def _table(*columns: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD)
    for index, column in enumerate(columns):
        table.add_column(Text(column), justify="right" if index else "left", no_wrap=index > 0)
    return table


def _quoted(value: str | None) -> str:
    return "nothing" if value is None else f'"{value}"'
