"""What happens to alerts, told as it happens: a line of JSON each; what is refused, in words."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from engine.reports.alert_records import told_record
from engine.reports.output import as_json
from engine.reports.refusals import refusals_in_words

if TYPE_CHECKING:
    from engine.alerts.policy import Policy
    from engine.events.event import Refusal
    from engine.watch.told import Told


class Telling:
    """Writes each change at once; `refused` counts the reasons for which lines were refused."""

    def __init__(self) -> None:
        self.refused = 0

    def tell(self, told: Told, policy: Policy) -> None:
        """Write one change."""
        sys.stdout.buffer.write(as_json(told_record(told, policy)) + b"\n")
        sys.stdout.buffer.flush()

    def refuse(self, refusal: Refusal) -> None:
        """Write why a line was refused."""
        self.refused += 1
        words = next(refusals_in_words([refusal], ""))
        sys.stderr.write(words + "\n")
        sys.stderr.flush()
