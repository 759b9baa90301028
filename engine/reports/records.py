"""Assessments as JSON, in the shape and with the names of the contract."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.assessment import Assessment
    from engine.events.event import Refusal
    from engine.rulebook.definitions import Rulebook
    from engine.rulebook.provenance import Override

CONTRACT = 1


def patient_record(assessment: Assessment) -> dict[str, Any]:
    """Return one patient's part of the output."""
    return {
        "patient": assessment.patient,
        "as_of": assessment.as_of.text,
        "summary": assessment.summary,
        "conclusions": [
            {"name": each.name, "value": each.value, "rule": each.rule, "from": each.begin,
             "to": each.end, "evidence": list(each.evidence), "caveats": list(each.caveats),
             "overrode": list(each.overrode)}
            for each in assessment.conclusions],
        "alerts": [
            {"id": each.id, "rule": each.rule, "severity": each.severity, "from": each.begin,
             "to": each.end, "message": each.message, "evidence": list(each.evidence),
             "caveats": list(each.caveats), "cites": list(each.cites),
             "subsumed_by": each.subsumed_by}
            for each in assessment.alerts],
        "undecided": [
            {"name": each.name, "values": list(each.values), "needs": list(each.needs)}
            for each in assessment.undecided],
    }


def rulebook_record(rulebook: Rulebook) -> dict[str, Any]:
    """Return what tells a rulebook from every other; and, if it extends one, what it overrides."""
    record: dict[str, Any] = {
        "id": rulebook.id, "version": rulebook.version, "digest": rulebook.digest}
    if rulebook.extends:
        record["extends"] = list(rulebook.extends)
        record["overrides"] = [override_record(each) for each in rulebook.overrides]
    return record


def override_record(override: Override) -> dict[str, Any]:
    """Return what was overridden, by whom and why, and what it was before."""
    return {"what": override.what, "name": override.name, "author": override.author,
            "reason": override.reason, "decided": override.decided or None,
            "rulebook": override.rulebook,
            "changes": [{"key": key, "before": before or None, "after": after or None}
                        for key, before, after in override.changes]}


def refusal_records(refusals: Iterable[Refusal]) -> list[dict[str, Any]]:
    """Return what was refused, by source and line."""
    ordered = sorted(refusals, key=lambda each: (each.source, each.line, each.field))
    return [{"source": each.source, "line": each.line, "field": each.field, "found": each.found,
             "expected": each.expected, "reason": each.reason} for each in ordered]
