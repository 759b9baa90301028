"""Where does the report of a cohort go: tables for people, or one JSON object?"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from engine.reports.cohort_record import record
from engine.reports.cohort_tables import render
from engine.reports.output import as_json
from engine.reports.records import CONTRACT, refusal_records, rulebook_record

if TYPE_CHECKING:
    from rich.console import Console

    from engine.cohort.report import CohortReport
    from engine.run import Run


def print_cohort(run: Run, report: CohortReport, form: str, console: Console) -> None:
    """Print a report in a form: "table" or "json"; nothing is reported of a run that stopped."""
    if form == "table":
        if not run.is_stopped:
            render(report, console)
        return
    whole = {
        "contract": CONTRACT,
        "rulebook": rulebook_record(run.setup.rulebook),
        "as_of": run.as_of.text if run.as_of else None,
        "cohort": None if run.is_stopped else record(report),
        "refused": refusal_records(run.refused),
    }
    sys.stdout.buffer.write(as_json(whole) + b"\n")
    sys.stdout.buffer.flush()
