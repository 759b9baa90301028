"""May somebody decide this about that alert now, and what becomes of it?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.alerts.alert import Decision
from engine.alerts.deciding import DecisionError, check_decision, resting_on
from engine.alerts.life import decide
from engine.problems import did_you_mean
from engine.request import RequestError
from engine.store.steps import all_alerts, append, found_alert

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Literal

    from engine.alerts.alert import Alert, Step
    from engine.store.file import Store
    from engine.store.ward import Ward


def take_decision(store: Store, ward: Ward, name: str, what: Literal["acknowledged", "snoozed"],
                  by: str, reason: str, until: datetime | None = None) -> Step:
    """Bring the alert's patient up to date, then write the decision; return what it made of it.

    Raises RequestError where there is no such alert, or nothing to decide about it.
    """
    for word, text in (("by", by), ("reason", reason)):
        if not text.strip():
            raise RequestError(f"{word}: found nothing, expected "
                               + ("who decides" if word == "by" else "why") + "; it is kept with "
                               "the alert")
    seen = alert_named(store, name)
    with store.writing() as moment:
        _, alerts, live = ward.advance(seen.patient, moment)
        alert = next(each for each in alerts if each.key == seen.key)
        try:
            check_decision(alert, moment, until, ward.policy)
        except DecisionError as refused:
            raise RequestError(str(refused)) from None
        decision = Decision(what, by.strip(), reason.strip(), moment, alert.record.severity,
                            resting_on(alert, live.contents), until)
        present = [each for each in alerts if each.state.name != "withdrawn"]
        step = decide(alert, decision, present, live.contents, ward.policy)
        append(store, [step], moment, ward.digest)
        ward.advance(seen.patient, moment)  # it may quiet others, and it ends some day
    return step


def alert_named(store: Store, name: str) -> Alert:
    """Return the alert of an id; raises RequestError where there is none."""
    alert = found_alert(store, name)
    if alert is None:
        standing = [each.id for each in all_alerts(store) if each.is_standing]
        raise RequestError(f"alert: found {name!r}, expected the id of an alert of this store; "
                           + (did_you_mean(name, standing) or "the command alerts lists them"))
    return alert
