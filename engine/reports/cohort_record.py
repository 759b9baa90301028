"""A cohort as JSON: the same figures, rows and findings as in the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.cohort.figures import Figure
    from engine.cohort.report import CohortReport


def record(report: CohortReport) -> dict[str, Any]:
    """Return a report as plain data; `agrees` is null where nothing is printed."""
    crosstab, rows = report.crosstab, report.rows
    return {
        "title": report.title,
        "source": report.source,
        "patients": report.patients,
        "are_those_printed": report.are_those_printed,
        "left_out": list(report.left_out),
        "by": crosstab and {
            "field": crosstab.field, "by": crosstab.by, "columns": list(crosstab.columns),
            "lines": [{"value": name, "n": size, "cells": list(cells)}
                      for name, size, cells in crosstab.lines]},
        "tables": [
            {"title": table.title, "columns": list(table.columns),
             "rows": [{"title": row.title, "n": _figure(row.size),
                       "cells": [_figure(each) for each in row.cells]} for row in table.rows]}
            for table in report.tables],
        "sections": [
            {"title": section.title, "figures": [_figure(each) for each in section.figures]}
            for section in report.sections],
        "rows": rows and {
            "title": rows.title, "patients": rows.patients, "entries": rows.entries,
            "agreeing": rows.agreeing, "absent": list(rows.absent),
            "differences": [{"field": each.field, "printed": each.printed,
                             "computed": each.computed, "patients": list(each.patients)}
                            for each in rows.differences]},
        "findings": [{"id": each.id, "title": each.title, "text": each.text}
                     for each in report.findings],
    }


def _figure(figure: Figure) -> dict[str, Any]:
    return {"title": figure.title, "computed": figure.text, "exact": dict(figure.exact),
            "printed": figure.printed, "agrees": figure.agrees}
