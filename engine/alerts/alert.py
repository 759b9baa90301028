"""What is known of one alert: what it says, on what it rests, who decided what, how it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from engine.rulebook.definitions import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from engine.records import AlertRecord

StateName = Literal["open", "acknowledged", "snoozed", "suppressed", "resolved", "withdrawn"]
STATES: tuple[StateName, ...] = (
    "open", "acknowledged", "snoozed", "suppressed", "resolved", "withdrawn")
STANDING = frozenset({"open", "acknowledged", "snoozed", "suppressed"})

Change = Literal["raised", "amended", "withdrawn", "resolved", "reopened", "acknowledged",
                 "snoozed", "suppressed"]


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody decided about an alert, when and why, and what the alert was like then.

    `contents` are the digests of the events that it rested on: if one of them is corrected
    afterwards, the decision no longer holds. `until` is the end of a snooze.
    """

    what: Literal["acknowledged", "snoozed"]
    by: str
    reason: str
    moment: datetime
    severity: str
    contents: Mapping[str, str]
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class State:
    """How an alert stands, why, and until when at most (None: until something changes)."""

    name: StateName
    because: str = ""
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert of one patient: the newest record of it, and all that was decided about it.

    `key` never changes; `was` are the ids it had before late or corrected data moved its beginning.
    It holds from `begun` to `ended` (None: still). `contents` are the digests of the events it
    rests on, by id. `raised` is when somebody was told
    first; None while nobody was, because it was suppressed from its beginning.
    """

    key: str
    patient: str
    record: AlertRecord
    begun: datetime
    ended: datetime | None
    contents: Mapping[str, str]
    state: State
    raised: datetime | None = None
    decisions: tuple[Decision, ...] = ()
    was: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """What this alert is called: the patient, the rule and the beginning."""
        return alert_id(self.patient, self.record)

    @property
    def is_standing(self) -> bool:
        """Whether it holds now, be it that nobody needs to look at it."""
        return self.state.name in STANDING


@dataclass(frozen=True, slots=True)
class Step:
    """One change of an alert, why, and the alert as it is after it.

    `changed` names the parts of the record that an amendment changed; `by` is who decided.
    """

    change: Change
    alert: Alert
    because: str
    changed: tuple[str, ...] = ()
    by: str = ""


def alert_id(patient: str, record: AlertRecord) -> str:
    """Return what an alert is called."""
    return f"{patient}/{record.id}"


def is_worse(severity: str, than: str) -> bool:
    """Whether a severity is worse than another."""
    return SEVERITIES.index(severity) < SEVERITIES.index(than)
