"""What two rulebooks differ in, as records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.reason import record_of
from engine.reports.records import CONTRACT, refusal_records, rulebook_record

if TYPE_CHECKING:
    from engine.comparison.comparing import Comparison, PatientDifference


def comparison_record(comparison: Comparison) -> dict[str, Any]:
    """Return everything that differs."""
    return {
        "contract": CONTRACT,
        "old": rulebook_record(comparison.old), "new": rulebook_record(comparison.new),
        "meaning": [{"kind": each.kind, "name": each.name, "how": each.how,
                     "before": each.before, "after": each.after} for each in comparison.meaning],
        "patients": comparison.patients, "differing": comparison.differing,
        "differences": [_difference(each) for each in comparison.found],
        "refused": {"old": refusal_records(comparison.refused[0]),
                    "new": refusal_records(comparison.refused[1])},
    }


def _difference(found: PatientDifference) -> dict[str, Any]:
    difference, reasons = found.difference, found.explain()
    return {
        "patient": difference.patient, "name": difference.name,
        "other_name": difference.other_name, "old": difference.old, "new": difference.new,
        "from": difference.since or difference.begun.isoformat(),
        "to": difference.to.isoformat() if difference.to else None,
        "reasons": {"at": reasons.at, "old": record_of(reasons.old),
                    "new": record_of(reasons.new)},
    }
