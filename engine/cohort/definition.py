"""From a cohort's YAML to a definition in which every name is known, or to every problem."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from engine.cohort.files import (
    COMPARING,
    COUNTING,
    SPREADING,
    TESTS,
    AsPrinted,
    CohortFile,
    FigureFile,
    Where,
    operator_of,
)
from engine.problems import Place, Problem, RulebookError, did_you_mean
from engine.request import RequestError
from engine.rulebook.bases import chain_of
from engine.wording import one_of
from engine.yaml_source import Document, read_yaml, validate

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from engine.rulebook.definitions import Rulebook

ALERTS = "alerts"
PRINTED = "printed."
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_FOLDER = "cohorts"
Steps = tuple[str | int, ...]


def definition_files(folder: Path) -> dict[str, Path]:
    """Return the files of the cohorts that a rulebook declares, or one that it extends, by name."""
    return {path.stem: path for each in reversed(chain_of(folder))
            for path in sorted((each / _FOLDER).glob("*.yaml"))}


def definition_named(folder: Path, rulebook: Rulebook, name: str | None = None) -> CohortFile:
    """Return a cohort of a rulebook, by default the first; raises RequestError without any."""
    known = definition_files(folder)
    if not known:
        raise RequestError(f"cohort: found none in {folder / _FOLDER}, expected a file that says "
                           "who is in it and what is computed of it")
    if name is not None and name not in known:
        raise RequestError(f"cohort: found {name!r}, expected {one_of(list(known))}")
    return load_definition(known[name or next(iter(known))], rulebook)


def load_definition(path: Path, rulebook: Rulebook) -> CohortFile:
    """Return the definition in a file; raises RulebookError with every problem found."""
    try:
        document = read_yaml(path.read_text(encoding="utf-8"), str(path))
    except OSError:
        raise RulebookError([Problem(Place(str(path)), "missing-file", "no such file",
                                     "the definition of a cohort", "check the name")]) from None
    definition = validate(document, CohortFile)
    alerts = {topic.name for topic in rulebook.topics if topic.alert is not None}
    check = _Check(document, definition, set(rulebook.summary), alerts, [])
    check.everything()
    if check.problems:
        raise RulebookError(check.problems)
    return definition


@dataclass
class _Check:
    """Looks up every name that the definition uses."""

    document: Document
    cohort: CohortFile
    summary: Collection[str]
    alerts: Collection[str]
    problems: list[Problem]

    def everything(self) -> None:
        cohort = self.cohort
        self._known([cohort.outcome], self.summary, "a field of the summary", "outcome")
        for name, derived in cohort.fields.items():
            self._known(derived.least, self.summary, "a field of the summary", "fields", name)
        self._where(cohort.patients, "patients")
        for name, selection in cohort.selections.items():
            before = list(cohort.selections)[:list(cohort.selections).index(name)]
            self._known(selection.all_, before, "a selection declared above", "selections", name)
            self._where(selection.where, "selections", name, "where")
        for name, figure in cohort.figures.items():
            self._figure(name, figure)
        for index, section in enumerate(cohort.sections):
            self._known(section.figures, cohort.figures, "a figure", "sections", index)
        self._tables()
        self._rows()
        self._findings()

    def _known(self, names: Iterable[str], known: Collection[str], what: str,
               *path: str | int) -> None:
        for name in names:
            if name not in known:
                self._problem(path, "unknown-name", repr(name), what, did_you_mean(name, known))

    def _problem(self, path: Steps, code: str, found: str, expected: str,
                 advice: str = "") -> None:
        place = self.document.place_of_key(*path)
        self.problems.append(self.document.problem(place, code, found, expected, advice))

    def _where(self, where: Where, *path: str | int) -> None:
        rows = self.cohort.rows.fields if self.cohort.rows else []
        known = {*self._fields, ALERTS, *(PRINTED + field for field in rows)}
        for field, wanted in where.items():
            self._known([field], known, "a field of the summary, or 'alerts'", *path, field)
            if field == ALERTS and isinstance(wanted, str | list):
                rules = [wanted] if isinstance(wanted, str) else map(str, wanted)
                self._known(rules, self.alerts, "an alert of the rulebook", *path, field)
            if isinstance(wanted, AsPrinted):
                self._known([wanted.printed], self.cohort.figures, "a figure", *path, field)

    @property
    def _fields(self) -> set[str]:
        return {*self.summary, *self.cohort.fields}

    def _figure(self, name: str, figure: FigureFile) -> None:
        path, selections = ("figures", name), self.cohort.selections
        operator = operator_of(figure)
        if operator is None:
            self._problem(path, "wrong-value", "none or several operators", "exactly one of "
                          "count, share, percent, median, range, least, a test, percent_sum")
            return
        subject = getattr(figure, operator)
        if operator in (*COUNTING, *COMPARING):
            self._known([subject], selections, "a selection", *path)
        elif operator in SPREADING:
            self._known([subject], self._fields, "a field of the summary", *path)
        else:
            shares = [each for each, one in self.cohort.figures.items() if operator_of(one)
                      in ("share", "percent")]
            self._known(subject, shares, "a figure that is a share", *path)
        if operator in (*COUNTING[1:], *SPREADING):
            self._known([figure.of or ""], selections, "a selection in 'of'", *path)
        if operator in COMPARING:
            self._known(figure.between or [""], selections, "two selections in 'between'", *path)
            if len(figure.between) == 1:
                self._problem(path, "wrong-value", "one selection", "two in 'between'")

    def _tables(self) -> None:
        for index, table in enumerate(self.cohort.tables):
            path = ("tables", index)
            self._known([*table.rows, *table.columns], self.cohort.selections, "a selection", *path)
            self._known(table.printed, table.rows, "a row of the table", *path, "printed")
            for row, cells in table.printed.items():
                if len(cells) != 1 + len(table.columns):
                    self._problem((*path, "printed", row), "wrong-value", f"{len(cells)} entries",
                                  f"{1 + len(table.columns)}: the size of the row, then its cells")

    def _rows(self) -> None:
        rows = self.cohort.rows
        if rows is None:
            return
        self._known(rows.fields, self._fields, "a field of the summary", "rows", "fields")
        for patient, cells in rows.printed.items():
            if len(cells) != len(rows.fields):
                self._problem(("rows", "printed", patient), "wrong-value",
                              f"{len(cells)} entries", f"{len(rows.fields)}, one a field")

    def _findings(self) -> None:
        cohort = self.cohort
        tests = [each for each, one in cohort.figures.items() if operator_of(one) in TESTS]
        fillings = {
            *cohort.figures,
            *(f"{each}.printed" for each, one in cohort.figures.items() if one.printed),
            *(f"{each}.precise" for each in tests),
            *(f"{each}.{part}" for each in cohort.selections for part in ("count", "patients"))}
        for name, finding in cohort.findings.items():
            path = ("findings", name)
            printed = [each for each, one in cohort.figures.items() if one.printed]
            self._known([*finding.differs, *finding.agrees], printed, "a printed figure", *path)
            self._known(finding.above, tests, "a figure that is a P value", *path)
            self._known([*finding.some, *finding.nobody], cohort.selections, "a selection", *path)
            self._known(PLACEHOLDER.findall(finding.text), fillings,
                        "a figure, or a selection with .count or .patients", *path, "text")
