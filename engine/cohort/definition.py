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
from engine.counting import counted
from engine.problems import Place, Problem, RulebookError, did_you_mean
from engine.request import RequestError
from engine.rulebook.bases import chain_of
from engine.rulebook.folder import text_of
from engine.wording import one_of
from engine.yaml_source import Document, read_yaml, validate

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from engine.rulebook.definitions import Rulebook

ALERTS = "alerts"
PRINTED = "printed."
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
DEFINITIONS = "cohorts"
Steps = tuple[str | int, ...]


def definition_files(folder: Path) -> dict[str, Path]:
    """Return the files of the cohorts that a rulebook declares, or one that it extends, by name."""
    return {path.stem: path for each in reversed(chain_of(folder))
            for path in sorted((each / DEFINITIONS).glob("*.yaml"))}


def definition_named(folder: Path, rulebook: Rulebook, name: str | None = None) -> CohortFile:
    """Return a cohort of a rulebook, by default the first; raises RequestError without any."""
    known = definition_files(folder)
    if not known:
        raise RequestError(f"cohort: found none in {folder / DEFINITIONS}, expected a file that "
                           "says who is in it and what is computed of it")
    if name is not None and name not in known:
        raise RequestError(f"cohort: found {name!r}, expected {one_of(list(known))}")
    return load_definition(known[name or next(iter(known))], rulebook)


def load_definition(path: Path, rulebook: Rulebook) -> CohortFile:
    """Return the definition in a file; raises RulebookError with every problem found."""
    if not path.is_file():
        raise RulebookError([Problem(Place(str(path)), "missing-file", "no such file",
                                     "the definition of a cohort", "check the name")])
    document = read_yaml(text_of(path), str(path))
    definition = validate(document, CohortFile)
    alerts = {topic.name for topic in rulebook.topics if topic.alert is not None}
    values = {topic.name: topic.values for topic in rulebook.topics if topic.alert is None}
    check = _Check(document, definition, {field: values.get(name, ()) for field, name
                                          in rulebook.summary.items()}, alerts, [])
    check.everything()
    if check.problems:
        raise RulebookError(check.problems)
    return definition


