"""What has become of every alert? A log of steps, of which the last of each alert holds."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from msgspec.structs import asdict

from engine.alerts.alert import Alert, Decision, State
from engine.records import AlertRecord
from engine.store.chain import Appending, link
from engine.store.errors import NotWholeError
from engine.store.moments import written
from engine.store.schema import STEPS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from engine.alerts.alert import Step
    from engine.store.file import Store

_ROW = f"seq, {', '.join(STEPS.columns)}, previous, chain"
_END = "9999-12-31T23:59:59.999999Z"


@dataclass(frozen=True, slots=True)
class KeptStep:
    """One step as it was written: its number, when, what changed and why, the alert after it."""

    seq: int
    noted: str
    change: str
    by: str
    because: str
    changed: tuple[str, ...]
    id: str
    alert: Alert


def alerts_of(store: Store, patient: str) -> list[Alert]:
    """Return a patient's alerts as they were left, in the order in which they were first noted."""
    return [step.alert for step in _last(store, " AND patient = ?", (patient,))]


def last_step(store: Store, patient: str) -> int:
    """Return the number of a patient's last step; 0 if there is none."""
    found: int | None = store.base.execute("SELECT max(seq) FROM steps WHERE patient = ?",
                                           (patient,)).fetchone()[0]
    return found or 0


def all_alerts(store: Store, by: datetime | None = None) -> Iterator[Alert]:
    """Yield every alert as it was left at a moment, by default now."""
    for step in _last(store, " AND noted <= ?", (written(by) if by else _END,)):
        yield step.alert


def steps_since(store: Store, seq: int) -> Iterator[KeptStep]:
    """Yield the steps written after a number, in order."""
    for row in store.base.execute(f"SELECT {_ROW} FROM steps WHERE seq > ? ORDER BY seq", (seq,)):
        yield _kept(store, row)


def steps_of(store: Store, patient: str, key: str) -> list[KeptStep]:
    """Return everything that has become of one alert, in order."""
    return [_kept(store, row) for row in store.base.execute(
        f"SELECT {_ROW} FROM steps WHERE patient = ? AND key = ? ORDER BY seq", (patient, key))]


def found_alert(store: Store, name: str) -> Alert | None:
    """Return the alert that has, or once had, an id; one that stands comes first."""
    row = store.base.execute("SELECT patient FROM steps WHERE id = ? OR key = ? LIMIT 1",
                             (name, name)).fetchone()
    if row is None:
        return None
    own = [alert for alert in alerts_of(store, row[0]) if name in (alert.id, alert.key, *alert.was)]
    return min(own, key=lambda alert: (alert.id != name, not alert.is_standing, alert.key),
               default=None)


def append(store: Store, steps: Iterable[Step], moment: datetime, rulebook: str) -> None:
    """Write steps, within the caller's transaction."""
    log, noted = Appending(store.base, STEPS), written(moment)
    for step in steps:
        alert = step.alert
        log.add(noted, alert.patient, alert.key, alert.id, step.change, step.by, step.because,
                json.dumps(step.changed), _text(alert), rulebook)
    log.close(noted)


def _last(store: Store, where: str, values: tuple[Any, ...]) -> Iterator[KeptStep]:
    """Yield the last step of each alert, by patient and key."""
    for row in store.base.execute(
            f"SELECT {_ROW} FROM steps WHERE seq IN (SELECT max(seq) FROM steps "
            f"WHERE seq > 0{where} GROUP BY patient, key) ORDER BY patient, key", values):
        yield _kept(store, row)


def _kept(store: Store, row: tuple[Any, ...]) -> KeptStep:
    seq, *own, previous, chain = row
    if link(previous, STEPS.name, seq, own) != chain:
        raise NotWholeError(f"{store.path}: row {seq} of steps is not as it was written; "
                            "run audit verify, and restore the store from a copy")
    noted, patient, key, name, change, by, because, changed, text, _ = own
    return KeptStep(seq, noted, change, by, because, tuple(json.loads(changed)), name,
                    _alert(patient, key, text))


def _text(alert: Alert) -> str:
    """Return an alert as text, with all that `_alert` needs."""
    return json.dumps({
        "record": asdict(alert.record), "begun": _moment(alert.begun), "ended":
        _moment(alert.ended), "contents": dict(alert.contents),
        "state": [alert.state.name, alert.state.because, _moment(alert.state.until)],
        "raised": _moment(alert.raised), "was": alert.was,
        "decisions": [[each.what, each.by, each.reason, _moment(each.moment), each.severity,
                       dict(each.contents), _moment(each.until)] for each in alert.decisions],
    }, sort_keys=True, ensure_ascii=False)


def _alert(patient: str, key: str, text: str) -> Alert:
    kept = json.loads(text)
    record: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value
                              for name, value in kept["record"].items()}
    state, because, until = kept["state"]
    begun = _read(kept["begun"])
    assert begun is not None
    return Alert(key, patient, AlertRecord(**record), begun, _read(kept["ended"]),
                 kept["contents"], State(state, because, _read(until)), _read(kept["raised"]),
                 tuple(_decision(each) for each in kept["decisions"]), tuple(kept["was"]))


def _decision(kept: list[Any]) -> Decision:
    what, by, reason, moment, severity, contents, until = kept
    return Decision(what, by, reason, datetime.fromisoformat(moment), severity, contents,
                    _read(until))


def _moment(moment: datetime | None) -> str | None:
    return written(moment) if moment else None


def _read(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
