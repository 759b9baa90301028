"""Alerts and their steps as JSON, with names that others may rely on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.store.moments import written

if TYPE_CHECKING:
    from datetime import datetime

    from engine.alerts.alert import Alert, Decision
    from engine.alerts.policy import Policy
    from engine.watch.told import Told


def alert_record(alert: Alert, policy: Policy) -> dict[str, Any]:
    """Return one alert, with how it stands and what was decided about it."""
    record, state = alert.record, alert.state
    return {
        "id": alert.id, "patient": alert.patient, "rule": record.rule,
        "title": policy.titles.get(record.rule, record.rule), "severity": record.severity,
        "channel": policy.severity(record.severity).channel, "state": state.name,
        "because": state.because, "until": _moment(state.until), "from": record.begin,
        "to": record.end, "message": record.message, "evidence": list(record.evidence),
        "caveats": list(record.caveats), "cites": list(record.cites),
        "raised": _moment(alert.raised), "was": list(alert.was),
        "decisions": [_decision(each) for each in alert.decisions],
    }


def told_record(told: Told, policy: Policy) -> dict[str, Any]:
    """Return one change of an alert, as it is told to whoever watches."""
    alert = alert_record(told.alert, policy)
    del alert["decisions"]
    return {"change": told.change, "moment": written(told.moment), "step": told.step, **alert,
            "because": told.because, "changed": list(told.changed), "by": told.by or None}


def _decision(decision: Decision) -> dict[str, Any]:
    return {"what": decision.what, "by": decision.by, "reason": decision.reason,
            "moment": written(decision.moment), "severity": decision.severity,
            "until": _moment(decision.until)}


def _moment(moment: datetime | None) -> str | None:
    return written(moment) if moment else None