@dataclass
class _Check:
    """Looks up every name that the definition uses; a field of the summary may have values."""

    document: Document
    cohort: CohortFile
    summary: Mapping[str, Collection[str]]
    alerts: Collection[str]
    problems: list[Problem]

    def everything(self) -> None:
        cohort = self.cohort
        self._known([cohort.outcome], self.summary, "a field of the summary", "outcome")
        for name, derived in cohort.fields.items():
            self._known(derived.least, self.summary, "a field of the summary", "fields", name,
                        "least")
        self._where(cohort.patients, "patients")
        for name, selection in cohort.selections.items():
            before = list(cohort.selections)[:list(cohort.selections).index(name)]
            self._known(selection.all_, before, "a selection declared above", "selections", name,
                        "all")
            self._where(selection.where, "selections", name, "where")
        for name, figure in cohort.figures.items():
            self._figure(name, figure)
        for index, section in enumerate(cohort.sections):
            self._known(section.figures, cohort.figures, "a figure", "sections", index, "figures")
        self._tables()
        self._rows()
        self._findings()

    def _known(self, names: Iterable[str], known: Collection[str], what: str,
               *path: str | int) -> None:
        """Note each name that is not known: one that stands there, or those of a list or mapping.
        """
        for index, name in enumerate(names):
            if name not in known:
                self._problem(self._place(path, index, name), "unknown-name", repr(name), what,
                              did_you_mean(name, known))

    def _place(self, path: Steps, index: int, name: str) -> Place:
        """Return where a name stands: in a list, as a key, or as the value itself."""
        there = self.document.node(*path).value
        if isinstance(there, list):
            return self.document.place(*path, index)
        if isinstance(there, dict):
            return self.document.place_of_key(*path, *([name] if name in there else []))
        return self.document.place(*path)

    def _problem(self, place: Place, code: str, found: str, expected: str,
                 advice: str = "") -> None:
        self.problems.append(self.document.problem(place, code, found, expected, advice))

    def _where(self, where: Where, *path: str | int) -> None:
        rows = self.cohort.rows.fields if self.cohort.rows else []
        known = {*self._fields, ALERTS, *(PRINTED + field for field in rows)}
        for field, wanted in where.items():
            self._known([field], known, "a field of the summary, or 'alerts'", *path)
            values = self.alerts if field == ALERTS else self.summary.get(field, ())
            if values and isinstance(wanted, str | list):
                what = ("an alert of the rulebook" if field == ALERTS
                        else f"a value of {field!r}: {', '.join(values)}")
                named = [wanted] if isinstance(wanted, str) else map(str, wanted)
                self._known(named, values, what, *path, field)
            if isinstance(wanted, AsPrinted):
                self._known([wanted.printed], self.cohort.figures, "a figure", *path, field,
                            "printed")

    @property
    def _fields(self) -> set[str]:
        return {*self.summary, *self.cohort.fields}

    def _figure(self, name: str, figure: FigureFile) -> None:
        path, selections = ("figures", name), self.cohort.selections
        operator = operator_of(figure)
        if operator is None:
            self._problem(self.document.place_of_key(*path), "wrong-value",
                          "none or several operators", "exactly one of count, share, percent, "
                          "median, range, least, a test, percent_sum")
            return
        subject, at = getattr(figure, operator), (*path, operator.rstrip("_"))
        if operator in (*COUNTING, *COMPARING):
            self._known([subject], selections, "a selection", *at)
        elif operator in SPREADING:
            self._known([subject], self._fields, "a field of the summary", *at)
        else:
            shares = [each for each, one in self.cohort.figures.items() if operator_of(one)
                      in ("share", "percent")]
            self._known(subject, shares, "a figure that is a share", *at)
        if operator in (*COUNTING[1:], *SPREADING):
            self._named_or_missing(figure.of, "of", path)
        if operator in COMPARING:
            if len(figure.between) == 2:
                self._known(figure.between, selections, "a selection", *path, "between")
            else:
                found = f"{len(figure.between)} in 'between'" if figure.between else "no 'between'"
                self._problem(self.document.place_of_key(*path), "wrong-value", found,
                              "two selections in 'between'", "name those that are compared")

    def _named_or_missing(self, name: str | None, key: str, path: Steps) -> None:
        if name is None:
            self._problem(self.document.place_of_key(*path), "missing-key", f"no '{key}'",
                          f"'{key}': the selection over which it is computed", "add it")
        else:
            self._known([name], self.cohort.selections, "a selection", *path, key)

    def _tables(self) -> None:
        for index, table in enumerate(self.cohort.tables):
            path = ("tables", index)
            for key, names in (("rows", table.rows), ("columns", table.columns)):
                self._known(names, self.cohort.selections, "a selection", *path, key)
            self._known(table.printed, table.rows, "a row of the table", *path, "printed")
            for row, cells in table.printed.items():
                if len(cells) != 1 + len(table.columns):
                    self._problem(self.document.place_of_key(*path, "printed", row), "wrong-value",
                                  counted(len(cells), "entry", "entries"),
                                  f"{1 + len(table.columns)}: the size of the row, then its cells")

    def _rows(self) -> None:
        rows = self.cohort.rows
        if rows is None:
            return
        self._known(rows.fields, self._fields, "a field of the summary", "rows", "fields")
        for patient, cells in rows.printed.items():
            if len(cells) != len(rows.fields):
                self._problem(self.document.place_of_key("rows", "printed", patient),
                              "wrong-value", counted(len(cells), "entry", "entries"),
                              f"{len(rows.fields)}, one a field")

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
            for key in ("differs", "agrees"):
                self._known(getattr(finding, key), printed, "a printed figure", *path, key)
            self._known(finding.above, tests, "a figure that is a P value", *path, "above")
            for key in ("some", "nobody"):
                self._known(getattr(finding, key), cohort.selections, "a selection", *path, key)
            at = self.document.place(*path, "text")
            for filling in PLACEHOLDER.finditer(finding.text):
                if filling[1] not in fillings:
                    self._problem(self.document.inside(at, finding.text, filling.start(1)),
                                  "unknown-name", repr(filling[1]),
                                  "a figure, or a selection with .count or .patients",
                                  did_you_mean(filling[1], fillings))
