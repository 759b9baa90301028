"""One change of an alert, as it is told: what, when, and the alert as it is after it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from engine.alerts.alert import Alert


@dataclass(frozen=True, slots=True)
class Told:
    """A change that is to be told. `step` is its number in the store; None without a store."""

    change: str
    moment: datetime
    alert: Alert
    because: str
    changed: tuple[str, ...] = ()
    by: str = ""
    step: int | None = None
