"""What happens to alerts, told as it happens: a line of JSON each; what is refused, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.reports.alert_records import told_record
from engine.reports.output import as_json
from engine.reports.refusals import refusals_in_words

if TYPE_CHECKING:
    from engine.alerts.policy import Policy
    from engine.events.event import Refusal
    from engine.watch.outlet import Outlet
    from engine.watch.told import Told


class Telling:
    """Writes each change at once; `refused` counts the reasons for which lines were refused."""

    def __init__(self, told: Outlet, refused: Outlet) -> None:
        self.refused = 0
        self._out, self._errors = told, refused

    def tell(self, told: Told, policy: Policy) -> bool:
        """Write one change; return whether it was written before somebody asked to stop."""
        return self._out.write(as_json(told_record(told, policy)) + b"\n")

    def refuse(self, refusal: Refusal) -> None:
        """Write why a line was refused."""
        self.refused += 1
        words = next(refusals_in_words([refusal], ""))
        self._errors.write(words.encode("utf-8", "backslashreplace") + b"\n")
