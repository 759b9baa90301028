"""Assessments as JSON, in the shape and with the names of the contract."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec.structs import astuple

from engine.rulebook.changes import extension_record

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.assessment import Assessment
    from engine.events.event import Refusal
    from engine.records import AlertRecord, ConclusionRecord, Undecided
    from engine.rulebook.definitions import Rulebook

CONTRACT = 1


def patient_record(assessment: Assessment) -> dict[str, Any]:
    """Return one patient's part of the output."""
    return {
        "patient": assessment.patient,
        "as_of": assessment.as_of.text,
        "summary": assessment.summary,
        "conclusions": [record_of(each) for each in assessment.conclusions],
        "alerts": [record_of(each) for each in assessment.alerts],
        "undecided": [record_of(each) for each in assessment.undecided],
    }


def record_of(part: ConclusionRecord | AlertRecord | Undecided) -> dict[str, Any]:
    """Return one part of an assessment with the names that it has in the contract."""
    return {name: list(value) if isinstance(value, tuple) else value
            for name, value in zip(part.__struct_encode_fields__, astuple(part), strict=True)}


def rulebook_record(rulebook: Rulebook) -> dict[str, Any]:
    """Return what tells a rulebook from every other; and, if it extends one, what it overrides."""
    return {"id": rulebook.id, "version": rulebook.version, "digest": rulebook.digest,
            **extension_record(rulebook)}


def refusal_records(refusals: Iterable[Refusal]) -> list[dict[str, Any]]:
    """Return what was refused, by source and line."""
    ordered = sorted(refusals, key=lambda each: (each.source, each.line, each.field))
    return [{"source": each.source, "line": each.line, "field": each.field, "found": each.found,
             "expected": each.expected, "reason": each.reason} for each in ordered]
